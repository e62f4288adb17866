"""Goals and measures beside the figures: in the chapter of a field, on the page of an indicator.

In: a `Context`. Out: a `Block` with its own headings, or None where nothing was promised: then no
heading stays behind on the page. What is invented says so. Every goal leads to its place in the
chapter that shows it in full, `strategy_chapter`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, bullet_list, element, join, link
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
    field_standing = standing.of_page(ctx, ctx.thresholds)
    if not field_standing.goals:
        return None
    words, lines = wording.words(ctx.book), []
    parts = [element("h2", words["heading"]), element("p", words["observe"])]
    for strategy in field_standing.strategies:
        goals = [g for g in field_standing.goals if g.chapter == strategy.chapter]
        measures = [m for m in field_standing.measures if m.chapter == strategy.chapter]
        parts += [element("h3", strategy.title), label(strategy, ctx.book)]
        parts += [leading_aim(aim, ctx.book) for aim in strategy.aims]
        tables = [goal_table(ctx, goals, strategy.title, f"f-ziele-{strategy.chapter}", up="../")]
        if measures:
            key = f"f-massnahmen-{strategy.chapter}"
            tables.append(measure_table(ctx, measures, strategy.title, key, up="../"))
        parts += [figure.html() for figure in tables]
        text = words["to_strategy"].format(title=strategy.title)
        parts.append(element("p", link(f"../{strategy.chapter}.html", text)))
        lines += [f"{g.goal.title}: {wording.state(g, ctx.book)}" for g in goals]
    return Block(element("div", *parts, class_="kh-konzept"), "\n".join(lines))


def of_indicator(ctx: Context, indicator: Indicator) -> Block | None:
    """Goals that are measured by an indicator, with their state and the names of their measures."""
    field_standing = standing.of_indicator(ctx, indicator, ctx.thresholds)
    if not field_standing.goals:
        return None
    book, words = ctx.book, wording.words(ctx.book)
    items = [
        _goal_item(goal_standing, field_standing, book) for goal_standing in field_standing.goals
    ]
    parts = [element("h2", words["here_goals"]), element("p", words["observe"])]
    parts.append(bullet_list(items))
    text = "\n".join(f"{g.goal.title}: {wording.state(g, book)}" for g in field_standing.goals)
    return Block(element("div", *parts, class_="kh-konzept"), text)


def label(strategy: Strategy, book: Catalogue) -> Markup:
    """Label of an invented Konzept; empty for a real one."""
    if not strategy.example:
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
            goal_standing.goal.title,
            wording.state(goal_standing, book),
            wording.base(goal_standing, book),
            wording.target(goal_standing, book),
            wording.now(goal_standing, book),
            wording.attainment(goal_standing, book),
        )
        for goal_standing in goals
    )
    links = {g.goal.title: f"{up}{g.chapter}.html#{anchor('ziel', g.goal.id)}" for g in goals}
    caption = words["goals"].format(title=title)
    table = Table(caption, heads, rows, words=heads[1:2], links=links)
    none = str(book.texts["status"]["none"])
    return Figure(key, "", overview_figures.drop_empty_columns(table, none), "", source(ctx, goals))


def measure_table(
    ctx: Context, measures: Sequence[MeasureStanding], title: str, key: str, *, up: str = ""
) -> Figure:
    """One row per measure: owner, period, status and warnings."""
    book, words = ctx.book, wording.words(ctx.book)
    heads = tuple(words[k] for k in ("measure", "owner", "when", "state", "flags"))
    none = str(book.texts["status"]["none"])
    rows = tuple(
        (
            measure_standing.measure.title,
            measure_standing.measure.owner,
            wording.span(measure_standing.measure.since, measure_standing.measure.until, book),
            wording.status(measure_standing.status, book),
            "; ".join(wording.flag(f, book) for f in measure_standing.flags) or none,
        )
        for measure_standing in measures
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
    used = [g.protected for g in goals if g.progress.year]
    return source_lines.source_line(ctx, *used) if used else ""


def leading_aim(aim: Aim, book: Catalogue) -> Markup:
    """Leitziel, and who decided it."""
    text = element("strong", wording.words(book)["aim"].format(text=aim.text))
    decided = wording.decision(aim.decision, book)
    return element("p", text, f" ({decided})" if decided else "")


def _goal_item(
    goal_standing: GoalStanding, field_standing: FieldStanding, book: Catalogue
) -> Markup:
    words = wording.words(book)
    address = f"../{goal_standing.chapter}.html#{anchor('ziel', goal_standing.goal.id)}"
    lines: list[str] = [link(address, goal_standing.goal.title)]
    lines += [element("strong", words["example"])] if goal_standing.example else []
    lines += [
        wording.badge(goal_standing, book),
        f"{words['target']}: {wording.target(goal_standing, book)}",
    ]
    serving = [m for m in field_standing.measures if goal_standing.goal.id in m.measure.goals]
    if serving:
        titles = ", ".join(f"{m.measure.title} ({wording.status(m.status, book)})" for m in serving)
        lines.append(words["here_measures"].format(titles=titles))
    return join(lines, element("br"))
