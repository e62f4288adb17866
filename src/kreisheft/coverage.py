"""Which chapters exist: field × target group × report year, counted in indicators with a figure.

In: the settings of a Kreis. Out: a tidy frame ``field, target_group, year, indicators, ids``: how
many and which, none where neither the Kreis nor its municipalities have one. The engine makes a
chapter where there is one and a page for every id, the overview prints the numbers. A page that
links to an indicator asks the same `with_page`, so that no link is dead.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from kreisheft import catalogue, field_values, regions
from kreisheft.model import Protected
from kreisheft.params import Params


def matrix(root: Path, settings: Params) -> pd.DataFrame:
    """Count, for every combination of the book, the indicators that have a figure."""
    book = catalogue.load(root)
    places = {settings.ags, *regions.municipalities(root, settings.ags)}
    rows = []
    for as_of, years in _by_as_of(settings).items():
        since: dict[tuple[str, str], int] = {}
        for field in settings.fields:
            shown = field_values.of(root, settings, field, as_of).protected
            since |= first_years(shown, places)
        for year in years:
            for group in settings.target_groups:
                present = with_page(since, [group], year)
                for field in settings.fields:
                    ids = tuple(i.id for i in book.of_field(field) if i.id in present)
                    rows.append((field, group, year, len(ids), ids))
    return pd.DataFrame(rows, columns=["field", "target_group", "year", "indicators", "ids"])


def first_years(shown: Protected, places: Collection[str]) -> dict[tuple[str, str], int]:
    """Map (indicator, target group) to the first year in which one of `places` has a figure."""
    own = shown.frame[shown.frame["ags"].isin(places) & shown.frame["value"].notna()]
    keys = ["indicator", "target_group"]
    first = own.groupby(keys, observed=True)["year"].min().reset_index()
    rows = first[[*keys, "year"]].itertuples(index=False, name=None)
    return {(str(i), str(group)): int(year) for i, group, year in rows}


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
