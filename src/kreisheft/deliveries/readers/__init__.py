"""Which reader a delivery belongs to: by its content, never by its name.

A module of this folder that has a ``READER`` is one: see `reader.Reader`.
"""

import pkgutil
from collections.abc import Iterable
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, UsageError
from kreisheft.deliveries.readers import decoding, mapped, workbook
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import passports
from kreisheft.facts.passports import Passport

#: A CSV that no reader knows and whose columns a passport explains.
MAPPED = "mapped"


@cache
def known() -> dict[str, Reader]:
    """Format → reader, in the order in which a file is offered to them.

    Whoever is asked ``after`` others comes after them; for all others the order does not matter,
    as none recognises the file of another (a test tries each with the examples of all).
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [import_module(f"{__name__}.{name}") for name in sorted(names)]
    found = {m.READER.format: m.READER for m in modules if hasattr(m, "READER")}
    order = TopologicalSorter({name: one.after for name, one in found.items()})
    return {name: found[name] for name in order.static_order()}


def read(path: Path, passed: Iterable[Passport]) -> Table:
    """Read the delivery at `path`; raise DataError if it is of no known format, or damaged.

    passed: passports whose column map a CSV of no official format may fit.
    """
    where = str(path)
    data = decoding.load(path)
    for reader in known().values():
        if reader.recognises(data):
            return reader.read(data, where)
    if workbook.is_workbook(data):
        raise workbook.unknown_workbook(data, where)
    if data.startswith(b"PAR1"):
        what = "is a Parquet file without the columns of INKAR"
        raise DataError([Problem(where, what, "export the table as CSV")])
    content = decoding.decode(data, where)
    fitting = [p for p in passed if mapped.fits(content, p)]
    if len(fitting) == 1:
        return mapped.read(data, where, fitting[0])
    if fitting:
        numbers = ", ".join(p.table for p in fitting)
        raise UsageError(f"{path}: fits several tables; say which with --table: {numbers}")
    words = ", ".join(reader.words for reader in known().values())
    begin = content[:60].splitlines()[0]
    what = f"begins with {begin!r} and is none of the known formats: {words}"
    next_ = (
        "download it in one of them, or write a passport that maps its columns (docs/formats.md)"
    )
    raise DataError([Problem(f"{where}, row 1", what, next_)])


def fits(table: Table, passport: Passport) -> bool:
    """Say whether a file without a table number has the variables and headers of `passport`.

    A `broad` file must also have all the headers that the passport has.
    """
    if table.format not in passport.formats or passport.statistic != table.statistic:
        return False
    variables = {row.key for row in passport.rows if row.key}
    try:
        used = {id(passport.column(header)) for header in table.headers}
    except KeyError:
        return False
    whole = not table.broad or all(id(column) in used for column in passport.columns)
    return whole and variables == set(table.classifiers)


def formats() -> tuple[str, ...]:
    """Names of all formats that a passport may have."""
    return tuple(sorted({*known(), MAPPED}))


def check(root: Path) -> list[Problem]:
    """Return every passport with a format that no reader has; none if passports cannot be read."""
    try:
        return unread(root, passports.load(root).values())
    except DataError:
        return []


def unread(root: Path, passed: Iterable[Passport]) -> list[Problem]:
    """Return a problem for each format of these passports that no reader has."""
    problems = []
    for passport in passed:
        for name in sorted(set(passport.formats) - set(formats())):
            where = yaml_files.load(passport.path, "passport", root).where("format")
            what, fix = f"no reader has the format {name!r}", f"valid: {', '.join(formats())}"
            problems.append(Problem(where, what, fix))
    return problems
