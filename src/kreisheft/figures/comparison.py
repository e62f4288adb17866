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
    now = comparison_ring.ring(newest, ctx.params.ags)
    if now is None:
        return ctx.nothing(indicator, "nothing_ring")
    shown, found = _with_years(ctx, indicator, newest, now)
    names = labels(ctx, indicator, shown)
    own = names[ctx.params.ags]
    present = {ags for ags, value in newest.rows("ags", "value") if value == value}
    missing = [names[a] for a in ctx.compared.ags if a not in present]
    who, rules = phrase(ctx), ctx.thresholds
    sentence = sentences.ring(now, indicator, own, who, ctx.book, rules, sorted(missing))
    if now.n < ctx.thresholds.peers:
        return note(sentence)
    sentence += sentences.ring_break(found, ctx.book) + gap_and_ratio.told(ctx, indicator, newest)
    at = " · ".join(sentences.period(r.period, ctx.book) for r in found)
    caption = ctx.heading("ring", **{**ctx.words(newest, indicator), "year": at})
    table = tables.by_member(shown, indicator, caption, names, ctx.book)
    spec = peer_strip.fill(shown, indicator, found, names, ctx.params.ags, sentence, ctx.book)
    return series.figure(ctx, indicator, "vergleich", sentence, table, spec, shown)


def overview(ctx: Context, years: bool = False) -> Figure | Block:
    """Every indicator but mere counts: own value, quarter, number of peers, quartiles.

    years: one row for each declared year instead of one for the newest period.
    """
    found, used = [], []
    for indicator in ctx.indicators:
        if ctx.book.counts(indicator):
            continue
        wanted = ctx.params.comparison.years if years else (None,)
        for year in wanted:
            shown = rows(ctx, indicator, year)
            one = comparison_ring.ring(shown, ctx.params.ags)
            if one and one.n >= ctx.thresholds.peers:
                found.append((indicator, one))
                used.append((indicator, shown))
    if not found:
        return note(ctx.book.texts["ui"]["nothing_years" if years else "coverage_no"])
    key = "ring_years" if years else "ring_table"
    caption = ctx.heading(key, peers=phrase(ctx))
    name = regions.name(ctx.root, ctx.params.ags)
    table = tables.rings(found, caption, name, ctx.book)
    source = source_lines.source_line(ctx, *source_lines.behind(ctx, used))
    return Figure("f-ringe-jahre" if years else "f-ringe", "", table, "", source)


def members(ctx: Context) -> Figure:
    """Who is compared, with the traits of each from open official tables, in the alphabet."""
    chosen = ctx.compared
    as_of = ctx.params.as_of.get(ctx.year)
    shown = peers.traits(ctx.root, ctx.year, as_of)
    shown = disclosure.narrow(shown, [a in chosen.ags for a in shown.column("ags")])
    caption = ctx.heading("peers", peers=phrase(ctx))
    declared = peers.rules(ctx.root)["traits"]
    table = tables.members(shown, declared, caption, _names(ctx), ctx.book)
    return Figure("f-vergleichskreise", "", table, "", source_lines.source_line(ctx, shown))


def rows(ctx: Context, indicator: Indicator, year: int | None = None) -> Protected:
    """Rows of all peers like the own one: same group, period and table.

    year: the last period of this year; None for the newest there is.
    """
    return like_own(ctx, indicator, ctx.among_peers(indicator), year)


def like_own(
    ctx: Context, indicator: Indicator, everyone: Protected, year: int | None = None
) -> Protected:
    """Those rows of `everyone` that are of the own group, period and table; see `rows`."""
    own = ctx.own(indicator)
    group = ctx.leading(own, indicator)
    found = [
        (period, table)
        for period, table, one, at, value in own.rows("period", "table", "group", "year", "value")
        if one == group and year in (None, at) and value == value
    ]
    if not found:
        return ctx.none
    period, table = max(found)
    return disclosure.like(everyone, group=group, period=period, table=table)


def labels(ctx: Context, indicator: Indicator, shown: Protected) -> dict[str, str]:
    """Peers → names; a code instead where a table behind is a delivery of the members' own."""
    names = _names(ctx)
    if not delivered(ctx, indicator, shown):
        return names
    agreed = ctx.params.comparison.named
    secret = comparison_ring.unnamed(names, ctx.params.ags, agreed)
    coded = ctx.book.texts["ui"]["coded"]
    found = comparison_ring.codes(shown, secret)
    return {**names, **{a: str(coded).format(code=code) for a, code in found.items()}}


def delivered(ctx: Context, indicator: Indicator, shown: Protected) -> bool:
    """Whether any of the rows rests on a delivery of the members' own."""
    used = set(shown.column("table"))
    behind = [s for s in indicator.sources if s.table in used]
    return any(ctx.passports[t].delivered for s in behind for t in s.tables)


def phrase(ctx: Context) -> str:
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
    parts, found, least = [newest], [now], ctx.thresholds.peers
    for year in ctx.params.comparison.years:
        shown = rows(ctx, indicator, year)
        one = comparison_ring.ring(shown, ctx.params.ags)
        if one and one.n >= least and one.period not in {r.period for r in found}:
            parts.append(shown)
            found.append(one)
    keys = {key for part in parts for key in part.rows("period", "table")}
    everyone = disclosure.like(ctx.among_peers(indicator), group=now.group)
    mine = [key in keys for key in everyone.rows("period", "table")]
    return disclosure.narrow(everyone, mine), sorted(found, key=lambda r: r.period)
