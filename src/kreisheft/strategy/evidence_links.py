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
from kreisheft.core.markup import Markup, join, link
from kreisheft.participation import collection, evidence
from kreisheft.strategy import document
from kreisheft.strategy.parts import ActionField, Goal, Measure, Strategy

if TYPE_CHECKING:
    from kreisheft.figures.context import Context


def anchor(kind: str, name: str) -> str:
    """Anchor of a goal (``ziel``) or a measure (``massnahme``) in its chapter."""
    return f"{kind}-{name}".replace("_", "-")


def outcomes(root: Path, settings: Params, year: int) -> evidence.Outcomes:
    """Id of a piece of evidence → title and address of the goals and measures that name it.

    As the edition of the report year may show it; addresses are relative to its folder.
    """
    strategies = document.of_edition(root, settings, year)
    return evidence.invert([entry for strategy in strategies for entry in list_evidence(strategy)])


def list_evidence(strategy: Strategy) -> list[tuple[str, str, tuple[str, ...]]]:
    """Title, address and ids of evidence per goal, measure and field of action."""
    page = f"{strategy.chapter}.html"
    goals = [(g.title, f"{page}#{anchor('ziel', g.id)}", g.belege) for g in strategy.goals]
    places = [(m, f"{page}#{anchor('massnahme', m.id)}") for m in strategy.measures]
    measures = [(m.title, place, m.belege) for m, place in places]
    return [*goals, *measures, *((f.title, page, f.belege) for f in strategy.action_fields)]


def links(ctx: Context, names: Iterable[str]) -> Markup:
    """Links to pieces of evidence, examples said to be such; empty if none is shown."""
    invented = ctx.book.texts["strategy"]["grounds_example"]
    titled = [
        (piece, piece.title.rstrip("."))
        for piece in evidence.select(collection.of_chapter(ctx), names)
    ]
    return join(
        (link(e.link, invented.format(title=t) if e.example else t) for e, t in titled), " · "
    )


def check(root: Path) -> list[Problem]:
    """A problem for every id that no evidence of the Kreis has."""
    problems: list[Problem] = []
    for kreis in document.kreise(root):
        try:
            strategies = document.load(root, kreis)
        except DataError:
            # Its own check tells.
            continue
        for strategy in strategies:
            lines = document.places(root, kreis, strategy.chapter)
            used = [
                (lines[entry.id], name)
                for entry in _parts_with_evidence(strategy)
                for name in entry.belege
            ]
            problems += evidence.check(root, kreis, used)
    return problems


def _parts_with_evidence(strategy: Strategy) -> Iterator[Goal | Measure | ActionField]:
    yield from strategy.goals
    yield from strategy.measures
    yield from strategy.action_fields
