"""The glossary: terms of the book with their meaning in law and statistics.

In: ``data/catalogue/glossar.yml``. Out: `Glossary`; the page on terms as Markdown; the terms that a
chapter uses, each with one sentence. Mistakes are raised as DataError with their lines.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

from kreisheft.catalogue import catalogue, params
from kreisheft.catalogue.catalogue import Catalogue
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if, unknown
from kreisheft.core.yaml_files import Document
from kreisheft.engine import template as templates

#: Endings that a German noun may have in a sentence.
ENDINGS = "(?:e|en|n|s|es|er|ern)?"
#: A sentence ends after a word, not after the number of a day or of a paragraph.
END = re.compile(r"(?<=[^\W\d_]{3}\.)\s")
PARAGRAPH = re.compile(r"(?:\N{SECTION SIGN}|Art\.) (\d+[a-z]?)")


@dataclass(frozen=True)
class Term:
    """One entry.

    also: synonyms. laws: text, address and full name of the law for each legal basis. source: name
    and address; empty for a term that only law defines or that the book has coined. unless:
    phrases in which the word means something else. sought: synonyms for the search only, which the
    book does not use.
    """

    id: str
    term: str
    also: tuple[str, ...]
    definition: str
    laws: tuple[tuple[str, str, str], ...]
    source: tuple[str, ...]
    related: tuple[str, ...]
    concept: str
    indicators: tuple[str, ...]
    unless: tuple[str, ...]
    sought: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The term and its synonyms, each form by itself: ``Deutsche``, ``Deutscher``."""
        return tuple(word for name in (self.term, *self.also) for word in name.split(", "))

    @property
    def anchor(self) -> str:
        """Anchor on the page on terms; addresses never change, and neither do ids."""
        return f"begriff-{self.id}".replace("_", "-")

    @property
    def sentence(self) -> str:
        """First sentence of the definition; it explains the term by itself."""
        return END.split(self.definition, maxsplit=1)[0]


@dataclass(frozen=True)
class Glossary:
    """All terms by id, sorted alphabetically with ä as ae."""

    terms: Mapping[str, Term]
    words: Mapping[str, str]


def load(root: Path) -> Glossary:
    """Read ``data/catalogue/glossar.yml``. Raises DataError with the line of every mistake."""
    document = yaml_files.load(root / "data/catalogue/glossar.yml", "glossary", root)
    raise_if(_find_mistakes(document, catalogue.load(root)))
    laws = document.content["laws"]
    terms = [_read_term(key, entry, laws) for key, entry in document.content["terms"].items()]
    terms.sort(key=lambda t: (params.slug(t.term), t.id))
    return Glossary({term.id: term for term in terms}, document.content["words"])


def check(root: Path) -> list[Problem]:
    """Report every mistake in the glossary."""
    return yaml_files.collect([lambda: load(root)])


def format_glossary(root: Path) -> str:
    """Format the glossary as Markdown for the page on terms: letters, then the list of terms.

    The list is a Sphinx glossary, so that the search finds each term; each has its own anchor.
    """
    glossary = load(root)
    first: dict[str, Term] = {}
    for term in glossary.terms.values():
        first.setdefault(params.slug(term.term)[0].upper(), term)
    letters = " · ".join(f"[{letter}](#{term.anchor})" for letter, term in first.items())
    entries = "\n".join(_format_term(term, glossary) for term in glossary.terms.values())
    return f"{glossary.words['letters'].format(letters=letters)}\n\n:::{{glossary}}\n{entries}:::\n"


def terms_in_chapter(root: Path, chapter: str) -> dict[str, str]:
    """Map the terms that a chapter uses to one sentence each, sorted alphabetically.

    chapter: a field, or the name of a template. Searched are the prose of the template and the
    texts of the catalogue for the field and its indicators. Raises UsageError without a template.
    """
    template = root / "notebooks" / f"{chapter}.ipynb"
    if not template.is_file():
        names = sorted(path.stem for path in (root / "notebooks").glob("*.ipynb"))
        raise unknown("chapter", chapter, names)
    text = "\n".join([*_prose(template, root), *_catalogue_texts(catalogue.load(root), chapter)])
    return {t.term: t.sentence for t in load(root).terms.values() if occurs(t, text)}


def synonyms(root: Path) -> list[list[str]]:
    """List the synonyms for the search, one list per term that has any."""
    groups = [[*term.names, *term.sought] for term in load(root).terms.values()]
    return [names for names in groups if len(names) > 1]


class Explanation(TypedDict):
    """A term for `term_links`; the keys are those of `Term`."""

    anchor: str
    names: tuple[str, ...]
    sentence: str
    unless: tuple[str, ...]


def explanations(root: Path) -> list[Explanation]:
    """List what `term_links` needs to link the terms in the text of pages."""
    return [
        {"anchor": t.anchor, "names": t.names, "sentence": t.sentence, "unless": t.unless}
        for t in load(root).terms.values()
    ]


def occurs(term: Term, text: str) -> bool:
    """Say whether a text contains the term or a synonym as a whole word."""
    for phrase in term.unless:
        text = text.replace(phrase, "")
    pattern = "|".join(re.escape(word) for word in term.names)
    return re.search(rf"(?<!\w)(?:{pattern}){ENDINGS}(?![\w-])", text) is not None


def _prose(template: Path, root: Path) -> list[str]:
    return [c.source for c in templates.load(template, root) if c.kind == "markdown"]


def _catalogue_texts(book: Catalogue, chapter: str) -> Iterator[str]:
    if chapter not in book.fields:
        return
    yield from (book.fields[chapter]["title"], book.fields[chapter]["question"])
    for entry in book.of_field(chapter):
        yield from (entry.title, entry.definition, entry.numerator, entry.denominator)
        yield from entry.caveats


def _format_term(term: Term, glossary: Glossary) -> str:
    words = glossary.words
    paragraphs = [f"({term.anchor})=", term.definition]
    if term.also:
        paragraphs.append(words["also"].format(words=", ".join(term.also)))
    if term.laws:
        laws = ", ".join(f'[{text}]({url} "{title}")' for text, url, title in term.laws)
        paragraphs.append(words["law"].format(laws=laws))
    if term.source:
        name, url = term.source
        paragraphs.append(words["source"].format(source=f"[{name}]({url})"))
    if term.related:
        links = [f"[{glossary.terms[r].term}](#{glossary.terms[r].anchor})" for r in term.related]
        paragraphs.append(words["related"].format(terms=" · ".join(links)))
    head, definition, *others = paragraphs
    lines = [term.term, f"  {head}", f"  {definition}"]
    return "\n".join(lines + [f"\n  {paragraph}" for paragraph in others]) + "\n"


class _TermEntry(TypedDict):
    term: str
    definition: str
    also: NotRequired[list[str]]
    law: NotRequired[list[str]]
    source: NotRequired[dict[str, str]]
    related: NotRequired[list[str]]
    sought: NotRequired[list[str]]
    unless: NotRequired[list[str]]
    concept: NotRequired[str]
    indicators: NotRequired[list[str]]


def _read_term(key: str, entry: _TermEntry, laws: Mapping[str, Mapping[str, str]]) -> Term:
    source = entry.get("source")
    return Term(
        id=key,
        term=entry["term"],
        also=tuple(entry.get("also", ())),
        definition=" ".join(entry["definition"].split()),
        laws=tuple(_law(text, laws) for text in entry.get("law", ())),
        source=(source["name"], source["url"]) if source else (),
        related=tuple(entry.get("related", ())),
        concept=entry.get("concept", ""),
        indicators=tuple(entry.get("indicators", ())),
        unless=tuple(entry.get("unless", ())),
        sought=tuple(entry.get("sought", ())),
    )


def _law(text: str, laws: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str]:
    law, paragraph = laws[_find_law(text, laws)], PARAGRAPH.match(text)
    url = law["url"].format(paragraph=paragraph[1] if paragraph else "")
    return text, url, law["title"]


def _find_law(text: str, laws: Mapping[str, object]) -> str:
    """Return the law with which the text of a legal basis ends; empty if it is none of `laws`."""
    matching = [name for name in laws if f" {text}".endswith(f" {name}")]
    return max(matching, key=len, default="")


def _find_mistakes(document: Document, book: Catalogue) -> list[Problem]:
    terms, laws = document.content["terms"], document.content["laws"]
    problems: list[Problem] = []
    words: dict[str, str] = {}
    for key, entry in terms.items():

        def wrong(what: str, fix: str, *at: str | int, key: str = key) -> None:
            problems.append(Problem(document.where("terms", key, *at), what, fix))

        for word in (entry["term"], *entry.get("also", ()), *entry.get("sought", ())):
            first = words.setdefault(word.lower(), key)
            if first != key:
                wrong(f"{word!r} stands at {first!r} already", "delete one of them")
        for i, related in enumerate(entry.get("related", ())):
            if related not in terms or related == key:
                what = f"{related!r} is not another term"
                wrong(what, "give the id of a term of this file", "related", i)
        for i, name in enumerate(entry.get("indicators", ())):
            if name not in book.indicators:
                what = f"unknown indicator {name!r}"
                wrong(what, "give an id of data/catalogue/<field>.yml", "indicators", i)
        concept = entry.get("concept")
        if concept is not None and concept not in book.concepts:
            fix = f"known: {', '.join(book.concepts)}"
            wrong(f"unknown concept {concept!r}", fix, "concept")
        for i, text in enumerate(entry.get("law", ())):
            name = _find_law(text, laws)
            if not name:
                fix = f"known: {', '.join(laws)}; or add it to laws"
                wrong(f"{text!r} ends on no known law", fix, "law", i)
            elif "{paragraph}" in laws[name]["url"] and not PARAGRAPH.match(text):
                fix = f"write \N{SECTION SIGN} or Art. and a number before {name}"
                wrong(f"{text!r} names no paragraph", fix, "law", i)
    return problems
