"""What people say, on its page: steps, surveys, conversations, workshops, and what became of it.

In: a `Context` of the whole book. Out: `Block`s; figures come from `likert`. Every piece of
evidence has a place of its own on the page and says which goals and measures lean on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from kreisheft.core.errors import unknown
from kreisheft.participation import (
    answer_figures,
    collection,
    evidence,
    evidence_markup,
    survey_figures,
)
from kreisheft.participation.evidence import Outcomes
from kreisheft.participation.voices import Category, Interviews, Workshop
from kreisheft.render import sentences
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: A heading and what stands under it.
Part = tuple[str, str]


def block(ctx: Context, section: str, became: Outcomes) -> Figure | Block:
    """One section of the chapter: steps, surveys, interviews, workshops or outcomes.

    became: evidence id → the goals and measures that list it.
    """
    sections: dict[str, Callable[[Context, Outcomes], Figure | Block]] = {
        "steps": steps,
        "surveys": surveys,
        "interviews": interviews,
        "workshops": workshops,
        "outcomes": outcomes,
    }
    if section not in sections:
        raise unknown("section", section, sections)
    return sections[section](ctx, became)


def steps(ctx: Context, _became: Outcomes) -> Figure | Block:
    """Table of published steps of participation, each with its source."""
    words, found = collection.words_of(ctx), collection.said(ctx).steps
    if not found:
        return note(words["page"]["none_processes"])
    heads = tuple(words["columns"][k] for k in ("date", "kind", "what", "source"))
    rows = tuple(
        (sentences.day(s.date), words["processes"][s.kind], s.what.strip(), s.source) for s in found
    )
    caption = words["page"]["steps"].format(name=ctx.params.name)
    return Figure("f-beteiligung-schritte", "", Table(caption, heads, rows, heads), "", "")


def surveys(ctx: Context, became: Outcomes) -> Block:
    """Every survey: who was asked, its newest wave, its waves and its groups beside each other."""
    words = collection.words_of(ctx)
    parts = [survey_figures.part(ctx, wave, became) for wave in collection.said(ctx).newest()]
    return _joined(parts, words["page"]["none_surveys"])


def interviews(ctx: Context, became: Outcomes) -> Block:
    """Every round of conversations: with whom, by which guide, and what was said by category."""
    words = collection.words_of(ctx)
    parts = [_interviews(ctx, one, became) for one in reversed(collection.said(ctx).interviews)]
    return _joined(parts, words["page"]["none_interviews"])


def workshops(ctx: Context, became: Outcomes) -> Block:
    """Every workshop: its cards by kind and dots."""
    words = collection.words_of(ctx)
    parts = [_workshop(ctx, one, became) for one in reversed(collection.said(ctx).workshops)]
    return _joined(parts, words["page"]["none_workshops"])


def outcomes(ctx: Context, became: Outcomes) -> Block:
    """Every piece of evidence that goals or measures lean on, by field, and how many wait."""
    words, book = collection.words_of(ctx), ctx.book
    found = list(evidence.every(collection.said(ctx)).values())
    used = [e for e in found if became.get(e.id)]
    if not found:
        return note(words["page"]["none"].format(kreis=ctx.params.kreis))
    if not used:
        return note(words["page"]["outcomes_none"])
    rows = [
        f'<tr><th scope="row"><a href="#{evidence.anchor(e.id)}">'
        f"{escape(evidence_markup.marked(ctx, e.title, e.example))}</a></th>"
        f"<td>{escape(words['kinds'][e.kind])}</td><td>{escape(book.fields[e.field]['title'])}</td>"
        f"<td>{evidence_markup.links(e.id, became)}</td></tr>"
        for e in used
    ]
    heads = (words["page"]["evidence"], words["columns"]["kind"], words["page"]["field"])
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in (*heads, words["page"]["became"]))
    caption = words["page"]["outcomes"]
    waiting = words["page"]["waiting"].format(n=len(found) - len(used), all=len(found))
    markup = (
        f'<div class="kh-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="kh-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div><p>{escape(waiting)}</p>"
    )
    return Block(markup, "\n".join([caption, *(e.title for e in used)]))


def _joined(parts: Sequence[Part], nothing: str) -> Block:
    if not parts:
        return note(nothing)
    body = "".join(markup for _, markup in parts)
    return Block(f'<div class="kh-begriffe">{body}</div>', "\n".join(title for title, _ in parts))


def _interviews(ctx: Context, one: Interviews, became: Outcomes) -> Part:
    words, head = collection.words_of(ctx), one.head
    columns = words["columns"]
    title, parts = evidence_markup.heading(ctx, head["title"], one.example)
    facts = [
        (columns["period"], answer_figures.period(head)),
        (columns["conversations"], answer_figures.count(head["conversations"], ctx)),
        (columns["roles"], ", ".join(head["roles"])),
        (columns["guide"], " ".join(head["guide"])),
        (columns["responsible"], head["responsible"]),
        *_source(words, head),
    ]
    parts.append(evidence_markup.facts(facts))
    parts += [_category(ctx, c, became) for c in one.categories]
    return title, "".join(parts)


def _category(ctx: Context, one: Category, outcomes: Outcomes) -> str:
    words = collection.words_of(ctx)
    field = ctx.book.fields[one.field]["title"]
    named = words["page"]["named"].format(n=one.named) if one.named else ""
    said = "".join(f"<li>{escape(told)}{_quote(quote)}</li>" for told, quote in one.statements)
    about_it = f"<p>{escape('; '.join(t for t in (field, named) if t))}</p>"
    body = f'<ul class="kh-gruende">{said}</ul>' if said else ""
    became = evidence_markup.became(ctx, one.id, outcomes, "p")
    return f'<h4 id="{evidence.anchor(one.id)}">{escape(one.title)}</h4>{about_it}{body}{became}'


def _quote(quote: str) -> str:
    return f" <q>{escape(quote)}</q>" if quote else ""


def _workshop(ctx: Context, one: Workshop, became: Outcomes) -> Part:
    words, head = collection.words_of(ctx), one.head
    columns = words["columns"]
    title, parts = evidence_markup.heading(ctx, head["title"], one.example)
    facts = [
        (columns["date"], sentences.day(head["date"])),
        (columns["place"], head["place"]),
        (columns["participants"], answer_figures.count(head["participants"], ctx)),
        (columns["groups"], ", ".join(g["title"] for g in head.get("groups", ()))),
        (columns["responsible"], head["responsible"]),
        (columns["outcome"], head.get("result", "")),
        *_source(words, head),
    ]
    parts.append(evidence_markup.facts(facts))
    if any(c.dots for c in one.cards):
        parts.append(f"<p>{escape(words['page']['votes_hint'])}</p>")
    for kind in ("strength", "need", "hurdle", "idea"):
        cards = [c for c in one.cards if c.kind == kind]
        if not cards:
            continue
        heading = words["page"]["cards"].format(kind=words["kinds"][kind], n=len(cards))
        items = "".join(
            f'<li id="{evidence.anchor(c.id)}">{escape(c.text)} ('
            f"{escape(about(ctx, c.field, c.group, c.dots))})"
            f"{evidence_markup.became(ctx, c.id, became)}</li>"
            for c in cards
        )
        parts.append(f'<h4>{escape(heading)}</h4><ul class="kh-gruende">{items}</ul>')
    return title, "".join(parts)


def about(ctx: Context, field: str, group: str, dots: int) -> str:
    """Field, working group and votes of a card."""
    page = collection.words_of(ctx)["page"]
    votes = page["dot"] if dots == 1 else page["dots"].format(n=answer_figures.count(dots, ctx))
    named = ctx.book.fields[field]["title"] if field else ""
    return "; ".join(t for t in (named, group, votes if dots else "") if t)


def _source(words: Mapping[str, Any], head: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = head.get("source", {})
    told = ", ".join(t for t in (found.get("name", ""), found.get("url", "")) if t)
    return [(words["columns"]["source"], told)]
