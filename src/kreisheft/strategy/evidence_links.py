"""What a Konzept leans on: evidence of what people say, and the way back from it.

In: goals, measures and fields of action with `belege`, ids of ``data/beteiligung``. Out: links to
each piece of evidence, and for each piece what became of it. An edition links only what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kreisheft.catalogue.params import Params
from kreisheft.core.errors import DataError, Problem
from kreisheft.core.markup import Markup, joined, link
from kreisheft.participation import collection, evidence
from kreisheft.strategy import document
from kreisheft.strategy.parts import ActionField, Goal, Measure, Strategy

if TYPE_CHECKING:
    from kreisheft.figures.context import Context


def anchor(kind: str, name: str) -> str:
    """Where a goal (``ziel``) or a measure (``massnahme``) stands in its chapter."""
    return f"{kind}-{name}".replace("_", "-")


def outcomes(root: Path, settings: Params, year: int) -> evidence.Outcomes:
    """Id of a piece of evidence → title and address of the goals and measures that lean on it.

    As the edition of the report year may tell it; addresses are those from its root.
    """
    told = document.shown(root, settings, year)
    return evidence.outcomes([entry for one in told for entry in listed(one)])


def listed(one: Strategy) -> list[tuple[str, str, tuple[str, ...]]]:
    """Title, address and evidence of every goal, measure and field of action."""
    page = f"{one.chapter}.html"
    goals = [(g.title, f"{page}#{anchor('ziel', g.id)}", g.belege) for g in one.goals]
    places = [(m, f"{page}#{anchor('massnahme', m.id)}") for m in one.measures]
    measures = [(m.title, place, m.belege) for m, place in places]
    return [*goals, *measures, *((f.title, page, f.belege) for f in one.action_fields)]


def links(ctx: Context, names: Iterable[str]) -> Markup:
    """Links to pieces of evidence, examples said to be such; empty if none is shown."""
    invented = ctx.book.texts["strategy"]["grounds_example"]
    shown = [(one, one.title.rstrip(".")) for one in evidence.of(collection.said(ctx), names)]
    return joined(
        (link(e.link, invented.format(title=t) if e.example else t) for e, t in shown), " · "
    )


def check(root: Path) -> list[Problem]:
    """A problem for every id that no evidence of the Kreis has."""
    found: list[Problem] = []
    for kreis in document.kreise(root):
        try:
            strategies = document.load(root, kreis)
        except DataError:
            # Its own check tells.
            continue
        for one in strategies:
            lines = document.places(root, kreis, one.chapter)
            used = [(lines[entry.id], name) for entry in _leaning(one) for name in entry.belege]
            found += evidence.check(root, kreis, used)
    return found


def _leaning(one: Strategy) -> Iterator[Goal | Measure | ActionField]:
    yield from one.goals
    yield from one.measures
    yield from one.action_fields
