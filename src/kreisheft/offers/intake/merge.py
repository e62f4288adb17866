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
            lines += [f"    {c}: {_quote(a)} → {_quote(b)}" for c, a, b in change.cells]
        new = sum(c.new for c in self.changes)
        counted = f"{new} new, {len(self.changes) - new} changed, {self.same} the same"
        return "\n".join([*lines, f"{counted}; {self.kept} of the directory not in this file"])


def compare(
    offers: Sequence[Offer],
    incoming: Sequence[tuple[Offer, str]],
    columns: set[str],
    words: Vocabulary,
) -> tuple[Difference, list[tuple[int, Problem]]]:
    """Compare incoming offers with those of the directory.

    incoming: offer and its place in the file. columns: those that the file has. Returns the
    difference, and position and problem of each incoming offer that would be there twice or
    belongs to a file that commands do not write.
    """
    by_id = {o.id: o for o in offers}
    by_twin = {o.twin: o for o in offers}
    changes: list[Change] = []
    bad: list[tuple[int, Problem]] = []
    seen: dict[str, str] = {}
    same = 0
    for i, (entry, place) in enumerate(incoming):
        old = by_id.get(entry.id) if entry.id else by_twin.get(entry.twin)
        key = old.id if old else entry.id or make_id(entry)
        if key in seen:
            fix = "delete one of the two rows"
            bad.append((i, Problem(place, f"is the same offer as {seen[key]}", fix)))
            continue
        seen[key] = place
        result: Change | Problem | None
        if old is None:
            result = _add(entry, key, place, by_twin.get(entry.twin), words)
        else:
            result = _update(old, entry, place, columns, words)
        if result is None:
            same += 1
        elif isinstance(result, Problem):
            bad.append((i, result))
        else:
            changes.append(result)
    kept = sum(o.id not in seen for o in offers)
    return Difference(tuple(changes), same, kept), bad


def _add(
    entry: Offer, key: str, place: str, twin: Offer | None, words: Vocabulary
) -> Change | Problem:
    """Add an offer under the id `key`; a problem if its twin is there under another id."""
    if twin:
        fix = f"use its id {twin.id}, or tell the titles apart"
        return Problem(place, "is in the directory under another id", fix)
    return Change(_with(entry, {"id": key}, words), new=True)


def _update(
    old: Offer, entry: Offer, place: str, columns: set[str], words: Vocabulary
) -> Change | Problem | None:
    """Cells of `old` that `entry` changes, None if none; a problem if its file is kept by hand."""
    merged = {c: v for c, v in old.cells.items() if c not in columns or c in ("id", "status")}
    if "status" in columns and entry.get("status"):
        merged["status"] = entry.get("status")
    merged |= {c: v for c, v in entry.cells.items() if c in columns and c != "id"}
    after = _with(Offer({}, old.file), merged, words)
    cells = tuple(
        (c, old.get(c), after.get(c))
        for c in offer.order_columns(set(old.cells) | set(after.cells), words)
        if old.get(c) != after.get(c)
    )
    if not cells:
        return None
    if old.file.endswith(".yml"):
        what = f"{old.get('name')!r} is kept by hand in {old.file}"
        return Problem(place, what, f"change it there: {cells}")
    return Change(after, cells)


def merge(offers: Sequence[Offer], difference: Difference) -> list[Offer]:
    """All offers of the directory with the difference applied."""
    changed = {c.offer.id: c.offer for c in difference.changes}
    before = [changed.pop(o.id, o) for o in offers]
    return [*before, *changed.values()]


def make_id(entry: Offer) -> str:
    """Id of an offer that has none, made from title, provider and places."""
    return str(uuid.uuid5(_SPACE, "\n".join(entry.twin)))


def _with(entry: Offer, cells: dict[str, str], words: Vocabulary) -> Offer:
    all_cells = {**entry.cells, **cells}
    return replace(
        entry, cells={c: all_cells[c] for c in offer.order_columns(set(all_cells), words)}
    )


def _quote(text: str) -> str:
    return repr(text) if text else "(empty)"
