"""Figures of one indicator over time and by group.

In: a `Context` and an `Indicator`. Out: a `Figure`, or the sentence that there is nothing to show.
"""

from __future__ import annotations

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.facts.stages import Protected
from kreisheft.figures import source_lines
from kreisheft.figures.context import Context
from kreisheft.render import sentences, tables
from kreisheft.render.chart_kinds import group_bars, trend_lines
from kreisheft.render.charts import Spec
from kreisheft.render.figure import Block, Figure


def trend(ctx: Context, indicator: Indicator) -> Figure | Block:
    """Line chart by group over all years, cut at breaks."""
    own_rows = ctx.own(indicator)
    if not own_rows.has_number:
        return ctx.nothing(indicator, "nothing")
    sentence = sentences.trend(own_rows, indicator, ctx.year, ctx.book, ctx.thresholds)
    caption = ctx.heading("trend", title=indicator.title)
    table = tables.series(own_rows, indicator, caption, ctx.book)
    spec = trend_lines.fill(own_rows, indicator, sentence, ctx.book)
    return figure(ctx, indicator, "verlauf", sentence, table, spec, own_rows)


def groups(ctx: Context, indicator: Indicator) -> Figure | Block:
    """Bars by comparison group in the newest period."""
    own_rows = ctx.newest(ctx.own(indicator), indicator)
    if not own_rows.has_number:
        return ctx.nothing(indicator, "nothing")
    sentence = sentences.groups(own_rows, indicator, ctx.book)
    at = sentences.period(str(own_rows.column("period")[0]), ctx.book)
    caption = ctx.heading("groups", title=indicator.title, year=at)
    table = tables.by_group(own_rows, indicator, caption, ctx.book)
    spec = group_bars.fill(own_rows, indicator, sentence, ctx.book)
    return figure(ctx, indicator, "gruppen", sentence, table, spec, own_rows)


def figure(
    ctx: Context,
    indicator: Indicator,
    kind: str,
    sentence: str,
    table: tables.Table,
    spec: Spec | None,
    protected: Protected,
) -> Figure:
    """Put the parts of a figure of one indicator together; kind: last part of its id."""
    key = f"f-{indicator.id}-{kind}".replace("_", "-")
    name = ctx.book.texts["ui"]["chart_name"].format(caption=table.caption)
    return Figure(key, sentence, table, name, source_lines.source_line(ctx, protected), spec)
