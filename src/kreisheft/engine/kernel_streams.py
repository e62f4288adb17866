"""Standard output and error of a notebook: ipykernel's own, and what C code and children write.

ipykernel reads file descriptors in threads, and what comes late is lost. Here they write into
memory, which is looked at with every text and every flush, so nothing is lost and the order holds.
"""

import codecs
import fcntl
import os
import threading
from collections.abc import Callable

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import Session


class Immediate(IOPubThread):  # type: ignore[misc]
    """Stands for ipykernel's sending thread: sends at once, `tick` flushes what is due."""

    def __init__(self) -> None:
        self.io_loop: object = self
        self.thread: threading.Thread | None = None
        self._due: list[Callable[[], object]] = []

    def schedule(self, f: Callable[[], object]) -> None:
        """Call at once what ipykernel would call in its thread."""
        f()

    def call_later(self, delay: float, f: Callable[[], object]) -> None:
        """Call it with the next tick."""
        self._due.append(f)

    def tick(self) -> None:
        """Flush what was written since the last time, the first one first."""
        due, self._due = self._due, []
        for f in due:
            f()


class Captured:
    """A file descriptor that writes into memory; `read_new` returns what came since last time."""

    def __init__(self, number: int):
        self._memory = os.memfd_create(f"fd{number}")
        fcntl.fcntl(self._memory, fcntl.F_SETFL, os.O_APPEND)
        self._at = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        os.dup2(self._memory, number)

    def read_new(self) -> str:
        """What was written since the last call."""
        size = os.fstat(self._memory).st_size
        if size <= self._at:
            return ""
        content = os.pread(self._memory, size - self._at, self._at)
        self._at += len(content)
        return self._decoder.decode(content)


class Stream(OutStream):  # type: ignore[misc]
    """`sys.stdout` or `sys.stderr` of a notebook."""

    def __init__(self, name: str, number: int, session: Session, thread: Immediate):
        # One lock, so that a cell is not over while its text is still on its way.
        self._sending = threading.RLock()
        self._number = number
        self._captured = Captured(number)
        super().__init__(session, thread, name, watchfd=False)

    def fileno(self) -> int:
        """What subprocesses write to; a plain kernel's is not seen in the notebook."""
        return self._number

    def write(self, string: str) -> int | None:
        """Take a text; in a process that a cell forked it goes through the file descriptor."""
        if not self._is_master_process():
            if not isinstance(string, str):
                raise TypeError(f"write() argument must be str, not {type(string)}")
            os.write(self._number, string.encode("utf-8", "replace"))
            return len(string)
        written = self._captured.read_new()
        if written:
            super().write(written)
        done: int | None = super().write(string)
        return done

    def _flush(self) -> None:
        if not self._is_master_process():
            return
        with self._sending:
            written = self._captured.read_new()
            if written:
                super().write(written)
            super()._flush()
