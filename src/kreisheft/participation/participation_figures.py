"""What people say, on its page: steps, surveys, conversations, workshops, and what became of it.

In: a `Context` of the whole book. Out: `Block`s; figures come from `likert`. Every piece of
evidence has a place of its own on the page and says which goals and measures lean on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kreisheft.core.errors import unknown
from kreisheft.core.markup import Markup, bullet_list, definition_list, element, joined, link
from kreisheft.participation import (
    answer_figures,
    collection,
    evidence,
    evidence_markup,
    survey_figures,
)
from kreisheft.participation.evidence import Outcomes
from kreisheft.participation.voices import Category, Interviews, Workshop
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: A heading and what stands under it.
Part = tuple[str, Markup]


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
    rows = []
    for e in used:
        title = evidence_markup.marked(ctx, e.title, e.example)
        head = tables.row_head(link(f"#{evidence.anchor(e.id)}", title))
        links = evidence_markup.links(e.id, became)
        cells = (words["kinds"][e.kind], book.fields[e.field]["title"], links)
        rows.append(element("tr", head, *(element("td", cell) for cell in cells)))
    page, kind = words["page"], words["columns"]["kind"]
    heads = (page["evidence"], kind, page["field"], page["became"])
    caption = page["outcomes"]
    waiting = page["waiting"].format(n=len(found) - len(used), all=len(found))
    table = tables.wrap_scrolling(caption, map(tables.column_head, heads), rows)
    markup = table + element("p", waiting)
    return Block(markup, "\n".join([caption, *(e.title for e in used)]))


def _joined(parts: Sequence[Part], nothing: str) -> Block:
    if not parts:
        return note(nothing)
    markup = element("div", *(part for _, part in parts), class_="kh-begriffe")
    return Block(markup, "\n".join(title for title, _ in parts))


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
    parts.append(definition_list(facts))
    parts += [_category(ctx, c, became) for c in one.categories]
    return title, joined(parts)


def _category(ctx: Context, one: Category, outcomes: Outcomes) -> Markup:
    words = collection.words_of(ctx)
    field = ctx.book.fields[one.field]["title"]
    named = words["page"]["named"].format(n=one.named) if one.named else ""
    parts = [element("h4", one.title, id=evidence.anchor(one.id))]
    parts.append(element("p", "; ".join(t for t in (field, named) if t)))
    said = [joined((told, _quote(quote))) for told, quote in one.statements]
    parts += [bullet_list(said, class_="kh-gruende")] if said else []
    return joined([*parts, evidence_markup.became(ctx, one.id, outcomes, "p")])


def _quote(quote: str) -> Markup:
    return " " + element("q", quote) if quote else Markup()


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
    parts.append(definition_list(facts))
    if any(c.dots for c in one.cards):
        parts.append(element("p", words["page"]["votes_hint"]))
    for kind in ("strength", "need", "hurdle", "idea"):
        cards = [c for c in one.cards if c.kind == kind]
        if not cards:
            continue
        heading = words["page"]["cards"].format(kind=words["kinds"][kind], n=len(cards))
        items = [
            evidence_markup.item(
                ctx, c.id, f"{c.text} ({about(ctx, c.field, c.group, c.dots)})", became
            )
            for c in cards
        ]
        parts += [element("h4", heading), element("ul", *items, class_="kh-gruende")]
    return title, joined(parts)


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
