"""Figures of many indicators put together to one `Values` frame."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.core import categories
from kreisheft.facts.stages import STATUSES, VALUE_COLUMNS
from kreisheft.values.selection import Array, Picked, Places

#: Type of a column that is no text.
_PLAIN = {
    "year": "int64",
    "published": "bool",
    **dict.fromkeys(("value", "numerator", "denominator"), "float64"),
}


@dataclass(frozen=True)
class Part:
    """Figures of one indicator, source, target group and group; arrays of one length."""

    figures: Picked
    numerator: Array
    denominator: Array
    indicator: str
    table: str
    concept: str
    target_group: str = ""
    group: str = ""
    published: bool = False
    segment: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def frame(parts: Sequence[Part], known: Places, year: int) -> pd.DataFrame:
    """Return the columns of `Values`, texts as categories, up to and including `year`.

    parts: in order of preference: of several that have a key, the first with a number wins. Sorted
    by indicator, target group, group, region, year. Without parts the columns have the same types.
    """
    if not parts:
        return pd.DataFrame({c: pd.Series(dtype=_PLAIN.get(c, "category")) for c in VALUE_COLUMNS})
    length = [len(p.figures.value) for p in parts]

    def by_part(values: Sequence[Any]) -> categories.Category:
        found = sorted(set(values))
        place = {v: n for n, v in enumerate(found)}
        codes = np.repeat([place[v] for v in values], length)
        return categories.of_codes(codes, found)

    def whole(of: Callable[[Part], Array]) -> Array:
        return np.concatenate([of(p) for p in parts])

    period = whole(lambda p: p.figures.period)
    years = known.years[period]
    value = whole(lambda p: p.figures.value)
    segments = [f"{p.table}#" for p in parts]
    eras = whole(lambda p: p.segment)
    stand = whole(lambda p: p.figures.stand)
    days, day_codes = np.unique(stand, return_inverse=True)
    keys = {
        "indicator": by_part([p.indicator for p in parts]),
        "target_group": by_part([p.target_group for p in parts]),
        "group": by_part([p.group for p in parts]),
        "ags": categories.of_codes(whole(lambda p: p.figures.region), list(known.ags)),
    }
    number = np.zeros(len(value), dtype=np.int64)
    for column in keys.values():
        number = number * len(column.categories) + column.codes
    number = number * (int(known.years.max()) + 1) + years
    rows = np.flatnonzero(years <= year)
    order = rows[np.lexsort((rows, np.isnan(value[rows]), number[rows]))]
    chosen = order[np.diff(number[order], prepend=-1) > 0]
    table = by_part([p.table for p in parts])
    frame = {
        **keys,
        "period": categories.of_codes(period, list(known.periods)),
        "year": years,
        "value": value,
        "numerator": whole(lambda p: p.numerator),
        "denominator": whole(lambda p: p.denominator),
        "status": categories.of_codes(whole(lambda p: p.figures.status), list(STATUSES)),
        "published": np.repeat([p.published for p in parts], length),
        "table": table,
        "segment": _segments(by_part(segments), eras),
        "stand": categories.of_codes(
            day_codes, [f"{d // 10000}-{d // 100 % 100:02}-{d % 100:02}" for d in days]
        ),
        "concept": by_part([p.concept for p in parts]),
    }
    taken = {name: column[chosen] for name, column in frame.items()}
    return pd.DataFrame(taken)[list(VALUE_COLUMNS)]


def _segments(table: categories.Category, eras: Array) -> categories.Category:
    """Return ``<table>#<era>`` for every row."""
    span = int(eras.max(initial=0)) + 1
    codes, found = pd.factorize(table.codes.astype(np.int64) * span + eras)
    names = [f"{table.categories[f // span]}{f % span}" for f in found]
    return categories.of_codes(codes, names)
