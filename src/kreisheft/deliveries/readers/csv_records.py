"""Records of a CSV that people and programs of any kind write: every field as text, with its line.

In: the decoded text. Out: `Records`. A record that is longer or shorter than the head, a quote that
is never closed and a last line that was cut are problems: which field is missing is never guessed.
Records without any text (Excel leaves them behind) are left out. `columns` reads the deliveries of
statistical offices, which know neither commas between fields nor line breaks within them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import columns

_MANY = 20


@dataclass(frozen=True)
class Records:
    """head: the first record; lines: where each record begins, 1-based; fields: one per column."""

    head: tuple[str, ...]
    lines: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    fields: tuple[pd.Categorical, ...]

    def line(self, field: pd.Categorical, text: str) -> int:
        """Return the first line in which `field` is `text`."""
        code = field.categories.get_loc(text)
        return int(self.lines[(field.codes == code).argmax()])


def head(content: str, delimiter: str = ",") -> tuple[str, ...]:
    """Return the fields of the first line, without the blanks around them; () if it is broken."""
    try:
        first = next(csv.reader([content.split("\n", 1)[0]], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in first)


def read(content: str, delimiter: str, where: str) -> Records:
    """Read all records; raise DataError with every one of a wrong length, or if there is none.

    Texts of a field are categories in file order, without the blanks around them.
    """
    if not content.endswith("\n"):
        last = content.count("\n") + 1
        what = "ends within a line: the file may have been cut off"
        next_ = "get it again; if nothing is missing, put a line break behind the last line"
        raise DataError([Problem(f"{where}, row {last}", what, next_)])
    names = head(content, delimiter)
    plain = _read_fast(content, delimiter, len(names))
    texts, lines = plain or _read_slowly(content, delimiter, len(names), where)
    fields = [_strip(text) for text in texts]
    filled = np.zeros(len(lines), dtype=bool)
    for field in fields:
        filled |= (np.array([text != "" for text in field.categories], dtype=bool))[field.codes]
    if not filled.any():
        raise DataError([Problem(where, "has no rows below its head", "fill it in")])
    if not filled.all():
        lines = lines[filled]
        fields = [field[filled].remove_unused_categories() for field in fields]
    return Records(names, lines, tuple(fields))


def change_texts(field: pd.Categorical, change: Callable[[str], str]) -> pd.Categorical:
    """Return `field` with each distinct text changed once; several may become one."""
    return columns.rename_codes(field.codes, [change(str(text)) for text in field.categories])


def _strip(column: columns.Column) -> pd.Categorical:
    numbers, texts = columns.encode(column)
    return columns.rename_codes(numbers, [text.strip() for text in texts])


def _read_fast(
    content: str, delimiter: str, width: int
) -> "tuple[list[columns.Column], np.ndarray[tuple[int], np.dtype[np.intp]]] | None":
    """Return columns and line numbers; None if a line is no plain record of `width` fields."""
    if '"' in content and not _plain(content, delimiter):
        return None
    names = [str(number) for number in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content.encode("utf-8")),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return list(table.columns), np.arange(2, table.num_rows + 2, dtype=np.intp)


def _plain(content: str, delimiter: str) -> bool:
    """Say whether every line with a quote quotes whole fields and closes what it opens."""
    # Possessive (*+): a large file is gone through once, without steps back.
    field = rf'(?:"(?:[^"\n]++|"")*+"|[^"{delimiter}\n]*+)'
    return re.fullmatch(rf"(?:{field}(?:{delimiter}{field})*+\n)*+", content) is not None


def _read_slowly(
    content: str, delimiter: str, width: int, where: str
) -> "tuple[list[columns.Column], np.ndarray[tuple[int], np.dtype[np.intp]]]":
    """Return what `_read_fast` does, record by record.

    With line breaks in fields, and with problems.
    """
    problems: list[Problem] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in _number_rows(content, delimiter, where):
        if len(row) == width:
            rows.append(row)
            lines.append(line)
        elif any(text.strip() for text in row) and len(problems) < _MANY:
            problems.append(_wrong_length(f"{where}, row {line}", len(row), width, delimiter))
    raise_if(problems)
    return columns.from_rows(rows[1:], width), np.array(lines[1:], dtype=np.intp)


def _number_rows(content: str, delimiter: str, where: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = f"is no CSV from here on ({error})"
            next_ = 'close the quote; a quote within a field is written twice: ""'
            raise DataError([Problem(f"{where}, row {line}", what, next_)]) from None
        yield line, row
        line = reader.line_num + 1


def _wrong_length(where: str, count: int, expected: int, delimiter: str) -> Problem:
    what = f"has {count} fields, the head {expected}"
    if count < expected:
        return Problem(where, what, "write every field; a row that was cut off: get the file again")
    sign = "a point" if delimiter == "," else "a comma"
    next_ = f'quote a text that holds {delimiter!r}: "…"; the decimal sign of this file is {sign}'
    return Problem(where, what, next_)
