"""Select and sum facts of one table, in plain arrays: the arithmetic below every indicator.

In: the facts of a table at one Stand, and a selection: column → allowed ids. Out: `Picked`, one
figure per region and period.
A selection lists ids, or is ``*`` for every id but the total, or ``!id`` for every other; a
dimension that it does not name is taken at its total. Several facts are summed; if one of them has
no number, the sum has none either and takes its status.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kreisheft.facts.stages import FACT_TAIL, STATUSES, TOTAL, WITH_NUMBER
from kreisheft.facts.stages import Array as Array

_GOOD = len(WITH_NUMBER)
_ZERO = STATUSES.index("zero")


class SelectionError(ValueError):
    """The selection does not fit the table; the message says why."""


@dataclass(frozen=True)
class Places:
    """Regions and periods of all tables, sorted; figures refer to them by position.

    years: int64, the year of every period
    """

    ags: Sequence[str]
    periods: Sequence[str]
    years: Array


@dataclass(frozen=True)
class Picked:
    """Figures, sorted by region and period; all arrays have one length.

    region, period: int64, positions in `Places`
    value: float64, NaN without a number
    status: int64, position in STATUSES; a larger one is worse
    stand: int64, the newest Stand of the summed facts, e.g. 20260226
    concepts: who is counted, over all facts of all figures
    """

    region: Array
    period: Array
    value: Array
    status: Array
    stand: Array
    concepts: frozenset[str] = frozenset()

    def take(self, rows: Array) -> "Picked":
        """Select figures by position; `rows` must be ascending."""
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
    """A table prepared for fast selections.

    ids, codes: column → its ids, and for every fact the position of its id among them
    facts: one row per fact, sorted by region and period
    concepts, concept: all concepts, and for every fact the position of its own
    """

    ids: Mapping[str, Sequence[str]]
    codes: Mapping[str, Array]
    facts: Picked
    concepts: Sequence[str]
    concept: Array


def number_places(frames: Iterable[pd.DataFrame]) -> Places:
    """Collect the regions and periods of several tables, and the Kreise of their municipalities.

    >>> frame = pd.DataFrame({"ags": ["05562024", "05"], "period": ["2020-12-31", "2019"]})
    >>> places = number_places([frame])
    >>> places.ags, places.periods, places.years.tolist()
    (['05', '05562', '05562024'], ['2019', '2020-12-31'], [2019, 2020])
    """
    ags: set[str] = set()
    periods: set[str] = set()
    for frame in frames:
        ags |= set(map(str, frame["ags"].unique()))
        periods |= set(map(str, frame["period"].unique()))
    ags |= {key[:5] for key in ags if len(key) == 8}
    ordered = sorted(periods)
    return Places(sorted(ags), ordered, np.array([int(p[:4]) for p in ordered], dtype=np.int64))


def prepare_table(frame: pd.DataFrame, places: Places) -> Prepared:
    """Encode the measures and dimensions of a table as integers; see `Prepared`.

    frame: columns of `Facts`, unique keys. places: from `number_places`, with all its regions.

    >>> frame = pd.DataFrame(
    ...     {"ags": "05562", "period": "2020", "measure": "personen", "alter": ["00-02", "03-05"],
    ...      "value": [10.0, 5.0], "status": "value", "concept": "AUSL", "stand": "2021-01-01"}
    ... )
    >>> table = prepare_table(frame, number_places([frame]))
    >>> table.ids["alter"], table.codes["alter"].tolist()
    (['00-02', '03-05'], [0, 1])
    """
    at_ags = {key: n for n, key in enumerate(places.ags)}
    at_period = {key: n for n, key in enumerate(places.periods)}
    region = _map_distinct(frame["ags"], at_ags.__getitem__)
    period = _map_distinct(frame["period"], at_period.__getitem__)
    order = np.lexsort((period, region))
    ids, codes = {}, {}
    for column in frame.columns:
        if column not in ("ags", "period", *FACT_TAIL):
            numbers, distinct = pd.factorize(frame[column], sort=True)
            codes[column], ids[column] = numbers[order], list(map(str, distinct))
    facts = Picked(
        region=region,
        period=period,
        value=frame["value"].to_numpy(dtype=float),
        status=_map_distinct(frame["status"], STATUSES.index),
        stand=_map_distinct(frame["stand"], lambda s: int(s.replace("-", ""))),
    )
    concept, concepts = pd.factorize(frame["concept"], sort=True)
    return Prepared(ids, codes, facts.take(order), list(map(str, concepts)), concept[order])


def is_single(select: Mapping[str, Sequence[str]]) -> bool:
    """Say whether a selection names exactly one fact per region and period.

    >>> is_single({"alter": ["00-02"]}), is_single({"alter": ["00-02", "03-05"]})
    (True, False)
    """
    return all(len(v) == 1 and v[0][0] not in "*!" for v in select.values())


def pick(table: Prepared, select: Mapping[str, Sequence[str]]) -> Picked:
    """Sum the selected facts per region and period.

    select: column → ids, see the module. Raises SelectionError for an unknown column, and if no
    fact fits.

    >>> frame = pd.DataFrame(
    ...     {"ags": "05562", "period": "2020", "measure": "personen", "alter": ["00-02", "03-05"],
    ...      "value": [10.0, 5.0], "status": "value", "concept": "AUSL", "stand": "2021-01-01"}
    ... )
    >>> table = prepare_table(frame, number_places([frame]))
    >>> pick(table, {"measure": ["personen"], "alter": ["*"]}).value.tolist()
    [15.0]
    >>> pick(table, {"measure": ["personen"], "alter": ["!00-02"]}).value.tolist()
    [5.0]
    """
    columns = ", ".join(table.ids)
    for column in select:
        if column not in table.ids:
            raise SelectionError(f"no column {column!r}; the table has {columns}")
    mask = np.ones(len(table.facts.value), dtype=bool)
    for column, ids in table.ids.items():
        allowed = np.array(_is_selected(ids, select.get(column, [TOTAL])))
        if not allowed.all():
            mask &= allowed[table.codes[column]]
    rows = np.flatnonzero(mask)
    if not len(rows):
        raise SelectionError(f"{dict(select)} fits no row; the table has {columns}")
    facts = table.facts.take(rows)
    concepts = {table.concepts[c] for c in np.unique(table.concept[rows])}
    facts = replace(facts, concepts=frozenset(concepts))
    return facts if is_single(select) else _sum_facts(facts)


def join_rows(left: Picked, right: Picked, key: Callable[[Picked], Array]) -> tuple[Array, Array]:
    """Join two selections: return the rows of `left` with a partner in `right`, and the partners.

    key: computes the join key of each row; it must be ascending in `right`. If a key occurs there
    several times, the last row is the partner.

    >>> def picked(*regions):
    ...     zeros = np.zeros(len(regions), dtype=int)
    ...     return Picked(np.array(regions), zeros, zeros * 1.0, zeros, zeros)
    >>> rows, partners = join_rows(picked(1, 2, 5), picked(2, 3, 5), lambda p: p.region)
    >>> rows.tolist(), partners.tolist()
    ([1, 2], [0, 2])
    """
    left_keys, right_keys = key(left), key(right)
    if not len(right_keys):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    place = np.searchsorted(right_keys, left_keys, side="right") - 1
    rows = np.flatnonzero((place >= 0) & (right_keys[place] == left_keys))
    return rows, place[rows]


def worse_status(first: Array, second: Array) -> Array:
    """Return the status of a figure computed from two: that of the one without a number.

    >>> value, hidden = (np.array([STATUSES.index(s)]) for s in ("value", "hidden"))
    >>> STATUSES[worse_status(value, hidden)[0]]
    'hidden'
    """
    return np.where(second < _GOOD, first, second)


def _map_distinct(column: pd.Series, to: Callable[[str], int]) -> Array:
    """Return a number per row, computed once per distinct text."""
    codes, distinct = pd.factorize(column)
    return np.array([to(str(text)) for text in distinct], dtype=np.int64)[codes]


def _is_selected(ids: Sequence[str], selection: Sequence[str]) -> list[bool]:
    if selection[0] == "*":
        return [i != TOTAL for i in ids]
    if selection[0].startswith("!"):
        others = {TOTAL, *(w.removeprefix("!") for w in selection)}
        return [i not in others for i in ids]
    return [i in selection for i in ids]


def _sum_facts(facts: Picked) -> Picked:
    key = facts.region << 20 | facts.period
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    status = np.maximum.reduceat(facts.status, starts)
    total = np.add.reduceat(np.nan_to_num(facts.value), starts)
    return Picked(
        region=facts.region[starts],
        period=facts.period[starts],
        value=np.where(status < _GOOD, total, np.nan),
        status=np.where(status == _ZERO, 0, status),
        stand=np.maximum.reduceat(facts.stand, starts),
        concepts=facts.concepts,
    )
