"""What every figure takes: settings of a chapter, its protected figures, ways to choose among them.

In: field (or one of `params.ABOUT_ALL`), Kreis, report year, target group. Out: `Protected` rows,
never computed. A chapter asks for the same rows a dozen times: figures are split by indicator and
region once for all chapters, with the `FieldValues` they come from; other choices are made once and
kept with the chapter.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kreisheft.catalogue import catalogue, params, thresholds
from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.core import project
from kreisheft.core.errors import UsageError, unknown
from kreisheft.facts import passports, regions
from kreisheft.facts.passports import Passport, Source
from kreisheft.facts.stages import Protected
from kreisheft.protected import disclosure, field_values, peers
from kreisheft.protected.field_values import FieldValues
from kreisheft.render import sentences, tables
from kreisheft.render.figure import Block, note
from kreisheft.values import compute_values

Made = TypeVar("Made")


class Context:
    """Settings, words and protected figures of one chapter of one edition."""

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
        params.require(self.params, None if params.is_about_all(field) else field, target_group)
        self.field, self.year, self.target_group = field, year, target_group
        self.book = catalogue.load(self.root)
        #: Kind and names of what was asked for: a key that does not stand for it is wrong.
        self.reads: set[tuple[str, ...]] = set()
        self._read: dict[str, FieldValues] = {}
        self._features: dict[tuple[str, str], Any] = {}
        self._kept: dict[tuple[Hashable, ...], tuple[Protected, Any]] = {}

    @cached_property
    def indicators(self) -> Sequence[Indicator]:
        """Entries of the field, or of the whole book."""
        if params.is_about_all(self.field):
            return tuple(self.book.indicators.values())
        return self.book.of_field(self.field)

    @cached_property
    def passports(self) -> Mapping[str, Passport]:
        """Passports of the tables behind the chapter's indicators, and of no others."""
        tables_used = set(compute_values.needed_tables(self.indicators))
        if params.is_about_all(self.field):
            tables_used |= peers.tables(self.root)
        self.reads |= {("passport", table) for table in tables_used}
        return {table: passports.find(self.root, table) for table in sorted(tables_used)}

    @cached_property
    def producers(self) -> Mapping[str, Source]:
        """Who publishes the tables, and how they want to be named."""
        return passports.sources(self.root)

    @cached_property
    def thresholds(self) -> Rules:
        """Thresholds of judgements."""
        return thresholds.load(self.root)

    @cached_property
    def order_of_tables(self) -> Mapping[str, int]:
        """Place of every table in lines of sources: by field, within a field by number."""
        tables = (t for protected in self._fields for t in protected.frame["table"].cat.categories)
        return {table: place for place, table in enumerate(dict.fromkeys(tables))}

    @cached_property
    def compared(self) -> peers.Peers:
        """The peers of the Kreis."""
        return peers.choose(self.root, self.params, self.year)

    @cached_property
    def near(self) -> set[str]:
        """The Kreis with all around it, without those it is only compared with."""
        return regions.keys_around(self.root, self.params.ags, [self.params.land])

    @cached_property
    def _fields(self) -> list[Protected]:
        """All figures of each field that the chapter has indicators of."""
        names = dict.fromkeys(i.field for i in self.indicators)
        return [self.values(name).protected for name in names]

    def values(self, field: str) -> FieldValues:
        """All figures of a field, and what chapters made of them."""
        if field not in self._read:
            as_of = self.params.as_of.get(self.year)
            self._read[field] = field_values.load(self.root, self.params, field, as_of)
        return self._read[field]

    def entry(self, name: str) -> Indicator:
        """An indicator of this chapter; UsageError for an unknown one, or one of another field."""
        indicator = self.book.indicator(name)
        self.reads.add(("entry", name))
        if indicator not in self.indicators:
            raise unknown(f"indicator of {self.field}", name, [i.id for i in self.indicators])
        return indicator

    def pick(self, indicator: Indicator, ags: Sequence[str]) -> Protected:
        """Rows of one indicator for this target group and these regions."""
        return self.rows(indicator, self.near & set(ags), self.target_group)

    def own(self, indicator: Indicator) -> Protected:
        """Rows of one indicator for this target group and the Kreis itself."""
        return self.pick(indicator, [self.params.ags])

    def own_of(self, indicator: Indicator, target_group: str) -> Protected:
        """Rows of any indicator and target group for the Kreis itself, read from its field."""
        return self.rows(indicator, {self.params.ags}, target_group)

    def among_peers(self, indicator: Indicator, instead: Sequence[str] = ()) -> Protected:
        """Rows of one indicator for this target group and the peers, or for `instead`."""
        in_reach = self.near | set(self.compared.ags)
        asked = in_reach & set(instead or self.compared.ags)
        return self.rows(indicator, asked, self.target_group)

    def rows(self, indicator: Indicator, ags: Set[str], target_group: str) -> Protected:
        """Rows of any indicator for a target group and regions; empty: for all target groups."""
        self.reads.add(("figures", indicator.id, target_group))
        values = self.values(indicator.field)
        return values.of_regions(indicator.id, self.year, target_group, ags)

    @cached_property
    def none(self) -> Protected:
        """Empty `Protected` with the same columns."""
        return disclosure.empty(self._fields[0])

    def newest(self, protected: Protected, indicator: Indicator) -> Protected:
        """Rows of the newest period in which the group the sentences speak of has a number."""

        def select() -> Protected:
            first, figures = (
                self.leading(protected, indicator),
                protected.rows("group", "period", "value"),
            )
            newest = max((at for group, at, v in figures if group == first and v == v), default="")
            return disclosure.filter_like(protected, period=newest)

        return self._once(protected, ("newest", indicator.id), select)

    def focus(self, protected: Protected, indicator: Indicator) -> Protected:
        """Rows of the group the sentences speak of, see `leading`."""

        def select() -> Protected:
            return disclosure.filter_like(protected, group=self.leading(protected, indicator))

        return self._once(protected, ("focus", indicator.id), select)

    def leading(self, protected: Protected, indicator: Indicator) -> str:
        """Which group the sentences speak of: the catalogue's, or the first with a number.

        Empty if none has a number.
        """

        def choose() -> str:
            groups = {g for g, value in protected.rows("group", "value") if value == value}
            if indicator.focus in groups:
                return indicator.focus
            return next(iter(tables.order_groups(groups, indicator, self.book)), "")

        return self._once(protected, ("leading", indicator.id), choose)

    def words(self, protected: Protected, indicator: Indicator) -> dict[str, str]:
        """`title`, `group` and `year` of the first row, which headings are filled with."""
        row = protected.first()
        return {
            "title": indicator.title,
            "group": self.book.label(row["group"]),
            "year": sentences.period(str(row["period"]), self.book),
        }

    def heading(self, key: str, **words: str) -> str:
        """A caption from the catalogue."""
        return str(self.book.texts["headings"][key]).format(**words)

    def nothing(self, indicator: Indicator, key: str) -> Block:
        """The sentence for a figure that this target group and year do not have."""
        return note(self.book.texts["ui"][key].format(title=indicator.title, year=self.year))

    def keep_once(self, name: str, make: Callable[[], Made]) -> Made:
        """Result of `make`, called once per `name` and target group.

        For what a feature reads beside figures, such as its directory: once per chapter.
        """
        self.reads.add(("feature", name))
        place = (name, self.target_group)
        if place not in self._features:
            self._features[place] = make()
        result: Made = self._features[place]
        return result

    def names(self, ags: Sequence[str]) -> dict[str, str]:
        """Region keys → names."""
        return regions.names(self.root, ags)

    def _once(
        self, protected: Protected, choice: tuple[Hashable, ...], make: Callable[[], Made]
    ) -> Made:
        place = (id(protected), *choice)
        if place not in self._kept:
            # `protected` is kept with it, so that its id is not given to another object.
            self._kept[place] = (protected, make())
        result: Made = self._kept[place][1]
        return result
