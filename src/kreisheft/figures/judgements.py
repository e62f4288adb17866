"""Judgements of a chapter's indicators, in words.

In: a `Context`. Out: an `Assessment` per indicator; its judgements as cells of a table and as a
block. Colour never stands without symbol and word; what has no direction has no colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, definition_list, element
from kreisheft.figures import comparison, source_lines
from kreisheft.findings import comparison_ring, judgement
from kreisheft.findings.judgement import OPEN, Judgement
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Catalogue, Indicator
    from kreisheft.figures.context import Context

#: The three that stand side by side; the development of the group is told beside them.
KINDS = ("level", "gap", "place")
#: Reasons that lie in the indicator itself: a number of persons, or no reference group.
INAPPLICABLE = ("unit", "alone")


@dataclass(frozen=True)
class Assessment:
    """All judgements of one indicator, for the group that its sentences speak of."""

    indicator: Indicator
    group: str
    level: Judgement
    development: Judgement
    gap: Judgement
    place: Judgement
    #: The development and the gap over the short window.
    lately: tuple[Judgement, ...] = ()

    @property
    def all(self) -> tuple[Judgement, ...]:
        """Every judgement, in the order in which they are told."""
        return (self.level, self.development, self.gap, self.place)


def assess(ctx: Context, indicator: Indicator) -> Assessment | None:
    """Judge one indicator; None if the Kreis has no figure at all."""
    own = ctx.own(indicator)
    groups = ctx.focus(ctx.newest(own, indicator), indicator).column("group")
    if not len(groups):
        return None
    group, year, rules = str(groups[0]), ctx.year, ctx.thresholds
    ring = comparison_ring.ring(comparison.rows(ctx, indicator), ctx.params.ags)
    return Assessment(
        indicator,
        group,
        judgement.level(own, indicator, group, year, rules),
        judgement.development(own, indicator, group, year, rules),
        judgement.gap(own, indicator, group, year, rules),
        judgement.place(own, ring, indicator, year, rules),
        lately=(
            judgement.development(own, indicator, group, year, rules, rules.short),
            judgement.gap(own, indicator, group, year, rules, rules.short),
        ),
    )


def words(judged: Judgement, book: Catalogue) -> str:
    """Symbol, word and, where there is one, the reason."""
    verdict = book.texts["verdicts"][judged.verdict]
    text = f"{verdict['symbol']} {verdict['word']}"
    if judged.verdict == OPEN:
        return f"{text}: {book.texts['reasons'][judged.reason]}"
    return f"{text}, {book.texts['reasons'][judged.reason]}" if judged.reason else text


def cells(ctx: Context, indicator: Indicator) -> tuple[str, ...]:
    """Words for level, gap and place; a dash where the indicator has no such thing at all."""
    one, none = assess(ctx, indicator), str(ctx.book.texts["status"]["none"])
    if one is None:
        return (none,) * len(KINDS)
    found = [getattr(one, kind) for kind in KINDS]
    return tuple(none if j.reason in INAPPLICABLE else words(j, ctx.book) for j in found)


def details(judged: Judgement, one: Assessment, book: Catalogue) -> str:
    """Tell the figures behind a judgement; empty if there is none."""
    if judged.verdict == OPEN:
        return ""
    unit, found = one.indicator.unit, judged.numbers
    ratio = found.get("ratio", math.nan)

    def write(key: str, *, suffix: bool = True, size: bool = False) -> str:
        value = found.get(key, 0.0)
        return sentences.number(abs(value) if size else value, unit, book, suffix=suffix)

    between = judged.kind in ("level", "gap")
    return str(book.texts["details"][judged.kind]).format(
        group=book.label(one.group),
        reference=book.label(one.indicator.reference) if one.indicator.reference else "",
        unit=book.texts["units"][unit]["gap"],
        value=write("value"),
        base=write("reference"),
        gap=write("gap", suffix=False, size=judged.kind == "gap"),
        ratio="–" if math.isnan(ratio) else sentences.ratio(ratio),
        first=write("first", suffix=not between, size=between),
        first_year=int(found.get("first_year", 0)),
        year=int(found.get("year", 0)),
        n=int(found.get("n", 0)),
        low=write("p25"),
        high=write("p75"),
    )


def of_indicator(ctx: Context, indicator: Indicator) -> Block:
    """As `block`, of one indicator; the sentence that there is nothing if it has no figure."""
    one = assess(ctx, indicator)
    return block(ctx, one) if one else ctx.nothing(indicator, "nothing")


def block(ctx: Context, one: Assessment) -> Block:
    """All judgements of an indicator with the figures behind them, and their source."""
    parts = markup(one, ctx.book), source(ctx, [one.indicator])
    return Block(element("div", *parts, class_="kh-bewertung"), plain(one, ctx.book))


def source(ctx: Context, judged: Sequence[Indicator]) -> Markup:
    """The line of sources of indicators, as below a figure."""
    line = source_lines.source_line(ctx, *map(ctx.own, judged))
    return element("p", line, class_="kh-quelle")


def markup(one: Assessment, book: Catalogue) -> Markup:
    """A list of definitions: what is judged, the verdict, the figures behind it."""
    rows = []
    for judged in _told(one):
        tone = f" ({book.texts['tones'][judged.tone]})" if judged.tone else ""
        mark = badge("strong", words(judged, book) + tone, judged.tone)
        behind = details(judged, one, book) + _lately(judged, one, book)
        numbers = element("span", behind, class_="kh-zahlen") if behind else ""
        rows.append((book.texts["kinds_of_judgement"][judged.kind], mark + " " + numbers))
    return definition_list(rows)


def badge(name: str, text: str, tone: str) -> Markup:
    """An element with the colour of a tone, if it has one."""
    return element(name, text, class_=f"kh-urteil kh-urteil-{tone or 'ohne'}")


def _lately(judged: Judgement, one: Assessment, book: Catalogue) -> str:
    """The same kind over the short window, if both can be judged and are not the same years."""
    for short in one.lately:
        since = short.numbers.get("first_year")
        known = OPEN not in (short.verdict, judged.verdict)
        if short.kind == judged.kind and known and since != judged.numbers["first_year"]:
            text = book.texts["details"]["lately"]
            return str(text).format(year=since, verdict=words(short, book))
    return ""


def plain(one: Assessment, book: Catalogue) -> str:
    """The same in one line."""
    title = tables.named(one.indicator, one.group, book)
    kinds = book.texts["kinds_of_judgement"]
    return f"{title}: " + "; ".join(f"{kinds[j.kind]} {words(j, book)}" for j in _told(one))


def _told(one: Assessment) -> list[Judgement]:
    """Why there is no reference group is said once."""
    return [j for j in one.all if j is not one.gap or j.reason not in INAPPLICABLE]
