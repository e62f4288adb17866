"""Which chapters exist: field × target group × report year, counted in indicators with a figure.

In: the settings of a Kreis. Out: a tidy frame ``field, target_group, year, indicators``, zero
where neither the Kreis nor its municipalities have one. The engine makes a page where it is above
zero, the overview prints it all.
"""

from pathlib import Path

import pandas as pd

from kreisheft import catalogue, field_values, regions
from kreisheft.params import Params


def matrix(root: Path, settings: Params) -> pd.DataFrame:
    """Count, for every combination of the book, the indicators that have a figure."""
    book = catalogue.load(root)
    places = {settings.ags, *regions.municipalities(root, settings.ags)}
    rows = []
    for as_of, years in _by_as_of(settings).items():
        for field in settings.fields:
            shown = field_values.of(root, settings, field, as_of).protected.frame
            own = shown[shown["ags"].isin(places) & shown["value"].notna()]
            keys = own[["indicator", "target_group"]].astype(str)
            since = own["year"].groupby([keys[c] for c in keys]).min().to_dict()
            for year in years:
                present = {key for key, first in since.items() if first <= year}
                rows += [
                    (
                        field,
                        group,
                        year,
                        sum((i.id, group) in present for i in book.of_field(field)),
                    )
                    for group in settings.target_groups
                ]
    return pd.DataFrame(rows, columns=["field", "target_group", "year", "indicators"])


def _by_as_of(settings: Params) -> dict[str | None, list[int]]:
    """Report years by the newest Stand that they may use."""
    found: dict[str | None, list[int]] = {}
    for year in settings.report_years:
        found.setdefault(settings.as_of.get(year), []).append(year)
    return found
