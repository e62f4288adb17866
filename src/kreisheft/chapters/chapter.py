"""What a notebook has in hand: one chapter, with one call per figure.

In: field (or one of `params.ABOUT_ALL`), Kreis, report year, target group.
Out: figures and blocks that show themselves. All numbers have passed `disclosure.protect`.
Unknown names are UsageErrors that list the valid ones.
"""

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
    series,
    source_lines,
)
from kreisheft.figures.context import Context
from kreisheft.offers import directory_figures, needs_figures
from kreisheft.participation import field_voices, participation_figures
from kreisheft.practice import practice_figures
from kreisheft.protected import coverage
from kreisheft.render.figure import Block, Figure
from kreisheft.strategy import evidence_links, field_goals, promises


class Chapter(Context):
    """One chapter of one edition."""

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
        return series.trend(self, self.entry(indicator))

    def judgement(self, indicator: str) -> Block:
        """Level, development, gap and place in words, with the figures behind them."""
        return judgements.of_indicator(self, self.entry(indicator))

    def groups(self, indicator: str) -> Figure | Block:
        """Bars by comparison group in the newest period."""
        return series.groups(self, self.entry(indicator))

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
        outcomes = evidence_links.outcomes(self.root, self.params, self.year)
        return participation_figures.block(self, section, outcomes)

    def goals(self) -> Block | None:
        """Leitziel, goals with their state and measures of the field; None where there are none."""
        return field_goals.of_field(self)

    def about(self) -> Block:
        """Definitions, tables, breaks and caveats of every indicator of the chapter."""
        return definitions.about(self)

    def unknown(self) -> Block:
        """Indicators of the field without a figure, and who could deliver it."""
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
        return management_summary.block(self, promises.list_promises(self))

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
        return source_lines.sources(self)

    def downloads(self) -> Block:
        """Links to this edition's figures as files."""
        return overview_figures.downloads(self)
