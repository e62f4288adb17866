"""Which chapters exist: field × target group × report year, counted in indicators with a figure.

In: the settings of a Kreis. Out: a tidy frame ``field, target_group, year, indicators``, zero
where neither the Kreis nor its municipalities have one. The engine makes a page where it is above
zero, the overview prints it all.
"""

from pathlib import Path

import pandas as pd

from kreisheft import catalogue, disclosure, indicators, regions
from kreisheft.params import Params
from kreisheft.sources import passports


def matrix(root: Path, settings: Params) -> pd.DataFrame:
    """Count, for every combination of the book, the indicators that have a figure."""
    book = catalogue.load(root)
    chosen = [i for f in settings.fields for i in book.of_field(f)]
    keys = regions.around(root, settings.ags)
    inputs = indicators.load_inputs(root, book, passports.load(root), chosen, keys)
    rules = disclosure.load_rules(root)
    places = {settings.ags, *regions.municipalities(root, settings.ags)}
    rows = []
    for as_of, years in _by_as_of(settings).items():
        values = indicators.compute(inputs, chosen, max(years), as_of)
        shown = disclosure.protect(values, rules).frame
        own = shown[shown["ags"].isin(places) & shown["value"].notna()]
        since = own.groupby(["indicator", "target_group"])["year"].min().to_dict()
        for year in years:
            present = {key for key, first in since.items() if first <= year}
            rows += [
                (field, group, year, sum((i.id, group) in present for i in book.of_field(field)))
                for field in settings.fields
                for group in settings.target_groups
            ]
    return pd.DataFrame(rows, columns=["field", "target_group", "year", "indicators"])


def _by_as_of(settings: Params) -> dict[str | None, list[int]]:
    """Report years by the newest Stand that they may use."""
    found: dict[str | None, list[int]] = {}
    for year in settings.report_years:
        found.setdefault(settings.as_of.get(year), []).append(year)
    return found
