"""Tables of Regionalstatistik (GENESIS) as Excel workbooks: one sheet, named after the table.

title, statistic, time                      one row each, in the first cell
(corner) |         |          | Moves in    header, merged cells
05562    | Reckl…  | under 18 | 3914        key and name only in the first row of a region
         |         | 18-24    | 5210
______________                              notes, licence, Stand: one line per row

It is the classic CSV in other clothes; `classic.parse` reads what is left when the cells are text
and the merged and the empty ones are filled.
"""

import re

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import classic, workbook
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import REGION, Table
from kreisheft.deliveries.readers.workbook import Sheet, letter

_NUMBER = re.compile(r"(\d{5}|AI)[\w-]*")
_RULE = re.compile(r"_+")
_AGAIN = "download the table again; do not edit it"
_MANY = 20


def recognises(data: bytes) -> bool:
    """Say whether `data` is a workbook with a sheet whose name is the number of a table."""
    return any(_NUMBER.fullmatch(name) for name in workbook.names(data))


def read(data: bytes, where: str) -> Table:
    """Read the one table of a workbook; every cell becomes text, as in the classic CSV.

    Raises DataError for a broken workbook, one with several tables, a table without header, data
    or footer, an empty value cell, figures below the data, and whatever `classic.parse` refuses.
    """
    sheets = workbook.sheets(data, where, lambda name: bool(_NUMBER.fullmatch(name)))
    if len(sheets) != 1:
        what = f"has {len(sheets)} sheets that are named after a table, expected one"
        raise DataError([Problem(where, what, "download each table as a workbook of its own")])
    sheet = sheets[0]
    texts = workbook.texts(sheet.rows)
    top, data_row, lead = _parts(sheet, texts, where)
    end = next((i for i in range(data_row, len(texts)) if not any(texts[i][lead:])), len(texts))
    raise_if(_find_misplaced(texts, data_row, end, lead, where))
    labels = workbook.spread_labels(sheet, texts[:data_row])
    header = [["", *[""] * (lead - 1), *row[lead:]] for row in labels[top:data_row]]
    body = workbook.fill_down(texts[data_row:end], lead)
    footer = [row[0] for row in texts[end:] if not _RULE.fullmatch(row[0])]
    table = classic.parse(
        [*texts[:top], *header, *body],
        range(1, end + 1),
        sheet.name,
        where,
        "\n".join(footer),
        format="genesis_workbook",
        places=[letter(i) for i in range(len(texts[0]))],
    )
    if table.stand is None:
        what = "ends without 'Stand: <day> / <time>'; the footer is cut off"
        raise DataError([Problem(f"{where}, row {len(texts)}", what, _AGAIN)])
    return table


def _parts(sheet: Sheet, texts: list[list[str]], where: str) -> tuple[int, int, int]:
    """Return where the header begins, where the data begin, and how many columns lead the values.

    The corner of the header is one merged cell, as wide as the leading columns and as high as the
    header; where it is not merged, it is one cell.
    """
    top = next((i for i, row in enumerate(texts) if any(row[1:])), len(texts))
    if texts[top:] and REGION.fullmatch(texts[top][0]):
        what = f"the data begin without a header ({texts[top][0]!r})"
        raise DataError([Problem(f"{where}, row {top + 1}", what, _AGAIN)])
    corner = next((m for m in sheet.merged if m[:2] == (top, 0)), None)
    if corner:
        data_row, lead = corner[2] + 1, corner[3] + 1
    else:
        data_row = next((i for i in range(top + 1, len(texts)) if texts[i][0]), len(texts))
        lead = (
            1 + next((i for i, cell in enumerate(texts[top][1:]) if cell), 0) if texts[top:] else 0
        )
    if data_row >= len(texts) or lead >= len(texts[0]):
        what = "has no data rows below a header"
        raise DataError([Problem(f"{where}, sheet {sheet.name!r}", what, _AGAIN)])
    return top, data_row, lead


def _find_misplaced(
    texts: list[list[str]], data_row: int, end: int, lead: int, where: str
) -> list[Problem]:
    """Name empty cells among the figures, and whatever stands beside the footer."""
    width = range(lead, len(texts[0]))
    return [
        Problem(f"{where}, cell {letter(i)}{number + 1}", "is empty", _AGAIN)
        for number in range(data_row, end)
        for i in width
        if not texts[number][i].strip()
    ][:_MANY] + [
        Problem(f"{where}, row {number + 1}", "has figures below the end of the data", _AGAIN)
        for number in range(end, len(texts))
        if any(texts[number][1:])
    ][:_MANY]


READER = Reader(
    format="genesis_workbook",
    words="workbooks of Regionalstatistik",
    recognises=recognises,
    read=read,
    row=(
        "workbook whose sheet is a classic table",
        "Regionalstatistik",
        "sheet name; footer",
        "2 real files",
    ),
    example={
        "99999-04-02-4": [
            *(["Erfundene Tabelle"], ["Statistik"], ["Jahr: 2024"]),
            *(["Kreise", None, "Arbeitslose"], [None, None, "Anzahl"]),
            *(["DG", "Deutschland", 5000], ["05562", "Recklinghausen", 120]),
            *(["______________"], ["Stand: 10.11.2024 / 14:22:24"]),
        ]
    },
)
