"""Waves of a survey, and groups of those who answered, beside each other.

In: `Wave`s. Out: for each item diverging bars, and for all of them one table of shares in favour.
A difference is that of the shares as they are printed. It says nothing of all people: in each wave
others have answered, and groups are those who answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kreisheft.participation import answer_figures, collection, shares
from kreisheft.participation.shares import Line
from kreisheft.participation.surveys import FOR, Item, Split, Wave
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.figures.context import Context


def of_waves(waves: Sequence[Wave], item: str) -> list[tuple[Wave, Line]]:
    """One item in all waves that asked it and may show it."""
    asked = [(w, i) for w in waves if (i := w.item(item)) and i.kind == "scale"]
    return [(w, one) for w, i in asked if (one := shares.line(w, i, w.wave.replace("_", " ")))]


def of_groups(wave: Wave, split: Split, item: Item) -> list[Line]:
    """One item in the groups of a split that may be shown."""
    found = (shares.line(wave, item, g.title, split.id, g.id) for g in split.groups)
    return [one for one in found if one]


def compared(ctx: Context, found: Sequence[tuple[Wave, Line]], key: str) -> Figure:
    """One item, wave by wave. found: two or more of `of_waves`."""
    words, lines = collection.words_of(ctx), [one for _, one in found]
    first, last = lines[0], lines[-1]
    gap = _points(last) - _points(first)
    kind = "even" if abs(gap) < ctx.thresholds.waves_even else "rose" if gap > 0 else "fell"
    sentence = words["sentences"][kind].format(
        text=last.item.text,
        first=answer_figures.percent(first.share(FOR), ctx),
        first_wave=first.of,
        first_n=answer_figures.count(first.n, ctx),
        last=answer_figures.percent(last.share(FOR), ctx),
        last_wave=last.of,
        last_n=answer_figures.count(last.n, ctx),
        gap=abs(gap),
    )
    sentence = f"{sentence} {words['sentences']['waves_caveat']}"
    waves, head = [w for w, _ in found], words["columns"]["wave"]
    return answer_figures.bars(ctx, key, sentence, last.item.text, lines, head, waves)


def by_group(ctx: Context, wave: Wave, split: Split, lines: Sequence[Line], key: str) -> Figure:
    """One item, group by group. lines: two or more of `of_groups`."""
    words, high, low = collection.words_of(ctx), *_ends(lines)
    sentence = words["sentences"]["groups"].format(
        text=high.item.text,
        high=high.of,
        high_share=answer_figures.percent(high.share(FOR), ctx),
        high_n=answer_figures.count(high.n, ctx),
        low=low.of,
        low_share=answer_figures.percent(low.share(FOR), ctx),
        low_n=answer_figures.count(low.n, ctx),
    )
    sentence = f"{sentence} {words['sentences']['groups_caveat']}"
    return answer_figures.bars(ctx, key, sentence, high.item.text, lines, split.title, [wave])


def waves_table(ctx: Context, found: Sequence[Sequence[tuple[Wave, Line]]], key: str) -> Figure:
    """All items, one column per wave, and the one that changed most."""
    words = collection.words_of(ctx)
    waves = sorted({w.wave: w for rows in found for w, _ in rows}.values(), key=lambda w: w.end)
    most = max(found, key=lambda rows: abs(_points(rows[-1][1]) - _points(rows[0][1])))
    (_, first), (_, last) = most[0], most[-1]
    sentence = words["sentences"]["changes"].format(
        text=last.item.text,
        first_wave=first.of,
        last_wave=last.of,
        first=answer_figures.percent(first.share(FOR), ctx),
        last=answer_figures.percent(last.share(FOR), ctx),
    )
    rows = [(r[-1][1].item.text, {one.of: one for _, one in r}) for r in found]
    caption = words["page"]["waves_caption"].format(title=waves[-1].head["title"])
    columns = [w.wave.replace("_", " ") for w in waves]
    table = _shares(ctx, caption, words["columns"]["item"], columns, rows)
    sentence = f"{sentence} {words['sentences']['waves_caveat']}"
    return Figure(key, sentence, table, "", answer_figures.source(ctx, waves))


def groups_table(
    ctx: Context, wave: Wave, split: Split, found: Sequence[Sequence[Line]], key: str
) -> Figure:
    """All items, one column per group, and the one in which groups differ most."""
    words = collection.words_of(ctx)
    high, low = max((_ends(lines) for lines in found), key=lambda e: _points(e[0]) - _points(e[1]))
    sentence = words["sentences"]["spread"].format(
        text=high.item.text,
        high=high.of,
        high_share=answer_figures.percent(high.share(FOR), ctx),
        low=low.of,
        low_share=answer_figures.percent(low.share(FOR), ctx),
    )
    rows = [(lines[0].item.text, {one.of: one for one in lines}) for lines in found]
    title, columns = wave.head["title"], [g.title for g in split.groups]
    caption = words["page"]["groups_caption"].format(title=title, wave=wave.wave)
    table = _shares(ctx, caption, words["columns"]["item"], columns, rows)
    sentence = f"{sentence} {words['sentences']['groups_caveat']}"
    return Figure(key, sentence, table, "", answer_figures.source(ctx, [wave]))


def _shares(
    ctx: Context,
    caption: str,
    head: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Mapping[str, Line]]],
) -> Table:
    """Share in favour and number of answers, where they may be shown."""
    form, none = collection.words_of(ctx)["page"]["share_n"], str(ctx.book.texts["status"]["none"])

    def cell(one: Line | None) -> str:
        if one is None:
            return none
        return str(form).format(
            share=answer_figures.percent(one.share(FOR), ctx),
            n=answer_figures.count(one.n, ctx),
        )

    cells = tuple((text, *(cell(found.get(c)) for c in columns)) for text, found in rows)
    return Table(caption, (head, *columns), cells)


def _ends(lines: Sequence[Line]) -> tuple[Line, Line]:
    """The line most in favour, and the one least; the first of equals."""
    return max(lines, key=lambda x: x.share(FOR)), min(lines, key=lambda x: x.share(FOR))


def _points(one: Line) -> int:
    """Share in favour as it is printed, so that a difference is that of what a reader sees."""
    return int(one.share(FOR) + 0.5)
