"""Figures of a region that are computed from those of the regions within it."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import STATUSES, WITH_NUMBER
from kreisheft.values import measures
from kreisheft.values.selection import Array, Picked, Places


def measure_municipalities(
    measure: Callable[..., float],
    counts: Sequence[Picked],
    places: Places,
    needed: Mapping[str, int],
) -> Picked:
    """Compute a measure over the municipalities of each Kreis, per Kreis and period.

    measure: takes one array per element of `counts`, one number per municipality. counts: `Picked`
    of the same municipalities and periods, row by row. needed: Kreis → number of its
    municipalities; a Kreis and period where one is missing gets no figure, and neither does a Kreis
    that is not named. NaN where the measure is not defined; the worst status of the parts.

    >>> from kreisheft.values.selection import Picked, Places
    >>> places = Places(["05111", "05111001", "05111002"], ["2020"], np.array([2020]))
    >>> def counts(*numbers):
    ...     both, same = np.array([1, 2]), np.array([0, 0])
    ...     return Picked(both, same, np.array(numbers), same, same + 20210101)
    >>> group, persons = counts(300.0, 100.0), counts(1000.0, 1000.0)
    >>> index = measure_municipalities(
    ...     measures.segregation, [group, persons], places, {"05111": 2}
    ... )
    >>> [(places.ags[r], round(float(v), 2)) for r, v in zip(index.region, index.value)]
    [('05111', 31.25)]
    """
    first = counts[0]
    number = {key: n for n, key in enumerate(places.ags)}
    kreis_of = [number.get(key[:5], -1) if len(key) == 8 else -1 for key in places.ags]
    kreis: Array = np.array(kreis_of)[first.region]
    full = np.array([needed.get(key, -1) for key in places.ags])
    place: Array = np.where(kreis < 0, -1, kreis << 20 | first.period)
    _, group, count = np.unique(place, return_inverse=True, return_counts=True)
    rows = np.flatnonzero((kreis >= 0) & (count[group] == full[kreis]))
    parents, index = measures.measure_by_parent(
        place[rows], measure, *(c.value[rows] for c in counts)
    )
    worst = np.maximum.reduce([c.status for c in counts])
    newest = np.maximum.reduce([c.stand for c in counts])
    status = np.array([worst[place == p].max() for p in parents], dtype=np.int64)
    return Picked(
        region=parents >> 20,
        period=parents & ((1 << 20) - 1),
        value=index,
        status=np.where(status < len(WITH_NUMBER), 0, status),
        stand=np.array([newest[place == p].max() for p in parents], dtype=np.int64),
    )


def add_land_sum(
    frame: pd.DataFrame, passport: Passport, needed: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Add rows for each Land as the sum of its Kreise, where the passport asks for it.

    frame: columns of `Facts` with unique keys. needed: Land → keys of its Kreise. A period gets a
    row only if each of them is in the table; former Kreise are not added, their territory is part
    of the current ones. A Land that is not in `needed` gets the sum of its Kreise that are there.
    Status of a sum: ``summed``; if a Kreis has no number, that Kreis's status and no value.

    >>> from types import SimpleNamespace
    >>> frame = pd.DataFrame(
    ...     {"ags": ["03101", "03102"], "period": "2020", "measure": "personen",
    ...      "value": [10.0, 5.0], "status": "value", "concept": "AUSL", "stand": "2021-01-01"}
    ... )
    >>> passport = SimpleNamespace(sum_to_land=True)
    >>> whole = add_land_sum(frame, passport, {"03": ["03101", "03102"]})
    >>> whole[["ags", "value", "status"]].values.tolist()
    [['03101', 10.0, 'value'], ['03102', 5.0, 'value'], ['03', 15.0, 'summed']]
    >>> add_land_sum(frame, passport, {"03": ["03101", "03102", "03103"]})["ags"].tolist()
    ['03101', '03102']
    """
    if not passport.sum_to_land or frame.empty:
        return frame
    current = {key for keys in needed.values() for key in keys}
    parts = [a for a in frame["ags"].unique() if len(a) == 5]
    parts = [a for a in parts if a in current or a[:2] not in needed]
    kreise = frame[frame["ags"].isin(parts).to_numpy()]
    by = [c for c in frame.columns if c not in ("ags", "value", "status", "stand")]
    # A Kreis without a figure leaves its Land without one: the sum of the others is not the Land.
    place = kreise["status"].astype(str).map(STATUSES.index)
    place = place.where(~kreise["status"].isin(WITH_NUMBER), STATUSES.index("summed"))
    # Each Kreis with its newest figure: a later delivery may have some Kreise only.
    stand = kreise["stand"].astype(str).str.replace("-", "").astype(int)
    land = kreise.assign(ags=kreise["ags"].astype(str).str[:2], status=place, stand=stand)
    adding = {"value": "sum", "status": "max", "stand": "max"}
    summed = land.groupby(["ags", *by], observed=True).agg(adding).reset_index()
    day = summed["stand"].astype(str)
    summed["stand"] = day.str[:4] + "-" + day.str[4:6] + "-" + day.str[6:]
    # A source may leave out rows of zeros, so Kreise are counted over the whole period.
    counted = kreise.groupby([land["ags"], "period"], observed=True)["ags"].nunique()
    of_rows = pd.MultiIndex.from_frame(summed[["ags", "period"]])
    required = summed["ags"].map({land: len(keys) for land, keys in needed.items()}).fillna(0)
    complete = counted.reindex(of_rows).to_numpy() >= required.to_numpy()
    summed = summed[complete]
    summed["status"] = summed["status"].map(dict(enumerate(STATUSES)))
    summed["value"] = summed["value"].where(summed["status"] == "summed")
    both = pd.concat([frame, summed[frame.columns]], ignore_index=True)
    return both.astype({"ags": "category", "status": "category"})
