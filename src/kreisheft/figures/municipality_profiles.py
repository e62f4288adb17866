"""A profile of every municipality of the Kreis: what there is, beside the figure of the Kreis.

In: a chapter about the whole book. Out: one `Figure` per municipality, in the alphabet and with
the same rows, so that nobody is ranked. What a reader sees of a figure has passed `disclosure`.
The Kreis stands beside a municipality only with the same period and a concept that may meet the
municipality's; a figure of another day or another count would be no comparison.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kreisheft.catalogue import params
from kreisheft.core.markup import Markup, element, join, link
from kreisheft.facts import regions
from kreisheft.facts.stages import TOTAL, Protected
from kreisheft.figures import overview_figures, source_lines
from kreisheft.protected import disclosure
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context

HIDDEN = ("hidden", "hidden_below_3")


class RegionValue(NamedTuple):
    """A figure, or why there is none."""

    value: float
    status: str
    concept: str


@dataclass(frozen=True)
class Row:
    """One indicator and group in the newest period that the municipalities have a figure of.

    protected: rows of the municipalities and of the Kreis in that period, at most one each;
    seen: the same by region
    """

    indicator: Indicator
    group: str
    period: str
    year: int
    protected: Protected
    seen: Mapping[str, RegionValue]


def profiles(ctx: Context) -> Block:
    """All profiles under headings, or a note where the data have no municipalities."""
    names = ctx.names(regions.municipalities(ctx.root, ctx.params.ags))
    # A kreisfreie Stadt is its own only municipality and would stand beside itself.
    all_rows = rows(ctx, list(names)) if len(names) > 1 else []
    if not all_rows:
        text = ctx.book.texts["municipalities"]["nothing"]
        return note(str(text).format(name=ctx.params.name, year=ctx.year))
    order = sorted(names, key=lambda ags: (params.slug(names[ags]), ags))
    figures = {ags: profile(ctx, ags, names[ags], all_rows) for ags in order}
    parts = [_jumps(ctx, {ags: names[ags] for ags in order})]
    for ags, figure in figures.items():
        parts += [element("h3", names[ags], id=f"gemeinde-{ags}"), figure.html()]
    lines = [figure.sentence or figure.table.caption for figure in figures.values()]
    return Block(element("div", *parts, class_="kh-gemeinden"), "\n".join(lines))


def rows(ctx: Context, ags: Sequence[str]) -> list[Row]:
    """One row per indicator and group that any of the municipalities `ags` has a figure of.

    In the order of fields and catalogue. Where all figures are hidden, the newest hidden ones.
    """
    indicators = [i for f in ctx.params.fields for i in ctx.book.of_field(f)]
    all_rows = []
    for indicator in indicators:
        of_region = ctx.pick(indicator, [*ags, ctx.params.ags])
        local = {group for group, a in of_region.rows("group", "ags") if a in ags}
        for group in tables.order_groups(local, indicator, ctx.book):
            row = _newest(indicator, group, of_region, ags)
            all_rows += [row] if row else []
    return all_rows


def profile(ctx: Context, ags: str, name: str, all_rows: Sequence[Row]) -> Figure:
    """Table of one municipality with the Kreis beside it, its sentence, and its sources."""
    columns, words = ctx.book.texts["columns"], ctx.book.texts["municipalities"]
    heads = (columns["indicator"], columns["period"], name, ctx.params.name)
    lines, used = [], []
    for row in all_rows:
        title = tables.title_of_group(row.indicator, row.group, ctx.book)
        lines.append((title, _period(row, ctx), *_cells(row, ags, ctx)))
        used.append(_rows_of_pair(row, ags, ctx))
    caption = words["caption"].format(name=name, kreis=ctx.params.name)
    table = Table(caption, heads, tuple(lines), words=(columns["period"],))
    # Hidden figures alone have no source that could be named.
    has_figure = any(protected.has_number for protected in used)
    source = source_lines.source_line(ctx, *used) if has_figure else ""
    return Figure(f"f-gemeinde-{ags}", sentence(ctx, ags, name, all_rows), table, "", source)


def sentence(ctx: Context, ags: str, name: str, all_rows: Sequence[Row]) -> str:
    """Sentence with the leading figures that the municipality has; empty if it has none.

    A figure that is old for this edition stands in the table with its age and leads nowhere.
    """
    words, clauses = ctx.book.texts["municipalities"], []
    totals = {row.indicator.id: row for row in all_rows if row.group == TOTAL}
    for leading, text in words["leading"].items():
        row = totals.get(leading)
        if row is None or _is_old(row, ctx):
            continue
        local, beside = _pair(row, ags, ctx)
        if local is None or math.isnan(local.value):
            continue
        kreis = ""
        if beside is not None and not math.isnan(beside.value):
            value = _write_value(beside, row.indicator, ctx)
            kreis = words["beside"].format(kreis=ctx.params.name, value=value)
        value = text.format(value=_write_value(local, row.indicator, ctx))
        at = sentences.period(row.period, ctx.book)
        clauses.append(words["clause"].format(text=value, year=at, beside=kreis))
    filled = words["sentence"].format(name=name, clauses=words["joint"].join(clauses))
    return str(filled) if clauses else ""


def _jumps(ctx: Context, names: dict[str, str]) -> Markup:
    """Links to the profiles below; a Kreis may have two dozen of them."""
    label = str(ctx.book.texts["columns"]["municipality"])
    links = (link(f"#gemeinde-{ags}", name) for ags, name in names.items())
    return element("nav", element("p", join(links, " · ")), aria_label=label)


def _newest(
    indicator: Indicator, group: str, of_region: Protected, ags: Sequence[str]
) -> Row | None:
    columns = ("group", "ags", "period", "year", "value", "status")
    local = [r[2:] for r in of_region.rows(*columns) if r[0] == group and r[1] in ags]
    periods = [(period, year) for period, year, value, _ in local if not math.isnan(value)]
    periods = periods or [(period, year) for period, year, _, status in local if status in HIDDEN]
    if not periods:
        return None
    period, year = max(periods)
    protected = disclosure.filter_like(of_region, group=group, period=period)
    seen = protected.rows("ags", "value", "status", "concept")
    return Row(
        indicator, group, period, year, protected, {a: RegionValue(*rest) for a, *rest in seen}
    )


def _pair(row: Row, ags: str, ctx: Context) -> tuple[RegionValue | None, RegionValue | None]:
    """Return the figure of the municipality, and the Kreis's if the two may stand side by side."""
    local, kreis = row.seen.get(ags), row.seen.get(ctx.params.ags)
    if local is None or kreis is None or ctx.book.mixed({local.concept, kreis.concept}):
        return local, None
    return local, kreis


def _cells(row: Row, ags: str, ctx: Context) -> list[str]:
    none = str(ctx.book.texts["status"]["none"])
    return [
        none if value is None else _write_value(value, row.indicator, ctx)
        for value in _pair(row, ags, ctx)
    ]


def _write_value(figure: RegionValue, indicator: Indicator, ctx: Context) -> str:
    """Write a figure with its unit and what its source says of it, or why there is none."""
    book, value, status = ctx.book, figure.value, figure.status
    if math.isnan(value):
        return sentences.cell(value, status, indicator.unit, book)
    return sentences.number(value, indicator.unit, book) + str(book.texts["marks"].get(status, ""))


def _period(row: Row, ctx: Context) -> str:
    return overview_figures.write_period(ctx, row.period, row.year)


def _is_old(row: Row, ctx: Context) -> bool:
    return ctx.thresholds.is_old(row.year, ctx.year)


def _rows_of_pair(row: Row, ags: str, ctx: Context) -> Protected:
    """Rows of the municipality, and of the Kreis where it is shown."""
    _, beside = _pair(row, ags, ctx)
    wanted = [ags] if beside is None else [ags, ctx.params.ags]
    return disclosure.select_rows(row.protected, [a in wanted for a in row.protected.column("ags")])
