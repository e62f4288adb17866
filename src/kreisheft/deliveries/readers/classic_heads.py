"""Preamble and header of a classic table: which text is a time, which a label, which a title."""

import re
from collections.abc import Sequence

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers.table import Head, parse_period, tidy_label

_LABELLED = re.compile(
    r"(?:Jahr|Stichtag|Schuljahr|Berichtsjahr|Semester|Year|Reference date):\s*(\S+)"
)
#: What stands above a time in the header, in a level of its own.
_TIME_HEADS = frozenset(("Jahr", "Jahre", "Stichtag", "Berichtsjahr", "Schuljahr", "Zeit"))
_TIME_HEADS_EN = frozenset(("Year", "Years", "Reference date", "Time"))


def preamble(lines: Sequence[str]) -> tuple[str, str]:
    """Return the time that holds for the whole table, "" if there is none, and the title.

    The time stands in the last line, alone (``09.05.2011``) or with its name (``Jahr: 2018``).
    """
    labels = [tidy_label(line) for line in lines if line.strip()]
    if not labels:
        return "", ""
    match = _LABELLED.fullmatch(labels[-1])
    time = parse_period(match[1] if match else labels[-1])
    return (time or "", " ".join(labels[:-1] if time else labels))


def heads(
    stack: Sequence[Sequence[str]], lead: int, places: Sequence[str], where: str
) -> tuple[Head, ...]:
    """Return the value columns: those of `stack` from column `lead` (0-based) on.

    A level that holds a time in every column says the time; a level above or below it that only
    says ``Jahr`` is dropped. All other levels are labels. places: names of all columns, for
    messages. Raises DataError for two levels of time.
    """
    levels = [[tidy_label(label) for label in row[lead:]] for row in stack]
    dated = [all(parse_period(label) for label in level) for level in levels]
    if sum(dated) > 1:
        what = "has two header rows that hold nothing but times"
        raise DataError([Problem(where, what, "download it with the years as rows")])
    times = [parse_period(t) or "" for t in levels[dated.index(True)]] if any(dated) else []
    words = _TIME_HEADS | _TIME_HEADS_EN if times else frozenset()
    labels = [
        level
        for level, is_time in zip(levels, dated, strict=True)
        if not is_time and not words.issuperset(level)
    ]
    return tuple(
        Head(
            name=place,
            header=" / ".join(level[i] for level in labels if level[i]),
            period=times[i] if times else "",
        )
        for i, place in enumerate(places[lead:])
    )
