"""Evidence by id: what goals and measures lean on, and what became of it.

Every item of a survey, every category of interviews and every card of a workshop is evidence. In:
a Kreis and ids. Out: `Evidence` with a title and the address of its place in the chapter. Goals
and measures list ids; `outcomes` turns that round, so that each piece of evidence can show them.
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


def every(found: Collection) -> dict[str, Evidence]:
    """All evidence by id: surveys, interviews, workshops, each oldest first."""
    listed = [
        Evidence(i.id, "survey", i.text, i.field, w.end, address(i.id), w.example)
        for w in found.waves
        for i in w.items
    ]
    listed += [
        Evidence(c.id, "interviews", c.title, c.field, r.end, address(c.id), r.example)
        for r in found.interviews
        for c in r.categories
    ]
    listed += [
        Evidence(c.id, "workshop", c.text, c.field, w.end, address(c.id), w.example)
        for w in found.workshops
        for c in w.cards
    ]
    # Of an item that several waves asked the newest counts.
    return {one.id: one for one in listed}


def of(found: Collection, ids: Iterable[str]) -> list[Evidence]:
    """Evidence of these ids, in their order; one that `found` does not show is left out."""
    known = every(found)
    return [known[name] for name in ids if name in known]


def check(root: Path, kreis: str, used: Iterable[tuple[str, str]]) -> list[Problem]:
    """A problem for every id that is no evidence of the Kreis; used: place and id."""
    try:
        known = every(collection.load(root, kreis))
    except DataError:
        # Its own check tells.
        return []
    folder = f"{collection.FOLDER}/{kreis}"
    fix = f"name an item, a category or a card of {folder}"
    return [Problem(w, f"unknown evidence {name!r}", fix) for w, name in used if name not in known]


def outcomes(listed: Iterable[tuple[str, str, Sequence[str]]]) -> dict[str, list[tuple[str, str]]]:
    """Turn round what goals and measures list: (title, link, ids) → id → titles and links."""
    found: dict[str, list[tuple[str, str]]] = {}
    for title, link, ids in listed:
        for name in ids:
            found.setdefault(name, []).append((title, link))
    return found


def address(name: str) -> str:
    """Where a piece of evidence stands, from the root of an edition."""
    return f"{CHAPTER}.html#{anchor(name)}"


def anchor(name: str) -> str:
    """Id of its element on the page."""
    return f"beleg-{name}".replace("_", "-")
