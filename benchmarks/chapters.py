"""Where the time of a book goes: reading facts, computing, one chapter as a kernel and as a script.

Run:  .venv/bin/python benchmarks/chapters.py [TEMPLATE]
Prints one line per step; compare lines of one run only, for machines are shared and noisy.
"""

import ast
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import nbformat
import papermill

from kreisheft.catalogue import params
from kreisheft.facts import fact_files
from kreisheft.protected import coverage

ROOT = Path(__file__).parent.parent
RUNS = 3


@contextmanager
def timed(name: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    print(f"{name:<58} {time.perf_counter() - begin:7.2f} s", flush=True)


def cells(template: Path) -> None:
    """Execute the cells of a template in this process and make every output."""
    names: dict[str, object] = {}
    for cell in nbformat.read(template, as_version=4).cells:
        if cell.cell_type == "code":
            body = ast.parse(cell.source).body
            last = body.pop() if isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
            if isinstance(last, ast.Expr):
                shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
                shown._repr_mimebundle_()


def median_of(runs: int, call: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return median(times)


def main(name: str = "arbeit") -> None:
    os.environ |= {"KREISHEFT_ROOT": str(ROOT), "KREISHEFT_BOOK": "1"}
    template = ROOT / "notebooks" / f"{name}.ipynb"
    with timed(f"all facts read ({len(fact_files.tables(ROOT))} tables)"):
        for table in fact_files.tables(ROOT):
            fact_files.load(ROOT, table)
    settings = params.load(ROOT, "recklinghausen")
    with timed("all values of all years, target groups, regions"):
        coverage.matrix(ROOT, settings)
    with TemporaryDirectory() as folder:
        output = f"{folder}/out.ipynb"

        def kernel() -> None:
            papermill.execute_notebook(
                str(template), output, kernel_name="python3", progress_bar=False, cwd=str(ROOT)
            )

        cold = median_of(RUNS, kernel)
    cells(template)
    warm = median_of(RUNS, lambda: cells(template))
    print(f"{f'chapter {name}: papermill, a kernel of its own':<58} {cold:7.2f} s")
    print(f"{f'chapter {name}: the same cells in a warm process (floor)':<58} {warm:7.2f} s")
    print(f"{'ratio':<58} {cold / warm:7.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
