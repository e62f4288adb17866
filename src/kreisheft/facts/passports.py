"""Passports: what an official table is, who produces it, and which deliveries are in the facts.

``data/sources/<source>/<table>.yml``, validated with ``schemas/passport.yml``; docs/formats.md
shows how to write one. No code belongs to a single table: how its columns become measures and
dimensions is declared (`column_rules`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.project import keep_newest, read_once
from kreisheft.facts import layout, signs
from kreisheft.facts.column_rules import (
    Column,
    ColumnEntry,
    Mapped,
    MappedEntry,
    Row,
    RowEntry,
    read_column,
    read_row,
)


@dataclass(frozen=True)
class Source:
    """A producer. attribution: with {year} where the licence wants one; signs: sign → status."""

    name: str
    attribution: str
    terms: str
    licence: str = ""
    licence_url: str = ""
    signs: Mapping[str, str] = field(default_factory=lambda: signs.LEGEND)


@dataclass(frozen=True)
class Delivery:
    """A delivery that was imported into the facts."""

    stand: str
    sha256: str
    periods: tuple[str, ...]
    cells: int
    attribution_year: int | None = None


@dataclass(frozen=True)
class Passport:
    """One official table.

    measures: id → unit. rounding: base the source rounds to, 1 if it does not. noise: largest
    deviation of a cell where the source adds noise (Cell-Key). region: key of the one region that a
    file without keys is about. names: name → key where a file prints names only.
    """

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
    noise: int = 0
    region: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def delivered(self) -> bool:
        """Whether members of a comparison ring delivered it themselves, as own figures.

        `public: false` alone does not say so: sums over cells of an official table are printed
        nowhere, so they are not `public`, and yet anyone may compute and publish them.
        """
        return not self.public and "tidy" in self.formats

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The table's dimensions, in the order of a long frame."""
        return tuple(
            layout.order_dimensions({r.dimension for r in self.rows if r.dimension} | self.across)
        )

    @property
    def across(self) -> set[str]:
        """Dimensions in the headers of the table, and so in the value columns of its facts file."""
        return {d for c in self.columns for d in c.dimensions}

    @property
    def decimal(self) -> str:
        """Decimal sign of a mapped file; other readers deliver a comma."""
        return self.mapped.decimal if self.mapped else ","

    def column(self, header: str) -> Column | None:
        """Return the rule of a value column, None if it is skipped.

        Raises KeyError if undeclared.
        """
        for column in self.columns:
            if any(fnmatchcase(header, pattern) for pattern in column.headers):
                return column
        if any(fnmatchcase(header, pattern) for pattern in self.skip):
            return None
        raise KeyError(header)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Columns of a mapped file that hold no figures."""
        if self.mapped is None:
            return ()
        fixed = [self.mapped.region, self.mapped.period, *(r.key for r in self.rows)]
        return tuple(c for c in fixed if c)

    @property
    def declared(self) -> tuple[str, ...]:
        """All columns of a mapped file."""
        return (*self.key_columns, *(h for c in self.columns for h in c.headers), *self.skip)


def load(root: Path) -> dict[str, Passport]:
    """Load all passports by table number, sorted.

    Raises DataError with the mistakes of all files.
    """
    producers = sources(root)
    by_table: dict[str, Passport] = {}
    problems: list[Problem] = []
    for path in sorted((root / "data" / "sources").glob("*/*.yml"), key=lambda p: p.stem):
        try:
            passport = read(root, path)
        except DataError as error:
            problems += error.problems
            continue
        name = path.relative_to(root).as_posix()
        if passport.source not in producers:
            next_ = "add it to data/sources/sources.yml"
            problems.append(Problem(name, f"unknown source {passport.source!r}", next_))
        if passport.table in by_table:
            problems.append(Problem(name, f"table {passport.table} has two passports", "keep one"))
        by_table[passport.table] = passport
    raise_if(problems)
    return by_table


def sources(root: Path) -> dict[str, Source]:
    """Load the producers by source id."""
    document = yaml_files.load(root / "data" / "sources" / "sources.yml", "sources", root)
    return {key: Source(**entry) for key, entry in document.content["sources"].items()}


def attribution(producer: Source, passport: Passport, stand: str) -> str:
    """Format the attribution that the producer asks for, with the licence, for one Stand."""
    years = [d.attribution_year or int(stand[:4]) for d in passport.deliveries if d.stand == stand]
    text = producer.attribution.format(year=years[0] if years else stand[:4])
    return f"{text} ({producer.licence})" if producer.licence else text


def check(root: Path) -> list[Problem]:
    """Report every mistake of every passport."""
    return yaml_files.collect([lambda: load(root)])


@read_once
def find(root: Path, table: str) -> Passport:
    """Load one passport without reading the others. Raises DataError if there is none."""
    for path in (root / "data" / "sources").glob(f"*/{table}.yml"):
        return read(root, path)
    what = f"table {table} has no passport"
    next_ = f"write data/sources/<source>/{table}.yml, see docs/formats.md"
    raise DataError([Problem("data/sources", what, next_)])


def read(root: Path, path: Path) -> Passport:
    """Read one passport. Raises DataError with all its mistakes."""
    return _read(root, path, path.stat().st_mtime_ns)


class _DeliveryEntry(TypedDict):
    stand: str
    sha256: str
    periods: list[str]
    cells: int
    attribution_year: NotRequired[int]


class _PassportEntry(TypedDict):
    table: str
    title: str
    source: str
    format: str | list[str]
    concept: str
    public: bool
    rounding: int
    regions: list[str]
    measures: dict[str, str]
    columns: list[ColumnEntry]
    deliveries: list[_DeliveryEntry]
    rows: NotRequired[list[RowEntry | Literal["skip"]]]
    skip: NotRequired[list[str]]
    totals: NotRequired[list[str]]
    sum_to_land: NotRequired[bool]
    statistic: NotRequired[str]
    stand: NotRequired[str]
    period: NotRequired[str]
    note: NotRequired[str]
    mapped: NotRequired[MappedEntry]
    noise: NotRequired[int]
    region: NotRequired[str]
    names: NotRequired[dict[str, str]]


@keep_newest(512)
def _read(root: Path, path: Path, _stamp: int) -> Passport:
    document = yaml_files.load(path, "passport", root)
    content: _PassportEntry = document.content
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
        rows=tuple(map(read_row, content.get("rows", []))),
        columns=tuple(read_column(entry, content["concept"]) for entry in content["columns"]),
        skip=tuple(content.get("skip", [])),
        totals=tuple(content.get("totals", [])),
        deliveries=tuple(
            Delivery(
                entry["stand"],
                entry["sha256"],
                tuple(entry["periods"]),
                entry["cells"],
                entry.get("attribution_year"),
            )
            for entry in content["deliveries"]
        ),
        statistic=content.get("statistic", ""),
        stand=content.get("stand", ""),
        period=content.get("period", ""),
        note=content.get("note", ""),
        mapped=Mapped(**mapped, constant_period=content.get("period", "")) if mapped else None,
        noise=content.get("noise", 0),
        region=content.get("region", ""),
        names=content.get("names", {}),
    )
    raise_if(_find_mistakes(passport, document))
    return passport


def _find_mistakes(passport: Passport, document: yaml_files.Document) -> list[Problem]:
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
    for name in sorted(set(passport.totals) - set(passport.dimensions)):
        problems.append(Problem(document.where("totals"), f"no dimension {name!r}", "remove it"))
    return problems
