"""The kinds of the catalogue as formulas over picked facts.

In: `Picked` of the parts that a source names. Out: `Picked`, one figure per region and period.

share = 100 · numerator / denominator; per_1000 = 1000 · (numerator − minus) / denominator
representation = share of the numerator / share of the base
segregation: IS of the numerator among the denominator over the municipalities of a Kreis
dissimilarity: D between the numerator and `other` over them; the denominator is everyone there

A figure without a number has the status of the operand without one; where all operands have
numbers and the figure is not defined, because a base is zero, it is ``not_applicable``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from kreisheft.facts.stages import STATUSES, WITH_NUMBER
from kreisheft.values import aggregates, measures
from kreisheft.values.selection import Array, Picked, Places, join_rows, worse_status

_RATES: dict[str, Callable[..., Array]] = {
    "share": measures.share,
    "per_1000": measures.per_1000,
    "representation": measures.representation,
}
_INDICES: dict[str, Callable[..., float]] = {
    "segregation": measures.segregation,
    "dissimilarity": measures.dissimilarity,
}
_UNDEFINED = STATUSES.index("not_applicable")


def subtract(left: Picked, right: Picked) -> Picked:
    """Return `left` − `right` for the regions and periods that both have.

    >>> from kreisheft.values.selection import Picked
    >>> def picked(region, value):
    ...     zeros = np.zeros(len(region), dtype=int)
    ...     return Picked(np.array(region), zeros, np.array(value), zeros, zeros + 20210101)
    >>> subtract(picked([0, 1], [10.0, 7.0]), picked([1], [2.0])).value.tolist()
    [5.0]
    """
    rows, partner = join_rows(left, right, lambda p: p.region << 20 | p.period)
    left, right = left.take(rows), right.take(partner)
    return replace(
        left,
        value=left.value - right.value,
        status=worse_status(left.status, right.status),
        stand=np.maximum(left.stand, right.stand),
        concepts=left.concepts | right.concepts,
    )


def join_by_year(
    first: Picked, others: Sequence[tuple[Picked, int]], places: Places
) -> list[Picked]:
    """Align figures by region and year: only rows that all of them have, `first` in front.

    others: each with a shift in years: -1 pairs its figure of a year with those of the next year.

    >>> from kreisheft.values.selection import Picked, Places
    >>> places = Places(["05562"], ["2019", "2020"], np.array([2019, 2020]))
    >>> def picked(value):
    ...     zeros = np.zeros(2, dtype=int)
    ...     return Picked(zeros, np.array([0, 1]), np.array(value), zeros, zeros + 20210101)
    >>> cases, persons = join_by_year(picked([1.0, 2.0]), [(picked([100.0, 200.0]), -1)], places)
    >>> cases.value.tolist(), persons.value.tolist()
    ([2.0], [100.0])
    """
    aligned = [first]
    for other, shift in others:

        def by_year(figures: Picked, own: Picked = other, shift: int = shift) -> Array:
            moved = shift if figures is own else 0
            key: Array = figures.region << 20 | (places.years[figures.period] - moved)
            return key

        rows, partner = join_rows(aligned[0], other, by_year)
        aligned = [*(f.take(rows) for f in aligned), other.take(partner)]
    return aligned


def compute_figures(
    kind: str, parts: Sequence[Picked], places: Places, municipalities: Mapping[str, int]
) -> tuple[Picked, Array, Array]:
    """Compute the figures of a kind; return them with numerator and denominator.

    parts: aligned by `join_by_year`: numerator, denominator, and for a representation the two of
    the base, for a dissimilarity `other`. municipalities: see `aggregates`. An index over
    municipalities has neither numerator nor denominator (NaN). Values are in percent or per 1,000.

    >>> from kreisheft.values.selection import Picked, Places
    >>> places = Places(["05562"], ["2020"], np.array([2020]))
    >>> def picked(value):
    ...     zero = np.zeros(1, dtype=int)
    ...     return Picked(zero, zero, np.array([value]), zero, zero + 20210101)
    >>> shares, _, _ = compute_figures("share", [picked(3.0), picked(12.0)], places, {})
    >>> shares.value.tolist()
    [25.0]
    >>> undefined, _, _ = compute_figures("share", [picked(0.0), picked(0.0)], places, {})
    >>> STATUSES[undefined.status[0]]
    'not_applicable'
    """
    if kind in _INDICES:
        # Everyone comes last in `measures`, and second in the catalogue.
        counts = [parts[0], *parts[2:], parts[1]]
        index = aggregates.measure_municipalities(_INDICES[kind], counts, places, municipalities)
        missing: Array = np.full(len(index.value), np.nan)
        return _mark_undefined(index), missing, missing
    status = reduce(worse_status, (p.status for p in parts))
    value = _RATES[kind](*(p.value for p in parts))
    figures = replace(
        parts[0],
        value=np.where(status < len(WITH_NUMBER), value, np.nan),
        status=status,
        stand=np.maximum.reduce([p.stand for p in parts]),
    )
    return _mark_undefined(figures), parts[0].value, parts[1].value


def _mark_undefined(figures: Picked) -> Picked:
    undefined = np.isnan(figures.value) & (figures.status < len(WITH_NUMBER))
    return replace(figures, status=np.where(undefined, _UNDEFINED, figures.status))
