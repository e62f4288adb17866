"""Stage 6: templates → executed chapters, by papermill, a fresh process per chapter.

In: `Job`s. Out: one notebook per job, byte-identical whenever template, parameters and data are.
On Linux a chapter runs in a forked child of a warm process (`fork`), elsewhere in a kernel of its
own; the bytes are the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from kreisheft import project
from kreisheft.engine import chapter, pool, template, warm
from kreisheft.engine.chapter import TIMEOUT, Job
from kreisheft.errors import Problem, raise_if

__all__ = ["TIMEOUT", "Job", "run"]


def run(
    jobs: Sequence[Job],
    root: Path,
    workers: int = 2,
    *,
    plain: bool = False,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Execute all jobs; raise DataError with one problem per failed job after the others are done.

    Parameters are compared with the templates before anything runs.
    plain: kernels of their own even where forking is possible. environment: more for the kernels.
    """
    raise_if(p for job in jobs for p in template.check(job.template, job.parameters, root))
    engine = "kreisheft" if warm.available() and not plain else None
    tasks = [chapter.Task(job, root, engine, dict(environment or {})) for job in jobs]
    problems: list[Problem] = []
    with tqdm(total=len(jobs), desc="chapters", unit="", disable=len(jobs) < 2) as bar:
        for number, result in pool.each(chapter.execute, tasks, workers, str(root)):
            job = jobs[number]
            if isinstance(result, bytes):
                project.write(job.output, result)
            elif isinstance(result, Problem):
                problems.append(result)
            else:
                problems.append(Problem(job.name, str(result), "run this chapter alone"))
            bar.update()
            bar.set_postfix(failed=len(problems))
    raise_if(problems)
