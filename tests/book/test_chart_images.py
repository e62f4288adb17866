"""Charts of executed notebooks as SVG files of an edition, and their place on a page."""

import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import foreign_fonts
import nbformat
import pytest

from kreisheft.book import chart_images
from kreisheft.core.errors import DataError
from kreisheft.core.project import BOOK_VARIABLE
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table

pytestmark = pytest.mark.slow

EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"j": 2024, "w": 1234.5}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "j", "type": "nominal", "title": "Jahr"},
        "y": {"field": "w", "type": "quantitative", "axis": {"format": ",.1f"}},
    },
    "height": 100,
    "autosize": {"type": "fit-x", "contains": "padding"},
    "description": "Ein Satz & ein <Zeichen>.",
}
KEY = "chart-0123456789ab"


def drawing(tmp_path: Path, spec: dict[str, object]) -> str:
    return chart_images.draw_files(tmp_path, {KEY: json.dumps(spec)})[f"charts/{KEY}.svg"].decode()


def test_the_charts_of_a_notebook_are_found_with_their_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BOOK_VARIABLE, "1")
    spec = {**SPEC, "title": EVIL}
    made = Figure("f", "Ein Satz.", Table("Quote", ("Jahr",), (("1",),)), "D", "", spec).html()
    output = nbformat.v4.new_output("display_data", {"text/html": made, "text/plain": "x"})
    cell = nbformat.v4.new_code_cell("", outputs=[output], id="a")
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)

    [(key, text)] = chart_images.read_specs([path, path]).items()

    assert f'id="{key}"' in made
    assert json.loads(text) == spec


def test_a_drawing_has_german_numbers_and_its_sentence_and_nothing_english(tmp_path: Path) -> None:
    made = drawing(tmp_path, SPEC)

    assert ">1.000,0<" in made
    assert "<title>Ein Satz &amp; ein &lt;Zeichen&gt;.</title>" in made
    assert "aria-" not in made


def test_the_same_chart_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    assert drawing(tmp_path / "one", SPEC) == drawing(tmp_path / "two", SPEC)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no fontconfig")
def test_a_drawing_does_not_depend_on_the_fonts_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A legend is laid out by the width of its words; the sign is not in the font of the drawing.
    colour = {"datum": "Gefäß ◔", "type": "nominal", "legend": {"orient": "bottom", "columns": 2}}
    spec = {**SPEC, "encoding": {**SPEC["encoding"], "color": colour}}  # type: ignore[dict-item]
    alone = drawing(tmp_path / "alone", spec)
    before = foreign_fonts.settings(tmp_path)
    monkeypatch.setenv("FONTCONFIG_FILE", before)

    assert drawing(tmp_path / "foreign", spec) == alone
    assert os.environ["FONTCONFIG_FILE"] == before


def test_a_chart_that_is_in_the_cache_is_not_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drawing(tmp_path, SPEC)
    monkeypatch.setattr(chart_images.worker_pool, "each", None)

    assert drawing(tmp_path, SPEC) == first
    with pytest.raises(TypeError):
        drawing(tmp_path, {**SPEC, "height": 101})


def test_hostile_words_in_a_chart_stay_words(tmp_path: Path) -> None:
    made = drawing(tmp_path, {**SPEC, "title": EVIL, "description": EVIL})

    tree = ElementTree.fromstring(made)
    assert {node.tag.rpartition("}")[2] for node in tree.iter()} <= chart_images.ELEMENTS
    assert EVIL in {node.text for node in tree.iter()}


def test_a_link_in_a_chart_is_refused(tmp_path: Path) -> None:
    linked = {
        **SPEC,
        "encoding": {**SPEC["encoding"], "href": {"value": "https://elsewhere.example"}},
    }  # type: ignore[dict-item]
    with pytest.raises(DataError, match="which may run or load something"):
        drawing(tmp_path, linked)


def test_every_chart_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    broken = json.dumps({"mark": 7})
    with pytest.raises(DataError) as caught:
        chart_images.draw_files(
            tmp_path, {"chart-1": broken, "chart-2": json.dumps(SPEC), KEY: broken}
        )

    assert [p.where for p in caught.value.problems] == [KEY, "chart-1"]


def test_a_page_gets_the_address_and_the_size_of_its_drawings(tmp_path: Path) -> None:
    folder = tmp_path / "charts"
    folder.mkdir()
    (folder / f"{KEY}.svg").write_text('<svg lang="de" width="640" height="349" viewBox="0">')
    page = f'<img class="kh-bild" data-bild="{KEY}" alt="D">'

    made = chart_images.place_drawings(page, 1, chart_images.read_sizes(tmp_path))

    assert f'src="../charts/{KEY}.svg" width="640" height="349" loading="lazy"' in made
    assert made.endswith(' alt="D">')


def test_a_drawing_that_is_not_there_shows_no_broken_picture() -> None:
    page = f'<img class="kh-bild" data-bild="{KEY}" alt="D">'

    assert (
        chart_images.place_drawings(page, 0, {})
        == f'<img class="kh-bild" data-bild="{KEY}" hidden alt="D">'
    )
