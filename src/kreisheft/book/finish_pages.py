"""The last touches on every page that Sphinx built, and the index of the search.

In: the HTML folder of an edition as Sphinx left it, the staged project it was made from. Out: the
same folder with drawings, explained terms, feedback and policy on each page. What became of a page
is kept by its content, so a page that Sphinx did not write again is not read again either.
"""

import hashlib
import json
import pickle
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kreisheft.book import chart_images, content_policy, mail_links, search_index, term_links
from kreisheft.core import project
from kreisheft.core.errors import Problem
from kreisheft.engine import code_hashes

#: Sphinx adds a checksum to this file's address only if an earlier build left the file there.
UNSTEADY = re.compile(r"(mystnb\.[0-9a-f]+\.css)\?v=[0-9a-f]+")
INDEX = "searchindex.js"


class _Finished(NamedTuple):
    """A finished page, what the policy says against it, and its words for the search."""

    page: str
    faults: tuple[str, ...]
    words: tuple[set[str], set[str]]


_Kept = Mapping[str, tuple[str, _Finished]]


def finish(built: Path, staged: Path, kept: Path) -> list[Problem]:
    """Finish every page of `built` in place; return a problem for each that the policy would break.

    kept: a file with what was finished last, written anew; it may be deleted at any time.
    """
    terms_text = (staged / term_links.FILE).read_text(encoding="utf-8")
    mail_text = (staged / mail_links.FILE).read_text(encoding="utf-8")
    terms, mail = term_links.prepared(json.loads(terms_text)), json.loads(mail_text)
    same = f"{digest()}\n{terms_text}\n{mail_text}"
    before, known = _read(kept), chart_images.sizes(built)
    now: dict[str, tuple[str, _Finished]] = {}
    for path in sorted(built.rglob("*.html")):
        address = path.relative_to(built)
        name = address.with_suffix("").as_posix()
        page = UNSTEADY.sub(r"\1", path.read_text(encoding="utf-8"))
        page = chart_images.placed(page, len(address.parts) - 1, known)
        key = hashlib.sha256(f"{name}\n{same}\n{page}".encode()).hexdigest()
        old = before.get(name)
        found = old[1] if old and old[0] == key else _finished(page, name, terms, mail)
        now[name] = (key, found)
        path.write_text(found.page, encoding="utf-8")
    if now != before:
        project.write(kept, pickle.dumps(now))
    index = built / INDEX
    if index.is_file():
        text = index.read_text(encoding="utf-8")
        words = {name: found.words for name, (_, found) in now.items()}
        index.write_text(search_index.index(text, words), encoding="utf-8")
    return list(_problems(now))


def digest() -> str:
    """One hash of the code that finishes pages, with all it imports, and of the packages."""
    return f"{code_hashes.of(('book.finish_pages',))} {code_hashes.environment()}"


def _finished(page: str, name: str, terms: Any, mail: Mapping[str, str]) -> _Finished:
    whole = term_links.applied(mail_links.applied(page, name, mail), name, terms)
    whole = content_policy.applied(whole)
    # Words are those of the page alone: explanations stand in the glossary.
    return _Finished(
        whole, tuple(dict.fromkeys(content_policy.faults(whole))), search_index.words(page)
    )


def _problems(finished: _Kept) -> Iterator[Problem]:
    step = "take it out of the text, notebook or template"
    for name, (_, found) in finished.items():
        for what in found.faults:
            yield Problem(f"{name}.html", what, step)


def _read(kept: Path) -> _Kept:
    try:
        found: _Kept = pickle.loads(kept.read_bytes())
    # Of an older version, or cut off by a full disk: it is made anew.
    except Exception:
        return {}
    return found
