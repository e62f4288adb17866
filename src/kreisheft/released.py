"""The figures an edition shows, as one table: released values.

In: the settings of a Kreis and a report year. Out: CSV bytes with one row per figure of the Kreis,
its municipalities and its Land, and of the other Kreise where they are compared. Only `Protected`
goes in; a hidden figure is there with its status and no value.
"""

from pathlib import Path

import pandas as pd

from kreisheft import catalogue, disclosure, indicators, regions
from kreisheft.params import Params
from kreisheft.sources import passports

COLUMNS = [
    "indicator",
    "target_group",
    "group",
    "ags",
    "period",
    "value",
    "status",
    "table",
    "stand",
]
KEY = COLUMNS[:5]


def values(root: Path, settings: Params, year: int) -> pd.DataFrame:
    """Released values, sorted by key; `value` is text with nine significant digits."""
    book = catalogue.load(root)
    chosen = [i for f in settings.fields for i in book.of_field(f)]
    keys = regions.around(root, settings.ags)
    inputs = indicators.load_inputs(root, book, passports.load(root), chosen, keys)
    computed = indicators.compute(inputs, chosen, year, settings.as_of.get(year))
    frame = disclosure.protect(computed, disclosure.load_rules(root)).frame
    near = {settings.ags, settings.land, *regions.municipalities(root, settings.ags)}
    frame = frame.astype({"period": str})
    own = frame[frame["ags"] == settings.ags].dropna(subset="value")
    compared = own.groupby(KEY[:3])["period"].max()
    newest = pd.Series(list(frame[KEY[:3]].itertuples(index=False, name=None)), index=frame.index)
    peers = frame["ags"].isin(regions.kreise(root, settings.land))
    peers &= newest.map(compared).eq(frame["period"])
    shown = frame[frame["ags"].isin(near) | peers]
    shown = shown.assign(value=shown["value"].map(lambda v: "" if pd.isna(v) else f"{v:.9g}"))
    return shown[COLUMNS].sort_values(KEY, ignore_index=True)


def csv(root: Path, settings: Params, year: int) -> bytes:
    """Released values as UTF-8 CSV."""
    return values(root, settings, year).to_csv(index=False, lineterminator="\n").encode()
