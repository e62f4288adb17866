"""Code with all it imports, and packages: whatever is kept rests on those that made it."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from frames import ROOT

from kreisheft.book import chart_images, chart_library, finish_pages, site, sphinx_build
from kreisheft.core import cache, code_hashes, packages, yaml_files
from kreisheft.editions import bind_edition, checks, keep_data, keep_values, unchanged
from kreisheft.engine import kept_chapters
from kreisheft.facts import fact_files
from kreisheft.papers import formats, paper_files, pdf_files
from kreisheft.papers.manuscript import Manuscript


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package that `code` takes for the real one."""
    copy = tmp_path / "kreisheft"
    shutil.copytree(code_hashes.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code_hashes, "PACKAGE", copy)
    code_hashes.of.cache_clear()
    yield copy
    code_hashes.of.cache_clear()


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


KINDS = {
    "tables": fact_files.KEPT,
    "documents": yaml_files.KEPT,
    "figures": keep_values.KEPT,
    "chapters": kept_chapters.KEPT,
    "files of data": keep_data.KEPT,
    "drawings": chart_images.KEPT,
    "library": chart_library.KEPT,
    "pages": finish_pages.KEPT,
    **{f"papers as {ending}": one.kept for ending, one in formats.load_formats().items()},
    "checks of tables": checks.KEPT["table"],
    "checks of indicators": checks.KEPT["indicator"],
    "other checks": checks.KEPT[checks.REST],
    "nothing changed": unchanged.KEPT,
    "what Sphinx keeps": sphinx_build.SPHINX,
    "pages of Sphinx": sphinx_build.PAGES,
    "editions": bind_edition.EDITIONS,
    "lists of editions": site.LISTS,
}


def test_every_kind_is_among_those_that_are_tested() -> None:
    kinds = [one for one in gc.get_objects() if isinstance(one, cache.Kind)]
    ours = [one for one in kinds if one.folder != "test"]

    assert {id(one) for one in ours} == {id(one) for one in KINDS.values()}


@pytest.mark.parametrize("name", KINDS)
def test_what_other_code_made_has_another_key(package: Path, name: str) -> None:
    kind = KINDS[name]
    for module in kind.code:
        before = kind.key({})
        code_hashes.of.cache_clear()
        with package.joinpath(*module.split(".")).with_suffix(".py").open("a") as file:
            file.write("\n# changed\n")

        assert kind.key({}) != before, module


@pytest.mark.parametrize("name", KINDS)
def test_what_other_packages_made_has_another_key(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = KINDS[name].key({})
    monkeypatch.setattr(code_hashes, "environment", lambda: "other")

    assert KINDS[name].key({}) != before


@pytest.mark.parametrize(
    ("module", "concerned"),
    [
        ("book/chart_images.py", {"drawings", "pages"}),
        ("book/chart_library.py", {"drawings", "library", "pages"}),
        ("papers/pdf_files.py", {"papers as pdf"}),
        ("papers/docx_files.py", {"papers as docx"}),
        ("papers/manuscript.py", {"papers as pdf", "papers as docx"}),
        ("cli/main.py", set()),
    ],
)
def test_code_that_makes_one_kind_leaves_the_others(
    package: Path, module: str, concerned: set[str]
) -> None:
    papers = [f"papers as {ending}" for ending in formats.load_formats()]
    names = ["tables", "documents", "figures", "drawings", "library", "pages", *papers]
    before = {name: KINDS[name].key({}) for name in names}
    code_hashes.of.cache_clear()
    with (package / module).open("a") as file:
        file.write("\n# changed\n")

    assert {name for name in names if KINDS[name].key({}) != before[name]} == concerned


def test_a_paper_set_in_other_letters_has_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Manuscript("A", "B", "2025-01-01", ())
    pdf = formats.load_formats()["pdf"]
    before = paper_files._parts(ROOT, pdf, paper, {}, {"pages": {}})
    monkeypatch.setattr(pdf_files, "fonts", lambda: [Path(__file__)])

    assert paper_files._parts(ROOT, pdf, paper, {}, {"pages": {}}) != before


def test_what_a_cell_imports_is_found_in_every_spelling() -> None:
    cell = "import kreisheft.charts\nfrom kreisheft import texts\nfrom kreisheft.sources import x"

    found = code_hashes.list_imports(cell + "\nimport pandas")

    assert {"charts", "texts", "sources", "sources.x"} <= found
    assert not any("pandas" in name for name in found)


def test_code_that_cannot_be_read_counts_as_using_everything() -> None:
    assert {
        "render.charts",
        "cli.main",
        "deliveries.importing",
        "core.cache",
    } <= code_hashes.list_modules()


def test_an_installed_package_is_part_of_the_environment(tmp_path, monkeypatch) -> None:
    before = packages.digest.__wrapped__()
    (tmp_path / "neues-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    assert packages.digest.__wrapped__() != before
