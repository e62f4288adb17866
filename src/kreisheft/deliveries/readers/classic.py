"""Classic CSV of Regionalstatistik and Landesdatenbank NRW.

Tabelle: 13211-02-05-4        line 1
title, statistic; …           preamble, 1 to 6 lines, text in the first field
;;;Arbeitslose;Arbeitslose    header, 1 to 6 rows, first field empty
2025;05562;  Recklinghausen…  data: [time] [key] name [classifiers] values
__________                    footer: notes, licence, Stand

The Excel form of these tables has the same parts; its reader calls `parse`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import classic_heads, classic_rows, columns, decoding
from kreisheft.deliveries.readers.columns import Column
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Table

_FIRST = re.compile(r"(?:GENESIS-)?Tabelle:\s*(\S+?);*\s*")
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?(?:GENESIS-)?Tabelle:")
_STAND = re.compile(
    r"(?:Stand:\s*(\d{2})\.(\d{2})\.(\d{4})|created:\s*(\d{4})-(\d{2})-(\d{2}))"
    r"\s*/\s*\d{2}:\d{2}:\d{2}[;\s]*$"
)
_LICENCE_YEAR = re.compile(r"©[^\n]*?,\s*(\d{4})\b")
_FOOTER = b"\n__________"
_AGAIN = "download the whole table again; do not edit it"


@dataclass(frozen=True)
class _Top:
    """What stands above the data: preamble lines, header rows, and where the data begin."""

    preamble: list[str]
    stack: list[list[str]]
    line: int
    offset: int


def recognises(data: bytes) -> bool:
    """Say whether `data` begins like a classic CSV."""
    return _BEGIN.match(data) is not None


def read(data: bytes, where: str) -> Table:
    """Read a classic CSV; every cell stays text. See `parse` for what becomes of the parts.

    where: the file's name, for messages. Raises DataError for a file that is no classic CSV, is cut
    off (also within its footer), holds two tables, has no data, or breaks a rule of `parse`.
    """
    data = decoding.clean(data, where)
    first = _FIRST.fullmatch(data[: data.find(b"\n")].decode("utf-8"))
    if not first:
        begin = data[:40].decode("utf-8", "ignore").split("\n")[0]
        what = f"begins with {begin!r}, expected 'Tabelle: <number>'"
        raise DataError([Problem(f"{where}, row 1", what, "download the table as CSV")])
    end, footer = _footer(data, where)
    top = _top(data, end, where)
    width = len(top.stack[0])
    body = columns.read(data, width, top.line, where, start=top.offset, end=end)
    places = [str(i + 1) for i in range(width)]
    lines = range(top.line, top.line + len(body[0]))
    return _table("classic", first[1], top.preamble, top.stack, body, lines, places, footer, where)


def parse(
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    number: str,
    where: str,
    footer: str,
    *,
    format: str = "classic",
    places: Sequence[str] | None = None,
) -> Table:
    """Read a table that is already split into cells of text: preamble, header, data.

    rows:   from the title to the last data row, without number and footer, all of one width:
            preamble rows (text in the first cell only), header rows (first cell empty; a label
            stands in every column that it spans), data rows (key and name in every row; cells as
            the source prints them, ``11,1`` and not 11.1)
    lines:  the line number of each row; number: the table's number; where: the file's name
    footer: the notes, one line each, from which Stand and licence year are taken
    format: its name in the result; places: how messages name the columns, default 1, 2, …

    The first column is a time (``31.12.2015``, ``2016``) or is not there. Then comes the region's
    key and its name. A table without keys has only the name: it becomes the key (``ags``), without
    indentation, and a passport says which region it is. The other columns before the values are
    the classifiers ``k1``, ``k2``, …, without indentation. The time may stand in the first column,
    in the last row of the preamble, or in a header row. `header` of a value column is its stack of
    labels from top to bottom, joined by " / ", without empty levels and without levels that say the
    time. Columns with one and the same stack are all kept. The decimal point of an English delivery
    (``created:`` in the footer) becomes a comma.

    Raises DataError for a table without header or data, rows of another width, text beside a title,
    an unknown key, time or blank name, a header row within the data, a header row that is there
    twice, the time in two places or in none, and rows that are not there once and only once for
    every period, region and classifier: these tables are printed in full, so something was lost.
    """
    top = next((i for i, row in enumerate(rows) if _is_head(row)), len(rows))
    data = next((i for i in range(top, len(rows)) if any(rows[i][:1])), len(rows))
    raise_if(_find_misplaced(rows[:top], lines, where))
    if data == len(rows):
        raise _no_data(where)
    width = len(rows[top])
    raise_if(
        Problem(f"{where}, row {line}", f"has {len(row)} fields, expected {width}", _AGAIN)
        for row, line in zip(rows[top:], lines[top:], strict=True)
        if len(row) != width
    )
    body = columns.from_rows(rows[data:], width)
    titles = [row[0] for row in rows[:top] if row]
    names = places or [str(i + 1) for i in range(width)]
    header = [list(row) for row in rows[top:data]]
    return _table(format, number, titles, header, body, lines[data:], names, footer, where)


def _footer(data: bytes, where: str) -> tuple[int, str]:
    """Return where the footer begins, and its text without the line of underscores."""
    # The footer is cut off first: its notes hold lines that look like data.
    at = data.find(_FOOTER) + 1
    if not at:
        what = "ends without a footer (a line __________); the file is cut off"
        raise DataError([Problem(where, what, _AGAIN)])
    begin = data.find(b"\n", at)
    rule = data[at:] if begin < 0 else data[at:begin]
    footer = "" if begin < 0 else data[begin + 1 :].decode("utf-8")
    row = data.count(b"\n", 0, at) + 1
    if rule.strip(b";") != b"__________":
        what = f"{rule[:40].decode('utf-8', 'ignore')!r} is no end of the data (__________)"
        raise DataError([Problem(f"{where}, row {row}", what, _AGAIN)])
    if data.find(_FOOTER, at) >= 0:
        line = data.count(b"\n", 0, data.find(_FOOTER, at)) + 2
        what = "a second footer: the file holds two tables, or parts of one"
        raise DataError([Problem(f"{where}, row {line}", what, "import each table alone")])
    if not _STAND.search(footer) or footer.count('"') % 2:
        what = "the footer does not end with 'Stand: <day> / <time>'; the file is cut off"
        raise DataError([Problem(f"{where}, row {row}", what, _AGAIN)])
    return at, footer


def _top(data: bytes, end: int, where: str) -> _Top:
    rows: list[list[str]] = []
    offset, line = data.find(b"\n", 0, end) + 1, 2
    headed = 0
    while offset < end:
        stop = data.find(b"\n", offset, end)
        row = columns.split_or_refuse(data[offset:stop].decode("utf-8"), f"{where}, row {line}")
        headed = headed or (len(rows) + 1 if _is_head(row) else 0)
        if headed and row[0]:
            break
        rows.append(row)
        offset, line = stop + 1, line + 1
    before, header = rows[: headed - 1], rows[headed - 1 :]
    if offset >= end or not headed:
        raise _no_data(where)
    raise_if(_find_misplaced(before, range(2, line), where))
    raise_if(
        Problem(
            f"{where}, row {number}",
            f"has {len(row)} fields, expected {len(header[0])}",
            _AGAIN,
        )
        for number, row in enumerate(header, start=2 + len(before))
        if len(row) != len(header[0])
    )
    return _Top([row[0] for row in before], header, line, offset)


def _with_comma(values: Sequence[Column], footer: str) -> Sequence[Column]:
    """Return the values of an English delivery with a decimal comma."""
    match = _STAND.search(footer)
    if not match or match[1] or not any(map(columns.has_points, values)):
        return values
    return [columns.write_comma(column) for column in values]


def _is_head(row: Sequence[str]) -> bool:
    return len(row) > 1 and row[0] == "" and any(row)


def _no_data(where: str) -> DataError:
    what = "has no data rows between header and footer"
    return DataError([Problem(where, what, "choose at least one region and period, download")])


def _find_misplaced(
    rows: Sequence[Sequence[str]], lines: Sequence[int], where: str
) -> list[Problem]:
    """Name the rows of a preamble that hold more than a title, or the beginning of a table."""
    return [
        Problem(f"{where}, row {line}", "is neither a title nor a header nor data", _AGAIN)
        for row, line in zip(rows, lines, strict=False)
        if any(row[1:]) or (row and _FIRST.fullmatch(row[0]))
    ]


def _find_doubled(
    header: Sequence[Sequence[str]], lead: int, first: int, where: str
) -> list[Problem]:
    """Name a header row that says the same as another, unless it says one thing throughout."""
    problems = []
    for i, row in enumerate(header):
        before = header.index(row)
        if before < i and len(set(row[lead:])) > 1:
            what = f"repeats the header row {first + before}"
            problems.append(Problem(f"{where}, row {first + i}", what, _AGAIN))
    return problems


def _table(
    format: str,
    number: str,
    titles: Sequence[str],
    header: Sequence[Sequence[str]],
    body: Sequence[Column],
    lines: Sequence[int],
    places: Sequence[str],
    footer: str,
    where: str,
) -> Table:
    common, title = classic_heads.preamble(titles)
    lead = min(next((i for i, cell in enumerate(row) if cell), len(row)) for row in header)
    heads = classic_heads.heads(header, lead, places, where)
    raise_if(_find_doubled(header, lead, lines[0] - len(header), where))
    rows, names = classic_rows.rows(body[:lead], lines, heads, common, where)
    match = _STAND.search(footer)
    day = [part for part in match.groups() if part] if match else []
    year = _LICENCE_YEAR.search(footer)
    return Table(
        format=format,
        positional=True,
        number=number,
        statistic="",
        title=title,
        stand="-".join(day if len(day[0]) == 4 else reversed(day)) if day else None,
        licence_year=int(year[1]) if year else None,
        notes=footer,
        classifiers=tuple(rows.columns[4:]),
        rows=rows,
        heads=heads,
        texts=columns.frame(_with_comma(body[lead:], footer)),
        names=names,
    )


READER = Reader(
    format="classic",
    words="classic CSV ('Tabelle: …')",
    recognises=recognises,
    read=read,
    row=(
        "begins with `GENESIS-Tabelle: …` or `Tabelle: …`",
        "CSV of Regionalstatistik, Landesdatenbank NRW, `datencsv` of the services",
        "both in the file",
        "50 real files",
    ),
    example=(
        "Tabelle: 99999-01-01-4\nErfundene Tabelle;;;\nErfundene Statistik;;;\n"
        ";;;Arbeitslose\n;;;Anzahl\n2024;DG;Deutschland;5000\n2024;05562;Recklinghausen;120\n"
        "__________\n© Statistische Ämter, 2025.\nStand: 26.02.2025 / 15:28:28\n"
    ),
)
