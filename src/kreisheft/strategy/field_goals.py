"""Goals and measures beside the figures: in the chapter of a field, on the page of an indicator.

In: a `Context`. Out: a `Block` with its own headings, or None where nothing was promised: then no
heading stays behind on the page. What is invented says so. Every goal leads to its place in the
chapter that tells it whole, `page`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from kreisheft.figures import overview_figures, source_lines
from kreisheft.render.figure import Block, Figure
from kreisheft.render.tables import Table
from kreisheft.strategy import standing, wording
from kreisheft.strategy.evidence_links import anchor

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Catalogue, Indicator
    from kreisheft.figures.context import Context
    from kreisheft.strategy.parts import Aim, Strategy
    from kreisheft.strategy.standing import FieldStanding, GoalStanding, MeasureStanding


def of_field(ctx: Context) -> Block | None:
    """Leitziel, goals with state and measures of the chapter's field."""
    found = standing.of_page(ctx, ctx.thresholds)
    if not found.goals:
        return None
    words, told = wording.words(ctx.book), []
    parts = [f"<h2>{escape(words['heading'])}</h2><p>{escape(words['observe'])}</p>"]
    for one in found.strategies:
        goals = [g for g in found.goals if g.chapter == one.chapter]
        measures = [m for m in found.measures if m.chapter == one.chapter]
        parts += [f"<h3>{escape(one.title)}</h3>", label(one, ctx.book)]
        parts += [_aim(aim, ctx.book) for aim in one.aims]
        made = [goal_table(ctx, goals, one.title, f"f-ziele-{one.chapter}", up="../")]
        if measures:
            key = f"f-massnahmen-{one.chapter}"
            made.append(measure_table(ctx, measures, one.title, key, up="../"))
        parts += [figure.html() for figure in made]
        text = words["to_strategy"].format(title=one.title)
        parts.append(f'<p><a href="../{one.chapter}.html">{escape(text)}</a></p>')
        told += [f"{g.goal.title}: {wording.state(g, ctx.book)}" for g in goals]
    return Block(f'<div class="kh-konzept">{"".join(parts)}</div>', "\n".join(told))


def of_indicator(ctx: Context, indicator: Indicator) -> Block | None:
    """Goals that are measured by an indicator, with their state and the names of their measures."""
    found = standing.of_indicator(ctx, indicator, ctx.thresholds)
    if not found.goals:
        return None
    book, words = ctx.book, wording.words(ctx.book)
    items = [_of_indicator(one, found, book) for one in found.goals]
    head = f"<h2>{escape(words['here_goals'])}</h2><p>{escape(words['observe'])}</p>"
    markup = f"{head}<ul>{''.join(items)}</ul>"
    told = "\n".join(f"{g.goal.title}: {wording.state(g, book)}" for g in found.goals)
    return Block(f'<div class="kh-konzept">{markup}</div>', told)


def label(one: Strategy, book: Catalogue) -> str:
    """HTML that says of an invented Konzept that it is one; empty for a true one."""
    if not one.example:
        return ""
    return f'<p class="kh-hinweis"><strong>{escape(wording.words(book)["example"])}</strong></p>'


def goal_table(
    ctx: Context, goals: Sequence[GoalStanding], title: str, key: str, *, up: str = ""
) -> Figure:
    """One row per goal: state, base, target, newest figure, degree of attainment.

    up: the way from the page to the chapter that tells the goals whole.
    """
    book, words = ctx.book, wording.words(ctx.book)
    keys = ("goal", "state", "base", "target", "now", "attainment")
    heads = tuple(words[k] for k in keys)
    rows = tuple(
        (
            one.goal.title,
            wording.state(one, book),
            wording.base(one, book),
            wording.target(one, book),
            wording.now(one, book),
            wording.attainment(one, book),
        )
        for one in goals
    )
    links = {g.goal.title: f"{up}{g.chapter}.html#{anchor('ziel', g.goal.id)}" for g in goals}
    caption = words["goals"].format(title=title)
    table = Table(caption, heads, rows, words=heads[1:2], links=links)
    none = str(book.texts["status"]["none"])
    return Figure(key, "", overview_figures.without_empty(table, none), "", source(ctx, goals))


def measure_table(
    ctx: Context, measures: Sequence[MeasureStanding], title: str, key: str, *, up: str = ""
) -> Figure:
    """One row per measure: who, when, how far, and what is to be looked into."""
    book, words = ctx.book, wording.words(ctx.book)
    heads = tuple(words[k] for k in ("measure", "owner", "when", "state", "flags"))
    none = str(book.texts["status"]["none"])
    rows = tuple(
        (
            one.measure.title,
            one.measure.owner,
            wording.span(one.measure.since, one.measure.until, book),
            wording.status(one.status, book),
            "; ".join(wording.flag(f, book) for f in one.flags) or none,
        )
        for one in measures
    )
    links = {
        m.measure.title: f"{up}{m.chapter}.html#{anchor('massnahme', m.measure.id)}"
        for m in measures
    }
    caption = words["measures"].format(title=title)
    table = Table(caption, heads, rows, words=heads[1:], links=links)
    return Figure(key, "", overview_figures.without_empty(table, none), "", "")


def source(ctx: Context, goals: Sequence[GoalStanding]) -> str:
    """Line of sources of the figures of goals; empty if none has a figure."""
    used = [g.shown for g in goals if g.progress.year]
    return source_lines.source_line(ctx, *used) if used else ""


def _aim(aim: Aim, book: Catalogue) -> str:
    text = escape(wording.words(book)["aim"].format(text=aim.text))
    decided = wording.decision(aim.decision, book)
    return f"<p><strong>{text}</strong>{f' ({escape(decided)})' if decided else ''}</p>"


def _of_indicator(one: GoalStanding, found: FieldStanding, book: Catalogue) -> str:
    words = wording.words(book)
    address = f"../{one.chapter}.html#{anchor('ziel', one.goal.id)}"
    told = [f'<a href="{address}">{escape(one.goal.title)}</a>']
    told += [f"<strong>{escape(words['example'])}</strong>"] if one.example else []
    goal = f"{words['target']}: {wording.target(one, book)}"
    told += [wording.badge(one, book), escape(goal)]
    serving = [m for m in found.measures if one.goal.id in m.measure.goals]
    if serving:
        titles = ", ".join(f"{m.measure.title} ({wording.status(m.status, book)})" for m in serving)
        told.append(escape(words["here_measures"].format(titles=titles)))
    return f"<li>{'<br>'.join(told)}</li>"
