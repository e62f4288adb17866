"""What people say about one field, in a few lines of its chapter: newest answers, cards, themes.

In: a `Chapter` of a field. Out: a `Block` with its own heading, or None where nobody was heard; so
it leaves no trace on a page. It stands on the pages of the first target group, for no survey here
is about one of the others.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kreisheft.figure import Block
from kreisheft.participation import evidence, likert, page
from kreisheft.participation.collection import Collection

if TYPE_CHECKING:
    from kreisheft.chapter import Chapter

#: So many cards and themes are enough beside figures.
MOST = 3


def block(chapter: Chapter) -> Block | None:
    """Newest answers of the field as one chart per survey, then cards by dots and themes."""
    if chapter.target_group != chapter.params.target_groups[0]:
        return None
    found, words = chapter.said, chapter.said_words
    parts = _surveys(chapter, found) + _workshops(chapter, found) + _interviews(chapter, found)
    if not parts:
        return None
    text = words["page"]
    # A field's pages lie one folder deeper.
    link = f'<p><a href="../{evidence.CHAPTER}.html">{escape(text["more"])}</a></p>'
    markup = f"<h2>{escape(text['heading'])}</h2>{''.join(parts)}{link}"
    return Block(f'<div class="kh-praxis kh-begriffe">{markup}</div>', text["heading"])


def _surveys(chapter: Chapter, found: Collection) -> list[str]:
    words, parts = chapter.said_words, []
    for wave in found.newest():
        own = [i for i in wave.items if i.field == chapter.field and i.kind == "scale"]
        # Bars of one chart have the same answers.
        same = [i for i in own if i.answers == own[0].answers]
        key = f"f-stimmen-{wave.survey}".replace("_", "-")
        figure = likert.agreement(chapter, wave, same, key) if same else None
        if figure is None:
            continue
        n = likert.count(wave.head["answered"], chapter)
        caveat = words["recruitment"][wave.head["recruitment"]].format(n=n)
        parts.append(_head(chapter, wave.head["title"], wave.example))
        parts.append(f"<p>{escape(caveat)}</p>{figure.html()}")
    return parts


def _workshops(chapter: Chapter, found: Collection) -> list[str]:
    words = chapter.said_words
    cards = [(c, w) for w in found.workshops for c in w.cards if c.field == chapter.field]
    cards = sorted(cards, key=lambda p: (-p[0].dots, p[0].id))[:MOST]
    if not cards:
        return []
    items = "".join(
        f'<li><a href="../{evidence.address(c.id)}">{escape(c.text)}</a> '
        f"({escape(words['kinds'][c.kind])}{_votes(chapter, c.dots)})</li>"
        for c, _ in cards
    )
    head = _head(chapter, words["page"]["from_workshops"], all(w.example for _, w in cards))
    return [f'{head}<ul class="kh-gruende">{items}</ul>']


def _votes(chapter: Chapter, dots: int) -> str:
    told = page.about(chapter, "", "", dots)
    return f"; {told}" if told else ""


def _interviews(chapter: Chapter, found: Collection) -> list[str]:
    words = chapter.said_words
    themes = [(c, r) for r in found.interviews for c in r.categories if c.field == chapter.field]
    if not themes:
        return []
    items = "".join(
        f'<li><a href="../{evidence.address(c.id)}">{escape(c.title)}</a>'
        + (f": {escape(c.statements[0][0])}" if c.statements else "")
        + "</li>"
        for c, _ in themes[:MOST]
    )
    head = _head(chapter, words["page"]["from_interviews"], all(r.example for _, r in themes))
    return [f'{head}<ul class="kh-gruende">{items}</ul>']


def _head(chapter: Chapter, title: str, example: bool) -> str:
    text = chapter.said_words["page"]
    if not example:
        return f"<h3>{escape(title)}</h3>"
    marked = text["example_mark"].format(title=title)
    return f"<h3>{escape(marked)}</h3><p><strong>{escape(text['example'])}</strong></p>"
