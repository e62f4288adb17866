"""What a Konzept says of every field in a few words, for those who decide.

In: a `Context` about the whole book. Out: `FieldPromises` per field that has a goal; what
is invented is marked in every line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kreisheft.figures.management_summary import FieldPromises
from kreisheft.strategy import standing, warnings, wording

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: Remarks that a council can settle.
TO_DECIDE = {"reserved", "unbacked"}


def list_promises(ctx: Context) -> dict[str, FieldPromises]:
    """Per field: goals and measures with their state, and decisions still to be made."""
    book, day = ctx.book, warnings.as_of(ctx.root, ctx.params, ctx.year)
    words = wording.words(book)
    promises = {}
    for field in ctx.params.fields:
        field_standing = standing.of_field(ctx, field, ctx.thresholds, day=day)
        if not field_standing.goals:
            continue
        measures = [
            (_mark_example(m.measure.title, m.example, words), m) for m in field_standing.measures
        ]
        promises[field] = FieldPromises(
            goals=tuple(
                (_mark_example(g.goal.title, g.example, words), wording.state(g, book))
                for g in field_standing.goals
            ),
            measures=tuple((name, wording.status(m.status, book)) for name, m in measures),
            decisions=tuple(
                words["flagged"].format(title=name, flags=wording.flag(flag, book))
                for name, m in measures
                for flag in m.flags
                if flag.kind in TO_DECIDE
            ),
        )
    return promises


def _mark_example(title: str, example: bool, words: Mapping[str, str]) -> str:
    return words["marked"].format(title=title) if example else title
