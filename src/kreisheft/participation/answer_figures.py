"""Answers as figures: diverging bars of a scale, bars of a choice.

In: `Wave`s, whose counts are a `Tally`. Out: `Figure`s with a sentence, a table and a chart; words
come from ``data/catalogue/beteiligung.yml``. Shares are those of persons with an opinion; who has
none is counted beside. Shown only where at least ten have one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kreisheft.participation import collection, shares
from kreisheft.participation.chart_kinds import answer_bars, likert_bars
from kreisheft.participation.shares import Line
from kreisheft.participation.surveys import FOR, Answer, Item, Wave
from kreisheft.render import sentences
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

NBSP, NEITHER = "\N{NO-BREAK SPACE}", "\N{WHITE CIRCLE}"


def agreement(ctx: Context, wave: Wave, items: Sequence[Item], key: str) -> Figure | None:
    """All items of one question with the same answers, in one wave."""
    lines = [line for i in items if (line := shares.line(wave, i))]
    if not lines:
        return None
    words = collection.words_of(ctx)
    sentence = _describe_highest(lines, ctx)
    caption = f"{items[0].question} ({wave.wave})" if items[0].question else wave.head["title"]
    return line_bars(ctx, key, sentence, caption, lines, words["columns"]["item"], [wave])


def choice_bars(ctx: Context, wave: Wave, item: Item, key: str) -> Figure | None:
    """Answers of a single or multiple choice, in the order in which they were offered."""
    choice, words = shares.choice(wave, item), collection.words_of(ctx)
    if choice is None:
        return None
    most, _, share = max(choice.shares, key=lambda s: s[1])
    sentence = words["sentences"][item.kind].format(
        text=item.text,
        label=most.label,
        share=percent(share, ctx),
        n=count(choice.n, ctx),
    )
    heads = (words["columns"]["answer"], words["columns"]["persons"], words["columns"]["share"])
    rows = tuple((a.label, count(c, ctx), percent(s, ctx)) for a, c, s in choice.shares)
    caption = f"{item.text} ({wave.wave}, n = {count(choice.n, ctx)})"
    spec = answer_bars.fill(choice, words["columns"], sentence, ctx.book)
    name = words["page"]["chart_name"].format(caption=caption)
    return Figure(key, sentence, Table(caption, heads, rows), name, source(ctx, [wave]), spec)


def percent(share: float, ctx: Context) -> str:
    """``62 %``: no decimals, for those who answered are few."""
    return f"{count(share, ctx)}{NBSP}%"


def count(number: float, ctx: Context) -> str:
    """A number of persons as text: ``1.765``."""
    return sentences.number(number, "personen", ctx.book)


def source(ctx: Context, waves: Sequence[Wave]) -> str:
    """Who asked when, once per wave."""
    page = collection.words_of(ctx)["page"]
    parts = [
        page["source_survey"].format(
            title=w.head["title"], responsible=w.head["responsible"], period=period(w.head)
        )
        for w in waves
    ]
    return "; ".join(dict.fromkeys(parts))


def period(head: Mapping[str, object]) -> str:
    """``01.03.2024 bis 15.04.2024``, or one day."""
    days = [sentences.day(str(head[k])) for k in ("from", "to")]
    return "\N{EN DASH}".join(dict.fromkeys(days))


def _describe_highest(lines: Sequence[Line], ctx: Context) -> str:
    words = collection.words_of(ctx)["sentences"]
    if len(lines) == 1:
        line = lines[0]
        sides = [[a.label for a, _ in line.shares if a.side == s] for s in ("against", FOR)]
        against, good = (f" {words['or']} ".join(s) for s in sides)
        return str(words["one"]).format(
            text=line.item.text.rstrip("."),
            for_=percent(line.share(FOR), ctx),
            against=percent(line.share("against"), ctx),
            good=good,
            bad=against,
            n=count(line.n, ctx),
        )
    high, low = max(lines, key=lambda x: x.share(FOR)), min(lines, key=lambda x: x.share(FOR))
    kind = "same" if high.share(FOR) == low.share(FOR) else "most"
    return str(words[kind]).format(
        high=high.item.text,
        high_share=percent(high.share(FOR), ctx),
        low=low.item.text,
        low_share=percent(low.share(FOR), ctx),
    )


def line_bars(
    ctx: Context,
    key: str,
    sentence: str,
    caption: str,
    lines: Sequence[Line],
    head: str,
    waves: Sequence[Wave],
) -> Figure:
    """Figure with table and diverging bars, one per line; head: of the column that names them."""
    words = collection.words_of(ctx)
    answers = [a for a, _ in lines[0].shares]
    marks = mark_answers(answers)
    heads = (head, *(marks[a.id] for a in answers), words["kinds"]["beside"], words["columns"]["n"])
    rows = tuple(
        (
            line.of or line.item.text,
            *(percent(s, ctx) for _, s in line.shares),
            count(line.beside, ctx),
            count(line.n, ctx),
        )
        for line in lines
    )
    if not any(line.beside for line in lines):
        heads = (*heads[:-2], heads[-1])
        rows = tuple((*row[:-2], row[-1]) for row in rows)
    names = [f"{line.of or line.item.text} (n{NBSP}={NBSP}{count(line.n, ctx)})" for line in lines]
    spec = likert_bars.fill(lines, names, marks, words["columns"], sentence, ctx.book)
    name = words["page"]["chart_name"].format(caption=caption)
    return Figure(key, sentence, Table(caption, heads, rows), name, source(ctx, waves), spec)


def mark_answers(answers: Sequence[Answer]) -> dict[str, str]:
    """Id of an answer → its label with a symbol, so that no meaning depends on colour alone."""
    against = [a for a in answers if a.side == "against"]
    good = [a for a in answers if a.side == FOR]
    symbols = {a.id: "\N{MINUS SIGN}" * (len(against) - i) for i, a in enumerate(against)}
    symbols |= {a.id: "+" * (i + 1) for i, a in enumerate(good)}
    return {a.id: f"{symbols.get(a.id, NEITHER)} {a.label}" for a in answers}
