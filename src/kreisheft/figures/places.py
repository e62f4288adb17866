"""Figures with a place: maps of municipalities and of Kreise, and one small chart for each of many.

In: a `Context` and an indicator. Out: a `Figure` with its table in the alphabet, or a note. Nothing
is drawn that `Protected` does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kreisheft.catalogue import params
from kreisheft.core.project import keep_newest
from kreisheft.facts import regions
from kreisheft.figures import comparison, definitions, series
from kreisheft.protected import disclosure
from kreisheft.render import map_outlines, maps, sentences, small_multiples, tables
from kreisheft.render.figure import Block, Figure, note

if TYPE_CHECKING:
    from pathlib import Path

    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.facts.stages import Protected
    from kreisheft.figures.context import Context
    from kreisheft.render.map_outlines import Ground


def municipalities(ctx: Context, indicator: Indicator) -> Figure | Block:
    """Map and table of the municipalities in the newest period they have."""
    names = ctx.names(regions.municipalities(ctx.root, ctx.params.ags))
    found = ctx.newest(ctx.pick(indicator, list(names)), indicator)
    found = ctx.focus(found, indicator)
    if not found.has_number:
        return ctx.nothing(indicator, "nothing_map")
    sentence = sentences.municipalities(found, indicator, names, ctx.book)
    caption = ctx.heading("map", **ctx.words(found, indicator))
    # A kreisfreie Stadt is its own only municipality and has no profile.
    profile = definitions.up(ctx) + "kommunen.html#gemeinde-"
    links = {ags: profile + ags for ags in names} if len(names) > 1 else {}
    borders = _borders(ctx.root, ctx.params.ags, "")
    return _mapped(ctx, indicator, found, borders, names, sentence, caption, links)


def kreise(ctx: Context, indicator: Indicator) -> Figure | Block:
    """Map and table of all Kreise of the Land like the own figure; nothing of too few."""
    own = ctx.params.ags
    names = comparison.short_names(ctx, regions.kreise(ctx.root, own[:2]))
    found = comparison.like_own(ctx, indicator, ctx.pick(indicator, list(names)))
    # What members of a ring delivered themselves is theirs to show.
    if comparison.delivered(ctx, indicator, found):
        agreed = {own, *ctx.params.comparison.named}
        found = disclosure.select_rows(found, [a in agreed for a in found.column("ags")])
    known = {ags: value for ags, value in found.rows("ags", "value") if value == value}
    if own not in known or len(known) < ctx.thresholds.peers:
        text = str(ctx.book.texts["maps"]["nothing_kreise"])
        return note(text.format(title=indicator.title, year=ctx.year))
    words = ctx.words(found, indicator)
    span = {
        key: sentences.number(value, indicator.unit, ctx.book)
        for key, value in (
            ("own", known[own]),
            ("lowest", min(known.values())),
            ("highest", max(known.values())),
        )
    }
    sentence = str(ctx.book.texts["maps"]["kreise"]).format(
        **words, **span, name=names[own], n=len(known)
    )
    land = regions.name(ctx.root, own[:2])
    caption = str(ctx.book.texts["maps"]["kreise_caption"]).format(**words, land=land)
    borders = _borders(ctx.root, "", own[:2])
    return _mapped(ctx, indicator, found, borders, names, sentence, caption, {})


def _mapped(
    ctx: Context,
    indicator: Indicator,
    found: Protected,
    borders: tuple[Ground, str],
    names: dict[str, str],
    sentence: str,
    caption: str,
    links: Mapping[str, str],
) -> Figure:
    """Table and map in one figure, with the sources of figures and borders."""
    small = len(next(iter(names))) == 8
    kind, head = ("gemeinden", "municipality") if small else ("kreise", "member")
    table = tables.by_region(found, indicator, caption, names, head, ctx.book)
    figure = series.figure(ctx, indicator, kind, sentence, table, None, found)
    own = ctx.params.ags if kind == "kreise" else ""
    labels = maps.Labels(figure.id, figure.name, names, links, own)
    ground, credit = borders
    drawing = maps.html(found, indicator, ground, labels, ctx.book)
    credit = ctx.book.texts["ui"]["map_source"].format(source=credit)
    source = f"{figure.source}; {credit}"
    return replace(figure, drawing=drawing, source=source)


def _borders(root: Path, kreis: str, land: str) -> tuple[Ground, str]:
    """Outlines of the municipalities of a Kreis or of the Kreise of a Land, and whose they are."""
    return _outlined(root, kreis, land, regions.stamp(root))


@keep_newest(8)
def _outlined(root: Path, kreis: str, land: str, _stamp: int) -> tuple[Ground, str]:
    found: dict[str, Any] = (
        regions.boundaries(root, kreis) if kreis else regions.kreis_boundaries(root, land)
    )
    return map_outlines.ground(found["features"]), f"{found['attribution']} ({found['licence']})"


def side_by_side(ctx: Context, indicator: Indicator, *, groups: bool = False) -> Figure | Block:
    """One small chart for each municipality, or of the Kreis for each group, in one scale."""
    words, book = ctx.book.texts["panels"], ctx.book
    if groups:
        shown, by = ctx.own(indicator), "group"
        order = tables.in_order(shown.column("group"), indicator, book)
        names = {group: book.label(group) for group in order}
        values = {"title": indicator.title}
    else:
        names = ctx.names(regions.municipalities(ctx.root, ctx.params.ags))
        names = dict(sorted(names.items(), key=lambda one: params.slug(one[1])))
        shown, by = ctx.focus(ctx.pick(indicator, list(names)), indicator), "ags"
        group = next(iter(shown.column("group")), "")
        values = {"title": indicator.title, "group": book.label(group) if group else ""}
    shown = small_multiples.narrowed(shown, by)
    drawn = small_multiples.lines(shown, by, names)
    if len(drawn) < 2:
        return note(words["nothing"].format(title=indicator.title, year=ctx.year))
    prefix = "groups_" if groups else ""
    last = [one.points[-1] for one in drawn]
    low, high = (
        sentences.number(found(v for _, v, _ in last), indicator.unit, book) for found in (min, max)
    )
    years = [year for one in drawn for year, _, _ in one.points]
    sentence = words[f"{prefix}sentence"].format(
        **values, n=len(drawn), low=low, high=high, first=min(years), last=max(years)
    )
    sentence += words["cut"] if any(one.is_cut for one in drawn) else ""
    caption = words[f"{prefix}caption"].format(**values)
    if groups:
        table = tables.series(shown, indicator, caption, book)
    else:
        table = tables.by_place(shown, indicator, caption, names, book)
    kind = "tafeln-gruppen" if groups else "tafeln"
    figure = series.figure(ctx, indicator, kind, sentence, table, None, shown)
    return replace(figure, drawing=small_multiples.html(drawn, indicator, book))
