"""What was executed before: whole entries, keys from named parts, code with all it imports."""

import os
import shutil
from pathlib import Path

import pytest
import vl_convert
from frames import ROOT

from kreisheft.book import chart_images, chart_library
from kreisheft.core import hashes, packages
from kreisheft.engine import code_hashes, kept_chapters, store
from kreisheft.papers import formats, paper_files, pdf_files
from kreisheft.papers.manuscript import Manuscript

KEY = "ab" * 32


# --- entries ------------------------------------------------------------------------------------


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    store.write(tmp_path, KEY, b"zwei\nZeilen")

    assert store.read(tmp_path, KEY) == b"zwei\nZeilen"


@pytest.mark.parametrize("damage", [b"", b"zwei", b"x" * 90])
def test_a_damaged_entry_is_none(tmp_path: Path, damage: bytes) -> None:
    store.write(tmp_path, KEY, b"zwei\nZeilen")
    [path] = [p for p in tmp_path.rglob("*") if p.is_file()]
    path.write_bytes(damage)

    assert store.read(tmp_path, KEY) is None


def test_beyond_the_limit_what_was_used_longest_ago_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{n}" * 64 for n in range(3)]
    for age, name in enumerate(names):
        store.write(tmp_path, name, b"x" * 100)
        os.utime(tmp_path / name[:2] / name, ns=(age, age))
    store.read(tmp_path, names[0])
    monkeypatch.setattr(store, "LIMIT", 400)  # two entries of 165 bytes

    store.remember(tmp_path, {"out.ipynb": store.Made({"data": "1"})}, 300)

    assert [store.read(tmp_path, n) is not None for n in names] == [True, False, True]


def test_the_store_is_looked_through_again_when_enough_came_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LIMIT", 1000)
    monkeypatch.setattr(store, "SLACK", 0.1)
    looked: list[Path] = []
    monkeypatch.setattr(store, "_prune", looked.append)
    seen = []

    for number, added in enumerate((40, 40, 40, 40, 40)):
        store.remember(tmp_path, {"out.ipynb": store.Made({"data": f"{number}"})}, added)
        seen.append(len(looked))

    # Nobody knows what lies in a store that was never looked through.
    assert seen == [1, 1, 1, 2, 2]


def test_the_order_of_parts_does_not_matter_and_every_part_does() -> None:
    parts = {"a": "1", "b": "2"}

    assert store.key(parts) == store.key({"b": "2", "a": "1"})
    assert len({store.key(p) for p in (parts, {"a": "1", "b": "3"}, {"a": "1"}, {})}) == 4


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, {"a": "1"}, "first time"),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, "b changed"),
        ({"a": "1"}, {"a": "2", "c": "3"}, "a, c changed"),
        ({"a": "1"}, {"a": "1"}, "not in the store"),
    ],
)
def test_why_names_the_parts_that_changed(before, now, told) -> None:
    assert store.why(before and store.Made(before), now) == told


def test_what_was_made_last_is_remembered_beside_what_was_before(tmp_path: Path) -> None:
    one, two = store.Made({"code": "1"}, "state"), store.Made({"code": "2"}, "state")
    store.remember(tmp_path, {"a.ipynb": one, "b.ipynb": one}, 0)
    store.remember(tmp_path, {"b.ipynb": two}, 0)

    assert store.last(tmp_path) == {"a.ipynb": one, "b.ipynb": two}


def test_what_another_version_remembered_is_not_known(tmp_path: Path) -> None:
    (tmp_path / store.LAST).write_text('{"a.ipynb": 1}', encoding="utf-8")

    assert store.last(tmp_path) == {}


# --- what may be kept ---------------------------------------------------------------------------


def test_what_ran_after_a_change_is_not_kept(tmp_path: Path) -> None:
    same = True
    held = kept_chapters.Shelf(tmp_path, lambda: same)
    held.put("a" * 64, b"before")
    held.put("b" * 64, b"perhaps after")
    same = False
    held.flush()

    assert store.read(tmp_path, "a" * 64) == b"before"
    assert store.read(tmp_path, "b" * 64) is None


def test_an_audit_takes_a_tenth_the_same_for_one_seed_and_another_for_another() -> None:
    keys = [store.key({"n": str(n)}) for n in range(2000)]
    [first, again, other] = [{k for k in keys if kept_chapters.audited(k, s)} for s in (1, 1, 2)]

    assert first == again
    assert 140 < len(first) < 260
    assert len(first & other) < 60


def test_a_difference_names_part_and_cell() -> None:
    kept = b'{"cells": [{"source": "1"}, {"source": "2", "outputs": []}]}'

    assert kept_chapters.difference(kept, kept) == ""
    assert (
        kept_chapters.difference(kept, kept.replace(b"[]", b"[3]")) == "outputs of cell 2 differs"
    )
    assert kept_chapters.difference(kept, b'{"cells": []}') == "2 cells were kept, 0 were made"


# --- code ---------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that `code` takes for the real one."""
    copy = tmp_path / "kreisheft"
    shutil.copytree(code_hashes.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code_hashes, "PACKAGE", copy)
    code_hashes.of.cache_clear()
    chart_library.tools.cache_clear()
    yield copy
    code_hashes.of.cache_clear()
    chart_library.tools.cache_clear()


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("render/charts.py", True),
        ("facts/passports.py", True),
        ("facts/__init__.py", True),
        ("schemas/params.yml", True),
        ("cli/main.py", False),
        ("book/sphinx_build.py", False),
        ("deliveries/importing.py", False),
    ],
)
def test_a_chapters_code_is_what_it_imports_at_any_remove(package, name, counts) -> None:
    before = code_hashes.of(("chapters.chapter",))
    code_hashes.of.cache_clear()
    with (package / name).open("a") as file:
        file.write("\n# changed\n")

    assert (code_hashes.of(("chapters.chapter",)) != before) == counts


def test_figures_do_not_depend_on_how_they_are_drawn(package: Path) -> None:
    before = code_hashes.of(("protected.field_values",))
    code_hashes.of.cache_clear()
    with (package / "render" / "charts.py").open("a") as file:
        file.write("\n# changed\n")
    same = code_hashes.of(("protected.field_values",))
    code_hashes.of.cache_clear()
    with (package / "protected" / "disclosure.py").open("a") as file:
        file.write("\n# changed\n")

    assert same == before
    assert code_hashes.of(("protected.field_values",)) != before


def keys(ending: str = "pdf") -> tuple[Path, str]:
    """Of a drawing and of a paper, with code and packages as they are now."""
    code_hashes.of.cache_clear()
    chart_library.tools.cache_clear()
    paper = Manuscript("A", "B", "2025-01-01", ())
    return chart_images._cached(ROOT, "{}"), store.key(
        paper_files._parts(ROOT, formats.load_formats()[ending], paper, {}, {"pages": {}})
    )


@pytest.mark.parametrize(
    ("name", "drawing", "paper"),
    [
        ("book/chart_images.py", True, False),
        ("book/chart_library.py", True, False),
        ("papers/pdf_files.py", False, True),
        ("papers/docx_files.py", False, False),
        ("papers/manuscript.py", False, True),
        ("cli.py", False, False),
    ],
)
def test_what_other_code_drew_or_printed_has_another_key(
    package: Path, name: str, drawing: bool, paper: bool
) -> None:
    before = keys()
    with (package / name).open("a") as file:
        file.write("\n# changed\n")
    after = keys()

    assert (after[0] != before[0], after[1] != before[1]) == (drawing, paper)


def test_a_paper_is_set_again_only_if_its_own_format_changed(package: Path) -> None:
    before = keys("docx")
    with (package / "papers/pdf_files.py").open("a") as file:
        file.write("\n# changed\n")
    same = keys("docx")
    with (package / "papers/docx_files.py").open("a") as file:
        file.write("\n# changed\n")

    assert same == before
    assert keys("docx") != before


def test_what_other_packages_drew_or_printed_has_another_key(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys()
    monkeypatch.setattr(code_hashes, "environment", lambda: "other")
    after = keys()

    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_paper_set_in_other_letters_has_another_key(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys()
    monkeypatch.setattr(pdf_files, "fonts", lambda: [Path(__file__)])

    assert keys()[1] != before[1]


def test_a_chart_library_that_other_code_made_is_made_anew(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda *_: "first")
    chart_library.bundle(tmp_path)
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda *_: "second")
    kept = chart_library.bundle(tmp_path)
    with (package / "book/chart_library.py").open("a") as file:
        file.write("\n# changed\n")
    keys()

    assert b"first" in kept
    assert b"second" in chart_library.bundle(tmp_path)


def test_what_a_cell_imports_is_found_in_every_spelling() -> None:
    cell = "import kreisheft.charts\nfrom kreisheft import texts\nfrom kreisheft.sources import x"

    found = code_hashes.imported(cell + "\nimport pandas")

    assert {"charts", "texts", "sources", "sources.x"} <= found
    assert not any("pandas" in name for name in found)


def test_code_that_cannot_be_read_counts_as_using_everything() -> None:
    assert {
        "render.charts",
        "cli.main",
        "deliveries.importing",
        "engine.store",
    } <= code_hashes.whole()


def test_an_installed_package_is_part_of_the_environment(tmp_path, monkeypatch) -> None:
    before = packages.digest.__wrapped__()
    (tmp_path / "neues-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    assert packages.digest.__wrapped__() != before


# --- hashes -------------------------------------------------------------------------------------


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
