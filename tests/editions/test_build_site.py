"""The command that builds: once, or after every change until somebody stops it."""

from itertools import islice
from pathlib import Path

import pytest

from kreisheft.core.errors import DataError, KreisheftError, Problem
from kreisheft.editions import build_site, unchanged

ASKED = build_site.Request(("recklinghausen",))


class Stopped(Exception):
    """Instead of Ctrl-C."""


def nothing(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a look at the project finds, one after the other."""
    found: list[str] = []

    def look(_: Path) -> str:
        if not found:
            raise Stopped
        return found.pop(0)

    monkeypatch.setattr(build_site, "PAUSE", 0)
    monkeypatch.setattr(unchanged, "read", look)
    return found


def test_a_change_is_told_once_it_has_come_to_rest(tmp_path: Path, states: list[str]) -> None:
    states += ["a", "a", "a", "b", "c", "c", "c", "a", "a", "a"]

    assert list(islice(build_site._states(tmp_path), 3)) == ["a", "c", "a"]


def test_what_changes_during_a_build_is_built_next(tmp_path: Path, states: list[str]) -> None:
    states += ["a", "b", "b"]

    assert list(islice(build_site._states(tmp_path), 2)) == ["a", "b"]


def test_a_mistake_ends_one_build_and_not_the_watching(
    tmp_path: Path, states: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    states += ["a", "b", "b"]
    failures: list[KreisheftError] = []
    seen: list[str] = []

    def once(root: Path, asked: build_site.Request, say, tell, before: str) -> Path:
        seen.append(before)
        if before == "a":
            raise DataError([Problem("data/x.yml, line 1", "wrong", "mend it")])
        return root

    monkeypatch.setattr(build_site, "once", once)
    with pytest.raises(Stopped):
        build_site.watch(tmp_path, ASKED, nothing, nothing, failures.append)

    assert seen == ["a", "b"]
    assert [str(f).split(":")[0] for f in failures] == ["data/x.yml, line 1"]


@pytest.mark.parametrize("changed", ["this package", "an installed one"])
def test_a_changed_package_begins_the_command_anew(
    changed: str, tmp_path: Path, states: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    states += ["a"]
    found = iter(["before", "after"])

    def begin(program: str, arguments: list[str]) -> None:
        raise Stopped(program, arguments[1:])

    if changed == "this package":
        monkeypatch.setattr(build_site.hashes, "states", lambda _: next(found))
    else:
        monkeypatch.setattr(build_site.packages, "versions", lambda: {"docutils": next(found)})
    monkeypatch.setattr(build_site.os, "execv", begin)
    monkeypatch.setattr(build_site.sys, "argv", ["kreisheft", "build", "--watch"])
    with pytest.raises(Stopped) as stop:
        build_site.watch(tmp_path, ASKED, nothing, nothing, lambda _: None)

    assert stop.value.args == (build_site.sys.executable, ["kreisheft", "build", "--watch"])
