"""Any ready-made CSV whose columns a passport explains.

The passport says which column holds the region, which the period, and which decimal sign the file
uses; see `column_rules.Mapped`.
"""

import csv
import io

import pandas as pd

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import decoding
from kreisheft.deliveries.readers.table import Head, Table
from kreisheft.facts.passports import Passport


def header(content: str, delimiter: str = ",") -> list[str]:
    """Return the column names in the first line of `content`."""
    return next(csv.reader(io.StringIO(content.split("\n", 1)[0]), delimiter=delimiter), [])


def fits(content: str, passport: Passport) -> bool:
    """Say whether the file has exactly the columns that `passport` declares."""
    names = header(content, passport.mapped.delimiter) if passport.mapped else []
    return bool(names) and set(names) == set(passport.declared)


def read(data: bytes, where: str, passport: Passport) -> Table:
    """Read a CSV by the column map of `passport`; every cell stays text.

    `header` of a cell is its column's name; classifiers are the passport's row columns. A region
    key is padded with zeros on the left to `width`, and cut to `cut` digits where the source pads
    on the right. A year printed as ``1995.0`` is the year 1995.
    """
    rule = passport.mapped
    if rule is None:
        what = f"table {passport.table} declares no column map"
        raise DataError([Problem(where, what, "add 'mapped:' to the passport")])
    frame = _frame(decoding.decode(data, where), rule.delimiter, passport, where)
    keys = frame[rule.region].str.strip().str.zfill(rule.width).str.slice(0, rule.cut)
    periods = (
        frame[rule.period].str.strip().str.replace(r"\.0$", "", regex=True)
        if rule.period
        else pd.Series(rule.constant_period, index=frame.index)
    )
    classifiers = tuple(row.key for row in passport.rows if row.key)
    places = {"ags": keys, "period": periods, "header": "", **{c: frame[c] for c in classifiers}}
    rows = pd.DataFrame({"line": range(2, len(frame) + 2), **places})
    values = [c for c in frame.columns if c not in passport.key_columns]
    texts = frame[values]
    return Table(
        format="mapped",
        sparse=True,
        number=passport.table,
        statistic="",
        title="",
        stand=None,
        licence_year=None,
        notes="",
        classifiers=classifiers,
        rows=rows.astype(dict.fromkeys(places, "category")),
        heads=tuple(Head(c, c) for c in values),
        texts=texts.set_axis(range(len(values)), axis=1),
        names={},
    )


def _frame(content: str, delimiter: str, passport: Passport, where: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            io.StringIO(content), sep=delimiter, dtype=str, keep_default_na=False, na_filter=False
        )
    except pd.errors.ParserError as error:
        raise DataError([Problem(where, f"not CSV ({error})", "download it again")]) from None
    declared = set(passport.declared)
    unknown = [c for c in frame.columns if c not in declared]
    absent = sorted(declared - set(frame.columns))
    problems = [
        Problem(f"{where}, column {c!r}", "is not declared", "add it to 'columns' or 'skip'")
        for c in unknown
    ] + [
        Problem(f"{where}, row 1", f"lacks the column {c!r}", "correct the passport")
        for c in absent
    ]
    if frame.empty:
        problems.append(Problem(where, "has no data rows", "download it again"))
    raise_if(problems)
    return frame
