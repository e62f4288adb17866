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
from kreisheft.core.markup import Markup, element, join, link
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
    own_rows: Protected
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
    entries = {t: _headline(ctx, t, names) for t, names in content.entries.items()}
    headlines = [headline for headline in entries.values() if headline]
    absent = [title for title, headline in entries.items() if not headline]
    parts = []
    if headlines:
        summary = element("p", _summary(headlines, words, ctx), class_="kh-satz")
        parts = [summary, _table(headlines, words, ctx)]
    if absent:
        age = ctx.book.numeral(ctx.thresholds.age)
        text = words["left_out"].format(age=age, titles=", ".join(absent))
        parts.append(element("p", text, class_="kh-leer"))
    if headlines:
        used = [(headline.judged.indicator, headline.own_rows) for headline in headlines]
        line = source_lines.source_line(ctx, *source_lines.rows_behind(ctx, used))
        parts.append(element("p", line, class_="kh-quelle"))
    plain = [judgements.plain(headline.judged, ctx.book) for headline in headlines]
    return Block(element("div", *parts, class_="kh-start"), "\n".join(plain))


def _headline(ctx: Context, title: str, names: Sequence[str]) -> Headline | None:
    for name in names:
        indicator = ctx.book.indicator(name)
        if indicator.field not in ctx.params.fields:
            continue
        own_rows = ctx.newest(ctx.own(indicator), indicator)
        years = [year for year, value in own_rows.rows("year", "value") if not math.isnan(value)]
        if years and not ctx.thresholds.is_old(years[0], ctx.year):
            judged = judgements.assess(ctx, indicator)
            return Headline(title, own_rows, judged) if judged else None
    return None


def _summary(headlines: Sequence[Headline], words: Mapping[str, str], ctx: Context) -> str:
    book, parts = ctx.book.texts, []
    for tone, verdict in TONES.items():
        n = sum(headline.state.tone == tone for headline in headlines)
        symbol, word = book["verdicts"][verdict]["symbol"], book["tones"].get(tone, words["none"])
        parts += [words["part"].format(symbol=symbol, n=n, word=word)] if n else []
    return str(words["summary"].format(n=len(headlines), parts=", ".join(parts)))


def _table(headlines: Sequence[Headline], words: Mapping[str, str], ctx: Context) -> Markup:
    # The roles are those of the elements: as cards they would lose them in some browsers.
    heads = [element("th", words[key], scope="col", role="columnheader") for key in COLUMNS]
    with_page = definitions.ids_with_page(ctx)
    caption = words["caption"].format(name=ctx.params.name, year=ctx.year)
    rows = [
        _row(headline, words, ctx, headline.judged.indicator.id in with_page)
        for headline in headlines
    ]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        class_="kh-kacheln",
        role="table",
    )


def _row(headline: Headline, words: Mapping[str, str], ctx: Context, has_page: bool) -> Markup:
    book, indicator = ctx.book, headline.judged.indicator
    name = tables.title_of_group(indicator, headline.judged.group, book)
    if has_page:
        name = link(definitions.address(ctx, indicator), name)
    field = words["chapter"].format(field=book.fields[indicator.field]["title"])
    address = f"{indicator.field}/{ctx.target_group}.html"
    row = ctx.focus(headline.own_rows, indicator).first()
    value = sentences.number(float(row["value"]), indicator.unit, book)
    at = words["at"].format(year=sentences.period(str(row["period"]), book))
    cells = (
        join((element("strong", value), element("small", at)), " "),
        join(_gap(headline, words, ctx), element("br")),
        join(_course(headline, words, ctx), element("br")),
        _state(headline.state, words, ctx),
    )
    title, chapter = element("strong", headline.title), link(address, element("small", field))
    head = join((title, element("span", name), chapter), " ")
    return element(
        "tr",
        element("th", head, scope="row", role="rowheader"),
        *(
            element("td", element("div", cell), role="cell", data_kopf=words[key])
            for key, cell in zip(COLUMNS[1:], cells, strict=True)
        ),
        role="row",
    )


def _gap(headline: Headline, words: Mapping[str, str], ctx: Context) -> Iterator[str]:
    """Distance to the reference group with its ratio, and whether it grows."""
    book, indicator = ctx.book, headline.judged.indicator
    level, course = headline.judged.level, headline.judged.gap
    if level.reason in judgements.INAPPLICABLE:
        yield element("small", words["unlike"])
        return
    if level.verdict == OPEN:
        yield element("small", _shorten(level, ctx))
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
        yield words["course"].format(word=_shorten(course, ctx))


def _course(headline: Headline, words: Mapping[str, str], ctx: Context) -> Iterator[str]:
    """How the figure of the group has developed, and since when."""
    judged, text = headline.judged.development, _shorten(headline.judged.development, ctx)
    if judged.verdict == OPEN:
        yield element("small", text)
        return
    yield element("strong", text)
    first = sentences.number(judged.numbers["first"], headline.judged.indicator.unit, ctx.book)
    since = words["since"].format(first=first, year=int(judged.numbers["first_year"]))
    yield element("small", since)


def _state(judged: Judgement, words: Mapping[str, str], ctx: Context) -> Markup:
    book = ctx.book
    if judged.verdict == OPEN:
        alone = judged.reason in judgements.INAPPLICABLE
        symbol = book.texts["verdicts"][OPEN]["symbol"]
        text = f"{symbol} {words['none']}" if alone else _shorten(judged, ctx)
    else:
        tone = f" ({book.texts['tones'][judged.tone]})" if judged.tone else ""
        text = _shorten(judged, ctx) + tone
    return judgements.badge("span", text, judged.tone)


def _shorten(judged: Judgement, ctx: Context) -> str:
    """As `judgements.words`, in the shorter words of the first page where it has some."""
    content, texts = first_page_entries.load(ctx.root), ctx.book.texts
    short, verdict = content.short, texts["verdicts"][judged.verdict]
    reason = short.get(judged.reason) or texts["reasons"].get(judged.reason, "")
    if judged.verdict == OPEN:
        return str(content.words["open"].format(reason=reason))
    word = f"{verdict['symbol']} {short.get(judged.verdict, verdict['word'])}"
    return f"{word}, {reason}" if reason else word
