"""All publications of an edition as files, each made once for the same content.

In: an `Edition` with its executed notebooks and drawings. Out: address → content, for the edition's
folder ``druck/``, and the links to them. A file is kept while its manuscript, its
drawings, the template, the letters and the tools are what they were.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path

from kreisheft.book.edition_pages import Edition
from kreisheft.catalogue.params import Params
from kreisheft.core import cache, hashes
from kreisheft.core.errors import DataError, Problem, UsageError, unknown
from kreisheft.core.markup import Markup, bullet_list, element, link
from kreisheft.offers import freshness
from kreisheft.papers import council_paper, formats, manuscript
from kreisheft.papers.contents import Contents
from kreisheft.papers.manuscript import Manuscript, Words
from kreisheft.papers.paper_format import PaperFormat

FOLDER = "druck"
KINDS = ("report", "chapter", "management", "tables", "submission")
#: Names of the files of what is about the whole book.
STEMS = {
    "report": "bericht",
    "management": "managementfassung",
    "tables": "datensammlung",
    "submission": "sitzungsvorlage",
}
#: A publication by its address; made only when it is asked for.
Making = Callable[[], Manuscript]


def make(
    root: Path,
    settings: Params,
    edition: Edition,
    drawings: Mapping[str, bytes],
    *,
    kinds: Collection[str] = KINDS,
    field: str = "",
    group: str = "",
) -> dict[str, bytes]:
    """Return the files of an edition.

    drawings: ``charts/<id>.svg`` → content, see `chart_images.draw_files`.
    kinds: which publications; field: only chapters of it; group: the target group of report,
    tables and chapters; without it the report is that of the first, and chapters are those of all.
    Raises UsageError for what the edition does not have, DataError for what cannot be set.
    """
    words = council_paper.words(root)
    files = {}
    for address, making in _select(root, settings, edition, words, kinds, field, group):
        files[address] = _make_once(root, address, making(), drawings, words)
    return files


def addresses(root: Path, settings: Params, edition: Edition) -> list[str]:
    """Where the files of an edition will lie; none is made."""
    words = council_paper.words(root)
    return [address for address, _ in _select(root, settings, edition, words, KINDS, "", "")]


def links(root: Path, addresses: Collection[str]) -> Markup:
    """Links from an edition's first page to what is there; empty if nothing is.

    Their order is that of the words.
    """
    ui = council_paper.words(root)["links"]
    there = {label: address for label, address in _labels().items() if address in addresses}
    items = [link(there[label], text) for label, text in ui.items() if label in there]
    head = element("p", element("strong", ui["title"]))
    return head + bullet_list(items, class_="kh-druck") if items else Markup()


def check(root: Path) -> list[Problem]:
    """Return a problem for every publication that has no label on the first page."""
    try:
        ui = council_paper.words(root)["links"]
    except DataError:
        return []
    missing = sorted(set(_labels()) - set(ui))
    what, fix = "has no label for the first page", "write it below links"
    return [Problem(council_paper.WORDS, f"{label} {what}", fix) for label in missing]


def _labels() -> dict[str, str]:
    """Key of a label → address, of what is about the whole book."""
    return {
        paper_format.label(kind): address
        for paper_format in formats.load_formats().values()
        for kind, address in _addresses(paper_format, "").items()
        if kind in STEMS
    }


def _addresses(paper_format: PaperFormat, group: str) -> dict[str, str]:
    """Kind → address of what is about the whole book; group: empty for the first."""
    marks = {kind: f"-{group}" if group and kind in ("report", "tables") else "" for kind in STEMS}
    return {
        kind: f"{FOLDER}/{stem}{marks[kind]}.{paper_format.ending}"
        for kind, stem in STEMS.items()
        if kind in paper_format.kinds
    }


def _select(
    root: Path,
    settings: Params,
    edition: Edition,
    words: Words,
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
    about = group or first
    whole: dict[str, Making] = {}
    if not field:
        whole["report"] = lambda: contents.report(about, about == first)
        whole["tables"] = lambda: contents.tables(about)
        if "management" in kinds and (short := contents.management()):
            whole["management"] = lambda: short
        if "submission" in kinds and (
            content := council_paper.of_edition(root, settings, edition.year)
        ):
            paper = contents.submission(content)
            whole["submission"] = lambda: paper
    for paper_format in formats.load_formats().values():
        named = _addresses(paper_format, "" if group in ("", first) else group)
        for kind in kinds:
            if kind in whole and kind in named:
                yield named[kind], whole[kind]
    if "chapter" in kinds:
        yield from _chapters(contents, field, group)


def _chapters(contents: Contents, field: str, group: str) -> Iterator[tuple[str, Making]]:
    pages = [p.address for p in contents.of_fields()]
    pages = [p for p in pages if not field or p.startswith(f"{field}/")]
    pages = [p for p in pages if not group or p.endswith(f"/{group}")]
    if not pages:
        raise UsageError(f"the edition has no chapter {field} {group}".rstrip())
    for paper_format in formats.load_formats().values():
        for page in pages if "chapter" in paper_format.kinds else ():
            address = f"{FOLDER}/{page.replace('/', '-')}.{paper_format.ending}"
            yield address, partial(contents.chapter, page)


def _make_once(
    root: Path, address: str, paper: Manuscript, drawings: Mapping[str, bytes], words: Words
) -> bytes:
    paper_format = formats.load_formats()[Path(address).suffix.removeprefix(".")]
    key = paper_format.kept.key(_parts(root, paper_format, paper, drawings, words))
    return cache.kept(root, key, lambda: paper_format.write(root, paper, drawings, words["pages"]))


def _parts(
    root: Path,
    paper_format: PaperFormat,
    paper: Manuscript,
    drawings: Mapping[str, bytes],
    words: Words,
) -> dict[str, str]:
    """All that decides about the bytes of a file, beside the code."""
    text = json.dumps(manuscript.data(paper), ensure_ascii=False, sort_keys=True)
    return {
        **paper_format.parts(root, paper, drawings),
        "ending": paper_format.ending,
        "manuscript": hashes.text(text),
        "words": repr(words["pages"]),
    }
