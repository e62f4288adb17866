"""Workbooks of the Statistik der Bundesagentur für Arbeit. Unverified: no original was at hand.

Region               | Occupation      | 30.06.2024 |          |       header: 1 to 4 rows, merged
                     |                 | Employees  | darunter |
                     |                 |            | Foreign  |
05562 Recklinghausen | Insgesamt       | 158975     | 20110    |       a block of rows per region
                     | 111 Agriculture | 120        | *        |
© Statistik der Bundesagentur für Arbeit

Programs that read originals show 6 to 15 title rows, a row of column numbers below the header, and
regions as ``05562 Name`` (special evaluations; ``Übersicht_Kreise``, with months as dates) or in
two columns (``Gemeindedaten`` of gemband, ``Auspendler Kreise`` of krpend, sheets 8.x of entgelt).
The Arbeitsmarktreport (amr) is about one region that only its title names: it is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import ba_heads, workbook
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table, parse_period, tidy_label
from kreisheft.deliveries.readers.workbook import Cell, Sheet, letter

_PRODUCER = "Bundesagentur"
_GERMANY = "Deutschland"
_SIGN = re.compile(r"[-–.xX*/…]|\.\.\.|\([^()]*\d[^()]*\)")
_KEY = re.compile(r"(\d{1,8})(?:\s+(\D.*))?", re.ASCII | re.DOTALL)
_CREATED = re.compile(r"(?:Erstellungsdatum|Stand):?\s*(\d{2}\.\d{2}\.\d{4})")
_LICENCE_YEAR = re.compile(r"©[^\n]*?\b(20\d{2})\b")


@dataclass(frozen=True)
class _Part:
    """The table on one sheet: `rows` have line, ags, period, header, then the classifiers."""

    sheet: str
    heads: tuple[Head, ...]
    classifiers: tuple[str, ...]
    rows: list[tuple[object, ...]]
    texts: list[list[str]]
    names: dict[str, str]
    title: list[str]
    notes: list[str]


def recognises(data: bytes) -> bool:
    """Say whether `data` is a workbook in which the Bundesagentur is named."""
    return bool(workbook.names(data)) and workbook.mentions(data, _PRODUCER)


def read(data: bytes, where: str) -> Table:
    """Read the sheets that have region keys at the left and figures beside them.

    `header` is the stack of labels above a column without its time; "darunter" becomes the label on
    its left. Classifiers are named after their headers; several sheets with the same columns are
    stacked, and ``sheet`` tells them apart. A key gets back its zero in front, ``Deutschland``
    becomes ``DG``, other regions stay as printed. The day after "Stichtag" is the period where the
    columns have none. Raises DataError for a broken workbook, one without such a sheet, sheets with
    different columns, and figures that have no header.
    """
    all_sheets = workbook.sheets(data, where, figures=False)
    with_regions = {sheet.name for sheet in all_sheets if _start(sheet)}
    if not with_regions:
        what = "has no sheet with region keys at the left and figures beside them"
        next_ = "download the workbook that lists all Kreise, with their keys"
        raise DataError([Problem(where, what, next_)])
    sheets = workbook.sheets(data, where, lambda name: name in with_regions)
    parts = [_part(sheet, f"{where}, sheet {sheet.name!r}") for sheet in sheets]
    first = parts[0]
    raise_if(
        Problem(
            f"{where}, sheet {part.sheet!r}",
            f"has other columns than sheet {first.sheet!r}",
            "save each of them as a workbook of its own, and import one after the other",
        )
        for part in parts[1:]
        if (part.classifiers, part.heads) != (first.classifiers, first.heads)
    )
    several = ("sheet",) if len(parts) > 1 else ()
    names = ["line", "ags", "period", "header", *first.classifiers, *several]
    records = [(*row, *(p.sheet for _ in several)) for p in parts for row in p.rows]
    rows = pd.DataFrame(records, columns=names).astype(dict.fromkeys(names[1:], "category"))
    texts = pd.DataFrame([row for part in parts for row in part.texts], dtype=str)
    prose = "\n".join(cell for sheet in all_sheets for row in sheet.rows for cell in _words(row))
    created, year = _CREATED.search(prose), _LICENCE_YEAR.search(prose)
    return Table(
        format="ba_workbook",
        sparse=True,
        number="",
        statistic="",
        title=first.title[0] if first.title else "",
        stand=parse_period(created[1]) if created else None,
        licence_year=int(year[1]) if year else None,
        notes="\n".join(line for part in parts for line in (*part.title, *part.notes)),
        classifiers=tuple(names[4:]),
        rows=rows,
        heads=first.heads,
        texts=texts,
        names={key: name for part in parts for key, name in part.names.items()},
    )


def _words(row: Sequence[Cell]) -> list[str]:
    return [tidy_label(cell) for cell in row if isinstance(cell, str) and cell.strip()]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, float | int) and not isinstance(cell, bool)


def _is_figure(cell: Cell) -> bool:
    """Say whether a cell holds a number, or a sign that stands for one."""
    return _is_number(cell) or (isinstance(cell, str) and bool(_SIGN.fullmatch(cell.strip())))


def _region(cell: Cell) -> tuple[str, str] | None:
    """Return the key and the name (perhaps "") of a cell that begins with a region key."""
    text = workbook.text(cell).strip()
    if text == _GERMANY:
        return "DG", _GERMANY
    match = _KEY.fullmatch(text)
    # A Kreis without its zero has four digits like a year; no Kreis begins with 019 or 020.
    if not match or re.fullmatch(r"(19|20)\d{2}", match[1]):
        return None
    return match[1].zfill({1: 2, 4: 5, 7: 8}.get(len(match[1]), 0)), tidy_label(match[2] or "")


def _start(sheet: Sheet) -> tuple[int, int, int] | None:
    """Return the first row with figures, the first with a region key beside them, and its column.

    All count from 0. The rows between them are totals of regions without a key.
    """
    for number, row in enumerate(sheet.rows):
        left = next((i for i, cell in enumerate(row) if cell != ""), len(row))
        if (
            any(map(_is_figure, row[left + 1 :]))
            and not ba_heads.numbers_columns(row)
            and _region(row[left])
        ):
            top = number
            while top and _is_total(sheet.rows[top - 1], left):
                top -= 1
            return top, number, left
    return None


def _is_total(row: Sequence[Cell], left: int) -> bool:
    """Say whether a row above the first region key holds figures, no years or column numbers."""
    numbers = [cell for cell in row[left + 1 :] if _is_number(cell)]
    return not ba_heads.numbers_columns(row) and not all(
        cell in ba_heads.YEARS or cell in ba_heads.DAYS for cell in numbers
    )


def _part(sheet: Sheet, where: str) -> _Part:
    top, keyed, left = _start(sheet) or (0, 0, 0)
    end = 1 + max(i for i, row in enumerate(sheet.rows) if any(map(_is_figure, row[left + 1 :])))
    body = sheet.rows[top:end]
    _, name = _region(sheet.rows[keyed][left]) or ("", "")
    named = not name and isinstance(sheet.rows[keyed][left + 1], str)
    places = range(left + 1 + named, len(body[0]))
    values = [i for i in places if _holds_figures([row[i] for row in body])]
    labels = [i for i in places if i not in values and any(row[i] != "" for row in body)]
    head = ba_heads.head_rows(sheet, top, values)
    grid = ba_heads.header_labels(sheet, head, values)
    stacks = {i: [row[i] for row in grid if row[i]] for i in (*labels, *values)}
    # A column that is empty from top to bottom only keeps its neighbours apart.
    values = [i for i in values if stacks[i] or any(row[i] != "" for row in body)]
    if not values:
        what = "has no column of figures beside the regions"
        raise DataError([Problem(f"{where}, row {top + 1}", what, "download the workbook again")])
    raise_if(
        Problem(f"{where}, column {letter(i)!r}", "has figures but no header", "add its header")
        for i in values
        if not stacks[i]
    )
    title = [line for row in sheet.rows[: head.start] if (line := " ".join(_words(row)))]
    notes = [line for row in sheet.rows[end:] if (line := " ".join(_words(row)))]
    time = ba_heads.reference_date("\n".join(title))
    part = _Part(
        sheet.name,
        tuple(ba_heads.make_head(letter(i), stacks[i]) for i in values),
        ba_heads.number_repeated([" / ".join(stacks[i]) or letter(i) for i in labels]),
        [],
        [],
        {},
        title,
        notes,
    )
    cells = workbook.fill_down((row[left:] for row in workbook.texts(body)), values[0] - left)
    for number, row in enumerate(cells):
        texts = ["" for _ in range(left)] + row
        if not any(map(_is_figure, body[number][left + 1 :])):
            if any(texts[i] for i in values):
                what = "holds words where figures belong"
                at = f"{where}, row {top + number + 1}"
                raise DataError([Problem(at, what, "take the row out, if it is no figure's")])
            continue
        key, name = _name_region(texts[left], texts[left + 1] if named else None)
        part.names[key] = name or key
        part.rows.append((top + number + 1, key, time, "", *(tidy_label(texts[i]) for i in labels)))
        part.texts.append([texts[i] for i in values])
    return part


def _name_region(cell: str, beside: str | None) -> tuple[str, str]:
    """Return key and name of a row's region; beside: the cell with its name, if there is one."""
    key, name = _region(cell) or (tidy_label(cell), "")
    name = name if beside is None else tidy_label(beside)
    return "DG" if name == _GERMANY else key, name


def _holds_figures(column: list[Cell]) -> bool:
    """Say whether a column holds numbers, or nothing but signs, or nothing at all."""
    return any(map(_is_number, column)) or all(cell == "" or _is_figure(cell) for cell in column)


READER = Reader(
    format="ba_workbook",
    words="workbooks of the Bundesagentur",
    recognises=recognises,
    read=read,
    row=(
        "workbook that names the Bundesagentur für Arbeit",
        "its statistics",
        "neither",
        "unverified, synthetic sample",
    ),
    example={
        "Tabelle 1": [
            *(["Beschäftigte, Stichtag: 30. Juni 2024"], []),
            *(["Region", "Beschäftigte"], ["05562 Recklinghausen", 150], ["05754 Gütersloh", 90]),
            ["© Statistik der Bundesagentur für Arbeit"],
        ]
    },
    # A table of another office may name it as its source.
    after=("genesis_workbook", "zensus_workbook"),
)
