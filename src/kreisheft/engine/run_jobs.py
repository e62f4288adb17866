"""Stage 6: templates → executed chapters, by papermill, a fresh process per chapter.

In: `Job`s. Out: one notebook per job, byte-identical whenever template, parameters and data are.
On Linux a chapter runs in a forked child of a warm process (`fork_engine`), elsewhere in a kernel
of its own; the bytes are the same. What did not change since it was executed last comes from the
`store`.
"""

import hashlib
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from tqdm import tqdm

from kreisheft.core import hashes, project
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.project import keep_newest
from kreisheft.engine import (
    chapter_job,
    cluster,
    code_hashes,
    kept_chapters,
    store,
    template,
    warm,
    worker_pool,
)
from kreisheft.engine.chapter_job import TIMEOUT, Job
from kreisheft.engine.failures import FailedError, StoppedError

__all__ = ["TIMEOUT", "FailedError", "Job", "Outcome", "StoppedError", "run"]

#: What runs a chapter, beside what its own cells import.
RUNNING = ("engine.chapter_job", "engine.fork_engine", "engine.kernel_shell")


@dataclass(frozen=True)
class Outcome:
    """What became of a job. ran: executed now, not taken from the store. why: in words."""

    job: Job
    ran: bool
    why: str


def run(
    jobs: Sequence[Job],
    root: Path,
    workers: int = 2,
    *,
    plain: bool = False,
    kept: Path | None = None,
    environment: Mapping[str, str] | None = None,
    scheduler: str = "",
    steady: Callable[[], bool] | None = None,
    audit: int | None = None,
) -> list[Outcome]:
    """Execute all jobs; raise DataError with one problem per failed job after the others are done.

    Parameters are compared with the templates before anything runs.
    plain: kernels of their own even where forking is possible. kept: folder of the store; only
    jobs with `inputs` are looked up there. environment: more variables for the kernels.
    scheduler: address of a cluster that executes them instead of `workers` processes here.
    steady: says whether all that jobs read is still what their `inputs` were made from; what runs
    after it says no is not kept. audit: run one of ten kept jobs again all the same, chosen by this
    number, from the texts alone (`project.ANEW_VARIABLE`); a DataError says which are not what was
    kept. Ctrl-C raises `StoppedError` when no process is left.
    """
    raise_if(p for job in jobs for p in template.check(job.template, job.parameters, root))
    parts = [_parts(job) for job in jobs]
    keys = [store.key(p) if kept and job.inputs else "" for job, p in zip(jobs, parts, strict=True)]
    before = store.last(kept) if kept else {}
    names = [Path(os.path.relpath(job.output, root)).as_posix() for job in jobs]
    outcomes: dict[int, Outcome] = {}
    suspects: dict[int, bytes] = {}
    for number, job in enumerate(jobs):
        key, audited = (
            keys[number],
            audit is not None and kept_chapters.audited(keys[number], audit),
        )
        if not kept or not key:
            continue
        last = before.get(names[number])
        if not audited and last and last.is_left(parts[number], job.output):
            if store.use(kept, key):
                outcomes[number] = Outcome(job, False, "nothing changed")
            continue
        found = store.read(kept, key)
        if found is not None and audited:
            suspects[number] = found
        elif found is not None:
            project.write(job.output, found)
            outcomes[number] = Outcome(job, False, "nothing changed")
    engine = "kreisheft" if warm.available() and not plain else None
    left = [n for n in range(len(jobs)) if n not in outcomes]
    # Empty, not left out: a worker may have it from its last task.
    given = {**(environment or {}), project.ANEW_VARIABLE: ""}
    alone = {**given, project.ANEW_VARIABLE: "1"}
    tasks = [
        chapter_job.Task(jobs[n], root, engine, alone if n in suspects else given) for n in left
    ]
    failed: list[tuple[Job, Problem]] = []
    keeping = kept_chapters.Shelf(kept, steady)
    bar = tqdm(
        total=len(jobs), initial=len(outcomes), desc="chapters", unit="", disable=len(left) < 2
    )
    try:
        with bar, closing(_results(tasks, workers, root, scheduler)) as results:
            for place, result in results:
                number = left[place]
                job = jobs[number]
                problem = _problem(job, result, suspects.get(number))
                if problem:
                    failed.append((job, problem))
                else:
                    why = store.why(before.get(names[number]), parts[number])
                    why = "audited: the same" if number in suspects else why
                    with _uninterrupted():
                        if keys[number] and number not in suspects:
                            keeping.put(keys[number], result)
                        project.write(job.output, result)
                        outcomes[number] = Outcome(job, True, why)
                bar.update()
                bar.set_postfix(failed=len(failed))
    except KeyboardInterrupt:
        for number in set(left) - set(outcomes):
            chapter_job.failed_notebook(jobs[number]).unlink(missing_ok=True)
        raise StoppedError(len(outcomes), len(jobs)) from None
    finally:
        keeping.flush()
        if kept:
            # What ran after a change is not what its parts say, though it is the output.
            sound = {n for n, o in outcomes.items() if not o.ran or keys[n] in keeping.kept}
            states = {n: hashes.states([jobs[n].output]) if n in sound else "" for n in outcomes}
            made = {names[n]: store.Made(parts[n], states[n]) for n in sorted(outcomes)}
            store.remember(kept, made, keeping.added)
    if failed:
        raise FailedError(failed, len(jobs))
    return [outcomes[n] for n in range(len(jobs))]


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


def _problem(job: Job, result: Any, suspect: bytes | None) -> Problem | None:
    """What is wrong with the result of a job; suspect: what was kept and must be the same."""
    if isinstance(result, Problem):
        return result
    if not isinstance(result, bytes):
        return Problem(job.name, str(result), "run this chapter alone")
    what = kept_chapters.difference(suspect, result) if suspect is not None else ""
    step = "what was kept is wrong: delete build/store and build/values, build again, report it"
    return Problem(job.name, f"is not what was kept: {what}", step) if what else None


def _parts(job: Job) -> dict[str, str]:
    """The named hashes that a job's key is made of."""
    digest, code = _template(job.template, job.template.stat().st_mtime_ns)
    return {
        "template": digest,
        "title": job.title,
        "parameters": repr(sorted(job.parameters.items())),
        "code": code,
        "packages": code_hashes.environment(),
        **job.inputs,
    }


@keep_newest(64)
def _template(path: Path, _changed: int) -> tuple[str, str]:
    """Hash of a template, and of the code of this package that its cells use."""
    content = path.read_bytes()
    text = template.code(content)
    if text is None:
        return hashlib.sha256(content).hexdigest(), code_hashes.everything()
    called = template.calls(text)
    asked = None if called is None else frozenset(called)
    return hashlib.sha256(content).hexdigest(), code_hashes.of_template(text, asked, RUNNING)
