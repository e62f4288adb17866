"""Picking facts out of a table: the arithmetic below every indicator, in plain arrays.

In: one table's facts (`Facts` at a Stand) and a selection, column → allowed ids. Out: `Picked`, one
figure per region and period.
A selection is an id, several, ``*`` for every id, or ``!id`` for every other; a dimension that it
does not name is taken at its total. Several facts are summed; a part without a number leaves the
sum without one, and its status says why.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.facts.stages import FACT_TAIL, STATUSES, TOTAL, WITH_NUMBER

Array = np.ndarray[Any, Any]
_GOOD = len(WITH_NUMBER)
_ZERO = STATUSES.index("zero")


class SelectionError(ValueError):
    """The selection does not fit the table; the message says how."""


@dataclass(frozen=True)
class Places:
    """Regions and periods of all tables by number, in the order of their texts.

    years: year of every period
    """

    ags: Sequence[str]
    periods: Sequence[str]
    years: Array


@dataclass(frozen=True)
class Picked:
    """Figures, sorted by region and period; all arrays have one length.

    region, period: numbers in `Places`
    status: place in STATUSES; a larger one is worse
    stand: the newest Stand behind the figure, as a number: 20260226
    concepts: who is counted, of all facts behind the figures
    """

    region: Array
    period: Array
    value: Array
    status: Array
    stand: Array
    concepts: frozenset[str] = frozenset()

    def take(self, rows: Array) -> "Picked":
        """Return some of the figures; `rows` must keep their order."""
        return Picked(
            region=self.region[rows],
            period=self.period[rows],
            value=self.value[rows],
            status=self.status[rows],
            stand=self.stand[rows],
            concepts=self.concepts,
        )


@dataclass(frozen=True)
class Prepared:
    """A table made quick to select from.

    ids, codes: column → its ids, and for every fact the place of its id among them
    facts: one row per fact, sorted by region and period
    concepts, concept: all concepts, and for every fact the place of its own
    """

    ids: Mapping[str, Sequence[str]]
    codes: Mapping[str, Array]
    facts: Picked
    concepts: Sequence[str]
    concept: Array


def places(frames: Iterable[pd.DataFrame]) -> Places:
    """Number the regions and periods of several tables, and the Kreise of their municipalities."""
    ags: set[str] = set()
    periods: set[str] = set()
    for frame in frames:
        ags |= set(map(str, frame["ags"].unique()))
        periods |= set(map(str, frame["period"].unique()))
    ags |= {key[:5] for key in ags if len(key) == 8}
    found = sorted(periods)
    return Places(sorted(ags), found, np.array([int(p[:4]) for p in found], dtype=np.int64))


def prepared(frame: pd.DataFrame, known: Places) -> Prepared:
    """Number the ids of measure and dimensions; see `Prepared`.

    frame: the facts of one table with unique keys.
    """
    at_ags = {key: n for n, key in enumerate(known.ags)}
    at_period = {key: n for n, key in enumerate(known.periods)}
    region = _mapped(frame["ags"], at_ags.__getitem__)
    period = _mapped(frame["period"], at_period.__getitem__)
    order = np.lexsort((period, region))
    ids, codes = {}, {}
    for column in frame.columns:
        if column not in ("ags", "period", *FACT_TAIL):
            numbers, found = pd.factorize(frame[column], sort=True)
            codes[column], ids[column] = numbers[order], list(map(str, found))
    facts = Picked(
        region=region,
        period=period,
        value=frame["value"].to_numpy(dtype=float),
        status=_mapped(frame["status"], STATUSES.index),
        stand=_mapped(frame["stand"], lambda s: int(s.replace("-", ""))),
    )
    concept, concepts = pd.factorize(frame["concept"], sort=True)
    return Prepared(ids, codes, facts.take(order), list(map(str, concepts)), concept[order])


def is_single(select: Mapping[str, Sequence[str]]) -> bool:
    """Whether a selection names exactly one fact per region and period."""
    return all(len(v) == 1 and v[0][0] not in "*!" for v in select.values())


def pick(table: Prepared, select: Mapping[str, Sequence[str]]) -> Picked:
    """Sum of the selected facts per region and period; SelectionError if nothing fits."""
    known = ", ".join(table.ids)
    for column in select:
        if column not in table.ids:
            raise SelectionError(f"no column {column!r}; the table has {known}")
    mask = np.ones(len(table.facts.value), dtype=bool)
    for column, ids in table.ids.items():
        allowed = np.array(_allowed(ids, select.get(column, [TOTAL])))
        if not allowed.all():
            mask &= allowed[table.codes[column]]
    rows = np.flatnonzero(mask)
    if not len(rows):
        raise SelectionError(f"{dict(select)} fits no row; the table has {known}")
    chosen = table.facts.take(rows)
    counted = {table.concepts[c] for c in np.unique(table.concept[rows])}
    chosen = replace(chosen, concepts=frozenset(counted))
    return chosen if is_single(select) else _summed(chosen)


def joined(left: Picked, right: Picked, key: Callable[[Picked], Array]) -> tuple[Array, Array]:
    """Return the rows of `left` that have a partner in `right`, and the partners' rows.

    key: what must be equal; sorted and unique in `right`, else the last of equals is the partner.
    """
    wanted, offered = key(left), key(right)
    if not len(offered):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    place = np.searchsorted(offered, wanted, side="right") - 1
    rows = np.flatnonzero((place >= 0) & (offered[place] == wanted))
    return rows, place[rows]


def worse(first: Array, second: Array) -> Array:
    """Return the status of a figure made of two: that of the one without a number."""
    return np.where(second < _GOOD, first, second)


def _mapped(column: pd.Series, to: Callable[[str], int]) -> Array:
    """Return a number per row, worked out once per distinct text."""
    codes, found = pd.factorize(column)
    return np.array([to(str(text)) for text in found], dtype=np.int64)[codes]


def _allowed(ids: Sequence[str], wanted: Sequence[str]) -> list[bool]:
    if wanted[0] == "*":
        return [i != TOTAL for i in ids]
    if wanted[0].startswith("!"):
        others = {TOTAL, *(w.removeprefix("!") for w in wanted)}
        return [i not in others for i in ids]
    return [i in wanted for i in ids]


def _summed(chosen: Picked) -> Picked:
    key = chosen.region << 20 | chosen.period
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    status = np.maximum.reduceat(chosen.status, starts)
    total = np.add.reduceat(np.nan_to_num(chosen.value), starts)
    return Picked(
        region=chosen.region[starts],
        period=chosen.period[starts],
        value=np.where(status < _GOOD, total, np.nan),
        status=np.where(status == _ZERO, 0, status),
        stand=np.maximum.reduceat(chosen.stand, starts),
        concepts=chosen.concepts,
    )
