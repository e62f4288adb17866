"""Signs of official statistics: cells of deliveries become cells of facts files (see `cells`).

Which signs a producer uses, and for what, is its legend: `signs` in data/sources/sources.yml; a
producer without one uses the common signs of official statistics. Unknown text is an error of the
file, never a missing value. Whether `-` means zero or not delivered depends on neighbouring cells
and is decided in `deliveries.absent_cells`.
"""

import re
from collections.abc import Mapping

import pandas as pd

from kreisheft.facts import cells

#: The common legend (Destatis, "Zeichenerklärung"): sign → status.
LEGEND: Mapping[str, str] = {
    **{sign: status for sign, status in cells.SIGNS.items() if status != "not_loaded"},
    "X": "not_applicable",
}
_NUMBER = {
    ",": re.compile(r"([+-]?)(\d+(?:,\d+)?)", re.ASCII),
    ".": re.compile(r"([+-]?)(\d+(?:\.\d+)?)", re.ASCII),
}
_MARKED = re.compile(r"\((?P<limited>[^()]*)\)|(?P<number>.*\d) ?(?P<mark>[prs])")


def read(
    text: str, decimal: str = ",", empty: str = "", legend: Mapping[str, str] = LEGEND
) -> str | None:
    """Translate one delivered cell into a cell of a facts file; None if the text is unknown.

    The digits stay as delivered. decimal: the file's decimal sign; text with a thousands separator
    is unknown. empty: status of an empty cell, "" where it is an error. legend: sign → status.
    """
    text = text.strip()
    number = _number(text, decimal)
    if number:
        return number
    if text in legend:
        return cells.SIGN_OF[legend[text]]
    if not text:
        return cells.SIGN_OF[empty] if empty else None
    match = _MARKED.fullmatch(text)
    number = _number((match["limited"] or match["number"] or "").strip(), decimal) if match else ""
    if not match or not number:
        return None
    return f"{number}{match['mark']}" if match["mark"] else f"({number})"


def translate(
    texts: pd.Series, decimal: str = ",", empty: str = "", legend: Mapping[str, str] = LEGEND
) -> pd.Series:
    """Translate a column of delivered cells, None where the text is unknown; see `read`."""
    codes, distinct = pd.factorize(texts)
    cell_of_text = [read(str(text), decimal, empty, legend) for text in distinct]
    return pd.Series(cell_of_text, dtype=object).take(codes).set_axis(texts.index)


def _number(text: str, decimal: str) -> str:
    match = _NUMBER[decimal].fullmatch(text)
    return (match[1].replace("+", "") + match[2].replace(",", ".")) if match else ""
