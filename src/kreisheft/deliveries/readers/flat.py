"""GENESIS flat CSV, new layout (long): Zensus database since 2022, Destatis since 2024,
Regionalstatistik since 2025.

One row per figure. Codes are read, labels never: these follow the language of the request. The
file holds neither table number nor Stand, and no footer: a file that is cut off exactly at the end
of a row cannot be told from a whole one.
"""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import columns, decoding, genesis_variables
from kreisheft.deliveries.readers.columns import Column
from kreisheft.deliveries.readers.genesis_variables import Slot
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table

_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?statistics_code;[^\n]*")
_HEAD = ("statistics_code", "statistics_label", "time_code", "time_label", "time")
_SLOT = ("variable_code", "variable_label", "variable_attribute_code", "variable_attribute_label")
_TAIL = ("value", "value_unit", "value_variable_code", "value_variable_label")
#: Quality marks of GENESIS, "e" final; the others are printed at the figure as in other formats.
_MARKS: Mapping[str, str] = {
    "p": r"\1p",
    "r": r"\1r",
    "s": r"\1s",
    "()": r"(\1)",
    "( )": r"(\1)",
}
_PLAIN = ("", "e")
_NUMBER = r"^([+-]?\d+(?:[.,]\d+)?)$"


def recognises(data: bytes) -> bool:
    """Say whether `data` begins like a flat CSV of the new layout."""
    first = _BEGIN.match(data)
    # The English form of the old layout begins alike; its measures are columns CODE__Label__Unit.
    return first is not None and b"__" not in first[0]


def read(data: bytes, where: str) -> Table:
    """Read a flat CSV; every cell stays text.

    `header` of a row is the code of its measure, ``CODE %`` for a share (see `variables.measures`),
    its unit is in `units`; classifiers are named by variable and hold the attribute's code, "" for
    the total and for rows without that variable. A category under two variables keeps both. Keys:
    see `variables.rows`. A quality mark p, r, s or ( ) is written to its figure, as the other
    formats print it: ``12p``, ``(12)``. The decimal point of an English delivery becomes a comma.

    Raises DataError for missing or unknown columns, no rows, a row that is cut off, an unknown
    time, key or quality mark, no region, and a row that is there twice.
    """
    data = decoding.clean(data, where)
    names = _names(data, where)
    body = dict(zip(names, body_of(data, len(names), where), strict=True))
    slots = [
        Slot(*(body[f"{number}_{part}"] for part in (_SLOT[0], _SLOT[2], _SLOT[3])))
        for number in range(1, (len(names) - len(_HEAD) - len(_TAIL)) // len(_SLOT) + 1)
    ]
    codes = columns.encode(body["value_variable_code"])
    units = columns.encode(body["value_unit"])
    raise_if(columns.find_unknown(codes, bool, "measure", range(2, len(codes.numbers) + 2), where))
    pairs, distinct = columns.pairs(codes, units)
    headers = columns.rename_codes(pairs, genesis_variables.measures(distinct))
    rows, keys = genesis_variables.rows(slots, body["time_code"], body["time"], headers, where)
    values = body["value"]
    if columns.has_points(values) and genesis_variables.is_english([s.label for s in slots]):
        values = columns.write_comma(values)
    if "value_q" in body:
        values = write_marks(values, body["value_q"], where)
    return Table(
        format="flat",
        number="",
        statistic=statistic(body["statistics_code"]),
        title="",
        stand=None,
        licence_year=None,
        notes="",
        classifiers=tuple(rows.columns[4:]),
        rows=rows,
        heads=(Head("value", ""),),
        texts=columns.frame([values]),
        names=keys,
        units=genesis_variables.units(distinct),
    )


def body_of(data: bytes, width: int, where: str) -> list[Column]:
    """Return the columns below the first line of a file without a footer."""
    start = data.find(b"\n") + 1
    if not start or start == len(data):
        what = "has no data rows"
        raise DataError([Problem(where, what, "choose at least one region and period, download")])
    if not data.endswith(b"\n"):
        row = data.count(b"\n") + 1
        what = "ends within a row; the file is cut off"
        raise DataError([Problem(f"{where}, row {row}", what, "download the whole table again")])
    return columns.read(data, width, 2, where, start=start)


def statistic(column: Column) -> str:
    """Return the number of the statistic; of several, all of them with ``/``."""
    return "/".join(sorted(columns.encode(column).texts))


def write_marks(values: Column, quality: Column, where: str) -> Column:
    """Return `values` with their quality marks p, r, s and ( ) written to the figures."""
    marks = columns.encode(quality)
    known = {*_PLAIN, *_MARKS}.__contains__
    lines = range(2, len(marks.numbers) + 2)
    raise_if(columns.find_unknown(marks, known, "quality mark that is known", lines, where))
    for mark in sorted(set(marks.texts) - set(_PLAIN)):
        here = pa.array(marks.numbers == marks.texts.index(mark))
        values = columns.rewrite_texts(values, here, _NUMBER, _MARKS[mark])
    return values


def _names(data: bytes, where: str) -> Sequence[str]:
    """Return the names of the columns. Raises DataError where they are not those of the layout."""
    first = data[: max(data.find(b"\n"), 0) or len(data)].decode("utf-8")
    names = [name.strip().strip('"') for name in first.split(";")]
    if names[0] != _HEAD[0]:
        what = f"begins with {first[:40]!r}, expected 'statistics_code;'"
        raise DataError([Problem(f"{where}, row 1", what, "download the table as flat CSV")])
    count = sum(1 for name in names if name.endswith(f"_{_SLOT[0]}") and name[0].isdigit())
    slots = [f"{i}_{part}" for i in range(1, count + 1) for part in _SLOT]
    expected = [*_HEAD, *slots, *_TAIL]
    if names not in (expected, [*expected, "value_q"]):
        absent = [name for name in expected if name not in names]
        odd = [name for name in names if name not in (*expected, "value_q")]
        what = (
            f"lacks the columns {', '.join(absent)}"
            if absent
            else f"has unknown columns: {', '.join(map(repr, odd))}"
            if odd
            else "has its columns twice or in another order"
        )
        raise DataError([Problem(f"{where}, row 1", what, "download the table as flat CSV")])
    return names


READER = Reader(
    format="flat",
    words="flat CSV ('statistics_code;…')",
    recognises=recognises,
    read=read,
    row=(
        "begins with `statistics_code;`",
        "GENESIS and Zensus database, new layout (long)",
        "neither: found by statistic, variables and measures",
        "7 real files",
    ),
    example=(
        "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;"
        "1_variable_label;1_variable_attribute_code;1_variable_attribute_label;value;value_unit;"
        "value_variable_code;value_variable_label\n"
        "99998;Erfunden;STAG;Stichtag;2024-12-31;KREISE;Kreise;05562;Recklinghausen;118;Anzahl;"
        "BEVX;Personen\n"
    ),
)
