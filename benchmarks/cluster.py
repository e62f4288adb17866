"""The chapters of one edition on a Dask cluster of this machine: one worker against two.

Run:  .venv/bin/python benchmarks/cluster.py [KREIS] [YEAR]
Figures are kept beforehand, chapters are not. A worker has one thread; it gets the files and
warms up before it is measured, in both cases. Prints the ratio; compare within one run only.
"""

import os
import sys
import time
from pathlib import Path

from distributed import LocalCluster

from kreisheft.catalogue import params
from kreisheft.editions import keep_values, plan
from kreisheft.engine import cluster, run_jobs
from kreisheft.protected import coverage, field_values

ROOT = Path(__file__).parents[1]


def seconds(jobs: list[run_jobs.Job], values: Path, workers: int) -> float:
    environment = {field_values.FOLDER: str(values)}
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as started:
        address = started.scheduler_address
        with cluster.session(address):
            before = time.perf_counter()
            run_jobs.run(jobs[: 4 * workers], ROOT, environment=environment, scheduler=address)
            begin = time.perf_counter()
            run_jobs.run(jobs, ROOT, environment=environment, scheduler=address)
            end = time.perf_counter()
    print(f"{workers} worker(s): {end - begin:.1f} s, start {begin - before:.1f} s", flush=True)
    return end - begin


def main(kreis: str = "recklinghausen", year: str = "2024") -> None:
    settings = params.load(ROOT, kreis)
    with keep_values.provide_figures(ROOT, settings, 2) as values:
        place = plan.Place(ROOT, settings, int(year), ROOT / "build/benchmark/notebooks")
        entries = plan.list_chapters(place, coverage.matrix(ROOT, settings))
        jobs = [job for job, _ in entries]
        print(f"{len(jobs)} chapters, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        one = seconds(jobs, values, 1)
        here = {job.output: job.output.read_bytes() for job in jobs}
        two = seconds(jobs, values, 2)
        same = all(job.output.read_bytes() == here[job.output] for job in jobs)
        begin = time.perf_counter()
        environment = {field_values.FOLDER: str(values)}
        run_jobs.run(jobs, ROOT, 2, environment=environment)
        local = time.perf_counter() - begin
        same &= all(job.output.read_bytes() == here[job.output] for job in jobs)
    print(f"without Dask, 2 processes: {local:.1f} s; load {os.getloadavg()[0]:.1f}")
    print(f"ratio {one / two:.2f} (target 1.7), bytes {'equal' if same else 'DIFFERENT'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
