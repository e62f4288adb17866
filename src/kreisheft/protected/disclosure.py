"""Stage 4: values → protected values. The one gate before every chart, table, sentence and file.

In: `Values`, the rules of ``data/rules/disclosure.yml``. Out: `Protected`, for files `Released`.

1. A figure printed in an open official table is public knowledge and passes unchanged.
2. Any other figure is hidden if the number of persons behind it, or the rest up to its base, is
   above zero and below the threshold.
3. What would give a hidden figure back is hidden too: all parts of the same split, and the same
   group in all municipalities of the Kreis. This closes sums and differences coarsely; the exact
   system (linear programming over all published figures) is a later stage.
4. Numerator and denominator leave only in a `Released`: a count is its own numerator; those of a
   computed figure go out together, if all tables behind it are open, neither they nor their
   difference are small, and rule 3 does not close them.

Source of threshold and rule 2: Regeln der statistischen Geheimhaltung, Statistik der BA.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kreisheft.core import categories, yaml_files
from kreisheft.core.errors import Problem
from kreisheft.facts.stages import (
    PROTECTED_COLUMNS,
    TOTAL,
    VALUE_COLUMNS,
    Protected,
    Released,
    Values,
)
from kreisheft.protected import standard_error

Shown = TypeVar("Shown", Protected, Released)


@dataclass(frozen=True)
class Rules:
    """threshold: smallest number of persons that may be seen; by_concept may only raise it."""

    threshold: int
    by_concept: dict[str, int]


def load_rules(root: Path) -> Rules:
    """Read ``data/rules/disclosure.yml``; DataError with line if it is damaged."""
    content = yaml_files.load(root / "data/rules/disclosure.yml", "disclosure", root).content
    return Rules(content["threshold"], dict(content.get("by_concept", {})))


def check(root: Path) -> list[Problem]:
    """Every problem of the rules."""
    return yaml_files.collect([lambda: load_rules(root)])


def protect(values: Values, rules: Rules) -> Protected:
    """Hide small figures and what would reveal them; numerators and denominators go altogether."""
    shown = _without(values.frame, _closed(values.frame, _small(values.frame, rules)))
    error = standard_error.coarse_error(values.frame).where(shown["value"].notna())
    return Protected(shown.assign(error=error)[list(PROTECTED_COLUMNS)])


def release(values: Values, rules: Rules, open_: Collection[tuple[str, str]]) -> Released:
    """As `protect`, and keep numerator and denominator of figures where both may be seen.

    open_: (indicator, table) where every table behind the figure is open. The rows, their order
    and their values are those of `protect`.
    """
    frame = values.frame
    hidden = _closed(frame, _small(frame, rules))
    shown = _without(frame, hidden)
    counted = frame["denominator"].isna() & (frame["numerator"] == frame["value"])
    pairs = pd.MultiIndex.from_arrays([frame["indicator"].astype(str), frame["table"].astype(str)])
    computed = pairs.isin(list(open_)) & frame["denominator"].notna() & frame["numerator"].notna()
    # What stays hidden of one part must not follow from the total and the other parts.
    secret = _closed(frame, hidden | _small_parts(frame, rules))
    kept = shown["value"].notna() & (counted | (computed & ~secret))
    return Released(
        shown.assign(
            numerator=frame["numerator"].where(kept), denominator=frame["denominator"].where(kept)
        )[list(VALUE_COLUMNS)]
    )


def narrow(shown: Shown, rows: Any) -> Shown:
    """Some rows of protected figures are protected figures. rows: True or False for each."""
    return shown.part(np.flatnonzero(np.asarray(rows)))


def like(shown: Shown, **wanted: str | int) -> Shown:
    """Rows that have these values in these columns."""
    rows = np.ones(shown.count, dtype=bool)
    for column, value in wanted.items():
        rows &= shown.column(column) == value
    return narrow(shown, rows)


def together(parts: Sequence[Shown]) -> Shown:
    """One below the other; columns of categories stay categories. parts: not empty."""
    frames = [p.frame for p in parts if p.count] or [parts[0].frame]
    columns = {name: categories.joined([f[name] for f in frames]) for name in frames[0].columns}
    return type(parts[0])(pd.DataFrame(columns))


def none(shown: Shown) -> Shown:
    """No row of them."""
    return shown.part(np.arange(0))


def by_indicator(shown: Shown) -> dict[str, Shown]:
    """Protected figures of each indicator, to look into many times.

    Their texts are plain objects: in a few hundred rows pandas is ten times faster with few blocks
    of columns than with a column of categories each.
    """
    order = np.argsort(pd.factorize(shown.frame["indicator"])[0], kind="stable")
    columns = {c: categories.objects(shown.frame[c])[order] for c in shown.frame.columns}
    names: Any = columns["indicator"]
    bounds = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1), len(names)] if len(names) else [0]
    return {
        str(names[a]): shown.of_columns({c: column[a:b] for c, column in columns.items()})
        for a, b in pairwise(bounds)
    }


def _without(frame: pd.DataFrame, hidden: "pd.Series[bool]") -> pd.DataFrame:
    return frame.assign(
        value=frame["value"].mask(hidden), status=frame["status"].mask(hidden, "hidden")
    )


def _small(frame: pd.DataFrame, rules: Rules) -> pd.Series:
    persons, rest = frame["numerator"], frame["denominator"] - frame["numerator"]
    small = _below(persons, frame, rules) | _below(rest, frame, rules)
    return small & ~frame["published"].astype(bool)


def _small_parts(frame: pd.DataFrame, rules: Rules) -> pd.Series:
    persons, base = frame["numerator"], frame["denominator"]
    parts = (persons, base, (base - persons).abs())
    small = [_below(part, frame, rules) for part in parts]
    return (small[0] | small[1] | small[2]) & base.notna()


def _below(persons: pd.Series, frame: pd.DataFrame, rules: Rules) -> pd.Series:
    own = frame["concept"].map(rules.by_concept).astype(float)
    limit = own.fillna(0).clip(lower=rules.threshold)
    return (persons > 0) & (persons < limit)


def _closed(frame: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Hide siblings until nothing changes: same split of a region, same group of a Kreis.

    And the same figure in other target groups, for a reader sees the pages of all of them.
    """
    own = ~frame["published"].astype(bool)
    part = own & (frame["group"] != TOTAL)
    municipality = frame["ags"].str.len() > 5
    kreis = frame["ags"].str[:5].where(municipality, frame["ags"])
    figure = ["indicator", "target_group", "period"]
    while True:
        keys = frame[figure].assign(ags=frame["ags"], kreis=kreis, group=frame["group"])
        split = hidden.groupby([keys[c] for c in (*figure, "ags")]).transform("any") & part
        places = (
            (hidden & municipality)
            .groupby([keys[c] for c in (*figure, "kreis", "group")])
            .transform("any")
            & municipality
            & own
        )
        wider = hidden | split | places
        wider |= _twins(frame, wider) & own
        if wider.equals(hidden):
            return hidden
        hidden = wider


def _twins(frame: pd.DataFrame, hidden: "pd.Series[bool]") -> "pd.Series[bool]":
    """Rows that show the very figure of a hidden row, for another target group."""
    same = ["indicator", "group", "ags", "period", "table", "value", "numerator", "denominator"]
    # Few rows are hidden, so only regions and indicators that have one are looked at.
    near = pd.Series(True, index=frame.index)
    for column in ("indicator", "ags", "period"):
        near &= frame[column].isin(frame.loc[hidden, column].unique())
    keys = frame.loc[near, same].astype(dict.fromkeys(same[:5], str))
    keys[same[5:]] = keys[same[5:]].fillna(-1.0)
    found = hidden[near].groupby([keys[c] for c in same]).transform("any")
    return found.reindex(frame.index, fill_value=False)
