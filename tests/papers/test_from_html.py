"""HTML of notebooks and Markdown of written pages as blocks of a manuscript."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.papers import from_html, manuscript
from kreisheft.papers.manuscript import (
    Box,
    Chart,
    Heading,
    Items,
    Paragraph,
    Run,
    Sheet,
    Terms,
    plain,
)
from kreisheft.render import figure, tables

TABLE = tables.Table("Quote im Zeitverlauf", ("Jahr", "Wert (Prozent)"), (("2023", "8,8"),))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> tuple[manuscript.Block, ...]:
    """A figure as it stands in an executed notebook."""
    monkeypatch.setenv("KREISHEFT_BOOK", "1")
    made = figure.Figure(
        "f-quote", "Die Quote ist 8,8 %.", TABLE, "Diagramm: Quote", "Quelle: Amt", {"mark": "bar"}
    )
    return from_html.fragment(made.html())


def test_a_figure_is_sentence_drawing_table_source_in_that_order(
    shown: tuple[manuscript.Block, ...],
) -> None:
    sentence, chart, table, source = shown

    assert sentence == Paragraph(plain("Die Quote ist 8,8 %."), "lead")
    assert isinstance(chart, Chart)
    assert (chart.alt, chart.caption) == ("Diagramm: Quote", "Quote im Zeitverlauf")
    assert table == Sheet(
        "Quote im Zeitverlauf", ("Jahr", "Wert (Prozent)"), (("2023", "8,8"),), (False, True)
    )
    assert source == Paragraph(plain("Quelle: Amt"), "source")


def test_what_only_a_screen_can_use_is_left_out() -> None:
    found = from_html.fragment(
        "<form><label>Suche</label><input></form><button>Karte</button><script>1</script>"
        '<p hidden>nie</p><p class="d-print-none">nie</p><p>bleibt</p>'
    )

    assert found == (Paragraph(plain("bleibt")),)


def test_a_link_to_the_web_stays_and_one_to_another_page_keeps_its_words_only() -> None:
    found = from_html.markdown("[Gesetz](https://example.org/g) und [Methoden](methoden.md)")

    assert found == (
        Paragraph((Run("Gesetz", href="https://example.org/g"), Run(" und Methoden"))),
    )


def test_terms_keep_what_is_said_of_them() -> None:
    found = from_html.fragment("<dl><dt>Niveau</dt><dd><strong>● gleichauf</strong> 5 %</dd></dl>")

    told = (Paragraph((Run("● gleichauf", bold=True), Run(" 5 %"))),)
    assert found == (Terms(((plain("Niveau"), told),)),)


def test_a_directive_is_a_box_and_the_glossary_its_list() -> None:
    found = from_html.markdown(
        ":::{important}\nAchtung.\n:::\n\n:::{glossary}\nStand\n  Ein Tag.\n:::"
    )

    assert found == (
        Box((Paragraph(plain("Achtung.")),)),
        Terms(((plain("Stand"), (Paragraph(plain("Ein Tag.")),)),)),
    )


def test_front_matter_is_no_text() -> None:
    assert from_html.markdown("---\nmyst:\n  a: b\n---\n# Titel\n\n1. eins") == (
        Heading(1, "Titel"),
        Items(((Paragraph(plain("eins")),),), ordered=True),
    )


def test_the_line_above_a_table_that_opens_is_not_told_twice() -> None:
    table = tables.html(TABLE)
    found = from_html.fragment(f"<details><summary>Quote im Zeitverlauf</summary>{table}</details>")

    assert [type(b) for b in found] == [Sheet]


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_every_cell_of_a_table_arrives_as_it_was(rows: list[tuple[str, str]]) -> None:
    cells = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    found = from_html.fragment(tables.html(tables.Table("T", ("a", "b"), tuple(rows))))

    assert [b.rows for b in found if isinstance(b, Sheet)] == [tuple(cells)]


@given(WORDS)
def test_a_text_is_never_taken_for_markup(text: str) -> None:
    found = from_html.fragment(f"<p>{escape(text)}</p>")

    assert [manuscript.read(b.text) for b in found if isinstance(b, Paragraph)] == [text.strip()]


def test_a_glossary_is_a_list_of_terms_without_its_anchors() -> None:
    written = (
        ":::{glossary}\n"
        "Abstand\n  (begriff-abstand)=\n  Quote minus Quote.\n\n  Auch: Lücke\n"
        "Quote\n  (begriff-quote)=\n  Anteil.\n:::\n"
    )

    gap = (Paragraph(plain("Quote minus Quote.")), Paragraph(plain("Auch: Lücke")))
    rate = (Paragraph(plain("Anteil.")),)
    assert from_html.markdown(written) == (
        Terms(((plain("Abstand"), gap), (plain("Quote"), rate))),
    )
