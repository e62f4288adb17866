"""How fast official CSV is read, and that every value cell of it arrives.

Run:  .venv/bin/python benchmarks/reading.py FOLDER [--large]

FOLDER: official deliveries, searched with all folders below. For every CSV: our reader against
``pandas.read_csv(..., dtype=str)`` on the same bytes in the same run, best of five each; and the
value cells counted by `csv.reader` against those of our table. --large: also a table of 100 MB,
made from the largest classic one, in a process of its own, with its peak memory.
Prints Markdown. Machines are shared and noisy: trust ratios.
"""

import csv
import gc
import io
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from kreisheft.deliveries.readers import classic, decoding, flat, flat_wide

READERS = {"classic": classic, "flat": flat, "flat_wide": flat_wide}
RUNS = 5
LARGE = 500_000
MEGABYTE = 1_000_000
#: Run in a process of its own, so that its peak is that of one call.
PEAK = """
import io, sys, time
import pandas as pd
from kreisheft.deliveries.readers import classic
data = open(sys.argv[1], "rb").read()
begin = time.perf_counter()
{call}
spent = time.perf_counter() - begin
# getrusage would also count the peak of the process that started this one.
status = open("/proc/self/status").read()
print(spent, status.split("VmHWM:")[1].split()[0])
"""
OURS = "table = classic.read(data, sys.argv[1]); assert table.cells == int(sys.argv[2])"
THEIRS = (
    "pd.read_csv(io.BytesIO(data), sep=';', header=None, names=range(int(sys.argv[3])), dtype=str)"
)


def best(call: Callable[[], object]) -> float:
    spent = []
    for _ in range(RUNS):
        gc.collect()
        begin = time.perf_counter()
        call()
        spent.append(time.perf_counter() - begin)
    return min(spent)


def encoding(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding(data)), newline=""), delimiter=";"))


def counted(name: str, rows: list[list[str]]) -> int:
    """Count value cells: data rows times value columns, by rules of their own."""
    if name == "flat":
        return len(rows) - 1
    if name == "flat_wide":
        measures = [c for c in rows[0] if "__" in c and not c.endswith("__q")]
        return (len(rows) - 1) * len(measures)
    end = next(i for i, row in enumerate(rows) if row and set(row[0]) == {"_"})
    head = [row for row in rows[1:end] if len(row) > 1 and not row[0] and any(row)]
    lead = min(next(i for i, cell in enumerate(row) if cell) for row in head)
    first = rows.index(head[-1]) + 1
    return sum(len(row) - lead for row in rows[first:end])


def measured(path: Path, data: bytes, name: str) -> tuple[str, int, float, float, bool]:
    reader = READERS[name]
    rows = rows_of(data)
    width = max(map(len, rows))
    cells, read = counted(name, rows), reader.read(data, path.name).cells
    ours = best(lambda: reader.read(data, path.name))
    code = encoding(data)
    theirs = best(
        lambda: pd.read_csv(
            io.BytesIO(data), sep=";", header=None, names=range(width), dtype=str, encoding=code
        )
    )
    line = (
        f"| {path.name} | {name} | {len(data):,} | {ours * 1000:.1f} | {theirs * 1000:.1f} "
        f"| {ours / theirs:.2f} | {cells:,} | {read:,} |"
    )
    return line, len(data), ours, theirs, cells == read


def large(paths: list[Path], folder: Path) -> None:
    """Measure a classic table of 100 MB: the rows of one period, with other years."""
    source = max(
        (p for p in paths if classic.recognises(p.read_bytes()[:100])),
        key=lambda p: p.stat().st_size,
    )
    data = decoding.load(source)
    top, footer = data.split(b"\n__________", 1)
    lines = top.split(b"\n")
    first = next(i for i, line in enumerate(lines) if re.match(rb"\d{4};", line))
    head, year = lines[:first], lines[first][:4]
    rows = [line[4:] for line in lines[first:] if line.startswith(year + b";")]
    copies = 100 * MEGABYTE // sum(len(row) + 5 for row in rows) + 1
    body = (b"%d" % (1000 + i) + row for i in range(copies) for row in rows)
    target = folder / "large.csv"
    target.write_bytes(b"\n".join([*head, *body]) + b"\n__________" + footer)
    width = lines[first].count(b";") + 1
    lead = next(i for i, cell in enumerate(lines[first - 1].split(b";")) if cell)
    cells = copies * len(rows) * (width - lead)
    print(
        f"\n{target.stat().st_size / MEGABYTE:.0f} MB, {cells:,} cells, made from {source.name}:\n"
    )
    print("| | s | peak MiB |\n| --- | --- | --- |")
    for name, call in (("ours", OURS), ("pandas.read_csv", THEIRS)):
        code = PEAK.format(call=call)
        arguments = [sys.executable, "-c", code, str(target), str(cells), str(width)]
        found = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        spent, peak = found.split()
        print(f"| {name} | {float(spent):.1f} | {int(peak) / 1024:.0f} |")


def main(folder: Path, *, with_large: bool) -> None:
    paths = sorted(p for p in folder.rglob("*") if p.name.endswith((".csv", ".csv.gz")))
    print("| file | format | bytes | ours ms | pandas ms | ratio | cells counted | cells read |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    results = []
    for path in paths:
        data = decoding.load(path)
        name = next((n for n, reader in READERS.items() if reader.recognises(data)), None)
        if name is not None:
            results.append(measured(path, data, name))
            print(results[-1][0], flush=True)
    big = [result for result in results if result[1] > LARGE]
    ours, theirs = sum(r[2] for r in big), sum(r[3] for r in big)
    print(
        f"\n{len(big)} files above 500 kB: ours {ours:.2f} s, pandas {theirs:.2f} s, "
        f"ratio {ours / theirs:.2f}, worst {max(r[2] / r[3] for r in big):.2f}."
    )
    equal = sum(r[4] for r in results)
    print(f"Value cells as counted in {equal} of {len(results)} files.")
    if with_large:
        with TemporaryDirectory() as temporary:
            large(paths, Path(temporary))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--large"]):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), with_large=len(sys.argv) == 3)
