"""The Kreis among its peers: quartiles without a ranking.

In: `Protected` rows of one indicator, one group, one period. Out: `Ring`.
Quantiles are linear (type 7 of Hyndman and Fan 1996), as in the KGSt comparison rings' practice of
median and percentiles; fewer than five peers are not shown by anyone who prints a Ring.
"""

from dataclasses import dataclass

from kreisheft.model import Protected


@dataclass(frozen=True)
class Ring:
    """n peers with a value (the Kreis among them) and where the Kreis stands.

    quarter: 0 … 3, counted from the lowest value
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


def ring(peers: Protected, ags: str) -> Ring | None:
    """Compare the Kreis `ags` with all rows of `peers`; None if it has no value itself."""
    frame = peers.frame.dropna(subset="value")
    own = frame[frame["ags"] == ags]
    if own.empty:
        return None
    values = frame["value"]
    low, p25, median, p75, high = (float(values.quantile(q)) for q in (0, 0.25, 0.5, 0.75, 1))
    mine = float(own["value"].iloc[0])
    return Ring(
        group=str(own["group"].iloc[0]),
        period=str(own["period"].iloc[0]),
        n=len(frame),
        minimum=low,
        p25=p25,
        median=median,
        p75=p75,
        maximum=high,
        own=mine,
        quarter=sum(mine > q for q in (p25, median, p75)),
    )
