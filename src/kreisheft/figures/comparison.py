"""The Kreis in its comparison ring: one indicator, all indicators, two years, and who takes part.

In: a `Chapter`. Out: `Figure` or `Block`. A table is ordered by name or code, never by value; fewer
than five peers with a figure are withheld; a member's own delivery is named only with its consent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from kreisheft.catalogue import params
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import gap_and_ratio, overview_figures
from kreisheft.findings import comparison_ring
from kreisheft.findings.comparison_ring import Ring
from kreisheft.protected import disclosure, peers
from kreisheft.render import charts, sentences, tables
from kreisheft.render.figure import Block, Figure, note

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.chapters.chapter import Chapter


def figure(chapter: Chapter, indicator: Indicator) -> Figure | Block:
    """The Kreis among its peers in the newest period and in the declared years."""
    newest = rows(chapter, indicator)
    now = comparison_ring.ring(newest, chapter.params.ags)
    if now is None:
        return chapter.nothing(indicator, "nothing_ring")
    shown, found = _with_years(chapter, indicator, newest, now)
    names = labels(chapter, indicator, shown)
    own = names[chapter.params.ags]
    present = {ags for ags, value in newest.rows("ags", "value") if value == value}
    missing = [names[a] for a in chapter.compared.ags if a not in present]
    sentence = sentences.ring(now, indicator, own, phrase(chapter), chapter.book, sorted(missing))
    if now.n < comparison_ring.FEWEST:
        return note(sentence)
    sentence += sentences.ring_break(found, chapter.book) + gap_and_ratio.told(
        chapter, indicator, newest
    )
    at = " · ".join(sentences.period(r.period) for r in found)
    caption = chapter.heading("ring", **{**chapter.words(newest, indicator), "year": at})
    table = tables.by_member(shown, indicator, caption, names, chapter.book)
    spec = charts.strip(shown, indicator, found, names, chapter.params.ags, sentence, chapter.book)
    return chapter.figure(indicator, "vergleich", sentence, table, spec, shown)


def overview(chapter: Chapter, years: bool = False) -> Figure | Block:
    """Every indicator but mere counts: own value, quarter, number of peers, quartiles.

    years: one row for each declared year instead of one for the newest period.
    """
    found, used = [], []
    for indicator in chapter.indicators:
        if chapter.book.counts(indicator):
            continue
        wanted = chapter.params.comparison.years if years else (None,)
        for year in wanted:
            shown = rows(chapter, indicator, year)
            one = comparison_ring.ring(shown, chapter.params.ags)
            if one and one.n >= comparison_ring.FEWEST:
                found.append((indicator, one))
                used.append((indicator, shown))
    if not found:
        return note(chapter.book.texts["ui"]["nothing_years" if years else "coverage_no"])
    key = "ring_years" if years else "ring_table"
    caption = chapter.heading(key, peers=phrase(chapter))
    name = regions.name(chapter.root, chapter.params.ags)
    table = tables.rings(found, caption, name, chapter.book)
    source = overview_figures.source_line(chapter, *overview_figures.behind(chapter, used))
    return Figure("f-ringe-jahre" if years else "f-ringe", "", table, "", source)


def members(chapter: Chapter) -> Figure:
    """Who is compared, with the traits of each from open official tables, in the alphabet."""
    chosen = chapter.compared
    as_of = chapter.params.as_of.get(chapter.year)
    shown = peers.traits(chapter.root, chapter.year, as_of)
    shown = disclosure.narrow(shown, [a in chosen.ags for a in shown.column("ags")])
    caption = chapter.heading("peers", peers=phrase(chapter))
    declared = peers.rules(chapter.root)["traits"]
    table = tables.members(shown, declared, caption, _names(chapter), chapter.book)
    return Figure("f-vergleichskreise", "", table, "", overview_figures.source_line(chapter, shown))


def rows(chapter: Chapter, indicator: Indicator, year: int | None = None) -> Protected:
    """Rows of all peers like the own one: same group, period and table.

    year: the last period of this year; None for the newest there is.
    """
    return like_own(chapter, indicator, chapter.among_peers(indicator), year)


def like_own(
    chapter: Chapter, indicator: Indicator, everyone: Protected, year: int | None = None
) -> Protected:
    """Those rows of `everyone` that are of the own group, period and table; see `rows`."""
    own = chapter.own(indicator)
    group = chapter.leading(own, indicator)
    found = [
        (period, table)
        for period, table, one, at, value in own.rows("period", "table", "group", "year", "value")
        if one == group and year in (None, at) and value == value
    ]
    if not found:
        return chapter.none
    period, table = max(found)
    return disclosure.like(everyone, group=group, period=period, table=table)


def labels(chapter: Chapter, indicator: Indicator, shown: Protected) -> dict[str, str]:
    """Peers → names; a code instead where a table behind is a delivery of the members' own."""
    names = _names(chapter)
    if not delivered(chapter, indicator, shown):
        return names
    agreed = chapter.params.comparison.named
    secret = comparison_ring.unnamed(names, chapter.params.ags, agreed)
    coded = chapter.book.texts["ui"]["coded"]
    found = comparison_ring.codes(shown, secret)
    return {**names, **{a: str(coded).format(code=code) for a, code in found.items()}}


def delivered(chapter: Chapter, indicator: Indicator, shown: Protected) -> bool:
    """Whether any of the rows rests on a delivery of the members' own."""
    used = set(shown.column("table"))
    behind = [s for s in indicator.sources if s.table in used]
    return any(chapter.passports[t].delivered for s in behind for t in s.tables)


def phrase(chapter: Chapter) -> str:
    """Who the peers are, in words for a sentence: ``Kreise … in Nordrhein-Westfalen``."""
    words = chapter.book.texts["ui"][f"peers_{chapter.compared.way}"]
    size = sentences.number(chapter.params.comparison.cities_from, "personen", chapter.book)
    land = regions.name(chapter.root, chapter.params.ags[:2])
    return str(words).format(land=land, size=size)


def _names(chapter: Chapter) -> dict[str, str]:
    return short_names(chapter, chapter.compared.ags)


def short_names(chapter: Chapter, ags: Sequence[str]) -> dict[str, str]:
    """Region keys → short names; the full one where two, Kreis and city, share it."""
    names = chapter.names(ags)
    count, full = Counter(names.values()), partial(params.full_name, chapter.root)
    return {a: full(a) if count[name] > 1 else name for a, name in names.items()}


def _with_years(
    chapter: Chapter, indicator: Indicator, newest: Protected, now: Ring
) -> tuple[Protected, list[Ring]]:
    """Rows and rings of the declared years and of the newest period, oldest first."""
    parts, found = [newest], [now]
    for year in chapter.params.comparison.years:
        shown = rows(chapter, indicator, year)
        one = comparison_ring.ring(shown, chapter.params.ags)
        if one and one.n >= comparison_ring.FEWEST and one.period not in {r.period for r in found}:
            parts.append(shown)
            found.append(one)
    keys = {key for part in parts for key in part.rows("period", "table")}
    everyone = disclosure.like(chapter.among_peers(indicator), group=now.group)
    mine = [key in keys for key in everyone.rows("period", "table")]
    return disclosure.narrow(everyone, mine), sorted(found, key=lambda r: r.period)
