"""Which chapters exist: field × target group × report year, counted in indicators with a figure.

In: the settings of a Kreis. Out: a tidy frame ``field, target_group, year, indicators``, zero
where there is none for the Kreis or its municipalities. The engine makes a page where it is above zero, the overview prints it all.
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
    inputs = indicators.load_inputs(root, book, passports.load(root), chosen)
    rules = disclosure.load_rules(root)
    places = {settings.ags, *regions.municipalities(root, settings.ags)}
    rows = []
    for year in settings.report_years:
        values = indicators.compute(inputs, chosen, year, settings.as_of.get(year))
        shown = disclosure.protect(values, rules).frame
        own = shown[shown["ags"].isin(places) & shown["value"].notna()]
        present = set(zip(own["indicator"], own["target_group"], strict=True))
        for field in settings.fields:
            for target_group in settings.target_groups:
                found = sum((i.id, target_group) in present for i in book.of_field(field))
                rows.append((field, target_group, year, found))
    return pd.DataFrame(rows, columns=["field", "target_group", "year", "indicators"])
