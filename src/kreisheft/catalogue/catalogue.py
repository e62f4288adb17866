"""The catalogue: fields, indicators, groups, concepts, breaks in series, and all texts.

In: ``data/catalogue/*.yml``. Out: a `Catalogue`. All text that readers see comes from here or from
the prose of the notebooks. The mistakes of all files are raised together as one `DataError`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NotRequired, TypedDict

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

#: An entry of concepts.yml; `with`: concepts that may be its denominator or total.
Concept = TypedDict("Concept", {"title": str, "definition": str, "with": NotRequired[list[str]]})


class _Groups(TypedDict):
    target_groups: dict[str, dict[str, str]]
    lists: dict[str, list[str]]
    groups: dict[str, str]
    dimensions: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Break:
    """A break in series: from `year` on the tables count differently, so nothing is compared
    across.

    indicators: only these have the break; empty: all that come from the tables
    """

    tables: tuple[str, ...]
    indicators: tuple[str, ...]
    year: int
    label: str
    text: str
    source: str


@dataclass(frozen=True)
class Catalogue:
    """The content of data/catalogue, by id."""

    fields: Mapping[str, Mapping[str, str]]
    indicators: Mapping[str, Indicator]
    target_groups: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, list[str]]
    groups: Mapping[str, str]
    concepts: Mapping[str, Concept]
    breaks: tuple[Break, ...]
    texts: Mapping[str, Any]

    def indicator(self, name: str) -> Indicator:
        """Return the entry `name`. Raises UsageError with the valid ids for another name."""
        if name not in self.indicators:
            raise unknown("indicator", name, sorted(self.indicators))
        return self.indicators[name]

    def of_field(self, field: str) -> list[Indicator]:
        """Return the indicators of a field, in the order of its file."""
        return [i for i in self.indicators.values() if i.field == field]

    def breaks_of(self, table: str, indicator: str) -> list[Break]:
        """Return the breaks in the series of `indicator` from `table`, oldest first.

        Breaks of the denominator's and the base's table count too, in the first year that uses
        them.
        """
        breaks = self._breaks(table, indicator)
        entry = self.indicators.get(indicator)
        for source in entry.sources if entry else ():
            shifts = dict.fromkeys(source.tables, 0)
            shifts |= {source.denominator_table: source.denominator_year, table: 0}
            for base in [t for t in shifts if source.table == table != t]:
                years = {b.year for b in breaks}
                breaks += [
                    replace(b, year=b.year - shifts[base])
                    for b in self._breaks(base, indicator)
                    if b.year - shifts[base] not in years
                ]
        return sorted(breaks, key=lambda b: b.year)

    def _breaks(self, table: str, indicator: str) -> list[Break]:
        of_table = [b for b in self.breaks if table in b.tables]
        return [b for b in of_table if not b.indicators or indicator in b.indicators]

    def mixed(self, concepts: Collection[str]) -> list[str]:
        """Return the concepts that may not be combined in one figure, sorted; see concepts.yml."""
        apart = {
            c
            for a in concepts
            for b in concepts
            if a != b and b not in self._meets(a) and a not in self._meets(b)
            for c in (a, b)
        }
        return sorted(apart)

    def _meets(self, concept: str) -> Collection[str]:
        return self.concepts[concept].get("with", ()) if concept in self.concepts else ()

    def counts(self, indicator: Indicator) -> bool:
        """Say whether the figures are plain counts: they depend on the size of the region."""
        return bool(self.texts["units"][indicator.unit].get("counts"))

    def numeral(self, count: int) -> str:
        """Format a whole number as a word if the catalogue has one: ``fünf``, ``13``."""
        words: list[str] = self.texts["numerals"]
        return words[count] if count < len(words) else str(count)

    def label(self, group: str) -> str:
        """Return the label of a group in tables and legends."""
        return self.groups[group]


@read_once
def load(root: Path) -> Catalogue:
    """Read and cross-check the whole catalogue. Raises DataError with the mistakes of all files."""
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
    documents: list[Document] = []
    raise_if(
        yaml_files.collect(
            [
                lambda f=f: documents.append(
                    yaml_files.load(folder / f"{f}.yml", "indicators", root)
                )  # type: ignore[misc]
                for f in fields
            ]
        )
    )
    groups = _group_labels(base["groups"], folder, root)
    templates = _template_measures(root, fields)
    vocabulary = indicator_entry.Vocabulary(
        concepts=base["concepts"]["concepts"],
        target_groups=base["groups"]["target_groups"],
        groups=groups,
        dimensions={*base["groups"]["dimensions"], "staat"},
        templates=templates,
    )
    indicators: dict[str, Indicator] = {}
    problems: list[Problem] = []
    for field, document in zip(fields, documents, strict=True):
        problems += indicator_entry.find_mistakes(document, field, vocabulary, indicators)
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
        breaks=tuple(map(_break, base["breaks"]["breaks"])),
        texts=yaml_files.load(folder / "texts.yml", "texts", root).content,
    )


def check(root: Path) -> list[Problem]:
    """Report every mistake in the files of the catalogue."""
    return yaml_files.collect([lambda: load(root)])


def group_id(dimension: str, value: str) -> str:
    """Return the id of the group with one value of a dimension: alter, 00-02 → ``alter_00_02``."""
    return f"{dimension}_{value}".replace("-", "_").replace("+", "_plus")


class _BreakEntry(TypedDict):
    tables: list[str]
    indicators: NotRequired[list[str]]
    year: int
    label: str
    text: str
    source: str


def _break(entry: _BreakEntry) -> Break:
    return Break(
        tables=tuple(entry["tables"]),
        indicators=tuple(entry.get("indicators", ())),
        year=entry["year"],
        label=entry["label"],
        text=entry["text"],
        source=entry["source"],
    )


def _group_labels(content: _Groups, folder: Path, root: Path) -> dict[str, str]:
    groups: dict[str, str] = dict(content["groups"])
    labels = dict(content["dimensions"])
    labels |= {"staat": yaml_files.load(folder / "staaten.yml", "labels", root).content}
    for dimension, values in labels.items():
        for value, label in values.items():
            groups[group_id(dimension, str(value))] = label
    return groups


def _template_measures(root: Path, fields: Iterable[str]) -> dict[str, list[str]]:
    """Map template files to their measures; empty if the project has no templates."""
    folder = root / "data/templates"
    if not folder.is_dir():
        return {}
    documents_of = {f: yaml_files.load(folder / f"{f}.yml", "passport", root) for f in fields}
    return {f"{f}.csv": list(d.content["measures"]) for f, d in documents_of.items()}
