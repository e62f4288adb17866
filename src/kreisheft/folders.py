"""Folders that are replaced whole: a reader sees the old one or the new one, never a half."""

import shutil
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


def _beside(target: Path, word: str) -> Path:
    return target.with_name(f".{target.name}.{word}")
