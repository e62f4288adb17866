"""INKAR of the BBSR: the long CSV of the bulk download, and the same as wide Parquet.

Bereich;ID;Kuerzel;Indikator;Raumbezug;Kennziffer;Name;Zeitbezug;Wert     CSV: one row per figure
raumbezug, kennziffer, name, zeitbezug, a_bev, q_sch, …                   Parquet: one per Kuerzel

Parquet is verified, the CSV is not (known from programs that read it). The bulk file holds 7 GB,
far beyond what is read at once: the wanted indicators are cut out of it first.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import decoding, workbook
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table, parse_period, tidy_label

_PARQUET = b"PAR1"
_BOM = b"\xef\xbb\xbf"
_KEYS = ("raumbezug", "kennziffer", "name", "zeitbezug")
_LONG_KEYS = tuple(name.title() for name in _KEYS)
_COLUMNS = ("Bereich", "ID", "Kuerzel", "Indikator", *_LONG_KEYS, "Wert")
#: Digits of a Kennziffer under the Raumbezuege that are official levels; the others have their own.
_WIDTHS = {"Bund": 3, "Kreise": 8, "Gemeinden": 8}
_LAND = "Bundesl"
_AGAIN = "get the file again"
#: What a damaged Parquet file raises, depending on where it is damaged.
_BROKEN = (pa.ArrowException, KeyError, MemoryError, OSError, TypeError, ValueError)
_MANY = 20


def recognises(data: bytes) -> bool:
    """Say whether `data` is a CSV or a Parquet file with the key columns of INKAR.

    A Parquet file that is too damaged to name its columns counts, so that `read` can say so.
    """
    if not data.startswith(_PARQUET):
        return {"Kuerzel", "Raumbezug", "Kennziffer"} <= set(_head(data))
    try:
        return set(_KEYS) <= set(pa_parquet.read_schema(pa.BufferReader(data)).names)
    except _BROKEN:
        return True


def read(data: bytes, where: str) -> Table:
    """Read an INKAR file; numbers become text with a decimal comma, a missing value "".

    `header` is the Kuerzel. The one classifier is ``raumbezug``: the same key may occur under
    several. Kreise get their 5 digits, the Bund becomes ``DG``; keys of other Raumbezuege stay as
    they are printed. Rows that repeat another (an indicator listed under two Bereiche) are kept.
    Raises DataError for a broken file, other columns, and a key or a time that is none.
    """
    return _wide(data, where) if data.startswith(_PARQUET) else _long(data, where)


def _wide(data: bytes, where: str) -> Table:
    try:
        table = pa_parquet.read_table(pa.BufferReader(data), page_checksum_verification=True)
        table.validate(full=True)
    except _BROKEN as error:
        what = f"is a broken Parquet file ({_first_line(error)})"
        raise DataError([Problem(where, what, _AGAIN)]) from None
    names = [name for name in table.column_names if name not in _KEYS]
    raise_if(_wrong_columns(table.column_names, (*_KEYS, *names), where))
    if not table.num_rows or not names:
        raise DataError([Problem(where, "has no figures", _AGAIN)])
    lines = np.arange(1, table.num_rows + 1)
    keys = {name: _category(table, name, where) for name in _KEYS}
    same = pd.Categorical([""]).take(np.zeros(len(lines), dtype=np.intp))
    texts = {n: _print_numbers(table, name, where) for n, name in enumerate(names)}
    heads = tuple(Head(name, name) for name in names)
    return _table(keys, same, lines, heads, texts, "", where)


def _long(data: bytes, where: str) -> Table:
    content = decoding.clean(data, where)
    if not content.endswith(b"\n"):
        last = content.count(b"\n") + 1
        next_ = f"{_AGAIN}; if nothing is missing, put a line break behind the last line"
        what = "ends within a line: the file may have been cut off"
        raise DataError([Problem(f"{where}, row {last}", what, next_)])
    raise_if(_wrong_columns(_head(content), _COLUMNS, f"{where}, row 1"))
    table = _fields(content, where)
    if not table.num_rows:
        raise DataError([Problem(where, "has no rows below its head", _AGAIN)])
    keys = {name: _category(table, name.title(), where) for name in _KEYS}
    short, long = (_category(table, name, where) for name in ("Kuerzel", "Indikator"))
    names_of_codes = pd.DataFrame({"short": short, "long": long}).drop_duplicates()
    notes = "\n".join(f"{name}: {title}" for name, title in names_of_codes.itertuples(index=False))
    lines = np.arange(2, table.num_rows + 2)
    texts = {0: _print_numbers(table, "Wert", where)}
    return _table(keys, short, lines, (Head("Wert", ""),), texts, notes, where)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _head(data: bytes) -> tuple[str, ...]:
    line = data[:1000].removeprefix(_BOM).split(b"\n", 1)[0].decode("utf-8", "replace")
    try:
        return tuple(next(csv.reader([line.rstrip("\r")], delimiter=";"), ()))
    except csv.Error:
        return ()


def _wrong_columns(
    names_found: Iterable[str], expected: Iterable[str], where: str
) -> Iterator[Problem]:
    expected_names, names = tuple(expected), tuple(names_found)
    for name in expected_names:
        if names.count(name) != 1:
            what = "has the column twice:" if name in names else "lacks the column"
            yield Problem(where, f"{what} {name!r}", _AGAIN)
    for name in dict.fromkeys(names):
        if name not in expected_names:
            yield Problem(where, f"unknown column {name!r}", "take it out, or get the file again")


def _fields(content: bytes, where: str) -> pa.Table:
    """Return all fields as text; every record of a wrong length is a problem."""
    shape = pa_csv.ParseOptions(delimiter=";")
    keyed = dict.fromkeys(_COLUMNS, pa.dictionary(pa.int32(), pa.string()))
    as_text = pa_csv.ConvertOptions(column_types={**keyed, "Wert": pa.string()})
    try:
        return pa_csv.read_csv(pa.BufferReader(content), None, shape, as_text)
    except pa.ArrowException as error:
        problems = [Problem(where, f"is no CSV ({_first_line(error)})", _AGAIN)]
    # Only a reader with one thread knows the rows, and it is slow.
    odd: list[Problem] = []

    def note(row: pa_csv.InvalidRow) -> str:
        what = f"has {row.actual_columns} fields, expected {row.expected_columns}"
        odd.append(Problem(f"{where}, row {row.number}", what, _AGAIN))
        return "skip"

    shape.invalid_row_handler = note
    try:
        pa_csv.read_csv(pa.BufferReader(content), pa_csv.ReadOptions(use_threads=False), shape)
    except pa.ArrowException:
        odd = []
    raise DataError(odd[:_MANY] or problems)


def _category(table: pa.Table, name: str, where: str) -> "pd.Categorical[str]":
    """Return a column of keys as category of text, in the order of the file."""
    column = table.column(name)
    if column.null_count:
        row = int(column.is_null().to_numpy().argmax()) + 1
        raise DataError([Problem(f"{where}, row {row}, column {name!r}", "is empty", _AGAIN)])
    try:
        kind = pa.dictionary(pa.int32(), pa.string())
        encoded = column.cast(pa.string()).cast(kind) if column.type != kind else column
        merged = encoded.unify_dictionaries().combine_chunks()
        array = merged.chunk(0) if isinstance(merged, pa.ChunkedArray) else merged
    except pa.ArrowException:
        what = f"is no text but {column.type}"
        raise DataError([Problem(f"{where}, column {name!r}", what, "write it as text")]) from None
    labels = pd.Index(array.dictionary.to_pylist(), dtype=str)
    return pd.Categorical.from_codes(array.indices.to_numpy(), categories=labels)


def _print_numbers(table: pa.Table, name: str, where: str) -> pd.Series:
    """Return a column as text: the shortest decimal of a number, with a comma; "" for none."""
    column = table.column(name)
    if pa.types.is_floating(column.type):
        # A figure occurs often: each is printed once. The code of a missing one, -1, takes the "".
        codes, distinct = pd.factorize(column.to_numpy())
        printed = [workbook.text(float(number)) for number in distinct.astype(str)]
        return pd.Series([*printed, ""], dtype=str).take(codes).reset_index(drop=True)
    if pa.types.is_string(column.type) or pa.types.is_integer(column.type):
        return pd.Series(pc.cast(column, pa.string()).fill_null("").to_pandas(), dtype=str)
    what = f"holds no numbers but {column.type}"
    raise DataError([Problem(f"{where}, column {name!r}", what, "write it as floating numbers")])


def _table(
    keys: "Mapping[str, pd.Categorical[str]]",
    header: "pd.Categorical[str]",
    lines: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    heads: tuple[Head, ...],
    texts: dict[int, pd.Series],
    notes: str,
    where: str,
) -> Table:
    level, key, name, time = (keys[k] for k in _KEYS)
    levels, printed, called = (keys[k].categories.tolist() for k in _KEYS[:3])
    codes, pairs = pd.factorize(level.codes.astype(np.int64) * len(printed) + key.codes)
    first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    problems: list[Problem] = []
    regions: list[str] = []
    names: dict[str, str] = {}
    for pair, row in zip(pairs.tolist(), first.tolist(), strict=True):
        kind, number = levels[pair // len(printed)], printed[pair % len(printed)]
        region = _ags(kind, number)
        regions.append(region or number)
        if region is None:
            what = f"{number!r} is no key of {kind!r}"
            problems.append(Problem(f"{where}, row {lines[row]}", what, _AGAIN))
        elif region not in names or _width(kind):
            names[region] = tidy_label(called[name.codes[row]])
    for label in time.categories:
        if parse_period(str(label)) is None:
            at = int((time == label).argmax())
            problems.append(Problem(f"{where}, row {lines[at]}", f"{label!r} is no time", _AGAIN))
    raise_if(problems[:_MANY])
    of_pair, labels = pd.factorize(pd.Series(regions, dtype=str))
    ags = pd.Categorical.from_codes(of_pair[codes], categories=labels)
    columns = {"line": lines, "ags": ags, "period": time, "header": header, "raumbezug": level}
    return Table(
        format="inkar",
        sparse=True,
        broad=True,
        number="",
        statistic="",
        title="INKAR",
        stand=None,
        licence_year=None,
        notes=notes,
        classifiers=("raumbezug",),
        rows=pd.DataFrame(columns),
        heads=heads,
        texts=pd.DataFrame(texts),
        names=names,
    )


def _width(level: str) -> int:
    """Return how many digits the keys of an official level have, 0 for other Raumbezuege."""
    return 2 if level.startswith(_LAND) else _WIDTHS.get(level, 0)


def _ags(level: str, key: str) -> str | None:
    """Return the region key of a Kennziffer, None if it cannot be one of its Raumbezug.

    Some copies of the CSV have lost the zeros in front.
    """
    width = _width(level)
    if not width:
        return key or None
    padded = key.zfill(width)
    if len(padded) != width or not (padded.isascii() and padded.isdigit()):
        return None
    if level == "Kreise":
        return padded[:5] if padded.endswith("000") else None
    return "DG" if level == "Bund" else padded


READER = Reader(
    format="inkar",
    words="INKAR (CSV, Parquet)",
    recognises=recognises,
    read=read,
    row=(
        "INKAR columns, CSV or Parquet",
        "one measure per Kuerzel",
        "neither",
        "3 real Parquet files; CSV: unverified, synthetic sample",
    ),
    example=(
        "Bereich;ID;Kuerzel;Indikator;Raumbezug;Kennziffer;Name;Zeitbezug;Wert\n"
        "Bildung;7;a_oA;Ohne Abschluss;Kreise;05562000;Recklinghausen;2021;5,52\n"
    ),
)
