"""Combine the figures of many indicators into one `Values` frame."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.core import categories
from kreisheft.facts.stages import STATUSES, VALUE_COLUMNS
from kreisheft.values.selection import Array, Picked, Places

#: dtype of the columns that are not text.
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


def build_frame(parts: Sequence[Part], places: Places, year: int) -> pd.DataFrame:
    """Combine parts into a frame with the columns of `Values`, up to and including `year`.

    parts: in order of preference: if several have the same key, the first with a number wins. The
    rows are sorted by indicator, target group, group, region and year. Texts are categories, also
    in the empty frame that no parts give.

    >>> places = Places(["05562"], ["2020"], np.array([2020]))
    >>> def part(table, value):
    ...     zero, number = np.zeros(1, dtype=int), np.array([value])
    ...     figures = Picked(zero, zero, number, zero, zero + 20210101)
    ...     return Part(figures, number, number, "anzahl", table, "AUSL", segment=zero)
    >>> frame = build_frame([part("a", np.nan), part("b", 7.0)], places, 2020)
    >>> frame[["ags", "year", "value", "table", "segment"]].values.tolist()
    [['05562', 2020, 7.0, 'b', 'b#0']]
    """
    if not parts:
        return pd.DataFrame({c: pd.Series(dtype=_PLAIN.get(c, "category")) for c in VALUE_COLUMNS})
    columns = _concat_columns(parts, places)
    keys = [columns[name] for name in ("indicator", "target_group", "group", "ags")]
    rows = _choose_rows(keys, columns["year"], columns["value"], year)
    return pd.DataFrame({name: columns[name][rows] for name in VALUE_COLUMNS})


def _concat_columns(parts: Sequence[Part], places: Places) -> dict[str, Any]:
    """Return the columns of `Values` with the rows of all parts, one after the other."""
    length = [len(p.figures.value) for p in parts]

    def repeat(get_text: Callable[[Part], str]) -> categories.Category:
        texts = [get_text(p) for p in parts]
        distinct = sorted(set(texts))
        position = {text: n for n, text in enumerate(distinct)}
        return categories.of_codes(np.repeat([position[t] for t in texts], length), distinct)

    def concat(get_array: Callable[[Part], Array]) -> Array:
        return np.concatenate([get_array(p) for p in parts])

    period = concat(lambda p: p.figures.period)
    days, day_codes = np.unique(concat(lambda p: p.figures.stand), return_inverse=True)
    stands = [f"{d // 10000}-{d // 100 % 100:02}-{d % 100:02}" for d in days]
    return {
        "indicator": repeat(lambda p: p.indicator),
        "target_group": repeat(lambda p: p.target_group),
        "group": repeat(lambda p: p.group),
        "ags": categories.of_codes(concat(lambda p: p.figures.region), list(places.ags)),
        "period": categories.of_codes(period, list(places.periods)),
        "year": places.years[period],
        "value": concat(lambda p: p.figures.value),
        "numerator": concat(lambda p: p.numerator),
        "denominator": concat(lambda p: p.denominator),
        "status": categories.of_codes(concat(lambda p: p.figures.status), list(STATUSES)),
        "published": np.repeat([p.published for p in parts], length),
        "table": repeat(lambda p: p.table),
        "segment": _segments(repeat(lambda p: f"{p.table}#"), concat(lambda p: p.segment)),
        "stand": categories.of_codes(day_codes, stands),
        "concept": repeat(lambda p: p.concept),
    }


def _choose_rows(
    keys: Sequence[categories.Category], years: Array, value: Array, year: int
) -> Array:
    """Return the numbers of the rows to keep, sorted by key: per key the first with a number."""
    number = np.zeros(len(value), dtype=np.int64)
    for column in keys:
        number = number * len(column.categories) + column.codes
    number = number * (int(years.max(initial=0)) + 1) + years
    rows = np.flatnonzero(years <= year)
    order = rows[np.lexsort((rows, np.isnan(value[rows]), number[rows]))]
    chosen: Array = order[np.diff(number[order], prepend=-1) > 0]
    return chosen


def _segments(table: categories.Category, eras: Array) -> categories.Category:
    """Return ``<table>#<segment number>`` for every row; table: ``<table>#``."""
    span = int(eras.max(initial=0)) + 1
    codes, distinct = pd.factorize(table.codes.astype(np.int64) * span + eras)
    names = [f"{table.categories[key // span]}{key % span}" for key in distinct]
    return categories.of_codes(codes, names)
