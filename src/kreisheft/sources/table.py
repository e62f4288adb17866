"""What every reader returns: one official table as text, cell by cell.

Nothing is interpreted here but places: which text is a region key, which a period, which a head.
"""

import re
from dataclasses import dataclass

import pandas as pd

#: Columns of `Table.cells` before the classifiers; `text` follows them.
CELL_HEAD = ("row", "column", "ags", "period", "header")

#: DG, Land, Regierungsbezirk, Kreis, and Gemeinden or their unions (8; outside NRW 7, 10, 11).
REGION = re.compile(r"DG|\d{2}|\d{3}|\d{5}|\d{7,8}|\d{10,11}")
_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
_ISO = re.compile(r"\d{4}(-\d{2}-\d{2})?|\d{4}-\d{2}P\d+M")


@dataclass(frozen=True)
class Table:
    """A delivery, read.

    format:       ``classic``, ``flat`` or ``mapped``
    number:       the table number printed in the file, "" if there is none (flat, mapped)
    statistic:    the statistic's number where the file names it (flat), else ""
    stand:        ISO date of the delivery, None if the file does not say
    licence_year: year of the licence line, None if the file has none
    classifiers:  names of the classifier columns of `cells`: ``k1`` … in file order (classic),
                  variable codes (flat) or column names (mapped)
    cells:        row (1-based line), column (its name or number), ags, period (ISO day or year,
                  "" if the file has none), header, <classifiers>, text; every value is text
    names:        region key → name as printed, without indentation
    """

    format: str
    number: str
    statistic: str
    title: str
    stand: str | None
    licence_year: int | None
    notes: str
    classifiers: tuple[str, ...]
    cells: pd.DataFrame
    names: dict[str, str]


def period(text: str) -> str | None:
    """Return a printed time as ISO text: ``31.12.2015`` → ``2015-12-31``; None if it is no time."""
    found = _DAY.fullmatch(text)
    if found:
        return f"{found[3]}-{found[2]}-{found[1]}"
    return text if _ISO.fullmatch(text) else None


def tidy(label: str) -> str:
    """Return `label` without indentation and repeated blanks."""
    return " ".join(label.split())
