"""What a forked child runs: ipykernel itself, talking over a pipe instead of sockets.

The messages are ipykernel's own, so whoever reads them makes the same outputs of them as of a
plain kernel's.
"""

import asyncio
import atexit
import base64
import inspect
import json
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, ClassVar

from ipykernel import debugger, ipkernel
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config

from kreisheft.engine import forked_process
from kreisheft.engine.kernel_streams import Immediate, Stream

IOPUB, SHELL = "iopub", "shell"
#: The kernel for all children of this process, if there is one already, see `prepare`.
_prepared: IPythonKernel | None = None


def prepare() -> None:
    """Make the kernel before this process forks: each of its children has it as if it were new.

    Nothing else of this process changes, and no cell ever runs in here.
    """
    global _prepared
    if _prepared:
        return
    main, environment = sys.modules["__main__"], dict(os.environ)
    _prepared = _kernel()
    sys.modules["__main__"] = main
    os.environ.clear()
    os.environ.update(environment)
    atexit.unregister(_prepared.shell.atexit_operations)
    # Formatters are made when something is shown first.
    _prepared.shell.display_formatter.format("")


def serve(connection: Connection, cwd: str, environment: Mapping[str, str]) -> None:
    """Run cells as they come over `connection`, until its other end is closed; never return."""
    stderr = 2
    try:
        forked_process.become_fresh(cwd, environment, connection)
        # What goes wrong in here is no cell's output.
        stderr = os.dup(2)
        asyncio.run(_serve(connection))
    except BaseException:
        os.write(stderr, traceback.format_exc().encode())
        os._exit(1)
    forked_process.leave()


async def _serve(connection: Connection) -> None:
    kernel = _own_kernel()
    session = kernel.session
    session.open(connection)
    thread = Immediate()
    sys.stdout = Stream("stdout", 1, session, thread)
    sys.stderr = Stream("stderr", 2, session, thread)

    def tick() -> None:
        thread.tick()
        # C code and children tell nobody that they wrote.
        stdout._flush()
        stderr._flush()

    stdout, stderr = sys.stdout, sys.stderr
    forked_process.watch(connection, tick)
    kernel.io_loop = IOLoop.current()
    signal.signal(signal.SIGINT, session.handle_interrupt)
    session.send(SHELL, "kernel_info_reply", {"language_info": kernel.language_info}, {})
    while True:
        await _readable(connection)
        try:
            request = json.loads(connection.recv_bytes())
        except (EOFError, ConnectionError):
            return
        await _answer(kernel, session, request)


async def _readable(connection: Connection) -> None:
    # A cell's tasks go on between cells, as they do in a plain kernel.
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection.fileno(), ready.set)
    await ready.wait()
    loop.remove_reader(connection.fileno())


async def _answer(kernel: IPythonKernel, session: "PipeSession", request: dict[str, Any]) -> None:
    kernel.set_parent([], request)
    session.send(IOPUB, "status", {"execution_state": "busy"}, request)
    request["buffers"] = [base64.b64decode(b) for b in request.get("buffers", [])]
    kind = request["header"]["msg_type"]
    handler = kernel.execute_request if kind == "execute_request" else kernel.shell_handlers[kind]
    try:
        session.executing = True
        result = handler(SHELL, [], request)
        if inspect.isawaitable(result):
            await result
    except KeyboardInterrupt:
        # As in ipykernel: it came between two cells.
        sys.stderr.write("KeyboardInterrupt caught in kernel.\n")
    except Exception:
        traceback.print_exc()
    finally:
        session.executing = False
    for stream in (sys.stdout, sys.stderr):
        # A cell may have put something else there.
        getattr(stream, "flush", str)()
    session.send(IOPUB, "status", {"execution_state": "idle"}, request)


def _own_kernel() -> IPythonKernel:
    if not _prepared:
        return _kernel()
    shell = _prepared.shell
    sys.modules["__main__"] = shell.user_module
    shell.init_environment()
    atexit.register(shell.atexit_operations)
    return _prepared


def _kernel() -> IPythonKernel:
    # No history, which would be a thread and a file in the user's home, and no debugger.
    config = Config({"HistoryManager": {"enabled": False}})
    debugger._is_debugpy_available = False
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL)
    with _hide_modules():
        kernel = IPythonKernel.instance(
            session=PipeSession(), iopub_socket=IOPUB, config=config, log=logger, user_ns=None
        )
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
    kernel._execute_sleep = 0
    kernel._abort_queues = lambda subshell_id=None: None
    return kernel


@contextmanager
def _hide_modules() -> Iterator[None]:
    """Keep ipykernel from noting the files of all modules, which only a debugger would ask for.

    It looks at each of thousands, and every look copies a page of memory of the warm process: that
    is half of all that a child copies.
    """
    ipkernel.sys = _System()
    try:
        yield
    finally:
        ipkernel.sys = sys


class _System:
    """The module ``sys`` without modules."""

    modules: ClassVar[dict[str, object]] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(sys, name)


class PipeSession(Session):
    """Sends every message as one frame: its channel, and the JSON that ipykernel would send."""

    def __init__(self) -> None:
        super().__init__()
        self._connection: Connection | None = None
        self._lock = threading.RLock()
        self._sending = self._late = False
        self.executing = False

    def open(self, connection: Connection) -> None:
        """Send over this connection, from this process."""
        self._connection, self.pid = connection, os.getpid()

    def handle_interrupt(self, *_: object) -> None:
        """Handle SIGINT: between two cells it means nothing, and a frame is sent whole."""
        if self._sending:
            self._late = True
        elif self.executing:
            raise KeyboardInterrupt

    def send(
        self,
        stream: object,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any] | None:
        """Send over the pipe, whatever the `stream`; only the kernel's own process does."""
        if self.check_pid and os.getpid() != self.pid:
            return None
        msg: dict[str, Any] = (
            dict(msg_or_type)
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content, parent=parent, header=header, metadata=metadata)
        )
        channel = SHELL if stream == SHELL else IOPUB
        encoded = [base64.b64encode(memoryview(b).cast("B")).decode() for b in buffers or ()]
        frame: bytes = self.pack({**msg, "channel": channel, "buffers": encoded})
        main = threading.current_thread() is threading.main_thread()
        with self._lock:
            self._sending = main
            try:
                if self._connection:
                    self._connection.send_bytes(frame)
            except (BrokenPipeError, ConnectionError):
                # Nobody listens any more; the watching thread ends this.
                return None
            finally:
                self._sending = False
        if main and self._late:
            self._late = False
            raise KeyboardInterrupt
        return msg
