"""Stage 6: templates → executed chapters, by papermill, a fresh process per chapter.

In: `Job`s. Out: one notebook per job, byte-identical whenever template, parameters and data are.
On Linux a chapter runs in a forked child of a warm process (`fork`), elsewhere in a kernel of its
own; the bytes are the same. What did not change since it was executed last comes from the `store`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from tqdm import tqdm

from kreisheft import project
from kreisheft.engine import chapter, cluster, code, pool, store, template, warm
from kreisheft.engine.chapter import TIMEOUT, Job
from kreisheft.errors import Problem, raise_if

__all__ = ["TIMEOUT", "Job", "Outcome", "run"]

#: What runs a chapter, beside what its own cells import.
RUNNING = ("engine.chapter", "engine.fork", "engine.shell")


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
) -> list[Outcome]:
    """Execute all jobs; raise DataError with one problem per failed job after the others are done.

    Parameters are compared with the templates before anything runs.
    plain: kernels of their own even where forking is possible. kept: folder of the store; only
    jobs with `inputs` are looked up there. environment: more variables for the kernels.
    scheduler: address of a cluster that executes them instead of `workers` processes here.
    """
    raise_if(p for job in jobs for p in template.check(job.template, job.parameters, root))
    parts = [_parts(job) for job in jobs]
    before = store.last(kept) if kept else {}
    names = [job.output.relative_to(root).as_posix() for job in jobs]
    outcomes: dict[int, Outcome] = {}
    for number, job in enumerate(jobs):
        found = store.read(kept, store.key(parts[number])) if kept and job.inputs else None
        if found is not None:
            project.write(job.output, found)
            outcomes[number] = Outcome(job, False, "nothing changed")
    engine = "kreisheft" if warm.available() and not plain else None
    left = [n for n in range(len(jobs)) if n not in outcomes]
    tasks = [chapter.Task(jobs[n], root, engine, dict(environment or {})) for n in left]
    problems: list[Problem] = []
    each = partial(cluster.each, scheduler) if scheduler else pool.each
    hidden = len(left) < 2
    bar = tqdm(total=len(jobs), initial=len(outcomes), desc="chapters", unit="", disable=hidden)
    with bar:
        for place, result in each(chapter.execute, tasks, workers, str(root)):
            number = left[place]
            job = jobs[number]
            if isinstance(result, bytes):
                if kept and job.inputs:
                    store.write(kept, store.key(parts[number]), result)
                project.write(job.output, result)
                outcomes[number] = Outcome(
                    job, True, store.why(before.get(names[number]), parts[number])
                )
            elif isinstance(result, Problem):
                problems.append(result)
            else:
                problems.append(Problem(job.name, str(result), "run this chapter alone"))
            bar.update()
            bar.set_postfix(failed=len(problems))
    if kept:
        store.remember(kept, {names[n]: parts[n] for n in sorted(outcomes)})
    raise_if(problems)
    return [outcomes[n] for n in range(len(jobs))]


def _parts(job: Job) -> dict[str, str]:
    """The named hashes that a job's key is made of."""
    digest, used = _template(job.template, job.template.stat().st_mtime_ns)
    return {
        "template": digest,
        "title": job.title,
        "parameters": repr(sorted(job.parameters.items())),
        "code": code.of((*RUNNING, *used)),
        "packages": code.environment(),
        **job.inputs,
    }


@lru_cache(maxsize=64)
def _template(path: Path, _changed: int) -> tuple[str, tuple[str, ...]]:
    """Hash of a template, and the modules of this package that its cells import."""
    content = path.read_bytes()
    used = code.imported(template.code(content))
    return hashlib.sha256(content).hexdigest(), tuple(sorted(used))
