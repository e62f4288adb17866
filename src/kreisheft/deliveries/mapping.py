"""A table that was read becomes facts, as its passport says.

Every header and every label must be declared, mapped or skipped; every sign known; every key
unique. All problems of a file come together, and every value cell is accounted for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.core import categories
from kreisheft.core.errors import Problem, raise_if
from kreisheft.deliveries import absent_cells
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import signs
from kreisheft.facts.cells import SIGN_OF
from kreisheft.facts.fact_files import numbered
from kreisheft.facts.passports import Column, Passport, Row
from kreisheft.facts.stages import TOTAL

Array = np.ndarray[Any, Any]
_MANY = 20


@dataclass(frozen=True)
class Mapped:
    """What became of a table; ``cells == skipped + repeated + facts`` holds for every file.

    frame:    long frame (see `layout`) of all regions of the file, keys unique
    cells:    value cells of the file
    skipped:  cells that the passport leaves out: columns in `skip`, labels mapped to nothing
    repeated: cells that say again what another says, with the same key and the same content
    """

    frame: pd.DataFrame
    cells: int
    skipped: int
    repeated: int


def facts(
    table: Table,
    passport: Passport,
    where: str,
    stand: str,
    legend: Mapping[str, str] = signs.LEGEND,
) -> Mapped:
    """Return the facts of `table`, of every region that it has.

    where: the file's name, for messages. legend: the producer's signs. Region keys are not yet held
    against the list of regions. Raises DataError with every unknown header, label, sign and name of
    a region, and every doubtful duplicate.
    """
    rules, problems = _rules(table, passport, where)
    labels, unknown = _labels(table, passport, where)
    keys, nameless = _keys(table, passport, where)
    raise_if([*problems, *unknown, *nameless])
    row, head = _kept(table, rules, labels, passport)
    text, strange = _translated(table, passport, row, head, legend, where)
    raise_if(strange)
    heads = _heads(table, rules, row, head)
    by_row = {name: values.take(row) for name, values in labels.items()}
    frame = pd.DataFrame(
        {
            "ags": keys.take(row),
            "period": _periods(table, passport, row, head),
            "measure": heads(lambda rule: rule.measure),
            **{d: _dimension(d, heads, by_row, passport) for d in passport.dimensions},
            "cell": absent_cells.told_apart(
                text.to_numpy(dtype=object),
                table,
                keys.take(row),
                row,
                head,
                heads(lambda rule: rule.measure).codes,
            ),
            "concept": heads(lambda rule: rule.concept),
            "stand": pd.Categorical([stand]).take(np.zeros(len(row), dtype=np.intp)),
        }
    )
    frame["ags"] = frame["ags"].cat.remove_unused_categories()
    unique = _unique(frame, table, row, head, where)
    return Mapped(unique, table.cells, table.cells - len(frame), len(frame) - len(unique))


def _rules(
    table: Table, passport: Passport, where: str
) -> tuple[dict[str, Column | None], list[Problem]]:
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


def _labels(
    table: Table, passport: Passport, where: str
) -> tuple[dict[str, categories.Category], list[Problem]]:
    """Return per dimension of the rows its ids (missing where a row is left out)."""
    pairs, problems = _pairs(table, passport, where)
    found: dict[str, categories.Category] = {}
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
        found[row.dimension or name] = _renamed(column, ids)
    return found, problems


def _renamed(column: pd.Series, ids: list[str | None]) -> categories.Category:
    """Return a category column with each category replaced; several may become one, or none."""
    distinct = sorted({i for i in ids if i is not None})
    place = {i: n for n, i in enumerate(distinct)}
    new = np.array([place[i] if i is not None else -1 for i in ids] or [-1], dtype=np.intp)
    return categories.of_codes(new[column.cat.codes], distinct)


def _pairs(
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


def _keys(
    table: Table, passport: Passport, where: str
) -> tuple[categories.Category, list[Problem]]:
    """Return the region keys of the rows: printed, named in the passport, or its one region."""
    column = table.rows["ags"]
    named = {**passport.names, **({"": passport.region} if passport.region else {})}
    keys = [named.get(str(text), str(text)) for text in column.cat.categories]
    fix = f"add it to 'names' of {passport.path.name}, with its key"
    problems = [
        Problem(where, f"no region key: {key!r}", fix if key else "give 'region' in the passport")
        for key in keys
        if not key or (passport.names and not key[-1].isdigit() and key != "DG")
    ]
    return _renamed(column, list(keys)), problems


def _kept(
    table: Table,
    rules: Mapping[str, Column | None],
    labels: Mapping[str, categories.Category],
    passport: Passport,
) -> tuple[Array, Array]:
    """Return row and head of every value cell that the passport wants, in file order."""
    wanted = np.ones((len(table.rows), len(table.heads)), dtype=bool)
    if passport.mapped and passport.mapped.since:
        wanted &= (table.rows["period"].astype(str) >= passport.mapped.since).to_numpy()[:, None]
    for ids in labels.values():
        wanted &= (ids.codes >= 0)[:, None]
    for number, head in enumerate(table.heads):
        if head.header:
            wanted[:, number] &= rules[head.header] is not None
        else:
            column = table.rows["header"]
            used = np.array([rules[str(h)] is not None for h in column.cat.categories])
            wanted[:, number] &= used[column.cat.codes]
    row, head_number = wanted.nonzero()
    return row, head_number


def _translated(
    table: Table,
    passport: Passport,
    row: Array,
    head: Array,
    legend: Mapping[str, str],
    where: str,
) -> tuple[pd.Series, list[Problem]]:
    """Return the facts cell of every kept value cell, and where the text is unknown."""
    empty = "missing" if table.sparse else ""
    parts = [table.texts[n].take(row[head == n]) for n in range(len(table.heads))]
    place = np.concatenate([np.flatnonzero(head == n) for n in range(len(table.heads))])
    text = pd.concat(parts, ignore_index=True).set_axis(place).sort_index()
    cells = signs.translate(text, passport.decimal, empty, legend)
    problems = [
        Problem(
            f"{where}, row {table.rows['line'].iloc[row[i]]}, column {table.heads[head[i]].name!r}",
            f"unknown sign {text.iloc[i]!r}",
            "if the source explains it, add it to its 'signs' in data/sources/sources.yml; "
            "else download again",
        )
        for i in np.flatnonzero(cells.isna())[:_MANY]
    ]
    return cells, problems


def _heads(table: Table, rules: Mapping[str, Column | None], row: Array, head: Array) -> Any:
    """Return a function: property of a rule → that property of every kept value cell."""
    used = list({id(rule): rule for rule in rules.values() if rule is not None}.values())
    number = {id(rule): n for n, rule in enumerate(used)}

    def of_header(header: str) -> int:
        rule = rules.get(header)
        return number[id(rule)] if rule is not None else -1

    column = table.rows["header"]
    by_row = np.array([of_header(str(h)) for h in column.cat.categories] or [-1], dtype=np.intp)
    by_head = np.array([of_header(h.header) for h in table.heads], dtype=np.intp)
    of_cell = np.where(by_head[head] >= 0, by_head[head], by_row[column.cat.codes.to_numpy()[row]])

    def spread(of: Any) -> categories.Category:
        return categories.spread([of(rule) for rule in used], of_cell)

    return spread


def _periods(table: Table, passport: Passport, row: Array, head: Array) -> categories.Category:
    column = table.rows["period"]
    stacked = [str(p) for p in column.cat.categories]
    beside = [h.period for h in table.heads]
    distinct = sorted({p or passport.period for p in [*stacked, *beside]})
    place = {p: n for n, p in enumerate(distinct)}
    by_row = np.array([place[p or passport.period] for p in stacked], dtype=np.intp)
    by_head = np.array([place[p] if p else -1 for p in beside], dtype=np.intp)
    codes = np.where(by_head[head] >= 0, by_head[head], by_row[column.cat.codes.to_numpy()[row]])
    return categories.of_codes(codes, distinct)


def _dimension(
    name: str, heads: Any, by_row: Mapping[str, categories.Category], passport: Passport
) -> categories.Category:
    """Return the ids of a dimension: what the head says, else the row, else the total."""
    fixed = heads(lambda rule: rule.dimensions.get(name, "" if name in by_row else TOTAL))
    if name not in by_row:
        return fixed
    if name not in passport.across:
        return by_row[name]
    text = np.where(np.asarray(fixed) != "", np.asarray(fixed), np.asarray(by_row[name]))
    return pd.Categorical(text)


def fitting(keys: Iterable[str], patterns: tuple[str, ...]) -> list[str]:
    """Return the keys that fit one of `patterns`, e.g. ``05???`` for the Kreise of NRW.

    ``!06435`` leaves out what the others take in.
    """
    wanted = [p for p in patterns if not p.startswith("!")]
    unwanted = [p.removeprefix("!") for p in patterns if p.startswith("!")]
    return [
        key
        for key in keys
        if any(fnmatchcase(key, p) for p in wanted)
        and not any(fnmatchcase(key, p) for p in unwanted)
    ]


def _unique(frame: pd.DataFrame, table: Table, row: Array, head: Array, where: str) -> pd.DataFrame:
    """Drop cells that repeat another; a repeated key with another figure is a problem."""
    key = [c for c in frame.columns if c not in ("cell", "concept", "stand")]
    number = numbered(frame, key)
    if number.max(initial=-1) + 1 == len(frame):
        return frame
    first = pd.Series(frame["cell"].to_numpy()).groupby(number).transform("first")
    other = np.flatnonzero(first.to_numpy() != frame["cell"].to_numpy())
    raise_if(
        Problem(
            f"{where}, row {table.rows['line'].iloc[row[i]]}, column {table.heads[head[i]].name!r}",
            f"{frame['cell'].iloc[i]} is a second figure for "
            f"{' '.join(str(frame[k].iloc[i]) for k in key)}, another cell says {first.iloc[i]}",
            "tell the columns or labels apart in the passport",
        )
        for i in other[:_MANY]
    )
    return frame[~pd.Series(number).duplicated().to_numpy()].reset_index(drop=True)


def problems_of(mapped: Mapped, passport: Passport, where: str) -> Iterator[Problem]:
    """Yield what makes a delivery worthless: no wanted region, no figure, no time."""
    mine = mapped.frame["ags"].isin(fitting(mapped.frame["ags"].cat.categories, passport.regions))
    if not mine.any():
        what = f"has no region that fits {', '.join(passport.regions)}"
        yield Problem(where, what, "choose the regions of the passport, download again")
    elif (mapped.frame.loc[mine, "cell"] == SIGN_OF["not_loaded"]).all():
        what = "has '-' in every cell of these regions: the figures are not published yet"
        yield Problem(where, what, "download it again when the office has loaded them")
    if "" in set(mapped.frame["period"]):
        next_ = f"declare 'period' in {passport.path.name}"
        yield Problem(where, "does not say its time", next_)
