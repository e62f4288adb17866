"""The comparison ring: a Kreis among its peers, by quartiles and without a ranking.

In: `Protected` rows of one indicator and one group. Out: `Ring`, and codes for members who are not
named. Quantiles are linear (type 7 of Hyndman and Fan, Sample Quantiles in Statistical Packages,
1996), as KGSt comparison rings use median and percentiles. Callers print no Ring with fewer peers
than `thresholds.Rules.peers`.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kreisheft.facts.stages import Protected

#: A single coded member is known by elimination, and of two each knows the other. This follows from
#: logic; it is no threshold to choose.
FEWEST_CODED = 3


@dataclass(frozen=True)
class Ring:
    """Quartiles of `n` peers with a value, the Kreis among them, and its own value.

    quarter: 0 … 3, counted from the lowest value. segment: table and segment; rings with the same
    one have no break in series between them.
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


def build_ring(peers: Protected, ags: str) -> Ring | None:
    """Compare the Kreis `ags` with its peers; None if it has no value itself.

    peers: one row per Kreis, of one indicator, group and period.

    >>> peers = protected(*({"ags": f"0500{n}", "value": 10.0 * n} for n in range(1, 6)))
    >>> ring = build_ring(peers, "05004")
    >>> ring.n, ring.p25, ring.median, ring.p75, ring.own, ring.quarter
    (5, 20.0, 30.0, 40.0, 40.0, 2)
    """
    columns = ("ags", "value", "group", "period", "table", "segment")
    with_value = [row for row in peers.rows(*columns) if not math.isnan(row[1])]
    own = next((row for row in with_value if row[0] == ags), None)
    if own is None:
        return None
    limits = np.quantile([row[1] for row in with_value], (0, 0.25, 0.5, 0.75, 1))
    low, p25, median, p75, high = limits.tolist()
    _, value, group, period, table, segment = own
    return Ring(
        group=str(group),
        period=str(period),
        n=len(with_value),
        minimum=low,
        p25=p25,
        median=median,
        p75=p75,
        maximum=high,
        own=value,
        quarter=sum(value > q for q in (p25, median, p75)),
        segment=f"{table} {segment}",
    )


def select_coded(members: Iterable[str], own: str, agreed: Iterable[str]) -> list[str]:
    """Select the members that appear under a code in a figure of own deliveries.

    These are all but `own` and those who agreed to be named. If that leaves fewer than three,
    elimination would name them; then those who agreed get a code, too.

    >>> select_coded("abcdef", own="a", agreed="b")
    ['c', 'd', 'e', 'f']
    >>> select_coded("abcd", own="a", agreed="b")
    ['b', 'c', 'd']
    """
    others = sorted(set(members) - {own})
    coded = [m for m in others if m not in set(agreed)]
    return others if 0 < len(coded) < FEWEST_CODED else coded


def assign_codes(peers: Protected, members: Iterable[str]) -> dict[str, str]:
    """Map members to codes A, B, … Z, AA, …

    The order is that of a hash of the printed figures alone: a code reveals nothing about a member
    that the figures do not, is no ranking, and differs from one indicator to the next.

    >>> peers = protected({"ags": "05001", "value": 1.0}, {"ags": "05002", "value": 2.0})
    >>> sorted(assign_codes(peers, ["05001", "05002"]).values())
    ['A', 'B']
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
    return {member: _code(i) for i, member in enumerate(mixed)}


def _code(number: int) -> str:
    first, last = divmod(number, 26)
    return (_code(first - 1) if first else "") + chr(ord("A") + last)
