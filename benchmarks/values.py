"""All values at once: every indicator with a source, all regions, years and groups, one process.

Run:  .venv/bin/python benchmarks/values.py [INDICATOR]
The measured run is a process of its own, so that its peak memory is that of the values alone. Then
one rate (default: pupils at special schools) against a plain pandas merge over the same facts.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from kreisheft.catalogue import catalogue
from kreisheft.facts import passports, regions
from kreisheft.values import compute_values

ROOT = Path(__file__).parents[1]
ALL = 9999
RUNS = 5
#: The target: seconds for reading and computing, mebibytes at the peak.
TARGET = (10.0, 1024.0)


def everything() -> dict[str, float]:
    """Read all facts, compute all values; what it took."""
    book, known = catalogue.load(ROOT), passports.load(ROOT)
    chosen = [i for i in book.indicators.values() if i.sources]
    before, busy = time.perf_counter(), time.process_time()
    inputs = compute_values.load_inputs(ROOT, book, known, chosen)
    between = time.perf_counter()
    frame = compute_values.compute(inputs, chosen, ALL).frame
    after = time.perf_counter()
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return {
        "indicators": len(chosen),
        "tables": len(inputs.tables),
        "facts": sum(len(t.frame) for t in inputs.tables.values()),
        "values": len(frame),
        "numbers": int(frame["value"].notna().sum()),
        "kreise": len({str(a) for a in frame["ags"].unique()} & set(regions.kreise(ROOT))),
        "read": between - before,
        "compute": after - between,
        "cpu": time.process_time() - busy,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }


def against_pandas(name: str) -> tuple[float, float, int]:
    """Seconds of `indicators.compute` and of a merge in pandas, and how many figures agree."""
    book, known = catalogue.load(ROOT), passports.load(ROOT)
    entry = book.indicator(name)
    inputs = compute_values.load_inputs(ROOT, book, known, [entry])
    first = next(iter(entry.target_groups))

    def ours() -> pd.DataFrame:
        return compute_values.compute(inputs, [entry], ALL, None, [first]).frame

    def theirs() -> pd.DataFrame:
        (source,) = entry.sources
        parts = []
        for group, narrowing in source.groups.items():
            sides = []
            for part, table in (
                ("numerator", source.table),
                ("denominator", source.denominator_table),
            ):
                base = getattr(source, part)
                frame = inputs.tables[table].frame
                extra = {
                    c: v
                    for c, v in narrowing.items()
                    if part == "numerator" or (c in frame.columns and c not in base)
                }
                wanted = {**dict.fromkeys(inputs.tables[table].dimensions, "insgesamt"), **base}
                mask = pd.Series(True, index=frame.index)
                for column, value in {**wanted, **extra}.items():
                    mask &= frame[column] == value
                side = frame[mask].assign(year=frame.loc[mask, "period"].astype(str).str[:4])
                sides.append(side.groupby(["ags", "year"], observed=True)["value"].sum(min_count=1))
            both = pd.merge(*(s.reset_index() for s in sides), on=["ags", "year"])
            rate = 100 * both["value_x"] / both["value_y"].where(both["value_y"] > 0)
            parts.append(both.assign(group=group, value=rate))
        return pd.concat(parts)

    mine, other = ours(), theirs()
    key = ["ags", "year", "group"]
    left = mine.astype({"ags": str, "year": int, "group": str}).set_index(key)["value"]
    right = other.astype({"ags": str, "year": int, "group": str}).set_index(key)["value"]
    same = pd.concat([left.rename("a"), right.rename("b")], axis=1).dropna()
    if len(same) != left.count() or not (same["a"] - same["b"]).abs().max() < 1e-9:
        raise SystemExit(f"{name}: pandas says something else; choose a plain rate of one source")
    return _median(ours), _median(theirs), len(same)


def _median(call: Callable[[], Any]) -> float:
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return median(times)


if __name__ == "__main__":
    if sys.argv[1:] == ["--measured"]:
        print(json.dumps(everything()))
        raise SystemExit
    command = [sys.executable, __file__, "--measured"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    print(
        f"{found['values']:,} values ({found['numbers']:,} with a number) of"
        f" {found['indicators']} indicators in {found['kreise']} Kreise,"
        f" from {found['facts']:,} facts in {found['tables']} tables"
    )
    print(
        f"read {found['read']:.2f} s, compute {found['compute']:.2f} s,"
        f" peak {found['peak']:.0f} MiB"
    )
    # Beside other work the time of the processor says more than the clock.
    print(f"together {found['read'] + found['compute']:.2f} s, processor {found['cpu']:.2f} s")
    print(f"target {TARGET[0]:.0f} s and {TARGET[1]:.0f} MiB")
    name = sys.argv[1] if len(sys.argv) > 1 else "foerderschulquote"
    ours, theirs, count = against_pandas(name)
    print(
        f"{name}, {count:,} figures: {ours:.3f} s, pandas {theirs:.3f} s, ratio {ours / theirs:.2f}"
    )
