"""Nothing to do: said only if nothing that a build reads or wrote is other than it was."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from frames import pruned

from kreisheft.core import cache
from kreisheft.editions import unchanged

REQUEST = ["recklinghausen", "2024"]
FILES = (
    "notebooks/arbeit.ipynb",
    "book/templates/page.html",
    "book/intro.md",
    "src/kreisheft/render/charts.py",
    "_config.yml",
    "data/facts/x/t.csv",
    "data/konzept/recklinghausen/gute_praxis.yml",
    "editions/recklinghausen/2024.1/lock.json",
    "build/site/index.html",
    "build/site/recklinghausen/2024.1/arbeit/gesamt.html",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one file of each kind, after a build."""
    pruned(tmp_path)
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1,2,3\n")
    unchanged.remember(tmp_path, REQUEST, unchanged.read(tmp_path))
    return tmp_path


def test_after_a_build_nothing_is_to_be_done(root: Path) -> None:
    assert unchanged.since(root, REQUEST)


@pytest.mark.parametrize(
    "name",
    [*FILES, "params/recklinghausen.yml", "params/bochum.yml", "data/rules/judgement.yml"],
)
def test_a_file_that_changed_or_came_is_seen(root: Path, name: str) -> None:
    (root / name).write_text("1,2,4\n")

    assert not unchanged.since(root, REQUEST)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_gone_is_seen(root: Path, name: str) -> None:
    (root / name).unlink()

    assert not unchanged.since(root, REQUEST)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "params/neu.yml").touch(),
        lambda root: (root / "data/facts").rename(root / "data/fakten"),
        lambda root: shutil.rmtree(root / "build/site"),
        lambda root: [p.write_text("{") for p in cache.folder(root).rglob("*") if p.is_file()],
        lambda root: [p.unlink() for p in cache.folder(root).rglob("*") if p.is_file()],
    ],
)
def test_folders_and_a_damaged_memory_are_seen(root: Path, change: Callable[[Path], None]) -> None:
    change(root)

    assert not unchanged.since(root, REQUEST)


def test_another_request_is_another_build(root: Path) -> None:
    assert not unchanged.since(root, ["recklinghausen"])
    assert not unchanged.since(root, ["recklinghausen", "2025"])


def test_a_new_package_is_seen(root: Path, tmp_path_factory, monkeypatch) -> None:
    folder = tmp_path_factory.mktemp("pakete")
    (folder / "neues-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(folder))

    assert not unchanged.since(root, REQUEST)


def test_a_change_while_a_build_runs_is_seen_afterwards(root: Path) -> None:
    before = unchanged.read(root)
    (root / "data/facts/x/t.csv").write_text("1,2,4\n")

    unchanged.remember(root, REQUEST, before)

    assert not unchanged.since(root, REQUEST)
