"""Is every value cell of an official file a fact?

Run:  .venv/bin/python benchmarks/lossless.py FOLDER > benchmarks/lossless.md

FOLDER: deliveries, searched with all folders below. The value cells of a file are counted
independently of our readers: CSV with `csv.reader`, workbooks with openpyxl, Parquet with pyarrow.
They must be the facts, plus cells that repeat another with the same figure, plus what the passport
skips by name. Files without a passport here get the one that `kreisheft passport` drafts.
"""

import csv
import gzip
import io
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pyarrow.parquet as parquet

from kreisheft.core.errors import DataError, UsageError
from kreisheft.deliveries import mapping, passport_draft, readers
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import passports
from kreisheft.facts.passports import Passport

ROOT = Path(__file__).parents[1]
SIGNS = ("-", ".", "x", "/", "...")
FIELDS = {"title": "x", "concept": "AUSL", "stand": "2024-01-01"}


def drafted(table: Table, folder: Path) -> Passport:
    """Return a passport as drafted, its open places filled with anything."""
    written = passport_draft.draft(table, number="x-1", source="x")
    for key, value in FIELDS.items():
        written = re.sub(rf'^{key}: "\?\?\?"', f'{key}: "{value}"', written, flags=re.M)
    path = folder / "data/sources/x/x-1.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written.replace(': "???"', ": Anzahl"), encoding="utf-8")
    return passports.read(folder, path)


def counted(path: Path, table: Table) -> int:
    """Count the value cells of a file without our readers."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        content = parquet.read_metadata(path)
        return content.num_rows * (content.num_columns - 4)
    if path.suffix == ".xlsx":
        return workbook(io.BytesIO(data))
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    if table.format == "mapped":
        rows = list(csv.reader(io.StringIO(text)))
        return sum(1 for row in rows[1:] if row) * len(table.heads)
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    if table.format == "classic":
        end = next(n for n, row in enumerate(rows) if row and row[0].startswith("_____"))
        wide = [row for row in rows[1:end] if len(row) > 1]
        body = [row for row in wide if row[0].strip() and row[1].strip()]
        head = [row for row in wide if not row[0].strip()]
        lead = min(next(n for n, cell in enumerate(row) if cell.strip()) for row in head)
        return len(body) * (len(body[0]) - lead)
    measures = 1 if table.format == "flat" else sum("__" in name for name in rows[0])
    return sum(1 for row in rows[1:] if row) * measures


def workbook(data: io.BytesIO) -> int:
    """Count figures and signs: on sheets ``CSV-…`` if there are any, else right of the labels."""
    book = openpyxl.load_workbook(data, data_only=True)
    sheets = [book[name] for name in book.sheetnames if name.startswith("CSV-")]
    if sheets:
        return sum((sheet.max_row - 1) * (sheet.max_column - 4) for sheet in sheets)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    body = [row[3:] for row in rows if isinstance(row[3], float) or row[3] in SIGNS]
    return sum(cell is not None for row in body for cell in row)


def line(path: Path, known: dict[str, Passport], folder: Path) -> str:
    """Return the table row of a file."""
    try:
        table = readers.read(path, known.values())
    except UsageError:  # two tables of one layout: their cells are counted alike
        table = readers.read(path, [known["ba-beschaeftigte-wohnort"]])
    fitting = [known[table.number]] if table.number in known else []
    fitting = fitting or [p for p in known.values() if readers.fits(table, p)][:1]
    fitting = [p for p in fitting if table.format in p.formats]
    passport = fitting[0] if fitting else drafted(table, folder)
    mapped = mapping.map_facts(table, passport, path.name, "2024-01-01")
    cells, facts = counted(path, table), len(mapped.frame)
    right = cells == facts + mapped.repeated + mapped.skipped
    columns = (cells, facts, mapped.repeated, mapped.skipped)
    whose = "own" if fitting else "drafted"
    figures = " | ".join(f"{n:,}" for n in columns)
    return f"| {path.name} | {table.format} | {whose} | {figures} | {'yes' if right else 'NO'} |"


def main(folder: Path) -> None:
    known = passports.load(ROOT)
    for path in sorted((ROOT / "benchmarks/passports").rglob("*.yml")):
        known[path.stem] = passports.read(ROOT, path)
    print("# Value cells and facts\n")
    print("Made by `benchmarks/lossless.py`. All regions of a file, before any is left out.\n")
    print("| file | format | passport | value cells | facts | repeated | skipped | equal |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | --- |")
    refused = []
    for path in sorted(
        p for p in folder.rglob("*") if p.suffix in (".csv", ".gz", ".xlsx", ".parquet")
    ):
        with TemporaryDirectory() as empty:
            try:
                print(line(path, known, Path(empty)))
            except DataError as error:
                refused.append(f"* {path.name}: {error.problems[0].what[:110]}")
    print("\nRefused, because they hold no figures of regions, or need a column map first:\n")
    print("\n".join(refused))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
