"""Parts of a chapter that are not one indicator's figure: boxes, overviews, definitions, sources.

In: a `Chapter`. Out: `Figure` (a table with source) or `Block`. Words come from the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from kreisheft.facts import regions
from kreisheft.facts.passports import attribution
from kreisheft.facts.stages import Protected
from kreisheft.protected import disclosure
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table
from kreisheft.values import compute_values, measures

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.chapters.chapter import Chapter

#: A figure older than this many years is shown with its age and never headlines.
OLDEST_HEADLINE = 5


def intro(chapter: Chapter) -> Block:
    """Box with Kreis, year, target group and whom it means; what every edition says of itself."""
    ui = chapter.book.texts["ui"]
    group = chapter.book.target_groups[chapter.target_group]
    edition = ui["edition"].format(name=chapter.params.name, year=chapter.year)
    target = ui["target_group"].format(title=group["title"])
    lines = [f"<strong>{escape(edition)}</strong>"]
    if chapter.field in chapter.book.fields:
        lines += [f"<strong>{escape(target)}</strong>", escape(group["description"].strip())]
    lines.append(escape(ui["observe"]))
    body = "".join(f"<p>{line}</p>" for line in lines)
    field = chapter.book.fields.get(chapter.field)
    question = f'<p class="kh-frage">{escape(field["question"])}</p>' if field else ""
    return Block(f'{question}<div class="kh-parameter">{body}</div>', f"{edition} · {target}")


def overview(chapter: Chapter, leading: bool = False) -> Figure | Block:
    """Newest figure of every indicator beside reference group, gap and Land.

    leading: only the first indicator of each field that has a figure not older than five years.
    """
    book, rows, used, fields = chapter.book, [], [], set()
    for indicator in chapter.indicators:
        if leading and indicator.field in fields:
            continue
        own = chapter.newest(chapter.own(indicator), indicator)
        known = [year for year, value in own.rows("year", "value") if not math.isnan(value)]
        if not known or (leading and chapter.year - known[0] > OLDEST_HEADLINE):
            continue
        fields.add(indicator.field)
        used.append((indicator, own))
        row = overview_row(chapter, indicator, own)
        rows.append((book.fields[indicator.field]["title"], *row) if leading else row)
    if not rows:
        return note(chapter.book.texts["ui"]["coverage_no"])
    keys = ["indicator", "value", "period", "reference", "gap", "ratio", "land"]
    keys = ["field", *keys] if leading else keys
    land = regions.name(chapter.root, chapter.params.land)
    heads = tuple(book.texts["columns"][k] for k in keys)
    title = book.fields[chapter.field]["title"] if chapter.field in book.fields else ""
    caption = chapter.heading("headlines" if leading else "overview", field=title, land=land)
    words = (book.texts["columns"]["indicator"],)
    table = without_empty(Table(caption, heads, tuple(rows), words), book.texts["status"]["none"])
    return Figure("f-stand", "", table, "", source_line(chapter, *behind(chapter, used)))


def judgements(chapter: Chapter, judged: Callable[[Indicator], tuple[str, ...]]) -> Figure | Block:
    """Table of the judgements of every indicator that has one.

    judged: words for level, gap and place of an indicator.
    """
    book, none = chapter.book, chapter.book.texts["status"]["none"]
    rows, used = [], []
    for indicator in chapter.indicators:
        own = chapter.newest(chapter.own(indicator), indicator)
        known = not all(map(math.isnan, own.column("value")))
        words = judged(indicator) if known else ()
        if set(words) <= {none}:
            continue
        group = chapter.focus(own, indicator).column("group")[0]
        rows.append((tables.named(indicator, str(group), book), *words))
        used.append((indicator, own))
    if not rows:
        return note(book.texts["ui"]["judgements_no"])
    kinds = [book.texts["kinds_of_judgement"][k] for k in ("level", "gap", "place")]
    heads = (book.texts["columns"]["indicator"], *kinds)
    caption = chapter.heading("judgements", field=book.fields[chapter.field]["title"])
    source = source_line(chapter, *behind(chapter, used))
    return Figure("f-bewertung", "", Table(caption, heads, tuple(rows), heads), "", source)


def overview_row(chapter: Chapter, indicator: Indicator, own: Protected) -> tuple[str, ...]:
    """Name, value, period, reference, gap, ratio and Land of the group that sentences speak of.

    own: rows of the newest period.
    """
    book, unit = chapter.book, indicator.unit
    focus = chapter.focus(own, indicator).first()
    columns = ("group", "table", "value")
    others = {g: v for g, t, v in own.rows(*columns) if t == focus["table"]}
    none = book.texts["status"]["none"]
    period = sentences.period(str(focus["period"]))
    if chapter.year - focus["year"] > OLDEST_HEADLINE:
        period = book.texts["ui"]["old"].format(period=period)
    reference, gap, ratio = none, none, none
    base = others.get(indicator.reference, math.nan)
    if indicator.reference != focus["group"] and not math.isnan(base) and unit == "prozent":
        reference = sentences.number(base, unit, book)
        found = measures.contrast(float(focus["value"]), base)
        gap = sentences.number(found.gap, unit, book, suffix=False)
        ratio = none if math.isnan(found.ratio) else sentences.ratio(found.ratio)
    land = chapter.pick(indicator, [chapter.params.land]).rows(*columns, "period")
    at = (focus["group"], focus["table"], focus["period"])
    same = [v for g, t, v, p in land if (g, t, p) == at and not math.isnan(v)]
    beside = sentences.number(same[0], unit, book) if same else none
    value = sentences.number(float(focus["value"]), unit, book)
    title = tables.named(indicator, focus["group"], book)
    return (title, value, period, reference, gap, ratio, beside)


def without_empty(table: Table, none: str) -> Table:
    """Leave out columns that have nothing to say in any row."""
    full = [i for i in range(len(table.heads)) if any(row[i] != none for row in table.rows)]
    rows = tuple(tuple(row[i] for i in full) for row in table.rows)
    return replace(table, heads=tuple(table.heads[i] for i in full), rows=rows)


def unknown(chapter: Chapter) -> Block:
    """Every indicator of the field without a figure: what it would say and who could deliver it."""
    ui, parts = chapter.book.texts["ui"], []
    for indicator in chapter.indicators:
        reason = indicator.missing or ui["delivery"]
        parts.append(
            f"<h3>{escape(indicator.title)}</h3><p>{escape(indicator.definition)}</p>"
            f"<p><strong>{escape(ui['missing'])}:</strong> {escape(reason)}</p>"
        )
    return Block(f'<div class="kh-begriffe">{"".join(parts)}</div>', ui["gap_title"])


def coverage_matrix(chapter: Chapter, found: pd.DataFrame) -> Block:
    """Field × target group: indicators with a figure in each report year; then why some have none.

    A chapter of this edition is a link.
    """
    book, ui = chapter.book, chapter.book.texts["ui"]
    years, groups = chapter.params.report_years, chapter.params.target_groups
    columns = ("field", "target_group", "year", "indicators")
    count = {tuple(key): n for *key, n in zip(*(found[c].tolist() for c in columns), strict=True)}
    rows, reasons = [], []
    for field in chapter.params.fields:
        title = book.fields[field]["title"]
        cells, empty = [], []
        for group in groups:
            numbers = {y: int(count[field, group, y]) for y in years}
            cells.append(_coverage_cell(field, group, numbers, chapter))
            if not numbers[chapter.year]:
                empty.append(book.target_groups[group]["title"])
        rows.append(f'<tr><th scope="row">{escape(title)}</th>{"".join(cells)}</tr>')
        if empty:
            reason = ui["reason_field" if len(empty) == len(groups) else "reason_group"]
            text = reason.format(field=title, groups=", ".join(empty), year=chapter.year)
            reasons.append(
                f"<li>{escape(text + ui['fill'].format(sources=_fill(chapter, field)))}</li>"
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


def _coverage_cell(field: str, group: str, numbers: dict[int, int], chapter: Chapter) -> str:
    text = " · ".join(map(str, numbers.values()))
    if not numbers[chapter.year]:
        return f'<td class="kh-leer">{escape(text)}</td>'
    return f'<td><a href="{field}/{group}.html">{escape(text)}</a></td>'


def _fill(chapter: Chapter, field: str) -> str:
    gaps = [i for i in chapter.book.of_field(field) if i.missing]
    # What there is a template for can be delivered at once.
    gaps.sort(key=lambda i: i.template is None)
    return gaps[0].missing.rstrip(".") if gaps else str(chapter.book.texts["ui"]["delivery"])


def sources(chapter: Chapter) -> Figure:
    """Every official table that the catalogue names: content, Stand, attribution, licence."""
    book = chapter.book
    rows = source_rows(chapter)
    none, map_title = book.texts["status"]["none"], book.texts["ui"]["map_title"]
    bkg = chapter.producers["bkg"]
    rows.append(("VG250", map_title, none, bkg.attribution, bkg.terms))
    return source_table(chapter, chapter.heading("sources"), rows)


def source_rows(chapter: Chapter) -> list[tuple[str, ...]]:
    """Number, title, Stand, attribution and terms of the tables behind the chapter's indicators."""
    producers = chapter.producers
    rows: list[tuple[str, ...]] = []
    for number in compute_values.needed_tables(chapter.indicators):
        passport = chapter.passports[number]
        producer = producers[passport.source]
        years = sorted({d.attribution_year for d in passport.deliveries if d.attribution_year})
        text = producer.attribution.format(year=", ".join(map(str, years)))
        stands = ", ".join(sentences.period(d.stand) for d in passport.deliveries)
        rows.append((number, passport.title, stands, text, producer.terms))
    return rows


def source_table(chapter: Chapter, caption: str, rows: Sequence[tuple[str, ...]]) -> Figure:
    """Table of `source_rows`."""
    keys = ("table", "title", "stand", "source", "licence")
    heads = tuple(chapter.book.texts["columns"][k] for k in keys)
    table = Table(caption, heads, tuple(rows), words=heads)
    return Figure("f-quellen", "", table, "", "")


def downloads(chapter: Chapter) -> Block:
    """Links to the files of data of this edition, one pair per field, and to what describes them.

    The files lie beside the page: ``daten/<field>.csv`` and ``.json``; `released` makes them.
    """
    ui, items = chapter.book.texts["data"], []
    for field in chapter.params.fields:
        title = chapter.book.fields[field]["title"]
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


def source_line(chapter: Chapter, *shown: Protected) -> str:
    """Attribution, table and Stand of everything in a figure, as the licences demand."""
    ui, known, producers = chapter.book.texts["ui"], chapter.passports, chapter.producers
    stands: dict[str, str] = {}
    published, summed = True, False
    for part in shown:
        columns = ("table", "stand", "value", "published", "status")
        for table, stand, value, official, status in part.rows(*columns):
            if not math.isnan(value):
                stands[table] = max(stands.get(table, ""), stand)
                published, summed = published and official, summed or status == "summed"
    named: dict[tuple[str, str], list[str]] = {}
    order = chapter.order_of_tables
    for table in sorted(stands, key=lambda t: (order.get(t, len(order)), t)):
        passport, stand = known[table], stands[table]
        text = attribution(producers[passport.source], passport, stand)
        named.setdefault((text, stand), []).append(table)
    parts = [
        ui["source_table"].format(
            source=text, tables=", ".join(found), stand=sentences.period(stand)
        )
        for (text, stand), found in named.items()
    ]
    line = str(ui["source"]).format(sources="; ".join(parts))
    if not published:
        line += f"; {ui['computed']}"
    if summed:
        line += f"; {ui['land_sum']}"
    return line


def behind(chapter: Chapter, used: Sequence[tuple[Indicator, Protected]]) -> list[Protected]:
    """Own rows of the indicators, from the tables that `used` are from, for the line of sources."""
    named: dict[str, set[str]] = {}
    for indicator, shown in used:
        named.setdefault(indicator.id, set()).update(shown.column("table"))
    own = [(chapter.own(chapter.book.indicators[i]), tables) for i, tables in named.items()]
    return [disclosure.narrow(o, [t in tables for t in o.column("table")]) for o, tables in own]
