"""Evidence by id: what goals and measures lean on, and what became of it.

Every item of a survey, every category of interviews and every card of a workshop is evidence. In:
a Kreis and ids. Out: `Evidence` with a title and the address of its place in the chapter. Goals
and measures list ids; `invert` turns that round, so that each piece of evidence can show them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kreisheft.core.errors import DataError, Problem
from kreisheft.participation import collection
from kreisheft.participation.collection import Collection

#: The chapter that shows all of it.
CHAPTER = "beteiligung"
#: Evidence id → titles and links of the goals and measures that list it.
Outcomes = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence. kind: survey, interviews or workshop; link: from the book's root."""

    id: str
    kind: str
    title: str
    field: str
    end: str
    link: str
    example: bool


def by_id(voices: Collection) -> dict[str, Evidence]:
    """All evidence by id: surveys, interviews, workshops, each oldest first."""
    pieces = [
        Evidence(i.id, "survey", i.text, i.field, w.end, address(i.id), w.example)
        for w in voices.waves
        for i in w.items
    ]
    pieces += [
        Evidence(c.id, "interviews", c.title, c.field, r.end, address(c.id), r.example)
        for r in voices.interviews
        for c in r.categories
    ]
    pieces += [
        Evidence(c.id, "workshop", c.text, c.field, w.end, address(c.id), w.example)
        for w in voices.workshops
        for c in w.cards
    ]
    # Of an item that several waves asked the newest counts.
    return {piece.id: piece for piece in pieces}


def select(voices: Collection, ids: Iterable[str]) -> list[Evidence]:
    """Evidence with these ids, in their order; ids that `voices` does not have are left out."""
    by_name = by_id(voices)
    return [by_name[name] for name in ids if name in by_name]


def check(root: Path, kreis: str, used: Iterable[tuple[str, str]]) -> list[Problem]:
    """Problem for every id that is no evidence of the Kreis; used: place and id."""
    try:
        by_name = by_id(collection.load(root, kreis))
    except DataError:
        # Its own check tells.
        return []
    folder = f"{collection.FOLDER}/{kreis}"
    fix = f"name an item, a category or a card of {folder}"
    return [
        Problem(w, f"unknown evidence {name!r}", fix) for w, name in used if name not in by_name
    ]


def invert(mentions: Iterable[tuple[str, str, Sequence[str]]]) -> dict[str, list[tuple[str, str]]]:
    """Id of evidence → title and link of all that name it; mentions: title, link, ids."""
    by_evidence: dict[str, list[tuple[str, str]]] = {}
    for title, link, ids in mentions:
        for name in ids:
            by_evidence.setdefault(name, []).append((title, link))
    return by_evidence


def address(name: str) -> str:
    """Address of a piece of evidence, relative to the folder of an edition."""
    return f"{CHAPTER}.html#{anchor(name)}"


def anchor(name: str) -> str:
    """Id of the element of a piece of evidence on its page."""
    return f"beleg-{name}".replace("_", "-")
