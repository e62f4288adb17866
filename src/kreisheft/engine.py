"""Stage 6: templates → executed chapters, by papermill, one fresh kernel per chapter.

In: `Job`s. Out: one notebook per job, byte-identical whenever template, parameters and data are:
times, random ids, paths and versions are taken out. A job that fails leaves no chapter; its
notebook, with papermill's banner at the failing cell, is kept beside as ``<name>.fehler.ipynb``.
"""

import ast
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from tqdm import tqdm
from traitlets.config import Config

from kreisheft import project
from kreisheft.errors import Problem, raise_if

#: Seconds a cell may take; the slowest takes five.
TIMEOUT = 300

Parameters = Mapping[str, str | int]


@dataclass(frozen=True)
class Job:
    """One chapter to execute.

    template:   notebook with one cell tagged ``parameters``
    output:     where the executed notebook goes
    parameters: values for that cell; every name and type must be the cell's own
    title:      first heading of the chapter
    """

    template: Path
    output: Path
    parameters: Parameters
    title: str

    @property
    def name(self) -> str:
        """Template and parameters in a few words, for messages."""
        return f"{self.template.stem} ({', '.join(f'{v}' for v in self.parameters.values())})"


def run(jobs: Sequence[Job], root: Path, workers: int = 2) -> None:
    """Execute all jobs; raise DataError with one problem per failed job after the others are done.

    Parameters are compared with the templates first, for papermill only logs an unknown one and
    the chapter would be the default's.
    """
    raise_if(problem for job in jobs for problem in check(job, root))
    problems: list[Problem] = []
    # Fork would copy the threads of a caller in mid-flight (Jupyter, pytest); spawn is safe.
    with (
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
        tqdm(total=len(jobs), desc="chapters", unit="", disable=len(jobs) < 2) as bar,
    ):
        futures = [pool.submit(_execute, job, root) for job in jobs]
        for future in as_completed(futures):
            problems += future.result()
            bar.update()
            bar.set_postfix(failed=len(problems))
    raise_if(problems)


def check(job: Job, root: Path) -> Iterator[Problem]:
    """Compare a job's parameters with its template: unknown, missing or mistyped ones."""
    where = job.template.relative_to(root).as_posix()
    try:
        declared = parameters(job.template)
    except (OSError, ValueError) as error:
        yield Problem(where, str(error), "restore the template from git")
        return
    for name in sorted(set(job.parameters) - set(declared)):
        known = f"the parameters cell has: {', '.join(declared)}"
        yield Problem(where, f"unknown parameter {name!r}", known)
    for name in sorted(set(declared) - set(job.parameters)):
        yield Problem(where, f"parameter {name!r} is not given", "give it, or delete it there")
    for name in sorted(set(declared) & set(job.parameters)):
        value, default = job.parameters[name], declared[name]
        if type(value) is not type(default):
            wanted = f"{type(default).__name__}, like {default!r}"
            yield Problem(where, f"parameter {name!r} is {value!r}", f"give a {wanted}")


def parameters(template: Path) -> dict[str, Any]:
    """Names and defaults of the cell tagged ``parameters``; ValueError if it is not plain."""
    notebook = nbformat.read(template, as_version=4)
    cells = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ValueError(f"{len(cells)} cells are tagged 'parameters', there must be one")
    found: dict[str, Any] = {}
    for statement in ast.parse(cells[0].source).body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if not isinstance(statement, ast.Assign) or not isinstance(target, ast.Name):
            raise ValueError(f"parameters cell, line {statement.lineno}: only name = value")
        found[target.id] = ast.literal_eval(statement.value)
    return found


def _execute(job: Job, root: Path) -> list[Problem]:
    import papermill

    os.environ |= {
        project.ROOT_VARIABLE: str(root),
        project.BOOK_VARIABLE: "1",
        "PYTHONHASHSEED": "0",
        # IPython would write its history to the user's home.
        "IPYTHONDIR": str(root / "build" / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    raw = job.output.with_suffix(".fehler.ipynb")
    raw.parent.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(prefix="kreisheft-") as channel:
            executed = papermill.execute_notebook(
                str(job.template),
                str(raw),
                parameters=dict(job.parameters),
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=TIMEOUT,
                cwd=str(root),
                # A kernel that is told to end says so on stderr; what fails is in the notebook.
                extra_arguments=["--IPKernelApp.log_level=50"],
                **_private_channel(channel),
            )
    except papermill.PapermillExecutionError as error:
        what = f"cell {error.exec_count}: {error.ename}: {_plain(error.evalue)}"
        return [Problem(job.name, what, f"open {raw.relative_to(root).as_posix()}")]
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
        what = f"the kernel gave up: {_plain(str(error))[:300]}"
        return [Problem(job.name, what, f"open {raw.relative_to(root).as_posix()}")]
    complaint = _complaint(executed)
    if complaint:
        return [Problem(job.name, complaint, f"open {raw.relative_to(root).as_posix()}")]
    text = nbformat.writes(normalised(executed, job.title))
    raw.unlink()
    project.write(job.output, (text + "\n").encode())
    return []


def _private_channel(folder: str) -> dict[str, Any]:
    """Talk to the kernel over sockets in a folder only this user can open; Windows has TCP only.

    Without an `ip` of their own two kernels of one folder would share their sockets.
    """
    if os.name != "posix":
        return {}
    settings = {"transport": "ipc", "ip": f"{folder}/kernel"}
    return {"config": Config({"KernelManager": settings})}


def _complaint(executed: Any) -> str:
    """A warning that a cell printed: it would stand on the page, or hide a mistake."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                return f"a cell wrote to stderr: {_plain(output.text)[:300]}"
    return ""


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def normalised(executed: Any, title: str) -> Any:
    """Take out what differs between two equal runs; put the chapter's title into its heading."""
    for i, cell in enumerate(executed.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.id = f"zelle-{i}"
        if cell.source.startswith("# ") and cell.cell_type == "markdown":
            _, _, rest = cell.source.partition("\n")
            cell.source = f"# {title}" + (f"\n{rest}" if rest else "")
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    executed.metadata = nbformat.from_dict(
        {"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    return executed
