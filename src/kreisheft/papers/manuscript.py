"""What a publication says, without its looks: blocks of finished German text.

`pdf_files` and `docx_files` make pages of it. A block holds text and the ids of drawings, nothing
else, so that two publications with the same block say the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any


@dataclass(frozen=True)
class Run:
    """A piece of text. href: address on the web that it leads to."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


Text = tuple[Run, ...]
#: ``data/catalogue/publikationen.yml``, or a part of it: what publications say beside an edition.
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is that of a chapter."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Some text. style: empty, `lead`, `question`, `note` or `source`."""

    text: Text
    style: str = ""


@dataclass(frozen=True)
class Items:
    """A list; each item is made of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Terms:
    """Words and what they mean."""

    items: tuple[tuple[Text, tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Box:
    """Blocks in a frame."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Sheet:
    """A table of finished text; the first column names the row.

    numbers: which columns hold numbers and are set right-aligned.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing by the id of its chart. alt: what it says, for a reader who does not see it."""

    id: str
    alt: str
    caption: str


Block = Heading | Paragraph | Items | Terms | Box | Sheet | Chart


@dataclass(frozen=True)
class Manuscript:
    """A whole publication. subtitle: what edition it is of. day: as-of date, ``YYYY-MM-DD``.

    kind: how it is laid out: `report`, `tables`, `management`, `chapter` or `paper`.
    """

    title: str
    subtitle: str
    day: str
    blocks: tuple[Block, ...]
    kind: str = "report"


def plain(text: str, *, bold: bool = False) -> Text:
    """Text of a single run."""
    return (Run(text, bold=bold),)


def read(text: Text) -> str:
    """The characters of a text, without style."""
    return "".join(run.text for run in text)


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """All blocks in reading order, those inside other blocks included."""
    for block in blocks:
        yield block
        if isinstance(block, Box):
            yield from walk(block.blocks)
        elif isinstance(block, Items):
            for item in block.items:
                yield from walk(item)
        elif isinstance(block, Terms):
            for _, description in block.items:
                yield from walk(description)


def data(node: object) -> Any:
    """Blocks as lists and dicts; the dict of a block has its `type`."""
    if isinstance(node, Run):
        return {k: v for k, v in asdict(node).items() if v}
    if is_dataclass(node) and not isinstance(node, type):
        content = {f.name: data(getattr(node, f.name)) for f in fields(node)}
        return content if isinstance(node, Manuscript) else {"type": type(node).__name__} | content
    if isinstance(node, tuple):
        return [data(part) for part in node]
    return node
