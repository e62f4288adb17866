"""All publications of an edition as files, each made once for the same content.

In: an `Edition` with its executed notebooks and drawings. Out: address → content, for the edition's
folder ``druck/``, and the links to them. A file is kept while its manuscript, its
drawings, the template, the letters and the tools are what they were.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from kreisheft.book import chart_images
from kreisheft.book.edition_pages import Edition
from kreisheft.catalogue.params import Params
from kreisheft.core import cache, hashes
from kreisheft.core.errors import UsageError, unknown
from kreisheft.offers import freshness
from kreisheft.papers import council_paper, manuscript
from kreisheft.papers.contents import Contents
from kreisheft.papers.manuscript import Chart, Manuscript

FOLDER = "druck"
#: Publications as files.
KEPT = cache.Kind("papers", ("papers.pdf_files", "papers.docx_files"))
KINDS = ("report", "chapter", "management", "tables", "submission")
#: A publication by its address; made only when it is asked for.
Making = Callable[[], Manuscript]


def made(
    root: Path,
    settings: Params,
    edition: Edition,
    drawn: Mapping[str, bytes],
    *,
    kinds: Collection[str] = KINDS,
    field: str = "",
    group: str = "",
) -> dict[str, bytes]:
    """Return the files of an edition. drawn: ``charts/<id>.svg`` → content, see `drawings.drawn`.

    kinds: which publications; field: only chapters of it; group: the target group of report,
    tables and chapters; without it the report is that of the first, and chapters are those of all.
    Raises UsageError for what the edition does not have, DataError for what cannot be set.
    """
    words = council_paper.words(root)
    found = {}
    for address, making in _wanted(root, settings, edition, words, kinds, field, group):
        found[address] = _kept(root, address, making(), drawn, words)
    return found


def addresses(root: Path, settings: Params, edition: Edition) -> list[str]:
    """Where the files of an edition will lie; none is made."""
    words = council_paper.words(root)
    return [address for address, _ in _wanted(root, settings, edition, words, KINDS, "", "")]


def links(root: Path, addresses: Collection[str]) -> str:
    """Links from an edition's first page to what is there, as HTML; empty if nothing is."""
    ui, items = council_paper.words(root)["links"], []
    for kind, address in _whole(""):
        if address in addresses:
            items.append(f'<li><a href="{address}">{escape(ui[kind])}</a></li>')
    head = f"<p><strong>{escape(ui['title'])}</strong></p>"
    return f'{head}<ul class="kh-druck">{"".join(items)}</ul>' if items else ""


def of_chapter(page: str) -> str:
    """Address of the PDF of a page: ``arbeit/gesamt`` → ``druck/arbeit-gesamt.pdf``."""
    return f"{FOLDER}/{page.replace('/', '-')}.pdf"


def _whole(group: str) -> list[tuple[str, str]]:
    """Kind and address of what is about the whole book; group: empty for the first."""
    mark = f"-{group}" if group else ""
    return [
        ("report", f"{FOLDER}/bericht{mark}.pdf"),
        ("management", f"{FOLDER}/managementfassung.pdf"),
        ("tables", f"{FOLDER}/datensammlung{mark}.pdf"),
        ("submission", f"{FOLDER}/sitzungsvorlage.pdf"),
        ("submission_docx", f"{FOLDER}/sitzungsvorlage.docx"),
    ]


def _wanted(
    root: Path,
    settings: Params,
    edition: Edition,
    words: Mapping[str, Any],
    kinds: Collection[str],
    field: str,
    group: str,
) -> Iterator[tuple[str, Making]]:
    for kind in kinds:
        if kind not in KINDS:
            raise unknown("kind", kind, KINDS)
    day = freshness.edition_day(root, settings, edition.year, ()).isoformat()
    contents = Contents(root, edition, day, words)
    first = settings.target_groups[0]
    if group and group not in settings.target_groups:
        raise unknown("target group", group, settings.target_groups)
    address = dict(_whole("" if group in ("", first) else group))
    about = group or first
    if "report" in kinds and not field:
        yield address["report"], lambda: contents.report(about, about == first)
    if "tables" in kinds and not field:
        yield address["tables"], lambda: contents.tables(about)
    if "management" in kinds and not field and (short := contents.management()):
        yield address["management"], lambda: short
    if (
        "submission" in kinds
        and not field
        and (content := council_paper.shown(root, settings, edition.year))
    ):
        paper = contents.submission(content)
        yield address["submission"], lambda: paper
        yield address["submission_docx"], lambda: paper
    if "chapter" in kinds:
        pages = [p.address for p in contents.of_fields()]
        pages = [p for p in pages if not field or p.startswith(f"{field}/")]
        pages = [p for p in pages if not group or p.endswith(f"/{group}")]
        if not pages:
            raise UsageError(f"the edition has no chapter {field} {group}".rstrip())
        for page in pages:
            yield of_chapter(page), partial(contents.chapter, page)


def _kept(
    root: Path, address: str, one: Manuscript, drawn: Mapping[str, bytes], words: Mapping[str, Any]
) -> bytes:
    ending = Path(address).suffix
    key = KEPT.key(_parts(root, one, drawn, words) | {"ending": ending})

    def make() -> bytes:
        # Their libraries take a fifth of what a build imports, and few builds print.
        from kreisheft.papers import docx_files, pdf_files

        if ending == ".docx":
            return docx_files.docx_of(one)
        return pdf_files.pdf(root, one, drawn, words["pages"])

    return cache.kept(root, key, make)


def _parts(
    root: Path, one: Manuscript, drawn: Mapping[str, bytes], words: Mapping[str, Any]
) -> dict[str, str]:
    """All that decides about the bytes of a file, beside the code."""
    from kreisheft.papers import pdf_files

    text = json.dumps(manuscript.data(one), ensure_ascii=False, sort_keys=True)
    charts = sorted({b.id for b in manuscript.every(one.blocks) if isinstance(b, Chart)})
    pictures = {k: _sha(drawn.get(f"{chart_images.FOLDER}/{k}.svg", b"")) for k in charts}
    looks = {p.name: hashes.content(p) for p in sorted((root / pdf_files.FOLDER).iterdir())}
    return {
        "manuscript": hashes.text(text),
        "words": repr(words["pages"]),
        "drawings": repr(pictures),
        "template": repr(looks),
        "letters": " ".join(map(hashes.content, pdf_files.fonts())),
    }


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
