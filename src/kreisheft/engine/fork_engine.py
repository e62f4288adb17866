"""The papermill engine ``kreisheft``: every notebook in a forked child of a warm process.

A process that has imported everything (`warm`) is forked in milliseconds where a kernel takes
seconds to start and to import. The child runs ipykernel's own code (`kernel_shell`), and its
messages are made into outputs by nbclient's own, so outputs, errors and time-outs are those of a
plain kernel. Where there is no warm process, a plain kernel does the work.
"""

import copy
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from kreisheft.engine.forked_kernel import SHELL, Kernel, Message


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """``papermill --engine kreisheft`` and `kreisheft.engine`."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **kwargs: object
    ) -> NotebookNode:
        """Do as papermill; if the kernel died or was too slow, the cell where it happened says so.

        The exception has the notebook as `notebook`, for those who save it elsewhere.
        """
        try:
            return super().execute_notebook(nb, kernel_name, output_path, **kwargs)
        except (DeadKernelError, CellTimeoutError) as error:
            _mark(nb, error)
            error.notebook = nb
            if output_path:
                save_failed(nb, output_path)
            raise

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
        plain=False,
        **kwargs,
    ):
        """As papermill's own engine; `kernel_name` is Python whatever it says.

        plain: a kernel of its own even where forking is possible.
        """
        started = None if plain else Kernel.start(os.getcwd())  # noqa: PTH109
        if started is None:
            super().execute_managed_notebook(
                nb_man,
                kernel_name,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                start_timeout=start_timeout,
                execution_timeout=execution_timeout,
                **kwargs,
            )
            return
        safe = remove_args(["input_path", "timeout", "startup_timeout"], **kwargs)
        final = merge_kwargs(
            safe,
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        ForkClient(nb_man, started, **final).execute()


def save_failed(nb: NotebookNode, path: str | Path) -> None:
    """Write a notebook with papermill's banner at its first failing cell."""
    # papermill imports this module while it is imported itself.
    from papermill.execute import raise_for_execution_errors

    with suppress(PapermillExecutionError):
        raise_for_execution_errors(copy.deepcopy(nb), str(path))


def _mark(nb: NotebookNode, error: Exception) -> None:
    """Write an error that nbclient only raises into the output of the last cell that began."""
    begun = [c for c in nb.cells if c.metadata.papermill.start_time and c.cell_type == "code"]
    if not begun:
        return
    if begun[-1].execution_count is None:
        # It died before it could tell.
        begun[-1].execution_count = len([c for c in begun if c.source.strip()])
    begun[-1].outputs.append(
        NotebookNode(
            output_type="error",
            ename=type(error).__name__,
            evalue=str(error).strip(),
            traceback=[],
        )
    )
    begun[-1].metadata.papermill.update(exception=True, status="failed")
    nb.metadata.papermill.exception = True


class ForkClient(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's client without a kernel manager: the kernel is a forked child."""

    def __init__(self, nb_man: NotebookExecutionManager, kernel: Kernel, **kwargs: object):
        super().__init__(nb_man, **kwargs)
        self.kernel = kernel
        self.kc = _Channel(kernel)

    def execute(self, **kwargs: object) -> NotebookNode:
        """Run all cells in one child; outputs go into the notebook as they come."""
        self.reset_execution_trackers()
        with self._closing():
            hello = self.kernel.receive(self.startup_timeout)
            if hello is None:
                raise RuntimeError("Kernel didn't respond in time")
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = hello["content"]["language_info"]
            self.set_widgets_metadata()
        return self.nb

    @contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # It is dead, too slow, or nobody waits for it any more.
            self.kernel.close(0)
            raise
        self.kernel.close()

    def execute_cell(
        self, cell: NotebookNode, cell_index: int, *_: object, **__: object
    ) -> NotebookNode:
        """Run one cell; nbclient's exceptions for errors, death and time-out."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        limit = self._get_timeout(cell)
        sent = self.kernel.send(
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
        run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def output(self, outs: list[NotebookNode], *message: object) -> NotebookNode | None:
        """As nbclient's; a text that goes on is one output, however slowly it was written."""
        out = super().output(outs, *message)
        if out is not None and out.output_type == "stream" and outs[-1] is out and len(outs) > 1:
            before = outs[-2]
            if before.output_type == "stream" and before.name == out.name:
                before.text += outs.pop().text
        return out

    def _listen(
        self, cell: NotebookNode, cell_index: int, sent: str, limit: float | None
    ) -> Message:
        reply: Message = {"content": {"status": "error"}}
        end = None if limit is None else time.monotonic() + limit
        while True:
            message = self.kernel.receive(None if end is None else max(0.0, end - time.monotonic()))
            if message is None:
                if not self.interrupt_on_timeout:
                    raise CellTimeoutError.error_from_timeout_and_cell(
                        "Cell execution timed out", int(limit or 0), cell
                    )
                self.kernel.handle.signal(signal.SIGINT)
                end = time.monotonic() + (limit or 0)
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["channel"] == SHELL:
                reply = message
                continue
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                return reply


class _Channel:
    """What nbclient needs of a kernel client: sending a widget's answers to the kernel."""

    def __init__(self, kernel: Kernel):
        self._kernel = kernel
        self.session = self
        self.shell_channel = self

    def msg(self, kind: str, content: object = None, **_: object) -> Message:
        """A message as `send` takes it."""
        return {"header": {"msg_type": kind}, "content": content}

    def send(self, msg: Message) -> None:
        """Send it to the kernel."""
        self._kernel.send(msg["header"]["msg_type"], msg["content"], msg.get("buffers", ()))
