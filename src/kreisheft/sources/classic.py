"""Classic CSV of Regionalstatistik and Landesdatenbank NRW.

Tabelle: 13211-02-05-4        line 1
title, statistic; …           preamble, 1 to 6 lines, text in the first field
;;;Arbeitslose;Arbeitslose    header, 1 to 6 rows, first field empty
2025;05562;  Recklinghausen…  data: [time] key name [classifiers] values
__________                    footer: notes, licence, Stand
"""

import csv
import io
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kreisheft.errors import DataError, Problem
from kreisheft.sources import text
from kreisheft.sources.table import REGION, Table, period, tidy

_FIRST = re.compile(r"(?:GENESIS-)?Tabelle:\s*(\S+)")
_LABELLED_TIME = re.compile(
    r"(?:Jahr|Stichtag|Schuljahr|Berichtsjahr|Year|Reference date):\s*(\S+)"
)
_TIME_HEADS = ("Jahr", "Stichtag", "Year")
_STAND = re.compile(
    r"^Stand:\s*(\d{2}\.\d{2}\.\d{4})|^created:\s*(\d{4}-\d{2}-\d{2})", re.MULTILINE
)
_LICENCE_YEAR = re.compile(r"©[^\n]*?,\s*(\d{4})\b")
_FOOTER = "__________"


@dataclass(frozen=True)
class _Lines:
    """The parts of a file: `numbers` are the 1-based lines of `body`."""

    head: list[list[str]]
    stack: list[list[str]]
    body: list[list[str]]
    numbers: list[int]
    footer: str


def recognises(content: str) -> bool:
    """Say whether `content` begins like a classic CSV."""
    return _FIRST.match(content) is not None


def read(source: text.Source) -> Table:
    """Read a classic CSV; every cell stays text.

    `header` of a cell is its stack of labels from top to bottom, joined by " / ", without empty
    levels and without a level that only holds the time. Raises DataError for a file that is no
    classic CSV, is cut off, has no data, or has a row of another width.
    """
    where = text.name(source)
    content = text.decode(source)
    first = _FIRST.match(content)
    if not first:
        found = content.split("\n", 1)[0][:40]
        what = f"begins with {found!r}, expected 'Tabelle: <number>'"
        raise DataError([Problem(f"{where}, row 1", what, "download the table as CSV")])
    lines = _split(content, where)
    lead, timed = _lead(lines, where)
    problems = [
        Problem(
            f"{where}, row {number}",
            f"has {len(row)} fields, expected {len(lines.stack[0])}",
            "download the table again; do not edit it",
        )
        for row, number in zip(lines.body, lines.numbers, strict=True)
        if len(row) != len(lines.stack[0])
    ]
    if problems:
        raise DataError(problems)
    common, titles = _preamble(lines.head)
    times, headers = _heads(lines.stack, lead)
    cells, names = _cells(lines, lead, timed, times, headers, common)
    stand = _STAND.search(lines.footer)
    year = _LICENCE_YEAR.search(lines.footer)
    return Table(
        format="classic",
        number=first[1].rstrip(";"),
        statistic="",
        title=" ".join(titles),
        stand=period(stand[1]) if stand and stand[1] else (stand[2] if stand else None),
        licence_year=int(year[1]) if year else None,
        notes=lines.footer,
        classifiers=tuple(f"k{i + 1}" for i in range(lead - 2 - timed)),
        cells=cells,
        names=names,
    )


def _split(content: str, where: str) -> _Lines:
    reader = csv.reader(io.StringIO(content), delimiter=";")
    # The footer is cut off first: its notes hold lines that look like data.
    rows: list[list[str]] = []
    numbers: list[int] = []
    complete = False
    try:
        for row in reader:
            if row and row[0].startswith(_FOOTER):
                complete = True
                break
            rows.append(row)
            numbers.append(reader.line_num)
    except csv.Error as error:
        at = f"{where}, row {reader.line_num}"
        raise DataError([Problem(at, f"not CSV ({error})", "download it again")]) from None
    if not complete:
        what = f"ends without a footer (a line {_FOOTER}); the file is cut off"
        raise DataError([Problem(where, what, "download the whole table again")])
    footer = "\n".join(content.split("\n")[reader.line_num :])
    top = next((i for i, row in enumerate(rows) if i and _is_head(row)), len(rows))
    data = next((i for i in range(top, len(rows)) if not _is_head(rows[i])), len(rows))
    if data >= len(rows):
        what = "has no data rows between header and footer"
        raise DataError([Problem(where, what, "choose at least one region and period, download")])
    return _Lines(rows[:top], rows[top:data], rows[data:], numbers[data:], footer)


def _is_head(row: list[str]) -> bool:
    return len(row) > 1 and row[0] == "" and any(row)


def _lead(lines: _Lines, where: str) -> tuple[int, int]:
    """Return how many columns precede the values, and whether (0/1) the first holds the time."""
    lead = min(next(i for i, cell in enumerate(row) if cell) for row in lines.stack)
    first = lines.body[0]
    timed = int(
        len(first) > 1 and period(first[0]) is not None and bool(REGION.fullmatch(first[1]))
    )
    if lead < 2 + timed or not REGION.fullmatch(first[timed]):
        at = f"{where}, row {lines.numbers[0]}"
        what = f"{';'.join(first[:3])!r} does not begin with a region key"
        raise DataError([Problem(at, what, "download the table with region keys")])
    return lead, timed


def _preamble(head: list[list[str]]) -> tuple[str, list[str]]:
    """Return the one time that holds for the whole file ("" if there is none), and the title."""
    common, titles = "", []
    for row in head[1:]:
        label = tidy(row[0]) if row else ""
        labelled = _LABELLED_TIME.fullmatch(label)
        time = period(labelled[1] if labelled else label)
        if time is not None:
            common = time
        elif label:
            titles.append(label)
    return common, titles


def _heads(stack: list[list[str]], lead: int) -> tuple[list[str], list[str]]:
    """Return per value column its time ("" if the header has none) and its joined labels."""
    times, headers = [], []
    for i in range(lead, len(stack[0])):
        labels = [tidy(row[i]) for row in stack if i < len(row)]
        # "1990" alone could be a label; a level is time only if every column holds one.
        dated = [period(label) for label in labels]
        time = next((t for t in dated if t), "")
        kept = [
            label
            for label, t in zip(labels, dated, strict=True)
            if label and not t and not (time and label in _TIME_HEADS)
        ]
        times.append(time)
        headers.append(" / ".join(kept))
    return times, headers


def _cells(
    lines: _Lines, lead: int, timed: int, times: list[str], headers: list[str], common: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    body = np.array(lines.body, dtype=object)
    width, height = len(headers), len(lines.body)
    if timed:
        stamps = {t: period(t) or "" for t in set(body[:, 0])}
        by_row = np.array([stamps[t] for t in body[:, 0]], dtype=object)
    else:
        by_row = np.full(height, common, dtype=object)
    spread = np.repeat(by_row, width)
    by_head = np.tile(np.array(times, dtype=object), height)
    columns = {
        "row": np.repeat(np.array(lines.numbers), width),
        "column": np.tile(
            np.array([f"{lead + 1 + i}" for i in range(width)], dtype=object), height
        ),
        "ags": np.repeat(body[:, timed], width),
        "period": np.where(by_head != "", by_head, spread),
        "header": np.tile(np.array(headers, dtype=object), height),
    }
    for number, i in enumerate(range(2 + timed, lead), start=1):
        labels = {label: tidy(label) for label in set(body[:, i])}
        columns[f"k{number}"] = np.repeat(
            np.array([labels[v] for v in body[:, i]], dtype=object), width
        )
    columns["text"] = body[:, lead:].reshape(-1)
    names = {str(k): tidy(str(n)) for k, n in zip(body[:, timed], body[:, timed + 1], strict=True)}
    return pd.DataFrame(columns), names
