"""Where the project lies, reading it once, and writing that is whole or not at all."""

import os
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from kreisheft.core.errors import UsageError

#: Set by the engine for the kernels it starts; elsewhere the project is found from the folder.
ROOT_VARIABLE = "KREISHEFT_ROOT"
#: Set by the engine: figures are written for the book, not for JupyterLab.
BOOK_VARIABLE = "KREISHEFT_BOOK"
#: Set by the engine for a chapter that is audited: no figures, tables or documents that were kept
#: are read.
ANEW_VARIABLE = "KREISHEFT_ANEW"

Asked = ParamSpec("Asked")
Read = TypeVar("Read")


def root(start: Path | None = None) -> Path:
    """Folder with ``_toc.yml`` and ``params``, from the environment or upwards from `start`."""
    named = os.environ.get(ROOT_VARIABLE)
    begin = Path(named) if named else (start or Path.cwd())
    for folder in (begin, *begin.resolve().parents):
        if (folder / "_toc.yml").is_file() and (folder / "params").is_dir():
            return folder.resolve()
    raise UsageError(f"no kreisheft project at or above {begin}; call this inside the repository")


def read_once(load: Callable[Asked, Read]) -> Callable[Asked, Read]:
    """Decorate what reads files: a chapter of a book, and all forked from its process, ask it once.

    Everywhere else each call looks whether the files changed. A build does not: it keeps nothing
    of a chapter that something changed under (`engine.run`). Arguments must be hashable, and what
    is returned is shared: nobody may write to it.
    """
    kept = cache(load)

    @wraps(load)
    def once(*asked: Asked.args, **named: Asked.kwargs) -> Read:
        found: Callable[..., Read] = kept if os.environ.get(BOOK_VARIABLE) else load
        return found(*asked, **named)

    return once


def write(path: Path, content: bytes) -> bool:
    """Write under a temporary name, then rename; leave a file with the same bytes untouched.

    Returns whether the file was written: Sphinx takes a newer time stamp for a change.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
    return True


def write_among_others(path: Path, content: bytes) -> None:
    """Write a file that other processes may write at the same moment: the last one stays.

    Each has a temporary name of its own. What a process that was killed leaves under it is of no
    use to anybody, so this is for files that are kept and not for what is published.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)
