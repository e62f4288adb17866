"""A process that waits for changes keeps of every file its newest state, and no other."""

import gc
from pathlib import Path

import pytest
import yaml

from kreisheft.core import hashes, yaml_files
from kreisheft.core.errors import DataError
from kreisheft.core.project import keep_newest
from kreisheft.core.yaml_files import Document

pytestmark = pytest.mark.slow

SOUND = "threshold: {}\n"


def alive(kind: type) -> int:
    gc.collect()
    return sum(isinstance(one, kind) for one in gc.get_objects())


def test_a_file_that_changes_a_thousand_times_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    # What other tests have read may fill the cache: then one comes in for one that goes.
    yaml_files._checked.forget()  # type: ignore[attr-defined]
    before = alive(Document), alive(yaml.Node)
    for n in range(3, 1003):
        path.write_text(SOUND.format(n), encoding="utf-8")
        assert yaml_files.load(path, "disclosure").content["threshold"] == n

    assert alive(Document) - before[0] == 1
    assert alive(yaml.Node) == before[1]


def test_mistakes_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    before = alive(yaml.Node)
    for n in range(20):
        path.write_text(f"threshold: {n}\nthreshold: 3\n", encoding="utf-8")
        with pytest.raises(DataError) as caught:
            yaml_files.load(path, "disclosure")
        del caught

    assert alive(yaml.Node) == before


def test_each_state_of_a_file_has_a_hash_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    found = set()
    for n in range(100):
        path.write_text("x" * n, encoding="utf-8")
        found.add(hashes.files(tmp_path, [path]))

    assert len(found) == 100


def test_only_what_the_newest_state_gave_is_kept() -> None:
    asked: list[tuple[str, int]] = []

    @keep_newest(2)
    def read(name: str, state: int) -> list[int]:
        asked.append((name, state))
        return [state]

    first = read("a", 1)
    assert read("a", 1) is first
    read("a", 2)
    read("a", 1)

    assert asked == [("a", 1), ("a", 2), ("a", 1)]


def test_what_differs_in_more_than_the_state_does_not_displace() -> None:
    asked: list[str] = []

    @keep_newest(2)
    def read(name: str, _state: int) -> str:
        asked.append(name)
        return name

    for name in "abab":
        read(name, 1)
    assert asked == ["a", "b"]

    read("c", 1)
    read("a", 1)
    assert asked == ["a", "b", "c", "a"]


def test_what_fails_is_asked_again() -> None:
    @keep_newest(1)
    def read(_name: str, state: int) -> int:
        return 1 // state

    with pytest.raises(ZeroDivisionError):
        read("a", 0)
    assert read("a", 1) == 1
