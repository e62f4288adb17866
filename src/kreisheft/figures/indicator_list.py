"""The list of all indicators of the catalogue: newest figure and page, or why there is none.

In: a chapter about the whole book. Out: one `Block`, by Handlungsfeld and in the order of the
catalogue. An indicator that the Kreis has figures of in no target group may still have a page: its
municipalities have some.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from kreisheft.facts.stages import Protected
from kreisheft.figures import definitions, overview_figures
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.chapters.chapter import Chapter


def block(chapter: Chapter) -> Block:
    """Every field of the book: a table of what has a page, and a list of what has none."""
    linked, parts, plain = definitions.paged(chapter), [], []
    for field in chapter.params.fields:
        listed = chapter.book.of_field(field)
        title = chapter.book.fields[field]["title"]
        parts.append(f"<h3>{escape(title)}</h3>")
        present = [i for i in listed if i.id in linked]
        if present:
            made = _table(chapter, field, present)
            parts.append(made.html())
            plain.append(made.table.caption)
        parts.append(_without(chapter, [i for i in listed if i.id not in linked]))
    return Block("".join(parts), "\n".join(plain))


def _table(chapter: Chapter, field: str, present: list[Indicator]) -> Figure:
    columns, words = chapter.book.texts["columns"], chapter.book.texts["indicator_pages"]
    rows, links, used = [], {}, []
    for indicator in present:
        found = _newest(chapter, indicator)
        name, cells = indicator.title, (words["elsewhere"], chapter.book.texts["status"]["none"])
        if found:
            used.append(found)
            name, cells = _written(chapter, indicator, found)
        rows.append((name, indicator.code, *cells))
        links[name] = definitions.address(chapter, indicator)
    heads = tuple(columns[k] for k in ("indicator", "code", "value", "period"))
    caption = words["listed"].format(field=chapter.book.fields[field]["title"])
    table = Table(caption, heads, tuple(rows), words=(columns["code"],), links=links)
    source = overview_figures.source_line(chapter, *used) if used else ""
    return Figure(f"f-kennzahlen-{field.replace('_', '-')}", "", table, "", source)


def _newest(chapter: Chapter, indicator: Indicator) -> Protected | None:
    """Row of the first target group with a figure, for the group that its sentences speak of."""
    for group in chapter.params.target_groups:
        part = chapter.own_of(indicator, group)
        if not all(map(math.isnan, part.column("value"))):
            return chapter.focus(chapter.newest(part, indicator), indicator)
    return None


def _written(
    chapter: Chapter, indicator: Indicator, found: Protected
) -> tuple[str, tuple[str, str]]:
    """Name with the group it is about, value and period."""
    book, row = chapter.book, found.first()
    name = tables.named(indicator, str(row["group"]), book)
    if row["target_group"] != chapter.params.target_groups[0]:
        title = book.target_groups[row["target_group"]]["title"]
        name = book.texts["indicator_pages"]["about_group"].format(title=name, group=title)
    period = sentences.period(str(row["period"]))
    if chapter.year - row["year"] > overview_figures.OLDEST_HEADLINE:
        period = book.texts["ui"]["old"].format(period=period)
    mark = str(book.texts["marks"].get(row["status"], ""))
    return name, (sentences.number(float(row["value"]), indicator.unit, book) + mark, period)


def _without(chapter: Chapter, absent: list[Indicator]) -> str:
    """Why there is no figure, and where a template for a delivery is."""
    if not absent:
        return ""
    words, items = chapter.book.texts["indicator_pages"], []
    for indicator in absent:
        reason = indicator.missing or words["no_figure"].format(year=chapter.year)
        if indicator.template:
            measures = ", ".join(indicator.template.measures)
            file = f"data/templates/{indicator.template.file}"
            reason += " " + words["template"].format(file=file, measures=measures)
        name = f"{indicator.title} ({indicator.code})"
        items.append(f"<li><strong>{escape(name)}</strong>: {escape(reason)}</li>")
    head = f"<p><strong>{escape(words['without'])}</strong></p>"
    return f'{head}<ul class="kh-gruende">{"".join(items)}</ul>'
