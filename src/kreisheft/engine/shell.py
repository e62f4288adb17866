"""What a forked child runs: ipykernel itself, talking over a pipe instead of sockets.

The messages are ipykernel's own, so whoever reads them makes the same outputs of them as of a
plain kernel's. Output of C code is caught through its file descriptor, with the next flush.
"""

import asyncio
import atexit
import base64
import ctypes
import io
import json
import logging
import os
import random
import signal
import sys
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from ipykernel import debugger
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets.config import Config

IOPUB, SHELL = "iopub", "shell"
_PR_SET_PDEATHSIG = 1


def serve(
    connection: Connection,
    cwd: str,
    environment: Mapping[str, str],
    inherited: Connection | None = None,
) -> None:
    """Run cells as they come over `connection`, until its other end is closed.

    inherited: a copy of that other end that came with the fork.
    """
    die_with_parent()
    if inherited is not None:
        inherited.close()
    _be_fresh(cwd, environment)
    told = os.dup(2)
    try:
        _serve(connection)
    except Exception:
        # What goes wrong here is no cell's output.
        os.write(told, traceback.format_exc().encode())
        raise
    atexit._run_exitfuncs()


def _serve(connection: Connection) -> None:
    session = _PipeSession(connection)
    kernel = _kernel(session)
    captured = _Captured(1), _Captured(2)
    sys.stdout = _Stream("stdout", session, kernel, captured[0])
    sys.stderr = _Stream("stderr", session, kernel, captured[1])
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    info = {"language_info": kernel.language_info}
    session.send(SHELL, "kernel_info_reply", info, {})
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except (EOFError, ConnectionError):
            return
        loop.run_until_complete(_answer(kernel, session, request))


def die_with_parent() -> None:
    """Let the kernel of the system end this process with its parent, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


async def _answer(kernel: Any, session: "_PipeSession", request: dict[str, Any]) -> None:
    kernel.set_parent([], request)
    session.send(IOPUB, "status", {"execution_state": "busy"}, request)
    if request["header"]["msg_type"] == "execute_request":
        await kernel.execute_request(SHELL, [], request)
    else:
        request["buffers"] = [base64.b64decode(b) for b in request.get("buffers", [])]
        kernel.shell_handlers[request["header"]["msg_type"]](SHELL, [], request)
    sys.stdout.flush()
    sys.stderr.flush()
    session.send(IOPUB, "status", {"execution_state": "idle"}, request)


def _be_fresh(cwd: str, environment: Mapping[str, str]) -> None:
    """Undo what a fork hands down and a new process would not have."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    # An analyst's registered clean-up shall run, that of the process forked from shall not.
    atexit._clear()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if "" not in sys.path:
        sys.path.insert(0, "")


def _kernel(session: "_PipeSession") -> Any:
    # No history, which would be a thread and a file in the user's home, and no debugger.
    config = Config({"HistoryManager": {"enabled": False}})
    debugger._is_debugpy_available = False
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL)
    kernel: Any = IPythonKernel.instance(
        session=session, iopub_socket=IOPUB, config=config, log=logger
    )
    kernel._execute_sleep = 0
    kernel._abort_queues = lambda subshell_id=None: None
    return kernel


class _PipeSession(Session):
    """Sends every message as one frame of JSON; the channel is its first key."""

    def __init__(self, connection: Connection):
        super().__init__()
        self._connection = connection

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any]:
        msg: dict[str, Any] = (
            dict(msg_or_type)
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content, parent=parent, header=header, metadata=metadata)
        )
        frame = {**msg, "channel": str(stream)}
        if buffers:
            frame["buffers"] = [base64.b64encode(bytes(b)).decode() for b in buffers]
        self._connection.send_bytes(json.dumps(frame, default=json_default).encode())
        return msg


class _Captured:
    """A file descriptor that writes into memory; `fresh` is what came since the last call."""

    def __init__(self, number: int):
        self._memory = os.memfd_create(f"fd{number}") if hasattr(os, "memfd_create") else None
        self._at = 0
        if self._memory is not None:
            os.dup2(self._memory, number)

    def fresh(self) -> str:
        if self._memory is None:
            return ""
        size = os.fstat(self._memory).st_size
        if size <= self._at:
            return ""
        found = os.pread(self._memory, size - self._at, self._at)
        self._at = size
        return found.decode("utf-8", "replace")


class _Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook."""

    encoding = "utf-8"

    def __init__(self, name: str, session: _PipeSession, kernel: Any, captured: _Captured):
        self._name, self._session, self._kernel = name, session, kernel
        self._captured, self._parts = captured, [""]
        self.name = f"<{name}>"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._name == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        text = "".join(self._parts) + self._captured.fresh()
        self._parts = [""]
        if text:
            content = {"name": self._name, "text": text}
            self._session.send(IOPUB, "stream", content, parent=self._kernel.get_parent("shell"))
