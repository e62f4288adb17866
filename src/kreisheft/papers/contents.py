"""What stands in which publication of an edition: pages chosen, ordered and put together.

In: an `Edition` with its executed notebooks. Out: `Manuscript`s. Nothing is written here that an
executed notebook or a written page does not say already.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from kreisheft.book import staging
from kreisheft.book.edition_pages import Edition, Page
from kreisheft.catalogue import params
from kreisheft.catalogue.params import INDICATOR
from kreisheft.papers import council_paper, from_html
from kreisheft.papers.manuscript import Block, Heading, Manuscript, Paragraph, Sheet, Words, walk

#: Pages about the website, of no use on paper.
OF_THE_SITE = ("datenschutz", "barrierefreiheit")
#: Chapters that are publications of their own, or lists of what a reader can only click.
NOT_IN_REPORT = ("managementfassung",)
MANAGEMENT, OVERVIEW = "managementfassung", "ueberblick"
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Contents:
    """The texts of one edition. day: its as-of date; words: `council_paper.words`."""

    def __init__(self, root: Path, edition: Edition, day: str, words: Words):
        self.root, self.edition, self.day, self.words = root, edition, day, words
        self.pages = {page.address: page for page in edition.pages}
        self._read: dict[str, tuple[Block, ...]] = {}

    @cached_property
    def subtitle(self) -> str:
        """Which edition it is."""
        edition = self.edition
        text = str(self.words["subtitle"])
        return text.format(name=edition.kreis_name, year=edition.year, edition=edition.name)

    def blocks(self, address: str) -> tuple[Block, ...]:
        """Text of a page that was executed, or, by its name, of one that was written."""
        if address not in self._read:
            if address in self.pages:
                self._read[address] = from_html.notebook(self.pages[address].source)
            else:
                self._read[address] = self._written(address)
        return self._read[address]

    def report(self, group: str, first: bool) -> Manuscript:
        """All chapters for one target group; first: it is the one whose pages bear no name."""
        label = next((p.group for p in self._of_fields(group) if p.group), "")
        kind = "report" if first or not label else "report_group"
        chapters = [self.blocks(address) for address in self._addresses(group)]
        return self._manuscript(kind, [b for blocks in chapters for b in blocks], group=label)

    def chapter(self, address: str) -> Manuscript:
        """One page."""
        blocks = self.blocks(address)
        page = self.pages[address]
        title = next((b.text for b in blocks if isinstance(b, Heading)), page.title)
        label = f"{title} ({page.group})" if page.group else title
        return Manuscript(label, self.subtitle, self.day, blocks, kind="chapter")

    def tables(self, group: str) -> Manuscript:
        """Every table of the report with its source, below the headings of its chapter."""
        blocks: list[Block] = []
        for address in self._addresses(group):
            blocks += _select_tables(self.blocks(address))
        return self._manuscript("tables", blocks)

    def management(self) -> Manuscript | None:
        """The short version; None where the edition has no such chapter."""
        if MANAGEMENT not in self.pages:
            return None
        # Its title is on the first page already, so its fields are the chapters.
        raised = [
            replace(b, level=b.level - 1) if isinstance(b, Heading) else b
            for b in self.blocks(MANAGEMENT)
            if not isinstance(b, Heading) or b.level > 1
        ]
        return self._manuscript("management", raised)

    def submission(self, content: Words) -> Manuscript:
        """The paper for the committees, with the table of headline figures of the edition."""
        figures = _first_table(self.blocks(OVERVIEW)) if OVERVIEW in self.pages else ()
        kinds = ["report", "management", "tables"]
        annexes = [self._title(k) for k in kinds if k != "management" or MANAGEMENT in self.pages]
        words = self.words
        return council_paper.compose(content, words, figures, annexes, self.subtitle, self.day)

    def of_fields(self) -> list[Page]:
        """Pages of fields for every target group."""
        return [p for p in self.edition.pages if "/" in p.address and not p.below]

    def _of_fields(self, group: str) -> list[Page]:
        return [p for p in self.of_fields() if p.address.endswith(f"/{group}")]

    def _addresses(self, group: str) -> Iterator[str]:
        """Pages of the report in reading order."""
        by_chapter = {p.chapter: p.address for p in self._of_fields(group)}
        by_chapter |= {
            p.address: p.address for p in self.edition.pages if params.is_about_all(p.address)
        }
        for file in staging.read_order(self.root):
            name = Path(file).name
            if file.startswith("book/"):
                if name not in OF_THE_SITE:
                    yield file
            elif name in by_chapter and name not in NOT_IN_REPORT and name != INDICATOR:
                yield by_chapter[name]

    def _written(self, file: str) -> tuple[Block, ...]:
        words = staging.words_of(self.root, self.edition)
        text = (self.root / f"{file}.md").read_text(encoding="utf-8")
        return from_html.markdown(PLACE.sub(lambda m: str(words.get(m[1], m[0])), text))

    def _manuscript(self, kind: str, blocks: Iterable[Block], group: str = "") -> Manuscript:
        title = self._title(kind, group)
        layout = kind if kind in ("tables", "management") else "report"
        return Manuscript(title, self.subtitle, self.day, tuple(blocks), kind=layout)

    def _title(self, kind: str, group: str = "") -> str:
        title = staging.read_title(self.root)
        return str(self.words["titles"][kind]).format(title=title, group=group)


def _select_tables(blocks: Sequence[Block]) -> list[Block]:
    """Tables with the sources right below them, under the headings that have some."""
    tables: list[Block] = []
    open_: list[Heading] = []
    after_table = False
    for block in walk(blocks):
        if isinstance(block, Heading):
            open_ = [*(h for h in open_ if h.level < block.level), block]
            after_table = False
        elif isinstance(block, Sheet) and block.caption:
            tables += [*open_, block]
            open_, after_table = [], True
        elif after_table and isinstance(block, Paragraph) and block.style == "source":
            tables.append(block)
            after_table = False
    return tables


def _first_table(blocks: Sequence[Block]) -> tuple[Block, ...]:
    blocks_found = _select_tables(blocks)
    tables = [b for b in blocks_found if not isinstance(b, Heading)]
    more = [b for b in tables[1:2] if isinstance(b, Paragraph)]
    return (*tables[:1], *more)
