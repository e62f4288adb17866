"""Finished pages are kept by content: nothing is read twice, and nothing old stays."""

import json
from pathlib import Path

import pytest

from kreisheft.book import finish_pages, mail_links, term_links
from kreisheft.core import cache

HEAD = '<html><head><meta charset="utf-8"></head><body><article class="bd-article">'


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    folder = tmp_path / "staged"
    folder.mkdir()
    (folder / term_links.FILE).write_text("[]", encoding="utf-8")
    (folder / mail_links.FILE).write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of pages that were finished, not taken from what is kept."""
    seen: list[str] = []
    finished = finish_pages._finish

    def told(page: str, name: str, *rest: object) -> object:
        seen.append(name)
        return finished(page, name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(finish_pages, "_finish", told)
    return seen


def built(tmp_path: Path, **pages: str) -> Path:
    """As Sphinx leaves it."""
    folder = tmp_path / "html"
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(f"{HEAD}{text}</article></body></html>", "utf-8")
    made = {"docnames": sorted(pages), "alltitles": {}, "terms": {}, "titleterms": {}}
    index = f"Search.setIndex({json.dumps(made)})"
    (folder / finish_pages.INDEX).write_text(index, encoding="utf-8")
    return folder


def test_a_page_that_stays_is_not_read_again_and_has_the_same_bytes(
    tmp_path: Path, staged: Path, read: list[str]
) -> None:
    kept = tmp_path / "kept"
    folder = built(tmp_path, a="Krippe", b="Hort")
    finish_pages.finish(folder, staged, kept)
    first = [path.read_bytes() for path in sorted(folder.iterdir())]
    finish_pages.finish(built(tmp_path, a="Krippe", b="Hort"), staged, kept)

    assert read == ["a", "b"]
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == first


def test_a_changed_page_is_read_again_alone_and_its_words_are_the_new_ones(
    tmp_path: Path, staged: Path, read: list[str]
) -> None:
    kept = tmp_path / "kept"
    finish_pages.finish(built(tmp_path, a="Krippe", b="Hort"), staged, kept)
    folder = built(tmp_path, a="Krippe", b="Schule")
    finish_pages.finish(folder, staged, kept)

    assert read == ["a", "b", "b"]
    index = (folder / finish_pages.INDEX).read_text(encoding="utf-8")
    assert "schul" in index
    assert "hort" not in index


def test_other_words_of_the_feedback_finish_every_page_again(
    tmp_path: Path, staged: Path, read: list[str]
) -> None:
    kept = tmp_path / "kept"
    finish_pages.finish(built(tmp_path, a="Krippe"), staged, kept)
    (staged / mail_links.FILE).write_text('{"x": "y"}', encoding="utf-8")
    finish_pages.finish(built(tmp_path, a="Krippe"), staged, kept)

    assert read == ["a", "a"]


def test_what_the_policy_forbids_is_told_again_though_the_page_is_kept(
    tmp_path: Path, staged: Path
) -> None:
    kept, page = tmp_path / "kept", "<script>alert(1)</script>"
    first = finish_pages.finish(built(tmp_path, a=page), staged, kept)
    again = finish_pages.finish(built(tmp_path, a=page), staged, kept)

    assert [p.what for p in first] == ["has a script inside the page"]
    assert again == first


def test_a_damaged_page_that_was_kept_is_made_anew(
    tmp_path: Path, staged: Path, read: list[str]
) -> None:
    kept = tmp_path / "kept"
    finish_pages.finish(built(tmp_path, a="Krippe"), staged, kept)
    [entry] = cache.folder(kept).glob("*/*/*")
    entry.write_bytes(b"cut off")
    for _ in range(2):
        finish_pages.finish(built(tmp_path, a="Krippe"), staged, kept)

    assert read == ["a", "a"]
