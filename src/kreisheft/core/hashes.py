"""Hashes of files: by content, and by what the file system says of them."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from kreisheft.core.project import keep_newest


def files(root: Path, paths: Iterable[Path], also: str = "") -> str:
    """One hash of addresses below `root` and contents of files, and of a text.

    What is no file is left out.
    """
    digest = hashlib.sha256(also.encode())
    for path in sorted(set(paths)):
        try:
            state = path.stat()
        except OSError:
            continue
        if stat.S_ISREG(state.st_mode):
            # The folder counts, too: it says whose file it is.
            digest.update(f"\n{path.relative_to(root).as_posix()} ".encode())
            changed = (state.st_mtime_ns, state.st_ctime_ns, state.st_size)
            digest.update(_content(path, changed).encode())
    return digest.hexdigest()


def text(words: str) -> str:
    """Hash of a text."""
    return hashlib.sha256(words.encode()).hexdigest()


def content(path: Path) -> str:
    """Hash of what is in a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def states(paths: Iterable[Path]) -> str:
    """Hash of size, mtime, ctime and inode of the files, recursively. Contents are not read.

    Every way of writing a file changes one of the four.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        for name, state in _below(path) if path.is_dir() else _state(path):
            times = f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"
            digest.update(f"{name} {times}\n".encode())
    return digest.hexdigest()


def _below(folder: Path | str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield path and state of every file below, sorted; one call to the system per file."""
    entries: list[os.DirEntry[str]] = []
    # A file or a folder may be gone meanwhile.
    with suppress(OSError):
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            with suppress(OSError):
                yield entry.path, entry.stat(follow_symlinks=False)
        elif entry.name != "__pycache__":
            yield from _below(entry.path)


def _state(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    with suppress(OSError):
        yield str(path), path.lstat()


@keep_newest(4096)
def _content(path: Path, _changed: tuple[int, int, int]) -> str:
    return content(path)
