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


def succeeds(one: Assessment) -> bool:
    """Even or ahead, or catching up by itself; without a reference group its course or its place.

    A development or a place alone is a success only if the other does not speak against it.
    """
    if one.level.verdict != OPEN:
        return one.level.tone == "good" or one.gap.tone == "good"
    alone = {one.development.tone, one.place.tone}
    return _alone(one) and "good" in alone and "bad" not in alone


def lags(one: Assessment) -> bool:
    """Behind its reference group; without one, a bad course or a bad place."""
    if one.level.verdict != OPEN:
        return one.level.tone == "bad"
    return _alone(one) and "bad" in {one.development.tone, one.place.tone}


def urges(one: Assessment) -> bool:
    """Of those that lag: far behind, growing, closing only as the reference got worse, or placed
    in the unfavourable quarter; without a reference group both course and place are bad.
    """
    if not lags(one):
        return False
    if one.level.verdict == OPEN:
        return {one.development.tone, one.place.tone} == {"bad"}
    far = one.level.verdict == "far_behind"
    worse = one.gap.tone == "bad" or one.gap.reason == "reference_worse"
    return far or worse or one.place.tone == "bad"


def sections(found: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    """Sort assessments into successes, deficits and next; the rest with a direction: unjudged."""
    directed = [a for a in found if a.indicator.direction != "context"]
    return {
        "successes": [a for a in directed if succeeds(a)],
        "deficits": [a for a in directed if lags(a)],
        "next": [a for a in directed if urges(a)],
        "unjudged": [a for a in directed if not succeeds(a) and not lags(a)],
    }


def chosen(ctx: Context) -> dict[str, list[Assessment]]:
    """Sections of all indicators of the book's fields, in the order of fields and catalogue."""
    listed = [i for f in ctx.params.fields for i in ctx.book.of_field(f)]
    directed = [i for i in listed if i.direction != "context"]
    found = [judgements.assess(ctx, i) for i in directed]
    return sections([a for a in found if a])


def block(ctx: Context, section: str) -> Block:
    """One section: an entry per indicator with its judgements, each linked to its chapter.

    What the successes, deficits and next steps have in common is said before them.
    """
    ui = ctx.book.texts["priorities"]
    if section not in SECTIONS:
        raise unknown("section", section, SECTIONS)
    entries = ctx.kept("priorities", lambda: chosen(ctx))[section]
    parts = [element("p", ui[f"{section}_text"])]
    if not entries:
        parts.append(element("p", ui["none"], class_="kh-leer"))
    for field, own in groupby(entries, key=lambda a: a.indicator.field):
        parts.append(element("h3", ctx.book.fields[field]["title"]))
        parts += [_entry(one, ctx) for one in own]
    if entries:
        parts.append(judgements.source(ctx, [a.indicator for a in entries]))
    lines = [judgements.plain(one, ctx.book) for one in entries]
    body = element("div", *parts, class_="kh-schwerpunkte")
    return Block(body, "\n".join([ui[section], *lines]))


def _entry(one: Assessment, ctx: Context) -> Markup:
    title = tables.named(one.indicator, one.group, ctx.book)
    # The page lies beside the folders of the fields, see `edition`.
    address = f"{one.indicator.field}/{ctx.target_group}.html"
    head, body = element("h4", link(address, title)), judgements.markup(one, ctx.book)
    return element("div", head, body, class_="kh-bewertung")


def _alone(one: Assessment) -> bool:
    return one.level.reason == "alone"
