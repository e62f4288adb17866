"""The Kreis among its peers: quartiles without a ranking.

In: `Protected` rows of one indicator and one group. Out: `Ring`, and codes for members who are not
named. Quantiles are linear (type 7 of Hyndman and Fan, Sample Quantiles in Statistical Packages,
1996), as in the KGSt comparison rings' practice of median and percentiles; fewer peers than
`thresholds.Rules.peers` are not shown by anyone who prints a Ring.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kreisheft.facts.stages import Protected

#: One coded member is known by elimination, and of two each knows the other: this is logic and no
#: threshold that somebody may choose.
FEWEST_CODED = 3


@dataclass(frozen=True)
class Ring:
    """n peers with a value (the Kreis among them) and where the Kreis stands.

    quarter: 0 … 3, counted from the lowest value. segment: the same where no break lies between.
    """

    group: str
    period: str
    n: int
    minimum: float
    p25: float
    median: float
    p75: float
    maximum: float
    own: float
    quarter: int
    segment: str


def ring(peers: Protected, ags: str) -> Ring | None:
    """Compare the Kreis `ags` with all rows of `peers`; None if it has no value itself."""
    columns = ("ags", "value", "group", "period", "table", "segment")
    found = [row for row in peers.rows(*columns) if not math.isnan(row[1])]
    own = next((row for row in found if row[0] == ags), None)
    if own is None:
        return None
    limits = np.quantile([row[1] for row in found], (0, 0.25, 0.5, 0.75, 1))
    low, p25, median, p75, high = limits.tolist()
    _, mine, group, period, table, segment = own
    return Ring(
        group=str(group),
        period=str(period),
        n=len(found),
        minimum=low,
        p25=p25,
        median=median,
        p75=p75,
        maximum=high,
        own=mine,
        quarter=sum(mine > q for q in (p25, median, p75)),
        segment=f"{table} {segment}",
    )


def unnamed(members: Iterable[str], own: str, agreed: Iterable[str]) -> list[str]:
    """Members that get a code in a figure of their own deliveries: all but `own` and who agreed.

    Were fewer than three left, elimination would name them: then those who agreed get one, too.
    """
    others = sorted(set(members) - {own})
    left = [m for m in others if m not in set(agreed)]
    return others if 0 < len(left) < FEWEST_CODED else left


def codes(peers: Protected, members: Iterable[str]) -> dict[str, str]:
    """Member → code A, B, … Z, AA, …

    The order is that of a hash of the printed figures alone. So a code tells nothing about who is
    meant that the figures do not tell, is no ranking, and differs from one indicator to the next.
    """
    frame = peers.frame.sort_values("period")
    printed = {
        member: "|".join(
            f"{period} {value!r} {status}"
            for period, value, status in zip(
                part["period"].astype(str), part["value"].tolist(), part["status"], strict=True
            )
        )
        for member in members
        for part in [frame[frame["ags"] == member]]
    }
    mixed = sorted(printed, key=lambda m: (hashlib.sha256(printed[m].encode()).hexdigest(), m))
    return {member: _letters(i) for i, member in enumerate(mixed)}


def _letters(number: int) -> str:
    first, last = divmod(number, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)
