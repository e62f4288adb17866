"""Ours against plain tools, on the same notebooks in one run: chapters, site, changes, growth.

python benchmarks/building.py [--kreis K] [--year Y] [--every 1] > benchmarks/building.md

Chapters: all of one edition, or of the pages per indicator every N-th. The peers are papermill with
its own engine (a kernel per notebook, figures computed from the facts in each), serial and with two
processes, and ploomber-engine where it is installed. The floor: the same cells as a script in one
warm process, figures computed before, and once more computed by it. Site: plain Jupyter Book on
what papermill made, against our command on a copy of the project without anything kept, then with
one change each.
Growth: notebooks of one small cell, each count in a process of its own. Ratios of one run count,
seconds do not: machines are noisy.
"""

import argparse
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from kreisheft.catalogue import params
from kreisheft.core import cache, project
from kreisheft.editions import keep_values, plan
from kreisheft.engine import run_jobs
from kreisheft.protected import coverage, field_values

ROOT = Path(__file__).parents[1]
#: Unemployment of foreigners, Kreis Recklinghausen, 2025.
FIGURE = ("data/facts/regionalstatistik/13211-02-05-4.csv", ",6919,14187,9.3,8.7,8.8,8.5,23.5")
#: How many small notebooks, with how many workers.
SMALL = ((10, 1), (100, 1), (10, 2), (100, 2), (1000, 2))
SPENT = re.compile(r"([\d.]+) s\. Waiting")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kreis", default="recklinghausen")
    parser.add_argument("--year", type=int, default=2024)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    rows: list[tuple[str, int, float]] = []
    with TemporaryDirectory(prefix="kreisheft-bench-") as name:
        folder = Path(name)
        settings = params.load(ROOT, given.kreis)
        with keep_values.provide_figures(ROOT, settings, 2) as values:
            found = coverage.matrix(ROOT, settings)
        place = plan.Place(ROOT, settings, given.year, ROOT / "build/bench")
        entries = [job for job, _ in plan.list_chapters(place, found)]
        every_edition = sum(
            len(plan.list_chapters(replace(place, year=year), found))
            for year in settings.report_years
        )
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
        with told(rows, "floor: the cells in two warm processes at once", len(jobs)):
            spent = script(cells_alone, jobs, one, 2)
        rows[-1] = (rows[-1][0], rows[-1][1], spent)
        with told(rows, "floor: figures and cells in one warm process", len(jobs)):
            spent = script(cells_alone, jobs, {field_values.FOLDER: ""})
        rows[-1] = (rows[-1][0], rows[-1][1], spent)
        del os.environ[field_values.FOLDER]
        with told(rows, "ours cold: figures and chapters, two workers", len(jobs)):
            # In a process that has no warm one yet; this one may have made figures with its own.
            spent = script(figures_too, jobs, {})
        rows[-1] = (rows[-1][0], rows[-1][1], spent)
        run_jobs.run(jobs[:2], ROOT, 2, environment=one)
        with told(rows, "ours, warm process there: figures and chapters, two workers", len(jobs)):
            figures_too(jobs)
        with told(rows, "ours, figures kept: chapters, two workers", len(jobs)):
            run_jobs.run(jobs, ROOT, 2, environment=one)
        with told(rows, "ours, figures kept: chapters, one worker", len(jobs)):
            run_jobs.run(jobs, ROOT, 1, environment=one)
        known = [replace(j, inputs={"run": folder.name}) for j in jobs]
        run_jobs.run(known, ROOT, 2, keep=True, environment=one)
        with told(rows, "ours, nothing changed", len(jobs)):
            run_jobs.run(known, ROOT, 2, keep=True, environment=one)
        with told(rows, "plain Jupyter Book of what papermill made", len(jobs)):
            plain_book(jobs, folder / "plain")
        sites = changes(given.kreis, given.year, folder / "copy")
        grown = [growth(folder, n, w) for n, w in SMALL]
    shutil.rmtree(ROOT / "build/bench", ignore_errors=True)
    counts = (len(entries), every_edition)
    print(table(rows), site_table(rows, sites, counts), growth_table(grown), sep="\n\n")


def plain_book(jobs: list[run_jobs.Job], folder: Path) -> None:
    """Jupyter Book as it comes, on the notebooks of the first peer, in one flat list."""
    names = []
    for job in jobs:
        name = job.output.relative_to(ROOT / "build/bench").with_suffix("")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(job.output.with_suffix(".peer.ipynb"), folder / f"{name}.ipynb")
        names.append(name.as_posix())
    chapters = "".join(f"- file: {name}\n" for name in names[1:])
    toc = f"format: jb-book\nroot: {names[0]}\nchapters:\n{chapters}"
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    config = "title: Bericht\nexecute: {execute_notebooks: 'off'}\nonly_build_toc_files: true\n"
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    log = folder.with_suffix(".log").open("wb")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(folder)]
    subprocess.run(command, stdout=log, stderr=log, check=True)


def changes(kreis: str, year: int, copy: Path) -> list[tuple[str, float]]:
    """Seconds of our command on a copy of the project: cold, and after one change each."""
    ours = ("data", "params", "notebooks", "book", "editions", "_config.yml", "_toc.yml")
    for path in (ROOT / name for name in ours):
        if path.is_dir():
            shutil.copytree(path, copy / path.name)
        elif path.is_file():
            copy.mkdir(exist_ok=True)
            shutil.copyfile(path, copy / path.name)
    command = [str(Path(sys.executable).with_name("kreisheft")), "build", kreis]
    environment = os.environ | {project.ROOT_VARIABLE: str(copy)}
    one_figure = replacing(copy / FIGURE[0], FIGURE[1], FIGURE[1][:-1] + "{}")
    one_word = replacing(copy / "notebooks/arbeit.ipynb", "Jede Bewertung", "Jede Bewertung {}")
    found = []

    def timed(name: str, *more: str) -> None:
        print(name, "...", file=sys.stderr, flush=True)
        start = time.perf_counter()
        subprocess.run([*command, *more], env=environment, check=True, capture_output=True)
        found.append((name, time.perf_counter() - start))
        print(f"    {found[-1][1]:.1f} s", file=sys.stderr, flush=True)

    timed("ours, this edition, cold", "--year", str(year))
    shutil.rmtree(copy / "build")
    timed("ours, all editions, cold")
    timed("nothing changed")
    one_figure(1)
    timed("one figure changed")
    one_word(1)
    timed("one word of a template changed")
    with subprocess.Popen(
        [*command, "--watch"], env=environment, stderr=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stderr
        said = (SPENT.match(line) for line in watching.stderr)
        spent = (float(match[1]) for match in said if match)
        next(spent)
        one_figure(2)
        found.append(("one figure changed, --watch", next(spent)))
        one_figure(3)
        found.append(("another figure changed, --watch", next(spent)))
        one_word(2)
        found.append(("one word of a template changed, --watch", next(spent)))
        watching.send_signal(signal.SIGINT)
    return found


def replacing(path: Path, old: str, new: str) -> Callable[[int], None]:
    """Write the file with its one `old` text made `new`, with a number in it."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old, text.count(old))
    return lambda n: path.write_text(text.replace(old, new.format(n)), encoding="utf-8") and None


def growth(folder: Path, count: int, workers: int) -> tuple[int, int, float, float]:
    """Count, workers, seconds, and the largest process in MB: calling one or a child of it."""
    print(count, "small notebooks,", workers, "workers ...", file=sys.stderr, flush=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        spent, size = pool.submit(grown, folder, count, workers).result()
    return count, workers, spent, size


def grown(folder: Path, count: int, workers: int) -> tuple[float, float]:
    """Run that many small notebooks; seconds, and megabytes of the largest process."""
    jobs = [trivial(folder, n) for n in range(count)]
    start = time.perf_counter()
    run_jobs.run(jobs, folder, workers)
    spent = time.perf_counter() - start
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return spent, max(resource.getrusage(one).ru_maxrss for one in who) / 1024


@contextmanager
def told(rows: list[tuple[str, int, float]], name: str, count: int):
    print(name, "...", file=sys.stderr, flush=True)
    start = time.perf_counter()
    yield
    rows.append((name, count, time.perf_counter() - start))
    print(f"    {rows[-1][2]:.1f} s", file=sys.stderr, flush=True)


def papermill_alone(job: run_jobs.Job) -> None:
    """Papermill as it comes: its own engine, a kernel for this notebook."""
    import papermill

    os.environ |= {project.ROOT_VARIABLE: str(ROOT), project.BOOK_VARIABLE: "1"}
    os.environ.pop(field_values.FOLDER, None)
    output = job.output.with_suffix(".peer.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    for last in (False, False, True):
        try:
            papermill.execute_notebook(
                str(job.template),
                str(output),
                parameters=dict(job.parameters),
                kernel_name="python3",
                progress_bar=False,
                cwd=str(ROOT),
            )
        except RuntimeError as error:
            # Two kernels that start at once may choose one port (nteract/papermill#511).
            if last or "died before replying" not in str(error):
                raise
        else:
            return


def script(
    function, jobs: list[run_jobs.Job], environment: dict[str, str], processes: int = 1
) -> float:
    """Call a function with all jobs in new processes, a part in each; return its largest result."""
    os.environ |= environment
    parts = [jobs[n::processes] for n in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return max(pool.map(function, parts))


def figures_too(jobs: list[run_jobs.Job]) -> float:
    """Compute the figures of a Kreis anew and run all its jobs; return the seconds."""
    kreis = str(jobs[0].parameters["kreis"])
    shutil.rmtree(cache.folder(ROOT) / keep_values.KEPT.folder)
    start = time.perf_counter()
    with keep_values.provide_figures(ROOT, params.load(ROOT, kreis), 2) as kept:
        run_jobs.run(jobs, ROOT, 2, environment={field_values.FOLDER: str(kept)})
    return time.perf_counter() - start


def cells_alone(jobs: list[run_jobs.Job]) -> float:
    """Run the cells of all jobs one after the other; return the seconds without the imports."""
    os.environ |= {project.ROOT_VARIABLE: str(ROOT), project.BOOK_VARIABLE: "1"}
    import kreisheft.chapters.chapter
    from kreisheft.editions import preload

    preload.draw_charts()
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


def ploomber_all(jobs: list[run_jobs.Job]) -> float:
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


def trivial(folder: Path, number: int) -> run_jobs.Job:
    """A notebook with one small cell, in a project of its own."""
    template = folder / "notebooks/klein.ipynb"
    if not template.is_file():
        template.parent.mkdir(parents=True)
        cells = [
            nbformat.v4.new_code_cell("n = 0", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell("n * n"),
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        metadata = {"kernelspec": kernel}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), template)
    return run_jobs.Job(template, folder / f"out/{number}.ipynb", {"n": number}, "Klein")


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


def site_table(
    rows: list[tuple[str, int, float]], sites: list[tuple[str, float]], counts: tuple[int, int]
) -> str:
    """Pages: what the plain tools take, and what our command takes.

    counts: chapters of the edition and of all editions. Of the plain tools each chapter counts as
    much as the measured ones on average; Jupyter Book with its whole navigation on each page takes
    more than that with more pages, so this favours the plain tools.
    """
    book = next(spent for name, _, spent in rows if name.startswith("plain"))
    each = (rows[0][2] + book) / rows[0][1]
    lines = [
        "| command | seconds | papermill serial + plain Jupyter Book | |",
        "| --- | --- | --- | --- |",
    ]
    for name, spent in sites:
        plain = each * counts["all editions, cold" in name]
        whole = "cold" in name
        lines.append(
            f"| {name} | {spent:.1f} | {plain:.0f} s | {plain / spent:.1f} × |"
            if whole
            else f"| {name} | {spent:.1f} | | |"
        )
    return "\n".join(lines)


def growth_table(grown: list[tuple[int, int, float, float]]) -> str:
    """Small notebooks: seconds, and the largest process."""
    lines = [
        "| small notebooks | workers | seconds | each | largest process, MB |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {n} | {w} | {s:.1f} | {s / n:.3f} | {size:.0f} |" for n, w, s, size in grown]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
