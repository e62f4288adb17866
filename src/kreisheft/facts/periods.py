"""Periods: a year, a day, or several months in a row, and how pages print them.

``2024``, ``2024-12-31``, ``2023-08P12M`` (twelve months from August 2023 on: a school year; six
months are a semester, three a quarter). The year of a period is the one in which it begins. Periods
of one kind and length sort by time as text.
"""

import re
from typing import Literal, TypedDict

_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"
DAY = re.compile(rf"{_MONTH}-(?:0[1-9]|[12]\d|3[01])")
#: What a cell of the column `period` may be.
FORM = re.compile(rf"\d{{4}}|{DAY.pattern}|{_MONTH}P[1-9]\d?M")
_MONTHS = re.compile(r"(\d{4})-(\d{2})P(\d+)M")


class PeriodWords(TypedDict):
    """`periods` of ``data/catalogue/texts.yml``: three patterns and the names of the months."""

    month: str
    within: str
    across: str
    months: list[str]


def format_day(text: str) -> str:
    """Format an ISO day as ``31.12.2024`` and a month as ``12.2024``; a year stays as it is."""
    return ".".join(reversed(text.split("-")))


def format_period(text: str, words: PeriodWords) -> str:
    """Format a period for readers: ``2024``, ``31.12.2024``, ``August 2023 bis Juli 2024``."""
    match = _MONTHS.fullmatch(text)
    if match is None:
        return format_day(text)
    year, month, count = map(int, match.groups())
    further, last = divmod(month - 1 + count - 1, 12)
    kind: Literal["month", "across", "within"] = (
        "month" if count == 1 else "across" if further else "within"
    )
    months = words["months"]
    return words[kind].format(
        first=months[month - 1], year=year, last=months[last], last_year=year + further
    )
