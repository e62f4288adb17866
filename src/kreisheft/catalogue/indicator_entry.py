"""One entry of the catalogue: what an indicator is, and every mistake in writing one down.

In: one entry below ``indicators:`` of ``data/catalogue/<feld>.yml`` that has passed its schema.
Out: an `Indicator`. `find_mistakes` reports unknown words, codes that are used twice, and delivery
templates that do not exist.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, NotRequired, TypedDict

from kreisheft.core.errors import Problem
from kreisheft.core.yaml_files import Document

#: Ids of a dimension: one, several, ``*``, ``!id`` or ``@list``; see `values.selection`.
Choice = str | int | list[str | int]
#: Column of a facts file → the ids to sum.
Select = Mapping[str, Choice]
#: In a selection: replaced by what `Source.target_group` says for the chapter's target group.
PLACEHOLDER = "@zielgruppe"


@dataclass(frozen=True)
class Source:
    """How an indicator is computed from one official table.

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
    target_group: Mapping[str, Choice]
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
    """A published set of indicators that contains this one; empty: not published there.

    field: the chapter in the words of the set
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
    """One entry of the catalogue; `sources` in order of preference, empty if there are none."""

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


class SourceEntry(TypedDict):
    """One of ``sources`` in YAML; the keys are those of `Source`."""

    table: str
    kind: str
    value: NotRequired[Select]
    numerator: NotRequired[Select]
    denominator: NotRequired[Select]
    minus: NotRequired[Select]
    other: NotRequired[Select]
    base_numerator: NotRequired[Select]
    base_denominator: NotRequired[Select]
    base_table: NotRequired[str]
    denominator_table: NotRequired[str]
    denominator_year: NotRequired[int]
    concept: NotRequired[str]
    target_group: NotRequired[dict[str, Choice]]
    groups: NotRequired[dict[str, Select]]
    groups_by: NotRequired[str]


class SetEntry(TypedDict):
    """One of ``sets`` in YAML."""

    scheme: str
    edition: NotRequired[str]
    field: NotRequired[str]
    code: NotRequired[str]


class TemplateEntry(TypedDict):
    """``template`` in YAML."""

    file: str
    measures: list[str]


class IndicatorEntry(TypedDict):
    """One of ``indicators`` in YAML; the keys are those of `Indicator`."""

    code: str
    title: str
    definition: str
    numerator: str
    unit: str
    direction: str
    concept: str
    target_groups: dict[str, list[str]]
    denominator: NotRequired[str]
    focus: NotRequired[str]
    reference: NotRequired[str]
    caveats: NotRequired[list[str]]
    missing: NotRequired[str]
    sources: NotRequired[list[SourceEntry]]
    breakdowns: NotRequired[list[str]]
    sets: NotRequired[list[SetEntry]]
    template: NotRequired[TemplateEntry]


def read(key: str, field: str, entry: IndicatorEntry) -> Indicator:
    """Read the entry `key` of the file of `field`; it must have passed its schema."""
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


def _template(entry: TemplateEntry) -> Template:
    return Template(entry["file"], tuple(entry["measures"]))


def _source(entry: SourceEntry) -> Source:
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


@dataclass(frozen=True)
class Vocabulary:
    """All words that an entry may use.

    templates: file name → measures of a delivery template; empty: templates are not checked
    """

    concepts: Collection[str]
    target_groups: Collection[str]
    groups: Collection[str]
    dimensions: Collection[str]
    templates: Mapping[str, Collection[str]]


def find_mistakes(
    document: Document, field: str, vocabulary: Vocabulary, earlier: Mapping[str, Indicator]
) -> list[Problem]:
    """Report unknown words in one file, and codes and ids that are used twice.

    field: the field that the file's name says. earlier: indicators of the files before this one.
    """
    problems = []
    if document.content["field"] != field:
        hint = f"write field: {field}"
        problems.append(Problem(document.where("field"), "field and file name differ", hint))
    codes = {i.code: i.id for i in earlier.values()}
    entries: dict[str, IndicatorEntry] = document.content["indicators"]
    for key, entry in entries.items():
        if key in earlier:
            what = f"indicator {key!r} stands in {earlier[key].field}.yml too"
            problems.append(Problem(document.where("indicators", key), what, "rename one"))
        code = entry["code"]
        if codes.setdefault(code, key) != key:
            what = f"code {code} is used by {codes[code]!r} too"
            problems.append(Problem(document.where("indicators", key, "code"), what, "use another"))
        for word in _words(entry, vocabulary):
            if word.text and word.text not in word.known:
                at = document.where("indicators", key, *word.at)
                what = f"unknown {word.kind} {word.text!r}"
                problems.append(Problem(at, what, f"known: {_list_known(word.known)}"))
    return problems


class _Word(NamedTuple):
    """A word of an entry that must be known, and its key path within the entry."""

    known: Collection[str]
    text: str
    kind: str
    at: tuple[Hashable, ...]


def _words(entry: IndicatorEntry, vocabulary: Vocabulary) -> Iterator[_Word]:
    groups, concepts = vocabulary.groups, vocabulary.concepts
    yield _Word(concepts, entry["concept"], "concept", ("concept",))
    yield _Word(groups, entry.get("focus", ""), "group", ("focus",))
    yield _Word(groups, entry.get("reference", ""), "group", ("reference",))
    for target_group, shown_groups in entry["target_groups"].items():
        at = ("target_groups", target_group)
        yield _Word(vocabulary.target_groups, target_group, "target group", at)
        for group in shown_groups:
            yield _Word(groups, group, "group", at)
    for i, source in enumerate(entry.get("sources", ())):
        yield _Word(concepts, source.get("concept", ""), "concept", ("sources", i))
        for group in source.get("groups", {}):
            yield _Word(groups, group, "group", ("sources", i, "groups", group))
        dimension = source.get("groups_by", "")
        yield _Word(vocabulary.dimensions, dimension, "dimension", ("sources", i))
    if vocabulary.templates and "template" in entry:
        template = entry["template"]
        file = template["file"]
        yield _Word(vocabulary.templates, file, "template", ("template", "file"))
        for i, measure in enumerate(template["measures"]):
            known = vocabulary.templates.get(file, (measure,))
            yield _Word(known, measure, "measure", ("template", "measures", i))


def _list_known(known: Collection[str]) -> str:
    """List the known words; of many only those in one word, which are the common ones."""
    return ", ".join(sorted(word for word in known if "_" not in word or len(known) < 20))
