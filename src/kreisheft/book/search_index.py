"""The index of the search: the words that pages show, in one spelling.

In: the finished pages of an edition and the index that Sphinx made. Out: the same index with other
words. Sphinx glues the cells of a table together and knows an umlaut only as an umlaut; here every
word that a reader sees counts, by itself, and all ways to write it are one. What is not shown is
not in there. ``book/assets/suche.js`` looks queries up, with the same spelling and the same stems.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any

import snowballstemmer
from sphinx.search.de import SearchGerman, german_stopwords

from kreisheft.core.markup import Markup

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
#: What stands on every page alike, and what is no text.
APART = re.compile(
    r'<script\b.*?</script>|<nav\b.*?</nav>|<a class="headerlink".*?</a>|<!--.*?-->'
    r'|<p class="kh-druckkopf">.*?</p>',
    re.DOTALL,
)
TITLES = re.compile(r"<(h[1-6])\b.*?</\1>", re.DOTALL)
#: These stand inside a word; every other mark parts two.
INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|span|strong|wbr)\b[^>]*>")
MARK = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+")
#: An umlaut is written ä, ae or a; ß is ss.
PAIR = re.compile(r"([aou])e")


def fold(word: str) -> str:
    """One spelling for all ways to write a word: ``Müller``, ``Mueller``, ``Muller``."""
    whole = unicodedata.normalize("NFKC", word.lower())
    # Pairs first: in "üe" the e is a letter of its own.
    paired = PAIR.sub(r"\1", whole.replace("\N{LATIN SMALL LETTER SHARP S}", "ss"))
    apart = unicodedata.normalize("NFKD", paired)
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """The stem by which a word is kept and looked for."""
    return str(_german.stemmer.stemWord(fold(word)))


def words(page: str) -> tuple[set[str], set[str]]:
    """Stems of a finished page's headings, and of all else that its article shows."""
    article = ARTICLE.search(page)
    text = APART.sub(" ", article[1] if article else "")
    titles = " ".join(match[0] for match in TITLES.finditer(text))
    return _stems(titles), _stems(TITLES.sub(" ", text))


def index(text: str, pages: Mapping[str, tuple[set[str], set[str]]]) -> str:
    """Return Sphinx's ``searchindex.js`` with the `words` of `pages` (by name), in one order.

    Titles go into the list of hits as HTML, so those that Sphinx keeps as text are escaped here.
    Entries of the general index go: Sphinx forgets those of pages that it does not read again, and
    terms of the glossary are found as objects all the same.
    """
    start, end = text.index("{"), text.rindex("}") + 1
    entries: dict[str, Any] = json.loads(text[start:end])
    kinds: dict[str, dict[str, list[int]]] = {"titleterms": {}, "terms": {}}
    for number, name in enumerate(entries["docnames"]):
        titles, others = pages.get(name, (set(), set()))
        for kind, stems in (("titleterms", titles), ("terms", others - titles)):
            for word in stems:
                kinds[kind].setdefault(word, []).append(number)
    # As Sphinx writes it: a single page without a list.
    short = {
        kind: {word: at[0] if len(at) == 1 else at for word, at in stems.items()}
        for kind, stems in kinds.items()
    }
    titled = {Markup.escape(title): places for title, places in entries["alltitles"].items()}
    entries |= {"indexentries": {}, "alltitles": titled, **short}
    content = json.dumps(entries, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text[:start] + content + text[end:]


def _stems(text: str) -> set[str]:
    plain = unescape(MARK.sub(" ", INLINE.sub("", text)))
    return {
        stem(word)
        for word in set(WORD.findall(plain))
        # Numbers are not looked for; suche.js leaves them out of a query, too.
        if not word.isdigit() and word.lower() not in german_stopwords
    }


class Unheard(SearchGerman):  # type: ignore[misc]  # Sphinx has no types here
    """The language of Sphinx's own index: no words, for `index` writes others in their place.

    Stemming all words of all pages twice is a third of what a page costs.
    """

    def split(self, text: str) -> list[str]:
        """No words of any text."""
        return []


def setup(app: Sphinx) -> dict[str, bool]:
    """Have Sphinx keep titles, addresses and objects only; this module is one of its extensions."""
    app.add_search_language(Unheard)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class _German(threading.local):
    """A stemmer keeps the word it works on, so every thread has its own."""

    def __init__(self) -> None:
        self.stemmer: Any = snowballstemmer.stemmer("german")


_german = _German()
