"""The signs of official statistics, read in one place.

A cell holds a number, or a sign that says why there is none. Unknown text is an error of the file,
never a missing value. What `-` means (nothing, or not delivered) depends on the neighbours and is
decided in `mapping`.
"""

import re

import pandas as pd

#: Sign → status; see docs/formats.md. Only `zero` carries a number.
SIGNS = {
    "-": "zero",
    ".": "hidden",
    "x": "not_applicable",
    "X": "not_applicable",
    "/": "unreliable",
    "...": "pending",
    "*": "hidden_below_3",
    "–": "missing",
}
_NUMBER = {
    ",": re.compile(r"[+-]?\d+(,\d+)?"),
    ".": re.compile(r"[+-]?\d+(\.\d+)?"),
}


def read(text: str, decimal: str = ",", empty: str = "") -> tuple[str, str]:
    """Return (value, status) of one cell; status "" says that the text is unknown.

    value keeps the digits as delivered, with a decimal point. decimal: the file's decimal sign;
    a thousands separator is unknown text. empty: status of an empty cell, "" where it is an error.
    """
    text = text.strip()
    if _NUMBER[decimal].fullmatch(text):
        return text.lstrip("+").replace(",", "."), "value"
    if text in SIGNS:
        status = SIGNS[text]
        return ("0" if status == "zero" else ""), status
    if text.startswith("(") and text.endswith(")"):
        # Facts have no flag beside the value, so a figure of limited reliability is not shown.
        return "", "unreliable"
    return "", (empty if not text else "")


def translate(texts: pd.Series, decimal: str = ",", empty: str = "") -> pd.DataFrame:
    """Return the columns `value` and `status` for `texts`, on the same index; see `read`."""
    codes, found = pd.factorize(texts)
    pairs = [read(str(text), decimal, empty) for text in found]
    frame = pd.DataFrame(pairs, columns=["value", "status"], dtype=str).take(codes)
    frame.index = texts.index
    return frame
