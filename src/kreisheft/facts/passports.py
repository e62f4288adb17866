"""Passports: what an official table is, and how its columns become measures and dimensions.

``data/sources/<source>/<table>.yml``, held against ``schemas/passport.yml``; docs/formats.md shows
how to write one. No code belongs to a single table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.project import keep_newest, read_once
from kreisheft.facts import labels, layout, signs


@dataclass(frozen=True)
class Source:
    """A producer: `attribution` holds {year} where the licence names one; signs: its legend."""

    name: str
    attribution: str
    terms: str
    licence: str = ""
    licence_url: str = ""
    signs: Mapping[str, str] = field(default_factory=lambda: signs.LEGEND)


@dataclass(frozen=True)
class Row:
    """A classifier. labels: ``age``, ``code``, ``nation`` or label → id (None: leave the row out).

    key: variable code or column name, "" where the format knows places only (classic and its
    workbook). dimension "": a column that is no dimension; only: its labels whose rows are kept,
    all if there are none.
    """

    dimension: str
    labels: str | Mapping[str, str | None]
    key: str = ""
    only: tuple[str, ...] = ()

    def value(self, label: str) -> str | None:
        """Return the id of `label`, None if its rows are left out; KeyError if it is unknown."""
        if self.only and label not in self.only:
            return None
        if isinstance(self.labels, str):
            value = labels.GRAMMARS[self.labels](label)
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
    """Column map of a ready-made CSV; see `mapped.read`."""

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
    """One official table.

    measures: id → unit. rounding: base the source rounds to, 1 if it does not. noise: by how much
    a cell may be off where the source adds noise (Cell-Key). region: key of the one region that a
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
        """Whether members of a ring delivered it themselves, in the form for own figures.

        Not open alone is not enough: sums over cells of an official table are not printed anywhere
        and so not `public`, and yet anyone may make and name them.
        """
        return not self.public and "tidy" in self.formats

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The table's dimensions, in the order of a long frame."""
        return tuple(layout.ordered({r.dimension for r in self.rows if r.dimension} | self.across))

    @property
    def across(self) -> set[str]:
        """Dimensions that stand in the heads of the table, and so in those of its facts file."""
        return {d for c in self.columns for d in c.dimensions}

    @property
    def decimal(self) -> str:
        """Decimal sign of a mapped file; other readers deliver a comma."""
        return self.mapped.decimal if self.mapped else ","

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
    document = yaml_files.load(root / "data" / "sources" / "sources.yml", "sources", root)
    return {key: Source(**entry) for key, entry in document.content["sources"].items()}


def attribution(producer: Source, passport: Passport, stand: str) -> str:
    """Return how the producer wants to be named for the delivery of `stand`, with the licence."""
    years = [d.attribution_year or int(stand[:4]) for d in passport.deliveries if d.stand == stand]
    text = producer.attribution.format(year=years[0] if years else stand[:4])
    return f"{text} ({producer.licence})" if producer.licence else text


def check(root: Path) -> list[Problem]:
    """Return every mistake of every passport."""
    return yaml_files.collect([lambda: load(root)])


@read_once
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


@keep_newest(512)
def _read(root: Path, path: Path, _stamp: int) -> Passport:
    document = yaml_files.load(path, "passport", root)
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
        noise=content.get("noise", 0),
        region=content.get("region", ""),
        names=content.get("names", {}),
    )
    raise_if(_mistakes(passport, document))
    return passport


def _row(entry: Any) -> Row:
    if entry == "skip":
        return Row("", "code")
    if "only" in entry:
        return Row("", "code", entry["key"], tuple(entry["only"]))
    return Row(entry["dimension"], entry["labels"], entry.get("key", ""))


def _column(entry: dict[str, Any], concept: str) -> Column:
    headers = entry["header"]
    return Column(
        headers=(headers,) if isinstance(headers, str) else tuple(headers),
        measure=entry["measure"],
        dimensions={k: v for k, v in entry.items() if k not in ("header", "measure", "concept")},
        concept=entry.get("concept", concept),
    )


def _mistakes(passport: Passport, document: yaml_files.Document) -> list[Problem]:
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
