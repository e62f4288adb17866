"""What the cells of a template cost: processor seconds of one chapter in a warm process.

Run:  .venv/bin/python benchmarks/cells.py [TEMPLATE …]
The values of all fields are computed before, as in a build. Processor time of the child that runs
the cells, median of RUNS; the clock would tell what else the machine does.
"""

import os
import sys
from pathlib import Path
from statistics import median

from kreisheft.catalogue import params
from kreisheft.editions import keep_values
from kreisheft.engine import chapter_job, worker_pool
from kreisheft.protected import field_values

ROOT = Path(__file__).parents[1]
KREIS, YEAR, GROUP, INDICATOR = "recklinghausen", 2024, "gesamt", "arbeitslosenquote"
RUNS = 5


def seconds(task: chapter_job.Task) -> float:
    """Processor seconds of the children in which the cells ran; an error ends the measurement."""
    before = os.times()
    made = chapter_job.execute(task)
    after = os.times()
    if not isinstance(made, bytes):
        raise SystemExit(str(made))
    return after.children_user + after.children_system - before[2] - before[3]


def task_of(name: str, folder: Path) -> chapter_job.Task:
    """One chapter of the template for Kreis Recklinghausen."""
    chosen: dict[str, str | int] = {"kreis": KREIS, "year": YEAR}
    if name == params.INDICATOR:
        chosen[params.INDICATOR] = INDICATOR
    elif not params.is_about_all(name):
        chosen["target_group"] = GROUP
    out = ROOT / "build" / "cells" / f"{name}.ipynb"
    job = chapter_job.Job(ROOT / "notebooks" / f"{name}.ipynb", out, chosen, name)
    return chapter_job.Task(job, ROOT, "kreisheft", {field_values.FOLDER: str(folder)})


def main(names: list[str]) -> None:
    names = names or sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    settings = params.load(ROOT, KREIS)
    with keep_values.provide_figures(ROOT, settings, 2) as folder:
        tasks = [task_of(name, folder) for name in names for _ in range(RUNS)]
        found: dict[str, list[float]] = {name: [] for name in names}
        for place, taken in worker_pool.each(seconds, tasks, 1, str(ROOT)):
            found[names[place // RUNS]].append(taken)
    for name, times in found.items():
        print(f"{name:<16} {median(times):5.2f} s  ({min(times):.2f} to {max(times):.2f})")


if __name__ == "__main__":
    main(sys.argv[1:])
