"""The columns before the values of a classic table: time, region, classifiers.

These tables are printed in full: every region has one row in every period for every classifier. A
row that is missing or there twice says that the file was damaged or shortened.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import columns
from kreisheft.deliveries.readers.columns import Coded, Column
from kreisheft.deliveries.readers.table import (
    REGION,
    ROW_HEAD,
    Head,
    parse_period,
    shorten_ars,
    tidy_label,
)

#: Keys that are no AGS: 12-digit ARS, and the districts of other authorities (``JH05158004``).
_OTHER = re.compile(r"\d{12}|[A-Z]{2,3}\d{3,10}")
#: A key that cannot be the code of a nationality or an age.
_AGS = re.compile(r"DG|\d{5}|\d{8}")
_MANY = 20
_AGAIN = "download the table again; do not edit it"


def rows(
    lead: Sequence[Column], lines: Sequence[int], heads: Sequence[Head], common: str, where: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return `Table.rows` and `Table.names` for the columns before the values.

    common: the time of the preamble, or "". Raises DataError as `classic.parse` says.
    """
    timed = len(lead) > 1 and parse_period(lead[0][0].as_py()) is not None
    if len(lead) < 1 + timed:
        what = "has no column of regions before the values"
        raise DataError([Problem(where, what, "download the table with regions as rows")])
    coded = [columns.encode(column) for column in lead]
    stamps, regions = (coded[0] if timed else None), coded[int(timed)]
    keyed = any(_is_key(key) for key in regions.texts)
    named = keyed and len(lead) > 1 + timed
    labels = coded[1 + timed + named :]
    raise_if(_find_header(regions, lines, where))
    problems = []
    if stamps:
        problems += columns.find_unknown(
            stamps, lambda t: bool(parse_period(t)), "time", lines, where
        )
    if keyed:
        problems += columns.find_unknown(regions, _is_key, "region key", lines, where)
    else:
        problems += columns.find_unknown(regions, _is_name, "name of a region", lines, where)
        problems += _key_after(labels, 2 + timed, where)
    problems += _one_time(timed, heads, common, where)
    raise_if(problems)
    change = shorten_ars if keyed else tidy_label
    keys = columns.rename_codes(regions.numbers, [change(key) for key in regions.texts])
    times = (
        columns.rename_codes(stamps.numbers, [parse_period(t) or "" for t in stamps.texts])
        if stamps
        else columns.constant(common, len(keys))
    )
    values = (np.asarray(lines), keys, times, columns.constant("", len(keys)))
    classifiers = [
        columns.rename_codes(c.numbers, [tidy_label(t) for t in c.texts]) for c in labels
    ]
    raise_if(_find_gaps(times, keys, classifiers, lines, where))
    frame = pd.DataFrame(
        dict(zip(ROW_HEAD, values, strict=True))
        | {f"k{i}": labels for i, labels in enumerate(classifiers, start=1)},
        copy=False,
    )
    if keyed and not named:
        return frame, {}
    return frame, columns.names(keys, coded[1 + timed] if named else regions)


def _is_key(text: str) -> bool:
    return bool(REGION.fullmatch(text) or _OTHER.fullmatch(text))


def _is_name(text: str) -> bool:
    return text.strip()[:1].isalpha()


def _find_header(regions: Coded, lines: Sequence[int], where: str) -> list[Problem]:
    """Name the first row that is a second header."""
    if "" not in regions.texts:
        return []
    row = lines[int(np.argmax(regions.numbers == regions.texts.index("")))]
    what = "has no region: a header row or a blank row within the data"
    return [Problem(f"{where}, row {row}", what, _AGAIN)]


def _key_after(labels: Sequence[Coded], first: int, where: str) -> list[Problem]:
    """Refuse a table without keys at the place of the region that has keys further right."""
    return [
        Problem(
            f"{where}, column {place}",
            f"region keys stand here; column {first - 1} is no time that is known",
            "download the table with years or days as periods",
        )
        for place, coded in enumerate(labels, start=first)
        if all(map(_is_key, coded.texts)) and any(map(_AGS.fullmatch, coded.texts))
    ]


def _one_time(timed: bool, heads: Sequence[Head], common: str, where: str) -> list[Problem]:
    places = {
        f"the preamble ({common})": bool(common),
        "the first column": timed,
        f"the header ({heads[0].period})": bool(heads[0].period),
    }
    places_with_time = [place for place, is_there in places.items() if is_there]
    if len(places_with_time) == 1:
        return []
    what = f"has times in several places: {' and '.join(places_with_time)}"
    next_ = "download the table with the periods in one place"
    if not places_with_time:
        what = "says no day or year: neither in the preamble, nor in the header, nor in the rows"
    return [Problem(where, what, next_)]


def _find_gaps(
    times: pd.Categorical,
    keys: pd.Categorical,
    classifiers: Sequence[pd.Categorical],
    lines: Sequence[int],
    where: str,
) -> list[Problem]:
    """Name rows that are there twice; if there are none, combinations that have no row."""
    parts = [Coded(c.codes, list(c.categories)) for c in classifiers]
    kind, distinct = pd.factorize(columns.combine_codes(parts, len(keys))[0])
    kinds = len(distinct)
    block = times.codes.astype(np.int64) * len(keys.categories) + keys.codes
    number = block * kinds + kind
    expected = len(times.categories) * len(keys.categories) * kinds
    # As many rows as there must be are complete if none is there twice.
    if len(number) == expected and np.bincount(number, minlength=expected).max() == 1:
        return []
    again = pd.Series(number).duplicated().to_numpy().nonzero()[0]
    problems = []
    for i in again[:_MANY]:
        before = lines[int(np.argmax(number == number[i]))]
        key = " ".join(str(part[i]) for part in (times, keys, *classifiers)).strip()
        what = f"is a second row for {key!r}, after row {before}"
        next_ = "download the table again; if it is printed so, its labels cannot be told apart"
        problems.append(Problem(f"{where}, row {lines[int(i)]}", what, next_))
    if problems:
        return problems
    what = (
        f"has {len(number)} rows, but {len(times.categories)} periods × {len(keys.categories)} "
        f"regions × {kinds} rows for each make {expected}; {_missing(times, keys, number, kinds)}"
    )
    next_ = "download it again, with empty rows and columns not suppressed"
    return [Problem(where, what, next_)]


def _missing(
    times: pd.Categorical, keys: pd.Categorical, number: columns.Numbers, kinds: int
) -> str:
    """Say which region has too few rows in which period."""
    present = np.bincount(np.unique(number // kinds, return_inverse=True)[1])
    blocks = np.unique(number // kinds)
    short = blocks[present < kinds]
    if len(short):
        block = int(short[0])
    else:
        whole = np.arange(len(times.categories) * len(keys.categories))
        block = int(np.setdiff1d(whole, blocks)[0])
    time, key = divmod(block, len(keys.categories))
    return f"some are missing for {keys.categories[key]} {times.categories[time]}".strip()
