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
    return [(w, line) for w, i in asked if (line := shares.line(w, i, w.wave.replace("_", " ")))]


def of_groups(wave: Wave, split: Split, item: Item) -> list[Line]:
    """One item in the groups of a split that may be shown."""
    lines = (shares.line(wave, item, g.title, split.id, g.id) for g in split.groups)
    return [line for line in lines if line]


def compare_waves(ctx: Context, lines_of_waves: Sequence[tuple[Wave, Line]], key: str) -> Figure:
    """One item, wave by wave. lines_of_waves: two or more of `of_waves`."""
    words, lines = collection.words_of(ctx), [line for _, line in lines_of_waves]
    first, last = lines[0], lines[-1]
    gap = _printed_share(last) - _printed_share(first)
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
    waves, head = [w for w, _ in lines_of_waves], words["columns"]["wave"]
    return answer_figures.line_bars(ctx, key, sentence, last.item.text, lines, head, waves)


def compare_groups(
    ctx: Context, wave: Wave, split: Split, lines: Sequence[Line], key: str
) -> Figure:
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
    return answer_figures.line_bars(ctx, key, sentence, high.item.text, lines, split.title, [wave])


def waves_table(
    ctx: Context, lines_of_items: Sequence[Sequence[tuple[Wave, Line]]], key: str
) -> Figure:
    """All items, one column per wave, and the one that changed most."""
    words = collection.words_of(ctx)
    waves = sorted(
        {w.wave: w for rows in lines_of_items for w, _ in rows}.values(), key=lambda w: w.end
    )
    most = max(
        lines_of_items,
        key=lambda rows: abs(_printed_share(rows[-1][1]) - _printed_share(rows[0][1])),
    )
    (_, first), (_, last) = most[0], most[-1]
    sentence = words["sentences"]["changes"].format(
        text=last.item.text,
        first_wave=first.of,
        last_wave=last.of,
        first=answer_figures.percent(first.share(FOR), ctx),
        last=answer_figures.percent(last.share(FOR), ctx),
    )
    rows = [(r[-1][1].item.text, {line.of: line for _, line in r}) for r in lines_of_items]
    caption = words["page"]["waves_caption"].format(title=waves[-1].head["title"])
    columns = [w.wave.replace("_", " ") for w in waves]
    table = _shares(ctx, caption, words["columns"]["item"], columns, rows)
    sentence = f"{sentence} {words['sentences']['waves_caveat']}"
    return Figure(key, sentence, table, "", answer_figures.source(ctx, waves))


def groups_table(
    ctx: Context, wave: Wave, split: Split, lines_of_items: Sequence[Sequence[Line]], key: str
) -> Figure:
    """All items, one column per group, and the one in which groups differ most."""
    words = collection.words_of(ctx)
    high, low = max(
        (_ends(lines) for lines in lines_of_items),
        key=lambda e: _printed_share(e[0]) - _printed_share(e[1]),
    )
    sentence = words["sentences"]["spread"].format(
        text=high.item.text,
        high=high.of,
        high_share=answer_figures.percent(high.share(FOR), ctx),
        low=low.of,
        low_share=answer_figures.percent(low.share(FOR), ctx),
    )
    rows = [(lines[0].item.text, {line.of: line for line in lines}) for lines in lines_of_items]
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

    def cell(line: Line | None) -> str:
        if line is None:
            return none
        return str(form).format(
            share=answer_figures.percent(line.share(FOR), ctx),
            n=answer_figures.count(line.n, ctx),
        )

    cells = tuple((text, *(cell(by_column.get(c)) for c in columns)) for text, by_column in rows)
    return Table(caption, (head, *columns), cells)


def _ends(lines: Sequence[Line]) -> tuple[Line, Line]:
    """The line most in favour, and the one least; the first of equals."""
    return max(lines, key=lambda x: x.share(FOR)), min(lines, key=lambda x: x.share(FOR))


def _printed_share(line: Line) -> int:
    """Share in favour as printed, in whole percent: differences are those a reader sees."""
    return int(line.share(FOR) + 0.5)
