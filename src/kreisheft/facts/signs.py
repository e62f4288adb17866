"""The signs of official statistics, read in one place.

A delivery's cell becomes a cell of the facts (see `kreisheft.cells`): a number with a decimal point
or a sign with one meaning. Which signs a producer uses, and for what, is its legend: `signs` in
data/sources/sources.yml; a producer without one uses the common signs of official statistics.
Unknown text is an error of the file, never a missing value. Whether `-` means nothing or not
delivered depends on the neighbours and is decided in `mapping`.
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
    """Return the facts cell of one delivered cell; None says that the text is unknown.

    The digits stay as delivered. decimal: the file's decimal sign; a thousands separator is unknown
    text. empty: status of an empty cell, "" where it is an error. legend: sign → status.
    """
    text = text.strip()
    number = _number(text, decimal)
    if number:
        return number
    if text in legend:
        return cells.SIGN_OF[legend[text]]
    if not text:
        return cells.SIGN_OF[empty] if empty else None
    found = _MARKED.fullmatch(text)
    number = _number((found["limited"] or found["number"] or "").strip(), decimal) if found else ""
    if not found or not number:
        return None
    return f"{number}{found['mark']}" if found["mark"] else f"({number})"


def translate(
    texts: pd.Series, decimal: str = ",", empty: str = "", legend: Mapping[str, str] = LEGEND
) -> pd.Series:
    """Return the facts cells of `texts`, None where the text is unknown; see `read`."""
    codes, found = pd.factorize(texts)
    read_once = [read(str(text), decimal, empty, legend) for text in found]
    return pd.Series(read_once, dtype=object).take(codes).set_axis(texts.index)


def _number(text: str, decimal: str) -> str:
    found = _NUMBER[decimal].fullmatch(text)
    return (found[1].replace("+", "") + found[2].replace(",", ".")) if found else ""
