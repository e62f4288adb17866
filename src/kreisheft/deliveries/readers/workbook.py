"""Excel workbooks (.xlsx, .xlsm) as sheets of cells, and cells as text.

Cells are read by calamine: on the deliveries at hand it agrees with openpyxl in every cell, ten to
twenty times as fast and without a copy of the whole workbook in memory. What it hides behind an
empty cell (Excel's errors, formulas that were saved without a result) is looked up in the XML and
refused.
"""

import io
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from posixpath import normpath
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from kreisheft.core.errors import DataError, Problem, raise_if

#: What a cell holds; "" if it is empty.
Cell = str | float | bool | date | datetime | time | timedelta

_ZIP = b"PK\x03\x04"
#: Old .xls files and encrypted workbooks begin with this.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "download the workbook again"
#: A cell that calamine might hide: an error, or a formula.
_SUSPECT = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[\s/>]""")
_MANY = 20
#: What a damaged archive raises, depending on where it is damaged.
_BROKEN = (
    CalamineError,
    ElementTree.ParseError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    rows:   all cells from A1 on, equally long; ``rows[0][0]`` is A1
    merged: merged ranges as (top, left, bottom, right), counted from 0, inclusive; only the cell
            at the top left holds something
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...]


def is_workbook(data: bytes) -> bool:
    """Say whether `data` is a workbook of Excel, of any age and in any state."""
    return data.startswith(_OLE) or (data.startswith(_ZIP) and b"[Content_Types].xml" in data)


def names(data: bytes) -> tuple[str, ...]:
    """Return the names of the sheets, in their order; () if `data` is no workbook to be read."""
    try:
        return tuple(_open(data, "").sheet_names)
    except DataError:
        return ()


def mentions(data: bytes, word: str) -> bool:
    """Say whether `word` stands in a cell, without reading the cells; False if there are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [n for n in archive.namelist() if n.startswith("xl/") and n.endswith(".xml")]
            return any(word.encode() in archive.read(part) for part in parts)
    except _BROKEN:
        return False


def sheets(
    data: bytes,
    where: str,
    is_wanted: Callable[[str], bool] = lambda name: True,
    figures: bool = True,
) -> list[Sheet]:
    """Return the sheets whose name is `wanted`, hidden ones too; chart sheets have no rows.

    Raises DataError for a workbook that is encrypted, old (.xls), binary (.xlsb) or broken, and, if
    the sheets hold `figures`, for cells that have no value although something stands in them.
    """
    book = _open(data, where)
    chosen = [name for name in book.sheet_names if is_wanted(name)]
    raise_if(_find_valueless(data, where, chosen) if figures else ())
    result = []
    for name in chosen:
        try:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            ranges = sheet.merged_cell_ranges or []
        except _BROKEN as error:
            what = f"is broken ({error})"
            raise DataError([Problem(f"{where}, sheet {name!r}", what, _AGAIN)]) from None
        merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in ranges)
        result.append(Sheet(name, [list(row) for row in rows], merged))
    return result


def unknown_workbook(data: bytes, where: str) -> DataError:
    """Return what is wrong with a workbook that no reader recognises."""
    try:
        names = ", ".join(repr(name) for name in _open(data, where).sheet_names)
    except DataError as error:
        return error
    what = f"is no workbook of a known kind; its sheets are {names}"
    return DataError([Problem(where, what, "download the table as CSV")])


def text(cell: Cell) -> str:
    """Return a cell as the other formats print it: ``3914.0`` → ``3914``, ``0.1`` → ``0,1``.

    A number becomes the shortest decimal that is the same number, with a comma and without an
    exponent; a date ISO text, with the time only if there is one. Text stays as it is, with its
    blanks and line breaks.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float | int):
        return _decimal(float(cell))
    if isinstance(cell, datetime):
        return cell.isoformat() if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def texts(rows: Iterable[Sequence[Cell]]) -> list[list[str]]:
    """Return all cells as text; see `text`."""
    return [[text(cell) for cell in row] for row in rows]


def letter(column: int) -> str:
    """Return Excel's name of a column counted from 0: 0 → ``A``, 27 → ``AB``."""
    rest, name = column + 1, ""
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def spread_labels(sheet: Sheet, rows: list[list[str]]) -> list[list[str]]:
    """Return `rows` of `sheet` (all from A1 on) with merged labels repeated to the right.

    They are not repeated downwards: a label that spans two header rows is one level, not two.
    """
    new = [list(row) for row in rows]
    for top, left, _, right in sheet.merged:
        if top < len(new) and left < len(new[top]):
            end = min(right, len(new[top]) - 1)
            new[top][left : end + 1] = [new[top][left]] * (end + 1 - left)
    return new


def fill_down(rows: Iterable[list[str]], width: int) -> Iterator[list[str]]:
    """Yield `rows` with the empty cells that begin a row, up to `width`, taken from above."""
    above: list[str] = []
    for row in rows:
        blank = next((i for i, cell in enumerate(row[:width]) if cell), min(width, len(row)))
        new = above[:blank] + row[blank:] if len(above) >= blank else row
        above = new
        yield new


def _open(data: bytes, where: str) -> CalamineWorkbook:
    if data.startswith(_OLE):
        what = "is an old (.xls) or an encrypted workbook"
        raise DataError([Problem(where, what, "open it in Excel and save it as .xlsx, unlocked")])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.namelist()
        if "xl/workbook.bin" in members:
            what = "is a binary workbook (.xlsb)"
            raise DataError([Problem(where, what, "open it in Excel and save it as .xlsx")])
        if "xl/workbook.xml" not in members:
            raise DataError([Problem(where, "is no Excel workbook", _AGAIN)])
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except _BROKEN as error:
        what = f"is a broken workbook ({error})"
        raise DataError([Problem(where, what, _AGAIN)]) from None


def _find_valueless(data: bytes, where: str, chosen: list[str]) -> Iterator[Problem]:
    """Yield the cells of the `chosen` sheets that hold an error or a formula without a result."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive)
            for name in chosen:
                content = archive.read(parts[name]) if name in parts else b""
                places = _cells(content) if _SUSPECT.search(content) else []
                for place, what in places[:_MANY]:
                    at = f"{where}, sheet {name!r}, cell {place}"
                    yield Problem(at, what, "open it in Excel, have it calculated, and save it")
    except _BROKEN as error:
        yield Problem(where, f"is a broken workbook ({error})", _AGAIN)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet → the member of the archive that holds it."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        link = next((v for k, v in sheet.items() if k.endswith("}id")), None)
        target = targets.get(link, "")
        part = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
        if part in archive.namelist():
            parts[sheet.get("name", "")] = part
    return parts


def _cells(content: bytes) -> list[tuple[str, str]]:
    places = []
    for _, element in ElementTree.iterparse(io.BytesIO(content)):
        tag = element.tag.rpartition("}")[2]
        if tag == "c":
            place, value = element.get("r", "?"), element.findtext("{*}v")
            if element.get("t") == "e":
                places.append((place, f"holds Excel's error {value or ''}".strip()))
            elif not value and element.find("{*}f") is not None and element.get("t") != "str":
                places.append((place, "holds a formula without a result"))
        elif tag == "row":
            element.clear()
    return places


def _decimal(number: float) -> str:
    if not math.isfinite(number):
        return repr(number)
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f").replace(".", ",")
