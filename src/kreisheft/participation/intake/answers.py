"""The door: an export of answers goes in, only allowed columns come out.

In: an export of a survey system (CSV with comma, semicolon or tab; UTF-8, UTF-16 or cp1252;
Excel), and which columns are wanted. Out: `Answers`. Cells of every other column are dropped row by
row, before anything is looked at. Whatever is wrong is told by row and number of the column:
neither a cell nor an unknown heading is ever repeated, for a file without headings begins with a
person.
"""

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers import decoding, workbook
from kreisheft.participation.intake import questions

_AGAIN = "export the answers again, as CSV with question codes as headings"
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """One person's answers in allowed columns. number: of the row in the file."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Answers:
    """What passed the door.

    at: name of a column → its number in the file; dropped: how many columns were not let in;
    broken: rows that could not be taken apart, each with its number
    """

    rows: tuple[Row, ...]
    at: Mapping[str, int]
    dropped: int
    broken: tuple[Problem, ...]


def read(
    path: Path, headings: Mapping[str, str], wanted: Collection[str], also: Collection[str] = ()
) -> Answers:
    """Read an export; headings: folded headings → names; wanted: names that must and may come in.

    also: names that come in where the file has them.

    DataError if the file cannot be read, has no headings, or lacks a wanted column.
    """
    data = decoding.load(path)
    if workbook.is_workbook(data):
        lines = _of_workbook(data, path.name)
    else:
        lines = _of_csv(_decode(data, path.name), headings)
    return _admit(lines, path.name, headings, wanted, also)


def _decode(data: bytes, name: str) -> str:
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return data.decode("utf-16", "replace")
    # Without a mark every other byte of a heading is zero.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(data) > 3 and not any(data[offset:40:2]):
            return data.decode(encoding, "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Only a code page with holes is left; damaged answers are told one by one.
    return data.decode("latin-1")


def _of_csv(content: str, headings: Mapping[str, str]) -> Iterator[tuple[int, list[str] | None]]:
    """Number and cells of every row; None instead of cells that cannot be taken apart."""
    content = content.replace("\x00", "")
    # Free texts may be as long as they like.
    csv.field_size_limit(max(csv.field_size_limit(), len(content) + 1))
    heads: dict[str, list[str]] = {d: next(_reader(content, d), []) for d in _DELIMITERS}
    delimiter = max(
        heads, key=lambda d: (len(questions.locate_headings(heads[d], headings)), len(heads[d]))
    )
    width = len(heads[delimiter])
    # As a spreadsheet counts rows: a cell may have many lines.
    for number, cells in enumerate(_reader(content, delimiter), 1):
        # A quotation mark that is open swallows whole rows.
        inside = [line for c in cells for line in c.split("\n")[1:-1]]
        swallowed = width > 2 and any(line.count(delimiter) >= width - 1 for line in inside)
        if cells:
            yield number, None if swallowed else cells


def _reader(content: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)


def _of_workbook(data: bytes, name: str) -> Iterator[tuple[int, list[str] | None]]:
    first = workbook.names(data)[:1]
    for sheet in workbook.sheets(data, name, lambda s: s in first, figures=False):
        for number, row in enumerate(sheet.rows, 1):
            yield number, [workbook.text(c) for c in row]


def _admit(
    lines: Iterator[tuple[int, list[str] | None]],
    name: str,
    headings: Mapping[str, str],
    wanted: Collection[str],
    also: Collection[str],
) -> Answers:
    number, head = next(lines, (1, None))
    places = questions.locate_headings(head or [], headings)
    if not head or not places:
        what = "has none of the headings that the structure knows"
        raise DataError([Problem(f"{name}, row {number}", what, _AGAIN)])
    missing = sorted(set(wanted) - set(places.values()))
    if missing:
        what = f"has no column for {', '.join(missing)}"
        fix = "export all columns, or take these out of the mapping"
        raise DataError([Problem(f"{name}, row {number}", what, fix)])
    let_in = {i: c for i, c in places.items() if c in wanted or c in also}
    rows, broken = [], []
    for line, cells in lines:
        if cells is None or len(cells) != len(head):
            if cells and not any(c.strip() for c in cells):
                continue
            what = "a quotation mark is open or out of place"
            what = what if cells is None else f"{len(cells)} cells under {len(head)} headings"
            broken.append(Problem(f"{name}, row {line}", what, _AGAIN))
            continue
        rows.append(Row(line, {column: cells[i] for i, column in let_in.items()}))
    at = {column: i + 1 for i, column in let_in.items()}
    return Answers(tuple(rows), at, len(head) - len(let_in), tuple(broken))
