"""Passports: what an official table is, and how its columns become measures and dimensions.

``data/sources/<source>/<table>.yml``, held against ``schemas/passport.yml``; docs/formats.md shows
how to write one. No code belongs to a single table.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from kreisheft import documents
from kreisheft.errors import DataError, Problem, raise_if

#: Order of dimensions in facts files; others follow by name.
_FIRST_DIMENSIONS = ("staat", "staatsangehoerigkeit", "geschlecht", "alter")
TOTAL = "insgesamt"
_TOTALS = ("insgesamt", "total", "zusammen", "")


@dataclass(frozen=True)
class Source:
    """A producer: `attribution` holds {year} where the licence names one."""

    name: str
    attribution: str
    terms: str
    licence: str = ""
    licence_url: str = ""


@dataclass(frozen=True)
class Row:
    """A classifier. labels: ``age``, ``code``, ``nation`` or label → id (None: leave the row out).

    key: variable code (flat) or column name (mapped), "" for classic. dimension "": a column that
    only repeats its neighbour.
    """

    dimension: str
    labels: str | Mapping[str, str | None]
    key: str = ""

    def value(self, label: str) -> str | None:
        """Return the id of `label`, None if its rows are left out; KeyError if it is unknown."""
        if isinstance(self.labels, str):
            value = _GRAMMARS[self.labels](label)
            if value is None:
                raise KeyError(label)
            return value
        return self.labels[label]


@dataclass(frozen=True)
class Column:
    """Value columns whose header fits one of `headers` (fnmatch) hold `measure`."""

    headers: tuple[str, ...]
    measure: str
    dimensions: Mapping[str, str]
    concept: str


@dataclass(frozen=True)
class Mapped:
    """Column map of a tidy CSV; see `mapped.read`."""

    region: str
    width: int = 0
    cut: int | None = None
    period: str = ""
    constant_period: str = ""
    since: str = ""
    delimiter: str = ","
    decimal: str = "."


@dataclass(frozen=True)
class Delivery:
    """A delivery that is in the facts."""

    stand: str
    sha256: str
    periods: tuple[str, ...]
    cells: int
    attribution_year: int | None = None


@dataclass(frozen=True)
class Passport:
    """One official table. measures: id → unit. rounding: base the source rounds to."""

    path: Path
    table: str
    title: str
    source: str
    formats: tuple[str, ...]
    concept: str
    public: bool
    rounding: int
    sum_to_land: bool
    regions: tuple[str, ...]
    measures: Mapping[str, str]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    skip: tuple[str, ...]
    totals: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    statistic: str = ""
    stand: str = ""
    period: str = ""
    note: str = ""
    mapped: Mapped | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The table's dimensions, in the order of the facts file."""
        named = {r.dimension for r in self.rows if r.dimension}
        named |= {d for c in self.columns for d in c.dimensions}
        first = [d for d in _FIRST_DIMENSIONS if d in named]
        return (*first, *sorted(named - set(first)))

    def column(self, header: str) -> Column | None:
        """Return the rule for a value column, None if it is skipped; KeyError if undeclared."""
        for column in self.columns:
            if any(fnmatchcase(header, pattern) for pattern in column.headers):
                return column
        if any(fnmatchcase(header, pattern) for pattern in self.skip):
            return None
        raise KeyError(header)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Columns of a mapped file that hold no figure."""
        if self.mapped is None:
            return ()
        fixed = [self.mapped.region, self.mapped.period, *(r.key for r in self.rows)]
        return tuple(c for c in fixed if c)

    @property
    def declared(self) -> tuple[str, ...]:
        """All columns of a mapped file."""
        return (*self.key_columns, *(h for c in self.columns for h in c.headers), *self.skip)


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
_GRAMMARS: Mapping[str, Callable[[str], str | None]] = {
    "age": age,
    "nation": nation,
    "code": lambda code: code or TOTAL,
}


def load(root: Path) -> dict[str, Passport]:
    """Return table number → passport, sorted; raise DataError with the mistakes of all files."""
    known = sources(root)
    found: dict[str, Passport] = {}
    problems: list[Problem] = []
    for path in sorted((root / "data" / "sources").glob("*/*.yml"), key=lambda p: p.stem):
        try:
            passport = read(root, path)
        except DataError as error:
            problems += error.problems
            continue
        name = path.relative_to(root).as_posix()
        if passport.source not in known:
            next_ = "add it to data/sources/sources.yml"
            problems.append(Problem(name, f"unknown source {passport.source!r}", next_))
        if passport.table in found:
            problems.append(Problem(name, f"table {passport.table} has two passports", "keep one"))
        found[passport.table] = passport
    raise_if(problems)
    return found


def sources(root: Path) -> dict[str, Source]:
    """Return source id → producer, licence and attribution."""
    document = documents.load(root / "data" / "sources" / "sources.yml", "sources", root)
    return {key: Source(**entry) for key, entry in document.content["sources"].items()}


def attribution(producer: Source, passport: Passport, stand: str) -> str:
    """Return how the producer wants to be named for the delivery of `stand`, with the licence."""
    years = [d.attribution_year or int(stand[:4]) for d in passport.deliveries if d.stand == stand]
    text = producer.attribution.format(year=years[0] if years else stand[:4])
    return f"{text} ({producer.licence})" if producer.licence else text


def check(root: Path) -> list[Problem]:
    """Return every mistake of every passport."""
    return documents.collect([lambda: load(root)])


def find(root: Path, table: str) -> Passport:
    """Return one passport without reading the others; raise DataError if there is none."""
    for path in (root / "data" / "sources").glob(f"*/{table}.yml"):
        return read(root, path)
    what = f"table {table} has no passport"
    next_ = f"write data/sources/<source>/{table}.yml, see docs/formats.md"
    raise DataError([Problem("data/sources", what, next_)])


def read(root: Path, path: Path) -> Passport:
    """Read one passport; raise DataError with all its mistakes."""
    return _read(root, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read(root: Path, path: Path, _stamp: int) -> Passport:
    document = documents.load(path, "passport", root)
    content = document.content
    mapped = content.get("mapped")
    formats = content["format"]
    passport = Passport(
        path=path,
        table=content["table"],
        title=content["title"],
        source=content["source"],
        formats=(formats,) if isinstance(formats, str) else tuple(formats),
        concept=content["concept"],
        public=content["public"],
        rounding=content["rounding"],
        sum_to_land=content.get("sum_to_land", False),
        regions=tuple(content["regions"]),
        measures=content["measures"],
        rows=tuple(_row(entry) for entry in content.get("rows", [])),
        columns=tuple(_column(entry, content["concept"]) for entry in content["columns"]),
        skip=tuple(content.get("skip", [])),
        totals=tuple(content.get("totals", [])),
        deliveries=tuple(
            Delivery(**{**entry, "periods": tuple(entry["periods"])})
            for entry in content["deliveries"]
        ),
        statistic=content.get("statistic", ""),
        stand=content.get("stand", ""),
        period=content.get("period", ""),
        note=content.get("note", ""),
        mapped=Mapped(**mapped, constant_period=content.get("period", "")) if mapped else None,
    )
    raise_if(_mistakes(passport, document))
    return passport


def _row(entry: Any) -> Row:
    if entry == "skip":
        return Row("", "code")
    return Row(entry["dimension"], entry["labels"], entry.get("key", ""))


def _column(entry: dict[str, Any], concept: str) -> Column:
    headers = entry["header"]
    return Column(
        headers=(headers,) if isinstance(headers, str) else tuple(headers),
        measure=entry["measure"],
        dimensions={k: v for k, v in entry.items() if k not in ("header", "measure", "concept")},
        concept=entry.get("concept", concept),
    )


def _mistakes(passport: Passport, document: documents.Document) -> list[Problem]:
    problems = []
    if passport.path.stem != passport.table:
        what = f"table is {passport.table!r}, the file is called {passport.path.stem!r}"
        problems.append(Problem(document.where("table"), what, "rename the file"))
    if passport.path.parent.name != passport.source:
        what = f"source is {passport.source!r}, the folder is {passport.path.parent.name!r}"
        problems.append(Problem(document.where("source"), what, "move the file"))
    if ("mapped" in passport.formats) != (passport.mapped is not None):
        next_ = "give both or neither: format mapped, and the key 'mapped'"
        problems.append(Problem(document.where("format"), "does not fit 'mapped'", next_))
    used = {column.measure for column in passport.columns}
    for measure in sorted(used ^ set(passport.measures)):
        what = f"measure {measure!r} is used or declared, not both"
        problems.append(Problem(document.where("measures"), what, "list it with its unit"))
    for measure in sorted(set(passport.totals) - set(passport.dimensions)):
        problems.append(Problem(document.where("totals"), f"no dimension {measure!r}", "remove it"))
    return problems
