"""One command at a time writes below ``build/`` or into a site; others say whom they wait for.

The lock is the operating system's, on a file in which its holder stands: it ends with the process,
however that ends. Only the lock counts; the file may stay, or be deleted.
"""

import errno
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kreisheft.core.errors import Problem, explain_denied, raise_if

#: Seconds between two attempts where the system does not wait by itself.
PAUSE = 0.2
#: Disks whose files cannot be locked, such as some of a network: there nobody waits.
WITHOUT_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
#: Where Windows locks: a byte behind the text, for what is locked there cannot be read.
BEHIND = 1 << 20


def say_on_stderr(text: str) -> None:
    """Tell whoever gave the command."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def hold_build(root: Path, say: Callable[[str], None] = say_on_stderr) -> Iterator[bool]:
    """Hold ``build/`` of a project for the block; yield whether another command was waited for.

    say: is told at once for whom. Raises DataError with all folders there that cannot be written.
    Whoever holds it must not ask for it again, and would wait for ever.
    """
    build = root / "build"
    with explain_denied():
        build.mkdir(exist_ok=True)
    folders = [build, *sorted(path for path in build.iterdir() if path.is_dir())]
    raise_if(
        Problem(path.relative_to(root).as_posix(), "cannot be written", "chown or delete build/")
        for path in folders
        if not os.access(path, os.W_OK | os.X_OK)
    )
    with hold(build / ".lock", say) as waited:
        yield waited


@contextmanager
def hold(file: Path, say: Callable[[str], None] = say_on_stderr) -> Iterator[bool]:
    """Hold the lock on a file for the block; as `hold_build`, which is the one for ``build/``."""
    number, waited = _lock(file, say)
    try:
        _sign(number, _name_command())
        yield waited
    finally:
        _sign(number, "")
        os.close(number)


def _lock(file: Path, say: Callable[[str], None]) -> tuple[int, bool]:
    """Return a number of the file, which ends the lock when it is closed, and whether we waited."""
    waited = False
    while True:
        with explain_denied():
            file.parent.mkdir(parents=True, exist_ok=True)
            # No program that is started inherits it, so no worker holds it for a killed command.
            number = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _take(number):
                if not waited:
                    say(f"waiting for {_read(number)} to finish; Ctrl-C to give up")
                waited = True
                _wait(number)
            # Somebody may have deleted build/ meanwhile; that lock is nobody's.
            if file.exists() and os.path.samestat(os.fstat(number), file.stat()):
                return number, waited
        except BaseException:
            os.close(number)
            raise
        os.close(number)


def _name_command() -> str:
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    return f"`{command}` (process {os.getpid()}, since {time.strftime('%H:%M')})"


def _sign(number: int, text: str) -> None:
    os.ftruncate(number, 0)
    os.lseek(number, 0, os.SEEK_SET)
    os.write(number, text.encode())


def _read(number: int) -> str:
    os.lseek(number, 0, os.SEEK_SET)
    # Empty for the moment between taking the lock and signing.
    return os.read(number, 4096).decode(errors="replace") or "another command"


if sys.platform == "win32":
    import msvcrt

    def _take(number: int) -> bool:
        """Take the lock if nobody has it."""
        os.lseek(number, BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait(number: int) -> None:
        """Take the lock as soon as nobody has it."""
        while not _take(number):
            time.sleep(PAUSE)

else:
    import fcntl

    def _take(number: int) -> bool:
        """Take the lock if nobody has it."""
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in WITHOUT_LOCKS:
                raise
        return True

    def _wait(number: int) -> None:
        """Take the lock as soon as nobody has it; who came first goes first."""
        fcntl.flock(number, fcntl.LOCK_EX)
