"""A warm process: everything imported, nothing started, one thread; children are forked from it.

It is the fork server of `multiprocessing`, with this module preloaded; it ends when nobody who
knows it is left. What is loaded here is shared by all children, page by page, until they write.
Only imports and plain data: a library with a pool of threads must not be *used* before a fork.

It is asked once whether it is fit. If it does not start, or has a second thread, that is said on
stderr, and from then on plain kernels do the work: slower, and with the same result.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

from kreisheft.core import garbage, project

#: The variable that a warm process and its children have, with the project they know.
WARM = "KREISHEFT_WARM"
#: Libraries that would start threads as soon as they are imported or first used.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
#: What workers are asked for, by name: these modules know this one.
ASKED = ("kreisheft.editions.checks", "kreisheft.editions.make_edition")
#: Called with the project for what chapters and builds of pages need, by name: it knows this one.
PRELOAD = "kreisheft.editions.preload"
#: Seconds the warm process may take to start; it takes five.
START = 120
_warm = False
#: Why the warm process cannot be used; what it has read.
_broken = _known = ""
_asked = False
_server: Any = forkserver._forkserver


def is_available() -> bool:
    """Forking is dependable on Linux only; elsewhere plain kernels do the same work."""
    return sys.platform == "linux" and not _broken


def give_up(reason: str) -> None:
    """Use plain kernels in this process from now on."""
    global _broken
    _broken = reason


def is_ready() -> bool:
    """Say whether there is a warm process that has answered, so that nobody waits for it."""
    return _asked and is_available() and _alive()


def is_warm() -> bool:
    """Whether this process was forked from a warm one, and may itself be forked."""
    return _warm and not _broken and _threads(os.getpid()) == 1


def start(root: Path | str = "") -> None:
    """Start the warm process now, without waiting for it; anew when what it has read has changed.

    root: a project whose catalogue, passports and regions it reads beforehand.
    """
    global _known, _asked
    if not is_available():
        return
    state = _state(str(root))
    if _alive() and (not root or state == _known):
        return
    _stop()
    _known, _asked = state, False
    with _environment({**ONE_THREAD, WARM: str(root), "PYTHONHASHSEED": "0"}):
        multiprocessing.get_context("forkserver").set_forkserver_preload([__name__, *ASKED])
        forkserver.ensure_running()


def fork(
    target: Callable[..., None],
    arguments: tuple[object, ...],
    root: Path | str = "",
    script: bool = False,
) -> BaseProcess | None:
    """Start `target` in a child of the warm process; None where that is not possible.

    root: as in `start`. script: arguments are defined in the script that runs, which the child
    must import.
    """
    start(root)
    if is_available() and not _asked:
        _ask()
    return _process(target, arguments, script) if is_available() else None


def _ask() -> None:
    """Ask the warm process once whether it is fit; if not, say so and give it up."""
    global _asked
    # Nothing here may take for ever: a warm process that does not answer is ended.
    watchdog = threading.Timer(START, _kill)
    watchdog.start()
    here, there = multiprocessing.Pipe()
    try:
        process = _process(_tell, (there,), False)
        there.close()
        problem = here.recv()
        process.join()
        process.close()
    except (OSError, EOFError) as error:
        problem = f"it does not start ({type(error).__name__}: {error})"
    finally:
        watchdog.cancel()
        here.close()
    _asked = True
    if problem:
        _stop()
        give_up(problem)
        print(
            f"kreisheft: no warm process, plain kernels do the work, slower: {problem}",
            file=sys.stderr,
            flush=True,
        )


def _tell(connection: Connection) -> None:
    threads = _threads(os.getppid())
    problem = _broken.strip()
    if not problem and not _warm:
        problem = "another fork server runs in this process"
    if not problem and threads != 1:
        problem = f"it has {threads} threads and would hang its children"
    connection.send(problem)


def _process(
    target: Callable[..., None], arguments: tuple[object, ...], script: bool
) -> BaseProcess:
    process = multiprocessing.get_context("forkserver").Process(target=target, args=arguments)
    before = sys.modules["__main__"]
    if not script:
        # A child would run the caller's script once more, with all that it does.
        sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = before
    return process


def _threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208


def _alive() -> bool:
    pid = _server._forkserver_pid
    if pid is None:
        return False
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, pid, options) is None


def _kill() -> None:
    if _server._forkserver_pid is not None:
        os.kill(_server._forkserver_pid, signal.SIGKILL)


def _stop() -> None:
    # Its children live on; they hold it open, so it would not end by itself.
    _kill()
    _server._stop()


def _state(root: str) -> str:
    """A hash of what `_read` reads, and of where it keeps that."""
    digest = sha256(f"{root} {project.build_folder(Path(root))}".encode())
    folders = (("data", "**/*.yml"), ("data/regions", "*"), ("params", "*.yml"))
    paths = sorted({p for f, names in folders for p in Path(root, f).glob(names)} if root else ())
    for path in paths:
        state = path.stat()
        digest.update(f"{path} {state.st_mtime_ns} {state.st_size}\n".encode())
    return digest.hexdigest()


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _hide_module(module: str) -> Iterator[None]:
    """Hide a module for the block, as if it were not installed."""
    modules: dict[str, Any] = sys.modules
    modules[module] = None
    try:
        yield
    finally:
        del modules[module]


def _warm_up(root: str) -> None:
    """Import what papermill and the shell need, and all that `PRELOAD` names."""
    global _warm
    # Nobody debugs in there, and ipykernel does without. A cell may import it all the same.
    with _hide_module("debugpy"):
        import ipykernel.debugger
        import ipykernel.kernelapp

    # Among them what IPython and tornado import only when a kernel begins.
    import IPython.core.completer
    import IPython.core.completerlib
    import IPython.core.logger
    import IPython.core.oinspect
    import ipywidgets
    import nbformat
    import papermill
    import pyarrow
    import tornado.platform.asyncio

    from kreisheft.engine import kernel_shell

    pyarrow.set_cpu_count(1)
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
    for _ in (IPython, ipykernel, ipywidgets, papermill, kernel_shell, tornado):
        pass
    import_module(PRELOAD).load(root)
    # What is here stays: the collector shall not copy pages only to look at them.
    gc.freeze()
    _warm = True


# The fork server is `python -c` and has the variable; whoever else imports this stays cold.
if WARM in os.environ and sys.argv[0] == "-c":
    # Ctrl-C is the starter's business, also while this is young.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    garbage.collect_rarely()
    try:
        _warm_up(os.environ[WARM])
    except Exception:
        _broken = traceback.format_exc()
