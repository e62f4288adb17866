"""Editions bound from executed chapters: what is made again, and what is left alone."""

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from projects import copy_of_project
from small_books import edition, notebook

from kreisheft.catalogue import params
from kreisheft.core.errors import DataError
from kreisheft.editions import bind_edition
from kreisheft.editions.bind_edition import Binding, bind

CHART = '<script type="application/json" data-for="chart-{}">{}</script>'
SPEC = '{"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "point"}'


@pytest.fixture
def one(tmp_path: Path) -> Binding:
    """An edition of a few pages of prose, bound in a project of its own."""
    root = copy_of_project(tmp_path / "project")
    settings = params.load(root, "recklinghausen")
    folder = root / "build/recklinghausen/2024.1"
    pages = edition(folder / "notebooks").pages
    return Binding(root, settings, 2024, 1, folder, pages, {})


def states(folder: Path) -> dict[str, int]:
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.stat().st_mtime_ns for name, path in sorted(found.items())}


@pytest.mark.site
def test_an_edition_is_bound_again_only_after_a_change(one: Binding, monkeypatch) -> None:
    bind([one], 2)
    page = one.html / "arbeit/gesamt.html"
    assert "Arbeit und Wirtschaft" in page.read_text(encoding="utf-8")

    with monkeypatch.context() as nothing_runs:
        nothing_runs.setattr(bind_edition.worker_pool, "each", None)
        bind([one], 2)
    notebook(one.pages[2].source, "# Arbeit und Wirtschaft\n\nEin neuer Satz.")
    bind([one], 2)

    assert "Ein neuer Satz." in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "_toc.yml",
        "_config.yml",
        "book/methoden.md",
        "book/assets/figuren.js",
        "data/catalogue/glossar.yml",
        "data/angebote/recklinghausen/beispiele.csv",
        "params/recklinghausen.yml",
    ],
)
def test_whatever_a_page_shows_beside_its_chapters_binds_it_again(one: Binding, name: str) -> None:
    before = bind_edition._stamp(one)
    path = one.root / name
    assert path.is_file()
    path.write_bytes(path.read_bytes() + b"\n")

    assert bind_edition._stamp(one) != before


def test_publications_and_files_of_data_bind_it_again(one: Binding) -> None:
    stamps = {
        bind_edition._stamp(one),
        bind_edition._stamp(replace(one, printed=True)),
        bind_edition._stamp(replace(one, data={"arbeit": "another key"})),
        bind_edition._stamp(replace(one, pages=one.pages[:-1])),
    }

    assert len(stamps) == 4


def test_facts_do_not_they_are_in_the_chapters(one: Binding) -> None:
    before = bind_edition._stamp(one)
    path = next((one.root / "data/facts").glob("*/*.csv"))
    path.write_bytes(path.read_bytes() + b"\n")

    assert bind_edition._stamp(one) == before


@pytest.mark.site
def test_every_chart_that_cannot_be_drawn_is_named_and_nothing_is_bound(one: Binding) -> None:
    for number in (2, 3):
        cell = CHART.format(f"{number}" * 12, SPEC.replace("point", "nothing"))
        _with_output(one.pages[number].source, cell)

    with pytest.raises(DataError) as caught:
        bind([one], 2)

    assert [p.where for p in caught.value.problems] == ["chart-" + "2" * 12, "chart-" + "3" * 12]
    assert not one.html.exists()


def _with_output(path: Path, markup: str) -> None:
    output = nbformat.v4.new_output("display_data", {"text/html": markup})
    cells = [
        nbformat.v4.new_markdown_cell("# Seite"),
        nbformat.v4.new_code_cell("", outputs=[output]),
    ]
    for i, cell in enumerate(cells):
        cell.id = f"zelle-{i}"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
