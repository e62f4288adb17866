"""An edition before it is built: its executed notebooks, and the words that its pages share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kreisheft.catalogue.glossary import Explanation


@dataclass(frozen=True)
class Page:
    """One executed notebook of an edition.

    address: place in the edition without suffix, ``arbeit/gesamt`` or ``quellen``
    source:  the executed notebook
    title:   its name in the table of contents
    group:   name of its target group in the list on top of the chapter's pages; empty: no list
    below:   address of the page that lists it with many others; empty: a page of its chapter
    """

    address: str
    source: Path
    title: str
    group: str = ""
    below: str = ""

    @property
    def chapter(self) -> str:
        """The template this page was made from: ``arbeit``."""
        return self.address.split("/")[0]


@dataclass(frozen=True)
class Edition:
    """A Kreis in a report year, and its pages in reading order.

    words: replacements for ``{{ name }}`` in written pages, over those of `_config.yml`
    terms: what is explained where it stands, see `glossary.explanations`
    feedback: what a mail about a page says, see `mail_links.settings`
    same: words that the search takes for each other, see `glossary.synonyms`
    papers: addresses of its publications, such as ``druck/bericht.pdf``
    """

    kreis: str
    kreis_name: str
    year: int
    rev: int
    pages: tuple[Page, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    terms: Sequence[Explanation] = ()
    feedback: Mapping[str, str] = field(default_factory=dict)
    same: Sequence[Sequence[str]] = ()
    papers: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The edition's folder in the site: ``2024.1``."""
        return f"{self.year}.{self.rev}"
