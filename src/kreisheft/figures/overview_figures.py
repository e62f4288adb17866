"""Parts of a chapter that are not one indicator's figure: boxes, overviews, definitions, sources.

In: a `Context`. Out: `Figure` (a table with source) or `Block`. Words come from the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from kreisheft.core.markup import Markup, bullet_list, element, fill_in, join, link
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import source_lines
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table
from kreisheft.values import measures

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context


def intro(ctx: Context) -> Block:
    """Box with Kreis, year, target group and whom it means; what every edition says of itself."""
    ui = ctx.book.texts["ui"]
    group = ctx.book.target_groups[ctx.target_group]
    edition = ui["edition"].format(name=ctx.params.name, year=ctx.year)
    target = ui["target_group"].format(title=group["title"])
    field, lines = ctx.book.fields.get(ctx.field), list[str]([element("strong", edition)])
    question = element("p", field["question"], class_="kh-frage") if field else Markup()
    if field:
        lines += [element("strong", target), group["description"].strip()]
    return Block(question + box([*lines, ui["observe"]]), f"{edition} · {target}")


def box(lines: Iterable[str]) -> Markup:
    """Box at the head of a page, with a paragraph for each line."""
    return element("div", *(element("p", line) for line in lines), class_="kh-parameter")


def overview(ctx: Context, leading: bool = False) -> Figure | Block:
    """Newest figure of every indicator beside reference group, gap and Land.

    leading: only the first indicator of each field that has a figure that is not old.
    """
    book, rows, used, fields = ctx.book, [], [], set()
    for indicator in ctx.indicators:
        if leading and indicator.field in fields:
            continue
        own_rows = ctx.newest(ctx.own(indicator), indicator)
        years = [year for year, value in own_rows.rows("year", "value") if not math.isnan(value)]
        if not years or (leading and ctx.thresholds.is_old(years[0], ctx.year)):
            continue
        fields.add(indicator.field)
        used.append((indicator, own_rows))
        row = overview_row(ctx, indicator, own_rows)
        rows.append((book.fields[indicator.field]["title"], *row) if leading else row)
    if not rows:
        return note(ctx.book.texts["ui"]["coverage_no"])
    keys = ["indicator", "value", "period", "reference", "gap", "ratio", "land"]
    keys = ["field", *keys] if leading else keys
    land = regions.name(ctx.root, ctx.params.land)
    heads = tuple(book.texts["columns"][k] for k in keys)
    title = book.fields[ctx.field]["title"] if ctx.field in book.fields else ""
    caption = ctx.heading("headlines" if leading else "overview", field=title, land=land)
    words = (book.texts["columns"]["indicator"],)
    table = drop_empty_columns(
        Table(caption, heads, tuple(rows), words), book.texts["status"]["none"]
    )
    return Figure(
        "f-stand",
        "",
        table,
        "",
        source_lines.source_line(ctx, *source_lines.rows_behind(ctx, used)),
    )


def judgements(ctx: Context, judged: Callable[[Indicator], tuple[str, ...]]) -> Figure | Block:
    """Table of the judgements of every indicator that has one.

    judged: words for level, gap and place of an indicator.
    """
    book, none = ctx.book, ctx.book.texts["status"]["none"]
    rows, used = [], []
    for indicator in ctx.indicators:
        own_rows = ctx.newest(ctx.own(indicator), indicator)
        has_figure = not all(map(math.isnan, own_rows.column("value")))
        words = judged(indicator) if has_figure else ()
        if set(words) <= {none}:
            continue
        group = ctx.focus(own_rows, indicator).column("group")[0]
        rows.append((tables.title_of_group(indicator, str(group), book), *words))
        used.append((indicator, own_rows))
    if not rows:
        return note(book.texts["ui"]["judgements_no"])
    kinds = [book.texts["kinds_of_judgement"][k] for k in ("level", "gap", "place")]
    heads = (book.texts["columns"]["indicator"], *kinds)
    caption = ctx.heading("judgements", field=book.fields[ctx.field]["title"])
    source = source_lines.source_line(ctx, *source_lines.rows_behind(ctx, used))
    return Figure("f-bewertung", "", Table(caption, heads, tuple(rows), heads), "", source)


def overview_row(ctx: Context, indicator: Indicator, own_rows: Protected) -> tuple[str, ...]:
    """Name, value, period, reference, gap, ratio and Land of the group that sentences speak of.

    own_rows: rows of the newest period.
    """
    book, unit = ctx.book, indicator.unit
    focus = ctx.focus(own_rows, indicator).first()
    columns = ("group", "table", "value")
    others = {g: v for g, t, v in own_rows.rows(*columns) if t == focus["table"]}
    none = book.texts["status"]["none"]
    period = write_period(ctx, str(focus["period"]), int(focus["year"]))
    reference, gap, ratio = none, none, none
    base = others.get(indicator.reference, math.nan)
    if indicator.reference != focus["group"] and not math.isnan(base) and unit == "prozent":
        reference = sentences.number(base, unit, book)
        contrast = measures.contrast(float(focus["value"]), base)
        gap = sentences.number(contrast.gap, unit, book, suffix=False)
        ratio = none if math.isnan(contrast.ratio) else sentences.ratio(contrast.ratio)
    land = ctx.pick(indicator, [ctx.params.land]).rows(*columns, "period")
    at = (focus["group"], focus["table"], focus["period"])
    same = [v for g, t, v, p in land if (g, t, p) == at and not math.isnan(v)]
    beside = sentences.number(same[0], unit, book) if same else none
    value = sentences.number(float(focus["value"]), unit, book)
    title = tables.title_of_group(indicator, focus["group"], book)
    return (title, value, period, reference, gap, ratio, beside)


def write_period(ctx: Context, period: str, year: int) -> str:
    """Write the period of a figure, marked if it is old; year: of the period."""
    text, rules = sentences.period(period, ctx.book), ctx.thresholds
    if not rules.is_old(year, ctx.year):
        return text
    age = ctx.book.numeral(rules.age)
    return str(ctx.book.texts["ui"]["old"]).format(period=text, age=age)


def drop_empty_columns(table: Table, none: str) -> Table:
    """The table without columns whose every cell is `none`."""
    full = [i for i in range(len(table.heads)) if any(row[i] != none for row in table.rows)]
    rows = tuple(tuple(row[i] for i in full) for row in table.rows)
    return replace(table, heads=tuple(table.heads[i] for i in full), rows=rows)


def unknown(ctx: Context) -> Block:
    """Every indicator of the field without a figure: what it would say and who could deliver it."""
    ui, parts = ctx.book.texts["ui"], []
    for indicator in ctx.indicators:
        reason = indicator.missing or ui["delivery"]
        parts += [
            element("h3", indicator.title),
            element("p", indicator.definition),
            element("p", element("strong", f"{ui['missing']}:"), " ", reason),
        ]
    return Block(element("div", *parts, class_="kh-begriffe"), ui["gap_title"])


def coverage_matrix(ctx: Context, coverage: pd.DataFrame) -> Block:
    """Field × target group: indicators with a figure in each report year; then why some have none.

    A chapter of this edition is a link.
    """
    book, ui = ctx.book, ctx.book.texts["ui"]
    years, groups = ctx.params.report_years, ctx.params.target_groups
    columns = ("field", "target_group", "year", "indicators")
    count = {
        tuple(key): n for *key, n in zip(*(coverage[c].tolist() for c in columns), strict=True)
    }
    rows, reasons = [], []
    for field in ctx.params.fields:
        title = book.fields[field]["title"]
        cells, empty = [], []
        for group in groups:
            numbers = {y: int(count[field, group, y]) for y in years}
            cells.append(_coverage_cell(field, group, numbers, ctx))
            if not numbers[ctx.year]:
                empty.append(book.target_groups[group]["title"])
        rows.append(element("tr", tables.row_head(title), *cells))
        if empty:
            reason = ui["reason_field" if len(empty) == len(groups) else "reason_group"]
            text = reason.format(field=title, groups=", ".join(empty), year=ctx.year)
            reasons.append(text + ui["fill"].format(sources=_fill_hint(ctx, field)))
    heads = (book.texts["columns"]["field"], *(book.target_groups[g]["title"] for g in groups))
    head = [tables.column_head(h) for h in heads]
    caption = ui["all_years"].format(years=" · ".join(map(str, years)))
    table = tables.wrap_scrolling(caption, head, rows, class_="kh-table kh-abdeckung")
    return Block(table + bullet_list(reasons, class_="kh-gruende"), caption)


def _coverage_cell(field: str, group: str, numbers: dict[int, int], ctx: Context) -> Markup:
    text = " · ".join(map(str, numbers.values()))
    if not numbers[ctx.year]:
        return element("td", text, class_="kh-leer")
    return element("td", link(f"{field}/{group}.html", text))


def _fill_hint(ctx: Context, field: str) -> str:
    gaps = [i for i in ctx.book.of_field(field) if i.missing]
    # What there is a template for can be delivered at once.
    gaps.sort(key=lambda i: i.template is None)
    return gaps[0].missing.rstrip(".") if gaps else str(ctx.book.texts["ui"]["delivery"])


def downloads(ctx: Context) -> Block:
    """Links to the files of data of this edition, one pair per field, and to what describes them.

    The files lie beside the page: ``daten/<field>.csv`` and ``.json``; `open_data` makes them.
    """
    ui, items = ctx.book.texts["data"], []
    for field in ctx.params.fields:
        title = ctx.book.fields[field]["title"]
        links = []
        for ending in ("csv", "json"):
            kind = ui[f"link_{ending}"]
            name = ui["link_of"].format(field=title, kind=kind)
            links.append(link(f"daten/{field}.{ending}", kind, aria_label=name, download=True))
        items.append(fill_in("{field}: {links}", field=title, links=join(links, " · ")))
    items.append(link("daten/datapackage.json", ui["package"], download=True))
    links_by_field = bullet_list(items, class_="kh-daten")
    return Block(element("p", ui["description"]) + links_by_field, ui["caption"])
