"""Figures with a place: maps of municipalities and of Kreise, and one small chart for each of many.

In: a `Context` and an indicator. Out: a `Figure` with its table in the alphabet, or a note. Nothing
is drawn that `Protected` does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

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
    protected = ctx.newest(ctx.pick(indicator, list(names)), indicator)
    protected = ctx.focus(protected, indicator)
    if not protected.has_number:
        return ctx.nothing(indicator, "nothing_map")
    sentence = sentences.municipalities(protected, indicator, names, ctx.book)
    caption = ctx.heading("map", **ctx.words(protected, indicator))
    # A kreisfreie Stadt is its own only municipality and has no profile.
    profile = definitions.path_to_start(ctx) + "kommunen.html#gemeinde-"
    links = {ags: profile + ags for ags in names} if len(names) > 1 else {}
    borders = _borders(ctx.root, ctx.params.ags, "")
    return _draw_map(ctx, indicator, protected, borders, names, sentence, caption, links)


def kreise(ctx: Context, indicator: Indicator) -> Figure | Block:
    """Map and table of all Kreise of the Land, for the group, period and table of the own figure.

    A note where fewer than `thresholds.peers` of them have a figure.
    """
    own_ags = ctx.params.ags
    names = comparison.short_names(ctx, regions.kreise(ctx.root, own_ags[:2]))
    protected = comparison.select_like_own(ctx, indicator, ctx.pick(indicator, list(names)))
    # What members of a ring delivered themselves is theirs to show.
    if comparison.is_delivered(ctx, indicator, protected):
        agreed = {own_ags, *ctx.params.comparison.named}
        protected = disclosure.select_rows(
            protected, [a in agreed for a in protected.column("ags")]
        )
    values = {ags: value for ags, value in protected.rows("ags", "value") if value == value}
    if own_ags not in values or len(values) < ctx.thresholds.peers:
        text = str(ctx.book.texts["maps"]["nothing_kreise"])
        return note(text.format(title=indicator.title, year=ctx.year))
    words = ctx.words(protected, indicator)
    span = {
        key: sentences.number(value, indicator.unit, ctx.book)
        for key, value in (
            ("own", values[own_ags]),
            ("lowest", min(values.values())),
            ("highest", max(values.values())),
        )
    }
    sentence = str(ctx.book.texts["maps"]["kreise"]).format(
        **words, **span, name=names[own_ags], n=len(values)
    )
    land = regions.name(ctx.root, own_ags[:2])
    caption = str(ctx.book.texts["maps"]["kreise_caption"]).format(**words, land=land)
    borders = _borders(ctx.root, "", own_ags[:2])
    return _draw_map(ctx, indicator, protected, borders, names, sentence, caption, {})


def _draw_map(
    ctx: Context,
    indicator: Indicator,
    protected: Protected,
    borders: tuple[Ground, str],
    names: dict[str, str],
    sentence: str,
    caption: str,
    links: Mapping[str, str],
) -> Figure:
    """Table and map in one figure; its source line names the source of the borders too."""
    small = len(next(iter(names))) == 8
    kind, head = ("gemeinden", "municipality") if small else ("kreise", "member")
    table = tables.by_region(protected, indicator, caption, names, head, ctx.book)
    figure = series.figure(ctx, indicator, kind, sentence, table, None, protected)
    own_ags = ctx.params.ags if kind == "kreise" else ""
    labels = maps.Labels(figure.id, figure.name, names, links, own_ags)
    ground, credit = borders
    drawing = maps.html(protected, indicator, ground, labels, ctx.book)
    credit = ctx.book.texts["ui"]["map_source"].format(source=credit)
    source = f"{figure.source}; {credit}"
    return replace(figure, drawing=drawing, source=source)


def _borders(root: Path, kreis: str, land: str) -> tuple[Ground, str]:
    """Outlines of the municipalities of a Kreis or of the Kreise of a Land, and whose they are."""
    return _read_outlines(root, kreis, land, regions.stamp(root))


@keep_newest(8)
def _read_outlines(root: Path, kreis: str, land: str, _stamp: int) -> tuple[Ground, str]:
    collection = regions.boundaries(root, kreis) if kreis else regions.kreis_boundaries(root, land)
    return map_outlines.ground(
        collection["features"]
    ), f"{collection['attribution']} ({collection['licence']})"


def side_by_side(ctx: Context, indicator: Indicator, *, groups: bool = False) -> Figure | Block:
    """One small chart for each municipality, or of the Kreis for each group, in one scale."""
    words, book = ctx.book.texts["panels"], ctx.book
    if groups:
        protected, by = ctx.own(indicator), "group"
        order = tables.order_groups(protected.column("group"), indicator, book)
        names = {group: book.label(group) for group in order}
        values = {"title": indicator.title}
    else:
        names = ctx.names(regions.municipalities(ctx.root, ctx.params.ags))
        names = dict(sorted(names.items(), key=lambda pair: params.slug(pair[1])))
        protected, by = ctx.focus(ctx.pick(indicator, list(names)), indicator), "ags"
        group = next(iter(protected.column("group")), "")
        values = {"title": indicator.title, "group": book.label(group) if group else ""}
    protected = small_multiples.select_shared_years(protected, by)
    lines = small_multiples.lines(protected, by, names)
    if len(lines) < 2:
        return note(words["nothing"].format(title=indicator.title, year=ctx.year))
    prefix = "groups_" if groups else ""
    last = [line.points[-1] for line in lines]
    low, high = (
        sentences.number(extreme(v for _, v, _ in last), indicator.unit, book)
        for extreme in (min, max)
    )
    years = [year for line in lines for year, _, _ in line.points]
    sentence = words[f"{prefix}sentence"].format(
        **values, n=len(lines), low=low, high=high, first=min(years), last=max(years)
    )
    sentence += words["cut"] if any(line.is_cut for line in lines) else ""
    caption = words[f"{prefix}caption"].format(**values)
    if groups:
        table = tables.series(protected, indicator, caption, book)
    else:
        table = tables.by_place(protected, indicator, caption, names, book)
    kind = "tafeln-gruppen" if groups else "tafeln"
    figure = series.figure(ctx, indicator, kind, sentence, table, None, protected)
    return replace(figure, drawing=small_multiples.html(lines, indicator, book))
