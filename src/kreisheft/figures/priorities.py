"""Where integration succeeds, where it lags, and what to work on next: chosen by rule, not by hand.

In: `Assessment`s. Out: sections of them, and the block that the chapter shows. An entry may stand
in two sections, as a level and a development are two things: behind, and closing in. The order is
that of the fields and of the catalogue; it is no ranking. What has no direction is in no section.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from kreisheft.core.errors import unknown
from kreisheft.core.markup import Markup, element, link
from kreisheft.figures import judgements
from kreisheft.findings.judgement import OPEN
from kreisheft.render import tables
from kreisheft.render.figure import Block

if TYPE_CHECKING:
    from kreisheft.figures.context import Context
    from kreisheft.figures.judgements import Assessment

SECTIONS = ("successes", "deficits", "next", "unjudged")


def is_success(assessment: Assessment) -> bool:
    """Even, ahead or catching up; without a reference group, a good course or a good place.

    A development or a place alone is a success only if the other does not speak against it.
    """
    if assessment.level.verdict != OPEN:
        return assessment.level.tone == "good" or assessment.gap.tone == "good"
    alone = {assessment.development.tone, assessment.place.tone}
    return _is_alone(assessment) and "good" in alone and "bad" not in alone


def is_behind(assessment: Assessment) -> bool:
    """Behind its reference group; without one, a bad course or a bad place."""
    if assessment.level.verdict != OPEN:
        return assessment.level.tone == "bad"
    return _is_alone(assessment) and "bad" in {assessment.development.tone, assessment.place.tone}


def is_urgent(assessment: Assessment) -> bool:
    """Behind, and far so, falling back, closing only as the reference got worse, or in the
    unfavourable quarter; without a reference group, both course and place are bad.
    """
    if not is_behind(assessment):
        return False
    if assessment.level.verdict == OPEN:
        return {assessment.development.tone, assessment.place.tone} == {"bad"}
    far = assessment.level.verdict == "far_behind"
    worse = assessment.gap.tone == "bad" or assessment.gap.reason == "reference_worse"
    return far or worse or assessment.place.tone == "bad"


def sort_by_section(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    """Sort assessments into successes, deficits and next; the rest with a direction: unjudged."""
    directed = [a for a in assessments if a.indicator.direction != "context"]
    return {
        "successes": [a for a in directed if is_success(a)],
        "deficits": [a for a in directed if is_behind(a)],
        "next": [a for a in directed if is_urgent(a)],
        "unjudged": [a for a in directed if not is_success(a) and not is_behind(a)],
    }


def sections_of_book(ctx: Context) -> dict[str, list[Assessment]]:
    """Sections of all indicators of the book's fields, in the order of fields and catalogue."""
    indicators = [i for f in ctx.params.fields for i in ctx.book.of_field(f)]
    directed = [i for i in indicators if i.direction != "context"]
    assessments = [judgements.assess(ctx, i) for i in directed]
    return sort_by_section([a for a in assessments if a])


def block(ctx: Context, section: str) -> Block:
    """One section: an entry per indicator with its judgements, each linked to its chapter.

    What the successes, deficits and next steps have in common is said before them.
    """
    ui = ctx.book.texts["priorities"]
    if section not in SECTIONS:
        raise unknown("section", section, SECTIONS)
    entries = ctx.keep_once("priorities", lambda: sections_of_book(ctx))[section]
    parts = [element("p", ui[f"{section}_text"])]
    if not entries:
        parts.append(element("p", ui["none"], class_="kh-leer"))
    for field, of_field in groupby(entries, key=lambda a: a.indicator.field):
        parts.append(element("h3", ctx.book.fields[field]["title"]))
        parts += [_entry(assessment, ctx) for assessment in of_field]
    if entries:
        parts.append(judgements.source(ctx, [a.indicator for a in entries]))
    lines = [judgements.plain(assessment, ctx.book) for assessment in entries]
    body = element("div", *parts, class_="kh-schwerpunkte")
    return Block(body, "\n".join([ui[section], *lines]))


def _entry(assessment: Assessment, ctx: Context) -> Markup:
    title = tables.title_of_group(assessment.indicator, assessment.group, ctx.book)
    # The page lies beside the folders of the fields, see `make_edition`.
    address = f"{assessment.indicator.field}/{ctx.target_group}.html"
    head, body = element("h4", link(address, title)), judgements.markup(assessment, ctx.book)
    return element("div", head, body, class_="kh-bewertung")


def _is_alone(assessment: Assessment) -> bool:
    return assessment.level.reason == "alone"
