"""Terms of the glossary, explained where they stand: the first time in a page's prose.

In: a finished page, the terms as `glossary.explanations` gives them. Out: the page with a link for
each term and its first sentence beside the link, hidden until ``book/assets/begriffe.js`` shows it.
Screen readers read it as the link's description; without scripts the link leads to the glossary.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kreisheft.catalogue.glossary import ENDINGS, Explanation
from kreisheft.core.markup import Markup, element

#: The terms in a staged edition; not published by itself.
FILE = "terms.json"
#: The page that the links lead to.
PAGE = "begriffe"
#: Nothing is linked there: on itself, where others speak in their words, and where the law does.
WITHOUT = (PAGE, "angebote", "impressum", "datenschutz", "barrierefreiheit")
ARTICLE = re.compile(r'(<article class="bd-article">)(.*?)(</article>)', re.DOTALL)
#: What is not prose, as a whole, a mark, or text.
PIECE = re.compile(
    r"(<!--.*?-->"
    r"|<(a|button|caption|code|dt|figure|form|h[1-6]|label|nav|pre|script|summary|svg|table)\b.*?</\2>"
    r'|<p class="kh-druckkopf">.*?</p>'
    r"|<[^>]*>)"
    r"|([^<]+)",
    re.DOTALL,
)
SCRIPT = '<script defer src="{up}_static/begriffe.js"></script>\n'


@dataclass(frozen=True)
class Terms:
    """One pattern that finds all names of terms, and name → anchor and sentence.

    unless: phrases in which a name does not mean the term.
    """

    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    by_name: Mapping[str, tuple[str, str]]


def prepare(terms: Sequence[Explanation]) -> Terms:
    """Make one pattern of all terms; the longest name wins where several begin."""
    by_name = {
        name: (term["anchor"], term["sentence"])
        for term in reversed(terms)
        for name in term["names"]
    }
    names = sorted(by_name, key=lambda name: (-len(name), name))
    phrases = sorted({phrase for term in terms for phrase in term["unless"]})
    return Terms(_any(names, rf"(?<![\w-])({{}}){ENDINGS}(?![\w-])"), _any(phrases, "{}"), by_name)


def add_links(page: str, address: str, terms: Terms) -> str:
    """Return the page at `address` (``arbeit/gesamt``) with each term it uses explained once."""
    if address in WITHOUT or not terms.by_name:
        return page
    up = "../" * address.count("/")
    seen: set[str] = set()

    def text(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        # Of equal length, so that places stay.
        plain = terms.unless.sub(lambda m: "\0" * len(m[0]), match[3])
        parts, last = [], 0
        for term in terms.pattern.finditer(plain):
            anchor, sentence = terms.by_name[term[1]]
            if anchor not in seen:
                seen.add(anchor)
                parts += [match[3][last : term.start()], _link(term[0], anchor, sentence, up)]
                last = term.end()
        return "".join([*parts, match[3][last:]])

    page = ARTICLE.sub(lambda m: m[1] + PIECE.sub(text, m[2]) + m[3], page, count=1)
    return page.replace("</body>", SCRIPT.format(up=up) + "</body>", 1) if seen else page


def _link(word: str, anchor: str, sentence: str, up: str) -> Markup:
    place, key = f"{up}{PAGE}.html#{anchor}", f"e-{anchor}"
    # The word stands in a finished page, so it is escaped already.
    term = element("a", Markup(word), class_="kh-begriff", href=place, aria_describedby=key)
    looks = {"class_": "kh-erklaerung", "role": "tooltip"}
    return term + element("span", sentence, **looks, id=key, hidden=True)


def _any(words: Sequence[str], around: str) -> re.Pattern[str]:
    # With nothing to look for, what never matches.
    return re.compile(around.format("|".join(map(re.escape, words))) if words else r"(?!)")
