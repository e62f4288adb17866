"""Hashes of files: by content, and by what the file system says of them."""

import os
from pathlib import Path

import pytest

from kreisheft.core import hashes


def test_contents_and_folders_of_files_count_and_touching_does_not(tmp_path: Path) -> None:
    first, second = tmp_path / "a/x.yml", tmp_path / "b/x.yml"
    for path in (first, second):
        path.parent.mkdir()
    first.write_text("1")
    before = hashes.files(tmp_path, [first, second])
    os.utime(first, ns=(1, 1))
    touched = hashes.files(tmp_path, [first, second])
    first.rename(second)
    moved = hashes.files(tmp_path, [first, second])
    second.write_text("2")
    changed = hashes.files(tmp_path, [first, second])

    assert touched == before
    assert len({before, moved, changed}) == 3


@pytest.mark.parametrize("how", ["write", "replace", "delete", "add", "back in time"])
def test_every_way_of_changing_a_file_changes_the_state(tmp_path: Path, how: str) -> None:
    path = tmp_path / "tief/x.csv"
    path.parent.mkdir()
    path.write_text("1")
    state = path.stat()
    before = hashes.states([tmp_path])

    if how == "delete":
        path.unlink()
    elif how == "add":
        (tmp_path / "tief/y.csv").touch()
    elif how == "replace":
        other = tmp_path / "y.csv"
        other.write_text("2")
        os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
        other.replace(path)
    else:
        path.write_text("2")
    if how == "back in time":
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    assert hashes.states([tmp_path]) != before
