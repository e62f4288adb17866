"""Stage 3: facts → values. One row per region × period × indicator × target group × group.

In: the catalogue, the facts of the tables that the asked indicators name, the report year.
Out: `Values`. Which table serves a figure follows the order in the catalogue: per region, year and
group the first table that has a number wins, and every row says which table and which segment of it
(the years between two declared breaks) it is from, so that nothing is joined across.

What a kind of the catalogue means says `formulas`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.catalogue import (
    PLACEHOLDER,
    Catalogue,
    Indicator,
    Select,
    Source,
    group_id,
)
from kreisheft.core.errors import DataError, Problem
from kreisheft.facts import fact_files, passports, regions
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import TOTAL, Facts, Values
from kreisheft.values import aggregates, formulas, value_frame
from kreisheft.values.selection import (
    Array,
    Picked,
    Places,
    Prepared,
    SelectionError,
    is_single,
    pick,
    places,
    prepared,
)
from kreisheft.values.value_frame import Part


@dataclass(frozen=True)
class Inputs:
    """What figures are computed from; `tables` holds only the tables that are needed.

    kreise: Land → the Kreise that a sum over it needs; a Land not named needs none in particular
    municipalities: Kreis → how many an index over them needs; a Kreis not named has no index
    """

    book: Catalogue
    passports: Mapping[str, Passport]
    tables: Mapping[str, Facts]
    kreise: Mapping[str, Collection[str]] = field(default_factory=dict)
    municipalities: Mapping[str, int] = field(default_factory=dict)


def needed_tables(indicators: Iterable[Indicator]) -> list[str]:
    """Table numbers that the indicators name, sorted."""
    return sorted({t for i in indicators for s in i.sources for t in s.tables})


def load_inputs(
    root: Path,
    book: Catalogue,
    known: Mapping[str, Passport],
    indicators: Iterable[Indicator],
    keys: Collection[str] | None = None,
) -> Inputs:
    """Read the facts that the indicators need; keys: only these regions."""
    tables = {t: fact_files.load(root, t, keys) for t in needed_tables(indicators)}
    kreise = defaultdict(list)
    for key in regions.kreise(root):
        kreise[key[:2]].append(key)
    keys_of = regions.load(root)["ags"]
    municipalities = Counter(key[:5] for key in keys_of if len(key) == 8)
    return Inputs(book, known, tables, kreise, municipalities)


def compute(
    inputs: Inputs,
    indicators: Iterable[Indicator],
    year: int,
    as_of: str | None = None,
    target_groups: Collection[str] = (),
) -> Values:
    """Figures of the indicators for all regions and all periods up to and including `year`.

    as_of: newest Stand that may be used (``YYYY-MM-DD``), None for the newest there is.
    target_groups: only these; empty for all. Columns of text are categories.
    Raises DataError if a selection of the catalogue does not fit its table.
    """
    known, fresh = _prepared(inputs, as_of)
    parts = [
        part
        for indicator in indicators
        for part in _of_indicator(indicator, fresh, known, inputs, target_groups)
        if len(part.figures.value)
    ]
    return Values(value_frame.frame(parts, known, year))


def _prepared(inputs: Inputs, as_of: str | None) -> tuple[Places, dict[str, Prepared]]:
    frames = {
        name: aggregates.with_land_sum(
            fact_files.select_newest(table, as_of), inputs.passports[name], inputs.kreise
        )
        for name, table in inputs.tables.items()
    }
    known = places(frames.values())
    return known, {name: prepared(frame, known) for name, frame in frames.items()}


def check(root: Path, names: Collection[str] = ()) -> list[Problem]:
    """Hold every selection of the catalogue against the facts; report all that do not fit.

    names: ids of the only indicators to look at; empty: all.
    """
    book = catalogue.load(root)
    known = passports.load(root)
    chosen = [i for i in book.indicators.values() if not names or i.id in names]
    lost = [
        Problem(_place(i, s), f"no table {t!r} in data/facts", "import it or mend the number")
        for i in chosen
        for s in i.sources
        for t in s.tables
        if t not in known
    ]
    if lost:
        return lost
    inputs = load_inputs(root, book, known, chosen)
    numbered, fresh = _prepared(inputs, None)
    problems = []
    for indicator in chosen:
        try:
            list(_of_indicator(indicator, fresh, numbered, inputs))
        except DataError as error:
            problems += error.problems
    return problems


def _of_indicator(
    indicator: Indicator,
    fresh: Mapping[str, Prepared],
    known: Places,
    inputs: Inputs,
    target_groups: Collection[str] = (),
) -> Iterable[Part]:
    for source in indicator.sources:
        if not all(len(fresh[t].facts.value) for t in source.tables):
            continue  # nothing was delivered yet at the asked Stand
        groups = _groups(source, fresh[source.table])
        # Target groups that a source does not tell apart share one computation.
        made: dict[tuple[str, str], Part] = {}
        for target_group, shown in indicator.target_groups.items():
            if target_groups and target_group not in target_groups:
                continue
            if source.target_group and target_group not in source.target_group:
                continue
            meaning = str(source.target_group.get(target_group, ""))
            for group in [g for g in groups if g in shown]:
                if (group, meaning) not in made:
                    selects = _Selects(source, target_group, groups[group], inputs.book)
                    part = _figures(indicator, source, selects, fresh, known, inputs)
                    made[group, meaning] = _dressed(part, source, selects, inputs, known)
                yield replace(made[group, meaning], target_group=target_group, group=group)


def _groups(source: Source, table: Prepared) -> dict[str, Select]:
    if not source.groups_by:
        return dict(source.groups)
    by = source.groups_by
    return {group_id(by, v): {by: v} for v in table.ids[by] if v != TOTAL}


class _Selects:
    """The selections of a source for one target group and one comparison group.

    A value is one id, a list of ids, ``"@list"`` of groups.yml, ``"*"`` for every id or ``"!id"``
    for every other. The group narrows what it names; in a denominator and in a base it yields to
    what the catalogue says there, and to a table that has no such column.
    """

    def __init__(self, source: Source, target_group: str, narrowing: Select, book: Catalogue):
        self._source, self._target_group = source, target_group
        self._narrowing, self._lists = narrowing, book.lists

    def of(self, part: str, columns: Collection[str] = ()) -> dict[str, list[str]]:
        """Columns → allowed ids of a part: ``value``, ``numerator``, ``denominator`` and so on."""
        base: Select = getattr(self._source, part)
        narrowing = self._narrowing
        if part in ("denominator", "base_numerator", "base_denominator"):
            narrowing = {c: v for c, v in narrowing.items() if c in columns and c not in base}
        return {c: self._values(v) for c, v in {**base, **narrowing}.items()}

    def _values(self, wanted: Any) -> list[str]:
        if wanted == PLACEHOLDER:
            wanted = self._source.target_group[self._target_group]
        if isinstance(wanted, str) and wanted.startswith("@"):
            wanted = self._lists[wanted.removeprefix("@")]
        return [str(v) for v in wanted] if isinstance(wanted, list) else [str(wanted)]


def _figures(
    indicator: Indicator,
    source: Source,
    selects: _Selects,
    fresh: Mapping[str, Prepared],
    known: Places,
    inputs: Inputs,
) -> Part:
    def picked(part: str, number: str = source.table) -> Picked:
        table = fresh[number]
        try:
            return pick(table, selects.of(part, table.ids))
        except SelectionError as error:
            fix = "see docs/tables.md for what is in it"
            raise DataError([Problem(_place(indicator, source), str(error), fix)]) from None

    concept = source.concept or indicator.concept

    def counted(*parts: Picked) -> None:
        mixed = inputs.book.mixed({concept, *(c for part in parts for c in part.concepts)})
        if mixed:
            what = f"counts {' and '.join(mixed)}: two concepts never meet in one figure"
            fix = "mend 'concept', or choose another table; see data/catalogue/concepts.yml"
            raise DataError([Problem(_place(indicator, source), what, fix)])

    if source.kind in ("published", "count"):
        part = picked("value")
        counted(part)
        nothing: Array = np.full(len(part.value), np.nan)
        own = part.value if source.kind == "count" else nothing
        return Part(part, own, nothing, indicator.id, source.table, concept)
    above = picked("numerator")
    if source.minus:
        above = formulas.difference(above, picked("minus"))
    others = [(picked("denominator", source.denominator_table), source.denominator_year)]
    if source.kind == "dissimilarity":
        others.append((picked("other"), 0))
    if source.kind == "representation":
        base = source.base_table or source.table
        others += [(picked(part, base), 0) for part in ("base_numerator", "base_denominator")]
    counted(above, *(other for other, _ in others))
    parts = formulas.beside(above, others, known)
    made = formulas.figure(source.kind, parts, known, inputs.municipalities)
    return Part(*made, indicator.id, source.table, concept)


def _dressed(part: Part, source: Source, selects: _Selects, inputs: Inputs, known: Places) -> Part:
    """Add which figures are as printed, and between which breaks they lie."""
    breaks = [b.year for b in inputs.book.breaks_of(source.table, part.indicator)]
    era = np.searchsorted(breaks, known.years[part.figures.period], side="right")
    one_cell = is_single(selects.of("value"))
    public = inputs.passports[source.table].public
    published = public and source.kind in ("published", "count") and one_cell
    return replace(part, segment=era, published=published)


def _place(indicator: Indicator, source: Source) -> str:
    return f"data/catalogue/{indicator.field}.yml, {indicator.id}, table {source.table}"
