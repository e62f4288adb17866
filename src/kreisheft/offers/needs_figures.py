"""Offers beside needs: how many there are, how large the group is, how things stand; and the gaps.

In: a `Context` of the whole book. Out: blocks. Figures come from `Protected` only, and no rate of
offers per head is computed: a count of entries is no measure of supply, and never one of quality.
Counted are offers that run and were checked within a year of the edition's as-of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kreisheft.core.markup import Markup, bullet_list, element, joined
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import source_lines
from kreisheft.offers import directory, freshness
from kreisheft.offers.offer import Offer
from kreisheft.protected import disclosure
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context


def block(ctx: Context) -> Block:
    """Sizes of the target groups, then one table per field by place."""
    found, words = _counted(ctx)
    if not found:
        return note(words["needs"]["unused"])
    sizes = groups(ctx, found, words["needs"])
    parts, told = [*_warnings(found, words), sizes.html()], [sizes.table.caption]
    for field in ctx.params.fields:
        figure = by_place(ctx, field, found, words["needs"])
        title = element("summary", figure.table.caption)
        parts.append(element("details", title, figure.html(), class_="kh-tabelle"))
        told.append(figure.table.caption)
    return Block(element("div", *parts, class_="kh-bedarf"), "\n".join(told))


def gaps(ctx: Context) -> Block:
    """Fields without an offer: in the whole Kreis, in places, for target groups."""
    found, words = _counted(ctx)
    if not found:
        return note(words["needs"]["unused"])
    told = list(missing(ctx, found, words["needs"])) or [words["needs"]["gap_none"]]
    parts = [*_warnings(found, words), bullet_list(told, class_="kh-gruende")]
    return Block(joined(parts), "\n".join(told))


def groups(ctx: Context, found: Sequence[Offer], words: Any) -> Figure:
    """Table: every target group of the book with its size and the offers meant for it."""
    book, none = ctx.book, str(ctx.book.texts["status"]["none"])
    columns = book.texts["columns"]
    own_heads = [words[k] for k in ("size", "period", "special", "open")]
    heads = (words["group"], columns["indicator"], *own_heads)
    rows, sources = [], []
    everyone = sum("alle" in o.many("target_groups") for o in found)
    for group in ctx.params.target_groups:
        rule = words["sizes"].get(group)
        size, period, title = none, none, none
        if rule and book.indicator(rule["indicator"]).field in ctx.params.fields:
            entry = book.indicator(rule["indicator"])
            title = entry.title
            shown = ctx.focus(ctx.newest(ctx.own_of(entry, group), entry), entry)
            if _known(shown):
                value, status, at = shown.rows("value", "status", "period")[0]
                size = sentences.cell(value, status, entry.unit, book)
                period = sentences.period(at, book)
                sources.append(source_lines.source_line(ctx, shown))
        special = _special(found, group, words)
        told = none if special is None else str(len(special))
        label = str(book.target_groups[group]["title"])
        rows.append((label, title, size, period, told, str(everyone)))
    table = Table(
        words["groups"], heads, tuple(rows), words=(columns["indicator"], words["period"])
    )
    return Figure("f-angebote-gruppen", "", table, "", " · ".join(dict.fromkeys(sources)))


def by_place(ctx: Context, field: str, found: Sequence[Offer], words: Any) -> Figure:
    """Table of one field: Kreis and municipalities with their figures and their offers."""
    book, ags = ctx.book, ctx.params.ags
    places = _places(ctx)
    asked = [_leading(ctx, field), *(book.indicators[i] for i in words["places"])]
    titles, cells, sources = [], [], []
    for entry in {e.id: e for e in asked if e}.values():
        local = _newest(ctx, entry)
        if local.count:
            period, group = local.rows("period", "group")[0]
            title = tables.named(entry, group, book)
            titles.append(
                words["leading"].format(title=title, period=sentences.period(period, book))
            )
            cells.append(_cells(ctx, local, entry.unit))
            sources += [source_lines.source_line(ctx, local)] if _known(local) else []
    special = [g for g in ctx.params.target_groups if _special(found, g, words) is not None]
    heads = (words["place"], *titles, words["any"])
    heads += tuple(
        words["special_of"].format(group=book.target_groups[g]["title"]) for g in special
    )
    of_field = [o for o in found if o.get("field") == field]
    rows, none = [], str(book.texts["status"]["none"])
    for place in [ags, *sorted(places, key=lambda a: places[a])]:
        label = places.get(place) or words["everywhere"].format(kreis=ctx.params.name)
        here = [o for o in of_field if place in o.many("ags")]
        counts = [len(here), *(len(_special(here, g, words) or ()) for g in special)]
        rows.append((label, *(of.get(place, none) for of in cells), *map(str, counts)))
    caption = words["field"].format(field=book.fields[field]["title"])
    key = f"f-angebote-{field}".replace("_", "-")
    source = " · ".join(dict.fromkeys(sources))
    return Figure(key, "", Table(caption, heads, tuple(rows)), "", source)


def missing(ctx: Context, found: Sequence[Offer], words: Any) -> list[str]:
    """One sentence per gap, field by field."""
    book, told = ctx.book, []
    places = _places(ctx)
    for field in ctx.params.fields:
        title = book.fields[field]["title"]
        own = [o for o in found if o.get("field") == field]
        if not own:
            told.append(words["gap_field"].format(field=title))
            continue
        everywhere = any(ctx.params.ags in o.many("ags") for o in own)
        empty = [
            n
            for a, n in sorted(places.items(), key=lambda p: p[1])
            if not any(a in o.many("ags") for o in own)
        ]
        if empty and not everywhere:
            told.append(words["gap_place"].format(field=title, places=", ".join(empty)))
        lacking = [
            str(book.target_groups[g]["title"])
            for g in ctx.params.target_groups
            if _special(own, g, words) == []
        ]
        if lacking:
            told.append(words["gap_group"].format(field=title, groups=", ".join(lacking)))
    return told


def _counted(ctx: Context) -> tuple[list[Offer], Any]:
    own = directory.of(ctx)
    day = freshness.edition_day(ctx.root, ctx.params, ctx.year, own.offers)
    current = freshness.current(own.offers, day, own.words)
    return [o for o in current if o.get("status") == "active"], own.words.words


def _warnings(found: Sequence[Offer], words: Any) -> list[Markup]:
    notes = [words["needs"]["quality"]]
    notes += [words["page"]["examples"]] if any(o.yes("example") for o in found) else []
    return [element("p", text, class_="kh-hinweis") for text in notes]


def _special(found: Sequence[Offer], group: str, words: Any) -> list[Offer] | None:
    """Offers that are meant for a target group in particular; None for everyone."""
    wanted = set(words["sizes"].get(group, {}).get("offers", ()))
    return [o for o in found if wanted & set(o.many("target_groups"))] if wanted else None


def _places(ctx: Context) -> dict[str, str]:
    """Municipalities with their names; none where the Kreis is itself the municipality."""
    found = regions.municipalities(ctx.root, ctx.params.ags)
    return ctx.names(found) if len(found) > 1 else {}


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
    shown = ctx.focus(near, entry)
    known = [(ags, at) for ags, at, v in shown.rows("ags", "period", "value") if v == v]
    local = [at for ags, at in known if len(ags) > 5]
    period = max(local or [at for _, at in known], default="")
    newest = disclosure.like(shown, period=period)
    if local and ctx.book.mixed(set(newest.column("concept"))):
        return disclosure.narrow(newest, [len(ags) > 5 for ags in newest.column("ags")])
    return newest


def _cells(ctx: Context, shown: Protected, unit: str) -> dict[str, str]:
    """Place → its figure, or why there is none."""
    found: dict[str, str] = {}
    for ags, value, status in shown.rows("ags", "value", "status"):
        if ags not in found and value == value:
            found[ags] = sentences.number(value, unit, ctx.book)
        elif ags not in found:
            found[ags] = sentences.cell(value, status, unit, ctx.book)
    return found


def _known(shown: Protected) -> bool:
    """Whether any row has a figure."""
    return any(value == value for (value,) in shown.rows("value"))
