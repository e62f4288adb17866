"""Which chapters exist: field × target group × report year, counted in indicators with a figure.

In: the settings of a Kreis. Out: a tidy frame ``field, target_group, year, indicators, ids``: how
many indicators have a figure for the Kreis or its municipalities, and which. An edition has a
chapter where there is at least one and a page for every id; the overview prints the numbers. Pages
that link to an indicator call the same `indicators_with_page`, so that no link is dead.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.params import Params
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.protected import field_values
from kreisheft.protected.field_values import FieldValues


def matrix(root: Path, settings: Params) -> pd.DataFrame:
    """Count the indicators with a figure per field, target group and report year.

    `indicators` is int64, `ids` a tuple in the order of the catalogue.
    """
    book = catalogue.load(root)
    rows = []
    for as_of, years in _group_by_as_of(settings).items():
        since: dict[tuple[str, str], int] = {}
        for field in settings.fields:
            since |= first_years_near(
                root, settings, field_values.load(root, settings, field, as_of)
            )
        for year in years:
            for group in settings.target_groups:
                present = indicators_with_page(since, [group], year)
                for field in settings.fields:
                    ids = tuple(i.id for i in book.of_field(field) if i.id in present)
                    rows.append((field, group, year, len(ids), ids))
    return pd.DataFrame(rows, columns=["field", "target_group", "year", "indicators", "ids"])


def first_years_near(
    root: Path, settings: Params, values: FieldValues
) -> Mapping[tuple[str, str], int]:
    """Return `first_years` of a field for the Kreis and its municipalities; computed once."""

    def compute() -> Mapping[tuple[str, str], int]:
        near = {settings.ags, *regions.municipalities(root, settings.ags)}
        return first_years(values.protected, near)

    return values.once(("since", settings.ags), compute)


def first_years(figures: Protected, places: Collection[str]) -> dict[tuple[str, str], int]:
    """Map (indicator, target group) to the first year in which one of `places` has a figure."""
    frame = figures.frame
    rows = np.flatnonzero(frame["ags"].isin(places) & frame["value"].notna())
    year = frame["year"].to_numpy()[rows]
    # Sorted by year: the first row of each pair has its first year.
    rows = rows[np.argsort(year, kind="stable")]
    (i, indicators), (g, groups) = (
        pd.factorize(frame[c].iloc[rows]) for c in ("indicator", "target_group")
    )
    pairs, first = np.unique(i * max(len(groups), 1) + g, return_index=True)
    years = frame["year"].to_numpy()[rows[first]].tolist()
    return {
        (str(indicators[pair // len(groups)]), str(groups[pair % len(groups)])): year
        for pair, year in zip(pairs.tolist(), years, strict=True)
    }


def indicators_with_page(
    since: Mapping[tuple[str, str], int], target_groups: Collection[str], year: int
) -> set[str]:
    """Return indicators with a figure up to `year` in a target group; since: see `first_years`."""
    return {i for (i, group), first in since.items() if group in target_groups and first <= year}


def _group_by_as_of(settings: Params) -> dict[str | None, list[int]]:
    """Group the report years by their as-of date; None: the newest Stand there is."""
    years_by_as_of: dict[str | None, list[int]] = {}
    for year in settings.report_years:
        years_by_as_of.setdefault(settings.as_of.get(year), []).append(year)
    return years_by_as_of
