"""Workers on other machines: the same as `worker_pool`, on a cluster of Dask that somebody started.

In: tasks and the address of a scheduler. Out: their results, as bytes over the wire. A worker needs
this package, in the same version, and nothing else: it gets the files of the project as an
archive, once, and works from them (`cluster_worker`). See docs/cluster.md.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from kreisheft.core import hashes, project
from kreisheft.core.errors import Problem, UsageError
from kreisheft.engine import cluster_archive
from kreisheft.engine.chapter_job import Task
from kreisheft.engine.worker_pool import TRIES, Result, WorkerError

if TYPE_CHECKING:
    from kreisheft.engine.cluster_worker import Done, Order

#: What a chapter reads of a project, beside its template and the folders in its environment.
FILES = ("data", "params", "notebooks", "book", "_config.yml", "_toc.yml")
#: Seconds until a scheduler must have answered.
PATIENCE = 10
#: How to make a worker that is not refused.
INSTALL = (
    "on every worker install kreisheft[dask] from this commit with the packages of"
    " requirements.lock (docs/cluster.md), then start the workers again"
)
_open: dict[str, "_Session"] = {}


def each(
    scheduler: str, work: Callable[[Task], Result], tasks: Sequence[Task], _: int = 0, __: str = ""
) -> Iterator[tuple[int, Result | Exception]]:
    """Do as `worker_pool.each` on the workers of a scheduler, however many the cluster has.

    All tasks have one root. What a job that failed leaves is written here. An exception is a
    result; a task that was lost three times has a `WorkerError`. Raises UsageError if there is no
    scheduler, or a worker with other versions.
    """
    if tasks:
        with session(scheduler):
            yield from _open[scheduler].each(work, tasks)


@contextmanager
def session(scheduler: str) -> Iterator[None]:
    """Stay connected for the block, so that workers get the files of a project only once.

    At its end they forget them. An empty address does nothing; within a session of the same address
    neither.
    """
    if not scheduler or scheduler in _open:
        yield
        return
    with ExitStack() as stack:
        client = _connect(scheduler)
        stack.callback(client.close)
        _refuse_others(client, scheduler)
        _open[scheduler] = _Session(client, scheduler)
        stack.callback(_open.pop, scheduler)
        stack.callback(_open[scheduler].forget)
        yield


class _Session:
    """A connection, and the archives that its workers have: folder → its state, archive's name."""

    def __init__(self, client: Any, scheduler: str):
        self.client, self.scheduler = client, scheduler
        self._sent: dict[Path, tuple[str, str]] = {}

    def each(
        self, work: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[tuple[int, Result | Exception]]:
        from distributed import as_completed

        from kreisheft.engine import cluster_worker

        orders = self._orders(tasks)
        call = partial(cluster_worker.run, work)
        futures = self.client.map(call, orders, pure=False, retries=TRIES - 1, key="kreisheft")
        waiting = {future.key: (number, future) for number, future in enumerate(futures)}
        completed: Any = as_completed(futures, loop=self.client.loop)  # type: ignore[no-untyped-call]
        # What is read is released, here and on its worker.
        del futures
        try:
            for future in completed:
                number, _ = waiting.pop(future.key)
                yield number, _result(future, tasks[number])
        finally:
            self.client.cancel([future for _, future in waiting.values()])

    def forget(self) -> None:
        """Let the workers remove all archives."""
        for folder in list(self._sent):
            self._drop(folder)

    def _orders(self, tasks: Sequence[Task]) -> list["Order"]:
        from kreisheft.engine.cluster_worker import Order

        root = tasks[0].root
        files = [root / name for name in FILES]
        templates = {task.job.template for task in tasks}
        others = sorted(t for t in templates if not any(t.is_relative_to(f) for f in files))
        # What the next tasks do not need leaves the workers; what they need stays there.
        for folder in self._sent.keys() - {root, *(f for t in tasks for f in _folders(t).values())}:
            self._drop(folder)
        whole = self._send(root, [*files, *others])
        orders = []
        for task in tasks:
            job, folders = task.job, _folders(task)
            orders.append(
                Order(
                    job.template.relative_to(root).as_posix(),
                    job.output.relative_to(root).as_posix(),
                    dict(job.parameters),
                    job.title,
                    task.engine,
                    {k: v for k, v in task.environment.items() if k not in folders},
                    whole,
                    {k: self._send(folder, [folder]) for k, folder in folders.items()},
                    job.before,
                )
            )
        return orders

    def _send(self, folder: Path, paths: Sequence[Path]) -> str:
        """Let every worker have some files of a folder, unless it has; return the name."""
        from kreisheft.engine.cluster_worker import Files, identity

        state = hashes.states(paths)
        if self._sent.get(folder, ("",))[0] == state:
            return self._sent[folder][1]
        self._drop(folder)
        digest, content = cluster_archive.pack(folder, paths)
        # Another client may have the same files, and end before this one.
        name = f"kreisheft-{digest[:16]}-{self.client.id[-12:]}"
        self._sent[folder] = (state, name)
        try:
            self.client.register_plugin(Files(name, digest, content, identity()), name=name)
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.scheduler}: a worker refused the files: {error}") from error
        return name

    def _drop(self, folder: Path) -> None:
        if folder in self._sent:
            self.client.unregister_worker_plugin(self._sent.pop(folder)[1])


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask: install kreisheft[dask], or leave the option out"
        ) from None
    try:
        return Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, ValueError, TypeError) as error:
        lines = str(error).strip().splitlines()
        raise UsageError(
            f"no scheduler at {scheduler!r}: {lines[0] if lines else type(error).__name__}."
            " Start one (docs/cluster.md) and give its address, such as tcp://127.0.0.1:8786"
        ) from error


def _refuse_others(client: Any, scheduler: str) -> None:
    """Raise UsageError with all workers whose chapters might differ from those made here."""
    from kreisheft.engine.cluster_worker import complaint, identity

    ours = identity()
    answers = client.run(identity, on_error="return")
    if not answers:
        tqdm.write(f"{scheduler} has no worker yet; waiting for one", file=sys.stderr)
    problems = []
    for worker, theirs in sorted(answers.items()):
        answered = isinstance(theirs, dict)
        reason = complaint(theirs, ours) if answered else f"kreisheft cannot be imported: {theirs}"
        if reason:
            problems.append(Problem(f"worker {worker}", reason, INSTALL))
    if problems:
        raise UsageError("\n".join(map(str, problems)))


def _folders(task: Task) -> dict[str, Path]:
    """Variables of a task's environment that name a folder of its project."""
    paths = {k: Path(v) for k, v in task.environment.items() if v}
    return {k: p for k, p in paths.items() if task.root in p.parents and p.is_dir()}


def _result(future: Any, task: Task) -> Any:
    try:
        done: Done = future.result()
    except Exception as error:
        text = str(error).strip() or type(error).__name__
        return WorkerError(f"the cluster gave up: {text.splitlines()[0]}")
    finally:
        future.release()
    if done.left is not None:
        project.write(task.job.output.with_suffix(".fehler.ipynb"), done.left)
    return done.result
