"""What people say about one field, in a few lines of its chapter: newest answers, cards, themes.

In: a `Context` of a field. Out: a `Block` with its own heading, or None where nobody was heard; so
it leaves no trace on a page. It stands on the pages of the first target group, for no survey here
is about one of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, bullet_list, element, fill_in, link
from kreisheft.participation import (
    answer_figures,
    collection,
    evidence,
    evidence_markup,
    participation_figures,
)
from kreisheft.participation.collection import Collection
from kreisheft.render.figure import Block

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: So many cards and themes are enough beside figures.
MOST = 3


def block(ctx: Context) -> Block | None:
    """Newest answers of the field as one chart per survey, then cards by dots and themes."""
    if ctx.target_group != ctx.params.target_groups[0]:
        return None
    voices, words = collection.of_chapter(ctx), collection.words_of(ctx)
    parts = _surveys(ctx, voices) + _workshops(ctx, voices) + _interviews(ctx, voices)
    if not parts:
        return None
    text = words["page"]
    # A field's pages lie one folder deeper.
    more = element("p", link(f"../{evidence.CHAPTER}.html", text["more"]))
    head = element("h2", text["heading"])
    markup = element("div", head, *parts, more, class_="kh-praxis kh-begriffe")
    return Block(markup, text["heading"])


def _surveys(ctx: Context, voices: Collection) -> list[Markup]:
    words, parts = collection.words_of(ctx), list[Markup]()
    asked = {
        w.survey: (w, items)
        for w in voices.waves
        if (items := [i for i in w.items if i.field == ctx.field and i.kind == "scale"])
    }
    # Of each survey the newest wave that asked something about the field.
    for wave, items in asked.values():
        # Bars of one chart have the same answers.
        same = [i for i in items if i.answers == items[0].answers]
        key = f"f-stimmen-{wave.survey}".replace("_", "-")
        figure = answer_figures.agreement(ctx, wave, same, key)
        if figure is None:
            continue
        n = answer_figures.count(wave.head["answered"], ctx)
        caveat = words["recruitment"][wave.head["recruitment"]].format(n=n)
        parts += evidence_markup.heading(ctx, wave.head["title"], wave.example)[1]
        parts += [element("p", caveat), figure.html()]
    return parts


def _workshops(ctx: Context, voices: Collection) -> list[Markup]:
    words = collection.words_of(ctx)
    cards = [(c, w) for w in voices.workshops for c in w.cards if c.field == ctx.field]
    cards = sorted(cards, key=lambda p: (-p[0].dots, p[0].id))[:MOST]
    items = []
    for card, workshop in cards:
        card_link = _link(ctx, card.id, card.text, workshop.example)
        votes = participation_figures.about(ctx, "", "", card.dots)
        details = "; ".join(t for t in (words["kinds"][f"{card.kind}_one"], votes) if t)
        items.append(fill_in("{link} ({told})", link=card_link, told=details))
    return _list_block(words["page"]["from_workshops"], items)


def _interviews(ctx: Context, voices: Collection) -> list[Markup]:
    themes = [(c, r) for r in voices.interviews for c in r.categories if c.field == ctx.field]
    items = []
    for theme, talks in themes[:MOST]:
        quote = f": {theme.statements[0][0]}" if theme.statements else ""
        items.append(_link(ctx, theme.id, theme.title, talks.example) + quote)
    return _list_block(collection.words_of(ctx)["page"]["from_interviews"], items)


def _link(ctx: Context, name: str, title: str, example: bool) -> Markup:
    return link(f"../{evidence.address(name)}", evidence_markup.mark_example(ctx, title, example))


def _list_block(heading: str, items: list[Markup]) -> list[Markup]:
    body = bullet_list(items, class_="kh-gruende")
    return [element("h3", heading), body] if items else []
