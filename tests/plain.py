"""Every formula a second time, in plain Python: dicts and floats, no pandas, no numpy.

Reads data/facts, data/corrections, data/sources, data/regions and data/catalogue by itself, as
docs/formats.md and the docstrings of the package describe them, and shares no code with it.
`values/test_plain.py` compares its figures with those of `compute_values.compute`, cell by cell.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from plain_facts import (
    NUMBERS,
    RANK,
    TOTAL,
    WITHOUT,
    Cell,
    Place,
    Select,
    Table,
    add_laender,
    one_cell,
    picked,
    read_table,
)

#: What a source of the catalogue may say. A new key must be understood here, too.
SOURCE_KEYS = {
    "table",
    "kind",
    "value",
    "numerator",
    "denominator",
    "minus",
    "denominator_table",
    "denominator_year",
    "concept",
    "target_group",
    "groups",
    "groups_by",
    "other",
    "base_numerator",
    "base_denominator",
    "base_table",
}


#: Part of a source → the key that names its table.
TABLE_OF = {
    "denominator": "denominator_table",
    "base_numerator": "base_table",
    "base_denominator": "base_table",
}


class Row(NamedTuple):
    """A figure; named as the columns of `Values`."""

    value: float | None
    numerator: float | None
    denominator: float | None
    status: str
    table: str
    segment: str
    period: str
    stand: str
    concept: str
    published: bool


#: indicator, target group, group, region, year
Key = tuple[str, str, str, str, int]


class Book:
    """What is asked of the facts, at one Stand."""

    def __init__(self, root: Path, as_of: str | None = None, keep: Callable[[str], bool] = bool):
        self.root, self.as_of, self.keep = root, as_of, keep
        self.breaks = self._yaml("data/catalogue/breaks.yml")["breaks"]
        self.lists = self._yaml("data/catalogue/groups.yml")["lists"]
        fields = self._yaml("data/catalogue/fields.yml")["fields"]
        files = [self._yaml(f"data/catalogue/{name}.yml") for name in fields]
        self.indicators = {i: entry for file in files for i, entry in file["indicators"].items()}
        self.table = cache(self._table)
        self.passport = cache(self._passport)

    def _yaml(self, path: str) -> Any:
        return yaml.safe_load((self.root / path).read_text(encoding="utf-8"))

    def _passport(self, number: str) -> Any:
        (path,) = (self.root / "data/sources").glob(f"*/{number}.yml")
        return self._yaml(path.relative_to(self.root).as_posix())

    def _table(self, number: str) -> Table:
        whole = self.passport(number).get("sum_to_land", False)
        (path,) = (self.root / "data/facts").glob(f"*/{number}.csv")
        keep = bool if whole else self.keep
        table = read_table(path, self._corrections(number), self.as_of, keep)
        if whole:
            add_laender(table, self.kreise())
        return table

    def _corrections(self, number: str) -> list[dict[str, Any]]:
        path = f"data/corrections/{number}.yml"
        return self._yaml(path)["corrections"] if (self.root / path).exists() else []

    def regions(self, digits: int) -> list[str]:
        """Keys of one length: 5 Kreise, 8 municipalities."""
        with (self.root / "data/regions/regions.csv").open(encoding="utf-8", newline="") as file:
            return [row["ags"] for row in csv.DictReader(file) if len(row["ags"]) == digits]

    def kreise(self) -> dict[str, set[str]]:
        """Land → its Kreise."""
        found: dict[str, set[str]] = defaultdict(set)
        for ags in self.regions(5):
            found[ags[:2]].add(ags)
        return found


# --- selections ---------------------------------------------------------------------------------


def narrowed(book: Book, source: dict, part: str, group: dict, target_group: str) -> Select:
    """The selection of a part (value, numerator …), narrowed to a group, lists filled in."""
    base = source.get(part, {})
    if part == "denominator" or part.startswith("base_"):
        # The group yields to what the catalogue says there, and to a table without such a column.
        columns = book.table(source.get(TABLE_OF[part], source["table"])).columns
        group = {c: v for c, v in group.items() if c in columns and c not in base}
    return {c: _ids(book, source, v, target_group) for c, v in {**base, **group}.items()}


def _ids(book: Book, source: dict, wanted: Any, target_group: str) -> list[str]:
    if wanted == "@zielgruppe":
        wanted = source["target_group"][target_group]
    if isinstance(wanted, str) and wanted.startswith("@"):
        wanted = book.lists[wanted[1:]]
    return [str(v) for v in wanted] if isinstance(wanted, list) else [str(wanted)]


# --- figures ------------------------------------------------------------------------------------


def values(
    book: Book, year: int, names: Iterable[str] | None = None, target_groups: Iterable[str] = ()
) -> dict[Key, Row]:
    """Every figure up to `year`; of several tables the first with a number gives it."""
    asked = set(target_groups)
    found: dict[Key, Row] = {}
    for name in book.indicators if names is None else names:
        entry = book.indicators[name]
        for source in entry.get("sources", ()):
            mine: dict[Key, Row] = {}
            for target_group, group, rows in _parts(book, name, entry, source, asked):
                for ags, row in rows:
                    at = int(row.period[:4])
                    if at > year or not book.keep(ags):
                        continue
                    key = (name, target_group, group, ags, at)
                    _keep_better(mine, key, row)
            for key, row in mine.items():
                if key not in found or (found[key].value is None and row.value is not None):
                    found[key] = row
    return found


def _keep_better(mine: dict[Key, Row], key: Key, row: Row) -> None:
    """Of several periods of one year in one table: the first that has a number."""
    old = mine.get(key)
    if old is None or (old.value is None, old.period) > (row.value is None, row.period):
        mine[key] = row


def _parts(
    book: Book, name: str, entry: dict, source: dict, asked: set[str]
) -> Iterator[tuple[str, str, list[tuple[str, Row]]]]:
    """Target group, group and their figures from one table."""
    strange = set(source) - SOURCE_KEYS
    if strange:
        raise ValueError(f"{name}: nothing here knows {strange}")
    table = book.table(source["table"])
    behind = [book.table(source.get(key, source["table"])) for key in TABLE_OF.values()]
    if not all(t.cells for t in (table, *behind)):
        return
    if "groups_by" in source:
        by = source["groups_by"]
        groups = {
            f"{by}_{i}".replace("-", "_").replace("+", "_plus"): {by: i}
            for i in table.ids(by)
            if i != TOTAL
        }
    else:
        groups = source.get("groups", {TOTAL: {}})
    meanings = source.get("target_group", {})
    made: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    for target_group, shown in entry["target_groups"].items():
        if (asked and target_group not in asked) or (meanings and target_group not in meanings):
            continue
        for group in groups:
            if group not in shown:
                continue
            same = (group, str(meanings.get(target_group)))
            if same not in made:
                made[same] = list(figures(book, name, entry, source, groups[group], target_group))
            yield target_group, group, made[same]


def figures(
    book: Book, name: str, entry: dict, source: dict, group: dict, target_group: str
) -> Iterator[tuple[str, Row]]:
    """Region and figure of one table for one group; the formulas."""
    number, kind = source["table"], source["kind"]
    concept = source.get("concept", entry["concept"])
    cuts = breaks(book, name, entry, number)

    def part(which: str, table: str = number) -> dict[Place, Cell]:
        return picked(book.table(table), narrowed(book, source, which, group, target_group))

    def row(place: Place, cell: Cell, above: float | None, below: float | None) -> Row:
        era = sum(cut <= int(place[1][:4]) for cut in cuts)
        where = (number, f"{number}#{era}", place[1], cell.stand, concept, published)
        return Row(cell.value, above, below, cell.status, *where)

    published = False
    if kind in ("published", "count"):
        single = one_cell(narrowed(book, source, "value", group, target_group))
        published = single and book.passport(number)["public"]
        for place, cell in part("value").items():
            yield place[0], row(place, cell, cell.value if kind == "count" else None, None)
        return
    if kind in ("segregation", "dissimilarity"):
        everyone, second = part("denominator"), part("other") if "other" in source else None
        for (kreis, period), cell in unlike(book, part("numerator"), second, everyone):
            yield kreis, row((kreis, period), cell, None, None)
        return
    factor = {"share": 100.0, "per_1000": 1000.0, "representation": 1.0}[kind]
    above = part("numerator")
    if source.get("minus"):
        less = part("minus")
        above = {p: _minus(cell, less[p]) for p, cell in above.items() if p in less}
    below_table, shift = source.get("denominator_table", number), source.get("denominator_year", 0)
    bases = [_newest_of_year(part("denominator", below_table), shift)]
    if kind == "representation":
        base_table = source.get("base_table", number)
        bases += [
            _newest_of_year(part(b, base_table)) for b in ("base_numerator", "base_denominator")
        ]
    for (ags, period), cell in above.items():
        at = (ags, int(period[:4]))
        if not all(at in base for base in bases):
            continue
        cells = [cell, *(base[at] for base in bases)]
        status = reduce(_status, cells).status
        numbers = [c.value for c in cells]
        value = None
        if None not in numbers:
            value = _quotient(numbers[:2])
            if kind == "representation":
                value = _quotient([value, _quotient(numbers[2:])])
            if value is None:
                status = "not_applicable"
            else:
                value *= factor
        one = Cell(value, status, max(c.stand for c in cells))
        yield ags, row((ags, period), one, cell.value, cells[1].value)


def _newest_of_year(cells: dict[Place, Cell], shift: int = 0) -> dict[tuple[str, int], Cell]:
    """The newest period of a year; a source may ask for the denominator of the year before."""
    return {(ags, int(p[:4]) - shift): cell for (ags, p), cell in sorted(cells.items())}


def _quotient(numbers: list[float | None]) -> float | None:
    above, below = numbers
    return above / below if above is not None and below is not None and below > 0 else None


def unlike(
    book: Book,
    group: dict[Place, Cell],
    second: dict[Place, Cell] | None,
    persons: dict[Place, Cell],
) -> Iterator[tuple[Place, Cell]]:
    """Percent of a group that would have to move between the municipalities of a Kreis.

    To be spread as the second group is, or as everyone else. Where all of them are there; those
    below 500 persons do not count, one alone is no spread.
    """
    areas: dict[Place, list[list[Cell]]] = defaultdict(list)
    counts = [group, persons] if second is None else [group, persons, second]
    for ags, period in group:
        if len(ags) == 8 and all((ags, period) in count for count in counts):
            areas[ags[:5], period].append([count[ags, period] for count in counts])
    needed = Counter(ags[:5] for ags in book.regions(8))
    for place, found in areas.items():
        if len(found) != needed[place[0]]:
            continue
        all_cells = [cell for cells in found for cell in cells]
        status = max((c.status for c in all_cells), key=RANK.__getitem__)
        value = None
        if status in NUMBERS:
            large = [[c.value for c in cells] for cells in found if cells[1].value >= 500]
            spread = [(x, t - x if second is None else other[0]) for x, t, *other in large]
            of_group, of_others = sum(x for x, _ in spread), sum(y for _, y in spread)
            if len(large) > 1 and of_group > 0 and of_others > 0:
                value = 50 * sum(abs(x / of_group - y / of_others) for x, y in spread)
            status = "not_applicable" if value is None else "value"
        yield place, Cell(value, status, max(c.stand for c in all_cells))


def breaks(book: Book, name: str, entry: dict, table: str) -> set[int]:
    """First years after a break of a table, or of a denominator of its rates."""

    def of(number: str) -> set[int]:
        found = [b for b in book.breaks if number in b["tables"]]
        return {b["year"] for b in found if name in b.get("indicators", [name])}

    years = of(table)
    for source in entry["sources"]:
        for key in ("denominator_table", "base_table"):
            below = source.get(key, table)
            if source["table"] == table != below:
                # A denominator of the year before carries its break into the year after.
                shift = source.get("denominator_year", 0) if key == "denominator_table" else 0
                years |= {year - shift for year in of(below)}
    return years


def _minus(cell: Cell, less: Cell) -> Cell:
    known = cell.value is not None and less.value is not None
    value = cell.value - less.value if known else None
    return Cell(value, _status(cell, less).status, max(cell.stand, less.stand))


def _status(first: Cell, second: Cell) -> Cell:
    """Of two the one whose status the figure has: the first, unless the second has no number."""
    return second if second.status in WITHOUT else first
