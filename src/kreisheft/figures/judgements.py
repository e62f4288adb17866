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
        """Level, development, gap and place, in the order of the page."""
        return (self.level, self.development, self.gap, self.place)


def assess(ctx: Context, indicator: Indicator) -> Assessment | None:
    """Judge one indicator; None if the Kreis has no figure at all."""
    own_rows = ctx.own(indicator)
    groups = ctx.focus(ctx.newest(own_rows, indicator), indicator).column("group")
    if not len(groups):
        return None
    group, year, rules = str(groups[0]), ctx.year, ctx.thresholds
    ring = comparison_ring.build_ring(comparison.rows(ctx, indicator), ctx.params.ags)
    return Assessment(
        indicator,
        group,
        judgement.judge_level(own_rows, indicator, group, year, rules),
        judgement.judge_development(own_rows, indicator, group, year, rules),
        judgement.judge_gap(own_rows, indicator, group, year, rules),
        judgement.judge_place(own_rows, ring, indicator, year, rules),
        lately=(
            judgement.judge_development(own_rows, indicator, group, year, rules, rules.short),
            judgement.judge_gap(own_rows, indicator, group, year, rules, rules.short),
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
    assessment, none = assess(ctx, indicator), str(ctx.book.texts["status"]["none"])
    if assessment is None:
        return (none,) * len(KINDS)
    judged = [getattr(assessment, kind) for kind in KINDS]
    return tuple(none if j.reason in INAPPLICABLE else words(j, ctx.book) for j in judged)


def details(judged: Judgement, assessment: Assessment, book: Catalogue) -> str:
    """Tell the figures behind a judgement; empty if there is none."""
    if judged.verdict == OPEN:
        return ""
    unit, numbers = assessment.indicator.unit, judged.numbers
    ratio = numbers.get("ratio", math.nan)

    def write(key: str, *, suffix: bool = True, size: bool = False) -> str:
        value = numbers.get(key, 0.0)
        return sentences.number(abs(value) if size else value, unit, book, suffix=suffix)

    between = judged.kind in ("level", "gap")
    return str(book.texts["details"][judged.kind]).format(
        group=book.label(assessment.group),
        reference=book.label(assessment.indicator.reference)
        if assessment.indicator.reference
        else "",
        unit=book.texts["units"][unit]["gap"],
        value=write("value"),
        base=write("reference"),
        gap=write("gap", suffix=False, size=judged.kind == "gap"),
        ratio="–" if math.isnan(ratio) else sentences.ratio(ratio),
        first=write("first", suffix=not between, size=between),
        first_year=int(numbers.get("first_year", 0)),
        year=int(numbers.get("year", 0)),
        n=int(numbers.get("n", 0)),
        low=write("p25"),
        high=write("p75"),
    )


def of_indicator(ctx: Context, indicator: Indicator) -> Block:
    """As `block`, of one indicator; a note if it has no figure."""
    assessment = assess(ctx, indicator)
    return block(ctx, assessment) if assessment else ctx.nothing(indicator, "nothing")


def block(ctx: Context, assessment: Assessment) -> Block:
    """All judgements of an indicator with the figures behind them, and their source."""
    parts = markup(assessment, ctx.book), source(ctx, [assessment.indicator])
    return Block(element("div", *parts, class_="kh-bewertung"), plain(assessment, ctx.book))


def source(ctx: Context, judged: Sequence[Indicator]) -> Markup:
    """The line of sources of indicators, as below a figure."""
    line = source_lines.source_line(ctx, *map(ctx.own, judged))
    return element("p", line, class_="kh-quelle")


def markup(assessment: Assessment, book: Catalogue) -> Markup:
    """HTML list: what is judged, the verdict, the figures behind it."""
    rows = []
    for judged in _drop_repeated(assessment):
        tone = f" ({book.texts['tones'][judged.tone]})" if judged.tone else ""
        mark = badge("strong", words(judged, book) + tone, judged.tone)
        behind = details(judged, assessment, book) + _short_window(judged, assessment, book)
        numbers = element("span", behind, class_="kh-zahlen") if behind else ""
        rows.append((book.texts["kinds_of_judgement"][judged.kind], mark + " " + numbers))
    return definition_list(rows)


def badge(name: str, text: str, tone: str) -> Markup:
    """An element with the colour of a tone, if it has one."""
    return element(name, text, class_=f"kh-urteil kh-urteil-{tone or 'ohne'}")


def _short_window(judged: Judgement, assessment: Assessment, book: Catalogue) -> str:
    """The same judgement over the short window; empty if not judged or of the same years."""
    for short in assessment.lately:
        since = short.numbers.get("first_year")
        both_judged = OPEN not in (short.verdict, judged.verdict)
        if short.kind == judged.kind and both_judged and since != judged.numbers["first_year"]:
            text = book.texts["details"]["lately"]
            return str(text).format(year=since, verdict=words(short, book))
    return ""


def plain(assessment: Assessment, book: Catalogue) -> str:
    """All judgements of an indicator in one line of text."""
    title = tables.title_of_group(assessment.indicator, assessment.group, book)
    kinds = book.texts["kinds_of_judgement"]
    return f"{title}: " + "; ".join(
        f"{kinds[j.kind]} {words(j, book)}" for j in _drop_repeated(assessment)
    )


def _drop_repeated(assessment: Assessment) -> list[Judgement]:
    """All judgements without a gap that only repeats why there is no reference group."""
    return [j for j in assessment.all if j is not assessment.gap or j.reason not in INAPPLICABLE]
