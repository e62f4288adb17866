"""Ours against plain tools, on the same notebooks in one run: chapters, site, changes, growth.

python benchmarks/building.py [--kreis K] [--year Y] [--every 7] > benchmarks/building.md

Chapters: all of one edition, of the pages per indicator every seventh. The peers are papermill with
its own engine (a kernel per notebook, figures computed from the facts in each), serial and with two
processes, and ploomber-engine where it is installed. The floor: the same cells as a script in one
warm process, figures computed before. Ratios of one run count, seconds do not: machines are noisy.
"""

import argparse
import os
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from kreisheft import coverage, edition, engine, field_values, params, plan, project

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kreis", default="recklinghausen")
    parser.add_argument("--year", type=int, default=2024)
    parser.add_argument("--every", type=int, default=7)
    given = parser.parse_args()
    rows: list[tuple[str, int, float]] = []
    with TemporaryDirectory(prefix="kreisheft-bench-") as name:
        folder = Path(name)
        settings = params.load(ROOT, given.kreis)
        with edition.figures(ROOT, settings, 2) as values:
            found = coverage.matrix(ROOT, settings)
        place = plan.Place(ROOT, settings, given.year, ROOT / "build/bench")
        entries = [job for job, _ in plan.chapters(place, found)]
        pages = [j for j in entries if j.template.stem == params.INDICATOR]
        jobs = [j for j in entries if j not in pages] + pages[:: given.every]
        one = {field_values.FOLDER: str(values)}

        with told(rows, "papermill, serial", len(jobs)):
            for job in jobs:
                papermill_alone(job)
        with told(rows, "papermill, two processes", len(jobs)):
            spawn = get_context("spawn")
            with ProcessPoolExecutor(2, mp_context=spawn) as pool:
                list(pool.map(papermill_alone, jobs))
        if find_spec("ploomber_engine"):
            with told(rows, "ploomber-engine, one process, no isolation", len(jobs)):
                script(ploomber_all, jobs, {})
        with told(rows, "floor: the cells in one warm process", len(jobs)):
            spent = script(cells_alone, jobs, one)
        rows[-1] = (rows[-1][0], rows[-1][1], spent)
        shutil.rmtree(ROOT / "build/values" / given.kreis)
        with (
            told(rows, "ours cold: figures and chapters, two workers", len(jobs)),
            edition.figures(ROOT, settings, 2) as kept,
        ):
            engine.run(jobs, ROOT, 2, environment={field_values.FOLDER: str(kept)})
        with told(rows, "ours, figures kept: chapters, two workers", len(jobs)):
            engine.run(jobs, ROOT, 2, environment=one)
        with told(rows, "ours, figures kept: chapters, one worker", len(jobs)):
            engine.run(jobs, ROOT, 1, environment=one)
        known = [replace(j, inputs={"same": "1"}) for j in jobs]
        engine.run(known, ROOT, 2, kept=folder / "store", environment=one)
        with told(rows, "ours, nothing changed", len(jobs)):
            engine.run(known, ROOT, 2, kept=folder / "store", environment=one)
        for count in (10, 100, 1000):
            many = [trivial(folder, n) for n in range(count)]
            with told(rows, f"{count} trivial notebooks", count):
                engine.run(many, folder, 2)
    shutil.rmtree(ROOT / "build/bench", ignore_errors=True)
    print(table(rows))


@contextmanager
def told(rows: list[tuple[str, int, float]], name: str, count: int):
    print(name, "...", file=sys.stderr, flush=True)
    start = time.perf_counter()
    yield
    rows.append((name, count, time.perf_counter() - start))


def papermill_alone(job: engine.Job) -> None:
    """Papermill as it comes: its own engine, a kernel for this notebook."""
    import papermill

    os.environ |= {project.ROOT_VARIABLE: str(ROOT), project.BOOK_VARIABLE: "1"}
    os.environ.pop(field_values.FOLDER, None)
    output = job.output.with_suffix(".peer.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    papermill.execute_notebook(
        str(job.template),
        str(output),
        parameters=dict(job.parameters),
        kernel_name="python3",
        progress_bar=False,
        cwd=str(ROOT),
    )


def script(function, jobs: list[engine.Job], environment: dict[str, str]) -> float:
    """Call a function with all jobs in a new process; return what it returns."""
    os.environ |= environment
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, jobs).result()


def cells_alone(jobs: list[engine.Job]) -> float:
    """Run the cells of all jobs one after the other; return the seconds without the imports."""
    os.environ |= {project.ROOT_VARIABLE: str(ROOT), project.BOOK_VARIABLE: "1"}
    import kreisheft.chapter
    from kreisheft import charts

    charts.draw()
    assert kreisheft.chapter
    sources = {}
    for job in jobs:
        notebook = nbformat.read(job.template, as_version=4)
        code = [c for c in notebook.cells if c.cell_type == "code"]
        sources[job.template] = [
            c.source for c in code if "parameters" not in c.metadata.get("tags", [])
        ]
    start = time.perf_counter()
    for job in jobs:
        space = dict(job.parameters)
        for source in sources[job.template]:
            *rest, last = source.rstrip().split("\n")
            exec("\n".join(rest), space)
            try:
                shown = eval(last, space)
            except SyntaxError:
                exec(last, space)
                continue
            if hasattr(shown, "_repr_mimebundle_"):
                shown._repr_mimebundle_()
    return time.perf_counter() - start


def ploomber_all(jobs: list[engine.Job]) -> float:
    """ploomber-engine: all notebooks in this one process."""
    from ploomber_engine import execute_notebook

    os.environ |= {project.ROOT_VARIABLE: str(ROOT), project.BOOK_VARIABLE: "1"}
    start = time.perf_counter()
    for job in jobs:
        output = job.output.with_suffix(".peer.ipynb")
        execute_notebook(
            str(job.template), str(output), parameters=dict(job.parameters), cwd=str(ROOT)
        )
    return time.perf_counter() - start


def trivial(folder: Path, number: int) -> engine.Job:
    """A notebook with one small cell, in a project of its own."""
    template = folder / "notebooks/klein.ipynb"
    if not template.is_file():
        template.parent.mkdir(parents=True)
        cells = [
            nbformat.v4.new_code_cell("n = 0", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell("n * n"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), template)
    return engine.Job(template, folder / f"out/{number}.ipynb", {"n": number}, "Klein")


def table(rows: list[tuple[str, int, float]]) -> str:
    first = rows[0][2] / rows[0][1]
    lines = [
        f"# Building, {rows[0][1]} chapters on {os.cpu_count()} cores\n",
        "| what | notebooks | seconds | each | papermill serial = 1 | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, count, spent in rows:
        each = spent / count
        bar = "█" * max(1, round(30 * each / first))
        lines.append(
            f"| {name} | {count} | {spent:.1f} | {each:.3f} | {first / each:.1f} × | {bar} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
