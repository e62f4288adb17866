"""What is measured and what it is called: fields, indicators, groups, concepts, breaks, texts.

In: ``data/catalogue/*.yml``. Out: a `Catalogue`. All text a reader sees comes from here or from
the notebooks' prose. Mistakes in any of the files are raised together as `DataError`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kreisheft.catalogue import indicator_entry
from kreisheft.catalogue.indicator_entry import PLACEHOLDER as PLACEHOLDER
from kreisheft.catalogue.indicator_entry import Indicator as Indicator
from kreisheft.catalogue.indicator_entry import Select as Select
from kreisheft.catalogue.indicator_entry import Source as Source
from kreisheft.catalogue.indicator_entry import Template as Template
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if, unknown
from kreisheft.core.project import keep_newest, read_once
from kreisheft.core.yaml_files import Document


@dataclass(frozen=True)
class Break:
    """From `year` on the tables count in another way: no line and no comparison across.

    indicators: only these are cut; empty: all that the tables give
    """

    tables: tuple[str, ...]
    indicators: tuple[str, ...]
    year: int
    label: str
    text: str
    source: str


@dataclass(frozen=True)
class Catalogue:
    """Everything below data/catalogue."""

    fields: Mapping[str, Mapping[str, str]]
    indicators: Mapping[str, Indicator]
    target_groups: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, list[str]]
    groups: Mapping[str, str]
    concepts: Mapping[str, Mapping[str, Any]]
    breaks: tuple[Break, ...]
    texts: Mapping[str, Any]

    def indicator(self, name: str) -> Indicator:
        """Entry `name`, or a UsageError that lists the valid ones."""
        if name not in self.indicators:
            raise unknown("indicator", name, sorted(self.indicators))
        return self.indicators[name]

    def of_field(self, field: str) -> list[Indicator]:
        """Indicators of a field, in the order of its file."""
        return [i for i in self.indicators.values() if i.field == field]

    def breaks_of(self, table: str, indicator: str) -> list[Break]:
        """Breaks that cut the series of `indicator` from `table`, oldest first.

        A figure has the breaks of its denominator and base, too: in the first year that uses it.
        """
        found = self._breaks(table, indicator)
        entry = self.indicators.get(indicator)
        for source in entry.sources if entry else ():
            shifts = dict.fromkeys(source.tables, 0)
            shifts |= {source.denominator_table: source.denominator_year, table: 0}
            for base in [t for t in shifts if source.table == table != t]:
                years = {b.year for b in found}
                found += [
                    replace(b, year=b.year - shifts[base])
                    for b in self._breaks(base, indicator)
                    if b.year - shifts[base] not in years
                ]
        return sorted(found, key=lambda b: b.year)

    def _breaks(self, table: str, indicator: str) -> list[Break]:
        found = [b for b in self.breaks if table in b.tables]
        return [b for b in found if not b.indicators or indicator in b.indicators]

    def mixed(self, concepts: Collection[str]) -> list[str]:
        """Return the concepts that may not meet in one figure, sorted; see concepts.yml."""
        found = {
            c
            for a in concepts
            for b in concepts
            if a != b and b not in self._meets(a) and a not in self._meets(b)
            for c in (a, b)
        }
        return sorted(found)

    def _meets(self, concept: str) -> Collection[str]:
        meets: Collection[str] = self.concepts.get(concept, {}).get("with", ())
        return meets

    def counts(self, indicator: Indicator) -> bool:
        """Whether the figures are mere counts, as large as the region is: no gap, no place."""
        return bool(self.texts["units"][indicator.unit].get("counts"))

    def numeral(self, count: int) -> str:
        """Write a whole number as a word where the catalogue has one: ``fünf``, ``13``."""
        words: list[str] = self.texts["numerals"]
        return words[count] if count < len(words) else str(count)

    def label(self, group: str) -> str:
        """What the group is called in a table or a legend."""
        return self.groups[group]


@read_once
def load(root: Path) -> Catalogue:
    """Read and cross-check the whole catalogue; raise DataError with every mistake of all files."""
    folders = (root / "data/catalogue", root / "data/templates")
    states = (path.stat() for folder in folders for path in sorted(folder.glob("*.yml")))
    return _load(root, tuple((s.st_mtime_ns, s.st_ctime_ns, s.st_size) for s in states))


@keep_newest(4)
def _load(root: Path, _stamp: object) -> Catalogue:
    folder = root / "data/catalogue"
    names = ("fields", "groups", "concepts", "breaks")
    raise_if(
        yaml_files.collect(
            [lambda n=n: yaml_files.load(folder / f"{n}.yml", n, root) for n in names]  # type: ignore[misc]
        )
    )
    base = {n: yaml_files.load(folder / f"{n}.yml", n, root).content for n in names}
    fields = base["fields"]["fields"]
    own: list[Document] = []
    raise_if(
        yaml_files.collect(
            [
                lambda f=f: own.append(yaml_files.load(folder / f"{f}.yml", "indicators", root))  # type: ignore[misc]
                for f in fields
            ]
        )
    )
    groups = _groups(base["groups"], folder, root)
    templates = _templates(root, fields)
    indicators: dict[str, Indicator] = {}
    problems: list[Problem] = []
    for field, document in zip(fields, own, strict=True):
        problems += indicator_entry.mistakes(document, field, base, groups, indicators, templates)
        for key, entry in document.content["indicators"].items():
            indicators[key] = indicator_entry.read(key, field, entry)
    raise_if(problems)
    return Catalogue(
        fields=fields,
        indicators=indicators,
        target_groups=base["groups"]["target_groups"],
        lists=base["groups"]["lists"],
        groups=groups,
        concepts=base["concepts"]["concepts"],
        breaks=tuple(
            Break(
                tuple(b["tables"]),
                tuple(b.get("indicators", ())),
                b["year"],
                b["label"],
                b["text"],
                b["source"],
            )
            for b in base["breaks"]["breaks"]
        ),
        texts=yaml_files.load(folder / "texts.yml", "texts", root).content,
    )


def check(root: Path) -> list[Problem]:
    """Every problem of every file of the catalogue."""
    return yaml_files.collect([lambda: load(root)])


def group_id(dimension: str, value: str) -> str:
    """Name the group that is one value of a dimension: alter, 00-02 → ``alter_00_02``."""
    return f"{dimension}_{value}".replace("-", "_").replace("+", "_plus")


def _groups(content: Any, folder: Path, root: Path) -> dict[str, str]:
    groups: dict[str, str] = dict(content["groups"])
    labels = dict(content["dimensions"])
    labels |= {"staat": yaml_files.load(folder / "staaten.yml", "labels", root).content}
    for dimension, values in labels.items():
        for value, label in values.items():
            groups[group_id(dimension, str(value))] = label
    return groups


def _templates(root: Path, fields: Iterable[str]) -> dict[str, list[str]]:
    """File name → measures of the delivery template; nothing where a copy has no templates."""
    folder = root / "data/templates"
    if not folder.is_dir():
        return {}
    documents_of = {f: yaml_files.load(folder / f"{f}.yml", "passport", root) for f in fields}
    return {f"{f}.csv": list(d.content["measures"]) for f, d in documents_of.items()}
