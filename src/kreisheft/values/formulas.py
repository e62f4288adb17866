"""Kinds of the catalogue as formulas over picked facts: numbers in, numbers with a status out.

In: `Picked` of the parts that a source names. Out: `Picked`, one figure per region and period.

share = 100 · numerator / denominator; per_1000 = 1000 · (numerator − minus) / denominator
representation = share of the numerator / share of the base
segregation: IS of the numerator among the denominator over the municipalities of a Kreis
dissimilarity: D between the numerator and `other` over them; the denominator is everyone there

A figure without a number has the status of the part that has none; where all parts have one and
there is yet no figure, because a base is nought, it is ``not_applicable``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from kreisheft.facts.stages import STATUSES, WITH_NUMBER
from kreisheft.values import aggregates, measures
from kreisheft.values.selection import Array, Picked, Places, joined, worse

_RATES: dict[str, Callable[..., Any]] = {
    "share": measures.share,
    "per_1000": measures.per_1000,
    "representation": measures.representation,
}
_INDICES: dict[str, Callable[..., float]] = {
    "segregation": measures.segregation,
    "dissimilarity": measures.dissimilarity,
}
_UNDEFINED = STATUSES.index("not_applicable")


def difference(above: Picked, minus: Picked) -> Picked:
    """Take `minus` off; only regions and periods that both have."""
    rows, partner = joined(above, minus, lambda p: p.region << 20 | p.period)
    above, minus = above.take(rows), minus.take(partner)
    return replace(
        above,
        value=above.value - minus.value,
        status=worse(above.status, minus.status),
        stand=np.maximum(above.stand, minus.stand),
        concepts=above.concepts | minus.concepts,
    )


def beside(first: Picked, others: Sequence[tuple[Picked, int]], known: Places) -> list[Picked]:
    """Return the rows of all that have the same region and year, `first` in front.

    others: each with a shift: -1 for figures that belong to those of the year after them.
    """
    found = [first]
    for other, shift in others:

        def by_year(figures: Picked, own: Picked = other, shift: int = shift) -> Array:
            moved = shift if figures is own else 0
            key: Array = figures.region << 20 | (known.years[figures.period] - moved)
            return key

        rows, partner = joined(found[0], other, by_year)
        found = [*(f.take(rows) for f in found), other.take(partner)]
    return found


def figure(
    kind: str, parts: Sequence[Picked], known: Places, municipalities: Mapping[str, int]
) -> tuple[Picked, Array, Array]:
    """Return the figures of a kind with numerator and denominator.

    parts: of `beside`: numerator, denominator; for a representation those of the base behind them,
    for a dissimilarity `other`. An index over municipalities has neither numerator nor denominator.
    """
    if kind in _INDICES:
        # Everyone comes last in `measures`, and second in the catalogue.
        counts = [parts[0], *parts[2:], parts[1]]
        index = aggregates.over_municipalities(_INDICES[kind], counts, known, municipalities)
        nothing: Array = np.full(len(index.value), np.nan)
        return _defined(index), nothing, nothing
    status = reduce(worse, (p.status for p in parts))
    value = _RATES[kind](*(p.value for p in parts))
    figures = replace(
        parts[0],
        value=np.where(status < len(WITH_NUMBER), value, np.nan),
        status=status,
        stand=np.maximum.reduce([p.stand for p in parts]),
    )
    return _defined(figures), parts[0].value, parts[1].value


def _defined(figures: Picked) -> Picked:
    undefined = np.isnan(figures.value) & (figures.status < len(WITH_NUMBER))
    return replace(figures, status=np.where(undefined, _UNDEFINED, figures.status))
