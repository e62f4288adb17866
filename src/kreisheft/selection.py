"""Picking facts out of a table: the arithmetic below every indicator.

In: one table's facts (`Facts` at a Stand) and a selection, column → allowed ids. Out: one row per
region and period: ``ags, period, year, value, status, stand`` (stand as a number, 20260226).
A selection is an id, several, ``*`` for every id, or ``!id`` for every other; a dimension that it
does not name is taken at its total. Several facts are summed; a part without a number leaves the
sum without one, and its status says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kreisheft.model import FACT_TAIL, STATUSES, TOTAL, WITH_NUMBER

KEY = ["ags", "period"]
#: Worse comes later; a sum takes the worst of its parts.
_ORDER = ("value", "zero", "summed", *(s for s in STATUSES if s not in WITH_NUMBER))


class SelectionError(ValueError):
    """The selection does not fit the table; the message says how."""


@dataclass(frozen=True)
class Prepared:
    """A table made quick to select from: ids as small numbers, one row number per fact.

    ids, codes: column → its ids, and for every fact the place of its id among them
    data: ags, period, year, value, status (place in _ORDER), stand
    """

    ids: Mapping[str, Sequence[str]]
    codes: Mapping[str, "np.ndarray"]
    data: pd.DataFrame


def prepared(frame: pd.DataFrame) -> Prepared:
    """Number the ids of measure and dimensions; see `Prepared`."""
    ids, codes = {}, {}
    for column in frame.columns:
        if column not in (*KEY, *FACT_TAIL):
            codes[column], found = pd.factorize(frame[column], sort=True)
            ids[column] = list(found)
    rank = {s: i for i, s in enumerate(_ORDER)}
    data = pd.DataFrame(
        {
            "ags": frame["ags"],
            "period": frame["period"],
            "year": frame["period"].str[:4].astype(int),
            "value": frame["value"],
            "status": frame["status"].map(rank),
            "stand": frame["stand"].str.replace("-", "").astype(int),
        }
    )
    return Prepared(ids, codes, data.reset_index(drop=True))


def is_single(select: Mapping[str, Sequence[str]]) -> bool:
    """Whether a selection names exactly one fact per region and period."""
    return all(len(v) == 1 and v[0][0] not in "*!" for v in select.values())


def pick(table: Prepared, select: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Sum of the selected facts per region and period; SelectionError if nothing fits."""
    known = ", ".join(table.ids)
    for column in select:
        if column not in table.ids:
            raise SelectionError(f"no column {column!r}; the table has {known}")
    mask = np.ones(len(table.data), dtype=bool)
    for column, ids in table.ids.items():
        allowed = np.array(_allowed(ids, select.get(column, [TOTAL])))
        mask &= allowed[table.codes[column]]
    rows = np.flatnonzero(mask)
    if not len(rows):
        raise SelectionError(f"{dict(select)} fits no row; the table has {known}")
    chosen = table.data.take(rows)
    if not is_single(select):
        chosen = _summed(chosen)
    status = np.array(_ORDER)[chosen["status"].to_numpy()]
    return chosen.assign(status=status).reset_index(drop=True)


def _allowed(ids: Sequence[str], wanted: Sequence[str]) -> list[bool]:
    if wanted[0] == "*":
        return [i != TOTAL for i in ids]
    if wanted[0].startswith("!"):
        others = {TOTAL, *(w.removeprefix("!") for w in wanted)}
        return [i not in others for i in ids]
    return [i in wanted for i in ids]


def _summed(chosen: pd.DataFrame) -> pd.DataFrame:
    grouped = chosen.groupby(KEY, sort=True)
    part = grouped.agg({"year": "first", "value": "sum", "status": "max", "stand": "max"})
    zero, good = _ORDER.index("zero"), len(WITH_NUMBER)
    part["status"] = part["status"].where(part["status"] != zero, 0)
    part["value"] = part["value"].where(part["status"] < good)
    return part.reset_index()
