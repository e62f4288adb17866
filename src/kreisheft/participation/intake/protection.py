"""Which groups of a survey may be seen, decided where the answers of persons are still known.

In: the group of every person in every split, and their answers to one item. Out: the groups whose
counts may leave. Everything is asked once more by `tally`, which knows the counts only. Here a
group is hidden, too, if it follows from groups of *other* splits: taken from one another in pairs,
or by any sum of them (rank over the combinations of groups that occur).
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from kreisheft.participation.tally import LEAST, uniform

#: Groups of a person, one per split; None where that is not known.
Profile = tuple[str | None, ...]
#: A group of a split: the number of the split and the group's id.
Key = tuple[int, str | None]
Members = Mapping[Key, set[int]]
Judge = Callable[[set[int]], bool]


def groups(
    profiles: Sequence[Profile], answers: Sequence[frozenset[str]], allowed: set[Key], rest: int
) -> set[Key]:
    """Return those of the `allowed` groups that may be shown for one item.

    profiles: of the persons who answered it, with their `answers`; without answers (an empty list)
    only their number counts. rest: as in `tally`.
    """
    members: dict[Key, set[int]] = {}
    for person, profile in enumerate(profiles):
        for split, group in enumerate(profile):
            members.setdefault((split, group), set()).add(person)
    unsafe = _judge(answers, rest)
    visible = {k for k in allowed if k[1] is not None and k in members and not unsafe(members[k])}
    everybody = set(range(len(profiles)))
    while True:
        more = _by_subtraction(members, visible, everybody, unsafe) or _by_sums(
            profiles, members, visible, unsafe
        )
        if not more:
            return visible
        # The smallest group is the smallest loss.
        visible -= {min(more, key=lambda k: (len(members[k]), k[0], str(k[1])))}


def _judge(answers: Sequence[frozenset[str]], rest: int) -> Judge:
    def unsafe(persons: set[int]) -> bool:
        if not persons:
            return False
        if len(persons) < LEAST:
            return True
        if not answers:
            return False
        counted: dict[str, int] = {}
        for person in persons:
            for answer in answers[person]:
                counted[answer] = counted.get(answer, 0) + 1
        return uniform(counted, len(persons), rest)

    return unsafe


def _by_subtraction(
    members: Members, visible: set[Key], everybody: set[int], unsafe: Judge
) -> set[Key]:
    """Groups one of which must be hidden: subtracting them would reveal a small rest."""
    for split in sorted({k[0] for k in members}):
        of_split = {k for k in visible if k[0] == split}
        left = everybody.difference(*(members[k] for k in of_split)) if of_split else set()
        if unsafe(left):
            return of_split
    for a, b in combinations(sorted(visible, key=str), 2):
        if a[0] == b[0]:
            continue
        first, other = members[a], members[b]
        leaves = [big - small for big, small in ((first, other), (other, first)) if small <= big]
        if not first & other:
            leaves.append(everybody - first - other)
        if any(unsafe(left) for left in leaves):
            return {a, b}
    return set()


def _by_sums(
    profiles: Sequence[Profile], members: Members, visible: set[Key], unsafe: Judge
) -> set[Key]:
    """Groups one of which must be hidden: a hidden group is a sum of visible ones and the total."""
    splits = {k[0] for k in members}
    hidden = [k for k in members if k not in visible and unsafe(members[k])]
    if len(splits) < 2 or not hidden or not visible:
        return set()
    atoms = sorted(set(profiles), key=str)
    keys = sorted(visible, key=str)

    def vector(key: Key) -> list[float]:
        return [float(a[key[0]] == key[1]) for a in atoms]

    rows = np.array([[1.0] * len(atoms), *(vector(k) for k in keys)])
    rank = np.linalg.matrix_rank(rows)
    for key in sorted(hidden, key=str):
        if np.linalg.matrix_rank(np.vstack([rows, vector(key)])) == rank:
            return set(visible)
    return set()
