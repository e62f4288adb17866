"""Measures of integration, as pure functions: what a published source defines, and nothing else.

In: numbers and arrays of numbers, one per area. Out: floats; NaN where a measure is not defined
or a number that it needs is missing. Shares, rates, gaps and indices are in percent (points).
`share`, `per_1000` and `representation` take arrays of rows, too, and give one figure per row.

Both definitions of the Einbürgerungsquote are `share`s: naturalisations of a year of the foreigners
at the end of the year before (Integrationsmonitoring der Länder, B2) or of the same year
(Integrationsmonitoring Niedersachsen, 2-3-3); the catalogue says which, by ``denominator_year``.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

Areas = np.ndarray[Any, np.dtype[np.float64]]
Parents = np.ndarray[Any, np.dtype[np.int64]]
#: Areas with fewer persons are left out of an index over areas (Bundesamt für Statistik, BFS).
SMALLEST_AREA = 500
_Z95 = NormalDist().inv_cdf(0.975)


class Contrast(NamedTuple):
    """Gap and ratio of two rates. They come together: each alone can mislead.

    gap:   group − reference, in percentage points, with its sign
    ratio: group / reference; 1 is parity
    """

    gap: float
    ratio: float


class Interval(NamedTuple):
    """Lower and upper end, in percent."""

    lower: float
    upper: float


def share(part: Any, whole: Any) -> Any:
    """Return 100 · part / whole."""
    return _over(100.0 * part, whole)


def per_1000(cases: Any, population: Any) -> Any:
    """Return 1000 · cases / population; cases may be a balance and negative."""
    return _over(1000.0 * cases, population)


def contrast(rate: float, reference: float) -> Contrast:
    """Compare the rate of a group with that of its reference group.

    Gap: Integrationsmonitoring Niedersachsen, foreigners against all. The ratio is a plain
    quotient, read as that of the gender parity index of the UNESCO Institute for Statistics: the
    value of one group by that of the other, 1 is parity. It is NaN if the reference is not above 0.
    """
    return Contrast(gap=rate - reference, ratio=_over(rate, reference))


def representation(part: Any, whole: Any, group: Any, population: Any) -> Any:
    """Return the share of a group in `whole` divided by its share in the population it is from.

    1: as present as in the population; 0.5: half as present. The same persons must be counted in
    `part` and `group` (one concept). Source: Ruedin, Measuring Descriptive Representation
    (druedin.com): R / P, the proportions of one group among representatives and in the population.
    He asks it of parliaments; here it is asked of schools, too.
    """
    return _over(share(part, whole), share(group, population))


def segregation(group: Areas, persons: Areas, smallest: float = SMALLEST_AREA) -> float:
    """Return IS, the percent of a group that would have to move to be spread as all others are.

    IS = 100 · ½ · Σ |x/X − (t − x)/(T − X)| over areas with t persons, x of them in the group.
    Source: Duncan & Duncan 1955, American Sociological Review 20. The index depends on the areas:
    over municipalities it tells differences between municipalities only. NaN if the group is empty
    or everyone, if a figure is missing, or if fewer than two areas are large enough.
    """
    x, t = _large_enough(persons, smallest, group, persons)
    return _unlike(x, t - x)


def segregation_bfs(group: Areas, persons: Areas, smallest: float = SMALLEST_AREA) -> float:
    """Return the same index as `segregation`, as the Bundesamt für Statistik (BFS) writes it.

    100 · Σ t · |p − P| / (2 · T · P · (1 − P)), p and P the shares of the group in an area and in
    all areas together. Source: BFS, Indikatoren der Integration, residential segregation.
    """
    x, t = _large_enough(persons, smallest, group, persons)
    whole, mean = float(t.sum()), _over(float(x.sum()), float(t.sum()))
    distance = float((t * np.abs(x / t - mean)).sum())
    return float(_over(100.0 * distance, 2.0 * whole * mean * (1.0 - mean)))


def dissimilarity(
    first: Areas, second: Areas, persons: Areas, smallest: float = SMALLEST_AREA
) -> float:
    """Return D, the percent of one group that would have to move to be spread as the other is.

    D = 100 · ½ · Σ |a/A − b/B|; persons: everyone in the area, which decides whether it counts.
    Source: Duncan & Duncan 1955, American Sociological Review 20.
    """
    a, b = _large_enough(persons, smallest, first, second)
    return _unlike(a, b)


def by_parent(
    parents: Parents, measure: Callable[..., float], *counts: Areas
) -> tuple[Parents, Areas]:
    """Return the distinct parents, sorted, and `measure` over the areas of each.

    parents: the one that every area belongs to, by number; counts: what the measure takes.
    """
    found = np.unique(parents)
    return found, np.array([measure(*(c[parents == p] for c in counts)) for p in found])


def wilson(cases: float, total: float) -> Interval:
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


def _over(above: Any, below: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(np.greater(below, 0), np.divide(above, below), np.nan)
    return found[()] if found.ndim else float(found)


def _large_enough(persons: Areas, smallest: float, *counts: Areas) -> list[Areas]:
    """Return the counts of areas that are large enough; one of unknown size stays, and is NaN."""
    counted = ~(persons < smallest) & (persons != 0)
    if counted.sum() < 2:  # one area alone cannot be uneven
        return [np.array([math.nan]) for _ in counts]
    return [c[counted].astype(float) for c in counts]


def _unlike(first: Areas, second: Areas) -> float:
    of_first, of_second = float(first.sum()), float(second.sum())
    if not (of_first > 0 and of_second > 0):
        return math.nan
    return 50.0 * float(np.abs(first / of_first - second / of_second).sum())
