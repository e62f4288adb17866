"""Small Excel workbooks, written by openpyxl, and damage to them."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


def workbook(
    sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """Write sheet → rows; merged: sheet → ranges like ``A4:C7``; None leaves a cell empty."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with one member of its archive changed, the checksums right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return out.getvalue()


def damaged(data: bytes) -> Iterator[bytes]:
    """Cut `data` off and overwrite single bytes, at places spread over the whole file."""
    step = max(1, len(data) // 60)
    for at in range(1, len(data), step):
        yield data[:at]
        yield data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
