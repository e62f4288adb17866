"""The last touches on every page that Sphinx built, and the index of the search.

In: the HTML folder of an edition as Sphinx left it, the staged project it was made from. Out: the
same folder with drawings, explained terms, feedback and policy on each page. What became of a page
is kept by its content, so a page that Sphinx did not write again is not read again either.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kreisheft.book import chart_images, content_policy, mail_links, search_index, term_links
from kreisheft.core import cache, hashes
from kreisheft.core.errors import Problem

#: Sphinx adds a checksum to this file's address only if an earlier build left the file there.
UNSTEADY = re.compile(r"(mystnb\.[0-9a-f]+\.css)\?v=[0-9a-f]+")
INDEX = "searchindex.js"
#: Pages as they are published, one by one.
KEPT = cache.Kind("pages", ("book.finish_pages",))


class _Finished(NamedTuple):
    """A finished page, what in it breaks the policy, and its words for the search."""

    page: str
    faults: tuple[str, ...]
    words: tuple[set[str], set[str]]


def finish(built: Path, staged: Path, root: Path) -> list[Problem]:
    """Finish every page of `built` in place; return a problem for each that the policy would break.

    root: the project that keeps what was finished.
    """
    terms_text = (staged / term_links.FILE).read_text(encoding="utf-8")
    mail_text = (staged / mail_links.FILE).read_text(encoding="utf-8")
    terms, mail = term_links.prepare(json.loads(terms_text)), json.loads(mail_text)
    same = {"terms": hashes.text(terms_text), "feedback": hashes.text(mail_text)}
    sizes = chart_images.read_sizes(built)
    now: dict[str, _Finished] = {}
    for path in sorted(built.rglob("*.html")):
        address = path.relative_to(built)
        name = address.with_suffix("").as_posix()
        page = UNSTEADY.sub(r"\1", path.read_text(encoding="utf-8"))
        page = chart_images.place_drawings(page, len(address.parts) - 1, sizes)
        key = KEPT.key({**same, "name": name, "page": hashes.text(page)})
        make = functools.partial(_finish, page, name, terms, mail)
        now[name] = cache.kept_object(root, key, make)
        path.write_text(now[name].page, encoding="utf-8")
    index = built / INDEX
    if index.is_file():
        text = index.read_text(encoding="utf-8")
        words = {name: finished.words for name, finished in now.items()}
        index.write_text(search_index.index(text, words), encoding="utf-8")
    return list(_problems(now))


def _finish(page: str, name: str, terms: term_links.Terms, mail: Mapping[str, str]) -> _Finished:
    whole = term_links.add_links(mail_links.add_links(page, name, mail), name, terms)
    whole = content_policy.add_policy(whole)
    # Words are those of the page alone: explanations stand in the glossary.
    return _Finished(
        whole, tuple(dict.fromkeys(content_policy.find_faults(whole))), search_index.words(page)
    )


def _problems(finished: Mapping[str, _Finished]) -> Iterator[Problem]:
    step = "take it out of the text, notebook or template"
    for name, page in finished.items():
        for what in page.faults:
            yield Problem(f"{name}.html", what, step)
