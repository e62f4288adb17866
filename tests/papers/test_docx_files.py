"""DOCX of a manuscript: headings, heads of tables, language, and the same bytes."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from kreisheft.core.errors import DataError
from kreisheft.papers import docx_files
from kreisheft.papers.manuscript import (
    Block,
    Chart,
    Heading,
    Items,
    Manuscript,
    Paragraph,
    Run,
    Sheet,
    plain,
)

SHEET = Sheet(
    "Zahlen", ("Feld", "Wert"), (("Schule", "5,3 %"), ("Arbeit", "25,3 %")), (False, True)
)
BLOCKS: tuple[Block, ...] = (
    Heading(1, "Vorlage"),
    Paragraph((Run("Grüße an "), Run("alle", bold=True))),
    SHEET,
    Heading(2, "Anlagen"),
    Items(((Paragraph(plain("Bericht")),),), ordered=True),
)


def made(*blocks: Block) -> bytes:
    return docx_files.write(
        Manuscript("Vorlage", "Kreis X", "2025-03-01", blocks or BLOCKS, "paper")
    )


def opened(content: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(content))


def test_two_runs_give_the_same_bytes_and_no_entry_has_a_time() -> None:
    content = made()
    times = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()}

    assert content == made()
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_headings_are_headings() -> None:
    found = [(p.style.name, p.text) for p in opened(made()).paragraphs if "Heading" in p.style.name]

    assert found == [("Heading 1", "Vorlage"), ("Heading 2", "Anlagen")]


def test_a_table_says_what_its_sheet_says_and_repeats_its_head() -> None:
    [table] = opened(made()).tables
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
    heads = [row for row in table.rows if row._tr.trPr.find(qn("w:tblHeader")) is not None]

    assert rows == [SHEET.heads, *SHEET.rows]
    assert [cell.text for cell in heads[0].cells] == ["Feld", "Wert"]
    assert len(heads) == 1


def test_the_language_is_german_and_the_day_that_of_the_data() -> None:
    document = opened(made())
    defaults = document.styles.element.find(qn("w:docDefaults"))

    assert {lang.get(qn("w:val")) for lang in defaults.iter(qn("w:lang"))} == {"de-DE"}
    assert document.core_properties.title == "Vorlage"
    assert document.core_properties.created.isoformat()[:10] == "2025-03-01"
    assert document.core_properties.author == ""


def test_a_drawing_is_refused() -> None:
    with pytest.raises(DataError, match="cannot stand in a DOCX"):
        made(Chart("chart-1", "Diagramm", "Titel"))
