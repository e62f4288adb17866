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
        """From what on a difference counts."""
        return thresholds.load(self.root)

    @cached_property
    def order_of_tables(self) -> Mapping[str, int]:
        """Place of every table in lines of sources: by field, within a field by number."""
        tables = (t for found in self._fields for t in found.frame["table"].cat.categories)
        return {table: place for place, table in enumerate(dict.fromkeys(tables))}

    @cached_property
    def compared(self) -> peers.Peers:
        """Whom the Kreis is compared with."""
        return peers.choose(self.root, self.params, self.year)

    @cached_property
    def near(self) -> set[str]:
        """The Kreis with all around it, without those it is only compared with."""
        return regions.keys_around(self.root, self.params.ags, [self.params.land])

    @cached_property
    def _fields(self) -> list[Protected]:
        """All figures of the fields of the chapter's indicators, as they were computed."""
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
        found = self.book.indicator(name)
        self.reads.add(("entry", name))
        if found not in self.indicators:
            raise unknown(f"indicator of {self.field}", name, [i.id for i in self.indicators])
        return found

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
        """Rows of one indicator for this target group and the peers, or `instead` for others."""
        known = self.near | set(self.compared.ags)
        asked = known & set(instead or self.compared.ags)
        return self.rows(indicator, asked, self.target_group)

    def rows(self, indicator: Indicator, ags: Set[str], target_group: str) -> Protected:
        """Rows of any indicator for a target group and regions; empty: for all target groups."""
        self.reads.add(("figures", indicator.id, target_group))
        values = self.values(indicator.field)
        return values.of_regions(indicator.id, self.year, target_group, ags)

    @cached_property
    def none(self) -> Protected:
        """No row."""
        return disclosure.empty(self._fields[0])

    def newest(self, shown: Protected, indicator: Indicator) -> Protected:
        """Rows of the newest period in which the group the sentences speak of has a number."""

        def narrowed() -> Protected:
            first, found = self.leading(shown, indicator), shown.rows("group", "period", "value")
            newest = max((at for group, at, v in found if group == first and v == v), default="")
            return disclosure.filter_like(shown, period=newest)

        return self._once(shown, ("newest", indicator.id), narrowed)

    def focus(self, shown: Protected, indicator: Indicator) -> Protected:
        """Rows of the group the sentences speak of, see `leading`."""

        def narrowed() -> Protected:
            return disclosure.filter_like(shown, group=self.leading(shown, indicator))

        return self._once(shown, ("focus", indicator.id), narrowed)

    def leading(self, shown: Protected, indicator: Indicator) -> str:
        """Which group the sentences speak of: the catalogue's, or the first with a number.

        Empty if none has a number.
        """

        def found() -> str:
            groups = {g for g, value in shown.rows("group", "value") if value == value}
            if indicator.focus in groups:
                return indicator.focus
            return next(iter(tables.in_order(groups, indicator, self.book)), "")

        return self._once(shown, ("leading", indicator.id), found)

    def words(self, shown: Protected, indicator: Indicator) -> dict[str, str]:
        """What headings are filled with."""
        row = shown.first()
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

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` returned when this target group first asked for `name`.

        For what a feature needs beside figures: it reads that itself, once per chapter.
        """
        self.reads.add(("feature", name))
        place = (name, self.target_group)
        if place not in self._features:
            self._features[place] = make()
        kept: Made = self._features[place]
        return kept

    def names(self, ags: Sequence[str]) -> dict[str, str]:
        """Region keys → names."""
        return regions.names(self.root, ags)

    def _once(self, shown: Protected, what: tuple[Hashable, ...], made: Callable[[], Made]) -> Made:
        place = (id(shown), *what)
        if place not in self._kept:
            # `shown` is kept with it, so that its id stays its own.
            self._kept[place] = (shown, made())
        kept: Made = self._kept[place][1]
        return kept
