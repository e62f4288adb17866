"""One job, executed: papermill with the fork engine or a plain kernel → the bytes of a chapter.

The bytes are the same whenever template, parameters and data are: times, random ids, paths and
versions are taken out. A job that fails leaves its notebook, with papermill's banner at the failing
cell, beside its output as ``<name>.fehler.ipynb``.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kreisheft.core import project
from kreisheft.core.errors import Problem

if TYPE_CHECKING:
    from nbformat import NotebookNode

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
    inputs:     names and hashes of all data that the chapter reads; empty if that is not known
    again:      the command that runs just this job
    before:     called with the root in the process that the chapter is forked from: what it reads
                is shared by all that are; it must not fail, nor start a thread
    """

    template: Path
    output: Path
    parameters: Parameters
    title: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    again: str = ""
    before: Callable[[Path], None] | None = None

    @property
    def name(self) -> str:
        """Template and parameters in a few words, for messages."""
        return f"{self.template.stem} ({', '.join(f'{v}' for v in self.parameters.values())})"


@dataclass(frozen=True)
class Task:
    """What a worker needs for a job. engine: of papermill, None for a plain kernel."""

    job: Job
    root: Path
    engine: str | None
    environment: Mapping[str, str] = field(default_factory=dict)


def failed_notebook(job: Job) -> Path:
    """Where a job that fails leaves its notebook; while it runs, it is written there."""
    return job.output.with_suffix(".fehler.ipynb")


def execute(task: Task) -> bytes | Problem:
    """Execute a job in this process; return the chapter, or what is wrong with it."""
    # Not where jobs are only handed out: that process has enough to import.
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from kreisheft.engine import fork_engine

    job, root = task.job, task.root
    _prepare(task)
    raw = failed_notebook(job)
    raw.parent.mkdir(parents=True, exist_ok=True)
    see = f"open {Path(os.path.relpath(raw, root)).as_posix()}"
    try:
        executed = _run(task, raw)
    except papermill.PapermillExecutionError as error:
        what = f"cell {error.exec_count}: {error.ename}: {_plain(error.evalue)}"
        return Problem(job.name, what, see)
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
        if hasattr(error, "notebook"):
            fork_engine.save_failed(error.notebook, raw)
        return Problem(job.name, f"the kernel gave up: {_plain(str(error))[:300]}", see)
    complaint = _complaint(executed)
    if complaint:
        return Problem(job.name, complaint, see)
    text: str = nbformat.writes(normalise(executed, job.title))
    raw.unlink()
    return (text + "\n").encode()


def _prepare(task: Task) -> None:
    """Let this process and its kernel know the project, and read what its chapters share."""
    os.environ |= {
        project.ROOT_VARIABLE: str(task.root),
        project.BOOK_VARIABLE: "1",
        "PYTHONHASHSEED": "0",
        # IPython would write its history to the user's home.
        "IPYTHONDIR": str(project.build_folder(task.root) / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        **task.environment,
    }
    if task.job.before and task.engine:
        # A mistake in the data is the chapter's to tell.
        with suppress(Exception):
            task.job.before(task.root)


def _run(task: Task, raw: Path) -> "NotebookNode":
    """Let papermill execute the job; `raw` gets the notebook, also if a cell fails."""
    import papermill

    with TemporaryDirectory(prefix="kreisheft-") as channel:
        return papermill.execute_notebook(
            str(task.job.template),
            str(raw),
            parameters=dict(task.job.parameters),
            engine_name="kreisheft",
            plain=task.engine is None,
            kernel_name="python3",
            progress_bar=False,
            # A notebook is written once, when all its cells are done.
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            execution_timeout=TIMEOUT,
            cwd=str(task.root),
            # A kernel that is told to end says so on stderr; what fails is in the notebook.
            extra_arguments=["--IPKernelApp.log_level=50"],
            **({} if task.engine else _private_channel(channel)),
        )


def _private_channel(folder: str) -> dict[str, object]:
    """Talk to the kernel over sockets in a folder only this user can open; Windows has TCP only.

    Without an `ip` of their own two kernels of one folder would share their sockets.
    """
    if os.name != "posix":
        return {}
    from traitlets.config import Config

    settings = {"transport": "ipc", "ip": f"{folder}/kernel"}
    return {"config": Config({"KernelManager": settings})}


def _complaint(executed: "NotebookNode") -> str:
    """A warning that a cell printed: it would stand on the page, or hide a mistake."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                return f"a cell wrote to stderr: {_plain(output.text)[:300]}"
    return ""


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def normalise(executed: "NotebookNode", title: str) -> "NotebookNode":
    """Take out what differs between two equal runs; put the chapter's title into its heading."""
    import nbformat

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
