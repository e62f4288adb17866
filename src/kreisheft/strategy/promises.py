"""What a Konzept says of every field in a few words, for those who decide.

In: a `Context` about the whole book. Out: `Promised` per field that has a goal; what is invented is
marked in every line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreisheft.figures.management_summary import FieldPromises
from kreisheft.strategy import standing, warnings, wording

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: Remarks that a council can settle.
TO_DECIDE = {"reserved", "unbacked"}


def promised(ctx: Context) -> dict[str, FieldPromises]:
    """Goals and measures with their state, and decisions that are outstanding, by field."""
    book, day = ctx.book, warnings.as_of(ctx.root, ctx.params, ctx.year)
    words = wording.words(book)
    found = {}
    for field in ctx.params.fields:
        one = standing.of_field(ctx, field, ctx.thresholds, day=day)
        if not one.goals:
            continue
        measures = [(_marked(m.measure.title, m.example, words), m) for m in one.measures]
        found[field] = FieldPromises(
            goals=tuple(
                (_marked(g.goal.title, g.example, words), wording.state(g, book)) for g in one.goals
            ),
            measures=tuple((name, wording.status(m.status, book)) for name, m in measures),
            decisions=tuple(
                words["flagged"].format(title=name, flags=wording.flag(flag, book))
                for name, m in measures
                for flag in m.flags
                if flag.kind in TO_DECIDE
            ),
        )
    return found


def _marked(title: str, example: bool, words: dict[str, str]) -> str:
    return words["marked"].format(title=title) if example else title
