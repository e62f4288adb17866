"""What is measured and what it is called: fields, indicators, groups, concepts, breaks, texts.

In: ``data/catalogue/*.yml``. Out: a `Catalogue`. All text a reader sees comes from here or from
the notebooks' prose. Mistakes in any of the files are raised together as `DataError`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kreisheft import documents
from kreisheft.documents import Document
from kreisheft.errors import Problem, raise_if, unknown

Select = Mapping[str, Any]
#: Stands in a selection for what `Source.target_group` says of the chapter's target group.
PLACEHOLDER = "@zielgruppe"


@dataclass(frozen=True)
class Source:
    """How one official table gives an indicator.

    kind:  published (the value as printed), count, share (percent) or per_1000
    value, numerator, denominator, minus: selections of facts; `minus` is taken off the numerator
    groups: comparison group → what narrows the selections to it
    groups_by: instead of groups: a dimension, each value of which is a group
    target_group: target group → what '@zielgruppe' stands for in a selection
    """

    table: str
    kind: str
    value: Select
    numerator: Select
    denominator: Select
    minus: Select
    denominator_table: str
    denominator_year: int
    concept: str
    target_group: Mapping[str, Any]
    groups: Mapping[str, Select]
    groups_by: str


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue; `sources` in order of preference, empty if there is no figure."""

    id: str
    field: str
    code: str
    title: str
    definition: str
    numerator: str
    denominator: str
    unit: str
    direction: str
    concept: str
    focus: str
    reference: str
    caveats: tuple[str, ...]
    missing: str
    target_groups: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]


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
    concepts: Mapping[str, Mapping[str, str]]
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
        """Breaks that cut the series of `indicator` from `table`, oldest first."""
        found = [b for b in self.breaks if table in b.tables]
        found = [b for b in found if not b.indicators or indicator in b.indicators]
        return sorted(found, key=lambda b: b.year)

    def label(self, group: str) -> str:
        """What the group is called in a table or a legend."""
        return self.groups[group]


@lru_cache(maxsize=4)
def load(root: Path) -> Catalogue:
    """Read and cross-check the whole catalogue; raise DataError with every mistake of all files."""
    folder = root / "data/catalogue"
    names = ("fields", "groups", "concepts", "breaks")
    raise_if(
        documents.collect(
            [lambda n=n: documents.load(folder / f"{n}.yml", n, root) for n in names]  # type: ignore[misc]
        )
    )
    base = {n: documents.load(folder / f"{n}.yml", n, root).content for n in names}
    fields = base["fields"]["fields"]
    own: list[Document] = []
    raise_if(
        documents.collect(
            [
                lambda f=f: own.append(documents.load(folder / f"{f}.yml", "indicators", root))  # type: ignore[misc]
                for f in fields
            ]
        )
    )
    groups = _groups(base["groups"], folder, root)
    indicators: dict[str, Indicator] = {}
    problems: list[Problem] = []
    for field, document in zip(fields, own, strict=True):
        problems += _mistakes(document, field, base, groups, indicators)
        for key, entry in document.content["indicators"].items():
            indicators[key] = _indicator(key, field, entry)
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
        texts=documents.load(folder / "texts.yml", "texts", root).content,
    )


def check(root: Path) -> list[Problem]:
    """Every problem of every file of the catalogue."""
    return documents.collect([lambda: load(root)])


def group_id(dimension: str, value: str) -> str:
    """Name the group that is one value of a dimension: alter, 00-02 → ``alter_00_02``."""
    return f"{dimension}_{value}".replace("-", "_").replace("+", "_plus")


def _groups(content: Any, folder: Path, root: Path) -> dict[str, str]:
    groups: dict[str, str] = dict(content["groups"])
    labels = dict(content["dimensions"])
    labels |= {"staat": documents.load(folder / "staaten.yml", "labels", root).content}
    for dimension, values in labels.items():
        for value, label in values.items():
            groups[group_id(dimension, str(value))] = label
    return groups


def _indicator(key: str, field: str, entry: Mapping[str, Any]) -> Indicator:
    return Indicator(
        id=key,
        field=field,
        code=entry["code"],
        title=entry["title"],
        definition=entry["definition"].strip(),
        numerator=entry["numerator"],
        denominator=entry.get("denominator", ""),
        unit=entry["unit"],
        direction=entry["direction"],
        concept=entry["concept"],
        focus=entry.get("focus", ""),
        reference=entry.get("reference", ""),
        caveats=tuple(entry.get("caveats", ())),
        missing=entry.get("missing", "").strip(),
        target_groups={g: tuple(v) for g, v in entry["target_groups"].items()},
        sources=tuple(_source(s) for s in entry.get("sources", ())),
    )


def _source(entry: Mapping[str, Any]) -> Source:
    return Source(
        table=entry["table"],
        kind=entry["kind"],
        value=entry.get("value", {}),
        numerator=entry.get("numerator", {}),
        denominator=entry.get("denominator", {}),
        minus=entry.get("minus", {}),
        denominator_table=entry.get("denominator_table", entry["table"]),
        denominator_year=entry.get("denominator_year", 0),
        concept=entry.get("concept", ""),
        target_group=entry.get("target_group", {}),
        groups=entry.get("groups", {} if "groups_by" in entry else {"insgesamt": {}}),
        groups_by=entry.get("groups_by", ""),
    )


def _mistakes(
    document: Document,
    field: str,
    base: Mapping[str, Any],
    groups: Mapping[str, Any],
    earlier: Mapping[str, Indicator],
) -> list[Problem]:
    problems = []

    def need(known: Mapping[str, Any], value: str, kind: str, *at: Any) -> None:
        if value and value not in known:
            hint = (
                f"known: {', '.join(sorted(k for k in known if '_' not in k or len(known) < 20))}"
            )
            problems.append(
                Problem(document.where("indicators", *at), f"unknown {kind} {value!r}", hint)
            )

    if document.content["field"] != field:
        hint = f"write field: {field}"
        problems.append(Problem(document.where("field"), "field and file name differ", hint))
    codes = {i.code: i.id for i in earlier.values()}
    for key, entry in document.content["indicators"].items():
        if key in earlier:
            what = f"indicator {key!r} stands in {earlier[key].field}.yml too"
            problems.append(Problem(document.where("indicators", key), what, "rename one"))
        code = entry["code"]
        if codes.setdefault(code, key) != key:
            what = f"code {code} is used by {codes[code]!r} too"
            problems.append(Problem(document.where("indicators", key, "code"), what, "use another"))
        need(base["concepts"]["concepts"], entry["concept"], "concept", key, "concept")
        need(groups, entry.get("focus", ""), "group", key, "focus")
        need(groups, entry.get("reference", ""), "group", key, "reference")
        for target_group, shown in entry["target_groups"].items():
            at = (key, "target_groups", target_group)
            need(base["groups"]["target_groups"], target_group, "target group", *at)
            for group in shown:
                need(groups, group, "group", *at)
        for i, source in enumerate(entry.get("sources", ())):
            need(
                base["concepts"]["concepts"],
                source.get("concept", ""),
                "concept",
                key,
                "sources",
                i,
            )
            for group in source.get("groups", {}):
                need(groups, group, "group", key, "sources", i, "groups", group)
            if source.get("groups_by"):
                need(
                    base["groups"]["dimensions"] | {"staat": {}},
                    source["groups_by"],
                    "dimension",
                    key,
                    "sources",
                    i,
                )
    return problems
