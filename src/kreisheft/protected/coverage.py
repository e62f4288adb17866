"""Which chapters exist: field × target group × report year, counted in indicators with a figure.

In: the settings of a Kreis. Out: a tidy frame ``field, target_group, year, indicators, ids``: how
many and which, none where neither the Kreis nor its municipalities have one. The engine makes a
chapter where there is one and a page for every id, the overview prints the numbers. A page that
links to an indicator asks the same `with_page`, so that no link is dead.
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
    """Count, for every combination of the book, the indicators that have a figure."""
    book = catalogue.load(root)
    rows = []
    for as_of, years in _by_as_of(settings).items():
        found: dict[tuple[str, str], int] = {}
        for field in settings.fields:
            found |= since(root, settings, field_values.of(root, settings, field, as_of))
        for year in years:
            for group in settings.target_groups:
                present = with_page(found, [group], year)
                for field in settings.fields:
                    ids = tuple(i.id for i in book.of_field(field) if i.id in present)
                    rows.append((field, group, year, len(ids), ids))
    return pd.DataFrame(rows, columns=["field", "target_group", "year", "indicators", "ids"])


def since(root: Path, settings: Params, values: FieldValues) -> Mapping[tuple[str, str], int]:
    """As `first_years` of a field's figures for the Kreis and its municipalities; made once."""

    def made() -> Mapping[tuple[str, str], int]:
        near = {settings.ags, *regions.municipalities(root, settings.ags)}
        return first_years(values.protected, near)

    return values.once(("since", settings.ags), made)


def first_years(shown: Protected, places: Collection[str]) -> dict[tuple[str, str], int]:
    """Map (indicator, target group) to the first year in which one of `places` has a figure."""
    frame = shown.frame
    rows = np.flatnonzero(frame["ags"].isin(places) & frame["value"].notna())
    year = frame["year"].to_numpy()[rows]
    # In the order of years the first row of a pair is the one that is wanted.
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


def with_page(
    since: Mapping[tuple[str, str], int], target_groups: Collection[str], year: int
) -> set[str]:
    """Indicators with a figure up to `year` in any of the target groups; since: `first_years`."""
    return {i for (i, group), first in since.items() if group in target_groups and first <= year}


def _by_as_of(settings: Params) -> dict[str | None, list[int]]:
    """Report years by the newest Stand that they may use."""
    found: dict[str | None, list[int]] = {}
    for year in settings.report_years:
        found.setdefault(settings.as_of.get(year), []).append(year)
    return found
