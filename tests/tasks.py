"""What workers do in tests of the engine: functions that another process can import."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import nbformat


def notebook(path: Path, cells: list[str], tags: tuple[str, ...] = ()) -> Path:
    """Write a notebook with code cells; all have the `tags`."""
    made = [nbformat.v4.new_code_cell(s, metadata={"tags": list(tags)}) for s in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def execute(path: Path, **more: Any) -> Any:
    """Execute a notebook with the fork engine, beside itself; return it."""
    import papermill

    options = {"engine_name": "kreisheft", "kernel_name": "python3", "progress_bar": False}
    return papermill.execute_notebook(
        str(path), str(path.with_suffix(".out.ipynb")), **{**options, **more}
    )


def run(task: tuple[Path, dict[str, Any]]) -> tuple[int, Any]:
    """The worker's process id, and the executed notebook or the name of the exception."""
    path, more = task
    try:
        return os.getpid(), execute(path, **more)
    except Exception as error:
        return os.getpid(), type(error).__name__


def memory(path: Path) -> tuple[int, int]:
    """Execute a notebook; return the worker's process id and its kilobytes."""
    execute(path, request_save_on_cell_execute=False, autosave_cell_every=0)
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return os.getpid(), int(text.split("VmRSS:")[1].split()[0])


def who(_: int) -> int:
    """The worker's process id."""
    return os.getpid()


def die_once(task: tuple[Path, int]) -> int:
    """Kill this worker where the file is not there yet; else give the number back."""
    path, number = task
    if number == 1 and not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def always_die(number: int) -> int:
    """Kill this worker with number 1."""
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


class Unhappy(Exception):
    """Cannot be unpickled."""

    def __init__(self, one: int, two: int):
        super().__init__(f"{one} and {two}")


def fail(number: int) -> Any:
    """Raise what cannot be pickled back, or return what cannot be pickled."""
    if number:
        raise Unhappy(1, 2)
    return lambda: None


def variable(name: str) -> str | None:
    """A variable of the worker's environment."""
    return os.environ.get(name)


def wait(seconds: int) -> int:
    """Sleep."""
    time.sleep(seconds)
    return seconds


def spin(seconds: float) -> float:
    """Be busy that long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return seconds
