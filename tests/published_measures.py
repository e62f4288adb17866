"""Measures as their sources write them, to hold those of the package against."""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from kreisheft.values.measures import SMALLEST_AREA, Areas

_Z95 = NormalDist().inv_cdf(0.975)


class Interval(NamedTuple):
    """Lower and upper end, in percent."""

    lower: float
    upper: float


def segregation_of_bfs(group: Areas, persons: Areas, smallest: float = SMALLEST_AREA) -> float:
    """Return the same index as `segregation`, as the Bundesamt für Statistik (BFS) writes it.

    100 · Σ t · |p − P| / (2 · T · P · (1 − P)), p and P the shares of the group in an area and in
    all areas together. Source: BFS, Indikatoren der Integration, residential segregation.
    """
    large = ~(persons < smallest) & (persons != 0)
    x, t = group[large], persons[large]
    whole = float(t.sum())
    mean = float(x.sum()) / whole if whole > 0 else math.nan
    base = 2.0 * whole * mean * (1.0 - mean)
    if len(t) < 2 or not base > 0:
        return math.nan
    return 100.0 * float((t * np.abs(x / t - mean)).sum()) / base


def wilson_interval(cases: float, total: float) -> Interval:
    """Return the 95 % score interval of the rate `cases` of `total`, in percent.

    Sources: Wilson 1927, Journal of the American Statistical Association 22; Newcombe 1998,
    Statistics in Medicine 17, method 3. It shows how far chance alone moves a small full count; it
    is no sampling error of a survey, which publishes its own.
    """
    if not 0 <= cases <= total or total <= 0:
        return Interval(math.nan, math.nan)
    middle = 2 * cases + _Z95**2
    spread = _Z95 * math.sqrt(_Z95**2 + 4 * cases * (1 - cases / total))
    below = 2 * (total + _Z95**2)
    # Rounding must not push an end beyond what a rate can be.
    lower = 0.0 if cases == 0 else 100 * (middle - spread) / below
    upper = 100.0 if cases == total else 100 * (middle + spread) / below
    return Interval(lower, upper)
