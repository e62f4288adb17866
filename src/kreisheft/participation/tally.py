"""The gate of counted answers: what passes is a `Tally`, and nothing else is shown.

In: counts of one wave, as a file holds them. Out: a `Tally`, or a `Problem` per count that must not
be seen. The same guarantee as `Protected`: pages, charts and sentences take nothing else.

1. Nothing is counted for fewer than ten persons.
2. What is left of all when the shown groups of a split are taken away is nobody, or again at least
   ten: else their answers would follow by subtraction.
3. No group, and no such rest, in which fewer than the threshold answered otherwise than the others:
   there the answer of everyone would be known.

`protection` sees to all of it, and to more, where the answers of persons are known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kreisheft.core.errors import Problem

#: Smallest number of persons that is counted at all.
LEAST = 10
#: The split that is none, and its only group.
TOTAL = "insgesamt"


@dataclass(frozen=True, order=True)
class Count:
    """How many of `n` persons of a group gave an answer to an item."""

    item: str
    split: str
    group: str
    n: int
    answer: str
    count: int


@dataclass(frozen=True)
class Tally:
    """Counts that may be shown. Made by `admit` and by nothing else."""

    counts: tuple[Count, ...]

    def of(self, item: str, split: str = TOTAL, group: str = TOTAL) -> dict[str, int]:
        """Answer → persons; empty if nothing may be shown."""
        return {c.answer: c.count for c in self._cells.get((item, split, group), ())}

    def n(self, item: str, split: str = TOTAL, group: str = TOTAL) -> int:
        """Persons of a group who answered an item; 0 if nothing may be shown."""
        return next((c.n for c in self._cells.get((item, split, group), ())), 0)

    @cached_property
    def _cells(self) -> dict[tuple[str, str, str], list[Count]]:
        cells: dict[tuple[str, str, str], list[Count]] = {}
        for c in self.counts:
            cells.setdefault((c.item, c.split, c.group), []).append(c)
        return cells


def admit(counts: Iterable[Count], exclusive: Mapping[str, bool], rest: int) -> Tally:
    """Make a `Tally` of counts without `problems`; ValueError that lists them if there are any."""
    passed = tuple(counts)
    faults = list(problems(passed, exclusive, rest))
    if faults:
        raise ValueError("; ".join(p.what for p in faults))
    return Tally(passed)


def uniform(counts: Mapping[str, int], n: int, rest: int) -> bool:
    """Whether fewer than `rest` of `n` persons gave another answer than the most frequent one."""
    return n - max(counts.values(), default=0) < rest


def problems(
    counts: Sequence[Count], exclusive: Mapping[str, bool], rest: int, where: str = ""
) -> Iterator[Problem]:
    """Problems of counts that must not be shown, or that cannot be true.

    exclusive: item → whether one person gives one answer; rest: threshold of rule 3
    """
    cells: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    persons: dict[tuple[str, str, str], set[int]] = {}
    for c in counts:
        given = cells.setdefault((c.item, c.split), {}).setdefault(c.group, {})
        if c.answer in given:
            yield _problem(where, c.item, c.split, c.group, f"{c.answer!r} is counted twice")
        given[c.answer] = c.count
        persons.setdefault((c.item, c.split, c.group), set()).add(c.n)
    for (item, split, group), sizes in persons.items():
        answers, n = cells[item, split][group], max(sizes)
        if len(sizes) > 1:
            yield _problem(where, item, split, group, "has several numbers of persons")
        if n < LEAST:
            yield _problem(where, item, split, group, f"fewer than {LEAST} persons")
        if min(answers.values()) < 0 or max(answers.values()) > n:
            yield _problem(where, item, split, group, "counts more persons than there are")
        if exclusive[item] and sum(answers.values()) != n:
            yield _problem(where, item, split, group, "answers do not add up to the persons")
        if split != TOTAL and uniform(answers, n, rest):
            yield _problem(where, item, split, group, "(nearly) all gave the same answer")
    for (item, split), groups in cells.items():
        whole = cells.get((item, TOTAL), {}).get(TOTAL)
        if split == TOTAL or whole is None:
            if whole is None:
                yield _problem(where, item, split, "", "has no count of all")
            continue
        total = max(persons[item, TOTAL, TOTAL])
        left = total - sum(max(persons[item, split, g]) for g in groups)
        if left == 0:
            continue
        remains = {a: n - sum(g.get(a, 0) for g in groups.values()) for a, n in whole.items()}
        if left < LEAST or min(remains.values()) < 0:
            what = f"the groups leave {LEAST - 1} persons or fewer, whose answers would be known"
            yield _problem(where, item, split, "", what)
        elif uniform(remains, left, rest):
            what = "(nearly) all who are in no shown group gave the same answer"
            yield _problem(where, item, split, "", what)


def _problem(where: str, item: str, split: str, group: str, what: str) -> Problem:
    named = ", ".join(n for n in (item, split, group) if n)
    fix = "import the survey again; do not change the counts by hand"
    return Problem(f"{where}, {named}" if where else named, what, fix)
