"""What people say, on its page: steps, surveys, conversations, workshops, and what became of it.

In: a `Context` of the whole book. Out: `Block`s; figures come from `answer_figures`. Every piece of
evidence has a place of its own on the page and says which goals and measures lean on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kreisheft.core.errors import unknown
from kreisheft.core.markup import Markup, bullet_list, definition_list, element, join, link
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


def block(ctx: Context, section: str, outcomes_by_id: Outcomes) -> Figure | Block:
    """One section of the chapter: steps, surveys, interviews, workshops or outcomes.

    outcomes_by_id: evidence id → the goals and measures that list it.
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
    return sections[section](ctx, outcomes_by_id)


def steps(ctx: Context, _outcomes: Outcomes) -> Figure | Block:
    """Table of published steps of participation, each with its source."""
    words, published = collection.words_of(ctx), collection.of_chapter(ctx).steps
    if not published:
        return note(words["page"]["none_processes"])
    heads = tuple(words["columns"][k] for k in ("date", "kind", "what", "source"))
    rows = tuple(
        (sentences.day(s.date), words["processes"][s.kind], s.what.strip(), s.source)
        for s in published
    )
    caption = words["page"]["steps"].format(name=ctx.params.name)
    return Figure("f-beteiligung-schritte", "", Table(caption, heads, rows, heads), "", "")


def surveys(ctx: Context, outcomes_by_id: Outcomes) -> Block:
    """Every survey: who was asked, its newest wave, its waves and its groups beside each other."""
    words = collection.words_of(ctx)
    parts = [
        survey_figures.part(ctx, wave, outcomes_by_id)
        for wave in collection.of_chapter(ctx).newest()
    ]
    return _join_parts(parts, words["page"]["none_surveys"])


def interviews(ctx: Context, outcomes_by_id: Outcomes) -> Block:
    """Every round of conversations: with whom, by which guide, and what was said by category."""
    words = collection.words_of(ctx)
    parts = [
        _interviews_part(ctx, talks, outcomes_by_id)
        for talks in reversed(collection.of_chapter(ctx).interviews)
    ]
    return _join_parts(parts, words["page"]["none_interviews"])


def workshops(ctx: Context, outcomes_by_id: Outcomes) -> Block:
    """Every workshop: its cards by kind and dots."""
    words = collection.words_of(ctx)
    parts = [
        _workshop_part(ctx, workshop, outcomes_by_id)
        for workshop in reversed(collection.of_chapter(ctx).workshops)
    ]
    return _join_parts(parts, words["page"]["none_workshops"])


def outcomes(ctx: Context, outcomes_by_id: Outcomes) -> Block:
    """Table of evidence that goals or measures name, and how many pieces none names."""
    words, book = collection.words_of(ctx), ctx.book
    pieces = list(evidence.by_id(collection.of_chapter(ctx)).values())
    used = [e for e in pieces if outcomes_by_id.get(e.id)]
    if not pieces:
        return note(words["page"]["none"].format(kreis=ctx.params.kreis))
    if not used:
        return note(words["page"]["outcomes_none"])
    rows = []
    for e in used:
        title = evidence_markup.mark_example(ctx, e.title, e.example)
        head = tables.row_head(link(f"#{evidence.anchor(e.id)}", title))
        links = evidence_markup.links(e.id, outcomes_by_id)
        cells = (words["kinds"][e.kind], book.fields[e.field]["title"], links)
        rows.append(element("tr", head, *(element("td", cell) for cell in cells)))
    page, kind = words["page"], words["columns"]["kind"]
    heads = (page["evidence"], kind, page["field"], page["became"])
    caption = page["outcomes"]
    waiting = page["waiting"].format(n=len(pieces) - len(used), all=len(pieces))
    table = tables.wrap_scrolling(caption, map(tables.column_head, heads), rows)
    markup = table + element("p", waiting)
    return Block(markup, "\n".join([caption, *(e.title for e in used)]))


def _join_parts(parts: Sequence[Part], nothing: str) -> Block:
    if not parts:
        return note(nothing)
    markup = element("div", *(part for _, part in parts), class_="kh-begriffe")
    return Block(markup, "\n".join(title for title, _ in parts))


def _interviews_part(ctx: Context, talks: Interviews, outcomes_by_id: Outcomes) -> Part:
    words, head = collection.words_of(ctx), talks.head
    columns = words["columns"]
    title, parts = evidence_markup.heading(ctx, head["title"], talks.example)
    facts = [
        (columns["period"], answer_figures.period(head)),
        (columns["conversations"], answer_figures.count(head["conversations"], ctx)),
        (columns["roles"], ", ".join(head["roles"])),
        (columns["guide"], " ".join(head["guide"])),
        (columns["responsible"], head["responsible"]),
        *_source(words, head),
    ]
    parts.append(definition_list(facts))
    parts += [_category(ctx, c, outcomes_by_id) for c in talks.categories]
    return title, join(parts)


def _category(ctx: Context, category: Category, outcomes_by_id: Outcomes) -> Markup:
    words = collection.words_of(ctx)
    field = ctx.book.fields[category.field]["title"]
    named = words["page"]["named"].format(n=category.named) if category.named else ""
    parts = [element("h4", category.title, id=evidence.anchor(category.id))]
    parts.append(element("p", "; ".join(t for t in (field, named) if t)))
    statements = [join((paraphrase, _quote(quote))) for paraphrase, quote in category.statements]
    parts += [bullet_list(statements, class_="kh-gruende")] if statements else []
    return join([*parts, evidence_markup.describe_outcome(ctx, category.id, outcomes_by_id, "p")])


def _quote(quote: str) -> Markup:
    return " " + element("q", quote) if quote else Markup()


def _workshop_part(ctx: Context, workshop: Workshop, outcomes_by_id: Outcomes) -> Part:
    words, head = collection.words_of(ctx), workshop.head
    columns = words["columns"]
    title, parts = evidence_markup.heading(ctx, head["title"], workshop.example)
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
    if any(c.dots for c in workshop.cards):
        parts.append(element("p", words["page"]["votes_hint"]))
    for kind in ("strength", "need", "hurdle", "idea"):
        cards = [c for c in workshop.cards if c.kind == kind]
        if not cards:
            continue
        heading = words["page"]["cards"].format(kind=words["kinds"][kind], n=len(cards))
        items = [
            evidence_markup.item(
                ctx, c.id, f"{c.text} ({about(ctx, c.field, c.group, c.dots)})", outcomes_by_id
            )
            for c in cards
        ]
        parts += [element("h4", heading), element("ul", *items, class_="kh-gruende")]
    return title, join(parts)


def about(ctx: Context, field: str, group: str, dots: int) -> str:
    """Field, working group and number of dots of a card, those that are given."""
    page = collection.words_of(ctx)["page"]
    votes = page["dot"] if dots == 1 else page["dots"].format(n=answer_figures.count(dots, ctx))
    named = ctx.book.fields[field]["title"] if field else ""
    return "; ".join(t for t in (named, group, votes if dots else "") if t)


def _source(words: collection.Words, head: Mapping[str, Any]) -> list[tuple[str, str]]:
    source = head.get("source", {})
    text = ", ".join(t for t in (source.get("name", ""), source.get("url", "")) if t)
    return [(words["columns"]["source"], text)]
