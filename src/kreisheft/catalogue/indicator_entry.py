"""One entry of the catalogue: what an indicator is, and every mistake in writing one down.

In: one entry below ``indicators:`` of ``data/catalogue/<feld>.yml``, already held against its
schema. Out: an `Indicator`. `mistakes` names what a schema cannot see: unknown words, codes used
twice, delivery templates that are not there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from kreisheft.core.errors import Problem
from kreisheft.core.yaml_files import Document

Select = Mapping[str, Any]
#: Stands in a selection for what `Source.target_group` says of the chapter's target group.
PLACEHOLDER = "@zielgruppe"


@dataclass(frozen=True)
class Source:
    """How one official table gives an indicator.

    kind:  published (the value as printed), count, share (percent), per_1000, segregation,
           dissimilarity or representation; see `formulas`
    value, numerator, denominator, minus: selections of facts; `minus` is taken off the numerator
    other: the second group of a dissimilarity, which is not that of the numerator
    base_numerator, base_denominator: the group and everyone in the population that a representation
           is measured by, from `base_table`
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
    other: Select = field(default_factory=dict)
    base_numerator: Select = field(default_factory=dict)
    base_denominator: Select = field(default_factory=dict)
    base_table: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that a figure is made of, its own first."""
        behind = (self.table, self.denominator_table, self.base_table or self.table)
        return tuple(dict.fromkeys(behind))


@dataclass(frozen=True)
class PublishedSet:
    """Where others publish the indicator; what their text does not say is empty.

    field: the set's own chapter
    """

    scheme: str
    edition: str = ""
    field: str = ""
    code: str = ""


@dataclass(frozen=True)
class Template:
    """Measures of a delivery template in ``data/templates`` that would fill a gap."""

    file: str
    measures: tuple[str, ...]


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
    breakdowns: tuple[str, ...] = ()
    sets: tuple[PublishedSet, ...] = ()
    template: Template | None = None


def read(key: str, field: str, entry: Mapping[str, Any]) -> Indicator:
    """Entry `key` of the file of `field`; it must have passed its schema."""
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
        breakdowns=tuple(entry.get("breakdowns", ())),
        sets=tuple(PublishedSet(**s) for s in entry.get("sets", ())),
        template=_template(entry["template"]) if "template" in entry else None,
    )


def _template(entry: Mapping[str, Any]) -> Template:
    return Template(entry["file"], tuple(entry["measures"]))


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
        other=entry.get("other", {}),
        base_numerator=entry.get("base_numerator", {}),
        base_denominator=entry.get("base_denominator", {}),
        base_table=entry.get("base_table", ""),
    )


def mistakes(
    document: Document,
    field: str,
    base: Mapping[str, Any],
    groups: Mapping[str, Any],
    earlier: Mapping[str, Indicator],
    templates: Mapping[str, Collection[str]],
) -> list[Problem]:
    """Every word of one file that nothing else explains, and every code or id used twice.

    base, groups: the other files of the catalogue; earlier: indicators of the files before this
    templates: file name → measures of a delivery template; empty: they are not checked
    """
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
        if templates and "template" in entry:
            chosen, here = entry["template"], (key, "template")
            need(dict.fromkeys(templates), chosen["file"], "template", *here, "file")
            for i, measure in enumerate(chosen["measures"]):
                known = templates.get(chosen["file"], (measure,))
                need(dict.fromkeys(known), measure, "measure", *here, "measures", i)
    return problems
