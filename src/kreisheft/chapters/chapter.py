"""What a notebook has in hand: one chapter, with one call per figure.

In: field (or one of `params.ABOUT_ALL`), Kreis, report year, target group.
Out: figures and blocks that show themselves. All numbers have passed `disclosure.protect`.
Unknown names are UsageErrors that list the valid ones.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from kreisheft.catalogue import params, thresholds
from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.facts import passports
from kreisheft.facts.passports import Passport, Source
from kreisheft.facts.stages import Protected
from kreisheft.figures import (
    comparison,
    definitions,
    first_page,
    indicator_list,
    judgements,
    management_summary,
    municipality_profiles,
    overview_figures,
    places,
    priorities,
)
from kreisheft.figures.context import Rows
from kreisheft.figures.judgements import Assessment
from kreisheft.offers import directory, directory_figures, needs_figures
from kreisheft.offers.directory import Directory
from kreisheft.participation import collection, field_voices, participation_figures
from kreisheft.participation.collection import Collection
from kreisheft.participation.evidence import Outcomes
from kreisheft.practice import practice_figures
from kreisheft.practice.practice_entries import Practice
from kreisheft.protected import coverage, peers
from kreisheft.render import charts, sentences, tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.strategy import evidence_links, field_goals, promises
from kreisheft.values import compute_values


class Chapter(Rows):
    """One chapter of one edition."""

    @cached_property
    def passports(self) -> Mapping[str, Passport]:
        """Passports of the tables behind the chapter's indicators, and of no others."""
        tables_used = set(compute_values.needed_tables(self.indicators))
        if params.about_all(self.field):
            tables_used |= peers.tables(self.root)
        return {table: passports.find(self.root, table) for table in sorted(tables_used)}

    @cached_property
    def producers(self) -> Mapping[str, Source]:
        """Who publishes the tables, and how they want to be named."""
        return passports.sources(self.root)

    @cached_property
    def thresholds(self) -> Rules:
        """From what on a difference counts."""
        return thresholds.load(self.root)

    @cached_property
    def sections(self) -> Mapping[str, Sequence[Assessment]]:
        """Successes, deficits, what is next and what cannot be judged, of the whole book."""
        return priorities.chosen(self)

    @cached_property
    def directory(self) -> Directory:
        """Offers of the Kreis, and the words for them."""
        return directory.load(self.root, self.params)

    @cached_property
    def said(self) -> Collection:
        """What people said, as this edition may show it."""
        return collection.of_edition(self.root, self.params, self.year)

    @cached_property
    def said_words(self) -> Mapping[str, Any]:
        """Words for what people said."""
        return collection.words(self.root)

    @cached_property
    def outcomes(self) -> Outcomes:
        """Evidence id → titles and links of the goals and measures that list it."""
        return evidence_links.outcomes(self.root, self.params, self.year)

    @cached_property
    def practices(self) -> Sequence[Practice]:
        """Good practice that the chapter may show."""
        return practice_figures.shown(self)

    def intro(self) -> Block:
        """Box with Kreis, year and target group, and whom that means."""
        return overview_figures.intro(self)

    def overview(self) -> Figure | Block:
        """Newest figure of every indicator beside reference group and Land."""
        return overview_figures.overview(self)

    def judgements(self) -> Figure | Block:
        """Level, gap and place of every indicator in words, each judged for itself."""
        return overview_figures.judgements(self, lambda entry: judgements.cells(self, entry))

    def trend(self, indicator: str) -> Figure | Block:
        """Line chart by group over all years, cut at breaks."""
        entry = self.entry(indicator)
        own = self.own(entry)
        if not own.has_number:
            return self.nothing(entry, "nothing")
        sentence = sentences.trend(own, entry, self.year, self.book, self.thresholds)
        caption = self.heading("trend", title=entry.title)
        table = tables.series(own, entry, caption, self.book)
        spec = charts.trend(own, entry, sentence, self.book)
        return self.figure(entry, "verlauf", sentence, table, spec, own)

    def judgement(self, indicator: str) -> Block:
        """Level, development, gap and place in words, with the figures behind them."""
        found = judgements.assess(self, entry := self.entry(indicator))
        return judgements.block(self, found) if found else self.nothing(entry, "nothing")

    def groups(self, indicator: str) -> Figure | Block:
        """Bars by comparison group in the newest period."""
        entry = self.entry(indicator)
        own = self.newest(self.own(entry), entry)
        if not own.has_number:
            return self.nothing(entry, "nothing")
        sentence = sentences.groups(own, entry, self.book)
        at = sentences.period(str(own.column("period")[0]))
        caption = self.heading("groups", title=entry.title, year=at)
        table = tables.by_group(own, entry, caption, self.book)
        spec = charts.bars(own, entry, sentence, self.book)
        return self.figure(entry, "gruppen", sentence, table, spec, own)

    def municipalities(self, indicator: str) -> Figure | Block:
        """Map and table of the municipalities in the newest period they have."""
        return places.municipalities(self, self.entry(indicator))

    def kreise(self, indicator: str) -> Figure | Block:
        """Map and table of the Kreise of the Land in the newest period of the own one."""
        return places.kreise(self, self.entry(indicator))

    def side_by_side(self, indicator: str, groups: bool = False) -> Figure | Block:
        """Small charts in one scale, one per municipality; groups: one per group of the Kreis."""
        return places.side_by_side(self, self.entry(indicator), groups=groups)

    def comparison(self, indicator: str) -> Figure | Block:
        """The Kreis among its peers, in the newest period and the years of params."""
        return comparison.figure(self, self.entry(indicator))

    def practice(self, indicator: str | None = None) -> Block | None:
        """Good practice under its indicators, or beside one; None, which shows nothing, if none."""
        return practice_figures.block(self, self.entry(indicator) if indicator else None)

    def voices(self) -> Block | None:
        """What people say about this field; None, which shows nothing, if nobody was heard."""
        return field_voices.block(self)

    def participation(self, section: str) -> Figure | Block:
        """One of steps, surveys, interviews, workshops, outcomes of what people say."""
        return participation_figures.block(self, section)

    def goals(self) -> Block | None:
        """Leitziel, goals with their state and measures of the field; None where there are none."""
        return field_goals.of_field(self)

    def about(self) -> Block:
        """Definitions, tables, breaks and caveats of every indicator of the chapter."""
        return definitions.about(self)

    def unknown(self) -> Block:
        """What this field does not know, and who could tell."""
        return overview_figures.unknown(self)

    def headlines(self) -> Figure | Block:
        """Newest figure of every field's leading indicator."""
        return overview_figures.overview(self, leading=True)

    def front(self) -> Block:
        """The dozen headline indicators of data/catalogue/start.yml."""
        return first_page.block(self)

    def priorities(self, section: str) -> Block:
        """One of `priorities.SECTIONS`: its entries with the judgements behind them."""
        return priorities.block(self, section)

    def management(self) -> Block:
        """Three headline figures per field, and what is promised, on one page each."""
        return management_summary.block(self, promises.promised(self))

    def profiles(self) -> Block:
        """One table per municipality of the Kreis, in the alphabet; or a note if it has none."""
        return municipality_profiles.profiles(self)

    def register(self) -> Block:
        """Every indicator of the catalogue: its newest figure and page, or why there is none."""
        return indicator_list.block(self)

    def offers(self) -> Block:
        """Directory of offers with its search, as of this edition's day."""
        return directory_figures.block(self)

    def needs(self) -> Block:
        """Offers beside the size of target groups and the leading figure of every field."""
        return needs_figures.block(self)

    def gaps(self) -> Block:
        """Fields, places and target groups without an offer."""
        return needs_figures.gaps(self)

    def coverage(self) -> Figure | Block:
        """Field × target group × report year: number of indicators with a figure, or the reason."""
        return overview_figures.coverage_matrix(self, coverage.matrix(self.root, self.params))

    def rings(self, years: bool = False) -> Figure | Block:
        """Every indicator: own value and quartiles of the peers; or in the two years of params."""
        return comparison.overview(self, years)

    def members(self) -> Figure:
        """Who is compared, and the structure of each."""
        return comparison.members(self)

    def sources(self) -> Figure:
        """Every official table behind the book, with Stand, attribution and licence."""
        return overview_figures.sources(self)

    def downloads(self) -> Block:
        """Links to this edition's figures as files."""
        return overview_figures.downloads(self)

    # What follows serves `pages` as well.

    def words(self, shown: Protected, indicator: Indicator) -> dict[str, str]:
        """What headings are filled with."""
        row = shown.first()
        return {
            "title": indicator.title,
            "group": self.book.label(row["group"]),
            "year": sentences.period(str(row["period"])),
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
        return Figure(key, sentence, table, name, overview_figures.source_line(self, shown), spec)
