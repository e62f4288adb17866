"""The way of a goal as a figure: what was observed beside the straight line to the target.

In: a `Context` and a `GoalStanding`. Out: a `Figure`, with chart where there is a figure at all.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kreisheft.figures import overview_figures, source_lines
from kreisheft.findings.group_points import WITHHELD
from kreisheft.protected import disclosure
from kreisheft.render import sentences
from kreisheft.render.chart_kinds import target_path
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table
from kreisheft.strategy import evidence_links, progress, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kreisheft.facts.stages import Protected
    from kreisheft.figures.context import Context
    from kreisheft.strategy.standing import GoalStanding


def path(ctx: Context, goal_standing: GoalStanding) -> Figure:
    """Chart, table and sentence of a goal; without a base only the target is drawn."""
    goal, book = goal_standing.goal, ctx.book
    of_group = disclosure.filter_like(goal_standing.protected, group=goal.group)
    way = progress.path(goal, goal_standing.progress.base) or [
        (goal.target_year, goal.target_value)
    ]
    words, sentence = wording.words(book), wording.sentence(goal_standing, book)
    seen = words["observed"].format(group=book.label(goal.group))
    table = _table(goal_standing, of_group, dict(way), seen, ctx)
    name = book.texts["ui"]["chart_name"].format(caption=table.caption)
    key = f"f-{evidence_links.anchor('weg', goal.id)}"
    if all(map(math.isnan, of_group.column("value"))):
        return Figure(key, sentence, table, name, "")
    spec = target_path.fill(
        of_group, goal_standing.indicator, (seen, words["path"]), way, sentence, book
    )
    return Figure(key, sentence, table, name, source_lines.source_line(ctx, of_group), spec)


def _table(
    goal_standing: GoalStanding,
    of_group: Protected,
    way: Mapping[int, float],
    seen: str,
    ctx: Context,
) -> Table:
    """One row per year; a break is named in the first year of the new count."""
    book, unit = ctx.book, goal_standing.indicator.unit
    words, none = wording.words(book), str(book.texts["status"]["none"])
    cells: dict[int, tuple[str, str]] = {}
    for year, value, status, table in sorted(of_group.rows("year", "value", "status", "table")):
        # Years that a table names before its first figure say nothing of the way.
        if cells or not math.isnan(value) or status in WITHHELD:
            cells[year] = (sentences.cell(value, status, unit, book), table)
    marks = {year: cut.label for year, cut in sentences.breaks_within(of_group, book)}
    rows = []
    for year in sorted({*cells, *way}):
        name = str(year)
        if year in marks:
            name += f" ({book.texts['ui']['break_mark'].format(label=marks[year])})"
        due = sentences.number(way[year], unit, book, suffix=False) if year in way else none
        value, table = cells.get(year, (none, none))
        rows.append((name, value, due, table))
    axis = str(book.texts["units"][unit]["axis"])
    heads = (words["year"], f"{seen} ({axis})", f"{words['path']} ({axis})", words["table"])
    caption = words["path_of"].format(title=goal_standing.goal.title)
    return overview_figures.drop_empty_columns(
        Table(caption, heads, tuple(rows), words=heads[3:]), none
    )
