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
    """What became of a job. ran: executed now, not taken from the store. why: in words."""

    job: Job
    ran: bool
    why: str


@dataclass
class _Entry:
    """A job on its way. parts, key: of what is kept; no key: it is not. last: how it was made then.

    suspect: what is kept, and must come out again. outcome: None until it is done.
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
    before = kept_chapters.last(root) if keep else {}
    entries = [_entry(job, root, before, keep) for job in jobs]
    for one in entries:
        _take(one, root, audit)
    left = [one for one in entries if not one.outcome]
    engine = "kreisheft" if warm.available() and not plain else None
    tasks = [_task(one, root, engine, environment or {}) for one in left]
    keeping = kept_chapters.Shelf(root, steady)
    try:
        with closing(_results(tasks, workers, root, scheduler)) as results:
            failed = _receive(left, results, keeping, len(jobs))
    except KeyboardInterrupt:
        for one in left:
            if not one.outcome:
                chapter_job.failed_notebook(one.job).unlink(missing_ok=True)
        raise StoppedError(sum(one.outcome is not None for one in entries), len(jobs)) from None
    finally:
        keeping.flush()
        if keep:
            _remember(root, entries, keeping.kept)
    if failed:
        raise FailedError(failed, len(jobs))
    return [one.outcome for one in entries if one.outcome]


def _entry(job: Job, root: Path, before: Mapping[str, kept_chapters.Made], keep: bool) -> _Entry:
    name, parts = Path(os.path.relpath(job.output, root)).as_posix(), _parts(job)
    key = KEPT.key(parts) if keep and job.inputs else None
    return _Entry(job, name, KEPT.parts(parts), key, before.get(name))


def _take(one: _Entry, root: Path, audit: int | None) -> None:
    """Let a job be done with what is kept of it; for an audit, perhaps only compare it later."""
    if not one.key:
        return
    done = Outcome(one.job, False, "nothing changed")
    audited = audit is not None and kept_chapters.audited(one.key, audit)
    if not audited and one.last and one.last.is_left(one.parts, one.job.output):
        one.outcome = done if cache.use(root, one.key) else None
        return
    found = cache.find(root, one.key)
    if found is not None and audited:
        one.suspect = found
    elif found is not None:
        project.write(one.job.output, found)
        one.outcome = done


def _task(
    one: _Entry, root: Path, engine: str | None, environment: Mapping[str, str]
) -> chapter_job.Task:
    # Empty, not left out: a worker may have it from its last task.
    anew = "" if one.suspect is None else "1"
    return chapter_job.Task(one.job, root, engine, {**environment, project.ANEW_VARIABLE: anew})


def _receive(
    left: Sequence[_Entry],
    results: Iterator[tuple[int, Any]],
    keeping: kept_chapters.Shelf,
    total: int,
) -> list[tuple[Job, Problem]]:
    """Write and keep what comes of the jobs that are left; return those that failed."""
    failed: list[tuple[Job, Problem]] = []
    begun = total - len(left)
    with tqdm(total=total, initial=begun, desc="chapters", unit="", disable=len(left) < 2) as bar:
        for place, result in results:
            one = left[place]
            problem = _problem(one.job, result, one.suspect)
            if problem:
                failed.append((one.job, problem))
            else:
                with _uninterrupted():
                    if one.key and one.suspect is None:
                        keeping.put(one.key, result)
                    project.write(one.job.output, result)
                    same = one.suspect is not None
                    why = "audited: the same" if same else kept_chapters.why(one.last, one.parts)
                    one.outcome = Outcome(one.job, True, why)
            bar.update()
            bar.set_postfix(failed=len(failed))
    return failed


def _remember(root: Path, entries: Iterable[_Entry], kept: Set[Key]) -> None:
    made = {}
    for one in entries:
        if one.outcome:
            # What ran after a change is not what its parts say, though it is the output.
            sound = not one.outcome.ran or one.key in kept
            state = hashes.states([one.job.output]) if sound else ""
            made[one.name] = kept_chapters.Made(one.parts, state)
    kept_chapters.remember(root, made)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until a chapter is kept, written and counted."""
    # To block the signal is not enough: another thread, such as that of a bar, would take it.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda *what: asked.append(what))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if asked and callable(before):
            before(*asked[0])


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
    what = kept_chapters.difference(suspect, result) if suspect is not None else ""
    step = "what was kept is wrong: delete build/kept, build again, report it"
    return Problem(job.name, f"is not what was kept: {what}", step) if what else None


def _parts(job: Job) -> dict[str, str]:
    """The named hashes that a job's key is made of, beside what runs every job."""
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
    text = template.code(content)
    if text is None:
        return hashlib.sha256(content).hexdigest(), code_hashes.everything()
    called = template.calls(text)
    asked = None if called is None else frozenset(called)
    return hashlib.sha256(content).hexdigest(), code_slices.of_template(text, asked)
