"""A forked child that runs cells, seen from the process that drives it: requests and messages."""

import base64
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from nbclient.exceptions import DeadKernelError

from kreisheft.engine import forked_process, warm

#: Of the channels of the Jupyter protocol, the one for replies.
SHELL = "shell"
#: A message of the Jupyter protocol, with its channel.
Message = dict[str, Any]


class Kernel:
    """A forked process that runs cells; `receive` gives its messages."""

    def __init__(self, process: BaseProcess, connection: Connection):
        self.handle = forked_process.Handle(process)
        self.connection = connection

    @classmethod
    def start(cls, cwd: str) -> "Kernel | None":
        """Fork one from this process if it is warm, else from a warm one; None without any."""
        if not warm.is_available():
            return None
        context = get_context("fork")
        connection, other = context.Pipe()
        arguments = (other, cwd, dict(os.environ))
        process: BaseProcess | None
        if warm.is_warm():
            from kreisheft.engine import kernel_shell

            kernel_shell.prepare()
            # What stands in a buffer would be written twice.
            sys.stdout.flush()
            sys.stderr.flush()
            process = context.Process(target=_serve, args=arguments)
            process.start()
        else:
            process = warm.fork(_serve, arguments)
        # The child's end must be the child's alone, or its death would not be noticed here.
        other.close()
        if process is None:
            connection.close()
            return None
        return cls(process, connection)

    def send(self, kind: str, content: object, buffers: Iterable[bytes | memoryview] = ()) -> str:
        """Send a request of the Jupyter protocol; return its id."""
        header = {"msg_id": os.urandom(8).hex(), "msg_type": kind, "username": "", "session": ""}
        frame = {
            "header": {**header, "version": "5.3"},
            "parent_header": {},
            "metadata": {},
            "content": content,
            "buffers": [base64.b64encode(bytes(b)).decode() for b in buffers],
        }
        # If the child is gone, `receive` tells it.
        with suppress(BrokenPipeError, ConnectionError):
            self.connection.send_bytes(json.dumps(frame).encode())
        return header["msg_id"]

    def receive(self, timeout: float | None) -> Message | None:
        """The next message; None when the time is over. DeadKernelError if the child is gone."""
        sources: list[Connection | int] = [self.connection]
        if self.handle.fd is not None:
            sources.append(self.handle.fd)
        ready = wait(sources, timeout)
        if not ready:
            return None
        try:
            # A child's child may hold the pipe open: then only the process tells its death.
            if self.connection not in ready and not self.connection.poll(0):
                raise EOFError
            message: Message = json.loads(self.connection.recv_bytes())
        except (EOFError, ConnectionError):
            self.handle.has_ended(forked_process.PATIENCE)
            raise DeadKernelError(f"Kernel died: {self.handle.how()}") from None
        message["buffers"] = [base64.b64decode(b) for b in message.get("buffers", [])]
        return message

    def close(self, patience: float = forked_process.PATIENCE) -> None:
        """End the child: it leaves when its pipe closes, or is killed."""
        self.connection.close()
        self.handle.close(patience)


def _serve(connection: Connection, cwd: str, environment: Mapping[str, str]) -> None:
    # ipykernel is imported where it is needed, and that is not here.
    from kreisheft.engine import kernel_shell

    kernel_shell.serve(connection, cwd, environment)
