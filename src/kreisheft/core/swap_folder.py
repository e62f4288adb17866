"""Folders that are replaced whole: a reader sees the old one or the new one, never a half."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from kreisheft.core import project


@contextmanager
def replace(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`, which takes its place when the block ends well.

    Nobody else may do that meanwhile: `build_lock` sees to it. What others left, cut off half-way,
    is undone first and deleted, so that `target` is the last good one also if the block fails.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _undo(target)
    new, old = project.name_beside(target), project.name_beside(target, "old")
    new.mkdir()
    try:
        yield new
        if target.exists():
            target.rename(old)
        new.rename(target)
    finally:
        _undo(target)


def _undo(target: Path) -> None:
    """Put back the old folder if nothing came in its place; delete what else lies beside it."""
    for word in ("old", "new"):
        # As `project.name_beside` makes them.
        for left in sorted(target.parent.glob(f".{escape(target.name)}.{'[0-9a-f]' * 12}.{word}")):
            if word == "old" and not target.exists():
                left.rename(target)
            shutil.rmtree(left, ignore_errors=True)


def link_files(source: Path | str, target: Path | str, *, hidden: bool = True) -> None:
    """Put all files of a folder into another one, as second names where the disk can do that.

    hidden: also those whose names begin with a dot. Files that `target` has stay. Nobody may write
    into a file that lies there: `project.write` puts a new one in its place.
    """
    # A folder of pages has thousands of files; `shutil.copytree` asks three questions about each.
    for entry in os.scandir(source):
        if entry.name.startswith(".") and not hidden:
            continue
        there = os.path.join(target, entry.name)  # noqa: PTH118
        if entry.is_dir(follow_symlinks=False):
            with suppress(FileExistsError):
                os.mkdir(there)  # noqa: PTH102
            link_files(entry.path, there, hidden=hidden)
            continue
        with suppress(FileExistsError):
            link(entry.path, there)


def link(source: Path | str, target: Path | str) -> None:
    """Give a file a second name, or copy it where the disk cannot do that."""
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        shutil.copy2(source, target)
