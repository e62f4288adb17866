"""The short version for those who decide: per field three headline figures and what is promised.

In: a `Context` about the whole book and, where a Kreis has a Konzept, the `FieldPromises` of each
field. Out: one `Block`, a section per field. Every figure and judgement comes from the functions
that the chapters use, so it reads the same there.
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
class FieldPromises:
    """What a Konzept says of a field, as finished text.

    goals, measures: name and state. decisions: what has to be decided.
    """

    goals: tuple[tuple[str, str], ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    decisions: tuple[str, ...] = ()


def block(ctx: Context, promised: Mapping[str, FieldPromises]) -> Block:
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
    candidates = []
    for indicator in ctx.book.of_field(field):
        own_rows = ctx.newest(ctx.own(indicator), indicator)
        years = [year for year, value in own_rows.rows("year", "value") if not math.isnan(value)]
        if years and not ctx.thresholds.is_old(years[0], ctx.year):
            candidates.append((indicator, own_rows))
    return sorted(candidates, key=lambda candidate: candidate[0].direction == "context")[:MOST]


def _section(ctx: Context, field: str, promised: FieldPromises | None) -> list[Markup]:
    ui = ctx.book.texts["management"]
    entry = ctx.book.fields[field]
    parts = [element("p", entry["question"], class_="kh-frage")]
    leading = headlines(ctx, field)
    if leading:
        parts.append(_figure(ctx, field, leading).html())
        parts.append(bullet_list(_sentence(ctx, indicator) for indicator, _ in leading))
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


def _sentence(ctx: Context, indicator: Indicator) -> str:
    """What the chapters say below the title of its figure over time."""
    return sentences.trend(ctx.own(indicator), indicator, ctx.year, ctx.book, ctx.thresholds)


def _figure(ctx: Context, field: str, leading: list[tuple[Indicator, Protected]]) -> Figure:
    book, rows = ctx.book, []
    keys = ("indicator", "value", "period", "gap")
    for indicator, own_rows in leading:
        name, value, period, _, gap, *_ = overview_figures.overview_row(ctx, indicator, own_rows)
        assessment = judgements.assess(ctx, indicator)
        none = str(book.texts["status"]["none"])
        verdicts = [
            judgements.words(getattr(assessment, k), book) if assessment else none for k in KINDS
        ]
        rows.append((name, value, period, gap, *verdicts))
    judged = tuple(str(book.texts["kinds_of_judgement"][k]) for k in KINDS)
    heads = (*(str(book.texts["columns"][k]) for k in keys), *judged)
    title = book.fields[field]["title"]
    caption = str(book.texts["management"]["caption"]).format(field=title)
    source = source_lines.source_line(ctx, *source_lines.rows_behind(ctx, leading))
    key = f"f-{field}-kurz".replace("_", "-")
    return Figure(key, "", Table(caption, heads, tuple(rows), words=judged), "", source)
