"""What became of former regions: the rows of ``data/regions/changes.csv``.

ags:       a key that occurs in deliveries but is no region of the Gebietsstand
name:      its name
until:     its last day, "" if it has no end
successor: a region in which its territory lies now; several: one row each
share:     proportion of its population that went there: "1" all, "0.2034", "" unknown
kind:      see `ENDED`
citation:  the law or table that documents it; begins with ``unverified`` if there is none
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from kreisheft.core.errors import Problem


class Change(NamedTuple):
    """One row, all text; the columns are explained above."""

    ags: str
    name: str
    until: str
    successor: str
    share: str
    kind: str
    citation: str


COLUMNS = Change._fields
#: Kind of change → whether the key ended on a day.
ENDED = {
    "fusion": True,  # with others, under a new key
    "eingliederung": True,  # into a region that keeps its key: its series has a break
    "teilung": True,  # among several, one row each
    "neuer_schluessel": True,  # the same territory under another key
    "aufloesung": True,  # of a level: the region around it, which always held it, is left
    "zweiter_schluessel": False,  # another key of the same region, in use beside it
    "bezirk": False,  # a part of the successor, never a region here
    "ausgliederung": False,  # left the successor after the Gebietsstand
    "kein_gebiet": False,  # no territory, no successor
}
_WHERE = "data/regions/changes.csv"
_SHARE = re.compile(r"1|0\.\d{1,4}")
_ROUNDING = 0.001


def successors_by_key(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Map every key to its direct successors; empty for a key without territory."""
    successors: dict[str, list[str]] = {}
    for ags, successor in zip(frame["ags"], frame["successor"], strict=True):
        successors.setdefault(str(ags), []).extend([str(successor)] if successor else [])
    return successors


def follow_successors(ags: str, steps: Mapping[str, Collection[str]]) -> set[str]:
    """Return all successors of `ags`, their successors, and so on.

    steps: as `successors_by_key` returns them. A cycle ends the search, it is no error here.
    """
    seen: set[str] = set()
    waiting = list(steps.get(ags, ()))
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += steps.get(key, ())
    return seen


def find_mistakes(frame: pd.DataFrame, current: Collection[str], day: str) -> Iterator[Problem]:
    """Yield every mistake in the rows.

    current: keys of the regions of the Gebietsstand; day: the Gebietsstand, an ISO day.
    """
    steps = successors_by_key(frame)
    all_keys = {*current, *steps}
    for number, row in enumerate(frame.itertuples(index=False), start=2):
        for column, what, next_ in _check_row(Change(*row), current, all_keys, day):
            yield Problem(f"{_WHERE}, row {number}, column {column!r}", what, next_)
    for key in steps:
        for what, next_ in _check_key(frame[frame["ags"] == key]):
            yield Problem(_WHERE, f"{key} {what}", next_)
        if key in follow_successors(key, steps):
            yield Problem(_WHERE, f"{key} is its own successor", "mend the successors")


def _check_row(
    row: Change, current: Collection[str], all_keys: Collection[str], day: str
) -> Iterator[tuple[str, str, str]]:
    if row.ags in current:
        yield "ags", f"{row.ags} is a region of the Gebietsstand", "delete the row"
    if row.kind not in ENDED:
        yield "kind", f"unknown kind {row.kind!r}", f"use {', '.join(ENDED)}"
    elif ENDED[row.kind] and not (_is_day(row.until) and row.until < day):
        what = f"{row.until!r} is no day before the Gebietsstand {day}"
        yield "until", what, "write the last day, e.g. 2016-10-31"
    elif row.until and not ENDED[row.kind]:
        yield "until", f"{row.until!r} with kind {row.kind}", "leave it empty"
    if (row.successor == "") != (row.kind == "kein_gebiet"):
        yield "successor", f"{row.successor!r} with kind {row.kind}", "name the successor"
    elif row.successor and row.successor not in all_keys:
        yield "successor", f"unknown region {row.successor!r}", "add it to regions.csv or here"
    if row.share and not _SHARE.fullmatch(row.share):
        yield "share", f"{row.share!r} is no share", "write 1, or up to four decimals: 0.25"
    for column in ("name", "citation"):
        if not getattr(row, column):
            yield column, "is empty", "add it; a citation may be 'unverified'"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_key(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    if len(rows[["name", "until", "kind"]].drop_duplicates()) > 1:
        yield "has rows that disagree", "give one name, day and kind"
    if rows["successor"].duplicated().any():
        yield "has one successor twice", "delete a row"
    elif (len(rows) > 1) != (rows["kind"].iloc[0] == "teilung"):
        yield f"has {len(rows)} successors", "a teilung has several, every other kind one"
    shares = [float(s) for s in rows["share"] if _SHARE.fullmatch(s)]
    if shares and (len(shares) < len(rows) or abs(sum(shares) - 1) > _ROUNDING):
        yield "has shares that do not add up to 1", "give all of them, or none"
