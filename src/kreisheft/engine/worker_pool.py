"""Workers: processes that call one function again and again, a few at a time.

Forked from a warm process where that is possible, else started anew. A worker that dies takes only
its task with it, which another one tries again. Nothing is left behind when the caller ends,
however it ends: a worker whose pipe closes drops its task and leaves.
"""

import multiprocessing
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NoReturn, TypeVar, cast

from kreisheft.engine import warm

Task = TypeVar("Task")
Result = TypeVar("Result")
#: How often a task is tried whose worker dies.
TRIES = 3
#: So many tasks are done sooner than a warm process is there.
FEW = 3
#: Seconds a worker may take to drop its task.
PATIENCE = 5

Worker = tuple[BaseProcess, Connection]
#: Kind of tasks → workers that stay for the next ones, see `keep_standing`.
_standing: dict[str, list[Worker]] = {}


class WorkerError(RuntimeError):
    """A worker died with its task, three times; or its result cannot be sent."""


def each(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    workers: int,
    root: str = "",
    *,
    meanwhile: bool = False,
    kinds: Sequence[str] = (),
) -> Iterator[tuple[int, Result | Exception]]:
    """Call `work` with every task; yield (number of the task, result), first done first.

    work: a function of a module. Results and tasks are pickled. An exception of `work` is the
    result and not raised; a task whose workers died has a `WorkerError`. root: see `warm.fork`.
    meanwhile: as long as the warm process still imports, a task or two are done in this one.
    kinds: of each task; a worker gets tasks of one kind only. None: they are all of one.
    """
    if meanwhile and len(tasks) <= FEW and not warm.is_ready():
        yield from enumerate(map(partial(_attempt, work), tasks))
        return
    script = _is_of_script([work, *map(type, tasks)])
    waiting = list(range(len(tasks)))[::-1]
    tries, kinds = [0] * len(tasks), kinds or [""] * len(tasks)
    busy: dict[Connection, tuple[BaseProcess, int]] = {}
    idle: dict[str, list[Worker]] = {kind: _standing.get(kind, []) for kind in kinds}
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                number = waiting.pop()
                free = idle[kinds[number]] or [start(work, root, script)]
                process, connection = free.pop()
                tries[number] += 1
                busy[connection] = (process, number)
                # `wait` reports a closed pipe.
                with suppress(BrokenPipeError, ConnectionError):
                    connection.send(tasks[number])
            for connection, process, number in _take_answering(busy):
                try:
                    result = connection.recv()
                except (EOFError, ConnectionError):
                    code = end([(process, connection)])[0]
                    if tries[number] < TRIES:
                        waiting.append(number)
                        continue
                    result = WorkerError(f"its process ended ({code})")
                else:
                    idle[kinds[number]].append((process, connection))
                yield number, result
    finally:
        leaving = [w for kind, of_kind in idle.items() if kind not in _standing for w in of_kind]
        end([*leaving, *((p, c) for c, (p, _) in busy.items())])


def _is_of_script(things: Iterable[object]) -> bool:
    """Whether any was defined in the script that is run, which a worker must then import."""
    return any(thing.__module__ == "__main__" for thing in things)


def _attempt(work: Callable[[Task], Result], task: Task) -> Result | Exception:
    """Do a task in this process; an exception is the result."""
    try:
        return work(task)
    except Exception as error:
        return error


def _take_answering(
    busy: dict[Connection, tuple[BaseProcess, int]],
) -> Iterator[tuple[Connection, BaseProcess, int]]:
    """Wait until workers answer or end; take each with the number of its task out of `busy`."""
    for connection in cast("list[Connection]", wait(list(busy))):
        process, number = busy.pop(connection)
        yield connection, process, number


@contextmanager
def keep_standing(*kinds: str) -> Iterator[None]:
    """Let workers of these kinds stay for the next tasks in the block; afterwards they leave.

    They keep what they have read, so this is for tasks that read nothing which may change.
    """
    _standing.update({kind: [] for kind in kinds})
    try:
        yield
    finally:
        end([worker for kind in kinds for worker in _standing.pop(kind)])


def call(task: Callable[[], Result]) -> Result:
    """Return what the task returns: the `work` of `each` where every task is a call of its own."""
    return task()


def start(work: Callable[[Task], object], root: str, script: bool = False) -> Worker:
    """Start a worker; it answers what is sent over the connection with what `work` makes of it."""
    connection, other = multiprocessing.Pipe()
    environment = dict(os.environ)
    process = warm.fork(_loop, (other, work, environment), root, script)
    if process is None:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_loop, args=(other, work, environment, True))
        process.start()
    other.close()
    return process, connection


def end(workers: list[Worker]) -> list[int | None]:
    """Let workers leave, all at a time; return how they ended."""
    codes = []
    for _, connection in workers:
        connection.close()
    for process, _ in workers:
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()
        codes.append(process.exitcode)
        process.close()
    return codes


def _loop(
    connection: Connection,
    work: Callable[[Task], object],
    environment: Mapping[str, str],
    plain: bool = False,
) -> None:
    # Ctrl-C is the caller's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if plain:
        warm.give_up("the caller has no warm process")
    # That of the warm process is as old as itself.
    os.environ.clear()
    os.environ.update(environment)
    if sys.platform == "linux":
        _leave_with_caller(connection)
    while True:
        try:
            task = connection.recv()
        except (EOFError, ConnectionError):
            return
        with suppress(BrokenPipeError, ConnectionError):
            connection.send_bytes(_pack(_attempt(work, task)))


def _pack(result: object) -> bytes:
    """Pickle a result; an exception that cannot be unpickled becomes a `WorkerError`."""
    try:
        packed = pickle.dumps(result)
        if isinstance(result, Exception):
            pickle.loads(packed)
    except Exception as error:
        reason = result if isinstance(result, Exception) else error
        return pickle.dumps(WorkerError(f"{type(reason).__name__}: {reason}"))
    return packed


def _leave_with_caller(connection: Connection) -> None:
    """Drop the task when the pipe closes: the caller is gone, or wants no more."""
    # Not on every system.
    import fcntl

    number = connection.fileno()

    def look(*_: object) -> None:
        # One of its own each time: a second signal may come while the first one looks.
        poll = select.poll()
        poll.register(number, select.POLLRDHUP)
        if poll.poll(0):
            _drop()

    # The system tells when something happens at the pipe; a thread would forbid to fork.
    signal.signal(signal.SIGIO, look)
    fcntl.fcntl(number, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(number, fcntl.F_GETFL)
    fcntl.fcntl(number, fcntl.F_SETFL, flags | os.O_ASYNC)
    look()


def _drop() -> NoReturn:
    # What is open is closed on the way out; if that hangs, the alarm ends it.
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    signal.alarm(PATIENCE - 1)
    for child in multiprocessing.active_children():
        child.terminate()
    sys.exit(1)
