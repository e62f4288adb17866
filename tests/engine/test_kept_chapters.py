"""Chapters that are kept: while nothing changes, with how they were made last, and audited."""

from pathlib import Path

import pytest

from kreisheft.core import cache
from kreisheft.engine import kept_chapters


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, {"a": "1"}, "first time"),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, "b changed"),
        ({"a": "1"}, {"a": "2", "c": "3"}, "a, c changed"),
        ({"a": "1"}, {"a": "1"}, "is not kept"),
    ],
)
def test_why_names_the_parts_that_changed(before, now, told) -> None:
    assert kept_chapters.explain_rerun(before and kept_chapters.Made(before), now) == told


def test_what_was_made_last_is_remembered_beside_what_was_before(tmp_path: Path) -> None:
    one, two = (kept_chapters.Made({"code": n}, "state") for n in "12")
    kept_chapters.remember(tmp_path, {"a.ipynb": one, "b.ipynb": one})
    kept_chapters.remember(tmp_path, {"b.ipynb": two})

    assert kept_chapters.read_last(tmp_path) == {"a.ipynb": one, "b.ipynb": two}


def test_what_another_version_remembered_is_not_known(tmp_path: Path) -> None:
    kept_chapters.remember(tmp_path, {})
    path = cache.folder(tmp_path) / kept_chapters.LAST
    path.write_text('{"a.ipynb": 1}', encoding="utf-8")

    assert kept_chapters.read_last(tmp_path) == {}


def test_what_ran_after_a_change_is_not_kept(tmp_path: Path) -> None:
    same = True
    held = kept_chapters.Shelf(tmp_path, lambda: same)
    first, second = (kept_chapters.KEPT.key({"n": n}) for n in "12")
    held.put(first, b"before")
    held.put(second, b"perhaps after")
    same = False
    held.flush()

    assert cache.find(tmp_path, first) == b"before"
    assert cache.find(tmp_path, second) is None


def test_an_audit_takes_a_tenth_the_same_for_one_seed_and_another_for_another() -> None:
    keys = [kept_chapters.KEPT.key({"n": str(n)}) for n in range(2000)]
    [first, again, other] = [{k for k in keys if kept_chapters.is_audited(k, s)} for s in (1, 1, 2)]

    assert first == again
    assert 140 < len(first) < 260
    assert len(first & other) < 60


def test_a_difference_names_part_and_cell() -> None:
    kept = b'{"cells": [{"source": "1"}, {"source": "2", "outputs": []}]}'

    assert kept_chapters.find_difference(kept, kept) == ""
    assert (
        kept_chapters.find_difference(kept, kept.replace(b"[]", b"[3]"))
        == "outputs of cell 2 differs"
    )
    assert kept_chapters.find_difference(kept, b'{"cells": []}') == "2 cells were kept, 0 were made"
