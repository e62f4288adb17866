"""Folders that are replaced whole: a reader sees the old one or the new one, never a half."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def fresh(target: Path) -> Path:
    """Return an empty folder beside `target` to build its successor in.

    A replacement that was cut off half-way is undone first, so that `target` is the last good one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    old, new = _beside(target, "old"), _beside(target, "new")
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    return new


def replace(target: Path, new: Path) -> None:
    """Put `new` in the place of `target`; the files of the old one are deleted."""
    old = _beside(target, "old")
    if target.exists():
        # Left there by a replacement that was cut off while it deleted.
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def linked(source: Path | str, target: Path | str, *, hidden: bool = True) -> None:
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
            linked(entry.path, there, hidden=hidden)
            continue
        try:
            os.link(entry.path, there)
        except FileExistsError:
            continue
        except OSError:
            shutil.copy2(entry.path, there)


def _beside(target: Path, word: str) -> Path:
    return target.with_name(f".{target.name}.{word}")
