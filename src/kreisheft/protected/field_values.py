"""Stages 3 and 4 once per field: the figures around one Kreis for all years and target groups.

Chapters of every year and target group, the matrix of coverage and the files of data show parts of
the same figures. In: settings of a Kreis and a field. Out: `FieldValues` with the rows of
`disclosure.protect` and `disclosure.release` for the last report year; a report of an earlier year
uses the rows up to its year (computation and suppression treat every period by itself).

A build computes them once (`keep_values`) and sets the environment variable `FOLDER`; without it
`load` computes them on the spot, with the same result.
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
from kreisheft.facts.stages import Array, Protected, Released
from kreisheft.protected import disclosure, open_data_rows, peers
from kreisheft.values import compute_values

#: Files of the catalogue on which no figure depends.
WORDS = {"texts.yml", "glossar.yml", "angebote.yml", "beteiligung.yml", "start.yml"}
#: Environment variable: a folder with entries of `cache`, one per field, see `name_of`.
FOLDER = "KREISHEFT_VALUES"

Made = TypeVar("Made")


@dataclass(frozen=True)
class FieldValues:
    """Figures of a field for pages and for files of data: the same rows, sorted by key.

    digests: uint64, one hash per row, the same in every run
    """

    protected: Protected
    released: Released
    digests: Array
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def digest(self, year: int, target_group: str = "", indicator: str = "") -> str:
        """Return one hash of all rows up to a year.

        target_group, indicator: only their rows; empty: all.
        """

        def compute() -> str:
            rows = self._rows(year, target_group=target_group, indicator=indicator)
            return hashlib.sha256(self.digests[rows].tobytes()).hexdigest()

        return self.once(("digest", year, target_group, indicator), compute)

    def by_indicator(self) -> Mapping[str, Protected]:
        """Return the figures of each indicator; split once for all years and target groups."""
        return self.once("by indicator", lambda: disclosure.split_by_indicator(self.protected))

    def of_regions(self, indicator: str, year: int, target_group: str, ags: Set[str]) -> Protected:
        """Select figures of an indicator up to a year for some regions; no target group: all."""

        def select() -> Protected:
            figures = self.by_indicator().get(indicator)
            if figures is None:
                return disclosure.empty(self.protected)
            rows_of = self.places(indicator)
            groups = [target_group] if target_group else {group for group, _ in rows_of}
            chosen = [rows_of[place] for place in product(groups, ags) if place in rows_of]
            rows = np.sort(np.concatenate([*chosen, np.arange(0)]))
            return figures.part(rows[figures.column("year")[rows] <= year])

        return self.once((indicator, year, target_group, frozenset(ags)), select)

    def places(self, indicator: str) -> Mapping[tuple[str, str], Array]:
        """Map (target group, region) to the positions of their rows among the indicator's."""

        def compute() -> Mapping[tuple[str, str], Array]:
            figures = self.by_indicator()[indicator]
            (g, groups), (a, regions) = (
                pd.factorize(figures.column(name)) for name in ("target_group", "ags")
            )
            at = g * len(regions) + a
            order = np.argsort(at, kind="stable")
            distinct, first = np.unique(at[order], return_index=True)
            parts = np.split(order, first[1:])
            places = [
                (groups[i // len(regions)], regions[i % len(regions)]) for i in distinct.tolist()
            ]
            return dict(zip(places, parts, strict=True))

        return self.once(("places", indicator), compute)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the object kept under `key`; `make` computes it on the first call."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Made = self._kept[key]
        return kept

    def _rows(self, year: int, **wanted: str) -> Array:
        rows: Array = self.protected.column("year") <= year
        for name, text in wanted.items():
            if text:
                rows = rows & categories.is_among(self.protected.frame[name], {text})
        return rows


def load(root: Path, settings: Params, field: str, as_of: str | None) -> FieldValues:
    """Load the figures that a build has kept; compute them if there are none."""
    folder = os.environ.get(FOLDER) if not os.environ.get(project.ANEW_VARIABLE) else None
    path = Path(folder, name_of(settings, field, as_of)) if folder else None
    kept = _read(path, cache.head(path)) if path else None
    return kept or compute(root, settings, field, as_of)


def folder_of(root: Path, settings: Params) -> Path:
    """Return the folder in which a build keeps the figures of a Kreis."""
    return project.build_folder(root) / "values" / settings.kreis


def name_of(settings: Params, field: str, as_of: str | None) -> str:
    """Return the name of the entry of a field's figures in that folder."""
    return f"{settings.kreis}-{field}-{as_of or 'neueste'}"


def compute_to_keep(root: Path, settings: Params, field: str, as_of: str | None) -> FieldValues:
    """Compute figures to be kept, without the results that `once` holds."""
    return replace(compute(root, settings, field, as_of), _kept={})


def compute(root: Path, settings: Params, field: str, as_of: str | None) -> FieldValues:
    """Compute the figures of a field up to the last report year with this as-of date."""
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
    indicators = book.of_field(field)
    known_passports = passports_of(root, indicators)
    inputs = compute_values.load_inputs(root, book, known_passports, indicators, keys)
    values = compute_values.compute(inputs, indicators, year, as_of)
    rules = disclosure.load_rules(root)
    protected = disclosure.protect(values, rules)
    released = disclosure.release(values, rules, open_figures(indicators, known_passports))
    combined = released.frame.assign(error=protected.frame["error"])
    hashed = pd.util.hash_pandas_object(combined, index=False, categorize=True)
    return FieldValues(protected, released, hashed.to_numpy())


def files(root: Path, field: str, chosen: Iterable[Indicator] | None = None) -> set[Path]:
    """Return all files on which the figures of a field depend: facts, passports, catalogue, rules.

    chosen: only for these indicators of the field; None: all.
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


def tables(root: Path, indicators: Iterable[Indicator]) -> set[Path]:
    """Return the existing facts files and passports of the tables that the indicators name."""
    numbers, paths = compute_values.needed_tables(indicators), set()
    for kind, ending in (("facts", "csv"), ("sources", "yml")):
        # One of a few producers has it; to list all their tables takes longer than to ask.
        for producer in (root / "data" / kind).iterdir():
            paths |= {p for table in numbers if (p := producer / f"{table}.{ending}").is_file()}
    return paths


def region_keys(root: Path, settings: Params) -> set[str]:
    """Return the regions to compute: the Kreis and those around it, and its peers of all years."""
    compared = (peers.choose(root, settings, year).ags for year in settings.report_years)
    others = {ags for members in compared for ags in members}
    return regions.keys_around(root, settings.ags, (settings.land, *sorted(others)))


def passports_of(root: Path, indicators: Iterable[Indicator]) -> dict[str, Passport]:
    """Load the passports of every table behind the indicators."""
    return {t: passports.find(root, t) for t in compute_values.needed_tables(indicators)}


def open_figures(
    indicators: Iterable[Indicator], known_passports: Mapping[str, Passport]
) -> frozenset[tuple[str, str]]:
    """Return (indicator, table) of the figures that are computed from open tables only."""
    return frozenset(
        (i.id, s.table)
        for i in indicators
        for s in i.sources
        if all(known_passports[t].public for t in open_data_rows.tables_behind(i, s.table))
    )


@keep_newest(64)
def _read(path: Path, _head: bytes) -> FieldValues | None:
    content = cache.read(path)
    values: FieldValues | None = None if content is None else pickle.loads(content)
    return values
