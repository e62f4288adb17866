"""DOCX of a manuscript: real headings, heads of tables that repeat, German, no clock.

In: a `Manuscript` without drawings. Out: the file, the same bytes for the same manuscript. What it
says is what `pdf_files` prints.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run as DocxRun

from kreisheft.core.errors import DataError, Problem
from kreisheft.papers.manuscript import (
    Block,
    Box,
    Chart,
    Heading,
    Items,
    Manuscript,
    Paragraph,
    Sheet,
    Terms,
    Text,
)

LANGUAGE = "de-DE"
#: Day of every entry of the archive; the first that its format can name.
EPOCH = (1980, 1, 1, 0, 0, 0)
#: On every machine that has a word processor, or replaced there by one as wide.
FONT = "Arial"


def write(paper: Manuscript) -> bytes:
    """Write a manuscript; DataError if it holds a drawing."""
    document = docx.Document()
    _prepare(document, paper)
    for block in paper.blocks:
        _write(document, block, document.add_paragraph)
    written = io.BytesIO()
    document.save(written)
    return _timeless(written.getvalue())


def _prepare(document: Document, paper: Manuscript) -> None:
    about = document.core_properties
    day = datetime.fromisoformat(paper.day)
    about.title, about.language, about.subject = paper.title, LANGUAGE, paper.subtitle
    about.created = about.modified = day
    about.author = about.last_modified_by = about.comments = ""
    about.revision = 1
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.header.paragraphs[0].text = paper.subtitle
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for style in document.styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is not None or style.name == "Normal":
            # The heads' fonts of the theme are asked for by other attributes than names.
            for key in list(fonts.keys()) if fonts is not None else ():
                del fonts.attrib[key]
            style.font.name = FONT
    document.styles["Normal"].font.size = Pt(10.5)


def _write(document: Document, block: Block, paragraph: Callable[..., DocxParagraph]) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, level=min(block.level, 9))
    elif isinstance(block, Paragraph):
        _fill(paragraph(), block.text, small=block.style == "source")
    elif isinstance(block, Items):
        style = "List Number" if block.ordered else "List Bullet"
        for item in block.items:
            for part in item:
                _write(document, part, lambda style=style: document.add_paragraph(style=style))
    elif isinstance(block, Terms):
        for term, description in block.items:
            _fill(paragraph(), term, bold=True)
            for part in description:
                _write(document, part, paragraph)
    elif isinstance(block, Box):
        for part in block.blocks:
            _write(document, part, lambda: document.add_paragraph(style="Intense Quote"))
    elif isinstance(block, Sheet):
        _table(document, block)
    elif isinstance(block, Chart):
        what = f"the drawing {block.id} cannot stand in a DOCX"
        raise DataError([Problem("DOCX", what, "print the publication as PDF")])


def _fill(paragraph: DocxParagraph, text: Text, *, bold: bool = False, small: bool = False) -> None:
    for piece in text:
        if piece.href:
            run = _link(paragraph, piece.href, piece.text)
        else:
            run = paragraph.add_run(piece.text)
        run.bold, run.italic = (bold or piece.bold) or None, piece.italic or None
        if small:
            run.font.size = Pt(8.5)


def _link(paragraph: DocxParagraph, address: str, text: str) -> DocxRun:
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run = paragraph.add_run(text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
    return run


def _table(document: Document, sheet: Sheet) -> None:
    if sheet.caption:
        document.add_paragraph(
            sheet.caption, style="Caption"
        ).paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(sheet.heads), style="Table Grid")
    for number, cells in enumerate((sheet.heads, *sheet.rows)):
        row = table.add_row()
        _keep(row, head=number == 0)
        _cells(row.cells, cells, sheet.numbers, head=number == 0)
    if sheet.caption:
        _name(table, sheet.caption)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _cells(cells: Sequence[Any], texts: Sequence[str], numbers: Sequence[bool], head: bool) -> None:
    for i, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold = head or None
        run.font.size = Pt(8.5 if len(texts) > 5 else 9.5)
        paragraph.paragraph_format.space_after = Pt(0)
        if numbers[i]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _keep(row: Any, head: bool) -> None:
    """Keep a row on one page; head: mark it as the head, repeated on each page."""
    about = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(("w:tblHeader",) if head else ())):
        about.append(OxmlElement(name))


def _name(table: Table, caption: str) -> None:
    """Set the name that a screen reader reads out."""
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), caption)
    table._tbl.tblPr.append(title)


def _timeless(content: bytes) -> bytes:
    """The same archive in a fixed order, with no time in it."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return written.getvalue()
