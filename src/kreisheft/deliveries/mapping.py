"""Map a table that was read to facts, as its passport declares.

Every header and every label must be declared, mapped or skipped; every sign known; every key
unique. All problems of a file are reported together, and every value cell is accounted for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from kreisheft.core import categories
from kreisheft.core.errors import Problem, raise_if
from kreisheft.deliveries import absent_cells, label_ids
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import signs
from kreisheft.facts.cells import SIGN_OF
from kreisheft.facts.column_rules import Column
from kreisheft.facts.fact_files import number_keys
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import TOTAL, Array

#: A property of a rule → that property of every kept value cell.
Spread = Callable[[Callable[[Column], str]], categories.Category]
_MANY = 20


@dataclass(frozen=True)
class Mapped:
    """The result of mapping a table; ``cells == skipped + repeated + facts`` holds for every file.

    frame:    long frame (see `facts.layout`) of all regions of the file, keys unique
    cells:    value cells of the file
    skipped:  cells that the passport leaves out: columns in `skip`, labels mapped to nothing
    repeated: cells that say again what another says, with the same key and the same content
    """

    frame: pd.DataFrame
    cells: int
    skipped: int
    repeated: int


def map_facts(
    table: Table,
    passport: Passport,
    where: str,
    stand: str,
    legend: Mapping[str, str] = signs.LEGEND,
) -> Mapped:
    """Map `table` to facts, of every region that it has.

    where: the file's name, for messages. legend: the producer's signs. Region keys are not yet
    compared with the list of regions. Raises DataError with every unknown header, label, sign and
    name of a region, and every doubtful duplicate.
    """
    rules, problems = label_ids.find_rules(table, passport, where)
    labels, unknown = label_ids.map_labels(table, passport, where)
    keys, nameless = label_ids.map_keys(table, passport, where)
    raise_if([*problems, *unknown, *nameless])
    row, head = _select_cells(table, rules, labels, passport)
    text, strange = _translate_cells(table, passport, row, head, legend, where)
    raise_if(strange)
    heads = _heads(table, rules, row, head)
    by_row = {name: values.take(row) for name, values in labels.items()}
    frame = pd.DataFrame(
        {
            "ags": keys.take(row),
            "period": _periods(table, passport, row, head),
            "measure": heads(lambda rule: rule.measure),
            **{d: _dimension(d, heads, by_row, passport) for d in passport.dimensions},
            "cell": absent_cells.mark_absent(
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
    unique = _drop_repeated(frame, table, row, head, where)
    return Mapped(unique, table.cells, table.cells - len(frame), len(frame) - len(unique))


def _select_cells(
    table: Table,
    rules: Mapping[str, Column | None],
    labels: Mapping[str, categories.Category],
    passport: Passport,
) -> tuple[Array, Array]:
    """Select the value cells that the passport keeps: row and head of each, in file order."""
    is_kept = np.ones((len(table.rows), len(table.heads)), dtype=bool)
    if passport.mapped and passport.mapped.since:
        is_kept &= (table.rows["period"].astype(str) >= passport.mapped.since).to_numpy()[:, None]
    for ids in labels.values():
        is_kept &= (ids.codes >= 0)[:, None]
    for number, head in enumerate(table.heads):
        if head.header:
            is_kept[:, number] &= rules[head.header] is not None
        else:
            column = table.rows["header"]
            used = np.array([rules[str(h)] is not None for h in column.cat.categories])
            is_kept[:, number] &= used[column.cat.codes]
    row, head_number = is_kept.nonzero()
    return row, head_number


def _translate_cells(
    table: Table,
    passport: Passport,
    row: Array,
    head: Array,
    legend: Mapping[str, str],
    where: str,
) -> tuple[pd.Series, list[Problem]]:
    """Translate every kept value cell into a cell of facts files; report unknown text."""
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


def _heads(table: Table, rules: Mapping[str, Column | None], row: Array, head: Array) -> Spread:
    """Return a function that maps a property of a rule to that property of every kept cell."""
    used = list({id(rule): rule for rule in rules.values() if rule is not None}.values())
    number = {id(rule): n for n, rule in enumerate(used)}

    def of_header(header: str) -> int:
        rule = rules.get(header)
        return number[id(rule)] if rule is not None else -1

    column = table.rows["header"]
    by_row = np.array([of_header(str(h)) for h in column.cat.categories] or [-1], dtype=np.intp)
    by_head = np.array([of_header(h.header) for h in table.heads], dtype=np.intp)
    of_cell = np.where(by_head[head] >= 0, by_head[head], by_row[column.cat.codes.to_numpy()[row]])

    def spread(of: Callable[[Column], str]) -> categories.Category:
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
    name: str, heads: Spread, by_row: Mapping[str, categories.Category], passport: Passport
) -> categories.Category:
    """Return the ids of a dimension: what the head says, else the row, else the total."""
    fixed = heads(lambda rule: rule.dimensions.get(name, "" if name in by_row else TOTAL))
    if name not in by_row:
        return fixed
    if name not in passport.across:
        return by_row[name]
    text = np.where(np.asarray(fixed) != "", np.asarray(fixed), np.asarray(by_row[name]))
    return pd.Categorical(text)


def select_fitting(keys: Iterable[str], patterns: tuple[str, ...]) -> list[str]:
    """Select the keys that match one of `patterns`, e.g. ``05???`` for the Kreise of NRW.

    ``!06435`` excludes a key that others include.
    """
    include = [p for p in patterns if not p.startswith("!")]
    exclude = [p.removeprefix("!") for p in patterns if p.startswith("!")]
    return [
        key
        for key in keys
        if any(fnmatchcase(key, p) for p in include)
        and not any(fnmatchcase(key, p) for p in exclude)
    ]


def _drop_repeated(
    frame: pd.DataFrame, table: Table, row: Array, head: Array, where: str
) -> pd.DataFrame:
    """Drop cells that repeat another. Raises DataError for a repeated key with another figure."""
    key = [c for c in frame.columns if c not in ("cell", "concept", "stand")]
    number = number_keys(frame, key)
    if number.max(initial=-1) + 1 == len(frame):
        return frame
    first = pd.Series(frame["cell"].to_numpy()).groupby(number).transform("first")
    differing = np.flatnonzero(first.to_numpy() != frame["cell"].to_numpy())
    raise_if(
        Problem(
            f"{where}, row {table.rows['line'].iloc[row[i]]}, column {table.heads[head[i]].name!r}",
            f"{frame['cell'].iloc[i]} is a second figure for "
            f"{' '.join(str(frame[k].iloc[i]) for k in key)}, another cell says {first.iloc[i]}",
            "tell the columns or labels apart in the passport",
        )
        for i in differing[:_MANY]
    )
    return frame[~pd.Series(number).duplicated().to_numpy()].reset_index(drop=True)


def find_problems(mapped: Mapped, passport: Passport, where: str) -> Iterator[Problem]:
    """Report why a delivery is of no use: no region to keep, no figure, no time."""
    mine = mapped.frame["ags"].isin(
        select_fitting(mapped.frame["ags"].cat.categories, passport.regions)
    )
    if not mine.any():
        what = f"has no region that fits {', '.join(passport.regions)}"
        yield Problem(where, what, "choose the regions of the passport, download again")
    elif (mapped.frame.loc[mine, "cell"] == SIGN_OF["not_loaded"]).all():
        what = "has '-' in every cell of these regions: the figures are not published yet"
        yield Problem(where, what, "download it again when the office has loaded them")
    if "" in set(mapped.frame["period"]):
        next_ = f"declare 'period' in {passport.path.name}"
        yield Problem(where, "does not say its time", next_)
