"""One survey on the page: who was asked, its newest wave, its waves and groups beside each other.

In: a `Context` and the newest `Wave`. Out: heading and markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, definition_list, element, join
from kreisheft.participation import (
    answer_figures,
    collection,
    evidence_markup,
    wave_figures,
)
from kreisheft.participation.evidence import Outcomes
from kreisheft.participation.surveys import Wave
from kreisheft.render.figure import Figure

if TYPE_CHECKING:
    from kreisheft.figures.context import Context


def part(ctx: Context, wave: Wave, outcomes: Outcomes) -> tuple[str, Markup]:
    """Heading of a survey, and everything under it; outcomes: what became of its items."""
    words, head = collection.words_of(ctx), wave.head
    title, parts = evidence_markup.heading(ctx, head["title"], wave.example)
    answered = answer_figures.count(head["answered"], ctx)
    parts.append(definition_list(_facts_of(ctx, wave)))
    recruited = words["recruitment"][head["recruitment"]].format(n=answered)
    parts.append(element("p", recruited, " ", words["page"]["least"], class_="kh-hinweis"))
    parts += [figure.html() for figure in _batteries(ctx, wave)]
    parts += _waves(ctx, wave) + _groups(ctx, wave)
    items = [evidence_markup.item(ctx, i.id, i.text, outcomes) for i in wave.items]
    heading = element("h4", words["page"]["asked"])
    return title, join([*parts, heading, element("ul", *items, class_="kh-gruende")])


def _batteries(ctx: Context, wave: Wave) -> list[Figure]:
    """One figure per question whose items have the same answers, one per choice."""
    figures: list[Figure | None] = []
    for _, group in groupby(wave.items, key=lambda i: (i.kind, i.question, i.answers)):
        items = list(group)
        key = f"f-frage-{_key(items[0].id)}"
        if items[0].kind == "scale":
            figures.append(answer_figures.agreement(ctx, wave, items, key))
        else:
            figures += [
                answer_figures.choice_bars(ctx, wave, i, f"f-frage-{_key(i.id)}") for i in items
            ]
    return [figure for figure in figures if figure]


def _waves(ctx: Context, wave: Wave) -> list[Markup]:
    """All waves of the survey beside each other; nothing if there is one."""
    page, waves = (
        collection.words_of(ctx)["page"],
        collection.of_chapter(ctx).of_survey(wave.survey),
    )
    rows_of_items = [
        rows for i in wave.items if len(rows := wave_figures.of_waves(waves, i.id)) > 1
    ]
    if not rows_of_items:
        return []
    table = wave_figures.waves_table(ctx, rows_of_items, f"f-wellen-{_key(wave.survey)}")
    each = [
        wave_figures.compare_waves(ctx, rows, f"f-welle-{_key(rows[0][1].item.id)}")
        for rows in rows_of_items
    ]
    return [element("h4", page["compared"]), table.html(), _fold_figures(page, each)]


def _groups(ctx: Context, wave: Wave) -> list[Markup]:
    """Groups of every split beside each other, where at least two may be shown."""
    page, parts = collection.words_of(ctx)["page"], list[Markup]()
    scales = [i for i in wave.items if i.kind == "scale"]
    for split in wave.splits:
        lines_of_items = [
            lines for i in scales if len(lines := wave_figures.of_groups(wave, split, i)) > 1
        ]
        if not lines_of_items:
            continue
        name = f"f-gruppen-{_key(wave.survey, split.id)}"
        table = wave_figures.groups_table(ctx, wave, split, lines_of_items, name)
        each = [
            wave_figures.compare_groups(
                ctx, wave, split, lines, f"f-{_key(split.id, lines[0].item.id)}"
            )
            for lines in lines_of_items
        ]
        heading = element("h4", page["split"].format(title=split.title))
        parts += [heading, table.html(), _fold_figures(page, each)]
    return parts


def _fold_figures(page: Mapping[str, str], figures: Sequence[Figure]) -> Markup:
    body = (figure.html() for figure in figures)
    return element("details", element("summary", page["each"]), *body, class_="kh-tabelle")


def _facts_of(ctx: Context, wave: Wave) -> list[tuple[str, str]]:
    words, head = collection.words_of(ctx), wave.head
    columns, answered = words["columns"], int(head["answered"])
    named = [words["languages"].get(x, x) for x in head["languages"]]
    facts = [
        (columns["population"], str(head["population"])),
        (columns["channel"], ", ".join(words["channels"][c] for c in head["channel"])),
        (columns["languages"], ", ".join(named)),
        (columns["period"], answer_figures.period(head)),
        (columns["answered"], answer_figures.count(answered, ctx)),
    ]
    if "invited" in head:
        share = answer_figures.percent(100 * answered / head["invited"], ctx)
        facts.append((columns["invited"], answer_figures.count(head["invited"], ctx)))
        facts.append((columns["response"], share))
    return [*facts, (columns["responsible"], str(head["responsible"]))]


def _key(*names: str) -> str:
    return "-".join(names).replace("_", "-")
