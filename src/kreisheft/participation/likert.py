"""Answers as figures: diverging bars of a scale, waves and groups beside each other, choices.

In: `Wave`s, whose counts are a `Tally`. Out: `Figure`s with a sentence, a table and a chart; words
come from ``data/catalogue/beteiligung.yml``. Shares are those of persons with an opinion; who has
none is counted beside. Shown only where at least ten have one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kreisheft import charts, texts
from kreisheft.figure import Figure
from kreisheft.participation.surveys import BESIDE, FOR, TOTAL, Answer, Item, Split, Wave
from kreisheft.participation.tally import LEAST
from kreisheft.tables import Table

if TYPE_CHECKING:
    from kreisheft.chapter import Chapter

#: Waves whose shares differ by less points are called even.
EVEN = 5.0
NBSP, NEITHER = "\N{NO-BREAK SPACE}", "\N{WHITE CIRCLE}"


@dataclass(frozen=True)
class Line:
    """One bar: what was asked (or of whom), how many had an opinion, share of each answer."""

    item: Item
    of: str
    n: int
    shares: tuple[tuple[Answer, float], ...]
    beside: int

    def share(self, side: str) -> float:
        """Sum of the answers of one side, in percent."""
        return sum(share for answer, share in self.shares if answer.side == side)


def line(
    wave: Wave, item: Item, of: str = "", split: str = TOTAL, group: str = TOTAL
) -> Line | None:
    """Shares of a scale; None where they may not be shown or too few had an opinion."""
    counts = wave.tally.of(item.id, split, group)
    judged = [a for a in item.answers if a.side != BESIDE]
    n = sum(counts.get(a.id, 0) for a in judged)
    if not counts or n < LEAST:
        return None
    shares = tuple((a, 100 * counts[a.id] / n) for a in judged)
    return Line(item, of, n, shares, sum(counts.values()) - n)


def agreement(chapter: Chapter, wave: Wave, items: Sequence[Item], key: str) -> Figure | None:
    """All items of one question with the same answers, in one wave."""
    found = [one for i in items if (one := line(wave, i))]
    if not found:
        return None
    words = said(chapter)
    sentence = _highest(found, chapter)
    caption = f"{items[0].question} ({wave.wave})" if items[0].question else wave.head["title"]
    return _figure(chapter, key, sentence, caption, found, words["columns"]["item"], [wave])


def compared(chapter: Chapter, waves: Sequence[Wave], item: str, key: str) -> Figure | None:
    """One item in all waves that asked it; None if they are fewer than two."""
    asked = [(w, i) for w in waves if (i := w.item(item)) and i.kind == "scale"]
    lines = [(w, one) for w, i in asked if (one := line(w, i, w.wave.replace("_", " ")))]
    if len(lines) < 2:
        return None
    words, found = said(chapter), [one for _, one in lines]
    gap = found[-1].share(FOR) - found[0].share(FOR)
    kind = "even" if abs(gap) < EVEN else "rose" if gap > 0 else "fell"
    sentence = words["sentences"][kind].format(
        text=found[0].item.text,
        first=percent(found[0].share(FOR), chapter),
        first_wave=found[0].of,
        first_n=count(found[0].n, chapter),
        last=percent(found[-1].share(FOR), chapter),
        last_wave=found[-1].of,
        last_n=count(found[-1].n, chapter),
        gap=count(abs(gap), chapter),
    )
    sentence = f"{sentence} {words['sentences']['waves_caveat']}"
    caption = found[-1].item.text
    return _figure(
        chapter, key, sentence, caption, found, words["columns"]["wave"], [w for w, _ in lines]
    )


def by_group(chapter: Chapter, wave: Wave, split: Split, item: Item, key: str) -> Figure | None:
    """One item in the groups of a split that may be shown; None if they are fewer than two."""
    lines = [one for g in split.groups if (one := line(wave, item, g.title, split.id, g.id))]
    if len(lines) < 2:
        return None
    words = said(chapter)
    high, low = max(lines, key=lambda x: x.share(FOR)), min(lines, key=lambda x: x.share(FOR))
    sentence = words["sentences"]["groups"].format(
        text=item.text,
        high=high.of,
        high_share=percent(high.share(FOR), chapter),
        high_n=count(high.n, chapter),
        low=low.of,
        low_share=percent(low.share(FOR), chapter),
        low_n=count(low.n, chapter),
    )
    sentence = f"{sentence} {words['sentences']['groups_caveat']}"
    return _figure(chapter, key, sentence, item.text, lines, split.title, [wave])


def chosen(chapter: Chapter, wave: Wave, item: Item, key: str) -> Figure | None:
    """Answers of a single or multiple choice, in the order in which they were offered."""
    counts, n = wave.tally.of(item.id), wave.tally.n(item.id)
    if not counts:
        return None
    words = said(chapter)
    shares = [(a.label, counts[a.id], 100 * counts[a.id] / n) for a in item.answers]
    label, _, share = max(shares, key=lambda s: s[1])
    sentence = words["sentences"][item.kind].format(
        text=item.text, label=label, share=percent(share, chapter), n=count(n, chapter)
    )
    heads = (words["columns"]["answer"], words["columns"]["persons"], words["columns"]["share"])
    rows = tuple((a, count(c, chapter), percent(s, chapter)) for a, c, s in shares)
    caption = f"{item.text} ({wave.wave}, n = {count(n, chapter)})"
    spec = charts.shares([(wrapped(a), s) for a, _, s in shares], words["columns"], sentence)
    table = Table(caption, heads, rows)
    name = words["page"]["chart_name"].format(caption=caption)
    return Figure(key, sentence, table, name, source(chapter, [wave]), spec)


def said(chapter: Chapter) -> Mapping[str, Any]:
    """All words of this room."""
    return chapter.said_words


def percent(share: float, chapter: Chapter) -> str:
    """``62 %``: no decimals, for those who answered are few."""
    return f"{count(share, chapter)}{NBSP}%"


def count(number: float, chapter: Chapter) -> str:
    """``1.765``."""
    return texts.number(number, "personen", chapter.book)


def source(chapter: Chapter, waves: Sequence[Wave]) -> str:
    """Who asked when, once per wave."""
    page = said(chapter)["page"]
    parts = [
        page["source_survey"].format(
            title=w.head["title"], responsible=w.head["responsible"], period=period(w.head)
        )
        for w in waves
    ]
    return "; ".join(dict.fromkeys(parts))


def period(head: Mapping[str, Any]) -> str:
    """``01.03.2024 bis 15.04.2024``, or one day."""
    days = [texts.period(str(head[k])) for k in ("from", "to")]
    return "\N{EN DASH}".join(dict.fromkeys(days))


def wrapped(text: str, width: int = 34) -> str:
    """Break a label into lines for an axis."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _highest(found: Sequence[Line], chapter: Chapter) -> str:
    words = said(chapter)["sentences"]
    if len(found) == 1:
        one = found[0]
        sides = [[a.label for a, _ in one.shares if a.side == s] for s in ("against", FOR)]
        against, good = (f" {words['or']} ".join(s) for s in sides)
        return str(words["one"]).format(
            text=one.item.text,
            for_=percent(one.share(FOR), chapter),
            against=percent(one.share("against"), chapter),
            good=good,
            bad=against,
            n=count(one.n, chapter),
        )
    high, low = max(found, key=lambda x: x.share(FOR)), min(found, key=lambda x: x.share(FOR))
    kind = "same" if high.share(FOR) == low.share(FOR) else "most"
    return str(words[kind]).format(
        high=high.item.text,
        high_share=percent(high.share(FOR), chapter),
        low=low.item.text,
        low_share=percent(low.share(FOR), chapter),
    )


def _figure(
    chapter: Chapter,
    key: str,
    sentence: str,
    caption: str,
    found: Sequence[Line],
    head: str,
    waves: Sequence[Wave],
) -> Figure:
    words = said(chapter)
    answers = [a for a, _ in found[0].shares]
    marks = marked(answers)
    heads = (head, *(marks[a.id] for a in answers), words["kinds"]["beside"], words["columns"]["n"])
    rows = tuple(
        (
            one.of or one.item.text,
            *(percent(s, chapter) for _, s in one.shares),
            count(one.beside, chapter),
            count(one.n, chapter),
        )
        for one in found
    )
    if not any(one.beside for one in found):
        heads = (*heads[:-2], heads[-1])
        rows = tuple((*row[:-2], row[-1]) for row in rows)
    bars = [
        (
            wrapped(f"{one.of or one.item.text} (n = {count(one.n, chapter)})"),
            [(marks[a.id], a.side, s) for a, s in one.shares],
        )
        for one in found
    ]
    spec = charts.likert(bars, words["columns"], sentence)
    name = words["page"]["chart_name"].format(caption=caption)
    return Figure(key, sentence, Table(caption, heads, rows), name, source(chapter, waves), spec)


def marked(answers: Sequence[Answer]) -> dict[str, str]:
    """Answer → its label with a symbol, so that no colour speaks alone."""
    against = [a for a in answers if a.side == "against"]
    good = [a for a in answers if a.side == FOR]
    symbols = {a.id: "\N{MINUS SIGN}" * (len(against) - i) for i, a in enumerate(against)}
    symbols |= {a.id: "+" * (i + 1) for i, a in enumerate(good)}
    return {a.id: f"{symbols.get(a.id, NEITHER)} {a.label}" for a in answers}
