"""Every chapter in a fork of the warm process and on a plain kernel: the same bytes, or which not.

python benchmarks/plain.py [--kreis K] [--year Y]  (no year: all report years)

Both runs execute everything, figures kept. Two minutes per hundred chapters and core.
"""

import argparse
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

from kreisheft.catalogue import params
from kreisheft.editions import keep_values, plan
from kreisheft.engine import run_jobs
from kreisheft.protected import coverage, field_values

ROOT = Path(__file__).parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kreis", default="recklinghausen")
    parser.add_argument("--year", type=int)
    given = parser.parse_args()
    settings = params.load(ROOT, given.kreis)
    years = [given.year] if given.year else settings.report_years
    folder = ROOT / "build/plain"
    with keep_values.provide_figures(ROOT, settings, 2) as values:
        found = coverage.matrix(ROOT, settings)
        jobs = [
            job
            for year in years
            for job, _ in plan.list_chapters(
                plan.Place(ROOT, settings, year, folder / f"{year}"), found
            )
        ]
        made = {}
        for plain in (False, True):
            start = time.perf_counter()
            run_jobs.run(
                [replace(job, before=None) if plain else job for job in jobs],
                ROOT,
                plain=plain,
                environment={field_values.FOLDER: str(values)},
            )
            made[plain] = [job.output.read_bytes() for job in jobs]
            what = "plain kernels" if plain else "forks"
            print(f"{what}: {len(jobs)} chapters, {time.perf_counter() - start:.0f} s")
    pairs = zip(jobs, made[False], made[True], strict=True)
    other = [job.name for job, one, two in pairs if one != two]
    print(*other, f"{len(jobs)} chapters, {len(other)} of them differ", sep="\n")
    shutil.rmtree(folder)
    return bool(other)


if __name__ == "__main__":
    sys.exit(main())
