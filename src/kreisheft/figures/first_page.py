"""The headline indicators of the first page: value, gap, development and state, each in words.

In: a chapter about the whole book, `first_page_entries`. Out: one `Block` with a table that
a narrow window shows as cards. All figures are those of `judgements.assess`, so the first page says
what the chapters say. Order is that of the file; it is no ranking.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreisheft.catalogue import first_page_entries
from kreisheft.core.markup import Markup, element, joined, link
from kreisheft.facts.stages import TOTAL
from kreisheft.figures import definitions, judgements, source_lines
from kreisheft.findings.judgement import OPEN, Judgement
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block

if TYPE_CHECKING:
    from kreisheft.facts.stages import Protected
    from kreisheft.figures.context import Context
    from kreisheft.figures.judgements import Assessment

#: Tones in the order of the summary, each with the verdict whose symbol stands for it.
TONES = {"good": "ahead", "even": "even", "bad": "behind", "": OPEN}
COLUMNS = ("indicator", "value", "gap", "trend", "state")


@dataclass(frozen=True)
class Headline:
    """One row: an entry of the file, its newest figures of the Kreis, and what is judged of it."""

    title: str
    own: Protected
    judged: Assessment

    @property
    def state(self) -> Judgement:
        """The level; for an indicator without reference group its place among the Kreise."""
        level, place = self.judged.level, self.judged.place
        alone = level.reason in judgements.INAPPLICABLE and place.verdict != OPEN
        return place if alone else level


def block(ctx: Context) -> Block:
    """Summary, table, what has no recent figure, and sources."""
    content = first_page_entries.load(ctx.root)
    words = content.words
    found = {t: _headline(ctx, t, names) for t, names in content.entries.items()}
    shown = [one for one in found.values() if one]
    absent = [title for title, one in found.items() if not one]
    parts = []
    if shown:
        summary = element("p", _summary(shown, words, ctx), class_="kh-satz")
        parts = [summary, _table(shown, words, ctx)]
    if absent:
        age = ctx.book.numeral(ctx.thresholds.age)
        text = words["left_out"].format(age=age, titles=", ".join(absent))
        parts.append(element("p", text, class_="kh-leer"))
    if shown:
        used = [(one.judged.indicator, one.own) for one in shown]
        line = source_lines.source_line(ctx, *source_lines.behind(ctx, used))
        parts.append(element("p", line, class_="kh-quelle"))
    plain = [judgements.plain(one.judged, ctx.book) for one in shown]
    return Block(element("div", *parts, class_="kh-start"), "\n".join(plain))


def _headline(ctx: Context, title: str, names: Sequence[str]) -> Headline | None:
    for name in names:
        indicator = ctx.book.indicator(name)
        if indicator.field not in ctx.params.fields:
            continue
        own = ctx.newest(ctx.own(indicator), indicator)
        known = [year for year, value in own.rows("year", "value") if not math.isnan(value)]
        if known and not ctx.thresholds.is_old(known[0], ctx.year):
            judged = judgements.assess(ctx, indicator)
            return Headline(title, own, judged) if judged else None
    return None


def _summary(shown: Sequence[Headline], words: Mapping[str, str], ctx: Context) -> str:
    book, parts = ctx.book.texts, []
    for tone, verdict in TONES.items():
        n = sum(one.state.tone == tone for one in shown)
        symbol, word = book["verdicts"][verdict]["symbol"], book["tones"].get(tone, words["none"])
        parts += [words["part"].format(symbol=symbol, n=n, word=word)] if n else []
    return str(words["summary"].format(n=len(shown), parts=", ".join(parts)))


def _table(shown: Sequence[Headline], words: Mapping[str, str], ctx: Context) -> Markup:
    # The roles are those of the elements: as cards they would lose them in some browsers.
    heads = [element("th", words[key], scope="col", role="columnheader") for key in COLUMNS]
    paged = definitions.paged(ctx)
    caption = words["caption"].format(name=ctx.params.name, year=ctx.year)
    rows = [_row(one, words, ctx, one.judged.indicator.id in paged) for one in shown]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        class_="kh-kacheln",
        role="table",
    )


def _row(one: Headline, words: Mapping[str, str], ctx: Context, has_page: bool) -> Markup:
    book, indicator = ctx.book, one.judged.indicator
    name = tables.named(indicator, one.judged.group, book)
    if has_page:
        name = link(definitions.address(ctx, indicator), name)
    field = words["chapter"].format(field=book.fields[indicator.field]["title"])
    address = f"{indicator.field}/{ctx.target_group}.html"
    row = ctx.focus(one.own, indicator).first()
    value = sentences.number(float(row["value"]), indicator.unit, book)
    at = words["at"].format(year=sentences.period(str(row["period"]), book))
    cells = (
        joined((element("strong", value), element("small", at)), " "),
        joined(_gap(one, words, ctx), element("br")),
        joined(_course(one, words, ctx), element("br")),
        _state(one.state, words, ctx),
    )
    title, chapter = element("strong", one.title), link(address, element("small", field))
    head = joined((title, element("span", name), chapter), " ")
    return element(
        "tr",
        element("th", head, scope="row", role="rowheader"),
        *(
            element("td", element("div", cell), role="cell", data_kopf=words[key])
            for key, cell in zip(COLUMNS[1:], cells, strict=True)
        ),
        role="row",
    )


def _gap(one: Headline, words: Mapping[str, str], ctx: Context) -> Iterator[str]:
    """Distance to the reference group with its ratio, and whether it grows."""
    book, indicator = ctx.book, one.judged.indicator
    level, course = one.judged.level, one.judged.gap
    if level.reason in judgements.INAPPLICABLE:
        yield element("small", words["unlike"])
        return
    if level.verdict == OPEN:
        yield element("small", _brief(level, ctx))
        return
    gap, ratio = level.numbers["gap"], level.numbers["ratio"]
    size = sentences.number(abs(gap), indicator.unit, book, suffix=False)
    unit = book.texts["units"][indicator.unit]["gap"]
    key = "more" if gap > 0 else "less" if gap < 0 else "same"
    yield element("strong", words[key].format(gap=size, unit=unit))
    reference = indicator.reference
    name = words["everyone"] if reference == TOTAL else book.label(reference)
    if gap and not math.isnan(ratio):
        text = words["ratio"].format(ratio=sentences.ratio(ratio), reference=name)
        yield element("small", text)
    if course.verdict != OPEN:
        yield words["course"].format(word=_brief(course, ctx))


def _course(one: Headline, words: Mapping[str, str], ctx: Context) -> Iterator[str]:
    """Whether the group's own figure has risen, and from where."""
    judged, text = one.judged.development, _brief(one.judged.development, ctx)
    if judged.verdict == OPEN:
        yield element("small", text)
        return
    yield element("strong", text)
    first = sentences.number(judged.numbers["first"], one.judged.indicator.unit, ctx.book)
    since = words["since"].format(first=first, year=int(judged.numbers["first_year"]))
    yield element("small", since)


def _state(judged: Judgement, words: Mapping[str, str], ctx: Context) -> Markup:
    book = ctx.book
    if judged.verdict == OPEN:
        alone = judged.reason in judgements.INAPPLICABLE
        symbol = book.texts["verdicts"][OPEN]["symbol"]
        text = f"{symbol} {words['none']}" if alone else _brief(judged, ctx)
    else:
        tone = f" ({book.texts['tones'][judged.tone]})" if judged.tone else ""
        text = _brief(judged, ctx) + tone
    return judgements.badge("span", text, judged.tone)


def _brief(judged: Judgement, ctx: Context) -> str:
    """As `judgements.words`, in the fewer words that the file may have for them."""
    content, known = first_page_entries.load(ctx.root), ctx.book.texts
    short, verdict = content.short, known["verdicts"][judged.verdict]
    reason = short.get(judged.reason) or known["reasons"].get(judged.reason, "")
    if judged.verdict == OPEN:
        return str(content.words["open"].format(reason=reason))
    word = f"{verdict['symbol']} {short.get(judged.verdict, verdict['word'])}"
    return f"{word}, {reason}" if reason else word
