"""What every reader returns: one official table as text, rows × value columns.

Nothing is interpreted here but places: which text is a region key, which a period, which a head.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from kreisheft.facts.periods import FORM

#: Columns of `Table.rows` before the classifiers.
ROW_HEAD = ("line", "ags", "period", "header")

#: DG, Land, Regierungsbezirk, Kreis, and Gemeinden or their unions (8; outside NRW 7, 10, 11).
REGION = re.compile(r"DG|\d{2}|\d{3}|\d{5}|\d{7,8}|\d{10,11}")
_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")


@dataclass(frozen=True)
class Head:
    """One value column.

    name:   how the file calls its place (number, letter or name), for messages
    header: its stack of labels from top to bottom, joined by " / "; "" where the rows say it
    period: ISO day or year, "" where the rows or the passport say it
    """

    name: str
    header: str
    period: str = ""


@dataclass(frozen=True)
class Table:
    """A delivery, read. It has ``len(rows) · len(heads)`` value cells, and none is left out.

    format:       its name in passports
    number:       the table number printed in the file, "" if there is none
    statistic:    the statistic's number where the file names it (flat), else ""
    stand:        ISO date of the delivery, None if the file does not say
    licence_year: year of the licence line, None if the file has none
    classifiers:  names of the classifier columns of `rows`: ``k1`` … in file order (classic and
                  its workbook), variable codes (flat) or column names (the others; ``sheet`` for
                  several sheets of a workbook)
    rows:         line (1-based, int), then categories of text: ags, period ("" if not in the row),
                  header ("" unless the measure changes from row to row), <classifiers>
    heads:        the value columns, in file order
    texts:        one text column per head (named 0, 1, …), the cells as printed; same index as rows
    names:        region key → name as printed, without indentation
    units:        header → unit, where the file says it apart from the header
    legend:       sign → meaning, where the file explains its signs itself
    positional:   classifiers have no names of their own and are known by their place
    sparse:       an empty cell is no mistake of the file but a figure that is not there
    broad:        the file has several hundred headers, of which a passport names a few
    """

    format: str
    number: str
    statistic: str
    title: str
    stand: str | None
    licence_year: int | None
    notes: str
    classifiers: tuple[str, ...]
    rows: pd.DataFrame
    heads: tuple[Head, ...]
    texts: pd.DataFrame
    names: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    legend: Mapping[str, str] = field(default_factory=dict)
    positional: bool = False
    sparse: bool = False
    broad: bool = False

    def __post_init__(self) -> None:
        if tuple(self.rows.columns) != (*ROW_HEAD, *self.classifiers):
            raise TypeError(f"rows have the columns {tuple(self.rows.columns)}")
        if self.texts.shape != (len(self.rows), len(self.heads)):
            raise TypeError(f"texts are {self.texts.shape}")

    @property
    def cells(self) -> int:
        """How many value cells the file has."""
        return len(self.rows) * len(self.heads)

    @property
    def headers(self) -> tuple[str, ...]:
        """All distinct headers, in file order."""
        stacks = [h.header for h in self.heads]
        return tuple(dict.fromkeys(stacks if any(stacks) else map(str, self.rows["header"])))


def parse_period(text: str) -> str | None:
    """Return a printed time as ISO text: ``31.12.2015`` → ``2015-12-31``; None if it is no time."""
    match = _DAY.fullmatch(text)
    if match:
        return f"{match[3]}-{match[2]}-{match[1]}"
    return text if FORM.fullmatch(text) else None


def tidy_label(label: str) -> str:
    """Return `label` without indentation and repeated blanks."""
    return " ".join(label.split())


def shorten_ars(key: str) -> str:
    """Return the AGS of a 12-digit ARS; other keys stay: ``055620032032`` → ``05562032``."""
    return key[:5] + key[9:] if len(key) == 12 and key.isdigit() else key
