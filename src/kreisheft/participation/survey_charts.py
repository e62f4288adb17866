"""Charts of what people answered: diverging bars of a scale, and bars of a choice.

In: `Line`s and `Choice`s, which only `shares` makes. Out: specifications, as of `render.charts`.
"""

import math
from collections.abc import Mapping, Sequence

from kreisheft.catalogue.catalogue import Catalogue
from kreisheft.participation.shares import Choice, Line
from kreisheft.render import chart_templates
from kreisheft.render.charts import Spec, finish
from kreisheft.render.sentences import number


def likert(
    lines: Sequence[Line],
    names: Sequence[str],
    answers: Mapping[str, str],
    words: Mapping[str, str],
    sentence: str,
    book: Catalogue,
) -> Spec:
    """Diverging bars: what is against lies left of zero, what is for right, the middle on it.

    names: of the bars; answers: id → label, in the order of the scale
    """
    labels = [_in_lines(name) for name in names]
    sides = [answer.side for answer, _ in lines[0].shares]
    colours = dict(zip(answers, _sides(sides), strict=True))
    rows, ends, left = [], [0.0], {"against": 1.0, "neutral": 0.5}
    for label, line in zip(labels, lines, strict=True):
        at = -sum(share * left.get(answer.side, 0.0) for answer, share in line.shares)
        for answer, share in line.shares:
            place = {"a": round(at, 2), "b": round(at + share, 2), "m": round(at + share / 2, 2)}
            dark = colours[answer.id] in (chart_templates.AGAINST[0], chart_templates.FOR[-1])
            text = number(share, "personen", book)
            rows.append({"z": label, "k": answers[answer.id], "t": text, **place, "h": dark})
            ends += [at, at + share]
            at += share
    places = {
        "axis": words["share"],
        "answer": words["answer"],
        "from": 10 * math.floor(min(ends) / 10),
        "to": 10 * math.ceil(max(ends) / 10),
        "order": labels,
        "answers": list(answers.values()),
        "colours": list(colours.values()),
    }
    spec = finish(chart_templates.likert(), places, {"d": rows, "zero": [{"x": 0}]}, sentence)
    return {**spec, "height": _height(labels, 38)}


def shares(found: Choice, words: Mapping[str, str], sentence: str, book: Catalogue) -> Spec:
    """One bar per answer that could be chosen, with its share."""
    rows = [
        {"z": _in_lines(a.label), "w": round(share, 1), "t": number(share, "personen", book)}
        for a, _, share in found.shares
    ]
    labels = [str(row["z"]) for row in rows]
    places = {"axis": words["share"], "order": labels}
    spec = finish(chart_templates.shares(), places, {"d": rows}, sentence)
    return {**spec, "height": _height(labels, 30)}


def _in_lines(text: str, width: int = 34) -> str:
    """Break a label into lines for an axis, at plain blanks only."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _height(labels: Sequence[str], least: int) -> int:
    """Room for bars whose labels have several lines."""
    most = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(least, 16 * most + 8)


def _sides(sides: Sequence[str]) -> list[str]:
    """A colour per answer: dark at both ends, grey in the middle."""
    against, good = sides.count("against"), sides.count("for")
    left = [chart_templates.AGAINST[min(i, 2)] for i in range(against)]
    right = [chart_templates.FOR[max(3 - good, 0) :][min(i, 2)] for i in range(good)]
    return [*left, *[chart_templates.NEITHER] * (len(sides) - against - good), *right]
