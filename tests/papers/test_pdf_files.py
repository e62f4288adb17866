"""PDF of a manuscript: tags, language, title, heads of tables, letters, and the same bytes."""

import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import foreign_fonts
import pikepdf
import pypdfium2
import pytest
from frames import ROOT

from kreisheft.book import chart_images
from kreisheft.core.errors import DataError
from kreisheft.papers import council_paper, pdf_files
from kreisheft.papers.manuscript import (
    Block,
    Chart,
    Heading,
    Manuscript,
    Paragraph,
    Run,
    Sheet,
    plain,
)

WORDS = council_paper.words(ROOT)["pages"]
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="100" viewBox="0 0 640 100">'
    b'<text x="10" y="50" font-family="Liberation Sans, Arial" font-size="12px">Jahr</text></svg>'
)
DRAWN = {"charts/chart-1.svg": SVG}
ROWS = tuple((str(year), f"{year % 97},5") for year in range(1900, 2025))
BLOCKS: tuple[Block, ...] = (
    Heading(1, "Arbeit"),
    Paragraph(plain("Größe, Übung und „Maß“ – ▼▼ ◔ ⬤ ⇤⇥ ☒")),
    Chart("chart-1", "Diagramm: Quote", "Quote im Zeitverlauf"),
    Sheet("Quote im Zeitverlauf", ("Jahr", "Wert (Prozent)"), ROWS, (False, True)),
    Heading(2, "Quellen"),
    Paragraph((Run("Gesetz", href="https://example.org/"),), "source"),
)


def made(*blocks: Block, kind: str = "report") -> bytes:
    paper = Manuscript("Bericht", "Kreis X · 2024", "2025-03-01", blocks or BLOCKS, kind)
    return pdf_files.write(ROOT, paper, DRAWN, WORDS)


def tagged(content: bytes, tag: str) -> list[Any]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        nodes = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary))
        return [
            {str(k): str(v) for k, v in node.items()} for node in nodes if node.get("/S") == tag
        ]


def text(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    return "\n".join(pdf[i].get_textpage().get_text_range() for i in range(len(pdf)))


@pytest.fixture(scope="module")
def report() -> bytes:
    return made()


def test_two_runs_give_the_same_bytes(report: bytes) -> None:
    assert made() == report


def test_the_file_has_no_fault_of_syntax(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_it_says_that_it_is_accessible_german_and_of_the_day_of_its_data(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as pdf, pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang) == "de-DE"
        assert str(pdf.docinfo.Title) == "Bericht, Kreis X · 2024"
        assert str(pdf.docinfo.CreationDate).startswith("D:20250301")
        assert pdf.Root.MarkInfo.Marked is True or bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_headings_are_tagged_and_bookmarked(report: bytes) -> None:
    pdf = pypdfium2.PdfDocument(report)
    marks = [bookmark.get_title() for bookmark in pdf.get_toc()]

    assert [len(tagged(report, tag)) for tag in ("/H1", "/H2")] == [2, 1]
    assert [re.sub(r"^[\d.]+ ", "", mark) for mark in marks[-2:]] == ["Arbeit", "Quellen"]


def test_a_drawing_has_its_alternative_text(report: bytes) -> None:
    assert [figure.get("/Alt") for figure in tagged(report, "/Figure")] == ["Diagramm: Quote"]


def test_every_row_and_every_column_has_a_head(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as pdf:
        heads = [
            o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"
        ]
        scopes = Counter("Row" if "/Row" in repr(o.A) else "Column" for o in heads)

    assert scopes == {"Row": len(ROWS), "Column": 2}


def test_a_table_over_several_pages_repeats_its_head_and_loses_no_row(report: bytes) -> None:
    found = text(report)

    assert found.count("Wert (Prozent)") >= 3
    assert all(cell in found for row in ROWS for cell in row)


def test_letters_come_with_the_file_and_from_the_package(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o]
        names = {str(font.FontName).rpartition("+")[2] for font in fonts}

    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)
    assert all(name.startswith(("SourceSansPro", "DejaVuSansMono", "NewCM")) for name in names)


def test_the_file_is_the_same_whatever_fonts_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"values": [{"kreis": "Gefäß ◔", "wert": 1}]}
    bars = {"y": {"field": "kreis"}, "x": {"field": "wert", "type": "quantitative"}}
    spec = json.dumps({"data": values, "mark": "bar", "encoding": bars})
    paper = Manuscript("Bericht", "Kreis X · 2024", "2025-03-01", BLOCKS)

    def printed(place: str) -> bytes:
        drawn = chart_images.draw_files(tmp_path / place, {"chart-1": spec})
        return pdf_files.write(ROOT, paper, drawn, WORDS)

    alone = printed("alone")
    monkeypatch.setenv("FONTCONFIG_FILE", foreign_fonts.settings(tmp_path))

    assert printed("foreign") == alone


def test_no_face_has_two_files_of_which_the_order_of_a_disk_would_choose(tmp_path: Path) -> None:
    own = [font for font in pdf_files._fonts(tmp_path).fonts() if font.path]

    assert [Path(str(font.path)).name for font in own] == [path.name for path in pdf_files.fonts()]
    assert len({(font.style, font.weight) for font in own}) == len(pdf_files.FILES)


def test_umlauts_and_signs_can_be_read_back(report: bytes) -> None:
    assert "Größe, Übung und „Maß“ –" in text(report)
    assert all(sign in text(report) for sign in "▼◔⬤⇤⇥☒")


def test_a_table_too_wide_for_a_page_gets_one_turned_with_its_source() -> None:
    heads = ("Indikator", *(f"Kreisnummer{i}" for i in range(14)))
    row = ("Arbeitslosenquote", *("123.456.789" for _ in range(14)))
    wide = Sheet("Breit", heads, (row,), (False,) + (True,) * 14)
    source = Paragraph(plain("Quelle: Amt"), "source")
    pdf = pypdfium2.PdfDocument(made(Heading(1, "A"), wide, source, kind="chapter"))

    turned = [i for i in range(len(pdf)) if pdf[i].get_width() > pdf[i].get_height()]
    told = pdf[turned[0]].get_textpage().get_text_range()
    assert len(pdf) == len(turned) == 1
    assert told.count("123.456.789") == 14
    assert "Quelle: Amt" in told


@pytest.mark.parametrize(
    "attack", ['#panic("x")', "$x$ *b* _i_ <l> @r", '#read("/etc/passwd")', "\\ // /* `"]
)
def test_a_text_is_never_a_command(attack: str) -> None:
    sheet = Sheet(attack, (attack, "b"), ((attack, "1"),), (False, True))
    found = text(made(Heading(1, attack), Paragraph(plain(attack)), sheet, kind="chapter"))

    assert found.count(attack) >= 5


def test_a_missing_drawing_is_told_by_its_name() -> None:
    with pytest.raises(DataError, match="no drawing chart-2"):
        made(Chart("chart-2", "Diagramm", "Titel"))


def test_a_template_that_typst_refuses_is_a_problem_of_the_template(tmp_path: Path) -> None:
    folder = tmp_path / pdf_files.FOLDER
    folder.mkdir(parents=True)
    (folder / pdf_files.TEMPLATE).write_text("#let", encoding="utf-8")
    paper = Manuscript("Bericht", "X", "2025-03-01", BLOCKS)

    with pytest.raises(DataError, match=r"Bericht, PDF: .*\n.*heft\.typ"):
        pdf_files.write(tmp_path, paper, DRAWN, WORDS)


def test_other_content_gives_other_bytes(report: bytes) -> None:
    more = (*BLOCKS, Paragraph(plain("mehr")))

    assert made(*more) != report
