"""Which reader a delivery belongs to: by its content, never by its name."""

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from kreisheft.core.errors import DataError, Problem, UsageError
from kreisheft.deliveries.readers import (
    ba_workbook,
    classic,
    decoding,
    flat,
    flat_wide,
    genesis_workbook,
    inkar,
    mapped,
    open_sdg,
    tidy,
    workbook,
    zensus_workbook,
)
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts.passports import Passport

#: Format → reader, in the order in which a file is offered to them. A reader has
#: ``recognises(data: bytes) -> bool`` and ``read(data: bytes, where: str) -> Table``.
READERS: dict[str, ModuleType] = {
    "genesis_workbook": genesis_workbook,
    "zensus_workbook": zensus_workbook,
    "ba_workbook": ba_workbook,
    "inkar": inkar,
    "flat": flat,
    "flat_wide": flat_wide,
    "classic": classic,
    "tidy": tidy,
    "open_sdg": open_sdg,
}
_KNOWN = (
    "classic CSV ('Tabelle: …'), flat CSV ('statistics_code;…' or 'Statistik_Code;…'), workbooks "
    "of Regionalstatistik, Zensus 2022 and Bundesagentur, INKAR (CSV, Parquet), Open "
    "SDG ('Year,…,Value'), own figures ('ags,period,measure,…,value'), CSV that a passport maps"
)


def read(path: Path, known: Iterable[Passport]) -> Table:
    """Read the delivery at `path`; raise DataError if it is of no known format, or damaged.

    known: passports whose column map a CSV of no official format may fit.
    """
    where = str(path)
    data = decoding.load(path)
    for reader in READERS.values():
        if reader.recognises(data):
            table: Table = reader.read(data, where)
            return table
    if workbook.is_one(data):
        raise workbook.unknown(data, where)
    if data.startswith(b"PAR1"):
        what = "is a Parquet file without the columns of INKAR"
        raise DataError([Problem(where, what, "export the table as CSV")])
    content = decoding.decode(data, where)
    fitting = [p for p in known if mapped.fits(content, p)]
    if len(fitting) == 1:
        return mapped.read(data, where, fitting[0])
    if fitting:
        numbers = ", ".join(p.table for p in fitting)
        raise UsageError(f"{path}: fits several tables; say which with --table: {numbers}")
    what = (
        f"begins with {content[:60].splitlines()[0]!r} and is none of the known formats: {_KNOWN}"
    )
    next_ = (
        "download it in one of them, or write a passport that maps its columns (docs/formats.md)"
    )
    raise DataError([Problem(f"{where}, row 1", what, next_)])


def fits(table: Table, passport: Passport) -> bool:
    """Say whether a file without a table number has the variables and headers of `passport`.

    A file of INKAR must also have all the headers that the passport has: there a passport names a
    few of several hundred.
    """
    if table.format not in passport.formats or passport.statistic != table.statistic:
        return False
    variables = {row.key for row in passport.rows if row.key}
    try:
        used = {id(passport.column(header)) for header in table.headers}
    except KeyError:
        return False
    whole = table.format != "inkar" or all(id(column) in used for column in passport.columns)
    return whole and variables == set(table.classifiers)
