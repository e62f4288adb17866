"""Rows of one width become columns of text, by a parser that is written in C++.

The readers of semicolon files cut off what is no row (head, footer) and leave the rest to `read`.
Nothing is converted: no types, no missing values, no trimming.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from tqdm import tqdm

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers.table import tidy_label

#: A column of a file: text cells, in file order.
Column: TypeAlias = pa.ChunkedArray

#: A file of so many bytes gets a progress bar; a smaller one is read in less than a second.
LARGE = 20_000_000

#: Whole numbers, one for each row.
Numbers = np.ndarray[tuple[int], np.dtype[Any]]
Test = Callable[[str], bool]

_TEXT = pa.large_string()
_MANY = 20
_LARGEST = 1 << 62
_POINT = r"^[+-]?\d+\.\d+$"
_AGAIN = "download the table again; do not edit it"
#: A row whose quotes stand where the writers of these formats put them.
_QUOTED = re.compile(rb'(?:[^";\n]*|"(?:[^"\n]|"")*")(?:;(?:[^";\n]*|"(?:[^"\n]|"")*"))*')


class Coded(NamedTuple):
    """A column by distinct text: row i says ``texts[numbers[i]]``."""

    numbers: Numbers
    texts: list[str]


def read(
    data: bytes, width: int, first: int, where: str, *, start: int = 0, end: int | None = None
) -> list[Column]:
    """Return the columns of ``data[start:end]``: UTF-8 rows of `width` fields, each ends with LF.

    first: line number of the first row, for messages. Raises DataError with the rows of another
    width (blank ones, too), and with rows whose quotes are not closed.
    """
    end = len(data) if end is None else end
    quoted = data.find(b'"', start, end) >= 0
    if quoted and not _is_clean(data, start, end):
        return _read_slowly(data[start:end], width, first, where)
    try:
        table = pa.Table.from_batches(list(_batches(data, start, end, width, quoted)))
    except pa.ArrowInvalid as error:
        problems = list(_problems(data[start:end], width, first, where))
        raise DataError(problems or [Problem(where, f"is not CSV ({error})", _AGAIN)]) from None
    return list(table.columns)


def from_rows(rows: Sequence[Sequence[str]], width: int) -> list[Column]:
    """Return the columns of `rows` that are already split; each has `width` fields."""
    return [pa.chunked_array([[row[i] for row in rows]], _TEXT) for i in range(width)]


def encode(column: Column) -> Coded:
    """Return for each row the number of its text, and the texts in order of appearance."""
    encoded = column.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    return Coded(encoded.indices.to_numpy(), encoded.dictionary.to_pylist())


def rename_codes(numbers: Numbers, texts: Sequence[str]) -> pd.Categorical:
    """Return the categories that say ``texts[number]`` for each of `numbers`; texts may repeat."""
    distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    if len(distinct) < len(texts):
        numbers = np.array([distinct[text] for text in texts], dtype=np.int32)[numbers]
    names = pd.CategoricalDtype(pd.Index(list(distinct), dtype="str"))
    return pd.Categorical.from_codes(numbers, dtype=names)


def constant(text: str, length: int) -> pd.Categorical:
    """Return `text` as the only category of `length` rows."""
    return rename_codes(np.zeros(length, dtype=np.int32), [text])


def drop_unused(numbers: Numbers, texts: Sequence[str]) -> Coded:
    """Return the same without the texts that no row has."""
    used = np.bincount(numbers, minlength=len(texts)) > 0
    if used.all():
        return Coded(numbers, list(texts))
    kept = [text for text, is_used in zip(texts, used, strict=True) if is_used]
    return Coded((np.cumsum(used, dtype=np.int32) - 1)[numbers], kept)


def combine_codes(parts: Sequence[Coded], length: int) -> tuple[Numbers, int]:
    """Number the distinct combinations of `parts` in `length` rows; say how many there can be."""
    numbers, count = np.zeros(length, dtype=np.int64), 1
    for part in parts:
        if count * len(part.texts) > _LARGEST:
            numbers, distinct = pd.factorize(numbers)
            count = len(distinct)
        numbers = numbers * len(part.texts) + part.numbers
        count *= len(part.texts)
    return numbers, count


def pairs(left: Coded, right: Coded) -> tuple[Numbers, list[tuple[str, str]]]:
    """Return for each row the number of its pair of texts, and the pairs."""
    numbers, distinct = pd.factorize(
        left.numbers.astype(np.int64) * len(right.texts) + right.numbers
    )
    both = (divmod(int(n), len(right.texts)) for n in distinct)
    return numbers, [(left.texts[i], right.texts[j]) for i, j in both]


def find_unknown(
    coded: Coded, is_known: Test, kind: str, lines: Sequence[int], where: str
) -> list[Problem]:
    """Name the first row of each text that is not `known`, as no `kind`."""
    wrong = [number for number, text in enumerate(coded.texts) if not is_known(text)]
    problems = []
    for number in wrong[:_MANY]:
        text, row = coded.texts[number], lines[int(np.argmax(coded.numbers == number))]
        what = f"{text!r} is no {kind}" if text else f"has no {kind}"
        problems.append(Problem(f"{where}, row {row}", what, _AGAIN))
    if len(wrong) > _MANY:
        problems.append(Problem(where, f"has {len(wrong) - _MANY} more such texts", _AGAIN))
    return problems


def write_comma(column: Column) -> Column:
    """Return `column` with the decimal point of each number made a comma: ``1.5`` → ``1,5``."""
    return pc.replace_substring_regex(column, r"^([+-]?\d+)\.(\d+)$", r"\1,\2")


def rewrite_texts(column: Column, here: pa.Array, pattern: str, new: str) -> Column:
    """Return `column` with `pattern` replaced by `new` in the rows that are `here`."""
    return pc.if_else(here, pc.replace_substring_regex(column, pattern, new), column)


def has_points(column: Column) -> bool:
    """Say whether a cell of `column` is a number with a point: ``1.5``."""
    dotted = column.filter(pc.match_substring(column, "."))
    return bool(pc.any(pc.match_substring_regex(dotted, _POINT)).as_py())


def names(keys: pd.Categorical, printed: Coded) -> dict[str, str]:
    """Return key → name as it is first printed, without indentation."""
    first = np.unique(keys.codes, return_index=True)[1]
    spoken = [tidy_label(printed.texts[n]) for n in printed.numbers[first].tolist()]
    return dict(zip(keys.categories.tolist(), spoken, strict=True))


def frame(columns: Sequence[Column]) -> pd.DataFrame:
    """Return `columns` as a frame of text with the column names 0, 1, …"""
    table = pa.table(list(columns), names=[str(i) for i in range(len(columns))])
    result: pd.DataFrame = table.to_pandas(
        types_mapper={_TEXT: pd.StringDtype(na_value=np.nan)}.get
    )
    result.columns = pd.RangeIndex(len(columns))
    return result


def _batches(
    data: bytes, start: int, end: int, width: int, quoted: bool
) -> Iterator[pa.RecordBatch]:
    names = [str(i) for i in range(width)]
    source = pa.BufferReader(pa.py_buffer(data).slice(start, end - start))
    reader = pyarrow.csv.open_csv(
        source,
        read_options=pyarrow.csv.ReadOptions(column_names=names),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=";", quote_char='"' if quoted else False, ignore_empty_lines=False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, _TEXT), strings_can_be_null=False
        ),
    )
    quiet = end - start < LARGE
    with tqdm(total=end - start, unit="B", unit_scale=True, disable=quiet, leave=False) as bar:
        for batch in reader:
            bar.update(source.tell() - bar.n)
            yield batch


def _is_clean(data: bytes, start: int, end: int) -> bool:
    at = data.find(b'"', start, end)
    while at >= 0:
        begin = data.rfind(b"\n", start, at) + 1 or start
        stop = data.find(b"\n", at, end)
        if not _QUOTED.fullmatch(data, begin, stop):
            return False
        at = data.find(b'"', stop, end)
    return True


def _read_slowly(data: bytes, width: int, first: int, where: str) -> list[Column]:
    """Read rows whose quotes stand in the middle of a field, row by row."""
    problems = list(_problems(data, width, first, where))
    if problems:
        raise DataError(problems)
    return from_rows([split(line) for line in data.decode("utf-8").split("\n")[:-1]], width)


def split(line: str) -> list[str]:
    """Return the fields of one row. Raises csv.Error where a quote is not closed."""
    if '"' not in line:
        return line.split(";")
    if line.count('"') % 2:
        raise csv.Error("a quote is not closed")
    return next(csv.reader(io.StringIO(line, newline=""), delimiter=";", strict=True))


def split_or_refuse(line: str, where: str) -> list[str]:
    """Return the fields of one row. Raises DataError where a quote is not closed."""
    try:
        return split(line)
    except csv.Error as error:
        raise DataError([Problem(where, f"is not CSV ({error})", _AGAIN)]) from None


def _problems(data: bytes, width: int, first: int, where: str) -> Iterator[Problem]:
    """Name the first rows of another width."""
    count = 0
    for number, line in enumerate(data.decode("utf-8").split("\n")[:-1], start=first):
        try:
            fields = len(split(line))
            what = f"has {fields} fields, expected {width}" if fields != width else ""
        except csv.Error as error:
            what = f"is not CSV ({error})"
        if what:
            count += 1
            if count <= _MANY:
                yield Problem(f"{where}, row {number}", what, _AGAIN)
    if count > _MANY:
        yield Problem(where, f"has {count - _MANY} more rows of another width", _AGAIN)
