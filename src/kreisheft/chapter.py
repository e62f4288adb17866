"""What a notebook has in hand: one chapter, with one call per figure.

In: field (or one of `params.ABOUT_ALL`), Kreis, report year, target group.
Out: figures and blocks that show themselves. All numbers have passed `disclosure.protect`.
Unknown names are UsageErrors that list the valid ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kreisheft import (
    catalogue,
    charts,
    coverage,
    definitions,
    disclosure,
    field_values,
    indicators,
    municipalities,
    pages,
    params,
    peers,
    priorities,
    project,
    regions,
    register,
    rings,
    showcase,
    tables,
    texts,
    thresholds,
    verdicts,
)
from kreisheft.catalogue import Indicator
from kreisheft.errors import UsageError, unknown
from kreisheft.figure import Block, Figure, note
from kreisheft.model import Protected
from kreisheft.sources import passports
from kreisheft.sources.passports import Passport, Source
from kreisheft.thresholds import Rules
from kreisheft.verdicts import Assessment


class Chapter:
    """One chapter of one edition."""

    def __init__(
        self,
        field: str,
        kreis: str,
        year: int,
        target_group: str | None = None,
        root: Path | None = None,
    ):
        if not isinstance(year, int) or isinstance(year, bool):
            raise UsageError(f"year must be a whole number, not {year!r}")
        self.root = root or project.root()
        self.params = params.load(self.root, kreis)
        params.require_year(self.params, year)
        # A chapter about the whole book is about the first target group, mostly everyone.
        target_group = target_group or self.params.target_groups[0]
        params.require(self.params, None if params.about_all(field) else field, target_group)
        self.field, self.year, self.target_group = field, year, target_group
        self.book = catalogue.load(self.root)
        self._narrowed: dict[tuple[Any, ...], tuple[Protected, Protected]] = {}

    @cached_property
    def indicators(self) -> Sequence[Indicator]:
        """Entries of the field, or of the whole book."""
        if params.about_all(self.field):
            return tuple(self.book.indicators.values())
        return self.book.of_field(self.field)

    @cached_property
    def passports(self) -> Mapping[str, Passport]:
        """Passports of the tables behind the chapter's indicators, and of no others."""
        tables_used = set(indicators.needed_tables(self.indicators))
        if params.about_all(self.field):
            tables_used |= peers.tables(self.root)
        return {table: passports.find(self.root, table) for table in sorted(tables_used)}

    @cached_property
    def producers(self) -> Mapping[str, Source]:
        """Who publishes the tables, and how they want to be named."""
        return passports.sources(self.root)

    @cached_property
    def shown(self) -> Protected:
        """All protected figures of the chapter's indicators and target group, for all around."""
        return self.of_target_group(self.whole)

    @cached_property
    def whole(self) -> Protected:
        """As `shown`, of all target groups."""
        return self._figures(regions.around(self.root, self.params.ags, [self.params.land]))

    @cached_property
    def compared(self) -> peers.Peers:
        """Whom the Kreis is compared with."""
        return peers.choose(self.root, self.params, self.year)

    @cached_property
    def around_peers(self) -> Protected:
        """As `shown`, with the peers: read only by a chapter that compares."""
        near = regions.around(self.root, self.params.ags, [self.params.land])
        if near >= set(self.compared.ags):
            return self.shown
        return self.of_target_group(self._figures({*near, *self.compared.ags}))

    def _figures(self, keys: set[str]) -> Protected:
        as_of, ids = self.params.as_of.get(self.year), {i.id for i in self.indicators}
        parts = []
        for field in dict.fromkeys(i.field for i in self.indicators):
            found = field_values.of(self.root, self.params, field, as_of).protected
            frame = found.frame
            rows = (frame["year"] <= self.year) & frame["ags"].isin(list(keys))
            if ids != {i.id for i in self.book.of_field(field)}:
                rows &= frame["indicator"].isin(list(ids))
            parts.append(disclosure.narrow(found, rows))
        return disclosure.together(parts)

    @cached_property
    def _rows(self) -> tuple[Mapping[str, Protected], Mapping[str, Protected]]:
        near = disclosure.by_indicator(self.shown)
        same = self.around_peers is self.shown
        return near, near if same else disclosure.by_indicator(self.around_peers)

    def among_peers(self, indicator: Indicator) -> Protected:
        """All rows of one indicator for this target group, those of the peers included."""
        return self._rows[1].get(indicator.id) or disclosure.none(self.shown)

    @cached_property
    def thresholds(self) -> Rules:
        """From what on a difference counts."""
        return thresholds.load(self.root)

    @cached_property
    def sections(self) -> Mapping[str, Sequence[Assessment]]:
        """Successes, deficits, what is next and what cannot be judged, of the whole book."""
        return priorities.chosen(self)

    def intro(self) -> Block:
        """Box with Kreis, year and target group, and whom that means."""
        return pages.intro(self)

    def overview(self) -> Figure | Block:
        """Newest figure of every indicator beside reference group and Land."""
        return pages.overview(self)

    def judgements(self) -> Figure | Block:
        """Level, gap and place of every indicator in words, each judged for itself."""
        return pages.judgements(self, lambda entry: verdicts.cells(self, entry))

    def trend(self, indicator: str) -> Figure | Block:
        """Line chart by group over all years, cut at breaks."""
        entry = self.entry(indicator)
        own = self.pick(entry, [self.params.ags])
        if own.frame["value"].isna().all():
            return self.nothing(entry, "nothing")
        sentence = texts.trend(own, entry, self.year, self.book, self.thresholds)
        caption = self.heading("trend", title=entry.title)
        table = tables.series(own, entry, caption, self.book)
        spec = charts.trend(own, entry, sentence, self.book)
        return self.figure(entry, "verlauf", sentence, table, spec, own)

    def judgement(self, indicator: str) -> Block:
        """Level, development, gap and place in words, with the figures behind them."""
        found = verdicts.assess(self, entry := self.entry(indicator))
        return verdicts.block(self, found) if found else self.nothing(entry, "nothing")

    def groups(self, indicator: str) -> Figure | Block:
        """Bars by comparison group in the newest period."""
        entry = self.entry(indicator)
        own = self.newest(self.pick(entry, [self.params.ags]), entry)
        if own.frame["value"].isna().all():
            return self.nothing(entry, "nothing")
        sentence = texts.groups(own, entry, self.book)
        at = texts.period(str(own.frame["period"].iloc[0]))
        caption = self.heading("groups", title=entry.title, year=at)
        table = tables.by_group(own, entry, caption, self.book)
        spec = charts.bars(own, entry, sentence, self.book)
        return self.figure(entry, "gruppen", sentence, table, spec, own)

    def municipalities(self, indicator: str) -> Figure | Block:
        """Map and table of the municipalities in the newest period they have."""
        entry = self.entry(indicator)
        names = self.names(regions.municipalities(self.root, self.params.ags))
        found = self.focus(self.newest(self.pick(entry, list(names)), entry), entry)
        if found.frame["value"].isna().all():
            return self.nothing(entry, "nothing_map")
        sentence = texts.municipalities(found, entry, names, self.book)
        caption = self.heading("map", **self.words(found, entry))
        table = tables.by_region(found, entry, caption, names, "municipality", self.book)
        outlines = regions.boundaries(self.root, self.params.ags)
        spec = charts.municipalities(found, entry, names, outlines, sentence, self.book)
        figure = self.figure(entry, "gemeinden", sentence, table, spec, found)
        return replace(figure, source=f"{figure.source}; {pages.map_source(self)}")

    def comparison(self, indicator: str) -> Figure | Block:
        """The Kreis among its peers, in the newest period and the years of params."""
        return rings.figure(self, self.entry(indicator))

    def practice(self, indicator: str | None = None) -> Block | None:
        """Good practice under its indicators, or beside one; None, which shows nothing, if none."""
        return showcase.block(self, self.entry(indicator) if indicator else None)

    def about(self) -> Block:
        """Definitions, tables, breaks and caveats of every indicator of the chapter."""
        return definitions.about(self)

    def unknown(self) -> Block:
        """What this field does not know, and who could tell."""
        return pages.unknown(self)

    def headlines(self) -> Figure | Block:
        """Newest figure of every field's leading indicator."""
        return pages.overview(self, leading=True)

    def priorities(self, section: str) -> Block:
        """One of `priorities.SECTIONS`: its entries with the judgements behind them."""
        return priorities.block(self, section)

    def profiles(self) -> Block:
        """One table per municipality of the Kreis, in the alphabet; or a note if it has none."""
        return municipalities.profiles(self)

    def register(self) -> Block:
        """Every indicator of the catalogue: its newest figure and page, or why there is none."""
        return register.block(self)

    def coverage(self) -> Figure | Block:
        """Field × target group × report year: number of indicators with a figure, or the reason."""
        return pages.coverage_matrix(self, coverage.matrix(self.root, self.params))

    def rings(self, years: bool = False) -> Figure | Block:
        """Every indicator: own value and quartiles of the peers; or in the two years of params."""
        return rings.overview(self, years)

    def members(self) -> Figure:
        """Who is compared, and the structure of each."""
        return rings.members(self)

    def sources(self) -> Figure:
        """Every official table behind the book, with Stand, attribution and licence."""
        return pages.sources(self)

    def downloads(self) -> Block:
        """Links to this edition's figures as files."""
        return pages.downloads(self)

    # What follows serves `pages` as well; it chooses rows and never computes.

    def entry(self, name: str) -> Indicator:
        """An indicator of this chapter; UsageError for an unknown one, or one of another field."""
        found = self.book.indicator(name)
        if found not in self.indicators:
            raise unknown(f"indicator of {self.field}", name, [i.id for i in self.indicators])
        return found

    def of_target_group(self, shown: Protected) -> Protected:
        """Rows of this chapter's target group."""
        return disclosure.narrow(shown, shown.frame["target_group"] == self.target_group)

    def pick(self, indicator: Indicator, ags: Sequence[str]) -> Protected:
        """Rows of one indicator for this target group and these regions."""
        found = self._rows[0].get(indicator.id) or disclosure.none(self.shown)
        return self._once("pick", found, (*ags,), lambda: found.frame["ags"].isin(ags))

    def newest(self, shown: Protected, indicator: Indicator) -> Protected:
        """Rows of the newest period in which the group the sentences speak of has a number."""

        def of_newest() -> "pd.Series[bool]":
            leading = self.focus(shown, indicator).frame
            periods = leading.loc[leading["value"].notna(), "period"].astype(str)
            return shown.frame["period"] == periods.max()

        return self._once("newest", shown, (indicator.id,), of_newest)

    def focus(self, shown: Protected, indicator: Indicator) -> Protected:
        """Rows of the group the sentences speak of: the catalogue's, or the first with a number."""

        def of_first() -> "pd.Series[bool]":
            groups = shown.frame.loc[shown.frame["value"].notna(), "group"]
            present = tables.in_order(groups, indicator, self.book)
            first = indicator.focus if indicator.focus in present else next(iter(present), "")
            return shown.frame["group"] == first

        return self._once("focus", shown, (indicator.id,), of_first)

    def _once(
        self, what: str, shown: Protected, key: tuple[str, ...], rows: Callable[[], Any]
    ) -> Protected:
        """Narrow, and remember: a chapter asks for the same rows a dozen times."""
        place = (what, id(shown), *key)
        if place not in self._narrowed:
            # `shown` is kept with it, so that its id stays its own.
            self._narrowed[place] = (shown, disclosure.narrow(shown, rows()))
        return self._narrowed[place][1]

    def names(self, ags: Sequence[str]) -> dict[str, str]:
        """Region keys → names."""
        return {a: regions.name(self.root, a) for a in ags}

    def words(self, shown: Protected, indicator: Indicator) -> dict[str, str]:
        """What headings are filled with."""
        row = shown.frame.iloc[0]
        return {
            "title": indicator.title,
            "group": self.book.label(row["group"]),
            "year": texts.period(str(row["period"])),
        }

    def heading(self, key: str, **words: str) -> str:
        """A caption from the catalogue."""
        return str(self.book.texts["headings"][key]).format(**words)

    def nothing(self, indicator: Indicator, key: str) -> Block:
        """The sentence for a figure that this target group and year do not have."""
        return note(self.book.texts["ui"][key].format(title=indicator.title, year=self.year))

    def figure(
        self,
        indicator: Indicator,
        kind: str,
        sentence: str,
        table: tables.Table,
        spec: charts.Spec | None,
        shown: Protected,
    ) -> Figure:
        """Put the parts of a figure together."""
        key = f"f-{indicator.id}-{kind}".replace("_", "-")
        name = self.book.texts["ui"]["chart_name"].format(caption=table.caption)
        return Figure(key, sentence, table, name, pages.source_line(self, shown), spec)
