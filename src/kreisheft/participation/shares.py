"""Shares of answers, as charts and tables take them: made from a `Tally`, and from nothing else.

In: a `Wave`. Out: a `Line` of a scale or a `Choice`, or None where they may not be shown or too few
had an opinion.
"""

from dataclasses import dataclass

from kreisheft.participation.surveys import BESIDE, Answer, Item, Wave
from kreisheft.participation.tally import LEAST, TOTAL


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


@dataclass(frozen=True)
class Choice:
    """Answers of a single or multiple choice: persons and percent, in the order offered."""

    item: Item
    n: int
    shares: tuple[tuple[Answer, int, float], ...]


def choice(wave: Wave, item: Item) -> Choice | None:
    """Shares of a choice; None where they may not be shown."""
    counts, n = wave.tally.of(item.id), wave.tally.n(item.id)
    if not counts:
        return None
    return Choice(item, n, tuple((a, counts[a.id], 100 * counts[a.id] / n) for a in item.answers))
