"""Grammars that passports name instead of listing labels: age groups and nationality codes."""

import re
from collections.abc import Callable, Mapping

from kreisheft.facts.stages import TOTAL

_TOTALS = ("insgesamt", "total", "zusammen", "")


def age(label: str) -> str | None:
    """Return the id of an age group: ``3 bis unter 6 Jahre`` → ``03-05``; None if it is none."""
    if label.lower() in _TOTALS:
        return TOTAL
    if found := re.fullmatch(r"unter (\d+) Jahren?|unter (1) Jahr", label):
        return f"00-{int(found[1] or found[2]) - 1:02}"
    if found := re.fullmatch(r"(\d+) bis unter (\d+) Jahren?", label):
        return f"{int(found[1]):02}-{int(found[2]) - 1:02}"
    if found := re.fullmatch(r"(\d+) bis (\d+) Jahre", label):
        return f"{int(found[1]):02}-{int(found[2]):02}"
    if found := re.fullmatch(r"(\d+) Jahre und (?:mehr|älter)", label):
        return f"{int(found[1]):02}+"
    return None


def nation(code: str) -> str | None:
    """Return the three-digit key of a nationality code of GENESIS: ``ST475`` → ``475``."""
    if code in ("", "UNK", "OA"):
        return {"": TOTAL, "UNK": "998", "OA": "999"}[code]
    found = re.fullmatch(r"ST(\d{1,3})", code)
    return found[1] if found else None


#: What `labels` may name instead of listing labels.
GRAMMARS: Mapping[str, Callable[[str], str | None]] = {
    "age": age,
    "nation": nation,
    "code": lambda code: code or TOTAL,
}
