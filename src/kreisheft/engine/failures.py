"""The messages when chapters fail or are stopped: a table, and how to go on."""

import re
from collections.abc import Sequence
from typing import Any

from kreisheft.core.errors import DataError, Problem
from kreisheft.engine.chapter_job import Job

HEADS = ("chapter", "cell", "error", "run it alone")
CELL = re.compile(r"cell (\d+): (.*)", re.DOTALL)
#: Longest error in the table; the whole one is in the notebook.
WIDEST = 90


class FailedError(DataError):
    """Chapters failed; `str` is a table of them, with the command that runs just one."""

    def __init__(self, failed: Sequence[tuple[Job, Problem]], total: int):
        super().__init__(problem for _, problem in failed)
        self._made_of = (tuple(failed), total)
        rows = [HEADS, *(_row(job, problem) for job, problem in sorted(failed, key=_name))]
        width = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(r, width, strict=True)).rstrip() for r in rows
        ]
        steps = sorted({problem.next for _, problem in failed})
        done = f"{len(failed)} of {total} chapters failed; the others are done"
        self.table = "\n".join([done, *lines, *(f"    → {step}" for step in steps)])

    def __str__(self) -> str:
        return self.table

    def __reduce__(self) -> tuple[Any, Any]:
        """Come back whole from another process, as every `DataError`."""
        return type(self), self._made_of


class StoppedError(KeyboardInterrupt):
    """Ctrl-C while chapters ran; what was done is kept."""

    def __init__(self, done: int, total: int):
        super().__init__(f"stopped; {done} of {total} chapters are kept, call again to go on")


def _name(failure: tuple[Job, Problem]) -> tuple[str, Problem]:
    return failure[0].name, failure[1]


def _row(job: Job, problem: Problem) -> tuple[str, str, str, str]:
    match = CELL.match(problem.what)
    cell, error = match.groups() if match else ("", problem.what)
    short = " ".join(error.split())
    short = short if len(short) <= WIDEST else f"{short[: WIDEST - 2]} …"
    return job.name, cell, short, job.again
