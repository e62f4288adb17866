"""GENESIS flat CSV, new layout (long): Destatis since 2024, Regionalstatistik since 2025.

One row per figure. Codes are read, labels never: these follow the language of the request. The
regional level is spread over several variable codes in one slot; the total of a variable is an
empty attribute code. The file holds neither table number nor Stand.
"""

import csv
import io
import re

import pandas as pd

from kreisheft.errors import DataError, Problem
from kreisheft.sources import text
from kreisheft.sources.table import CELL_HEAD, Table, period

_FIRST = "statistics_code;"
#: Variable codes that hold a region, in all levels.
_REGIONS = re.compile(r"DINSG|DLAND|REGBEZ|KREISE|GEMEIN|GEO(DL|BL|RB|LK|GM)\d")
_NEEDED = ("statistics_code", "time", "value", "value_variable_code")


def recognises(content: str) -> bool:
    """Say whether `content` begins like a flat CSV."""
    return content.startswith(_FIRST)


def read(source: text.Source) -> Table:
    """Read a flat CSV (also gzip or ZIP); every cell stays text.

    `header` of a cell is the code of its measure; classifiers are named by variable code and hold
    the attribute code, "" for the total and for rows without that variable. A 12-digit ARS becomes
    the AGS. Raises DataError for missing columns, no region, or no rows.
    """
    where = text.name(source)
    content = text.decode(source)
    if not recognises(content):
        what = f"begins with {content[:40]!r}, expected {_FIRST!r}"
        raise DataError([Problem(f"{where}, row 1", what, "download the table as flat CSV")])
    frame = _frame(content, where)
    slots = [c.split("_")[0] for c in frame.columns if re.fullmatch(r"\d+_variable_code", c)]
    coded = {
        variable: frame[f"{slot}_variable_attribute_code"].where(
            frame[f"{slot}_variable_code"] == variable
        )
        for slot in slots
        for variable in sorted(set(frame[f"{slot}_variable_code"]) - {""})
    }
    regions = [variable for variable in coded if _REGIONS.fullmatch(variable)]
    if not regions:
        what = f"has no regional variable among {', '.join(sorted(coded))}"
        raise DataError([Problem(where, what, "download the table by region")])
    ags = pd.Series("", index=frame.index)
    names: dict[str, str] = {}
    for variable in regions:
        ags = ags.where(coded[variable].isna(), coded[variable].fillna(""))
    codes, found = pd.factorize(ags)
    ags = pd.Series([_ags(str(key)) for key in found], dtype=str).take(codes)
    slot = next(s for s in slots if frame[f"{s}_variable_code"].isin(regions).any())
    labels = frame[f"{slot}_variable_attribute_label"].str.strip()
    names = dict(zip(ags, labels, strict=True))
    classifiers = tuple(sorted(v for v in coded if v not in regions))
    cells = pd.DataFrame(
        {
            "row": range(2, len(frame) + 2),
            "column": "value",
            "ags": ags.to_numpy(),
            "period": [period(t) or t for t in frame["time"]],
            "header": frame["value_variable_code"],
            **{v: coded[v].fillna("") for v in classifiers},
            "text": frame["value"],
        }
    )[[*CELL_HEAD, *classifiers, "text"]]
    statistic = str(frame["statistics_code"].iloc[0])
    return Table("flat", "", statistic, "", None, None, "", classifiers, cells, names)


def _frame(content: str, where: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            io.StringIO(content),
            sep=";",
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            quoting=csv.QUOTE_MINIMAL,
        )
    except pd.errors.ParserError as error:
        raise DataError([Problem(where, f"not CSV ({error})", "download it again")]) from None
    absent = [c for c in _NEEDED if c not in frame.columns]
    if absent:
        what = f"lacks the columns {', '.join(absent)}"
        raise DataError([Problem(f"{where}, row 1", what, "download the table as flat CSV")])
    if frame.empty:
        what = "has no data rows"
        raise DataError([Problem(where, what, "choose at least one region and period, download")])
    last = frame.iloc[-1]
    if not content.endswith("\n") or last["value_variable_code"] == "":
        what = "ends within a row; the file is cut off"
        raise DataError([Problem(f"{where}, row {len(frame) + 1}", what, "download it again")])
    return frame


def _ags(key: str) -> str:
    """Return the AGS of an ARS (12 digits); other keys stay."""
    return key[:5] + key[9:] if len(key) == 12 and key.isdigit() else key
