"""Header rows of workbooks of the Bundesagentur: labels, times and the reference date.

In: a `Sheet` and the places of its value columns, counted from 0. Out: labels and `Head`s.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from kreisheft.deliveries.readers import workbook
from kreisheft.deliveries.readers.table import Head, parse_period, tidy_label
from kreisheft.deliveries.readers.workbook import Cell, Sheet

#: Labels that only say that their columns are part of the one on the left.
_PART = re.compile(r"(darunter|davon|dar\.|dav\.):?", re.IGNORECASE)
_REFERENCE = re.compile(r"Stichtag:?\s*(\d{1,2})\.\s*(\w+)\.?\s*(\d{4})")
_MONTHS = "jan feb m.?r apr mai jun jul aug sep okt nov dez"
#: Excel counts days from here; a header of 1990 to 2099 is a date that lost its format.
_EPOCH, DAYS, YEARS = date(1899, 12, 30), range(32874, 73051), range(1990, 2100)


def head_rows(sheet: Sheet, top: int, values: list[int]) -> range:
    """Return the header rows above row `top`: those with a label above a value column."""
    last = top
    while last and (numbers_columns(sheet.rows[last - 1]) or _is_empty(sheet.rows[last - 1])):
        last -= 1
    first = last
    while first and any(sheet.rows[first - 1][i] != "" for i in values):
        first -= 1
    return range(first, last)


def header_labels(sheet: Sheet, head: range, values: list[int]) -> list[list[str]]:
    """Return the header rows as labels, each repeated over the columns that it spans."""
    grid = [[_label(cell) for cell in row] for row in sheet.rows[: head.stop]]
    merged = any(top in head for top, *_ in sheet.merged)
    rows = (workbook.spread_labels(sheet, grid) if merged else grid)[head.start :]
    for number, row in enumerate(rows):
        for left, here in pairwise(values):
            # Without merged cells, an empty one belongs to the label on its left.
            if not row[here] and not merged and number < len(rows) - 1:
                row[here] = row[left]
            if _PART.fullmatch(row[here]) and row[left]:
                row[here] = row[left]
    return rows


def _label(cell: Cell) -> str:
    if isinstance(cell, float) and cell in DAYS:
        return (_EPOCH + timedelta(days=int(cell))).isoformat()
    return tidy_label(workbook.text(cell))


def make_head(name: str, stack: list[str]) -> Head:
    """Make the head of a value column of its labels; one of them may be its time."""
    times = [time for label in stack if (time := parse_period(label))]
    header = " / ".join(label for label in stack if not parse_period(label))
    # A day says more than the year above it.
    return Head(name, header, max(times, key=len, default=""))


def number_repeated(names: list[str]) -> tuple[str, ...]:
    """Number the names that repeat an earlier one: Ort, Ort 2."""
    counted = [(name, names[: i + 1].count(name)) for i, name in enumerate(names)]
    return tuple(name if n == 1 else f"{name} {n}" for name, n in counted)


def reference_date(title: str) -> str:
    """Return the ISO day behind "Stichtag" in a title, "" if there is none."""
    match = _REFERENCE.search(title)
    if not match:
        return ""
    months = [i for i, name in enumerate(_MONTHS.split(), 1) if re.match(name, match[2].lower())]
    month = int(match[2]) if match[2].isdigit() else (months or [0])[0]
    return f"{match[3]}-{month:02}-{int(match[1]):02}" if 1 <= month <= 12 else ""


def numbers_columns(row: Sequence[Cell]) -> bool:
    """Say whether a row only numbers the columns: 1, 2, 3."""
    filled = [workbook.text(cell) for cell in row if cell != ""]
    return len(filled) > 1 and filled == [str(i) for i in range(1, len(filled) + 1)]


def _is_empty(row: Sequence[Cell]) -> bool:
    return all(cell == "" for cell in row)
