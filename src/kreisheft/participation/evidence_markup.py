"""What a survey, a round of conversations and a workshop have in common on a page.

In: a `Context` and texts. Out: `Markup`: the heading, with the label of an invented one; a piece of
evidence and what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, element, join, link
from kreisheft.participation import collection, evidence

if TYPE_CHECKING:
    from kreisheft.figures.context import Context
    from kreisheft.participation.evidence import Outcomes


def heading(ctx: Context, title: str, example: bool) -> tuple[str, list[Markup]]:
    """Title and heading of a survey, a round or a workshop; invented ones are labelled in both."""
    shown_title, note = (
        mark_example(ctx, title, example),
        collection.words_of(ctx)["page"]["example"],
    )
    label = [element("p", element("strong", note))] if example else []
    return shown_title, [element("h3", shown_title), *label]


def mark_example(ctx: Context, title: str, example: bool) -> str:
    """A title, with the label of an invented one."""
    form = str(collection.words_of(ctx)["page"]["example_mark"])
    return form.format(title=title) if example else title


def describe_outcome(ctx: Context, name: str, outcomes: Outcomes, kind: str = "span") -> Markup:
    """What became of a piece of evidence; empty where no Konzept names any."""
    page = collection.words_of(ctx)["page"]
    if not outcomes:
        return Markup()
    outcome = links(name, outcomes) or page["outcome_none"]
    return element(kind, " ", page["outcome"], " ", outcome, class_="kh-daraus")


def item(ctx: Context, name: str, text: str, outcomes: Outcomes) -> Markup:
    """A piece of evidence in a list, and what became of it; links lead there."""
    return element("li", text, describe_outcome(ctx, name, outcomes), id=evidence.anchor(name))


def links(name: str, outcomes: Outcomes) -> Markup:
    """Links to the goals and measures that list a piece of evidence."""
    return join((link(address, title) for title, address in outcomes.get(name, ())), "; ")
