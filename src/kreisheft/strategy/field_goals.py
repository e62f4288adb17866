"""Goals and measures beside the figures: in the chapter of a field, on the page of an indicator.

In: a `Context`. Out: a `Block` with its own headings, or None where nothing was promised: then no
heading stays behind on the page. What is invented says so. Every goal leads to its place in the
chapter that tells it whole, `page`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, bullet_list, element, joined, link
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
    parts = [element("h2", words["heading"]), element("p", words["observe"])]
    for one in found.strategies:
        goals = [g for g in found.goals if g.chapter == one.chapter]
        measures = [m for m in found.measures if m.chapter == one.chapter]
        parts += [element("h3", one.title), label(one, ctx.book)]
        parts += [leading_aim(aim, ctx.book) for aim in one.aims]
        made = [goal_table(ctx, goals, one.title, f"f-ziele-{one.chapter}", up="../")]
        if measures:
            key = f"f-massnahmen-{one.chapter}"
            made.append(measure_table(ctx, measures, one.title, key, up="../"))
        parts += [figure.html() for figure in made]
        text = words["to_strategy"].format(title=one.title)
        parts.append(element("p", link(f"../{one.chapter}.html", text)))
        told += [f"{g.goal.title}: {wording.state(g, ctx.book)}" for g in goals]
    return Block(element("div", *parts, class_="kh-konzept"), "\n".join(told))


def of_indicator(ctx: Context, indicator: Indicator) -> Block | None:
    """Goals that are measured by an indicator, with their state and the names of their measures."""
    found = standing.of_indicator(ctx, indicator, ctx.thresholds)
    if not found.goals:
        return None
    book, words = ctx.book, wording.words(ctx.book)
    items = [_of_indicator(one, found, book) for one in found.goals]
    parts = [element("h2", words["here_goals"]), element("p", words["observe"])]
    parts.append(bullet_list(items))
    told = "\n".join(f"{g.goal.title}: {wording.state(g, book)}" for g in found.goals)
    return Block(element("div", *parts, class_="kh-konzept"), told)


def label(one: Strategy, book: Catalogue) -> Markup:
    """Say of an invented Konzept that it is one; empty for a true one."""
    if not one.example:
        return Markup()
    return element("p", element("strong", wording.words(book)["example"]), class_="kh-hinweis")


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
    return Figure(key, "", overview_figures.drop_empty_columns(table, none), "", source(ctx, goals))


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
    return Figure(key, "", overview_figures.drop_empty_columns(table, none), "", "")


def source(ctx: Context, goals: Sequence[GoalStanding]) -> str:
    """Line of sources of the figures of goals; empty if none has a figure."""
    used = [g.shown for g in goals if g.progress.year]
    return source_lines.source_line(ctx, *used) if used else ""


def leading_aim(aim: Aim, book: Catalogue) -> Markup:
    """Leitziel, and who decided it."""
    text = element("strong", wording.words(book)["aim"].format(text=aim.text))
    decided = wording.decision(aim.decision, book)
    return element("p", text, f" ({decided})" if decided else "")


def _of_indicator(one: GoalStanding, found: FieldStanding, book: Catalogue) -> Markup:
    words = wording.words(book)
    address = f"../{one.chapter}.html#{anchor('ziel', one.goal.id)}"
    told: list[str] = [link(address, one.goal.title)]
    told += [element("strong", words["example"])] if one.example else []
    told += [wording.badge(one, book), f"{words['target']}: {wording.target(one, book)}"]
    serving = [m for m in found.measures if one.goal.id in m.measure.goals]
    if serving:
        titles = ", ".join(f"{m.measure.title} ({wording.status(m.status, book)})" for m in serving)
        told.append(words["here_measures"].format(titles=titles))
    return joined(told, element("br"))
