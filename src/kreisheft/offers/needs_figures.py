"""Offers beside needs: how many there are, how large the group is, how things stand; and the gaps.

In: a `Context` of the whole book. Out: blocks. Figures come from `Protected` only, and no rate of
offers per head is computed: a count of entries is no measure of supply, and never one of quality.
Counted are offers that run and were checked within a year of the edition's as-of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, bullet_list, element, join
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import source_lines
from kreisheft.offers import directory, freshness
from kreisheft.offers.offer import Offer
from kreisheft.offers.vocabulary import Words
from kreisheft.protected import disclosure
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context


def block(ctx: Context) -> Block:
    """Sizes of the target groups, then one table per field by place."""
    offers, words = _select_counted(ctx)
    if not offers:
        return note(words["needs"]["unused"])
    sizes = groups(ctx, offers, words["needs"])
    parts, captions = [*_warnings(offers, words), sizes.html()], [sizes.table.caption]
    for field in ctx.params.fields:
        figure = by_place(ctx, field, offers, words["needs"])
        title = element("summary", figure.table.caption)
        parts.append(element("details", title, figure.html(), class_="kh-tabelle"))
        captions.append(figure.table.caption)
    return Block(element("div", *parts, class_="kh-bedarf"), "\n".join(captions))


def gaps(ctx: Context) -> Block:
    """Fields without an offer: in the whole Kreis, in places, for target groups."""
    offers, words = _select_counted(ctx)
    if not offers:
        return note(words["needs"]["unused"])
    gap_sentences = list(describe_gaps(ctx, offers, words["needs"])) or [words["needs"]["gap_none"]]
    parts = [*_warnings(offers, words), bullet_list(gap_sentences, class_="kh-gruende")]
    return Block(join(parts), "\n".join(gap_sentences))


def groups(ctx: Context, offers: Sequence[Offer], words: Words) -> Figure:
    """Table: every target group of the book with its size and the offers meant for it."""
    book, none = ctx.book, str(ctx.book.texts["status"]["none"])
    columns = book.texts["columns"]
    own_heads = [words[k] for k in ("size", "period", "special", "open")]
    heads = (words["group"], columns["indicator"], *own_heads)
    rows, sources = [], []
    n_for_all = sum("alle" in o.many("target_groups") for o in offers)
    for group in ctx.params.target_groups:
        rule = words["sizes"].get(group)
        size, period, title = none, none, none
        if rule and book.indicator(rule["indicator"]).field in ctx.params.fields:
            entry = book.indicator(rule["indicator"])
            title = entry.title
            protected = ctx.focus(ctx.newest(ctx.own_of(entry, group), entry), entry)
            if _has_figure(protected):
                value, status, at = protected.rows("value", "status", "period")[0]
                size = sentences.cell(value, status, entry.unit, book)
                period = sentences.period(at, book)
                sources.append(source_lines.source_line(ctx, protected))
        special = _select_special(offers, group, words)
        n_special = none if special is None else str(len(special))
        label = str(book.target_groups[group]["title"])
        rows.append((label, title, size, period, n_special, str(n_for_all)))
    table = Table(
        words["groups"], heads, tuple(rows), words=(columns["indicator"], words["period"])
    )
    return Figure("f-angebote-gruppen", "", table, "", " · ".join(dict.fromkeys(sources)))


def by_place(ctx: Context, field: str, offers: Sequence[Offer], words: Words) -> Figure:
    """Table of one field: Kreis and municipalities with their figures and their offers."""
    book, ags = ctx.book, ctx.params.ags
    places = _places(ctx)
    asked = [_leading(ctx, field), *(book.indicators[i] for i in words["places"])]
    titles, cells, sources = [], [], []
    for entry in {e.id: e for e in asked if e}.values():
        local = _newest(ctx, entry)
        if local.count:
            period, group = local.rows("period", "group")[0]
            title = tables.title_of_group(entry, group, book)
            titles.append(
                words["leading"].format(title=title, period=sentences.period(period, book))
            )
            cells.append(_cells(ctx, local, entry.unit))
            sources += [source_lines.source_line(ctx, local)] if _has_figure(local) else []
    special = [g for g in ctx.params.target_groups if _select_special(offers, g, words) is not None]
    heads = (words["place"], *titles, words["any"])
    heads += tuple(
        words["special_of"].format(group=book.target_groups[g]["title"]) for g in special
    )
    of_field = [o for o in offers if o.get("field") == field]
    rows, none = [], str(book.texts["status"]["none"])
    for place in [ags, *sorted(places, key=lambda a: places[a])]:
        label = places.get(place) or words["everywhere"].format(kreis=ctx.params.name)
        here = [o for o in of_field if place in o.many("ags")]
        counts = [len(here), *(len(_select_special(here, g, words) or ()) for g in special)]
        rows.append((label, *(of.get(place, none) for of in cells), *map(str, counts)))
    caption = words["field"].format(field=book.fields[field]["title"])
    key = f"f-angebote-{field}".replace("_", "-")
    source = " · ".join(dict.fromkeys(sources))
    return Figure(key, "", Table(caption, heads, tuple(rows)), "", source)


def describe_gaps(ctx: Context, offers: Sequence[Offer], words: Words) -> list[str]:
    """One sentence per field, place or target group without an offer, field by field."""
    book, gap_sentences = ctx.book, []
    places = _places(ctx)
    for field in ctx.params.fields:
        title = book.fields[field]["title"]
        of_field = [o for o in offers if o.get("field") == field]
        if not of_field:
            gap_sentences.append(words["gap_field"].format(field=title))
            continue
        everywhere = any(ctx.params.ags in o.many("ags") for o in of_field)
        empty = [
            n
            for a, n in sorted(places.items(), key=lambda p: p[1])
            if not any(a in o.many("ags") for o in of_field)
        ]
        if empty and not everywhere:
            gap_sentences.append(words["gap_place"].format(field=title, places=", ".join(empty)))
        lacking = [
            str(book.target_groups[g]["title"])
            for g in ctx.params.target_groups
            if _select_special(of_field, g, words) == []
        ]
        if lacking:
            gap_sentences.append(words["gap_group"].format(field=title, groups=", ".join(lacking)))
    return gap_sentences


def _select_counted(ctx: Context) -> tuple[list[Offer], Words]:
    """Offers that run and were checked within a year of the edition's day, and all words."""
    listing = directory.of(ctx)
    day = freshness.edition_day(ctx.root, ctx.params, ctx.year, listing.offers)
    current = freshness.current(listing.offers, day, listing.words)
    return [o for o in current if o.get("status") == "active"], listing.words.words


def _warnings(offers: Sequence[Offer], words: Words) -> list[Markup]:
    notes = [words["needs"]["quality"]]
    notes += [words["page"]["examples"]] if any(o.yes("example") for o in offers) else []
    return [element("p", text, class_="kh-hinweis") for text in notes]


def _select_special(offers: Sequence[Offer], group: str, words: Words) -> list[Offer] | None:
    """Offers meant for this target group in particular; None where the group is everyone."""
    wanted = set(words["sizes"].get(group, {}).get("offers", ()))
    return [o for o in offers if wanted & set(o.many("target_groups"))] if wanted else None


def _places(ctx: Context) -> dict[str, str]:
    """Municipalities with their names; none where the Kreis is itself the municipality."""
    ags = regions.municipalities(ctx.root, ctx.params.ags)
    return ctx.names(ags) if len(ags) > 1 else {}


def _leading(ctx: Context, field: str) -> Indicator | None:
    """The first indicator of a field that has a figure of this Kreis which is not old."""
    for entry in ctx.book.of_field(field):
        years = (y for y, value in ctx.own(entry).rows("year", "value") if value == value)
        if not ctx.thresholds.is_old(max(years, default=0), ctx.year):
            return entry
    return None


def _newest(ctx: Context, entry: Indicator) -> Protected:
    """Rows of the newest period that municipalities have, or the Kreis if they have none.

    The Kreis is left out where it is counted in another way.
    """
    near = ctx.pick(entry, [ctx.params.ags, *_places(ctx)])
    protected = ctx.focus(near, entry)
    periods = [(ags, at) for ags, at, v in protected.rows("ags", "period", "value") if v == v]
    local = [at for ags, at in periods if len(ags) > 5]
    period = max(local or [at for _, at in periods], default="")
    newest = disclosure.filter_like(protected, period=period)
    if local and ctx.book.mixed(set(newest.column("concept"))):
        return disclosure.select_rows(newest, [len(ags) > 5 for ags in newest.column("ags")])
    return newest


def _cells(ctx: Context, protected: Protected, unit: str) -> dict[str, str]:
    """Place → its figure, or why there is none."""
    cells: dict[str, str] = {}
    for ags, value, status in protected.rows("ags", "value", "status"):
        if ags not in cells and value == value:
            cells[ags] = sentences.number(value, unit, ctx.book)
        elif ags not in cells:
            cells[ags] = sentences.cell(value, status, unit, ctx.book)
    return cells


def _has_figure(protected: Protected) -> bool:
    """Whether any row has a figure."""
    return any(value == value for (value,) in protected.rows("value"))
