"""PDF of a manuscript, set by typst: tagged, PDF/UA-1, the same bytes for the same manuscript.

In: a `Manuscript`, the drawings it names. Out: the file. ``book/druck/heft.typ`` has the looks and
reads the manuscript as data, so nothing in a text is ever taken for a command. Letters come from
packages, never from the machine. The date in the file is the manuscript's day.
"""

import json
import re
from collections.abc import Mapping
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import typst

from kreisheft.core.errors import DataError, Problem
from kreisheft.papers import manuscript
from kreisheft.papers.manuscript import Chart, Manuscript, Words

FOLDER = "book/druck"
TEMPLATE = "heft.typ"
#: In a drawing words were measured in a font as wide as Arial; this one is narrower, so all fit.
FONT = "Source Sans Pro"
#: Its files by name. Of each of these the package has two, as OTF and as TTF, which are not alike;
#: typst takes what a folder lists first, in an order that differs from machine to machine.
FILES = ("Regular.otf", "It.otf", "Semibold.ttf", "SemiboldIt.otf", "Bold.ttf", "BoldIt.ttf")
LETTERS, OWN = re.compile(rb'font-family="[^"]*"'), f'font-family="{FONT}"'.encode()
#: Sizes of letters in tables, in points, largest first.
SIZES = (9.0, 8.0, 7.5)
#: Letters across a page times their size, upright and turned: 17 and 25.7 cm, half an em each.
WIDTH, TURNED = 940, 1420
#: In letters: longest word that is not parted in a head and below, longest text, space around.
HEAD, WORD, TEXT, GAP = 10, 16, 42, 2
#: So many letters more than its longest word make a text that is worth more than one line.
SHORT = 4


def write(root: Path, paper: Manuscript, drawings: Mapping[str, bytes], words: Words) -> bytes:
    """Set a manuscript. drawings: ``charts/<id>.svg`` → SVG. words: what the pages say themselves.

    Raises DataError if a drawing is missing or the result would not be accessible.
    """
    with TemporaryDirectory(prefix="kreisheft-") as folder:
        place = Path(folder)
        for path in sorted((root / FOLDER).iterdir()):
            (place / path.name).write_bytes(path.read_bytes())
        content = {**_lay_out(manuscript.data(paper)), "words": words, "font": FONT}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        (place / "heft.json").write_text(text, encoding="utf-8")
        for block in manuscript.walk(paper.blocks):
            if isinstance(block, Chart):
                drawing = drawings.get(f"charts/{block.id}.svg")
                if drawing is None:
                    raise DataError([Problem(paper.title, f"no drawing {block.id}", "build again")])
                (place / f"{block.id}.svg").write_bytes(LETTERS.sub(OWN, drawing))
        try:
            compiler = typst.Compiler(place / TEMPLATE, root=place, font_paths=_fonts(place))
            made_pdf, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=["ua-1"]
            )
        except typst.TypstError as error:
            raise DataError([_problem(paper, error.message, error.diagnostic)]) from None
    if warnings:
        raise DataError([_problem(paper, w.message, w.diagnostic) for w in warnings])
    assert isinstance(made_pdf, bytes)
    return _finish(made_pdf)


def _finish(content: bytes) -> bytes:
    """The same with the first cell of each row as its head, and a third of the size.

    typst can name such heads only behind a switch that its package does not offer, and writes each
    of thousands of tags as an object of its own. Cells lose their lists of heads, which name those
    of columns only: scopes say both.
    """
    with pikepdf.open(BytesIO(content)) as pdf, BytesIO() as written:
        for node in list(pdf.objects):
            if isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/TBody":
                for row in _kids(node):
                    for cell in _kids(row):
                        if "/A" in cell:
                            del cell["/A"]
                    for first in _kids(row)[:1]:
                        first.S = pikepdf.Name.TH
                        first.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        pdf.save(
            written,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
        return written.getvalue()


def _kids(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    children = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in children if isinstance(kid, pikepdf.Dictionary)]


def _lay_out(node: Any) -> Any:
    """The same data, with size and columns for every table; a turned page holds its source too."""
    if isinstance(node, list):
        return _turn_wide([_lay_out(part) for part in node])
    if isinstance(node, dict):
        more = _columns(node) if node.get("type") == "Sheet" else {}
        return {key: _lay_out(value) for key, value in node.items()} | more
    return node


def _turn_wide(parts: list[Any]) -> list[Any]:
    pages: list[Any] = []
    for part in parts:
        kind = part.get("type") if isinstance(part, dict) else ""
        last = pages[-1] if pages and isinstance(pages[-1], dict) else {}
        if kind == "Sheet" and part["wide"]:
            leading: list[Any] = []
            while pages and _leads(pages[-1]):
                leading.insert(0, pages.pop())
            pages.append({"type": "Turned", "blocks": [*leading, part]})
        elif last.get("type") == "Turned" and kind == "Paragraph" and part["style"] == "source":
            last["blocks"].append(part)
        else:
            pages.append(part)
    return pages


def _leads(part: Any) -> bool:
    """Whether a block belongs to the table after it and would be left alone on a page."""
    kind = part.get("type") if isinstance(part, dict) else ""
    return kind in ("Heading", "Box") or (kind == "Paragraph" and part["style"] != "source")


def _columns(sheet: dict[str, Any]) -> dict[str, Any]:
    """Size of the letters, width of each column, whether to turn the page.

    A number is never parted; words are, between words first. What does not fit upright in the
    smallest letters gets a page turned on its side. A column is as wide as its text, so many em,
    or has a share of what the others leave.
    """
    words, whole = [], []
    columns = zip(sheet["heads"], *sheet["rows"], strict=True)
    for (head, *cells), number in zip(columns, sheet["numbers"], strict=True):
        wording = len if number else _longest_word
        longest = max((min(wording(c), WORD) for c in cells), default=0)
        words.append(max(min(_longest_word(head), HEAD), longest, 3))
        whole.append(max(longest, *(min(len(text), TEXT) for text in (head, *cells)), 3))
    gaps = GAP * len(words)
    needed = sum(words) + gaps
    wide = needed > WIDTH / SIZES[-1]
    room = TURNED if wide else WIDTH
    size = next((s for s in SIZES if needed <= room / s), SIZES[-1])
    layout = {"size": size, "wide": wide}
    if sum(whole) + gaps <= room / size:
        return layout | {"columns": [{} for _ in words]}
    texts = [max(map(len, c), default=0) for c in zip(*sheet["rows"], strict=True)] or whole
    long = [text > word + SHORT for text, word in zip(texts, words, strict=True)]
    if not any(long):
        long[0] = True
    widths = [
        {"fr": full} if is_long else {"em": round(max(word, text) * 0.52 + 0.9, 2)}
        for word, text, full, is_long in zip(words, texts, whole, long, strict=True)
    ]
    return layout | {"columns": widths}


def _longest_word(text: str) -> int:
    return max(map(len, re.split(r"[ \n\u00ad-]+", text)))


def _problem(paper: Manuscript, message: str, diagnostic: str) -> Problem:
    lines = [line for line in diagnostic.splitlines() if line.strip()]
    where = f"{paper.title}, PDF"
    return Problem(where, f"{message} {' '.join(lines[1:2]).strip()}", f"mend {FOLDER}/{TEMPLATE}")


def fonts() -> list[Path]:
    """Files of the package with the letters, in the order in which they are looked at."""
    package = find_spec("font_source_sans_pro")
    assert package is not None
    assert package.origin is not None
    return [Path(package.origin).parent / "files" / f"SourceSansPro-{name}" for name in FILES]


def _fonts(place: Path) -> typst.Fonts:
    """Letters of the package, and those within typst for signs that it lacks; none else.

    place: folder for copies of the files, each in a folder of its own: only those keep their order.
    """
    folders = []
    for path in fonts():
        folder = place / "fonts" / path.stem
        folder.mkdir(parents=True)
        (folder / path.name).write_bytes(path.read_bytes())
        folders.append(folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
