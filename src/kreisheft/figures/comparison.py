"""The Kreis in its comparison ring: one indicator, all indicators, two years, and who takes part.

In: a `Context`. Out: `Figure` or `Block`. A table is ordered by name or code, never by value; fewer
peers with a figure than `thresholds` asks for are withheld; a member's own delivery is named only
with its consent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from kreisheft.catalogue import params
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import gap_and_ratio, series, source_lines
from kreisheft.findings import comparison_ring
from kreisheft.findings.comparison_ring import Ring
from kreisheft.protected import disclosure, peers
from kreisheft.render import sentences, tables
from kreisheft.render.chart_kinds import peer_strip
from kreisheft.render.figure import Block, Figure, note

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context


def figure(ctx: Context, indicator: Indicator) -> Figure | Block:
    """The Kreis among its peers in the newest period and in the declared years."""
    newest = rows(ctx, indicator)
    now = comparison_ring.build_ring(newest, ctx.params.ags)
    if now is None:
        return ctx.nothing(indicator, "nothing_ring")
    protected, rings = _with_years(ctx, indicator, newest, now)
    names = labels(ctx, indicator, protected)
    own_name = names[ctx.params.ags]
    present = {ags for ags, value in newest.rows("ags", "value") if value == value}
    missing = [names[a] for a in ctx.compared.ags if a not in present]
    who, rules = peers_in_words(ctx), ctx.thresholds
    sentence = sentences.place_in_ring(
        now, indicator, own_name, who, ctx.book, rules, sorted(missing)
    )
    if now.n < ctx.thresholds.peers:
        return note(sentence)
    sentence += sentences.ring_break(rings, ctx.book) + gap_and_ratio.warn_of_difference(
        ctx, indicator, newest
    )
    at = " · ".join(sentences.period(r.period, ctx.book) for r in rings)
    caption = ctx.heading("ring", **{**ctx.words(newest, indicator), "year": at})
    table = tables.by_member(protected, indicator, caption, names, ctx.book)
    spec = peer_strip.fill(protected, indicator, rings, names, ctx.params.ags, sentence, ctx.book)
    return series.figure(ctx, indicator, "vergleich", sentence, table, spec, protected)


def overview(ctx: Context, years: bool = False) -> Figure | Block:
    """Table of all indicators but counts: own value, quarter, number of peers, quartiles.

    years: one row for each declared year instead of one for the newest period.
    """
    placed, used = [], []
    for indicator in ctx.indicators:
        if ctx.book.counts(indicator):
            continue
        wanted = ctx.params.comparison.years if years else (None,)
        for year in wanted:
            protected = rows(ctx, indicator, year)
            ring = comparison_ring.build_ring(protected, ctx.params.ags)
            if ring and ring.n >= ctx.thresholds.peers:
                placed.append((indicator, ring))
                used.append((indicator, protected))
    if not placed:
        return note(ctx.book.texts["ui"]["nothing_years" if years else "coverage_no"])
    key = "ring_years" if years else "ring_table"
    caption = ctx.heading(key, peers=peers_in_words(ctx))
    name = regions.name(ctx.root, ctx.params.ags)
    table = tables.rings(placed, caption, name, ctx.book)
    source = source_lines.source_line(ctx, *source_lines.rows_behind(ctx, used))
    return Figure("f-ringe-jahre" if years else "f-ringe", "", table, "", source)


def members(ctx: Context) -> Figure:
    """Who is compared, with the traits of each from open official tables, in the alphabet."""
    compared = ctx.compared
    as_of = ctx.params.as_of.get(ctx.year)
    traits = peers.load_traits(ctx.root, ctx.year, as_of)
    traits = disclosure.select_rows(traits, [a in compared.ags for a in traits.column("ags")])
    caption = ctx.heading("peers", peers=peers_in_words(ctx))
    declared = peers.load_rules(ctx.root)["traits"]
    table = tables.members(traits, declared, caption, _names(ctx), ctx.book)
    return Figure("f-vergleichskreise", "", table, "", source_lines.source_line(ctx, traits))


def rows(ctx: Context, indicator: Indicator, year: int | None = None) -> Protected:
    """Rows of all peers with the group, period and table of the Kreis's own figure.

    year: the last period of this year; None for the newest there is.
    """
    return select_like_own(ctx, indicator, ctx.among_peers(indicator), year)


def select_like_own(
    ctx: Context, indicator: Indicator, candidates: Protected, year: int | None = None
) -> Protected:
    """Rows of `candidates` with the group, period and table of the Kreis's newest figure.

    year: of the Kreis's figure of that year instead. No row if the Kreis has none.
    """
    own_rows = ctx.own(indicator)
    group = ctx.leading(own_rows, indicator)
    places = [
        (period, table)
        for period, table, row_group, at, value in own_rows.rows(
            "period", "table", "group", "year", "value"
        )
        if row_group == group and year in (None, at) and value == value
    ]
    if not places:
        return ctx.none
    period, table = max(places)
    return disclosure.filter_like(candidates, group=group, period=period, table=table)


def labels(ctx: Context, indicator: Indicator, protected: Protected) -> dict[str, str]:
    """Name per peer; a code where a table behind the rows was delivered by the members."""
    names = _names(ctx)
    if not is_delivered(ctx, indicator, protected):
        return names
    agreed = ctx.params.comparison.named
    secret = comparison_ring.select_coded(names, ctx.params.ags, agreed)
    coded = ctx.book.texts["ui"]["coded"]
    codes = comparison_ring.assign_codes(protected, secret)
    return {**names, **{a: str(coded).format(code=code) for a, code in codes.items()}}


def is_delivered(ctx: Context, indicator: Indicator, protected: Protected) -> bool:
    """Whether any row comes from a table that members of the ring delivered themselves."""
    used = set(protected.column("table"))
    behind = [s for s in indicator.sources if s.table in used]
    return any(ctx.passports[t].delivered for s in behind for t in s.tables)


def peers_in_words(ctx: Context) -> str:
    """Who the peers are, in words for a sentence: ``Kreise … in Nordrhein-Westfalen``."""
    words = ctx.book.texts["ui"][f"peers_{ctx.compared.way}"]
    size = sentences.number(ctx.params.comparison.cities_from, "personen", ctx.book)
    land = regions.name(ctx.root, ctx.params.ags[:2])
    return str(words).format(land=land, size=size)


def _names(ctx: Context) -> dict[str, str]:
    return short_names(ctx, ctx.compared.ags)


def short_names(ctx: Context, ags: Sequence[str]) -> dict[str, str]:
    """Region keys → short names; the full one where two, Kreis and city, share it."""
    names = ctx.names(ags)
    count, full = Counter(names.values()), partial(params.full_name, ctx.root)
    return {a: full(a) if count[name] > 1 else name for a, name in names.items()}


def _with_years(
    ctx: Context, indicator: Indicator, newest: Protected, now: Ring
) -> tuple[Protected, list[Ring]]:
    """Rows and rings of the declared years and of the newest period, oldest first."""
    parts, rings, least = [newest], [now], ctx.thresholds.peers
    for year in ctx.params.comparison.years:
        protected = rows(ctx, indicator, year)
        ring = comparison_ring.build_ring(protected, ctx.params.ags)
        if ring and ring.n >= least and ring.period not in {r.period for r in rings}:
            parts.append(protected)
            rings.append(ring)
    keys = {key for part in parts for key in part.rows("period", "table")}
    group_rows = disclosure.filter_like(ctx.among_peers(indicator), group=now.group)
    mine = [key in keys for key in group_rows.rows("period", "table")]
    return disclosure.select_rows(group_rows, mine), sorted(rings, key=lambda r: r.period)
