"""A warm process: everything imported, nothing started, one thread; children are forked from it.

It is the fork server of `multiprocessing`, with this module preloaded. It dies with the process
that started it, and its children with it. What is loaded here is shared by all children, page by
page, until they write. Only imports and plain data: a library with a pool of threads must not be
*used* before a fork.
"""

import gc
import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

#: The variable that a warm process and its children have, with the project they know.
WARM = "KREISHEFT_WARM"
#: Libraries that would start threads as soon as they are imported or first used.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # Nobody debugs in there; without this its import writes a warning.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_warm = False


def available() -> bool:
    """Forking is dependable on Linux only; elsewhere plain kernels do the same work."""
    return sys.platform == "linux"


def is_warm() -> bool:
    """Whether this process was forked from a warm one, and may itself be forked."""
    return _warm and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208


def start(root: Path) -> None:
    """Start the warm process now, to have it ready when it is needed."""
    if available():
        context(str(root))


def context(root: str = "") -> Any:
    """The context whose processes are forked from a warm one; started at the first call.

    root: a project whose catalogue, passports and regions the warm process reads beforehand.
    """
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([__name__])
    with _environment({**ONE_THREAD, WARM: root, "PYTHONHASHSEED": "0"}):
        forkserver.ensure_running()
    return found


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _warm_up(root: str) -> None:
    """Import what chapters, papermill and the shell need; read what every chapter reads."""
    global _warm
    import IPython.core.completer
    import ipywidgets
    import jupyter_book.cli.main
    import myst_nb.sphinx_
    import nbformat
    import papermill
    import pyarrow
    import sphinx.cmd.build
    import sphinx_book_theme

    import kreisheft.chapter
    import kreisheft.charts
    from kreisheft.engine import shell

    pyarrow.set_cpu_count(1)
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
    used = (IPython, ipywidgets, papermill, kreisheft, shell, jupyter_book, myst_nb, sphinx)
    for _ in (*used, sphinx_book_theme):
        pass
    kreisheft.charts.draw()
    if root:
        # A mistake in the data is told by who needs it, not by a process that nobody sees.
        with suppress(Exception):
            _read(root)
    # What is here stays: the collector shall not copy pages only to look at them.
    gc.collect()
    gc.freeze()
    _warm = True


def _read(root: str) -> None:
    from kreisheft import catalogue, regions
    from kreisheft.sources import passports

    folder = Path(root)
    catalogue.load(folder)
    regions.load(folder)
    for table in sorted(passports.load(folder)):
        passports.find(folder, table)


# The fork server is `python -c` and has the variable; whoever else imports this stays cold.
if WARM in os.environ and sys.argv[0] == "-c":
    _warm_up(os.environ[WARM])
