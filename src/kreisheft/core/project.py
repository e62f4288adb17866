"""Where the project lies, reading it once, and writing that is whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache, partial, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

from kreisheft.core.errors import UsageError

#: Set by the engine for the kernels it starts; elsewhere the project is found from the folder.
ROOT_VARIABLE = "KREISHEFT_ROOT"
#: Set by the engine: figures are written for the book, not for JupyterLab.
BOOK_VARIABLE = "KREISHEFT_BOOK"
#: Set by the engine for a chapter that is audited: no figures, tables or documents that were kept
#: are read.
ANEW_VARIABLE = "KREISHEFT_ANEW"
#: Set for a block of `empty_build`, and so for all processes started in it.
BUILD_VARIABLE = "KREISHEFT_BUILD"
#: What a build reads of a project, beside the installed packages.
READ = ("data", "params", "notebooks", "book", "src", "_config.yml", "_toc.yml")
#: Below these it reads nothing: deliveries as they came, which nobody else may see, and notebooks
#: for analysts.
UNREAD = ("data/eigene", "notebooks/werkstatt")

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


def build_folder(root: Path) -> Path:
    """Where everything lies that is kept for the next build."""
    named = os.environ.get(BUILD_VARIABLE)
    return Path(named) if named else root / "build"


@contextmanager
def empty_build(root: Path) -> Iterator[Path]:
    """Let `build_folder` be a new folder below ``build``, for the block; it is removed at its end.

    What earlier builds kept is neither read nor written, in this process and all it starts. Nothing
    of the project may have been read before: a process keeps that itself.
    """
    below = root / "build"
    below.mkdir(parents=True, exist_ok=True)
    before = os.environ.get(BUILD_VARIABLE)
    # A process that is ending may still write.
    with TemporaryDirectory(prefix="empty-", dir=below, ignore_cleanup_errors=True) as folder:
        os.environ[BUILD_VARIABLE] = folder
        try:
            yield Path(folder)
        finally:
            del os.environ[BUILD_VARIABLE]
            if before is not None:
                os.environ[BUILD_VARIABLE] = before


def read_once(load: Callable[Asked, Read]) -> Callable[Asked, Read]:
    """Decorate what reads files: a chapter of a book, and all forked from its process, ask it once.

    Everywhere else each call looks whether the files changed. A build does not: it keeps nothing
    of a chapter that something changed under (`run_jobs`). Arguments must be hashable, and what
    is returned is shared: nobody may write to it.
    """
    cached = cache(load)

    @wraps(load)
    def once(*asked: Asked.args, **named: Asked.kwargs) -> Read:
        function: Callable[..., Read] = cached if os.environ.get(BOOK_VARIABLE) else load
        return function(*asked, **named)

    return once


def name_beside(path: Path, word: str = "new") -> Path:
    """Return a hidden name in the same folder that no other process or thread has, on any machine.

    It ends with `word`, so nothing that looks for files of a kind takes what is left under it.
    """
    return path.with_name(f".{path.name}.{os.urandom(6).hex()}.{word}")


def keep_newest(most: int) -> Callable[[Callable[Asked, Read]], Callable[Asked, Read]]:
    """Decorate what is made of a state of files, which is the last of its arguments.

    Of all that differ in nothing else only what was made last is kept, for at most `most` of them:
    a process that waits for changes would otherwise keep every state there ever was. Arguments must
    be hashable and given by place; what is returned is shared: nobody may write to it.
    """

    def decorate(make: Callable[Asked, Read]) -> Callable[Asked, Read]:
        @lru_cache(maxsize=most)
        def place(*_rest: object) -> dict[object, Read]:
            return {}

        @wraps(make)
        def newest(*asked: Asked.args, **named: Asked.kwargs) -> Read:
            *rest, state = asked
            by_state = place(*rest)
            if state in by_state:
                return by_state[state]
            result = make(*asked, **named)
            by_state.clear()
            by_state[state] = result
            return result

        newest.forget = place.cache_clear  # type: ignore[attr-defined]
        return newest

    return decorate


def write(path: Path, content: bytes, mode: int = 0o666) -> bool:
    """Write under a temporary name, then rename; leave a file with the same bytes untouched.

    Several may write the same file at a time: it is always one of theirs, whole, at last the last
    one's. Returns whether the file was written: Sphinx takes a newer time stamp for a change.
    mode: who may do what with it, as far as the user lets others do anything.
    """
    # Others may replace or delete it at any moment.
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = name_beside(path)
    try:
        with open(temporary, "xb", opener=partial(os.open, mode=mode)) as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True
