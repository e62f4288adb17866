"""Stage 3: facts → values. One row per region × period × indicator × target group × group.

In: the catalogue, the facts of the tables that the asked indicators name, the report year.
Out: `Values`. Which table serves a figure follows the order in the catalogue: per region, year and
group the first table that has a number wins, and every row says which table and which segment of it
(the years between two declared breaks) it is from, so that nothing is joined across.

Measures: share = 100 · numerator / denominator;
per_1000 = 1000 · (numerator − minus) / denominator; count and published as they stand.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kreisheft import catalogue
from kreisheft import facts as facts_store
from kreisheft.catalogue import PLACEHOLDER, Catalogue, Indicator, Select, Source, group_id
from kreisheft.errors import DataError, Problem
from kreisheft.model import STATUSES, TOTAL, VALUE_COLUMNS, WITH_NUMBER, Facts, Values
from kreisheft.selection import (
    KEY,
    Prepared,
    SelectionError,
    is_single,
    pick,
    prepared,
)
from kreisheft.sources import passports
from kreisheft.sources.passports import Passport

FACTOR = {"share": 100.0, "per_1000": 1000.0}


@dataclass(frozen=True)
class Inputs:
    """What figures are computed from; `tables` holds only the tables that are needed."""

    book: Catalogue
    passports: Mapping[str, Passport]
    tables: Mapping[str, Facts]


def needed_tables(indicators: Iterable[Indicator]) -> list[str]:
    """Table numbers that the indicators name, sorted."""
    return sorted(
        {t for i in indicators for s in i.sources for t in (s.table, s.denominator_table)}
    )


def load_inputs(
    root: Path,
    book: Catalogue,
    known: Mapping[str, Passport],
    indicators: Iterable[Indicator],
) -> Inputs:
    """Read the facts that the indicators need."""
    tables = {t: facts_store.load(root, t) for t in needed_tables(indicators)}
    return Inputs(book, known, tables)


def compute(
    inputs: Inputs,
    indicators: Iterable[Indicator],
    year: int,
    as_of: str | None = None,
    target_groups: Collection[str] = (),
) -> Values:
    """Figures of the indicators for all regions and all periods up to and including `year`.

    as_of: newest Stand that may be used (``YYYY-MM-DD``), None for the newest there is.
    target_groups: only these; empty for all.
    Raises DataError if a selection of the catalogue does not fit its table.
    """
    fresh = {
        name: prepared(_with_land_sum(facts_store.at(table, as_of), inputs.passports[name]))
        for name, table in inputs.tables.items()
    }
    parts = [
        part
        for indicator in indicators
        for part in _of_indicator(indicator, fresh, inputs, target_groups)
        if not part.empty
    ]
    if not parts:
        return Values(pd.DataFrame(columns=list(VALUE_COLUMNS)))
    frame = pd.concat(parts, ignore_index=True)
    days = {d: f"{d // 10000}-{d // 100 % 100:02}-{d % 100:02}" for d in set(frame["stand"])}
    frame["stand"] = frame["stand"].map(days)
    frame["segment"] = frame["table"] + "#" + frame["segment"].astype(str)
    frame = frame[frame["year"] <= year]
    # Sources come in order of preference; the first that has the figure wins.
    key = ["indicator", "target_group", "group", "ags", "year"]
    with_number = frame["value"].notna()
    frame = pd.concat([frame[with_number], frame[~with_number]]).drop_duplicates(key)
    return Values(
        frame.sort_values([*key, "period"], kind="stable", ignore_index=True)[list(VALUE_COLUMNS)]
    )


def check(root: Path) -> list[Problem]:
    """Hold every selection of the catalogue against the facts; report all that do not fit."""
    book = catalogue.load(root)
    known, chosen = passports.load(root), list(book.indicators.values())
    lost = [
        Problem(_place(i, s), f"no table {t!r} in data/facts", "import it or mend the number")
        for i in chosen
        for s in i.sources
        for t in (s.table, s.denominator_table)
        if t not in known
    ]
    if lost:
        return lost
    inputs = load_inputs(root, book, known, chosen)
    fresh = {name: prepared(facts_store.at(table)) for name, table in inputs.tables.items()}
    problems = []
    for indicator in chosen:
        try:
            list(_of_indicator(indicator, fresh, inputs))
        except DataError as error:
            problems += error.problems
    return problems


def _of_indicator(
    indicator: Indicator,
    fresh: Mapping[str, Prepared],
    inputs: Inputs,
    target_groups: Collection[str] = (),
) -> Iterable[pd.DataFrame]:
    for source in indicator.sources:
        if any(fresh[t].data.empty for t in (source.table, source.denominator_table)):
            continue  # nothing was delivered yet at the asked Stand
        groups = _groups(source, fresh[source.table])
        # Target groups that a source does not tell apart share one computation.
        made: dict[tuple[str, str], pd.DataFrame] = {}
        for target_group, shown in indicator.target_groups.items():
            if target_groups and target_group not in target_groups:
                continue
            if source.target_group and target_group not in source.target_group:
                continue
            meaning = str(source.target_group.get(target_group, ""))
            for group in [g for g in groups if g in shown]:
                if (group, meaning) not in made:
                    selects = _Selects(source, target_group, groups[group], inputs.book)
                    part = _figures(indicator, source, selects, fresh)
                    made[group, meaning] = _dressed(part, indicator, source, selects, group, inputs)
                part = made[group, meaning].assign(target_group=target_group)
                yield part[list(VALUE_COLUMNS)]


def _groups(source: Source, table: Prepared) -> dict[str, Select]:
    if not source.groups_by:
        return dict(source.groups)
    by = source.groups_by
    return {group_id(by, v): {by: v} for v in table.ids[by] if v != TOTAL}


class _Selects:
    """The selections of a source for one target group and one comparison group.

    A value is one id, a list of ids, ``"@list"`` of groups.yml, ``"*"`` for every id or ``"!id"``
    for every other. The group narrows what it names; in a denominator it yields to what the
    catalogue says there, and to a table that has no such column.
    """

    def __init__(self, source: Source, target_group: str, narrowing: Select, book: Catalogue):
        self._source, self._target_group = source, target_group
        self._narrowing, self._lists = narrowing, book.lists

    def of(self, part: str, columns: Collection[str] = ()) -> dict[str, list[str]]:
        """Columns → allowed ids of ``value``, ``numerator``, ``denominator`` or ``minus``."""
        base: Select = getattr(self._source, part)
        narrowing = self._narrowing
        if part == "denominator":
            narrowing = {c: v for c, v in narrowing.items() if c in columns and c not in base}
        return {c: self._values(v) for c, v in {**base, **narrowing}.items()}

    def _values(self, wanted: Any) -> list[str]:
        if wanted == PLACEHOLDER:
            wanted = self._source.target_group[self._target_group]
        if isinstance(wanted, str) and wanted.startswith("@"):
            wanted = self._lists[wanted.removeprefix("@")]
        return [str(v) for v in wanted] if isinstance(wanted, list) else [str(wanted)]


def _figures(
    indicator: Indicator, source: Source, selects: _Selects, fresh: Mapping[str, Prepared]
) -> pd.DataFrame:
    """Columns ags, period, year, value, numerator, denominator, status, stand."""

    def picked(part: str, number: str = source.table) -> pd.DataFrame:
        table = fresh[number]
        try:
            return pick(table, selects.of(part, table.ids))
        except SelectionError as error:
            fix = "see docs/tables.md for what is in it"
            raise DataError([Problem(_place(indicator, source), str(error), fix)]) from None

    if source.kind in ("published", "count"):
        part = picked("value")
        part["denominator"] = float("nan")
        part["numerator"] = part["value"] if source.kind == "count" else float("nan")
        return part
    part = picked("numerator").rename(columns={"value": "numerator"})
    if source.minus:
        minus = picked("minus")
        part = part.merge(minus[[*KEY, "value", "status"]], on=KEY, suffixes=("", "_minus"))
        part["numerator"] -= part["value"]
        part["status"] = _worse(part["status"], part["status_minus"])
    below = picked("denominator", source.denominator_table)
    below["join"] = below["year"] - source.denominator_year
    below = below.rename(columns={"value": "denominator"})
    part = part.merge(
        below[["ags", "join", "denominator", "status", "stand"]],
        left_on=["ags", "year"],
        right_on=["ags", "join"],
        suffixes=("", "_below"),
    )
    usable = part["denominator"] > 0
    part["status"] = _worse(part["status"], part["status_below"])
    part["stand"] = np.maximum(part["stand"], part["stand_below"])
    ratio = FACTOR[source.kind] * part["numerator"] / part["denominator"].where(usable)
    part["value"] = ratio.where(part["status"].isin(WITH_NUMBER))
    return part


def _worse(first: pd.Series, second: pd.Series) -> pd.Series:
    return second.where(~second.isin((*WITH_NUMBER,)), first)


def _dressed(
    part: pd.DataFrame,
    indicator: Indicator,
    source: Source,
    selects: _Selects,
    group: str,
    inputs: Inputs,
) -> pd.DataFrame:
    passport = inputs.passports[source.table]
    breaks = [b.year for b in inputs.book.breaks_of(source.table, indicator.id)]
    era = np.searchsorted(breaks, part["year"], side="right")
    one_cell = is_single(selects.of("value"))
    return part.assign(
        indicator=indicator.id,
        group=group,
        published=passport.public and source.kind in ("published", "count") and one_cell,
        table=source.table,
        segment=era,
        concept=source.concept or indicator.concept,
    )


def _with_land_sum(frame: pd.DataFrame, passport: Passport) -> pd.DataFrame:
    """Add the Land as the marked sum of its Kreise to a table that lacks it."""
    if not passport.sum_to_land or frame.empty:
        return frame
    kreise = frame[frame["ags"].str.len() == 5]
    by = [c for c in frame.columns if c not in ("ags", "value", "status")]
    # A Kreis without a figure leaves its Land without one: the sum of the others is not the Land.
    place = kreise["status"].map(STATUSES.index)
    place = place.where(~kreise["status"].isin(WITH_NUMBER), STATUSES.index("summed"))
    land = kreise.assign(ags=kreise["ags"].str[:2], status=place).groupby(["ags", *by])
    summed = land.agg({"value": "sum", "status": "max"}).reset_index()
    summed["status"] = summed["status"].map(dict(enumerate(STATUSES)))
    summed["value"] = summed["value"].where(summed["status"] == "summed")
    return pd.concat([frame, summed[frame.columns]], ignore_index=True)


def _place(indicator: Indicator, source: Source) -> str:
    return f"data/catalogue/{indicator.field}.yml, {indicator.id}, table {source.table}"
