"""What happens on a worker of Dask: it keeps the files of a project and runs work from them.

A worker of Dask has threads and must not be forked. Work is done in processes of its own, forked
from a warm one as in `worker_pool`, and kept for the next order. They end with the files they know.
"""

import asyncio
import multiprocessing
import platform
import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker
from packaging.requirements import Requirement

from kreisheft.core import code_hashes
from kreisheft.core.errors import Problem
from kreisheft.engine import cluster_archive, warm, worker_pool
from kreisheft.engine.chapter_job import Job, Task

#: What runs a chapter on a worker; the empty name is what its cells import.
RUNNING = (
    "",
    "engine.chapter_job",
    "engine.fork_engine",
    "engine.cluster_worker",
    "engine.kernel_shell",
)

_idle: list[worker_pool.Worker] = []
#: Busy process → archive that it works from.
_busy: dict[BaseProcess, str] = {}
_starting = threading.Lock()
#: Folder of an archive → how many clients use it.
_users: Counter[Path] = Counter()
_using = threading.Lock()


@dataclass(frozen=True)
class Order:
    """A `Task` on its way: names below its project instead of paths.

    root: archive of the project. folders: variable of the environment → archive of its folder.
    """

    template: str
    output: str
    parameters: Mapping[str, str | int]
    title: str
    engine: str | None
    environment: Mapping[str, str]
    root: str
    folders: Mapping[str, str]
    before: Callable[[Path], None] | None


@dataclass(frozen=True)
class Done:
    """What came of an order. left: the notebook of a job that failed."""

    result: Any
    left: bytes | None = None


class Files(WorkerPlugin):
    """An archive on every worker: each gets it once, also one that comes later."""

    def __init__(self, name: str, digest: str, content: bytes, identity: Mapping[str, str]):
        self.name, self.digest, self.content, self.identity = name, digest, content, identity
        self.folder = Path()
        self.complaint = ""

    async def setup(self, worker: Worker) -> None:
        """Unpack and check; nobody is told to run anything before."""
        self.complaint = complaint(identity(), self.identity)
        # Nannies start workers that may have no children; these end theirs themselves.
        multiprocessing.current_process().daemon = False
        # The same files have the same place and times in every build: what is warm stays warm.
        folder = Path(worker.local_directory, f"kreisheft-{self.digest[:16]}").absolute()
        content, self.content = self.content, b""
        await asyncio.to_thread(_take, content, folder, self.digest)
        self.folder = folder

    async def teardown(self, worker: Worker) -> None:
        """End what works from these files, and remove them."""
        leaving = worker.status.name in ("closing", "closing_gracefully", "closed", "failed")
        for process, name in list(_busy.items()):
            if leaving or name == self.name:
                # It may have ended meanwhile.
                with suppress(ValueError):
                    process.terminate()
        await asyncio.to_thread(_end_idle)
        if self.folder.name:
            await asyncio.to_thread(_give_back, self.folder)


def run(work: Callable[[Task], object], order: Order) -> Done:
    """Do an order on this worker. Raises what another try may mend, so that Dask tries again."""
    worker = get_worker()
    folders = {}
    for name in (order.root, *order.folders.values()):
        files = worker.plugins.get(name)
        if not isinstance(files, Files) or not files.folder.name:
            raise RuntimeError(f"worker {worker.address} did not get archive {name}")
        if files.complaint:
            raise RuntimeError(f"worker {worker.address}: {files.complaint}")
        folders[name] = files.folder
    root = folders[order.root]
    given = (order.parameters, order.title)
    job = Job(root / order.template, root / order.output, *given, before=order.before)
    environment = {
        **order.environment,
        **{variable: str(folders[name]) for variable, name in order.folders.items()},
    }
    task = Task(job, root, order.engine if warm.is_available() else None, environment)
    result = _in_child((work, task), root, order.root)
    if isinstance(result, OSError | MemoryError):
        raise result
    left = job.output.with_suffix(".fehler.ipynb")
    if not isinstance(result, Problem) or not left.is_file():
        return Done(result)
    content = left.read_bytes()
    left.unlink()
    return Done(result, content)


@cache
def identity() -> dict[str, str]:
    """Versions of what makes a chapter: Python, needed packages, code of this package as loaded."""
    version_of = {"python": platform.python_version(), "code": code_hashes.of(RUNNING)}
    waiting = ["kreisheft"]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in version_of:
            continue
        with suppress(metadata.PackageNotFoundError):
            version_of[name] = metadata.version(name)
            lines = map(Requirement, metadata.requires(name) or ())
            waiting += [x.name for x in lines if not x.marker or x.marker.evaluate({"extra": ""})]
    return version_of


def complaint(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """What a worker has that the client has not, in words; empty if their chapters are the same."""
    if theirs.get("code") != ours.get("code"):
        return "its code of kreisheft is not the one used here"
    other = sorted(n for n in {*theirs, *ours} if theirs.get(n) != ours.get(n))
    differences = [f"{n} {theirs.get(n, 'missing')} (here {ours.get(n, 'missing')})" for n in other]
    return (
        f"other versions: {', '.join(differences[:5])}" + (" and more" if differences[5:] else "")
        if differences
        else ""
    )


def _take(content: bytes, folder: Path, digest: str) -> None:
    with _using:
        if not _users[folder]:
            cluster_archive.unpack(content, folder, digest)
        _users[folder] += 1


def _give_back(folder: Path) -> None:
    with _using:
        _users[folder] -= 1
        if not _users[folder]:
            shutil.rmtree(folder, ignore_errors=True)


def _in_child(order: tuple[Callable[[Task], object], Task], root: Path, name: str) -> Any:
    try:
        process, connection = _idle.pop()
    except IndexError:
        # Threads of one worker have one warm process.
        with _starting:
            process, connection = worker_pool.start(_call, str(root))
    _busy[process] = name
    try:
        with suppress(ConnectionError):
            connection.send(order)
        result = connection.recv()
    except (EOFError, ConnectionError):
        del _busy[process]
        [ended] = worker_pool.end([(process, connection)])
        raise worker_pool.WorkerError(f"its process ended ({ended})") from None
    del _busy[process]
    _idle.append((process, connection))
    return result


def _call(order: tuple[Callable[[Task], object], Task]) -> object:
    work, task = order
    return work(task)


def _end_idle() -> None:
    leaving = [_idle.pop() for _ in range(len(_idle))]
    worker_pool.end(leaving)
