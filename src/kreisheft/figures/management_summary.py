"""The short version for those who decide: per field three headline figures and what is promised.

In: a `Context` about the whole book and, where a Kreis has a Konzept, what it says as `Promised`.
Out: one `Block`, a section per field. Every figure and judgement comes from the functions that the
chapters use, so it reads the same there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, bullet_list, element
from kreisheft.figures import judgements, overview_figures, source_lines
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.facts.stages import Protected
    from kreisheft.figures.context import Context

#: Headline figures per field.
MOST = 3
#: Judgements that stand beside a figure: its trend, and its state.
KINDS = ("development", "level")


@dataclass(frozen=True)
class Promised:
    """What a Konzept says of a field, as finished text.

    goals, measures: name and state. decisions: what has to be decided.
    """

    goals: tuple[tuple[str, str], ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    decisions: tuple[str, ...] = ()


def block(ctx: Context, promised: Mapping[str, Promised]) -> Block:
    """One section per field of the book, in its order; promised: by field."""
    parts, plain = list[Markup](), []
    for field in ctx.params.fields:
        title = ctx.book.fields[field]["title"]
        parts += [element("h2", title), *_section(ctx, field, promised.get(field))]
        plain.append(title)
    return Block(element("div", *parts, class_="kh-management"), "\n".join(plain))


def headlines(ctx: Context, field: str) -> list[tuple[Indicator, Protected]]:
    """Up to three indicators of a field with a figure that is not too old, and their newest rows.

    Those with a desired direction come before those without; within both the catalogue's order.
    """
    found = []
    for indicator in ctx.book.of_field(field):
        own = ctx.newest(ctx.own(indicator), indicator)
        years = [year for year, value in own.rows("year", "value") if not math.isnan(value)]
        if years and not ctx.thresholds.is_old(years[0], ctx.year):
            found.append((indicator, own))
    return sorted(found, key=lambda one: one[0].direction == "context")[:MOST]


def _section(ctx: Context, field: str, promised: Promised | None) -> list[Markup]:
    ui = ctx.book.texts["management"]
    entry = ctx.book.fields[field]
    parts = [element("p", entry["question"], class_="kh-frage")]
    chosen = headlines(ctx, field)
    if chosen:
        parts.append(_figure(ctx, field, chosen).html())
        parts.append(bullet_list(_sentence(ctx, indicator) for indicator, _ in chosen))
    else:
        parts.append(element("p", ui["nothing"], class_="kh-leer"))
    for kind in ("goals", "measures"):
        rows = getattr(promised, kind) if promised else ()
        if rows:
            caption = ui[f"{kind}_caption"].format(field=entry["title"])
            heads = (ui[kind], ui["state"])
            parts.append(tables.html(Table(caption, heads, tuple(rows), words=heads)))
    if promised and promised.decisions:
        parts += [element("h3", ui["decisions"]), bullet_list(promised.decisions)]
    return parts


def _sentence(ctx: Context, one: Indicator) -> str:
    """What the chapters say below the title of its figure over time."""
    return sentences.trend(ctx.own(one), one, ctx.year, ctx.book, ctx.thresholds)


def _figure(ctx: Context, field: str, chosen: list[tuple[Indicator, Protected]]) -> Figure:
    book, rows = ctx.book, []
    keys = ("indicator", "value", "period", "gap")
    for indicator, own in chosen:
        name, value, period, _, gap, *_ = overview_figures.overview_row(ctx, indicator, own)
        one = judgements.assess(ctx, indicator)
        none = str(book.texts["status"]["none"])
        told = [judgements.words(getattr(one, k), book) if one else none for k in KINDS]
        rows.append((name, value, period, gap, *told))
    judged = tuple(str(book.texts["kinds_of_judgement"][k]) for k in KINDS)
    heads = (*(str(book.texts["columns"][k]) for k in keys), *judged)
    title = book.fields[field]["title"]
    caption = str(book.texts["management"]["caption"]).format(field=title)
    source = source_lines.source_line(ctx, *source_lines.behind(ctx, chosen))
    key = f"f-{field}-kurz".replace("_", "-")
    return Figure(key, "", Table(caption, heads, tuple(rows), words=judged), "", source)
