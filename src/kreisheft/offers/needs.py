"""Offers beside needs: how many there are, how large the group is, how things stand; and the gaps.

In: a `Chapter` of the whole book. Out: blocks. Figures come from `Protected` only, and no rate of
offers per head is computed: a count of entries is no measure of supply, and never one of quality.
Counted are offers that run and were checked within a year of the edition's as-of date.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from kreisheft import disclosure, pages, regions, tables, texts
from kreisheft.figure import Block, Figure, note
from kreisheft.model import Protected
from kreisheft.offers import directory, freshness
from kreisheft.offers.offer import Offer
from kreisheft.tables import Table

if TYPE_CHECKING:
    from kreisheft.catalogue import Indicator
    from kreisheft.chapter import Chapter


def block(chapter: Chapter) -> Block:
    """Sizes of the target groups, then one table per field by place."""
    found, words = _counted(chapter)
    if not found:
        return note(words["needs"]["unused"])
    sizes, near = groups(chapter, found, words["needs"]), _near(chapter)
    parts, told = [_warnings(found, words), sizes.html()], [sizes.table.caption]
    for field in chapter.params.fields:
        figure = by_place(chapter, near, field, found, words["needs"])
        title = escape(figure.table.caption)
        parts.append(
            f'<details class="kh-tabelle"><summary>{title}</summary>{figure.html()}</details>'
        )
        told.append(figure.table.caption)
    return Block(f'<div class="kh-bedarf">{"".join(parts)}</div>', "\n".join(told))


def gaps(chapter: Chapter) -> Block:
    """Fields without an offer: in the whole Kreis, in places, for target groups."""
    found, words = _counted(chapter)
    if not found:
        return note(words["needs"]["unused"])
    told = list(missing(chapter, found, words["needs"])) or [words["needs"]["gap_none"]]
    items = "".join(f"<li>{escape(t)}</li>" for t in told)
    return Block(f'{_warnings(found, words)}<ul class="kh-gruende">{items}</ul>', "\n".join(told))


def groups(chapter: Chapter, found: Sequence[Offer], words: Any) -> Figure:
    """Table: every target group of the book with its size and the offers meant for it."""
    book, none = chapter.book, str(chapter.book.texts["status"]["none"])
    columns = book.texts["columns"]
    own_heads = [words[k] for k in ("size", "period", "special", "open")]
    heads = (words["group"], columns["indicator"], *own_heads)
    rows, sources = [], []
    everyone = sum("alle" in o.many("target_groups") for o in found)
    for group in chapter.params.target_groups:
        rule = words["sizes"].get(group)
        size, period, title = none, none, none
        if rule and book.indicator(rule["indicator"]).field in chapter.params.fields:
            entry = book.indicator(rule["indicator"])
            # Another chapter of the same kind; importing the class here would be a circle.
            other = type(chapter)(
                entry.field, chapter.params.kreis, chapter.year, group, chapter.root
            )
            title = entry.title
            own = other.newest(other.pick(entry, [chapter.params.ags]), entry)
            shown = other.focus(own, entry)
            if shown.frame["value"].notna().any():
                row = shown.frame.iloc[0]
                size = texts.cell(float(row["value"]), str(row["status"]), entry.unit, book)
                period = texts.period(str(row["period"]))
                sources.append(pages.source_line(other, shown))
        special = _special(found, group, words)
        told = none if special is None else str(len(special))
        label = str(book.target_groups[group]["title"])
        rows.append((label, title, size, period, told, str(everyone)))
    table = Table(
        words["groups"], heads, tuple(rows), words=(columns["indicator"], words["period"])
    )
    return Figure("f-angebote-gruppen", "", table, "", " · ".join(dict.fromkeys(sources)))


def by_place(
    chapter: Chapter, near: Protected, field: str, found: Sequence[Offer], words: Any
) -> Figure:
    """Table of one field: Kreis and municipalities with their figures and their offers.

    near: figures of the Kreis and its municipalities.
    """
    book, ags = chapter.book, chapter.params.ags
    places = _places(chapter)
    asked = [_leading(chapter, near, field), *(book.indicators[i] for i in words["places"])]
    shown: list[tuple[str, Protected]] = []
    for entry in {e.id: e for e in asked if e}.values():
        local = _newest(chapter, near, entry)
        if len(local.frame):
            period = texts.period(str(local.frame["period"].iloc[0]))
            title = tables.named(entry, str(local.frame["group"].iloc[0]), book)
            shown.append((words["leading"].format(title=title, period=period), local))
    special = [g for g in chapter.params.target_groups if _special(found, g, words) is not None]
    heads = (words["place"], *(title for title, _ in shown), words["any"])
    heads += tuple(
        words["special_of"].format(group=book.target_groups[g]["title"]) for g in special
    )
    of_field = [o for o in found if o.get("field") == field]
    rows = []
    for place in [ags, *sorted(places, key=lambda a: places[a])]:
        label = places.get(place) or words["everywhere"].format(kreis=chapter.params.name)
        here = [o for o in of_field if place in o.many("ags")]
        counts = [len(here), *(len(_special(here, g, words) or ()) for g in special)]
        cells = (_cell(chapter, local, place) for _, local in shown)
        rows.append((label, *cells, *map(str, counts)))
    caption = words["field"].format(field=book.fields[field]["title"])
    sources = [
        pages.source_line(chapter, local)
        for _, local in shown
        if local.frame["value"].notna().any()
    ]
    key = f"f-angebote-{field}".replace("_", "-")
    source = " · ".join(dict.fromkeys(sources))
    return Figure(key, "", Table(caption, heads, tuple(rows)), "", source)


def missing(chapter: Chapter, found: Sequence[Offer], words: Any) -> list[str]:
    """One sentence per gap, field by field."""
    book, told = chapter.book, []
    places = _places(chapter)
    for field in chapter.params.fields:
        title = book.fields[field]["title"]
        own = [o for o in found if o.get("field") == field]
        if not own:
            told.append(words["gap_field"].format(field=title))
            continue
        everywhere = any(chapter.params.ags in o.many("ags") for o in own)
        empty = [
            n
            for a, n in sorted(places.items(), key=lambda p: p[1])
            if not any(a in o.many("ags") for o in own)
        ]
        if empty and not everywhere:
            told.append(words["gap_place"].format(field=title, places=", ".join(empty)))
        lacking = [
            str(book.target_groups[g]["title"])
            for g in chapter.params.target_groups
            if _special(own, g, words) == []
        ]
        if lacking:
            told.append(words["gap_group"].format(field=title, groups=", ".join(lacking)))
    return told


def _counted(chapter: Chapter) -> tuple[list[Offer], Any]:
    own = directory.load(chapter.root, chapter.params)
    day = freshness.edition_day(chapter.root, chapter.params, chapter.year, own.offers)
    current = freshness.current(own.offers, day, own.words)
    return [o for o in current if o.get("status") == "active"], own.words.words


def _warnings(found: Sequence[Offer], words: Any) -> str:
    notes = [words["needs"]["quality"]]
    notes += [words["page"]["examples"]] if any(o.yes("example") for o in found) else []
    return "".join(f'<p class="kh-hinweis">{escape(n)}</p>' for n in notes)


def _special(found: Sequence[Offer], group: str, words: Any) -> list[Offer] | None:
    """Offers that are meant for a target group in particular; None for everyone."""
    wanted = set(words["sizes"].get(group, {}).get("offers", ()))
    return [o for o in found if wanted & set(o.many("target_groups"))] if wanted else None


def _places(chapter: Chapter) -> dict[str, str]:
    """Municipalities with their names; none where the Kreis is itself the municipality."""
    found = regions.municipalities(chapter.root, chapter.params.ags)
    return chapter.names(found) if len(found) > 1 else {}


def _near(chapter: Chapter) -> Protected:
    """Figures of the Kreis and its municipalities: picked once, for the whole has many regions."""
    wanted = chapter.shown.frame["ags"].isin([chapter.params.ags, *_places(chapter)])
    return disclosure.narrow(chapter.shown, wanted)


def _leading(chapter: Chapter, near: Protected, field: str) -> Indicator | None:
    """The first indicator of a field that has a figure of this Kreis which is not old."""
    frame = near.frame.dropna(subset="value")
    own = frame[frame["ags"] == chapter.params.ags]
    newest = own.groupby(own["indicator"].astype(str))["year"].max().to_dict()
    for entry in chapter.book.of_field(field):
        if chapter.year - newest.get(entry.id, 0) <= pages.OLDEST_HEADLINE:
            return entry
    return None


def _newest(chapter: Chapter, near: Protected, entry: Indicator) -> Protected:
    """Rows of the newest period that municipalities have, or the Kreis if they have none.

    The Kreis is left out where it is counted in another way.
    """
    own = disclosure.narrow(near, near.frame["indicator"] == entry.id)
    frame = chapter.focus(own, entry).frame
    known = frame.dropna(subset="value")
    local = known[known["ags"].str.len() > 5]
    period = (local if len(local) else known)["period"].astype(str).max()
    group = frame["group"].iloc[0] if len(frame) else ""
    rows = (own.frame["period"].astype(str) == period) & (own.frame["group"] == group)
    concepts = set(own.frame.loc[rows, "concept"].astype(str))
    if len(local) and chapter.book.mixed(concepts):
        rows &= own.frame["ags"].str.len() > 5
    return disclosure.narrow(own, rows)


def _cell(chapter: Chapter, shown: Protected, place: str) -> str:
    here = disclosure.narrow(shown, shown.frame["ags"] == place).frame
    if here.empty:
        return str(chapter.book.texts["status"]["none"])
    row = here.iloc[0]
    value, status = float(row["value"]), str(row["status"])
    unit = chapter.book.indicators[str(row["indicator"])].unit
    if math.isnan(value):
        return texts.cell(value, status, unit, chapter.book)
    return texts.number(value, unit, chapter.book)
