"""Headers, labels and regions of a table as the ids that its passport declares for them.

In: a `Table` and its passport. Out: rules and columns of ids, and a problem for every header,
label, variable and name of a region that the passport does not declare.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kreisheft.core import categories
from kreisheft.core.errors import Problem
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts.column_rules import Column, Row
from kreisheft.facts.passports import Passport


def find_rules(
    table: Table, passport: Passport, where: str
) -> tuple[dict[str, Column | None], list[Problem]]:
    """Map each header of the table to its rule, None if it is skipped, and report unknown ones."""
    rules: dict[str, Column | None] = {}
    problems = []
    places = {h.header: h.name for h in reversed(table.heads)}
    for header in table.headers:
        try:
            rules[header] = passport.column(header)
        except KeyError:
            at = f"{where}, column {places.get(header, table.heads[0].name)!r}"
            next_ = f"add it to 'columns' or 'skip' of {passport.path.name}"
            problems.append(Problem(at, f"unknown header {header!r}", next_))
    return rules, problems


def map_labels(
    table: Table, passport: Passport, where: str
) -> tuple[dict[str, categories.Category], list[Problem]]:
    """Map each dimension of the rows to its ids, missing where a row is left out."""
    pairs, problems = _pair_classifiers(table, passport, where)
    ids_of: dict[str, categories.Category] = {}
    for row, name in pairs:
        if not row.dimension and not row.only:
            continue
        column = table.rows[name]
        ids: list[str | None] = []
        for label in column.cat.categories:
            try:
                ids.append(row.value(str(label)))
            except KeyError:
                ids.append(None)
                line = table.rows["line"].iloc[int((column == label).to_numpy().argmax())]
                at = f"{where}, row {line}, column {name!r}"
                next_ = f"add it to 'labels' of {row.dimension!r} in {passport.path.name}"
                problems.append(Problem(at, f"unknown label {label!r}", next_))
        ids_of[row.dimension or name] = _rename_categories(column, ids)
    return ids_of, problems


def _rename_categories(column: pd.Series, ids: Sequence[str | None]) -> categories.Category:
    """Replace each category by its id; several may get the same id, None becomes missing."""
    distinct = sorted({i for i in ids if i is not None})
    place = {i: n for n, i in enumerate(distinct)}
    new = np.array([place[i] if i is not None else -1 for i in ids] or [-1], dtype=np.intp)
    return categories.of_codes(new[column.cat.codes], distinct)


def _pair_classifiers(
    table: Table, passport: Passport, where: str
) -> tuple[list[tuple[Row, str]], list[Problem]]:
    """Return the passport's classifiers with the table's columns that hold them."""
    if table.positional:
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
    problems += [
        Problem(where, f"lacks the variable {key!r}", "download the table with all its variables")
        for key in by_key
        if key not in table.classifiers
    ]
    return [(by_key[n], n) for n in table.classifiers if n in by_key], problems


def map_keys(
    table: Table, passport: Passport, where: str
) -> tuple[categories.Category, list[Problem]]:
    """Return the region key of each row: printed, named in the passport, or its one region."""
    column = table.rows["ags"]
    key_of = {**passport.names, **({"": passport.region} if passport.region else {})}
    keys = [key_of.get(str(text), str(text)) for text in column.cat.categories]
    fix = f"add it to 'names' of {passport.path.name}, with its key"
    problems = [
        Problem(where, f"no region key: {key!r}", fix if key else "give 'region' in the passport")
        for key in keys
        if not key or (passport.names and not key[-1].isdigit() and key != "DG")
    ]
    return _rename_categories(column, list(keys)), problems
