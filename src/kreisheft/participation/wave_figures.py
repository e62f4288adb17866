"""Waves of a survey, and groups of those who answered, beside each other.

In: `Wave`s. Out: for each item diverging bars, and for all of them one table of shares in favour.
A difference is that of the shares as they are printed. It says nothing of all people: in each wave
others have answered, and groups are those who answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kreisheft.participation import answer_figures, shares
from kreisheft.participation.shares import Line
from kreisheft.participation.surveys import FOR, Item, Split, Wave
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.chapters.chapter import Chapter

#: Waves whose shares differ by less points are called even.
EVEN = 5


def of_waves(waves: Sequence[Wave], item: str) -> list[tuple[Wave, Line]]:
    """One item in all waves that asked it and may show it."""
    asked = [(w, i) for w in waves if (i := w.item(item)) and i.kind == "scale"]
    return [(w, one) for w, i in asked if (one := shares.line(w, i, w.wave.replace("_", " ")))]


def of_groups(wave: Wave, split: Split, item: Item) -> list[Line]:
    """One item in the groups of a split that may be shown."""
    found = (shares.line(wave, item, g.title, split.id, g.id) for g in split.groups)
    return [one for one in found if one]


def compared(chapter: Chapter, found: Sequence[tuple[Wave, Line]], key: str) -> Figure:
    """One item, wave by wave. found: two or more of `of_waves`."""
    words, lines = chapter.said_words, [one for _, one in found]
    first, last = lines[0], lines[-1]
    gap = _points(last) - _points(first)
    kind = "even" if abs(gap) < EVEN else "rose" if gap > 0 else "fell"
    sentence = words["sentences"][kind].format(
        text=last.item.text,
        first=answer_figures.percent(first.share(FOR), chapter),
        first_wave=first.of,
        first_n=answer_figures.count(first.n, chapter),
        last=answer_figures.percent(last.share(FOR), chapter),
        last_wave=last.of,
        last_n=answer_figures.count(last.n, chapter),
        gap=abs(gap),
    )
    sentence = f"{sentence} {words['sentences']['waves_caveat']}"
    waves, head = [w for w, _ in found], words["columns"]["wave"]
    return answer_figures.bars(chapter, key, sentence, last.item.text, lines, head, waves)


def by_group(chapter: Chapter, wave: Wave, split: Split, lines: Sequence[Line], key: str) -> Figure:
    """One item, group by group. lines: two or more of `of_groups`."""
    words, high, low = chapter.said_words, *_ends(lines)
    sentence = words["sentences"]["groups"].format(
        text=high.item.text,
        high=high.of,
        high_share=answer_figures.percent(high.share(FOR), chapter),
        high_n=answer_figures.count(high.n, chapter),
        low=low.of,
        low_share=answer_figures.percent(low.share(FOR), chapter),
        low_n=answer_figures.count(low.n, chapter),
    )
    sentence = f"{sentence} {words['sentences']['groups_caveat']}"
    return answer_figures.bars(chapter, key, sentence, high.item.text, lines, split.title, [wave])


def waves_table(chapter: Chapter, found: Sequence[Sequence[tuple[Wave, Line]]], key: str) -> Figure:
    """All items, one column per wave, and the one that changed most."""
    words = chapter.said_words
    waves = sorted({w.wave: w for rows in found for w, _ in rows}.values(), key=lambda w: w.end)
    most = max(found, key=lambda rows: abs(_points(rows[-1][1]) - _points(rows[0][1])))
    (_, first), (_, last) = most[0], most[-1]
    sentence = words["sentences"]["changes"].format(
        text=last.item.text,
        first_wave=first.of,
        last_wave=last.of,
        first=answer_figures.percent(first.share(FOR), chapter),
        last=answer_figures.percent(last.share(FOR), chapter),
    )
    rows = [(r[-1][1].item.text, {one.of: one for _, one in r}) for r in found]
    caption = words["page"]["waves_caption"].format(title=waves[-1].head["title"])
    columns = [w.wave.replace("_", " ") for w in waves]
    table = _shares(chapter, caption, words["columns"]["item"], columns, rows)
    sentence = f"{sentence} {words['sentences']['waves_caveat']}"
    return Figure(key, sentence, table, "", answer_figures.source(chapter, waves))


def groups_table(
    chapter: Chapter, wave: Wave, split: Split, found: Sequence[Sequence[Line]], key: str
) -> Figure:
    """All items, one column per group, and the one in which groups differ most."""
    words = chapter.said_words
    high, low = max((_ends(lines) for lines in found), key=lambda e: _points(e[0]) - _points(e[1]))
    sentence = words["sentences"]["spread"].format(
        text=high.item.text,
        high=high.of,
        high_share=answer_figures.percent(high.share(FOR), chapter),
        low=low.of,
        low_share=answer_figures.percent(low.share(FOR), chapter),
    )
    rows = [(lines[0].item.text, {one.of: one for one in lines}) for lines in found]
    title, columns = wave.head["title"], [g.title for g in split.groups]
    caption = words["page"]["groups_caption"].format(title=title, wave=wave.wave)
    table = _shares(chapter, caption, words["columns"]["item"], columns, rows)
    sentence = f"{sentence} {words['sentences']['groups_caveat']}"
    return Figure(key, sentence, table, "", answer_figures.source(chapter, [wave]))


def _shares(
    chapter: Chapter,
    caption: str,
    head: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Mapping[str, Line]]],
) -> Table:
    """Share in favour and number of answers, where they may be shown."""
    form, none = chapter.said_words["page"]["share_n"], str(chapter.book.texts["status"]["none"])

    def cell(one: Line | None) -> str:
        if one is None:
            return none
        return str(form).format(
            share=answer_figures.percent(one.share(FOR), chapter),
            n=answer_figures.count(one.n, chapter),
        )

    cells = tuple((text, *(cell(found.get(c)) for c in columns)) for text, found in rows)
    return Table(caption, (head, *columns), cells)


def _ends(lines: Sequence[Line]) -> tuple[Line, Line]:
    """The line most in favour, and the one least; the first of equals."""
    return max(lines, key=lambda x: x.share(FOR)), min(lines, key=lambda x: x.share(FOR))


def _points(one: Line) -> int:
    """Share in favour as it is printed, so that a difference is that of what a reader sees."""
    return int(one.share(FOR) + 0.5)
