"""Where the project lies, and what is read of it only once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from frames import pruned

from kreisheft.catalogue import catalogue
from kreisheft.core import project
from kreisheft.engine import warm
from kreisheft.facts import fact_files


def counting(calls: list[str]):
    @project.read_once
    def load(name: str) -> str:
        calls.append(name)
        return name.upper()

    return load


def test_outside_a_book_every_call_reads_again(monkeypatch) -> None:
    monkeypatch.delenv(project.BOOK_VARIABLE, raising=False)
    load = counting(calls := [])

    assert [load("a"), load("a")] == ["A", "A"]
    assert calls == ["a", "a"]


def test_a_chapter_of_a_book_reads_once_what_it_asks_for(monkeypatch) -> None:
    monkeypatch.setenv(project.BOOK_VARIABLE, "1")
    load = counting(calls := [])

    assert [load("a"), load("b"), load("a")] == ["A", "B", "A"]
    assert calls == ["a", "b"]


def test_a_notebook_sees_a_catalogue_that_changed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv(project.BOOK_VARIABLE, raising=False)
    root = pruned(tmp_path)
    before = catalogue.load(root).fields["arbeit"]["title"]
    path = root / "data/catalogue/fields.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(f"title: {before}") == 1

    path.write_text(text.replace(f"title: {before}", "title: Erwerbsarbeit"), encoding="utf-8")

    assert catalogue.load(root).fields["arbeit"]["title"] == "Erwerbsarbeit"


def test_an_empty_build_is_a_new_folder_below_build_and_leaves_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "build/tables/a.pickle"
    project.write(kept, b"kept")

    with project.empty_build(tmp_path) as folder:
        assert project.build_folder(tmp_path) == folder
        assert list(folder.iterdir()) == []
        project.write(folder / "tables/a.pickle", b"new")

    assert folder.parent == tmp_path / "build"
    assert not folder.exists()
    assert project.build_folder(tmp_path) == tmp_path / "build"
    assert kept.read_bytes() == b"kept"


def test_an_empty_build_ends_with_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError), project.empty_build(tmp_path) as folder:  # noqa: PT011
        raise ValueError

    assert not folder.exists()
    assert project.build_folder(tmp_path) == tmp_path / "build"


def test_a_warm_process_is_not_taken_into_an_empty_build(tmp_path: Path) -> None:
    """It has read documents that were kept."""
    root = pruned(tmp_path)
    before = warm._state(str(root))

    with project.empty_build(root):
        assert warm._state(str(root)) != before
    assert warm._state(str(root)) == before


def write_facts(path: Path, content: bytes) -> None:
    fact_files.write({path: content.decode()})


@pytest.mark.parametrize("write", [project.write, write_facts])
def test_two_processes_may_write_the_same_file_at_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], object]
) -> None:
    """Another one writes it whole between the two steps of this one."""
    path, replace, asked = tmp_path / "cache/it.js", Path.replace, []

    def interrupted(temporary: Path, target: Path) -> Path:
        if not asked:
            asked.append(temporary)
            other = get_context("fork").Process(target=write, args=(path, b"x"))
            other.start()
            other.join()
            assert other.exitcode == 0
        return replace(temporary, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    write(path, b"x")

    assert [p.name for p in path.parent.iterdir()] == ["it.js"]
    assert path.read_bytes() == b"x"


def test_whoever_reads_a_file_that_threads_write_finds_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "it"
    contents = [str(n).encode() * 300_000 for n in range(4)]
    project.write(path, contents[0])

    def write_often(content: bytes) -> None:
        for _ in range(50):
            project.write(path, content)

    with ThreadPoolExecutor(len(contents)) as pool:
        writing = [pool.submit(write_often, content) for content in contents]
        found = {path.read_bytes() for _ in range(200)}
    for one in writing:
        one.result()

    assert found <= set(contents)
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_put_in_its_place_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"old")

    def fail(*_: Path) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="full"):
        project.write(path, b"new")

    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"old"
