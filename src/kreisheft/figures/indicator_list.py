"""The list of all indicators of the catalogue: newest figure and page, or why there is none.

In: a chapter about the whole book. Out: one `Block`, by Handlungsfeld and in the order of the
catalogue. An indicator that the Kreis has figures of in no target group may still have a page: its
municipalities have some.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, bullet_list, element, fill_in, join
from kreisheft.facts.stages import Protected
from kreisheft.figures import definitions, overview_figures, source_lines
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context


def block(ctx: Context) -> Block:
    """Every field of the book: a table of what has a page, and a list of what has none."""
    linked, parts, plain = definitions.ids_with_page(ctx), list[Markup](), []
    for field in ctx.params.fields:
        indicators = ctx.book.of_field(field)
        parts.append(element("h3", ctx.book.fields[field]["title"]))
        present = [i for i in indicators if i.id in linked]
        if present:
            figure = _table(ctx, field, present)
            parts.append(figure.html())
            plain.append(figure.table.caption)
        parts.append(_explain_absent(ctx, [i for i in indicators if i.id not in linked]))
    return Block(join(parts), "\n".join(plain))


def _table(ctx: Context, field: str, present: list[Indicator]) -> Figure:
    columns, words = ctx.book.texts["columns"], ctx.book.texts["indicator_pages"]
    rows, links, used = [], {}, []
    for indicator in present:
        newest = _newest(ctx, indicator)
        name, cells = indicator.title, (words["elsewhere"], ctx.book.texts["status"]["none"])
        if newest:
            used.append(newest)
            name, cells = _write_newest(ctx, indicator, newest)
        rows.append((name, indicator.code, *cells))
        links[name] = definitions.address(ctx, indicator)
    heads = tuple(columns[k] for k in ("indicator", "code", "value", "period"))
    caption = words["listed"].format(field=ctx.book.fields[field]["title"])
    table = Table(caption, heads, tuple(rows), words=(columns["code"],), links=links)
    source = source_lines.source_line(ctx, *used) if used else ""
    return Figure(f"f-kennzahlen-{field.replace('_', '-')}", "", table, "", source)


def _newest(ctx: Context, indicator: Indicator) -> Protected | None:
    """Newest row of the group sentences speak of, from the first target group with a figure."""
    for group in ctx.params.target_groups:
        part = ctx.own_of(indicator, group)
        if not all(map(math.isnan, part.column("value"))):
            return ctx.focus(ctx.newest(part, indicator), indicator)
    return None


def _write_newest(
    ctx: Context, indicator: Indicator, newest: Protected
) -> tuple[str, tuple[str, str]]:
    """Name with the group it is about, value and period."""
    book, row = ctx.book, newest.first()
    name = tables.title_of_group(indicator, str(row["group"]), book)
    if row["target_group"] != ctx.params.target_groups[0]:
        title = book.target_groups[row["target_group"]]["title"]
        name = book.texts["indicator_pages"]["about_group"].format(title=name, group=title)
    period = overview_figures.write_period(ctx, str(row["period"]), int(row["year"]))
    mark = str(book.texts["marks"].get(row["status"], ""))
    return name, (sentences.number(float(row["value"]), indicator.unit, book) + mark, period)


def _explain_absent(ctx: Context, absent: list[Indicator]) -> Markup:
    """List of indicators without a page: why there is no figure, and which template takes one."""
    if not absent:
        return Markup()
    words, items = ctx.book.texts["indicator_pages"], []
    for indicator in absent:
        reason = indicator.missing or words["no_figure"].format(year=ctx.year)
        if indicator.template:
            measures = ", ".join(indicator.template.measures)
            file = f"data/templates/{indicator.template.file}"
            reason += " " + words["template"].format(file=file, measures=measures)
        name = f"{indicator.title} ({indicator.code})"
        items.append(fill_in("{name}: {reason}", name=element("strong", name), reason=reason))
    head = element("p", element("strong", words["without"]))
    return head + bullet_list(items, class_="kh-gruende")
