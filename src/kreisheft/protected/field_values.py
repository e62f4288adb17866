"""Stages 3 and 4 once per field: the figures around one Kreis for all years and target groups.

Chapters of every year and target group, the matrix of coverage and the files of data show parts of
the same figures. In: settings of a Kreis and a field. Out: `FieldValues`, whose rows are those of
`disclosure.protect` and `disclosure.release` for the last report year; a report of an earlier year
has the rows up to its year (computing and protecting look at one period at a time).

Who runs many chapters computes them once (`keep_values`) and names the folder in `FOLDER`; without
it they are computed on the spot, with the same result.
"""

import hashlib
import os
import pickle
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.params import Params
from kreisheft.core import cache, categories, project
from kreisheft.core.project import keep_newest
from kreisheft.facts import passports, regions
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import Protected, Released
from kreisheft.protected import disclosure, open_data_rows, peers
from kreisheft.values import compute_values

#: Files of the catalogue that say nothing about figures.
WORDS = {"texts.yml", "glossar.yml", "angebote.yml", "beteiligung.yml", "start.yml"}
#: Environment variable: a folder with entries of `cache`, one per field, see `name_of`.
FOLDER = "KREISHEFT_VALUES"

Made = TypeVar("Made")


@dataclass(frozen=True)
class FieldValues:
    """Figures of a field for pages and for files of data: the same rows, sorted by key.

    digests: one number per row; equal rows have equal numbers, in every run
    """

    protected: Protected
    released: Released
    digests: Any
    _known: dict[Hashable, Any] = field(default_factory=dict)

    def digest(self, year: int, target_group: str = "", indicator: str = "") -> str:
        """One hash of the rows up to a year, such as those that a chapter can show.

        target_group, indicator: only theirs; empty for all.
        """

        def made() -> str:
            rows = self._rows(year, target_group=target_group, indicator=indicator)
            return hashlib.sha256(self.digests[rows].tobytes()).hexdigest()

        return self.once(("digest", year, target_group, indicator), made)

    def by_indicator(self) -> Mapping[str, Protected]:
        """Figures of each indicator; split once for chapters of all years and target groups."""
        return self.once("by indicator", lambda: disclosure.by_indicator(self.protected))

    def of_regions(self, indicator: str, year: int, target_group: str, ags: Set[str]) -> Protected:
        """Figures of an indicator up to a year for some regions; no target group: of all."""

        def made() -> Protected:
            found = self.by_indicator().get(indicator)
            if found is None:
                return disclosure.none(self.protected)
            known = self.places(indicator)
            groups = [target_group] if target_group else {group for group, _ in known}
            chosen = [known[place] for place in product(groups, ags) if place in known]
            rows = np.sort(np.concatenate([*chosen, np.arange(0)]))
            return found.part(rows[found.column("year")[rows] <= year])

        return self.once((indicator, year, target_group, frozenset(ags)), made)

    def places(self, indicator: str) -> Mapping[tuple[str, str], Any]:
        """Target group and region → numbers of their rows among those of the indicator."""

        def made() -> Mapping[tuple[str, str], Any]:
            found = self.by_indicator()[indicator]
            (g, groups), (a, regions) = (
                pd.factorize(found.column(name)) for name in ("target_group", "ags")
            )
            at = g * len(regions) + a
            order = np.argsort(at, kind="stable")
            each, first = np.unique(at[order], return_index=True)
            parts = np.split(order, first[1:])
            places = [(groups[i // len(regions)], regions[i % len(regions)]) for i in each.tolist()]
            return dict(zip(places, parts, strict=True))

        return self.once(("places", indicator), made)

    def once(self, what: Hashable, made: Callable[[], Made]) -> Made:
        """Return what was made of these figures under this name; made when first asked for."""
        if what not in self._known:
            self._known[what] = made()
        found: Made = self._known[what]
        return found

    def _rows(self, year: int, **wanted: str) -> Any:
        found = self.protected.column("year") <= year
        for name, text in wanted.items():
            if text:
                found = found & categories.among(self.protected.frame[name], {text})
        return found


def of(root: Path, settings: Params, field: str, as_of: str | None) -> FieldValues:
    """Figures of a field: those that were kept, else computed."""
    named = os.environ.get(FOLDER) if not os.environ.get(project.ANEW_VARIABLE) else None
    path = Path(named, name_of(settings, field, as_of)) if named else None
    found = _read(path, cache.head(path)) if path else None
    return found or compute(root, settings, field, as_of)


def folder_of(root: Path, settings: Params) -> Path:
    """Where the figures of a Kreis are kept."""
    return project.build_folder(root) / "values" / settings.kreis


def name_of(settings: Params, field: str, as_of: str | None) -> str:
    """Return the name of the entry of a field's figures in that folder."""
    return f"{settings.kreis}-{field}-{as_of or 'neueste'}"


def to_keep(root: Path, settings: Params, field: str, as_of: str | None) -> FieldValues:
    """Compute figures to be kept: without what chapters made of them here."""
    return replace(compute(root, settings, field, as_of), _known={})


def compute(root: Path, settings: Params, field: str, as_of: str | None) -> FieldValues:
    """Figures of a field up to the last report year that may use `as_of`."""
    year = max(y for y in settings.report_years if settings.as_of.get(y) == as_of)
    keys = region_keys(root, settings)
    states = (p.stat() for p in sorted(files(root, field)) if p.is_file())
    stamp = tuple((s.st_mtime_ns, s.st_ctime_ns, s.st_size) for s in states)
    return _compute(root, field, frozenset(keys), year, as_of, stamp)


@keep_newest(64)
def _compute(
    root: Path, field: str, keys: frozenset[str], year: int, as_of: str | None, _stamp: object
) -> FieldValues:
    book = catalogue.load(root)
    chosen = book.of_field(field)
    known = passports_of(root, chosen)
    inputs = compute_values.load_inputs(root, book, known, chosen, keys)
    values = compute_values.compute(inputs, chosen, year, as_of)
    rules = disclosure.load_rules(root)
    protected = disclosure.protect(values, rules)
    released = disclosure.release(values, rules, open_figures(chosen, known))
    whole = released.frame.assign(error=protected.frame["error"])
    hashed = pd.util.hash_pandas_object(whole, index=False, categorize=True)
    return FieldValues(protected, released, hashed.to_numpy())


def files(root: Path, field: str, chosen: Iterable[Indicator] | None = None) -> set[Path]:
    """Every file that the figures of a field come from: facts, passports, catalogue, rules.

    chosen: only of these indicators of the field.
    """
    data, book = root / "data", catalogue.load(root)
    unread = WORDS | {f"{other}.yml" for other in book.fields if other != field}
    return {
        *tables(root, book.of_field(field) if chosen is None else chosen),
        *(data / "corrections").glob("*"),
        *(p for p in (data / "catalogue").glob("*.yml") if p.name not in unread),
        *(data / "regions").glob("*.*"),
        data / "sources/sources.yml",
        data / "rules/disclosure.yml",
    }


def tables(root: Path, chosen: Iterable[Indicator]) -> set[Path]:
    """Facts and passports of the tables that the indicators name, as far as there are any."""
    named, found = compute_values.needed_tables(chosen), set()
    for kind, ending in (("facts", "csv"), ("sources", "yml")):
        # One of a few producers has it; to list all their tables takes longer than to ask.
        for producer in (root / "data" / kind).iterdir():
            found |= {p for table in named if (p := producer / f"{table}.{ending}").is_file()}
    return found


def region_keys(root: Path, settings: Params) -> set[str]:
    """The Kreis with all around it, and whom a report of any year compares it with."""
    compared = (peers.choose(root, settings, year).ags for year in settings.report_years)
    others = {ags for one in compared for ags in one}
    return regions.around(root, settings.ags, (settings.land, *sorted(others)))


def passports_of(root: Path, chosen: Iterable[Indicator]) -> dict[str, Passport]:
    """Passports of every table behind the indicators."""
    return {t: passports.find(root, t) for t in compute_values.needed_tables(chosen)}


def open_figures(
    chosen: Iterable[Indicator], known: Mapping[str, Passport]
) -> frozenset[tuple[str, str]]:
    """Indicator and table of the figures that are made of open tables only."""
    return frozenset(
        (i.id, s.table)
        for i in chosen
        for s in i.sources
        if all(known[t].public for t in open_data_rows.behind(i, s.table))
    )


@keep_newest(64)
def _read(path: Path, _head: bytes) -> FieldValues | None:
    content = cache.read(path)
    found: FieldValues | None = None if content is None else pickle.loads(content)
    return found
