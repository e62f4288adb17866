"""Stage an edition: executed notebooks and written pages become one Jupyter Book project.

In: an `Edition` (which pages), the project's root (`_config.yml`, `_toc.yml`, `book/`).
Out: a folder that `sphinx_build.build_pages` turns into HTML without looking at anything else.
The root `_toc.yml` names templates; here each becomes the chapter's pages, one per target group.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict, TypeGuard

import yaml

from kreisheft.book import mail_links, search_index, sphinx_build, term_links
from kreisheft.book.chart_library import bundle
from kreisheft.book.edition_pages import Edition, Page
from kreisheft.book.sphinx_build import BESIDE
from kreisheft.core import project
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.escaping import plain

#: Page at the root of each edition; `_toc.yml` calls it by its source, a template or a text.
START = "index"
#: One or two words: ``quellen`` or ``arbeit/ukraine``. Addresses never change, so they stay plain.
ADDRESS = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)?")
#: Names an edition's folder needs for itself.
RESERVED = {
    START,
    "search",
    "genindex",
    "book",
    "charts",
    "daten",
    "druck",
    BESIDE,
    "_static",
    "_images",
}


class _Chapter(TypedDict):
    file: str


class _Part(TypedDict):
    caption: object
    chapters: list[_Chapter]


class _Toc(TypedDict):
    """``_toc.yml``, if it has a first page; `_toc_problems` looks at the rest."""

    root: str
    parts: list[_Part]


def stage(edition: Edition, root: Path, staged: Path) -> None:
    """Make `staged` the book project of `edition`; write only files whose bytes change.

    Other files in `staged` are deleted, but for those of `write_beside`.
    Raises DataError for pages with a wrong or double address, pages that `_toc.yml` does not know,
    missing notebooks, and a `_toc.yml` or `_config.yml` that cannot be used; `staged` is untouched.
    """
    toc, config = _read(root / "_toc.yml"), _read(root / "_config.yml")
    raise_if([*_page_problems(edition), *_toc_problems(toc, edition, root)])
    files: dict[str, bytes] = {
        "_toc.yml": _dump(_edition_toc(toc, edition)),
        "_config.yml": _dump(_edition_config(config, edition)),
        term_links.FILE: json.dumps(list(edition.terms), ensure_ascii=False, indent=1).encode(),
        mail_links.FILE: json.dumps(dict(edition.feedback), ensure_ascii=False, indent=1).encode(),
    }
    for page in edition.pages:
        name = START if page.chapter == _find_first(toc) else page.address
        files[f"{name}.ipynb"] = page.source.read_bytes()
    for source in _list_texts(toc):
        files[f"{_name_staged(source, toc)}.md"] = (root / f"{source}.md").read_bytes()
    for part in ("assets", "templates", "locale"):
        for path in sorted((root / "book" / part).rglob("*")):
            entry = "eingang" in path.relative_to(root).as_posix()  # of the site, see site.py
            if path.is_file() and path.suffix != ".mo" and not entry:
                files[path.relative_to(root).as_posix()] = path.read_bytes()
    _write(staged, files, staged / BESIDE)


def write_beside(files: Mapping[str, bytes], root: Path, staged: Path) -> None:
    """Put what lies beside the pages, such as ``daten/arbeit.csv``, and the chart library there.

    files: address in the edition → content. Others that lay there are deleted.
    """
    library = {"charts/vega.js": bundle(root)}
    _write(staged / BESIDE, {**library, **files})


def read_order(root: Path) -> list[str]:
    """Templates and written pages in the order of ``_toc.yml``: ``book/intro``, ``notebooks/…``."""
    return _list_files(_read(root / "_toc.yml"))


def read_title(root: Path) -> str:
    """What every edition is called."""
    return str(_read(root / "_config.yml")["title"])


def words_of(root: Path, edition: Edition) -> dict[str, str]:
    """What stands for ``{{ name }}`` in written pages of an edition."""
    words: dict[str, str] = _read(root / "_config.yml")["parse"]["myst_substitutions"]
    return words | _own_words(edition)


def _own_words(edition: Edition) -> dict[str, str]:
    return {"kreis_name": plain(edition.kreis_name), "jahr": str(edition.year), **edition.words}


def _page_problems(edition: Edition) -> Iterator[Problem]:
    seen: set[str] = set()
    addresses = {page.address for page in edition.pages}
    for page in edition.pages:
        if not ADDRESS.fullmatch(page.address) or page.chapter in RESERVED:
            what = f"{page.address!r} cannot be the address of a page"
            yield Problem(f"{page.address}.ipynb", what, "use <chapter>/<target group>")
        if page.address in seen:
            yield Problem(f"{page.address}.ipynb", f"second page at {page.address!r}", "drop one")
        if page.below and page.below not in addresses:
            what = f"stands below {page.below!r}, which the edition does not have"
            yield Problem(f"{page.address}.ipynb", what, "add that page, or drop this one")
        if not page.source.is_file():
            yield Problem(f"{page.address}.ipynb", "the executed notebook is missing", "run it")
        seen.add(page.address)


def _toc_problems(toc: object, edition: Edition, root: Path) -> Iterator[Problem]:
    where = "_toc.yml"
    if not _is_toc(toc):
        yield Problem(where, "no 'root' page", "name the first page, e.g. root: book/intro")
        return
    for part in toc.get("parts", []):
        if not isinstance(part.get("caption"), str):
            what = f"caption {part.get('caption')!r} is not a text"
            yield Problem(where, what, 'put it in quotes, e.g. caption: "2023"')
    chapters = {Path(file).name for file in _list_files(toc) if file.startswith("notebooks/")}
    for chapter in sorted({p.chapter for p in edition.pages if not p.below} - chapters):
        what = f"the edition has pages of {chapter!r}, which has no place in the book"
        yield Problem(where, what, f"add '- file: notebooks/{chapter}' to a part")
    if _find_first(toc) not in {"", *(p.address for p in edition.pages)}:
        what = f"the edition has no page {_find_first(toc)!r}, which comes first"
        yield Problem(where, what, "execute its template, or name another 'root'")
    for source in _list_texts(toc):
        if not (root / f"{source}.md").is_file():
            yield Problem(where, f"{source}.md does not exist", "write it or drop the line")
        if _name_staged(source, toc) in {page.address for page in edition.pages}:
            yield Problem(where, f"{source!r} and a notebook share an address", "rename one")


def _is_toc(content: object) -> TypeGuard[_Toc]:
    return isinstance(content, dict) and isinstance(content.get("root"), str)


def _list_files(toc: _Toc) -> list[str]:
    chapters = [chapter for part in toc.get("parts", []) for chapter in part.get("chapters", [])]
    return [toc["root"], *(chapter["file"] for chapter in chapters)]


def _find_first(toc: _Toc) -> str:
    """Chapter that is the first page; empty if that is a written one."""
    root = Path(toc["root"])
    return root.name if root.parts[0] == "notebooks" else ""


def _list_texts(toc: _Toc) -> list[str]:
    return [file for file in _list_files(toc) if file.startswith("book/")]


def _name_staged(source: str, toc: _Toc) -> str:
    return START if source == toc["root"] else Path(source).name


def _edition_toc(toc: _Toc, edition: Edition) -> dict[str, object]:
    parts = []
    for part in toc["parts"]:
        chapters: list[dict[str, object]] = []
        for chapter in part["chapters"]:
            file = chapter["file"]
            if file.startswith("book/"):
                chapters.append({"file": _name_staged(file, toc)})
                continue
            pages = [p for p in edition.pages if p.chapter == Path(file).name and not p.below]
            pages += [p for p in edition.pages if pages and p.below == pages[0].address]
            entries: list[dict[str, object]] = [
                {"file": p.address, "title": p.title} for p in pages
            ]
            if len(entries) > 1:
                entries[0]["sections"] = entries[1:]
            chapters += entries[:1]
        if chapters:
            parts.append({"caption": part["caption"], "chapters": chapters})
    return {"format": "jb-book", "root": START, "parts": parts}


def _edition_config(config: Any, edition: Edition) -> dict[str, object]:
    """The root's settings, with what belongs to this edition; the templates read the kh_ names."""
    groups: dict[str, list[list[str]]] = {}
    for page in edition.pages:
        if page.group:
            groups.setdefault(page.chapter, []).append([page.address, page.group])
    listed = {p.below for p in edition.pages} | {p.address for p in edition.pages if p.below}
    config["title"] = f"{config['title']} {edition.kreis_name} {edition.year}"
    config["sphinx"]["config"]["html_theme_options"]["logo"]["text"] = config["title"]
    config["parse"]["myst_substitutions"].update(_own_words(edition))
    config["sphinx"]["config"]["extensions"] += [search_index.__name__, sphinx_build.__name__]
    config["exclude_patterns"] = [".*", ".*/**", "book/**", f"{BESIDE}/**"]
    config["sphinx"]["config"]["html_context"] = {
        # Without scripts; with them thema.js asks the reader's system.
        "default_mode": "light",
        "kh_ausgabe": edition.name,
        "kh_gruppen": groups,
        "kh_folge": _neighbours(edition),
        "kh_druck": sorted(edition.papers),
        "kh_suchwoerter": [list(names) for names in edition.same],
        # The sidebar of these would be as long as the list.
        "kh_flach": sorted(listed - {""}),
    }
    return dict(config)


def _neighbours(edition: Edition) -> dict[str, list[list[str] | None]]:
    """Map a chapter's page to the chapters before and after it about the same target group.

    Each is an address and a title. At an end it is empty, or None for the first page of a field:
    there the order of the book leads on. A field without such a page is passed over. Pages without
    a target group are not listed.
    """
    fields: dict[str, list[Page]] = {}
    lines: dict[str, list[Page]] = {}
    for page in edition.pages:
        if page.group:
            fields.setdefault(page.chapter, []).append(page)
            lines.setdefault(page.group, []).append(page)

    def name_page(page: Page) -> list[str]:
        first = fields[page.chapter][0]
        return [page.address, page.title if page is first else f"{first.title}: {page.group}"]

    neighbours = {}
    for line in lines.values():
        for place, page in enumerate(line):
            siblings = fields[page.chapter]
            start: list[str] | None = None if page is siblings[0] else []
            # The order of the book leads from it to its own other target groups.
            end: list[str] | None = None if len(siblings) == 1 else []
            before = name_page(line[place - 1]) if place else start
            after = name_page(line[place + 1]) if place + 1 < len(line) else end
            neighbours[page.address] = [before, after]
    return neighbours


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        what = " ".join(str(error).split())
        raise DataError([Problem(path.name, what, "restore or mend the file")]) from None


def _dump(content: object) -> bytes:
    # The one in C takes a tenth of the time; not every build of PyYAML has it.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(content, None, dumper, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode()


def _write(folder: Path, files: Mapping[str, bytes], spared: Path | None = None) -> None:
    # A file keeps its time as long as its bytes stay: Sphinx reads again what is newer.
    for name, content in files.items():
        project.write(folder / name, content)
    for path in sorted(folder.rglob("*"), reverse=True):
        if spared and path.is_relative_to(spared):
            continue
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
