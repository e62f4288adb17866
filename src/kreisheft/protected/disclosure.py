"""Stage 4: values → protected values. The one gate before every chart, table, sentence and file.

In: `Values`, the rules of ``data/rules/disclosure.yml``. Out: `Protected`, for files `Released`.

1. A figure printed in an open official table is public and passes unchanged.
2. Primary suppression: any other figure is hidden if its numerator, or denominator − numerator, is
   above zero and below the threshold.
3. Secondary suppression: figures from which a hidden one could be computed are hidden too: all
   groups of the same split, and the same group in all municipalities of the Kreis. This is a coarse
   protection of sums and differences; the exact method (linear programming over all published
   figures) is a later stage.
4. Numerator and denominator appear only in `Released`: a count is its own numerator; those of a
   computed figure appear together, if all tables behind it are open, neither they nor their
   difference are small, and rule 3 does not suppress them.

Source of threshold and rule 2: Regeln der statistischen Geheimhaltung, Statistik der BA.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from kreisheft.core import categories, yaml_files
from kreisheft.core.errors import Problem
from kreisheft.facts.stages import (
    PROTECTED_COLUMNS,
    TOTAL,
    VALUE_COLUMNS,
    Array,
    Protected,
    Released,
    Values,
)
from kreisheft.protected import standard_error

Gated = TypeVar("Gated", Protected, Released)


@dataclass(frozen=True)
class Rules:
    """threshold: smallest number of persons that is shown; by_concept: concept → a higher one."""

    threshold: int
    by_concept: dict[str, int]


def load_rules(root: Path) -> Rules:
    """Read ``data/rules/disclosure.yml``. Raises DataError with the line of each mistake.

    >>> load_rules(ROOT).threshold
    3
    """
    content = yaml_files.load(root / "data/rules/disclosure.yml", "disclosure", root).content
    return Rules(content["threshold"], dict(content.get("by_concept", {})))


def check(root: Path) -> list[Problem]:
    """Report every mistake in the rules.

    >>> check(ROOT)
    []
    """
    return yaml_files.collect([lambda: load_rules(root)])


def protect(values: Values, rules: Rules) -> Protected:
    """Suppress small figures (primary) and those that would reveal them (secondary).

    A suppressed row stays, with the status ``hidden`` and NaN as value and standard error.
    Numerator and denominator are dropped from all rows.

    >>> rows = values(
    ...     {"group": "frauen", "value": 30.0, "numerator": 3, "denominator": 10},
    ...     {"group": "maenner", "value": 40.0, "numerator": 40, "denominator": 100},
    ...     {"group": "insgesamt", "value": 43.0, "numerator": 43, "denominator": 110},
    ... )
    >>> protect(rows, Rules(threshold=10, by_concept={})).rows("group", "value", "status")
    [('frauen', nan, 'hidden'), ('maenner', nan, 'hidden'), ('insgesamt', 43.0, 'value')]
    """
    visible = _hide(
        values.frame, _suppress_secondary(values.frame, _find_small(values.frame, rules))
    )
    error = standard_error.coarse_error(values.frame).where(visible["value"].notna())
    return Protected(visible.assign(error=error)[list(PROTECTED_COLUMNS)])


def release(values: Values, rules: Rules, open_: Collection[tuple[str, str]]) -> Released:
    """Suppress as `protect` does, but keep numerator and denominator where both may be shown.

    open_: pairs (indicator, table) for which every table behind the figure is open. Rows, their
    order and their values are those of `protect`.

    >>> row = values({"value": 40.0, "numerator": 40, "denominator": 100})
    >>> rules = Rules(threshold=10, by_concept={})
    >>> release(row, rules, {("quote", "t1")}).rows("value", "numerator", "denominator")
    [(40.0, 40.0, 100.0)]
    >>> release(row, rules, set()).rows("value", "numerator", "denominator")
    [(40.0, nan, nan)]
    """
    frame = values.frame
    hidden = _suppress_secondary(frame, _find_small(frame, rules))
    visible = _hide(frame, hidden)
    is_count = frame["denominator"].isna() & (frame["numerator"] == frame["value"])
    pairs = pd.MultiIndex.from_arrays([frame["indicator"].astype(str), frame["table"].astype(str)])
    is_open = pairs.isin(list(open_)) & frame["denominator"].notna() & frame["numerator"].notna()
    # A suppressed part must not follow from the total and the other parts.
    secret = _suppress_secondary(frame, hidden | _find_small_parts(frame, rules))
    shows_parts = visible["value"].notna() & (is_count | (is_open & ~secret))
    return Released(
        visible.assign(
            numerator=frame["numerator"].where(shows_parts),
            denominator=frame["denominator"].where(shows_parts),
        )[list(VALUE_COLUMNS)]
    )


def select_rows(figures: Gated, rows: "Sequence[bool] | Array | pd.Series[bool]") -> Gated:
    """Select rows of protected figures. rows: one True or False per row.

    >>> figures = protected({"year": 2019}, {"year": 2020})
    >>> select_rows(figures, [False, True]).rows("year")
    [(2020,)]
    """
    return figures.part(np.flatnonzero(np.asarray(rows)))


def filter_like(figures: Gated, **wanted: str | int) -> Gated:
    """Select the rows that have these values in these columns.

    >>> figures = protected({"year": 2020, "group": "frauen"}, {"year": 2020, "group": "maenner"})
    >>> filter_like(figures, group="frauen", year=2020).rows("group")
    [('frauen',)]
    """
    rows = np.ones(figures.count, dtype=bool)
    for column, value in wanted.items():
        rows &= figures.column(column) == value
    return select_rows(figures, rows)


def concat(parts: Sequence[Gated]) -> Gated:
    """Concatenate rows; columns of categories stay categories. parts: at least one.

    >>> concat([protected({"year": 2019}), protected({"year": 2020})]).rows("year")
    [(2019,), (2020,)]
    """
    frames = [p.frame for p in parts if p.count] or [parts[0].frame]
    columns = {name: categories.concat([f[name] for f in frames]) for name in frames[0].columns}
    return type(parts[0])(pd.DataFrame(columns))


def empty(figures: Gated) -> Gated:
    """Return figures of the same stage without rows.

    >>> empty(protected({"year": 2020})).count
    0
    """
    return figures.part(np.arange(0))


def split_by_indicator(figures: Gated) -> dict[str, Gated]:
    """Split figures into those of each indicator, for many small reads.

    Texts become plain objects: on a few hundred rows pandas is ten times faster with a few blocks
    of columns than with one column of categories each.

    >>> parts = split_by_indicator(protected({"indicator": "a"}, {"indicator": "b"}))
    >>> [(name, part.count) for name, part in parts.items()]
    [('a', 1), ('b', 1)]
    """
    order = np.argsort(pd.factorize(figures.frame["indicator"])[0], kind="stable")
    columns = {c: categories.objects(figures.frame[c])[order] for c in figures.frame.columns}
    names: Array = columns["indicator"]
    bounds = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1), len(names)] if len(names) else [0]
    return {
        str(names[a]): figures.of_columns({c: column[a:b] for c, column in columns.items()})
        for a, b in pairwise(bounds)
    }


def _hide(frame: pd.DataFrame, hidden: "pd.Series[bool]") -> pd.DataFrame:
    return frame.assign(
        value=frame["value"].mask(hidden), status=frame["status"].mask(hidden, "hidden")
    )


def _find_small(frame: pd.DataFrame, rules: Rules) -> pd.Series:
    numerator, rest = frame["numerator"], frame["denominator"] - frame["numerator"]
    small = _is_below(numerator, frame, rules) | _is_below(rest, frame, rules)
    return small & ~frame["published"].astype(bool)


def _find_small_parts(frame: pd.DataFrame, rules: Rules) -> pd.Series:
    numerator, denominator = frame["numerator"], frame["denominator"]
    counts = (numerator, denominator, (denominator - numerator).abs())
    small = [_is_below(part, frame, rules) for part in counts]
    return (small[0] | small[1] | small[2]) & denominator.notna()


def _is_below(persons: pd.Series, frame: pd.DataFrame, rules: Rules) -> pd.Series:
    raised = frame["concept"].map(rules.by_concept).astype(float)
    limit = raised.fillna(0).clip(lower=rules.threshold)
    return (persons > 0) & (persons < limit)


def _suppress_secondary(frame: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Secondary suppression: extend `hidden` until nothing changes.

    Hidden are all groups of a split in which one is hidden, the same group in all municipalities
    of the Kreis, and the same figure on the pages of other target groups. Published figures stay.
    """
    computed = ~frame["published"].astype(bool)
    is_part = computed & (frame["group"] != TOTAL)
    municipality = frame["ags"].str.len() > 5
    kreis = frame["ags"].str[:5].where(municipality, frame["ags"])
    figure = ["indicator", "target_group", "period"]
    while True:
        keys = frame[figure].assign(ags=frame["ags"], kreis=kreis, group=frame["group"])
        split = hidden.groupby([keys[c] for c in (*figure, "ags")]).transform("any") & is_part
        places = (
            (hidden & municipality)
            .groupby([keys[c] for c in (*figure, "kreis", "group")])
            .transform("any")
            & municipality
            & computed
        )
        closed = hidden | split | places
        closed |= _find_twins(frame, closed) & computed
        if closed.equals(hidden):
            return hidden
        hidden = closed


def _find_twins(frame: pd.DataFrame, hidden: "pd.Series[bool]") -> "pd.Series[bool]":
    """Find rows with the same figure as a hidden row, for another target group."""
    key = ["indicator", "group", "ags", "period", "table", "value", "numerator", "denominator"]
    # Few rows are hidden, so only their indicators, regions and periods are compared.
    candidates = pd.Series(True, index=frame.index)
    for column in ("indicator", "ags", "period"):
        candidates &= frame[column].isin(frame.loc[hidden, column].unique())
    keys = frame.loc[candidates, key].astype(dict.fromkeys(key[:5], str))
    keys[key[5:]] = keys[key[5:]].fillna(-1.0)
    twins = hidden[candidates].groupby([keys[c] for c in key]).transform("any")
    return twins.reindex(frame.index, fill_value=False)
