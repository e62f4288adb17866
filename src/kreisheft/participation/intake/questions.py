"""What a survey asked, whatever system it was asked with; headings and cells of its answers.

A system (`systems`) makes `Structure` and `Column`s of its own files. What two questions share is
no heading of either.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: The language in which a person answered: the only column of a system's own that may be counted.
LANGUAGE = "startlanguage"
#: When a person sent the answers off; empty if that never happened.
SUBMITTED = "submitdate"
#: "Another answer", whose text is free and never read.
OTHER = "-oth-"
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass
class Question:
    """One question.

    type: as its system calls it; closed: whether its answers are chosen from a list that can be
    counted. options: code → label; parts: code of a part ("SQ001") → its text; spellings: code →
    labels of all languages; second: options of the second scale. place: another name that exports
    have for it, such as ``<sid>X<gid>X<qid>``.
    """

    code: str
    type: str
    text: str
    place: str = ""
    other: bool = False
    closed: bool = False
    options: dict[str, str] = field(default_factory=dict)
    second: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Structure:
    """A survey as it was asked: its title, its languages and its questions by code."""

    title: str
    languages: tuple[str, ...]
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class Column:
    """One column of closed answers.

    name: ``q1`` or ``q2[SQ001]``; options: code → label; codes: folded cell → code;
    ticks: an empty cell says "not ticked"; scale: its answers are likely steps of one
    """

    name: str
    question: Question
    label: str
    options: Mapping[str, str]
    codes: Mapping[str, str]
    ticks: bool = False
    scale: bool = False


def plain(markup: str) -> str:
    """Text of a label: without markup, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).replace("\x00", "").split())


def fold(label: str) -> str:
    """Fold a label, so that it is equal however an export writes it."""
    return plain(label).casefold()


def locate_headings(row: Sequence[str], names: Mapping[str, str]) -> dict[int, str]:
    """Position in a row → name of its heading, each name once; names: folded heading → name."""
    places: dict[str, int] = {}
    for i, cell in enumerate(row):
        heading = fold(cell)
        # "q1. How …": the code, a full stop and the text, which may be cut.
        name = names.get(heading) or names.get(heading.partition(". ")[0])
        if name:
            places.setdefault(name, i)
    return {i: name for name, i in places.items()}


def code(column: Column, cell: str) -> str | None:
    """Code of a cell; empty without an answer, None for a cell that is no answer."""
    folded = fold(cell)
    if column.ticks:
        return column.codes.get(folded, "" if not folded else None)
    return column.codes.get(folded) if folded else ""
