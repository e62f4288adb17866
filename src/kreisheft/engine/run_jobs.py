"""Stage 6: templates → executed chapters, by papermill, a fresh process per chapter.

In: `Job`s. Out: one notebook per job, byte-identical whenever template, parameters and data are.
On Linux a chapter runs in a forked child of a warm process (`fork_engine`), elsewhere in a kernel
of its own; the bytes are the same. What did not change since it was executed last comes from the
`cache`.
"""

import hashlib
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from tqdm import tqdm

from kreisheft.core import cache, code_hashes, hashes, project
from kreisheft.core.cache import Key
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.project import keep_newest
from kreisheft.engine import (
    chapter_job,
    cluster,
    code_slices,
    kept_chapters,
    template,
    warm,
    worker_pool,
)
from kreisheft.engine.chapter_job import TIMEOUT, Job
from kreisheft.engine.failures import FailedError, StoppedError
from kreisheft.engine.kept_chapters import KEPT

__all__ = ["TIMEOUT", "FailedError", "Job", "Outcome", "StoppedError", "run"]


@dataclass(frozen=True)
class Outcome:
    """What became of a job. ran: executed now, not taken from the cache. why: in words."""

    job: Job
    ran: bool
    why: str


@dataclass
class _Entry:
    """A job on its way. name: of its output, relative to the project.

    parts, key: under which its chapter is kept; no key: it is not kept. last: how its output was
    made last. suspect: the kept chapter that an audit compares. outcome: None until it is done.
    """

    job: Job
    name: str
    parts: Mapping[str, str]
    key: Key | None
    last: kept_chapters.Made | None
    suspect: bytes | None = None
    outcome: Outcome | None = None


def run(
    jobs: Sequence[Job],
    root: Path,
    workers: int = 2,
    *,
    plain: bool = False,
    keep: bool = False,
    environment: Mapping[str, str] | None = None,
    scheduler: str = "",
    steady: Callable[[], bool] | None = None,
    audit: int | None = None,
) -> list[Outcome]:
    """Execute all jobs; raise DataError with one problem per failed job after the others are done.

    Parameters are compared with the templates before anything runs.
    plain: kernels of their own even where forking is possible. keep: jobs with `inputs` are looked
    up among what is kept, and kept. environment: more variables for the kernels.
    scheduler: address of a cluster that executes them instead of `workers` processes here.
    steady: says whether all that jobs read is still what their `inputs` were made from; what runs
    after it says no is not kept. audit: run one of ten kept jobs again all the same, chosen by this
    number, from the texts alone (`project.ANEW_VARIABLE`); a DataError says which are not what was
    kept. Ctrl-C raises `StoppedError` when no process is left.
    """
    raise_if(p for job in jobs for p in template.check(job.template, job.parameters, root))
    before = kept_chapters.read_last(root) if keep else {}
    entries = [_entry(job, root, before, keep) for job in jobs]
    for entry in entries:
        _take(entry, root, audit)
    left = [entry for entry in entries if not entry.outcome]
    engine = "kreisheft" if warm.is_available() and not plain else None
    tasks = [_task(entry, root, engine, environment or {}) for entry in left]
    keeping = kept_chapters.Shelf(root, steady)
    try:
        with closing(_results(tasks, workers, root, scheduler)) as results:
            failed = _receive(left, results, keeping, len(jobs))
    except KeyboardInterrupt:
        for entry in left:
            if not entry.outcome:
                chapter_job.failed_notebook(entry.job).unlink(missing_ok=True)
        raise StoppedError(sum(entry.outcome is not None for entry in entries), len(jobs)) from None
    finally:
        keeping.flush()
        if keep:
            _remember(root, entries, keeping.kept)
    if failed:
        raise FailedError(failed, len(jobs))
    return [entry.outcome for entry in entries if entry.outcome]


def _entry(job: Job, root: Path, before: Mapping[str, kept_chapters.Made], keep: bool) -> _Entry:
    name, parts = Path(os.path.relpath(job.output, root)).as_posix(), _parts(job)
    key = KEPT.key(parts) if keep and job.inputs else None
    return _Entry(job, name, KEPT.parts(parts), key, before.get(name))


def _take(entry: _Entry, root: Path, audit: int | None) -> None:
    """Finish a job with its kept chapter if there is one; note that chapter if it is audited."""
    if not entry.key:
        return
    unchanged = Outcome(entry.job, False, "nothing changed")
    is_audited = audit is not None and kept_chapters.is_audited(entry.key, audit)
    if not is_audited and entry.last and entry.last.is_left(entry.parts, entry.job.output):
        entry.outcome = unchanged if cache.use(root, entry.key) else None
        return
    chapter = cache.find(root, entry.key)
    if chapter is not None and is_audited:
        entry.suspect = chapter
    elif chapter is not None:
        project.write(entry.job.output, chapter)
        entry.outcome = unchanged


def _task(
    entry: _Entry, root: Path, engine: str | None, environment: Mapping[str, str]
) -> chapter_job.Task:
    # Empty, not left out: a worker may have it from its last task.
    anew = "" if entry.suspect is None else "1"
    return chapter_job.Task(entry.job, root, engine, {**environment, project.ANEW_VARIABLE: anew})


def _receive(
    left: Sequence[_Entry],
    results: Iterator[tuple[int, Any]],
    keeping: kept_chapters.Shelf,
    total: int,
) -> list[tuple[Job, Problem]]:
    """Write and keep the chapters of the jobs that are left; return the jobs that failed."""
    failed: list[tuple[Job, Problem]] = []
    begun = total - len(left)
    with tqdm(total=total, initial=begun, desc="chapters", unit="", disable=len(left) < 2) as bar:
        for place, result in results:
            entry = left[place]
            problem = _problem(entry.job, result, entry.suspect)
            if problem:
                failed.append((entry.job, problem))
            else:
                with _defer_interrupt():
                    if entry.key and entry.suspect is None:
                        keeping.put(entry.key, result)
                    project.write(entry.job.output, result)
                    why = kept_chapters.explain_rerun(entry.last, entry.parts)
                    if entry.suspect is not None:
                        why = "audited: the same"
                    entry.outcome = Outcome(entry.job, True, why)
            bar.update()
            bar.set_postfix(failed=len(failed))
    return failed


def _remember(root: Path, entries: Iterable[_Entry], kept: Set[Key]) -> None:
    last_made = {}
    for entry in entries:
        if entry.outcome:
            # What ran after a change is not what its parts say, though it is the output.
            sound = not entry.outcome.ran or entry.key in kept
            state = hashes.states([entry.job.output]) if sound else ""
            last_made[entry.name] = kept_chapters.Made(entry.parts, state)
    kept_chapters.remember(root, last_made)


@contextmanager
def _defer_interrupt() -> Iterator[None]:
    """Defer Ctrl-C until a chapter is kept, written and counted."""
    # To block the signal is not enough: another thread, such as that of a bar, would take it.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupts: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda *what: interrupts.append(what))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if interrupts and callable(before):
            before(*interrupts[0])


def _results(
    tasks: Sequence[chapter_job.Task], workers: int, root: Path, scheduler: str
) -> Generator[tuple[int, Any], None, None]:
    # Only a generator can be closed, and that ends the workers at once.
    each = partial(cluster.each, scheduler) if scheduler else worker_pool.each
    yield from each(chapter_job.execute, tasks, workers, str(root))


def _problem(job: Job, result: object, suspect: bytes | None) -> Problem | None:
    """What is wrong with the result of a job; suspect: what was kept and must be the same."""
    if isinstance(result, Problem):
        return result
    if not isinstance(result, bytes):
        return Problem(job.name, str(result), "run this chapter alone")
    what = kept_chapters.find_difference(suspect, result) if suspect is not None else ""
    step = "what was kept is wrong: delete build/kept, build again, report it"
    return Problem(job.name, f"is not what was kept: {what}", step) if what else None


def _parts(job: Job) -> dict[str, str]:
    """Return the named hashes that make up a job's key, without the code that runs every job."""
    digest, code = _template(job.template, job.template.stat().st_mtime_ns)
    named = {
        "template": digest,
        "title": job.title,
        "parameters": repr(sorted(job.parameters.items())),
        "code": code,
    }
    return {**named, **job.inputs}


@keep_newest(64)
def _template(path: Path, _changed: int) -> tuple[str, str]:
    """Hash of a template, and of the code of this package that its cells use."""
    content = path.read_bytes()
    text = template.read_code(content)
    if text is None:
        return hashlib.sha256(content).hexdigest(), code_hashes.everything()
    called = template.list_calls(text)
    methods = None if called is None else frozenset(called)
    return hashlib.sha256(content).hexdigest(), code_slices.of_template(text, methods)
