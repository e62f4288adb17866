"""Lists as people keep them (CSV of any spelling, Excel) as records with the number of their line.

A line that cannot be taken apart costs that line and no other: a stray quotation mark does not
swallow the rest of the file.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers import decoding, workbook

#: A quoted cell may hold so many line ends; beyond, the quotation mark was a slip.
_LINES = 20
_SIGNS = tuple("=+-@")


@dataclass(frozen=True)
class Record:
    """One row of a file: where it stands (``row 7``), and column → text."""

    place: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Records:
    """Everything in a file: columns in order, the rows, and lines that could not be taken apart."""

    columns: tuple[str, ...]
    rows: tuple[Record, ...]
    broken: tuple[tuple[Record, Problem], ...] = field(default=())


def read(path: Path, name: str = "") -> Records:
    """Read a CSV (comma, semicolon or tab; UTF-8 or cp1252) or the first sheet of a workbook.

    name: what messages call the file. DataError if there is no header or it names a column twice.
    """
    name = name or path.name
    data = decoding.load(path)
    if workbook.is_workbook(data):
        first = workbook.names(data)[:1]
        sheets = workbook.sheets(data, name, lambda sheet: sheet in first, figures=False)
        lines = [[_cell(c) for c in row] for s in sheets for row in s.rows]
        return _records(name, ((i, row, "") for i, row in enumerate(lines, 1)))
    return _records(name, _parse(_decode(data)))


def write(columns: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """Write CSV as UTF-8 with BOM, so that Excel reads umlauts and takes no cell for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[f"'{c}" if c.startswith(_SIGNS) else c for c in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(cell: workbook.Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return workbook.text(cell)


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Only the cells that hold lost characters are refused.
    return data.decode("utf-8-sig", "replace")


def _parse(content: str) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells and complaint of every record."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    width, at = 0, 0
    while at < len(lines):
        cells, used = _record(lines, at, delimiter, width)
        if cells is None:
            if lines[at].strip():
                raw = lines[at].split(delimiter)
                yield at + 1, raw, "a quotation mark is open or out of place"
        elif any(c.strip() for c in cells):
            width = width or len(cells)
            yield at + 1, cells, ""
        at += used


def _record(lines: list[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    joined = ""
    for used in range(1, min(_LINES, len(lines) - at) + 1):
        joined = "\n".join(lines[at : at + used])
        if joined.count('"') % 2:
            continue
        try:
            cells = next(csv.reader(io.StringIO(joined), delimiter=delimiter, strict=True), [])
        except csv.Error:
            return None, 1
        # Two stray marks make one long cell of the rows between them.
        inner = lines[at + 1 : at + used - 1]
        whole = width > 2 and any(line.count(delimiter) == width - 1 for line in inner)
        if used > 1 and (len(cells) != width or whole):
            return None, 1
        return cells, used
    return None, 1


def _records(name: str, lines: Iterator[tuple[int, list[str], str]]) -> Records:
    columns: tuple[str, ...] = ()
    rows, broken = [], []
    for number, cells, complaint in lines:
        if not columns:
            if any(c.strip() for c in cells):
                columns = _head(name, number, cells)
            continue
        if not any(c.strip() for c in cells):
            continue
        place = f"{name}, row {number}"
        record = Record(place, dict(zip(columns, cells, strict=False)))
        extra = [c for c in cells[len(columns) :] if c.strip()]
        if not complaint and extra:
            complaint = f"{len(cells)} cells under {len(columns)} columns"
        if not complaint and len(cells) < len(columns) // 2:
            complaint = f"only {len(cells)} cells under {len(columns)} columns"
        if complaint:
            fix = "quote cells that hold a delimiter, a line end or quotation marks"
            broken.append((record, Problem(place, complaint, fix)))
        else:
            rows.append(record)
    if not columns:
        raise DataError([Problem(name, "has no header", "name the columns in the first row")])
    return Records(columns, tuple(rows), tuple(broken))


def _head(name: str, number: int, cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    columns = tuple(c.strip() or f"({i})" for i, c in enumerate(cells, 1))
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice:
        what = f"names twice: {', '.join(twice)}"
        raise DataError([Problem(f"{name}, row {number}", what, "rename one column")])
    return columns


#: Turns a cell's column into the place that a message names.
Where = Callable[[str], str]


def locate_cells(record: Record, named: dict[str, str] | None = None) -> Where:
    """Say where a cell stands; `named`: our column → the file's."""
    return lambda column: f"{record.place}, column {(named or {}).get(column, column)!r}"
