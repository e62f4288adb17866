"""One source, several publications: every figure is the same in all of them, and the edition's own.

Chapters are made as a notebook makes them, without a kernel, and read back from Word and PDF.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2
import pytest
from frames import ROOT

from kreisheft.book import staging
from kreisheft.book.edition_pages import Edition, Page
from kreisheft.catalogue import catalogue, params
from kreisheft.chapters.chapter import Chapter
from kreisheft.papers import council_paper, docx_files, pdf_files
from kreisheft.papers.contents import Contents
from kreisheft.papers.manuscript import Block, Heading, Manuscript, Sheet, walk
from kreisheft.protected import open_data
from kreisheft.render import sentences

KREIS, YEAR, FIELDS = "recklinghausen", 2024, ("arbeit", "wohnen", "schule")
WORDS = council_paper.words(ROOT)


def notebook(folder: Path, name: str, title: str, *outputs: str) -> Path:
    """An executed notebook with a heading and outputs."""
    shown = [{"output_type": "execute_result", "data": {"text/html": html}} for html in outputs]
    cells = [
        {"cell_type": "markdown", "source": [f"# {title}"]},
        {"cell_type": "code", "source": [""], "outputs": shown},
    ]
    path = folder / f"{name.replace('/', '-')}.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    folder, book = tmp_path_factory.mktemp("hefte"), catalogue.load(ROOT)
    pages = []
    for field in FIELDS:
        one, title = Chapter(field, KREIS, YEAR, root=ROOT), book.fields[field]["title"]
        made = notebook(folder, field, title, one.overview().html(), one.judgements().html())
        pages.append(Page(f"{field}/gesamt", made, title, group="Gesamtbevölkerung"))
    whole = Chapter("ueberblick", KREIS, YEAR, root=ROOT)
    whole.params = replace(whole.params, fields=FIELDS, examples=False)
    for name, html in (
        ("ueberblick", whole.headlines().html()),
        ("managementfassung", whole.management().markup),
    ):
        pages.append(Page(name, notebook(folder, name, name, html), name))
    edition = Edition(KREIS, "Kreis Recklinghausen", YEAR, 1, tuple(pages))
    return Contents(ROOT, edition, "2026-03-10", WORDS)


@pytest.fixture(scope="module")
def report(contents: Contents) -> Manuscript:
    return contents.report("gesamt", first=True)


@pytest.fixture(scope="module")
def short(contents: Contents) -> Manuscript:
    made = contents.management()
    assert made
    return made


@pytest.fixture(scope="module")
def paper(contents: Contents) -> Manuscript:
    content = council_paper.load(ROOT, KREIS)
    assert content
    return contents.submission(content)


def sheets(made: Manuscript) -> list[Sheet]:
    return [b for b in walk(made.blocks) if isinstance(b, Sheet)]


def figures(made: Manuscript) -> Iterator[tuple[str, str, str]]:
    """Indicator, value and period of every row of newest figures."""
    for sheet in sheets(made):
        if {"Indikator", "Wert", "Zeitpunkt"} <= set(sheet.heads):
            at = [sheet.heads.index(head) for head in ("Indikator", "Wert", "Zeitpunkt")]
            for row in sheet.rows:
                yield row[at[0]], row[at[1]], row[at[2]]


def test_the_short_version_has_up_to_three_figures_per_field_and_the_chapters_have_them(
    short: Manuscript, report: Manuscript
) -> None:
    told = list(figures(short))

    assert 2 * len(FIELDS) < len(told) <= 3 * len(FIELDS)
    assert set(told) <= set(figures(report))


def test_the_paper_has_the_headlines_of_the_report(paper: Manuscript, report: Manuscript) -> None:
    told = list(figures(paper))

    assert len(told) >= len(FIELDS)
    assert set(told) <= set(figures(report))


def test_the_tables_are_those_of_the_report(contents: Contents, report: Manuscript) -> None:
    assert sheets(contents.tables("gesamt")) == [s for s in sheets(report) if s.caption]


def test_every_figure_is_a_released_value_of_the_edition(report: Manuscript) -> None:
    book, settings = catalogue.load(ROOT), params.load(ROOT, KREIS)
    frame = open_data.values(ROOT, settings, YEAR)
    own = frame[(frame["ags"] == settings.ags) & (frame["target_group"] == "gesamt")]
    known = {
        (
            book.indicators[i].title,
            sentences.number(float(value), book.indicators[i].unit, book),
            at,
        )
        for i, value, at in zip(own["indicator"], own["value"], own["period"], strict=True)
        if value
    }
    known = {(title, value, sentences.period(str(at), book)) for title, value, at in known}
    told = {
        (name.partition(": ")[0] if (name, v, p) not in known else name, v, p.partition(" (")[0])
        for name, v, p in figures(report)
    }

    assert len(told) > 20
    assert told <= known


def test_without_goals_a_field_is_one_heading(short: Manuscript) -> None:
    heads = [b for b in short.blocks if isinstance(b, Heading)]

    assert [(b.level, b.text) for b in heads] == [
        (1, catalogue.load(ROOT).fields[field]["title"]) for field in FIELDS
    ]


def test_word_and_pdf_say_what_the_manuscript_says(paper: Manuscript) -> None:
    document = docx.Document(io.BytesIO(docx_files.write(paper)))
    pdf = pypdfium2.PdfDocument(pdf_files.write(ROOT, paper, {}, WORDS["pages"]))
    text = "".join(pdf[i].get_textpage().get_text_range() for i in range(len(pdf)))
    written = [
        [tuple(cell.text for cell in row.cells) for row in table.rows] for table in document.tables
    ]

    assert written == [[sheet.heads, *sheet.rows] for sheet in sheets(paper)]
    # A line that is parted in print has no blank where it is parted.
    printed = "".join(text.split()).replace("\ufffe", "").replace("\N{SOFT HYPHEN}", "")
    for _, value, _ in figures(paper):
        assert "".join(value.split()) in printed


def test_a_chapter_is_its_page_and_nothing_else(contents: Contents) -> None:
    made = contents.chapter("arbeit/gesamt")

    assert made.blocks == contents.blocks("arbeit/gesamt")
    assert made.title == "Arbeit und Wirtschaft (Gesamtbevölkerung)"


def test_the_report_goes_in_the_order_of_the_book(report: Manuscript) -> None:
    titles = [b.text for b in report.blocks if isinstance(b, Heading) and b.level == 1]
    book = catalogue.load(ROOT).fields

    assert titles[0] == "ueberblick"
    assert titles[1:4] == [book[f]["title"] for f in ("schule", "arbeit", "wohnen")]
    assert titles.index("So lesen Sie dieses Heft") < titles.index("Methoden")
    assert "Datenschutz" not in titles


def test_a_special_topic_is_part_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page("thema_x", notebook(tmp_path, "thema_x", "Ein Thema"), "Ein Thema")
    edition = Edition(KREIS, "Kreis Recklinghausen", YEAR, 1, (page,))
    monkeypatch.setattr(staging, "read_order", lambda _: ["notebooks/thema_x"])

    report = Contents(ROOT, edition, "2026-03-10", WORDS).report("gesamt", first=True)

    assert report.blocks[:1] == (Heading(1, "Ein Thema"),)


def test_nothing_is_left_to_be_filled_in(report: Manuscript) -> None:
    def words(blocks: tuple[Block, ...]) -> str:
        return repr(blocks)

    assert "{{" not in words(report.blocks)
