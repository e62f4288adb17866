"""Sentence, chart, table and source as one block of HTML."""

import json
import re
from typing import Any

import pytest

from kreisheft.core.project import BOOK_VARIABLE
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table

EVIL = "</script><script>alert(1)</script><!--"
TABLE = Table("Quote im Zeitverlauf", ("Jahr", "Wert"), (("2024", "14,3"),))
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"j": 2024, "w": 14.3}]},
    "mark": {"type": "point"},
    "encoding": {"x": {"field": "j", "type": "quantitative"}},
}


def figure(sentence: str = "Ein Satz.", spec: dict | None = None, source: str = "Quelle: x") -> str:
    return Figure("f-quote", sentence, TABLE, "Diagramm: Quote", source, spec).html()


@pytest.fixture
def in_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BOOK_VARIABLE, "1")


def test_order_is_sentence_table_chart_source(in_book: None) -> None:
    made = figure(spec=SPEC)
    places = [made.index(c) for c in ("kh-satz", "kh-tabelle", "kh-chart", "kh-quelle")]

    assert places == sorted(places)


def test_without_a_chart_there_is_no_frame_for_one() -> None:
    made = figure()

    assert "kh-tabelle" not in made
    assert "kh-chart" not in made
    assert "<table" in made


def test_there_is_room_for_buttons_before_the_table(in_book: None) -> None:
    assert '<div class="kh-leiste"></div><div class="kh-tabelle">' in figure(spec=SPEC)
    assert '<div class="kh-leiste"></div><div class="kh-scroll"' in figure()


def test_no_table_waits_for_a_press_or_a_script(in_book: None) -> None:
    made = figure(spec=SPEC)

    assert "<details" not in made
    assert "hidden" not in made


def test_a_chart_has_a_place_for_its_picture_and_a_name_that_is_not_the_sentence(
    in_book: None,
) -> None:
    made = figure(spec=SPEC)

    [(bild, alt)] = re.findall(r'<img class="kh-bild" data-bild="(chart-\w+)" alt="([^"]*)">', made)
    assert f'id="{bild}"' in made
    assert alt == "Diagramm: Quote"


def test_without_sentence_and_source_there_are_no_empty_paragraphs() -> None:
    made = figure(sentence="", source="")

    assert "<p" not in made
    assert "<figcaption" not in made


def test_a_closing_script_in_a_text_does_not_end_the_specification(in_book: None) -> None:
    made = figure(spec={**SPEC, "title": EVIL})

    assert made.count("</script>") == 1
    [text] = re.findall(r'<script type="application/json"[^>]*>(.*)</script>', made)
    assert json.loads(text)["title"] == EVIL


def test_markup_in_sentence_and_source_is_shown_and_not_run() -> None:
    made = figure(sentence=EVIL, source=EVIL)

    assert "<script" not in made
    assert made.count("&lt;/script&gt;") == 4


def test_the_same_chart_has_the_same_id_and_another_one_another(in_book: None) -> None:
    def key(made: str) -> str:
        return re.findall(r'class="kh-chart" id="(chart-\w+)"', made)[0]

    assert key(figure(spec=SPEC)) == key(figure(spec=dict(reversed(SPEC.items()))))
    assert key(figure(spec=SPEC)) != key(figure(spec={**SPEC, "title": "anders"}))


def test_the_specification_belongs_to_its_place(in_book: None) -> None:
    made = figure(spec=SPEC)

    assert re.findall(r'id="(chart-\w+)"', made) == re.findall(r'data-for="(chart-\w+)"', made)


def test_a_block_of_plain_text_reaches_no_page_as_html() -> None:
    text: Any = "<script>"

    assert Block(text, "")._repr_mimebundle_()["text/html"] == "&lt;script&gt;"


def test_an_analyst_sees_a_picture_that_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BOOK_VARIABLE, raising=False)
    made = figure(spec=SPEC)

    assert '<div class="kh-chart"><svg' in made
    assert "<script" not in made


def test_a_notebook_gets_html_and_a_plain_reading() -> None:
    bundle = Figure("f", "Ein Satz.", TABLE, "", "")._repr_mimebundle_()

    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "Ein Satz."


def test_the_plain_reading_of_a_table_without_a_sentence_is_its_caption() -> None:
    assert Figure("f", "", TABLE, "", "")._repr_mimebundle_()["text/plain"] == TABLE.caption


def test_a_note_shows_markup_and_does_not_run_it() -> None:
    assert note("a < b") == Block('<p class="kh-leer">a &lt; b</p>', "a < b")
