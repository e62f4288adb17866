"""The papermill engine ``kreisheft``: every notebook in a forked child of a warm process.

A process that has imported everything (`warm`) is forked in milliseconds where a kernel takes
seconds to start and to import. The child runs ipykernel's own code (`shell`), and its messages are
made into outputs by nbclient's own, so outputs, errors and time-outs are those of a plain kernel.
"""

import base64
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.utils import merge_kwargs, remove_args

from kreisheft.engine import shell, warm

#: Seconds a child may take to leave by itself.
PATIENCE = 2


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """``papermill --engine kreisheft`` and `kreisheft.engine`."""

    @classmethod
    def execute_managed_notebook(  # type: ignore[no-untyped-def]
        cls,
        nb_man,
        kernel_name,
        log_output=False,
        stdout_file=None,
        stderr_file=None,
        start_timeout=60,
        execution_timeout=None,
        **kwargs,
    ):
        """As papermill's own engine; `kernel_name` is Python whatever it says."""
        safe = remove_args(["timeout", "startup_timeout"], **kwargs)
        final = merge_kwargs(
            safe,
            timeout=execution_timeout or kwargs.get("timeout"),
            kernel_name=kernel_name,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        return ForkClient(nb_man, **final).execute()


class Child:
    """A forked process that runs cells; `receive` gives its messages."""

    def __init__(self, cwd: str):
        forked = warm.is_warm()
        context: Any = get_context("fork") if forked else warm.context()
        self.connection, other = context.Pipe()
        # A fork inherits this end, too, and would wait for itself.
        inherited = self.connection if forked else None
        arguments = (other, cwd, dict(os.environ), inherited)
        self.process = context.Process(target=shell.serve, args=arguments)
        self.process.start()
        # The child's end must be the child's alone, or its death would not be noticed here.
        other.close()

    def send(self, kind: str, content: Any, buffers: Any = ()) -> str:
        """Send a request of the Jupyter protocol; return its id."""
        header = {"msg_id": os.urandom(8).hex(), "msg_type": kind, "username": "", "session": ""}
        frame = {
            "header": {**header, "version": "5.3"},
            "parent_header": {},
            "metadata": {},
            "content": content,
            "buffers": [base64.b64encode(bytes(b)).decode() for b in buffers],
        }
        self.connection.send_bytes(json.dumps(frame).encode())
        return header["msg_id"]

    def receive(self, timeout: float | None) -> dict[str, Any] | None:
        """The next message; None when the time is over. DeadKernelError if the child is gone."""
        try:
            if not self.connection.poll(timeout):
                return None
            message: dict[str, Any] = json.loads(self.connection.recv_bytes())
        except (EOFError, ConnectionError):
            self.process.join(PATIENCE)
            raise DeadKernelError(f"Kernel died: {self._end()}") from None
        message["buffers"] = [base64.b64decode(b) for b in message.get("buffers", [])]
        return message

    def close(self) -> None:
        """End the child: it leaves when its pipe closes, or is killed."""
        self.connection.close()
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()

    def _end(self) -> str:
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"signal {signal.Signals(-code).name}"
        return f"exit code {code}"


class ForkClient(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's client without a kernel manager: the kernel is a forked child."""

    child: Child

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Run all cells in one child; outputs go into the notebook as they come."""
        self.reset_execution_trackers()
        with self._running():
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    @contextmanager
    def _running(self) -> Iterator[None]:
        path = self.resources.get("metadata", {}).get("path") or os.getcwd()  # noqa: PTH109
        self.child = Child(path)
        self.kc = _Channel(self.child)
        try:
            hello = self.child.receive(self.startup_timeout)
            if hello is None:
                raise DeadKernelError("Kernel didn't respond in time")
            self.nb.metadata["language_info"] = hello["content"]["language_info"]
            yield
        finally:
            self.child.close()

    def papermill_execute_cells(self) -> None:
        """As papermill's; a dead or too slow kernel is marked in its cell as well."""
        try:
            super().papermill_execute_cells()
        except (DeadKernelError, CellTimeoutError) as error:
            cell = self.nb.cells[self._at]
            output = {
                "output_type": "error",
                "ename": type(error).__name__,
                "evalue": str(error).strip(),
                "traceback": [],
            }
            cell.outputs.append(NotebookNode(output))
            self.nb_man.cell_exception(cell, cell_index=self._at, exception=error)
            self.nb_man.save()
            raise

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> NotebookNode:
        """Run one cell; nbclient's exceptions for errors, death and time-out."""
        self._at = cell_index
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        if self.record_timing:
            cell["metadata"].setdefault("execution", {})
        cell.outputs = []
        self.clear_before_next_output = False
        limit = self._get_timeout(cell)
        sent = self.child.send(
            "execute_request",
            {
                "code": cell.source,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": True,
            },
        )
        reply = self._listen(cell, cell_index, sent, limit)
        if "execution_count" in reply["content"]:
            cell["execution_count"] = reply["content"]["execution_count"]
        if reply["content"]["status"] == "error":
            run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def _listen(
        self, cell: NotebookNode, cell_index: int, sent: str, limit: float | None
    ) -> dict[str, Any]:
        reply: dict[str, Any] = {}
        end = None if limit is None else time.monotonic() + limit
        while True:
            message = self.child.receive(None if end is None else max(0.0, end - time.monotonic()))
            if message is None:
                if not self.interrupt_on_timeout:
                    raise CellTimeoutError.error_from_timeout_and_cell(
                        "Cell execution timed out", int(limit or 0), cell
                    )
                os.kill(self.child.process.pid or 0, signal.SIGINT)
                end = time.monotonic() + PATIENCE + (limit or 0)
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["channel"] == shell.SHELL:
                reply = message
                continue
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                return reply


class _Channel:
    """What nbclient needs of a kernel client: sending a widget's answers to the kernel."""

    def __init__(self, child: Child):
        self._child = child
        self.session = self
        self.shell_channel = self

    def msg(self, kind: str, content: Any = None, **_: Any) -> dict[str, Any]:
        return {"header": {"msg_type": kind}, "content": content}

    def send(self, msg: dict[str, Any]) -> None:
        self._child.send(msg["header"]["msg_type"], msg["content"], msg.get("buffers", ()))
