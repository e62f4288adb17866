"""The short version for those who decide: per field three headline figures and what is promised.

In: a `Chapter` about the whole book and, where a Kreis has a Konzept, what it says as `Promised`.
Out: one `Block`, a section per field. Every figure and judgement comes from the functions that the
chapters use, so it reads the same there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from kreisheft.figures import judgements, overview_figures
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.chapters.chapter import Chapter
    from kreisheft.facts.stages import Protected

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


def block(chapter: Chapter, promised: Mapping[str, Promised]) -> Block:
    """One section per field of the book, in its order; promised: by field."""
    parts, plain = [], []
    for field in chapter.params.fields:
        title = chapter.book.fields[field]["title"]
        parts.append(f"<h2>{escape(title)}</h2>{_section(chapter, field, promised.get(field))}")
        plain.append(title)
    return Block(f'<div class="kh-management">{"".join(parts)}</div>', "\n".join(plain))


def headlines(chapter: Chapter, field: str) -> list[tuple[Indicator, Protected]]:
    """Up to three indicators of a field with a figure that is not too old, and their newest rows.

    Those with a desired direction come before those without; within both the catalogue's order.
    """
    found = []
    for indicator in chapter.book.of_field(field):
        own = chapter.newest(chapter.own(indicator), indicator)
        years = [year for year, value in own.rows("year", "value") if not math.isnan(value)]
        if years and chapter.year - years[0] <= overview_figures.OLDEST_HEADLINE:
            found.append((indicator, own))
    return sorted(found, key=lambda one: one[0].direction == "context")[:MOST]


def _section(chapter: Chapter, field: str, promised: Promised | None) -> str:
    ui = chapter.book.texts["management"]
    entry = chapter.book.fields[field]
    parts = [f'<p class="kh-frage">{escape(entry["question"])}</p>']
    chosen = headlines(chapter, field)
    if chosen:
        parts.append(_figure(chapter, field, chosen).html())
        parts.append(_sentences(chapter, [indicator for indicator, _ in chosen]))
    else:
        parts.append(f'<p class="kh-leer">{escape(ui["nothing"])}</p>')
    for kind in ("goals", "measures"):
        rows = getattr(promised, kind) if promised else ()
        if rows:
            caption = ui[f"{kind}_caption"].format(field=entry["title"])
            heads = (ui[kind], ui["state"])
            parts.append(tables.html(Table(caption, heads, tuple(rows), words=heads)))
    if promised and promised.decisions:
        items = "".join(f"<li>{escape(text)}</li>" for text in promised.decisions)
        parts.append(f"<h3>{escape(ui['decisions'])}</h3><ul>{items}</ul>")
    return "".join(parts)


def _sentences(chapter: Chapter, chosen: list[Indicator]) -> str:
    """What the chapters say below the title of each figure over time."""
    items = ""
    for one in chosen:
        own = chapter.own(one)
        told = sentences.trend(own, one, chapter.year, chapter.book, chapter.thresholds)
        items += f"<li>{escape(told)}</li>"
    return f"<ul>{items}</ul>"


def _figure(chapter: Chapter, field: str, chosen: list[tuple[Indicator, Protected]]) -> Figure:
    book, rows = chapter.book, []
    keys = ("indicator", "value", "period", "gap")
    for indicator, own in chosen:
        name, value, period, _, gap, *_ = overview_figures.overview_row(chapter, indicator, own)
        one = judgements.assess(chapter, indicator)
        none = str(book.texts["status"]["none"])
        told = [judgements.words(getattr(one, k), book) if one else none for k in KINDS]
        rows.append((name, value, period, gap, *told))
    judged = tuple(str(book.texts["kinds_of_judgement"][k]) for k in KINDS)
    heads = (*(str(book.texts["columns"][k]) for k in keys), *judged)
    title = book.fields[field]["title"]
    caption = str(book.texts["management"]["caption"]).format(field=title)
    source = overview_figures.source_line(chapter, *overview_figures.behind(chapter, chosen))
    key = f"f-{field}-kurz".replace("_", "-")
    return Figure(key, "", Table(caption, heads, tuple(rows), words=judged), "", source)
