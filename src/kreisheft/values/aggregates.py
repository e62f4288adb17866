"""Figures of a region that are made from those of the regions within it."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import STATUSES, WITH_NUMBER
from kreisheft.values import measures
from kreisheft.values.selection import Array, Picked, Places


def over_municipalities(
    measure: Callable[..., float],
    counts: Sequence[Picked],
    known: Places,
    needed: Mapping[str, int],
) -> Picked:
    """Return the measure of every Kreis and period in which each of its municipalities is there.

    counts: what the measure takes, row by row of the same municipality and period. needed: Kreis →
    how many municipalities it has. NaN where the measure is not defined.
    """
    first = counts[0]
    number = {key: n for n, key in enumerate(known.ags)}
    kreis_of = [number.get(key[:5], -1) if len(key) == 8 else -1 for key in known.ags]
    kreis: Array = np.array(kreis_of)[first.region]
    full = np.array([needed.get(key, -1) for key in known.ags])
    place: Array = np.where(kreis < 0, -1, kreis << 20 | first.period)
    _, same, count = np.unique(place, return_inverse=True, return_counts=True)
    rows = np.flatnonzero((kreis >= 0) & (count[same] == full[kreis]))
    found, index = measures.by_parent(place[rows], measure, *(c.value[rows] for c in counts))
    worst = np.maximum.reduce([c.status for c in counts])
    newest = np.maximum.reduce([c.stand for c in counts])
    status = np.array([worst[place == p].max() for p in found], dtype=np.int64)
    return Picked(
        region=found >> 20,
        period=found & ((1 << 20) - 1),
        value=index,
        status=np.where(status < len(WITH_NUMBER), 0, status),
        stand=np.array([newest[place == p].max() for p in found], dtype=np.int64),
    )


def with_land_sum(
    frame: pd.DataFrame, passport: Passport, needed: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Add the Land as the marked sum of its Kreise to a table that lacks it.

    needed: Land → its Kreise; only where each of them is there. A former Kreis beside them is not
    added: its territory is theirs. A Land not named is the sum of what is there.
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
    # Each Kreis with its newest figure: a later delivery may bring some Kreise only.
    stand = kreise["stand"].astype(str).str.replace("-", "").astype(int)
    land = kreise.assign(ags=kreise["ags"].astype(str).str[:2], status=place, stand=stand)
    adding = {"value": "sum", "status": "max", "stand": "max"}
    summed = land.groupby(["ags", *by], observed=True).agg(adding).reset_index()
    day = summed["stand"].astype(str)
    summed["stand"] = day.str[:4] + "-" + day.str[4:6] + "-" + day.str[6:]
    # A source may leave out rows of zeros, so Kreise are counted over the whole period.
    there = kreise.groupby([land["ags"], "period"], observed=True)["ags"].nunique()
    found = pd.MultiIndex.from_frame(summed[["ags", "period"]])
    whole = summed["ags"].map({land: len(keys) for land, keys in needed.items()}).fillna(0)
    complete = there.reindex(found).to_numpy() >= whole.to_numpy()
    summed = summed[complete]
    summed["status"] = summed["status"].map(dict(enumerate(STATUSES)))
    summed["value"] = summed["value"].where(summed["status"] == "summed")
    both = pd.concat([frame, summed[frame.columns]], ignore_index=True)
    return both.astype({"ags": "category", "status": "category"})
