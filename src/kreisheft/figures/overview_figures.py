"""Parts of a chapter that are not one indicator's figure: boxes, overviews, definitions, sources.

In: a `Context`. Out: `Figure` (a table with source) or `Block`. Words come from the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

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
    lines = [f"<strong>{escape(edition)}</strong>"]
    if ctx.field in ctx.book.fields:
        lines += [f"<strong>{escape(target)}</strong>", escape(group["description"].strip())]
    lines.append(escape(ui["observe"]))
    body = "".join(f"<p>{line}</p>" for line in lines)
    field = ctx.book.fields.get(ctx.field)
    question = f'<p class="kh-frage">{escape(field["question"])}</p>' if field else ""
    return Block(f'{question}<div class="kh-parameter">{body}</div>', f"{edition} · {target}")


def overview(ctx: Context, leading: bool = False) -> Figure | Block:
    """Newest figure of every indicator beside reference group, gap and Land.

    leading: only the first indicator of each field that has a figure that is not old.
    """
    book, rows, used, fields = ctx.book, [], [], set()
    for indicator in ctx.indicators:
        if leading and indicator.field in fields:
            continue
        own = ctx.newest(ctx.own(indicator), indicator)
        known = [year for year, value in own.rows("year", "value") if not math.isnan(value)]
        if not known or (leading and ctx.thresholds.is_old(known[0], ctx.year)):
            continue
        fields.add(indicator.field)
        used.append((indicator, own))
        row = overview_row(ctx, indicator, own)
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
    table = without_empty(Table(caption, heads, tuple(rows), words), book.texts["status"]["none"])
    return Figure(
        "f-stand", "", table, "", source_lines.source_line(ctx, *source_lines.behind(ctx, used))
    )


def judgements(ctx: Context, judged: Callable[[Indicator], tuple[str, ...]]) -> Figure | Block:
    """Table of the judgements of every indicator that has one.

    judged: words for level, gap and place of an indicator.
    """
    book, none = ctx.book, ctx.book.texts["status"]["none"]
    rows, used = [], []
    for indicator in ctx.indicators:
        own = ctx.newest(ctx.own(indicator), indicator)
        known = not all(map(math.isnan, own.column("value")))
        words = judged(indicator) if known else ()
        if set(words) <= {none}:
            continue
        group = ctx.focus(own, indicator).column("group")[0]
        rows.append((tables.named(indicator, str(group), book), *words))
        used.append((indicator, own))
    if not rows:
        return note(book.texts["ui"]["judgements_no"])
    kinds = [book.texts["kinds_of_judgement"][k] for k in ("level", "gap", "place")]
    heads = (book.texts["columns"]["indicator"], *kinds)
    caption = ctx.heading("judgements", field=book.fields[ctx.field]["title"])
    source = source_lines.source_line(ctx, *source_lines.behind(ctx, used))
    return Figure("f-bewertung", "", Table(caption, heads, tuple(rows), heads), "", source)


def overview_row(ctx: Context, indicator: Indicator, own: Protected) -> tuple[str, ...]:
    """Name, value, period, reference, gap, ratio and Land of the group that sentences speak of.

    own: rows of the newest period.
    """
    book, unit = ctx.book, indicator.unit
    focus = ctx.focus(own, indicator).first()
    columns = ("group", "table", "value")
    others = {g: v for g, t, v in own.rows(*columns) if t == focus["table"]}
    none = book.texts["status"]["none"]
    period = dated(ctx, str(focus["period"]), int(focus["year"]))
    reference, gap, ratio = none, none, none
    base = others.get(indicator.reference, math.nan)
    if indicator.reference != focus["group"] and not math.isnan(base) and unit == "prozent":
        reference = sentences.number(base, unit, book)
        found = measures.contrast(float(focus["value"]), base)
        gap = sentences.number(found.gap, unit, book, suffix=False)
        ratio = none if math.isnan(found.ratio) else sentences.ratio(found.ratio)
    land = ctx.pick(indicator, [ctx.params.land]).rows(*columns, "period")
    at = (focus["group"], focus["table"], focus["period"])
    same = [v for g, t, v, p in land if (g, t, p) == at and not math.isnan(v)]
    beside = sentences.number(same[0], unit, book) if same else none
    value = sentences.number(float(focus["value"]), unit, book)
    title = tables.named(indicator, focus["group"], book)
    return (title, value, period, reference, gap, ratio, beside)


def dated(ctx: Context, period: str, year: int) -> str:
    """Write the period of a figure, and that it is old if it is; year: that of the period."""
    text, rules = sentences.period(period, ctx.book), ctx.thresholds
    if not rules.is_old(year, ctx.year):
        return text
    age = ctx.book.numeral(rules.age)
    return str(ctx.book.texts["ui"]["old"]).format(period=text, age=age)


def without_empty(table: Table, none: str) -> Table:
    """Leave out columns that have nothing to say in any row."""
    full = [i for i in range(len(table.heads)) if any(row[i] != none for row in table.rows)]
    rows = tuple(tuple(row[i] for i in full) for row in table.rows)
    return replace(table, heads=tuple(table.heads[i] for i in full), rows=rows)


def unknown(ctx: Context) -> Block:
    """Every indicator of the field without a figure: what it would say and who could deliver it."""
    ui, parts = ctx.book.texts["ui"], []
    for indicator in ctx.indicators:
        reason = indicator.missing or ui["delivery"]
        parts.append(
            f"<h3>{escape(indicator.title)}</h3><p>{escape(indicator.definition)}</p>"
            f"<p><strong>{escape(ui['missing'])}:</strong> {escape(reason)}</p>"
        )
    return Block(f'<div class="kh-begriffe">{"".join(parts)}</div>', ui["gap_title"])


def coverage_matrix(ctx: Context, found: pd.DataFrame) -> Block:
    """Field × target group: indicators with a figure in each report year; then why some have none.

    A chapter of this edition is a link.
    """
    book, ui = ctx.book, ctx.book.texts["ui"]
    years, groups = ctx.params.report_years, ctx.params.target_groups
    columns = ("field", "target_group", "year", "indicators")
    count = {tuple(key): n for *key, n in zip(*(found[c].tolist() for c in columns), strict=True)}
    rows, reasons = [], []
    for field in ctx.params.fields:
        title = book.fields[field]["title"]
        cells, empty = [], []
        for group in groups:
            numbers = {y: int(count[field, group, y]) for y in years}
            cells.append(_coverage_cell(field, group, numbers, ctx))
            if not numbers[ctx.year]:
                empty.append(book.target_groups[group]["title"])
        rows.append(f'<tr><th scope="row">{escape(title)}</th>{"".join(cells)}</tr>')
        if empty:
            reason = ui["reason_field" if len(empty) == len(groups) else "reason_group"]
            text = reason.format(field=title, groups=", ".join(empty), year=ctx.year)
            reasons.append(
                f"<li>{escape(text + ui['fill'].format(sources=_fill(ctx, field)))}</li>"
            )
    heads = (book.texts["columns"]["field"], *(book.target_groups[g]["title"] for g in groups))
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    caption = ui["all_years"].format(years=" · ".join(map(str, years)))
    label = f'tabindex="0" role="region" aria-label="{escape(caption)}"'
    return Block(
        f'<div class="kh-scroll" {label}><table class="kh-table kh-abdeckung">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f'<ul class="kh-gruende">{"".join(reasons)}</ul>',
        caption,
    )


def _coverage_cell(field: str, group: str, numbers: dict[int, int], ctx: Context) -> str:
    text = " · ".join(map(str, numbers.values()))
    if not numbers[ctx.year]:
        return f'<td class="kh-leer">{escape(text)}</td>'
    return f'<td><a href="{field}/{group}.html">{escape(text)}</a></td>'


def _fill(ctx: Context, field: str) -> str:
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
            name = escape(ui["link_of"].format(field=title, kind=kind))
            links.append(
                f'<a href="daten/{field}.{ending}" aria-label="{name}" download>{escape(kind)}</a>'
            )
        items.append(f"<li>{escape(title)}: {' · '.join(links)}</li>")
    about = f'<a href="daten/datapackage.json" download>{escape(ui["package"])}</a>'
    head = f"<p>{escape(ui['description'])}</p>"
    return Block(f'{head}<ul class="kh-daten">{"".join(items)}<li>{about}</li></ul>', ui["caption"])
