"""What a survey, a round of conversations and a workshop have in common on a page.

In: a `Chapter` and texts. Out: markup: the heading, with the label of an invented one; a list of
facts; what became of a piece of evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kreisheft.chapters.chapter import Chapter


def heading(chapter: Chapter, title: str, example: bool) -> tuple[str, list[str]]:
    """Heading of a survey, a round or a workshop; an invented one says so in it and below."""
    told, note = marked(chapter, title, example), chapter.said_words["page"]["example"]
    label = f"<p><strong>{escape(note)}</strong></p>" if example else ""
    return told, [f"<h3>{escape(told)}</h3>{label}"]


def marked(chapter: Chapter, title: str, example: bool) -> str:
    """A title, with the label of an invented one."""
    form = str(chapter.said_words["page"]["example_mark"])
    return form.format(title=title) if example else title


def facts(listed: Sequence[tuple[str, str]]) -> str:
    """List of names and what they are; those without a text are left out."""
    items = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in listed if v)
    return f"<dl>{items}</dl>"


def became(chapter: Chapter, name: str, element: str = "span") -> str:
    """What became of a piece of evidence; silence where no concept lists any."""
    page = chapter.said_words["page"]
    if not chapter.outcomes:
        return ""
    found = links(chapter, name) or escape(page["outcome_none"])
    return f'<{element} class="kh-daraus"> {escape(page["outcome"])} {found}</{element}>'


def links(chapter: Chapter, name: str) -> str:
    """Links to the goals and measures that list a piece of evidence."""
    return "; ".join(
        f'<a href="{escape(link)}">{escape(title)}</a>'
        for title, link in chapter.outcomes.get(name, ())
    )
