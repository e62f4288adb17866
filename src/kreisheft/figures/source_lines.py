"""Where a figure is from: its line of sources, and the table of all sources of a book.

In: a `Context` and the `Protected` rows that are shown. Out: text, as the licences demand it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.facts.passports import attribution
from kreisheft.facts.stages import Protected
from kreisheft.figures.context import Context
from kreisheft.protected import disclosure
from kreisheft.render import sentences
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table
from kreisheft.values import compute_values


def source_line(ctx: Context, *protected: Protected) -> str:
    """Source line of a figure: attribution, tables and Stand of every row with a number."""
    ui, passports, producers = ctx.book.texts["ui"], ctx.passports, ctx.producers
    stands: dict[str, str] = {}
    published, summed = True, False
    for part in protected:
        columns = ("table", "stand", "value", "published", "status")
        for table, stand, value, official, status in part.rows(*columns):
            if not math.isnan(value):
                stands[table] = max(stands.get(table, ""), stand)
                published, summed = published and official, summed or status == "summed"
    named: dict[tuple[str, str], list[str]] = {}
    order = ctx.order_of_tables
    for table in sorted(stands, key=lambda t: (order.get(t, len(order)), t)):
        passport, stand = passports[table], stands[table]
        text = attribution(producers[passport.source], passport, stand)
        named.setdefault((text, stand), []).append(table)
    parts = [
        ui["source_table"].format(
            source=text, tables=", ".join(numbers), stand=sentences.day(stand)
        )
        for (text, stand), numbers in named.items()
    ]
    line = str(ui["source"]).format(sources="; ".join(parts))
    if not published:
        line += f"; {ui['computed']}"
    if summed:
        line += f"; {ui['land_sum']}"
    return line


def rows_behind(ctx: Context, used: Sequence[tuple[Indicator, Protected]]) -> list[Protected]:
    """Rows of the Kreis per indicator, from the tables that `used` names, for the source line."""
    named: dict[str, set[str]] = {}
    for indicator, protected in used:
        named.setdefault(indicator.id, set()).update(protected.column("table"))
    own_rows = [(ctx.own(ctx.book.indicators[i]), tables) for i, tables in named.items()]
    return [
        disclosure.select_rows(o, [t in tables for t in o.column("table")])
        for o, tables in own_rows
    ]


def sources(ctx: Context) -> Figure:
    """Every official table that the catalogue names: content, Stand, attribution, licence."""
    book = ctx.book
    rows = source_rows(ctx)
    none, map_title = book.texts["status"]["none"], book.texts["ui"]["map_title"]
    bkg = ctx.producers["bkg"]
    rows.append(("VG250", map_title, none, bkg.attribution, bkg.terms))
    return source_table(ctx, ctx.heading("sources"), rows)


def source_rows(ctx: Context) -> list[tuple[str, ...]]:
    """Number, title, Stand, attribution and terms of the tables behind the chapter's indicators."""
    producers = ctx.producers
    rows: list[tuple[str, ...]] = []
    for number in compute_values.needed_tables(ctx.indicators):
        passport = ctx.passports[number]
        producer = producers[passport.source]
        years = sorted({d.attribution_year for d in passport.deliveries if d.attribution_year})
        text = producer.attribution.format(year=", ".join(map(str, years)))
        stands = ", ".join(sentences.day(d.stand) for d in passport.deliveries)
        rows.append((number, passport.title, stands, text, producer.terms))
    return rows


def source_table(ctx: Context, caption: str, rows: Sequence[tuple[str, ...]]) -> Figure:
    """Table of `source_rows`."""
    keys = ("table", "title", "stand", "source", "licence")
    heads = tuple(ctx.book.texts["columns"][k] for k in keys)
    table = Table(caption, heads, tuple(rows), words=heads)
    return Figure("f-quellen", "", table, "", "")
