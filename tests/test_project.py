"""Where the project lies, and what is read of it only once."""

from multiprocessing import get_context
from pathlib import Path

from frames import pruned

from kreisheft.catalogue import catalogue
from kreisheft.core import project


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


def test_two_processes_may_write_the_same_file_at_the_same_moment(tmp_path, monkeypatch) -> None:
    """Another one writes it whole between the two steps of this one."""
    path, replace, asked = tmp_path / "cache/it.js", Path.replace, []

    def interrupted(temporary: Path, target: Path) -> Path:
        if not asked:
            asked.append(temporary)
            other = get_context("fork").Process(
                target=project.write_among_others, args=(path, b"x")
            )
            other.start()
            other.join()
            assert other.exitcode == 0
        return replace(temporary, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    project.write_among_others(path, b"x")

    assert [p.name for p in path.parent.iterdir()] == ["it.js"]
    assert path.read_bytes() == b"x"
