"""What can be wrong, and how it is told.

KreisheftError
├── DataError    a file says something it must not say   → exit 1
└── UsageError   the command was given a wrong argument  → exit 2

Every complaint is a `Problem`: where, what, and what to do next. All problems of an input are
collected and raised together, so that an analyst mends a file once and not line by line.
"""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong.

    where: file, and as far as known row and column: ``data/facts/x.csv, row 7, column 'value'``
    what:  the value found and why it is wrong
    next:  the fix, as an imperative
    """

    where: str
    what: str
    next: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"\n    → {self.next}" if self.next else "")


class KreisheftError(Exception):
    """Ancestor of every error that is meant for the user."""

    exit_code = 1


class DataError(KreisheftError):
    """Files are wrong. Carries every problem found, sorted by place."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["DataError"], tuple[list[Problem]]]:
        """Come back whole from another process; by default only the message would travel."""
        return type(self), (self.problems,)


class UsageError(KreisheftError):
    """The command was wrong; the message lists what would have been right."""

    exit_code = 2


def unknown(kind: str, given: object, valid: Iterable[object]) -> UsageError:
    """Build the error for an argument that is not one of `valid`; first what is written alike.

    Where there is room for a line only, the end of a long list is not seen.
    """
    names = [str(v) for v in valid]
    # Years and official keys that look alike have nothing to do with each other.
    alike = [] if str(given).isdigit() else get_close_matches(str(given), names, 1, 0.75)
    meant = f" Did you mean {alike[0]!r}?" if alike else ""
    return UsageError(f"unknown {kind} {given!r}.{meant} Valid: {', '.join(names) or '(none)'}")


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise all `problems` together, or nothing if there are none."""
    found = list(problems)
    if found:
        raise DataError(found)


@contextmanager
def explain_denied() -> Iterator[None]:
    """Raise a DataError for what the system lets nobody write, or not this user; else nothing."""
    try:
        yield
    except OSError as error:
        if error.filename is None or error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        path = Path(str(error.filename))
        # Left there by `sudo make book`, mostly.
        owned = "chown or delete build/" if "build" in path.parts else "chown it, or take another"
        raise DataError([Problem(path.as_posix(), error.strerror or "denied", owned)]) from None
