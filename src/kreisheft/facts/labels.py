"""Parsers that a passport may name instead of listing labels: age groups, nationality codes."""

import re
from collections.abc import Callable, Mapping

from kreisheft.facts.stages import TOTAL

_TOTALS = ("insgesamt", "total", "zusammen", "")


def parse_age(label: str) -> str | None:
    """Return the id of an age group: ``3 bis unter 6 Jahre`` → ``03-05``; None for other text."""
    if label.lower() in _TOTALS:
        return TOTAL
    if match := re.fullmatch(r"unter (\d+) Jahren?|unter (1) Jahr", label):
        return f"00-{int(match[1] or match[2]) - 1:02}"
    if match := re.fullmatch(r"(\d+) bis unter (\d+) Jahren?", label):
        return f"{int(match[1]):02}-{int(match[2]) - 1:02}"
    if match := re.fullmatch(r"(\d+) bis (\d+) Jahre", label):
        return f"{int(match[1]):02}-{int(match[2]):02}"
    if match := re.fullmatch(r"(\d+) Jahre und (?:mehr|älter)", label):
        return f"{int(match[1]):02}+"
    return None


def parse_nation(code: str) -> str | None:
    """Return the three-digit key of a nationality code of GENESIS: ``ST475`` → ``475``."""
    if code in ("", "UNK", "OA"):
        return {"": TOTAL, "UNK": "998", "OA": "999"}[code]
    match = re.fullmatch(r"ST(\d{1,3})", code)
    return match[1] if match else None


#: What `labels` may name instead of listing labels.
GRAMMARS: Mapping[str, Callable[[str], str | None]] = {
    "age": parse_age,
    "nation": parse_nation,
    "code": lambda code: code or TOTAL,
}
