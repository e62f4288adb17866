"""Hashes of files: by content, and by what the file system says of them."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path


def files(root: Path, paths: Iterable[Path], also: str = "") -> str:
    """One hash of addresses below `root` and contents of files, and of a text.

    What is no file is left out.
    """
    digest = hashlib.sha256(also.encode())
    for path in sorted(set(paths)):
        if path.is_file():
            state = path.stat()
            # The folder counts, too: it says whose file it is.
            digest.update(f"\n{path.relative_to(root).as_posix()} ".encode())
            times = (state.st_mtime_ns, state.st_ctime_ns)
            digest.update(_content(path, times, state.st_size).encode())
    return digest.hexdigest()


def text(content: str) -> str:
    """Hash of a text."""
    return hashlib.sha256(content.encode()).hexdigest()


def states(paths: Iterable[Path]) -> str:
    """One hash of what the file system says of files and of all below folders; reads none.

    Every way of writing a file changes it: size, time of content, time of the entry, number.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in found:
            try:
                state = one.lstat()
            except OSError:
                continue
            if not one.is_dir() and one.parent.name != "__pycache__":
                times = f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"
                digest.update(f"{one} {times}\n".encode())
    return digest.hexdigest()


@lru_cache(maxsize=4096)
def _content(path: Path, _changed: tuple[int, int], _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
