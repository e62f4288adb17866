"""Stage 3: facts → values. One row per region × period × indicator × target group × group.

In: the catalogue, the facts of the tables that the indicators name, the report year.
Out: `Values`. The sources of an indicator are tried in the order of the catalogue: per region, year
and group the first table that has a number wins. Every row names its table and its segment (the
years between two declared breaks in series), so that no series is joined across a break.

`formulas` defines the kinds of the catalogue (share, per_1000, …).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

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
from kreisheft.catalogue.indicator_entry import Choice
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
    number_places,
    pick,
    prepare_table,
)
from kreisheft.values.value_frame import Part


@dataclass(frozen=True)
class Inputs:
    """What figures are computed from; `tables` holds only the tables that are needed.

    kreise: Land → the Kreise that its sum needs (see `aggregates.add_land_sum`)
    municipalities: Kreis → how many an index over them needs; a Kreis not named has no index
    """

    book: Catalogue
    passports: Mapping[str, Passport]
    tables: Mapping[str, Facts]
    kreise: Mapping[str, Collection[str]] = field(default_factory=dict)
    municipalities: Mapping[str, int] = field(default_factory=dict)


def needed_tables(indicators: Iterable[Indicator]) -> list[str]:
    """Return the numbers of all tables that the indicators name, sorted.

    >>> book = catalogue.load(ROOT)
    >>> needed_tables([book.indicator("arbeitslosenquote")])
    ['13211-02-05-4', 'inkar-kreise']
    """
    return sorted({t for i in indicators for s in i.sources for t in s.tables})


def load_inputs(
    root: Path,
    book: Catalogue,
    known_passports: Mapping[str, Passport],
    indicators: Iterable[Indicator],
    keys: Collection[str] | None = None,
) -> Inputs:
    """Load the facts that the indicators need.

    known_passports: at least those of the needed tables. keys: load only these regions; None: all.

    >>> book = catalogue.load(ROOT)
    >>> chosen = [book.indicator("arbeitslosenquote")]
    >>> inputs = load_inputs(ROOT, book, passports.load(ROOT), chosen, ["05562"])
    >>> inputs.municipalities["05562"]
    10
    """
    tables = {t: fact_files.load(root, t, keys) for t in needed_tables(indicators)}
    kreise = defaultdict(list)
    for key in regions.kreise(root):
        kreise[key[:2]].append(key)
    keys_of = regions.load(root)["ags"]
    municipalities = Counter(key[:5] for key in keys_of if len(key) == 8)
    return Inputs(book, known_passports, tables, kreise, municipalities)


def compute(
    inputs: Inputs,
    indicators: Iterable[Indicator],
    year: int,
    as_of: str | None = None,
    target_groups: Collection[str] = (),
) -> Values:
    """Compute the indicators for all loaded regions and all periods up to and including `year`.

    as_of: newest Stand that may be used (``YYYY-MM-DD``), None for the newest there is.
    target_groups: only these; empty for all. Text columns are categories, `year` is int64,
    `published` bool, numbers are float64 in the unit of the indicator.
    Raises DataError if a selection of the catalogue does not fit its table.

    >>> book = catalogue.load(ROOT)
    >>> chosen = [book.indicator("arbeitslosenquote")]
    >>> inputs = load_inputs(ROOT, book, passports.load(ROOT), chosen, ["05562"])
    >>> frame = compute(inputs, chosen, 2016, target_groups=["gesamt"]).frame
    >>> newest = frame[frame["year"] == 2016].set_index("group")["value"]
    >>> float(newest["auslaender"])
    29.6
    """
    places, tables = _prepare_tables(inputs, as_of)
    parts = [
        part
        for indicator in indicators
        for part in _compute_parts(indicator, tables, places, inputs, target_groups)
        if len(part.figures.value)
    ]
    return Values(value_frame.build_frame(parts, places, year))


def _prepare_tables(inputs: Inputs, as_of: str | None) -> tuple[Places, dict[str, Prepared]]:
    frames = {
        name: aggregates.add_land_sum(
            fact_files.select_newest(table, as_of), inputs.passports[name], inputs.kreise
        )
        for name, table in inputs.tables.items()
    }
    places = number_places(frames.values())
    return places, {name: prepare_table(frame, places) for name, frame in frames.items()}


def check(root: Path, names: Collection[str] = ()) -> list[Problem]:
    """Report every selection of the catalogue that does not fit its facts.

    names: ids of the indicators to check; empty: all.

    >>> check(ROOT, ["arbeitslosenquote"])
    []
    """
    book = catalogue.load(root)
    known_passports = passports.load(root)
    selected = [i for i in book.indicators.values() if not names or i.id in names]
    missing = [
        Problem(_place(i, s), f"no table {t!r} in data/facts", "import it or mend the number")
        for i in selected
        for s in i.sources
        for t in s.tables
        if t not in known_passports
    ]
    if missing:
        return missing
    inputs = load_inputs(root, book, known_passports, selected)
    places, tables = _prepare_tables(inputs, None)
    problems = []
    for indicator in selected:
        try:
            list(_compute_parts(indicator, tables, places, inputs))
        except DataError as error:
            problems += error.problems
    return problems


def _compute_parts(
    indicator: Indicator,
    tables: Mapping[str, Prepared],
    places: Places,
    inputs: Inputs,
    target_groups: Collection[str] = (),
) -> Iterable[Part]:
    for source in indicator.sources:
        if not all(len(tables[t].facts.value) for t in source.tables):
            continue  # no delivery yet at the as-of date
        groups = _groups(source, tables[source.table])
        # Target groups that a source does not distinguish share one computation.
        parts: dict[tuple[str, str], Part] = {}
        for target_group, shown_groups in indicator.target_groups.items():
            if target_groups and target_group not in target_groups:
                continue
            if source.target_group and target_group not in source.target_group:
                continue
            meaning = str(source.target_group.get(target_group, ""))
            for group in [g for g in groups if g in shown_groups]:
                if (group, meaning) not in parts:
                    selects = _Selects(source, target_group, groups[group], inputs.book)
                    part = _compute_part(indicator, source, selects, tables, places, inputs)
                    parts[group, meaning] = _add_origin(part, source, selects, inputs, places)
                yield replace(parts[group, meaning], target_group=target_group, group=group)


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
        """Return column → allowed ids for a part: ``value``, ``numerator``, ``denominator`` …"""
        base: Select = getattr(self._source, part)
        narrowing = self._narrowing
        if part in ("denominator", "base_numerator", "base_denominator"):
            narrowing = {c: v for c, v in narrowing.items() if c in columns and c not in base}
        return {c: self._values(v) for c, v in {**base, **narrowing}.items()}

    def _values(self, choice: Choice) -> list[str]:
        if choice == PLACEHOLDER:
            choice = self._source.target_group[self._target_group]
        if isinstance(choice, str) and choice.startswith("@"):
            return list(map(str, self._lists[choice.removeprefix("@")]))
        return list(map(str, choice)) if isinstance(choice, list) else [str(choice)]


def _compute_part(
    indicator: Indicator,
    source: Source,
    selects: _Selects,
    tables: Mapping[str, Prepared],
    places: Places,
    inputs: Inputs,
) -> Part:
    def pick_part(part: str, number: str = source.table) -> Picked:
        table = tables[number]
        try:
            return pick(table, selects.of(part, table.ids))
        except SelectionError as error:
            fix = "see docs/tables.md for what is in it"
            raise DataError([Problem(_place(indicator, source), str(error), fix)]) from None

    concept = source.concept or indicator.concept

    def require_one_concept(*operands: Picked) -> None:
        mixed = inputs.book.mixed({concept, *(c for part in operands for c in part.concepts)})
        if mixed:
            what = f"counts {' and '.join(mixed)}: two concepts never meet in one figure"
            fix = "mend 'concept', or choose another table; see data/catalogue/concepts.yml"
            raise DataError([Problem(_place(indicator, source), what, fix)])

    if source.kind in ("published", "count"):
        part = pick_part("value")
        require_one_concept(part)
        no_base: Array = np.full(len(part.value), np.nan)
        counts = part.value if source.kind == "count" else no_base
        return Part(part, counts, no_base, indicator.id, source.table, concept)
    numerator = pick_part("numerator")
    if source.minus:
        numerator = formulas.subtract(numerator, pick_part("minus"))
    others = [(pick_part("denominator", source.denominator_table), source.denominator_year)]
    if source.kind == "dissimilarity":
        others.append((pick_part("other"), 0))
    if source.kind == "representation":
        base = source.base_table or source.table
        others += [(pick_part(part, base), 0) for part in ("base_numerator", "base_denominator")]
    require_one_concept(numerator, *(other for other, _ in others))
    operands = formulas.join_by_year(numerator, others, places)
    figures = formulas.compute_figures(source.kind, operands, places, inputs.municipalities)
    return Part(*figures, indicator.id, source.table, concept)


def _add_origin(
    part: Part, source: Source, selects: _Selects, inputs: Inputs, places: Places
) -> Part:
    """Mark figures that are published as they are, and number the segments between breaks."""
    breaks = [b.year for b in inputs.book.breaks_of(source.table, part.indicator)]
    segment = np.searchsorted(breaks, places.years[part.figures.period], side="right")
    one_cell = is_single(selects.of("value"))
    public = inputs.passports[source.table].public
    published = public and source.kind in ("published", "count") and one_cell
    return replace(part, segment=segment, published=published)


def _place(indicator: Indicator, source: Source) -> str:
    return f"data/catalogue/{indicator.field}.yml, {indicator.id}, table {source.table}"
