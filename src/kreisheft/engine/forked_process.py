"""Turn a forked process into one of its own: of its origin it keeps only the imported modules.

The starter holds the other end of a pipe. When that closes, however the starter ended, the process
and all that it started are ended: they are a session of their own.
"""

import atexit
import gc
import logging
import os
import random
import select
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import context, forkserver, process, resource_tracker, util
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn

from kreisheft.core import garbage

#: Seconds a child may take to leave by itself.
PATIENCE = 2
#: Seconds between two looks at the pipe, and until a text is shown: ipykernel's own interval.
TICK = 0.2
#: What multiprocessing calls the process; in a warm one, that is the main one.
_MAIN = process.current_process()


def become_fresh(cwd: str, environment: Mapping[str, str], connection: Connection) -> None:
    """Undo what a fork hands down and a new process would not have; keep `connection` only."""
    # What came with the fork is never collected: its clean-up is its owner's.
    gc.freeze()
    garbage.collect_normally()
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number in (signal.SIGIO, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _own_files(connection.fileno())
    _own_clean_up()
    _own_multiprocessing()
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "" not in sys.path:
        sys.path.insert(0, "")


def _own_files(kept: int) -> None:
    # A copy of somebody's pipe would hide its owner's death from whoever listens.
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) > 2 and int(name) != kept:
            with suppress(OSError):
                os.close(int(name))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115


def _own_clean_up() -> None:
    # A cell's registered clean-up shall run at the end, its ancestors' shall not.
    atexit._clear()
    finalizers: Any = weakref.finalize
    finalizers._registry.clear()
    finalizers._registered_with_atexit = False
    util._finalizer_registry.clear()  # type: ignore[attr-defined]
    atexit.register(logging.shutdown)
    atexit.register(util._exit_function)  # type: ignore[attr-defined]


def _own_multiprocessing() -> None:
    # Cells that use it must not reach the warm process with it.
    server: Any = forkserver
    server._forkserver.__init__()
    processes: Any = process
    processes._current_process, processes._parent_process = _MAIN, None
    processes._children = set()
    _MAIN.name = "MainProcess"
    tracker: Any = resource_tracker
    tracker._resource_tracker._fd = tracker._resource_tracker._pid = None
    contexts: Any = context
    contexts._default_context._actual_context = None


def leave(code: int = 0) -> NoReturn:
    """Exit as the interpreter does, but without freeing memory, which would copy shared pages."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def watch(connection: Connection, tick: Callable[[], None] | None = None) -> None:
    """Start the thread that ends this session when the pipe closes, and ticks until then."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLRDHUP)

    def run() -> None:
        while not poll.poll(int(TICK * 1000)):
            if tick:
                tick()
        # Whoever closes the pipe in peace waits for us as long.
        time.sleep(PATIENCE + TICK)
        os.killpg(0, signal.SIGKILL)

    # Interrupts are the main thread's.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=run, name="kreisheft", daemon=True).start()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Handle:
    """A started child seen from outside: whether it lives, how it ended, and how to end it."""

    def __init__(self, started: Any):
        self.process = started
        self.pid: int = started.pid
        try:
            # `join` of multiprocessing waits for whoever holds a copy of a pipe, this does not.
            self.fd: int | None = os.pidfd_open(self.pid)
        except ProcessLookupError:
            self.fd = None

    def has_ended(self, timeout: float | None = 0) -> bool:
        """Say whether it has ended; wait for that at most `timeout` seconds, with None for ever."""
        return self.fd is None or bool(wait([self.fd], timeout))

    def code(self) -> int | None:
        """The exit code, once it has ended; negative for a signal."""
        self.process.join()
        exit_code: int | None = self.process.exitcode
        return exit_code

    def how(self) -> str:
        """Exit code or signal, in words."""
        code = self.code()
        if code is not None and code < 0:
            return f"signal {signal.Signals(-code).name}"
        return f"exit code {code}"

    def signal(self, number: int) -> None:
        """Send a signal to the child and all that it started."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            # It is over, or too young to have a group.
            if not self.has_ended():
                with suppress(ProcessLookupError):
                    os.kill(self.pid, number)

    def close(self, patience: float = PATIENCE) -> None:
        """Give it time to leave; end what is left of it and of all that it started."""
        self.has_ended(patience)
        self.signal(signal.SIGKILL)
        self.has_ended(None)
        self.process.join()
        self.process.close()
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None
