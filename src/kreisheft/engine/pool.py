"""Workers: processes that call one function again and again, a few at a time.

Forked from a warm process where that is possible, else started anew. A worker that dies takes only
its task with it, which another one tries again. Nothing is left behind when the caller ends: a
worker whose pipe closes leaves.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from kreisheft.engine import warm

Task = TypeVar("Task")
#: How often a task is tried whose worker dies.
TRIES = 3


class WorkerError(RuntimeError):
    """A worker died with its task, three times."""


def each(
    work: Callable[[Task], Any], tasks: Sequence[Task], workers: int, root: str = ""
) -> Iterator[tuple[int, Any]]:
    """Call `work` with every task; yield (number of the task, result), first done first.

    work: a function of a module. Results and tasks are pickled. An exception of `work` is the
    result and not raised; a task whose workers died has a `WorkerError`. root: see `warm.context`.
    """
    context: Any = warm.context(root) if warm.available() else multiprocessing.get_context("spawn")
    waiting = list(range(len(tasks)))[::-1]
    tries = [0] * len(tasks)
    busy: dict[Connection, tuple[Any, int]] = {}
    idle: list[tuple[Any, Connection]] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                process, connection = idle.pop() if idle else start(context, work)
                number = waiting.pop()
                tries[number] += 1
                # A closed pipe is told by `wait` below.
                with suppress(BrokenPipeError, ConnectionError):
                    connection.send(tasks[number])
                busy[connection] = (process, number)
            ready: Any = wait(list(busy))
            for connection in ready:
                process, number = busy.pop(connection)
                try:
                    result = connection.recv()
                except (EOFError, ConnectionError):
                    end(process, connection)
                    if tries[number] < TRIES:
                        waiting.append(number)
                        continue
                    yield number, WorkerError(f"its process ended ({process.exitcode})")
                    continue
                idle.append((process, connection))
                yield number, result
    finally:
        for process, connection in [*idle, *((p, c) for c, (p, _) in busy.items())]:
            end(process, connection)


def start(context: Any, work: Callable[[Any], Any]) -> tuple[Any, Connection]:
    """Start a process that answers every task sent over the connection with what `work` makes."""
    connection, other = context.Pipe()
    process = context.Process(target=_loop, args=(other, work))
    process.start()
    other.close()
    return process, connection


def end(process: Any, connection: Connection) -> None:
    """End a process: it leaves when its connection closes, or is terminated."""
    connection.close()
    process.join(1)
    if process.is_alive():
        process.terminate()
        process.join()


def _loop(connection: Connection, work: Callable[[Any], Any]) -> None:
    # Ctrl-C is the caller's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task = connection.recv()
        except (EOFError, ConnectionError):
            return
        try:
            result = work(task)
        except Exception as error:
            result = error
        try:
            connection.send(result)
        except (BrokenPipeError, ConnectionError):
            return
