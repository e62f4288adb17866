"""Good practice in a chapter: under the indicators that it addresses, or beside one indicator.

In: a `Context`. Out: a `Block` with its own headings, or None where there is nothing to show.
The entries of the own Kreis come first, then those of the other Kreise that it is compared with,
under their names. An entry stands beside a figure and explains none: that is said with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kreisheft.catalogue import params
from kreisheft.core.markup import Markup, definition_list, element, fill_in, join, link
from kreisheft.facts import regions
from kreisheft.practice import practice_entries
from kreisheft.render import sentences
from kreisheft.render.figure import Block

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context
    from kreisheft.practice.practice_entries import Practice


def select_entries(ctx: Context) -> list[Practice]:
    """Entries that a chapter may show: its own Kreis's in order, then those of the ring by name.

    The pages of the first target group show all, the others what is meant for their group. What
    began after the report year, ended before it, or was not known as of its day is left out.
    Examples stand in the book of their own Kreis only, and there if params want them.
    """
    settings, day = ctx.params, ctx.params.as_of.get(ctx.year, "")
    year = str(ctx.year)
    for_all = ctx.target_group == settings.target_groups[0]
    ids = {indicator.id for indicator in ctx.indicators}
    entries = [
        entry
        for entry in practice_entries.load_all(ctx.root)
        if ids & set(entry.indicators)
        and (for_all or ctx.target_group in entry.target_groups)
        and _begins(entry) <= year <= (entry.until[:4] or year)
        and not (day and entry.known > day)
        and not (entry.example and not (settings.examples and entry.ags == settings.ags))
    ]
    own_entries = [entry for entry in entries if entry.ags == settings.ags]
    others = [entry for entry in entries if entry.ags != settings.ags]
    # Choosing peers may read many tables; no other Kreis with an entry is the rule.
    ring = ctx.compared.ags if others else ()
    names = {e.kreis: params.slug(regions.name(ctx.root, e.ags)) for e in others}
    near = [entry for entry in others if entry.ags in ring]
    return own_entries + sorted(near, key=lambda e: (names[e.kreis], e.kreis))


def block(ctx: Context, indicator: Indicator | None = None) -> Block | None:
    """Good practice of the whole chapter by indicator, or of one indicator; None if there is none.

    None leaves no trace on a page: the heading belongs to the block.
    """
    words, chapter_entries = (
        ctx.book.texts["practice"],
        ctx.keep_once("practice", lambda: select_entries(ctx)),
    )
    if indicator:
        entries = practice_entries.select_by_indicator(chapter_entries, indicator.id)
        if not entries:
            return None
        head = words["beside"].format(title=indicator.title)
        start = [element("h3", head), element("p", words["note"])]
        return _block([*start, *(_entry(e, ctx) for e in entries)], head, entries)
    parts: list[Markup] = []
    placed: list[Practice] = []
    for described in ctx.indicators:
        entries = practice_entries.select_by_indicator(chapter_entries, described.id)
        if entries:
            parts.append(element("h3", described.title))
            # An entry that addresses two indicators is told once; further down a link leads to it.
            parts += [
                _link(e, ctx) if e in placed else _entry(e, ctx, anchor=True) for e in entries
            ]
            placed += [e for e in entries if e not in placed]
    if not placed:
        return None
    head = [element("h2", words["heading"]), element("p", words["note"])]
    return _block([*head, *parts], words["heading"], placed)


def _begins(entry: Practice) -> str:
    """First year whose edition may show the entry; for a plan, the year it became known."""
    planned = entry.status == "planned"
    return (entry.known if planned and entry.known else entry.since)[:4]


def _block(parts: Sequence[Markup], head: str, entries: Sequence[Practice]) -> Block:
    lines = [head, *(entry.title for entry in entries)]
    return Block(element("div", *parts, class_="kh-praxis kh-begriffe"), "\n".join(lines))


def _entry(entry: Practice, ctx: Context, *, anchor: bool = False) -> Markup:
    words, book = ctx.book.texts["practice"], ctx.book
    places = [
        params.full_name(ctx.root, key) if key == entry.ags else regions.name(ctx.root, key)
        for key in entry.where
    ]
    since = sentences.day(entry.since)
    key = "period" if entry.until else "open_plan" if entry.status == "planned" else "open_period"
    span = words[key].format(since=since, until=sentences.day(entry.until))
    groups = [book.target_groups[g]["title"] for g in entry.target_groups]
    rows = [
        (words["who"], entry.who),
        (words["where"], ", ".join(places)),
        (words["when"], words["status"].format(status=words[entry.status], when=span)),
        (words["groups"], ", ".join(groups)),
        (words["source"], _source(entry, words)),
    ]
    parts = [element("h4", _title(entry, ctx), id=_anchor(entry) if anchor else None)]
    parts += [element("p", element("strong", words["example"]))] if entry.example else []
    return join([*parts, element("p", entry.what.strip()), definition_list(rows)])


def _link(entry: Practice, ctx: Context) -> Markup:
    return element("p", link(f"#{_anchor(entry)}", _title(entry, ctx)))


def _title(entry: Practice, ctx: Context) -> str:
    if entry.ags == ctx.params.ags:
        return entry.title
    name = params.full_name(ctx.root, entry.ags)
    return str(ctx.book.texts["practice"]["other"]).format(title=entry.title, kreis=name)


def _anchor(entry: Practice) -> str:
    return f"praxis-{entry.kreis}-{entry.id}".replace("_", "-")


def _source(entry: Practice, words: Mapping[str, str]) -> str:
    if not entry.source:
        return ""
    name = link(entry.url, entry.source) if entry.url else entry.source
    template = words["seen" if entry.url else "dated"]
    return fill_in(template, name=name, day=sentences.day(entry.known))
