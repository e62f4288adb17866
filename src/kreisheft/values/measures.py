"""Measures of integration as pure functions, each as its published source defines it.

In: numbers, or arrays of numbers with one element per area. Out: floats; NaN where a measure is not
defined or a number that it needs is missing. Shares and indices are in percent, gaps in percentage
points. `share`, `per_1000` and `representation` also take arrays of rows and return one figure per
row.

Both definitions of the Einbürgerungsquote are `share`s: naturalisations of a year of the foreigners
at the end of the year before (Integrationsmonitoring der Länder, B2) or of the same year
(Integrationsmonitoring Niedersachsen, 2-3-3); the catalogue says which, by ``denominator_year``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

Areas = np.ndarray[Any, np.dtype[np.float64]]
Parents = np.ndarray[Any, np.dtype[np.int64]]
#: One number, or an array with one number per row.
Number = TypeVar("Number", float, Areas)
#: Areas with fewer persons are left out of an index over areas (Bundesamt für Statistik, BFS).
SMALLEST_AREA = 500


class Contrast(NamedTuple):
    """Gap and ratio of two rates. Print both: each alone can mislead.

    gap:   group − reference, in percentage points, with its sign
    ratio: group / reference; 1 is parity
    """

    gap: float
    ratio: float


def share(part: Number, whole: Number) -> Number:
    """Return 100 · part / whole, in percent; NaN unless the whole is above zero.

    >>> share(1, 8)
    12.5
    >>> share(np.array([1.0, 2.0]), np.array([8.0, 0.0])).tolist()
    [12.5, nan]
    """
    return _divide(100.0 * part, whole)


def per_1000(cases: Number, population: Number) -> Number:
    """Return 1000 · cases / population; cases may be a balance and negative.

    >>> per_1000(-30, 10_000)
    -3.0
    """
    return _divide(1000.0 * cases, population)


def contrast(rate: float, reference: float) -> Contrast:
    """Compare the rate of a group with that of its reference group.

    Gap: Integrationsmonitoring Niedersachsen, foreigners against all. The ratio is a plain
    quotient, read as that of the gender parity index of the UNESCO Institute for Statistics: the
    value of one group by that of the other, 1 is parity. It is NaN if the reference is not above 0.

    >>> contrast(30.0, 12.0)
    Contrast(gap=18.0, ratio=2.5)
    """
    return Contrast(gap=rate - reference, ratio=_divide(rate, reference))


def representation(part: Number, whole: Number, group: Number, population: Number) -> Number:
    """Return the share of a group in `whole` divided by its share in the population it is from.

    1: as present as in the population; 0.5: half as present. The same persons must be counted in
    `part` and `group` (one concept). Source: Ruedin, Measuring Descriptive Representation
    (druedin.com): R / P, the proportions of one group among representatives and in the population.
    He applies it to parliaments; here it is applied to schools, too.

    >>> representation(part=10, whole=100, group=200, population=1000)
    0.5
    """
    return _divide(share(part, whole), share(group, population))


def segregation(group: Areas, persons: Areas, smallest: float = SMALLEST_AREA) -> float:
    """Return IS, the percent of a group that would have to move to be spread as all others are.

    IS = 100 · ½ · Σ |x/X − (t − x)/(T − X)| over areas with t persons, x of them in the group.
    Source: Duncan & Duncan 1955, American Sociological Review 20. The index depends on the areas:
    over municipalities it tells differences between municipalities only. NaN if the group is empty
    or everyone, if a figure is missing, or if fewer than two areas have `smallest` persons.

    >>> round(segregation(np.array([300.0, 100.0]), np.array([1000.0, 1000.0])), 2)
    31.25
    """
    x, t = _select_large(persons, smallest, group, persons)
    return _half_difference(x, t - x)


def dissimilarity(
    first: Areas, second: Areas, persons: Areas, smallest: float = SMALLEST_AREA
) -> float:
    """Return D, the percent of one group that would have to move to be spread as the other is.

    D = 100 · ½ · Σ |a/A − b/B|; persons: everyone in the area; areas below `smallest` are left out.
    Source: Duncan & Duncan 1955, American Sociological Review 20.

    >>> both = np.array([1000.0, 1000.0])
    >>> dissimilarity(np.array([30.0, 10.0]), np.array([10.0, 30.0]), both)
    50.0
    """
    a, b = _select_large(persons, smallest, first, second)
    return _half_difference(a, b)


def measure_by_parent(
    parents: Parents, measure: Callable[..., float], *counts: Areas
) -> tuple[Parents, Areas]:
    """Compute `measure` per parent region: return the distinct parents, sorted, and one value each.

    parents: number of the region that each area belongs to. counts: arguments of the measure, one
    array element per area.

    >>> parents, totals = measure_by_parent(
    ...     np.array([7, 7, 9]), lambda persons: float(persons.sum()), np.array([1.0, 2.0, 4.0])
    ... )
    >>> parents.tolist(), totals.tolist()
    ([7, 9], [3.0, 4.0])
    """
    distinct = np.unique(parents)
    return distinct, np.array([measure(*(c[parents == p] for c in counts)) for p in distinct])


def _divide(dividend: Number, divisor: Number) -> Number:
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.where(np.greater(divisor, 0), np.divide(dividend, divisor), np.nan)
    return cast("Number", quotient[()] if quotient.ndim else float(quotient))


def _select_large(persons: Areas, smallest: float, *counts: Areas) -> list[Areas]:
    """Select areas that are large enough. One of unknown size stays, so that the index is NaN."""
    large = ~(persons < smallest) & (persons != 0)
    if large.sum() < 2:  # one area alone cannot be uneven
        return [np.array([math.nan]) for _ in counts]
    return [c[large].astype(float) for c in counts]


def _half_difference(first: Areas, second: Areas) -> float:
    of_first, of_second = float(first.sum()), float(second.sum())
    if not (of_first > 0 and of_second > 0):
        return math.nan
    return 50.0 * float(np.abs(first / of_first - second / of_second).sum())
