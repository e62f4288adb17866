"""A table that was read becomes facts, as its passport says.

Every header and every label must be declared, mapped or skipped; every sign known; every key
unique. All problems of a file come together.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.errors import Problem, raise_if
from kreisheft.model import FACT_HEAD, FACT_TAIL, WITH_NUMBER
from kreisheft.sources import signs
from kreisheft.sources.passports import TOTAL, Column, Passport, Row
from kreisheft.sources.table import Table

_MANY = 20


def facts(table: Table, passport: Passport, where: str, stand: str) -> pd.DataFrame:
    """Return the facts of `table` for the regions of `passport`, as text columns.

    where: the file's name, for messages. Region keys are not yet held against the list of regions.
    Raises DataError with every unknown header, label and sign, and every doubtful duplicate.
    """
    cells = table.cells
    rules, problems = _rules(cells, passport, where)
    kept = cells["header"].map({h: r is not None for h, r in rules.items()}).astype(bool)
    values, unknown = _classified(cells[kept], table, passport, where)
    problems += unknown
    raise_if(problems)
    left_out = values.isna().any(axis=1)
    cells = cells[kept][~left_out]
    values = values[~left_out]
    by_header = {h: r for h, r in rules.items() if r is not None}
    measure = cells["header"].map({h: r.measure for h, r in by_header.items()})
    read = _signs(cells, measure, passport, where)
    mine = cells["ags"].isin(fitting(cells["ags"].unique(), passport.regions))
    frame = _assemble(cells[mine], values[mine], read[mine], passport, by_header, stand)
    return _unique(frame, cells[mine], where)


def _rules(
    cells: pd.DataFrame, passport: Passport, where: str
) -> tuple[dict[str, Column | None], list[Problem]]:
    rules: dict[str, Column | None] = {}
    problems = []
    first = cells.drop_duplicates("header")
    for header, column in zip(first["header"], first["column"], strict=True):
        try:
            rules[header] = passport.column(header)
        except KeyError:
            rules[header] = None
            at = f"{where}, column {column!r}"
            next_ = f"add it to 'columns' or 'skip' of {passport.path.name}"
            problems.append(Problem(at, f"unknown header {header!r}", next_))
    return rules, problems


def _classified(
    cells: pd.DataFrame, table: Table, passport: Passport, where: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return per dimension of the rows its ids (missing where a row is left out)."""
    pairs, problems = _pairs(table, passport, where)
    found: dict[str, pd.Series] = {}
    for row, name in pairs:
        if not row.dimension:
            continue
        codes, labels = pd.factorize(cells[name])
        ids: list[str | None] = []
        for number, label in enumerate(labels):
            try:
                ids.append(row.value(str(label)))
            except KeyError:
                ids.append(None)
                line = int(cells["row"].iloc[(codes == number).nonzero()[0][0]])
                at = f"{where}, row {line}, column {name!r}"
                next_ = f"add it to 'labels' of {row.dimension!r} in {passport.path.name}"
                problems.append(Problem(at, f"unknown label {label!r}", next_))
        found[row.dimension] = pd.Series(ids, dtype=object).take(codes)
        found[row.dimension].index = cells.index
    return pd.DataFrame(found, index=cells.index), problems


def _pairs(
    table: Table, passport: Passport, where: str
) -> tuple[list[tuple[Row, str]], list[Problem]]:
    """Return the passport's classifiers with the table's columns that hold them."""
    if table.format == "classic":
        rows = [row for row in passport.rows if not row.key]
        if len(rows) != len(table.classifiers):
            what = f"has {len(table.classifiers)} classifier columns, the passport {len(rows)}"
            return [], [Problem(where, what, f"correct 'rows' of {passport.path.name}")]
        return list(zip(rows, table.classifiers, strict=True)), []
    by_key = {row.key: row for row in passport.rows if row.key}
    problems = [
        Problem(where, f"unknown variable {name!r}", f"add it to 'rows' of {passport.path.name}")
        for name in table.classifiers
        if name not in by_key
    ]
    return [(by_key[n], n) for n in table.classifiers if n in by_key], problems


def _signs(cells: pd.DataFrame, measure: pd.Series, passport: Passport, where: str) -> pd.DataFrame:
    mapped = passport.mapped
    decimal, empty = (mapped.decimal, "missing") if mapped else (",", "")
    read = signs.translate(cells["text"], decimal, empty)
    unknown = cells[read["status"] == ""]
    raise_if(
        Problem(
            f"{where}, row {row}, column {column!r}",
            f"unknown sign {text!r}",
            "if the source explains it, add it to sources/signs.py; else download again",
        )
        for row, column, text in unknown[["row", "column", "text"]]
        .head(_MANY)
        .itertuples(index=False)
    )
    zero = read["status"] == "zero"
    # "-" also means "not delivered": for a region without any figure, for a measure split into
    # several cells of a region without any figure, and for a column empty in the whole country.
    bare = zero | (read["status"] == "not_applicable")
    place = _number(cells["ags"], cells["period"])
    split = _number(cells["ags"], cells["period"], measure)
    column = _number(cells["header"], cells["period"])
    several = cells["ags"].nunique() > 1
    absent = zero & (
        _all(bare, place)
        | (_all(bare, split) & (np.bincount(split)[split] > 2))
        | (_all(zero, column) & several)
    )
    read.loc[absent, "status"] = "not_loaded"
    read.loc[absent, "value"] = ""
    return read


def _number(*columns: pd.Series) -> "np.ndarray[Any, np.dtype[np.intp]]":
    """Number the distinct combinations of `columns`; faster than groupby on half a million rows."""
    number = np.zeros(len(columns[0]), dtype=np.intp)
    for column in columns:
        codes, found = pd.factorize(column)
        number, _ = pd.factorize(number * len(found) + codes)
    return number


def _all(
    truth: pd.Series, group: "np.ndarray[Any, np.dtype[np.intp]]"
) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Say for every row whether `truth` holds in its whole group."""
    broken: np.ndarray[Any, np.dtype[np.bool_]] = np.bincount(group, weights=~truth)[group] == 0
    return broken


def fitting(keys: Iterable[str], patterns: tuple[str, ...]) -> list[str]:
    """Return the keys that fit one of `patterns`, e.g. ``05???`` for the Kreise of NRW."""
    return [key for key in keys if any(fnmatchcase(key, pattern) for pattern in patterns)]


def _assemble(
    cells: pd.DataFrame,
    values: pd.DataFrame,
    read: pd.DataFrame,
    passport: Passport,
    rules: dict[str, Column],
    stand: str,
) -> pd.DataFrame:
    header = cells["header"]
    frame = pd.DataFrame(
        {
            "ags": cells["ags"],
            "period": cells["period"].where(cells["period"] != "", passport.period),
            "measure": header.map({h: r.measure for h, r in rules.items()}),
        }
    )
    for dimension in passport.dimensions:
        fixed = header.map({h: r.dimensions.get(dimension, "") for h, r in rules.items()})
        by_row = values.get(dimension, TOTAL)
        frame[dimension] = fixed.where(fixed != "", by_row)
    frame["value"] = read["value"]
    frame["status"] = read["status"]
    frame["concept"] = header.map({h: r.concept for h, r in rules.items()})
    frame["stand"] = stand
    return frame.astype(str)


def _unique(frame: pd.DataFrame, cells: pd.DataFrame, where: str) -> pd.DataFrame:
    """Drop cells that repeat another; a repeated key with another figure is a problem."""
    key = [c for c in frame.columns if c not in FACT_TAIL]
    again = frame.duplicated(key, keep=False) & ~frame.duplicated(
        [*key, "value", "status"], keep=False
    )
    raise_if(
        Problem(
            f"{where}, row {cells['row'].loc[i]}, column {cells['column'].loc[i]!r}",
            f"a second figure for {' '.join(str(frame.at[i, k]) for k in key)}",
            "tell the columns or labels apart in the passport",
        )
        for i in frame.index[again][:_MANY]
    )
    return frame.drop_duplicates(key).reset_index(drop=True)


def broken_totals(frame: pd.DataFrame, passport: Passport, where: str) -> list[Problem]:
    """Return where a printed total differs from the sum of its parts, for passport.totals.

    Tolerance: half of the rounding base for each part and the total; none for unrounded sources.
    """
    problems = []
    for dimension in passport.totals:
        key = [*FACT_HEAD, *(d for d in passport.dimensions if d != dimension)]
        known = frame[frame["status"].isin(WITH_NUMBER)]
        number = pd.to_numeric(known["value"])
        is_total = known[dimension] == TOTAL
        part = frame[frame[dimension] != TOTAL]
        numbered = part["status"].isin(WITH_NUMBER)
        complete = numbered.groupby([part[k] for k in key]).all()
        parts = (
            number[~is_total].groupby([known.loc[~is_total, k] for k in key]).agg(["sum", "size"])
        )
        total = known[is_total].assign(_total=number[is_total]).set_index(key)["_total"]
        both = parts.join(total, how="inner")
        both = both[complete.reindex(both.index).to_numpy(dtype=bool)]
        base = 0 if passport.rounding == 1 else passport.rounding / 2
        off = (both["sum"] - both["_total"]).abs() > base * (both["size"] + 1) + 1e-9
        for row in both[off].reset_index().head(_MANY).to_dict("records"):
            problems.append(
                Problem(
                    f"{where}, {' '.join(str(row[k]) for k in key)}",
                    f"total {row['_total']:g}, sum over {dimension} {row['sum']:g}",
                    "check the delivery, or remove the dimension from 'totals'",
                )
            )
    return problems
