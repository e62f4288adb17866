"""What a survey, a round of conversations and a workshop have in common on a page.

In: a `Context` and texts. Out: markup: the heading, with the label of an invented one; a list of
facts; what became of a piece of evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from kreisheft.participation import collection

if TYPE_CHECKING:
    from kreisheft.figures.context import Context
    from kreisheft.participation.evidence import Outcomes


def heading(ctx: Context, title: str, example: bool) -> tuple[str, list[str]]:
    """Heading of a survey, a round or a workshop; an invented one says so in it and below."""
    told, note = marked(ctx, title, example), collection.words_of(ctx)["page"]["example"]
    label = f"<p><strong>{escape(note)}</strong></p>" if example else ""
    return told, [f"<h3>{escape(told)}</h3>{label}"]


def marked(ctx: Context, title: str, example: bool) -> str:
    """A title, with the label of an invented one."""
    form = str(collection.words_of(ctx)["page"]["example_mark"])
    return form.format(title=title) if example else title


def facts(listed: Sequence[tuple[str, str]]) -> str:
    """List of names and what they are; those without a text are left out."""
    items = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in listed if v)
    return f"<dl>{items}</dl>"


def became(ctx: Context, name: str, outcomes: Outcomes, element: str = "span") -> str:
    """What became of a piece of evidence; silence where no concept lists any."""
    page = collection.words_of(ctx)["page"]
    if not outcomes:
        return ""
    found = links(name, outcomes) or escape(page["outcome_none"])
    return f'<{element} class="kh-daraus"> {escape(page["outcome"])} {found}</{element}>'


def links(name: str, outcomes: Outcomes) -> str:
    """Links to the goals and measures that list a piece of evidence."""
    return "; ".join(
        f'<a href="{escape(link)}">{escape(title)}</a>' for title, link in outcomes.get(name, ())
    )
