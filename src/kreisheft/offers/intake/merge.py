"""Offers from outside beside the directory: what is new, what changed, what stays.

A column of the incoming file decides, even where it is empty; columns that it does not have keep
their value. Nothing is ever deleted: an offer ends with the status ``defunct``.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kreisheft.core.errors import Problem
from kreisheft.offers import offer
from kreisheft.offers.offer import Offer
from kreisheft.offers.vocabulary import Vocabulary

#: Makes ids of offers that come without one, from title, provider and place: the same each time.
_SPACE = uuid.UUID("6f1f0f58-6a0c-5d0b-9d3f-0c8f3a5b7e21")


@dataclass(frozen=True)
class Change:
    """One offer with its cells that differ: column, before, after. No cells: it is new."""

    offer: Offer
    cells: tuple[tuple[str, str, str], ...] = ()
    new: bool = False


@dataclass(frozen=True)
class Difference:
    """What merging would do. kept: offers of the directory that the file does not mention."""

    changes: tuple[Change, ...]
    same: int
    kept: int

    def __str__(self) -> str:
        lines = []
        for change in self.changes:
            title = f"{change.offer.get('name')} ({change.offer.get('organization')})"
            lines.append(f"{'+' if change.new else '~'} {title}  [{change.offer.id}]")
            lines += [f"    {c}: {_shown(a)} → {_shown(b)}" for c, a, b in change.cells]
        new = sum(c.new for c in self.changes)
        counted = f"{new} new, {len(self.changes) - new} changed, {self.same} the same"
        return "\n".join([*lines, f"{counted}; {self.kept} of the directory not in this file"])


def compare(
    known: Sequence[Offer],
    incoming: Sequence[tuple[Offer, str]],
    columns: set[str],
    words: Vocabulary,
) -> tuple[Difference, list[tuple[int, Problem]]]:
    """Hold incoming offers (with their places) against the directory.

    columns: which ones the file has. The second part are the positions of offers that would stand
    there twice or belong to a file that commands do not write, with the problem of each.
    """
    by_id = {o.id: o for o in known}
    by_twin = {o.twin: o for o in known}
    changes: list[Change] = []
    bad: list[tuple[int, Problem]] = []
    seen: dict[str, str] = {}
    same = 0
    for i, (one, place) in enumerate(incoming):
        old = by_id.get(one.id) if one.id else by_twin.get(one.twin)
        key = old.id if old else one.id or made_id(one)
        if key in seen:
            fix = "delete one of the two rows"
            bad.append((i, Problem(place, f"is the same offer as {seen[key]}", fix)))
            continue
        seen[key] = place
        if old is None:
            twin = by_twin.get(one.twin)
            if twin:
                fix = f"use its id {twin.id}, or tell the titles apart"
                bad.append((i, Problem(place, "is in the directory under another id", fix)))
                continue
            changes.append(Change(_with(one, {"id": key}, words), new=True))
            continue
        merged = {c: v for c, v in old.cells.items() if c not in columns or c in ("id", "status")}
        if "status" in columns and one.get("status"):
            merged["status"] = one.get("status")
        merged |= {c: v for c, v in one.cells.items() if c in columns and c != "id"}
        after = _with(Offer({}, old.file), merged, words)
        cells = tuple(
            (c, old.get(c), after.get(c))
            for c in offer.order(set(old.cells) | set(after.cells), words)
            if old.get(c) != after.get(c)
        )
        if not cells:
            same += 1
        elif old.file.endswith(".yml"):
            what = f"{old.get('name')!r} is kept by hand in {old.file}"
            bad.append((i, Problem(place, what, f"change it there: {cells}")))
        else:
            changes.append(Change(after, cells))
    kept = sum(o.id not in seen for o in known)
    return Difference(tuple(changes), same, kept), bad


def merged(known: Sequence[Offer], difference: Difference) -> list[Offer]:
    """All offers of the directory after the difference."""
    changed = {c.offer.id: c.offer for c in difference.changes}
    before = [changed.pop(o.id, o) for o in known]
    return [*before, *changed.values()]


def made_id(one: Offer) -> str:
    """An id for an offer that has none, from what tells it apart."""
    return str(uuid.uuid5(_SPACE, "\n".join(one.twin)))


def _with(one: Offer, cells: dict[str, str], words: Vocabulary) -> Offer:
    all_cells = {**one.cells, **cells}
    return replace(one, cells={c: all_cells[c] for c in offer.order(set(all_cells), words)})


def _shown(text: str) -> str:
    return repr(text) if text else "(empty)"
