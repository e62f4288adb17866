"""A period as facts hold it: a year, a day, or months in a row, and how it is written.

``2024``, ``2024-12-31``, ``2023-08P12M`` (twelve months from August 2023 on: a school year; six of
them are a semester, three a quarter). The year of a period is that in which it begins. Texts of one
kind and length are in the order of time.
"""

import re
from collections.abc import Mapping
from typing import Any

_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"
DAY = re.compile(rf"{_MONTH}-(?:0[1-9]|[12]\d|3[01])")
#: What a cell of the column `period` may be.
FORM = re.compile(rf"\d{{4}}|{DAY.pattern}|{_MONTH}P[1-9]\d?M")
_MONTHS = re.compile(r"(\d{4})-(\d{2})P(\d+)M")


def day(text: str) -> str:
    """Write a day as ``31.12.2024``, a month as ``12.2024``; a plain year stays."""
    return ".".join(reversed(text.split("-")))


def written(text: str, words: Mapping[str, Any]) -> str:
    """Write a period for readers: ``2024``, ``31.12.2024``, ``August 2023 bis Juli 2024``.

    words: `periods` of ``data/catalogue/texts.yml``
    """
    found = _MONTHS.fullmatch(text)
    if found is None:
        return day(text)
    year, month, count = map(int, found.groups())
    further, last = divmod(month - 1 + count - 1, 12)
    kind = "month" if count == 1 else "across" if further else "within"
    months = words["months"]
    return str(words[kind]).format(
        first=months[month - 1], year=year, last=months[last], last_year=year + further
    )
