"""Regionaltabellen of the Zensus 2022 (Excel): their machine-readable sheets ``CSV-…``.

Berichtszeitpunkt | _RS    | Name       | Regionalebene | EWZ     row 1
20220515          | 05562  | Kreis …    | Stadtkreis/…  | 618350  one row per region

The layout sheets say the same with notes and formulas and are not read. Verified with the workbook
on the population; those on demography, households, housing, education and work have several such
sheets with columns like ``SCHULABS_STP__24`` (unverified, known from programs that read them).
"""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import workbook
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table, shorten_ars, tidy_label

_PREFIX = "CSV-"
#: Beginnings of the names of the sheets that explain the others.
_PROSE = ("Impressum", "Erl")
_TIME, _KEY, _NAME, _LEVEL = _PLACES = ("Berichtszeitpunkt", "_RS", "Name", "Regionalebene")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
#: Bund and Land, Regierungsbezirk, Kreis, Gemeindeverband, Gemeinde (ARS)
_RS = re.compile(r"\d{2}|\d{3}|\d{5}|\d{9}|\d{12}", re.ASCII)
_LICENCE_YEAR = re.compile(r"©[^\n]*?\b(\d{4})\b")
_SIGN = re.compile(r"(\S{1,3})\s+=\s+(\S.*)")
_EXPLAINED = re.compile(r"[–-] (\w+)\*?: .*\(([^()]+)\)")
_AGAIN = "download the workbook again; do not edit it"
_MANY = 20


def recognises(data: bytes) -> bool:
    """Say whether `data` is a workbook with a sheet whose name begins with ``CSV-``."""
    return any(name.startswith(_PREFIX) for name in workbook.names(data))


def read(data: bytes, where: str) -> Table:
    """Read all sheets ``CSV-…`` of a workbook; every cell becomes text.

    Several sheets stand side by side, joined by time, region and level. `header` is the column's
    name; where two sheets have a column of the same name, it is sheet and name joined by " / ". The
    one classifier is ``Regionalebene``: it tells apart the three rows of Germany, whose key ``00``
    becomes ``DG``. A 12-digit ARS becomes the AGS; a Gemeindeverband keeps its 9 digits. Raises
    DataError for a broken workbook, other columns, an unknown key or time, an empty cell, a row
    that repeats another, and sheets with different regions.
    """
    sheets = workbook.sheets(data, where, lambda name: name.startswith(_PREFIX))
    if not sheets:
        what = f"has no sheet whose name begins with {_PREFIX!r}"
        raise DataError([Problem(where, what, "download the whole workbook")])
    frames = {s.name: _frame(s, f"{where}, sheet {s.name!r}") for s in sheets}
    cells = _join_sheets(frames, where)
    heads = _heads(cells)
    first = frames[sheets[0].name]
    keys = first[_KEY].replace("00", "DG").map(shorten_ars)
    rows = pd.DataFrame({"line": first["line"], "ags": keys, "period": first[_TIME], "header": ""})
    rows[_LEVEL] = first[_LEVEL]
    lines = _prose(data, where)
    described = dict(line.split(": ", 1) for line in lines if ": " in line)
    prose = "\n".join(lines)
    year = _LICENCE_YEAR.search(prose)
    units = {m[1]: m[2] for line in lines if (m := _EXPLAINED.fullmatch(line))}
    return Table(
        format="zensus_workbook",
        number="",
        statistic="",
        title=", ".join(described.get(name, name) for name in frames),
        stand=None,
        licence_year=int(year[1]) if year else None,
        notes=prose,
        classifiers=(_LEVEL,),
        rows=rows.astype(dict.fromkeys(rows.columns[1:], "category")),
        heads=heads,
        texts=pd.concat(cells.values(), axis=1).set_axis(range(len(heads)), axis=1),
        names=dict(zip(keys, first[_NAME].map(tidy_label), strict=True)),
        units={h.header: units[h.header] for h in heads if h.header in units},
        legend={m[1]: m[2] for line in lines if (m := _SIGN.fullmatch(line))},
    )


def _frame(sheet: workbook.Sheet, where: str) -> pd.DataFrame:
    """Return the columns of a sheet as text, with ``line``; times are ISO."""
    rows = workbook.texts(sheet.rows)
    head = [cell.strip() for cell in rows[0]] if rows else []
    while head and not head[-1] and not any(row[len(head) - 1] for row in rows):
        head.pop()
    again = sorted({name for name in head if head.count(name) > 1 and name})
    raise_if(
        [
            *(_problem(where, 1, f"lacks the column {n!r}") for n in _PLACES if n not in head),
            *(_problem(where, 1, f"has the column {name!r} twice") for name in again),
            *(_problem(where, 1, "has a column without a name") for name in head if not name),
        ]
    )
    numbered = [(i, row[: len(head)]) for i, row in enumerate(rows[1:], 2) if any(row)]
    if not numbered:
        raise DataError([_problem(where, 1, "has no rows below its head")])
    frame = pd.DataFrame([row for _, row in numbered], columns=head, dtype=str)
    frame.insert(0, "line", [line for line, _ in numbered])
    raise_if(_find_wrong(frame, where))
    frame[_TIME] = frame[_TIME].str.replace(_DAY, r"\1-\2-\3", regex=True)
    return frame


def _find_wrong(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield what no sheet of the Zensus holds."""
    time = ~frame[_TIME].str.fullmatch(_DAY)
    for line, text in frame.loc[time, ["line", _TIME]].head(_MANY).itertuples(index=False):
        yield _problem(where, line, f"{text!r} is no {_TIME} like 20220515")
    key = ~frame[_KEY].str.fullmatch(_RS)
    for line, text in frame.loc[key, ["line", _KEY]].head(_MANY).itertuples(index=False):
        yield _problem(where, line, f"{text!r} is no key with 2, 3, 5, 9 or 12 digits")
    for line in frame.loc[frame.duplicated([_TIME, _KEY, _LEVEL]), "line"].head(_MANY):
        yield _problem(where, line, "repeats the region of an earlier row")
    for name in frame.columns.drop("line"):
        for line in frame.loc[frame[name].str.strip() == "", "line"].head(_MANY):
            yield _problem(where, line, f"column {name!r} is empty")


def _problem(where: str, line: int, what: str) -> Problem:
    return Problem(f"{where}, row {line}", what, _AGAIN)


def _join_sheets(frames: Mapping[str, pd.DataFrame], where: str) -> dict[str, pd.DataFrame]:
    """Return the value columns of all sheets, in the order of the rows of the first."""
    keyed = {name: frame.set_index([_TIME, _KEY, _LEVEL]) for name, frame in frames.items()}
    first, order = next((name, frame.index) for name, frame in keyed.items())
    raise_if(
        Problem(f"{where}, sheet {name!r}", f"has other regions than sheet {first!r}", _AGAIN)
        for name, frame in keyed.items()
        if len(frame) != len(order) or not order.isin(frame.index).all()
    )
    return {
        name: frame.loc[order].drop(columns=["line", _NAME]).reset_index(drop=True)
        for name, frame in keyed.items()
    }


def _heads(cells: Mapping[str, pd.DataFrame]) -> tuple[Head, ...]:
    columns = [(sheet, name) for sheet, frame in cells.items() for name in frame.columns]
    often = {name for _, name in columns if [n for _, n in columns].count(name) > 1}
    return tuple(
        Head(f"{sheet}!{name}", f"{sheet} / {name}" if name in often else name)
        for sheet, name in columns
    )


def _prose(data: bytes, where: str) -> list[str]:
    """Return the rows of the explaining sheets, their cells joined by ": "."""
    sheets = workbook.sheets(data, where, lambda name: name.startswith(_PROSE), figures=False)
    rows = [row for sheet in sheets for row in workbook.texts(sheet.rows)]
    lines = [": ".join(tidy_label(cell) for cell in row if cell.strip()) for row in rows]
    return [line for line in lines if line]


READER = Reader(
    format="zensus_workbook",
    words="workbooks of the Zensus 2022",
    recognises=recognises,
    read=read,
    row=(
        "workbook with sheets `CSV-…`",
        "Zensus 2022 Regionaltabelle",
        "neither",
        "1 real file; several `CSV-` sheets: unverified, synthetic sample",
    ),
    example={
        "CSV-Einwohnerzahl": [
            ["Berichtszeitpunkt", "_RS", "Name", "Regionalebene", "EWZ"],
            [20220515, "05562", "Recklinghausen", "Landkreis", 618350],
        ]
    },
)
