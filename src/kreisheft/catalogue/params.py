"""Settings of the book of a Kreis: one YAML per Kreis, and defaults for every other one.

In: ``params/<kreis>.yml``, ``params/defaults.yml``, ``data/regions/regions.csv``.
Out: `Params`. An unknown Kreis, year, field or target group raises `UsageError` with the valid
ones; a mistake in a file raises `DataError` with file, line and column.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from kreisheft.catalogue import catalogue
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if, unknown
from kreisheft.core.project import keep_newest, read_once
from kreisheft.facts import regions

#: Chapters about the whole book; they have no indicators of their own.
ABOUT_ALL = (
    "start",
    "ueberblick",
    "schwerpunkte",
    "managementfassung",
    "vergleich",
    "kommunen",
    "beteiligung",
    "konzept",
    "antirassismus",
    "angebote",
    "kennzahlen",
    "quellen",
)
#: Prefix of special topics: further templates about the whole book.
TOPIC = "thema_"
#: Folder of the pages of one indicator each, and their template; `ABOUT_ALL` has their list.
INDICATOR = "kennzahl"


@dataclass(frozen=True)
class Comparison:
    """How peers are chosen; by default they are the Kreise of the own Land.

    kreise: keys of named peers. traits, n, same_kind: the `n` Kreise most similar in these traits.
    cities_from: all cities with at least so many inhabitants. years: shown side by side. named:
    keys of members who agree to be named with figures of their own deliveries.
    """

    kreise: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    n: int = 15
    same_kind: bool = True
    cities_from: int = 0
    years: tuple[int, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Params:
    """The settings of one Kreis.

    as_of: report year → newest Stand that may be used; a year without an entry uses the newest
    delivery. land: key of the Land whose figures are shown beside those of the Kreis. examples:
    show invented content, which is marked as such. publisher: as in the schema; empty if the file
    names none.
    """

    kreis: str
    ags: str
    name: str
    report_years: tuple[int, ...]
    target_groups: tuple[str, ...]
    fields: tuple[str, ...]
    as_of: dict[int, str]
    land: str
    comparison: Comparison = Comparison()
    examples: bool = True
    publisher: Mapping[str, Any] = field(default_factory=dict)


class _StructureEntry(TypedDict):
    traits: list[str]
    n: NotRequired[int]
    same_kind: NotRequired[bool]


class _ComparisonEntry(TypedDict, total=False):
    land: str
    kreise: list[str]
    structure: _StructureEntry
    cities_from: int
    years: list[int]
    named: list[str]


class _ParamsEntry(TypedDict):
    report_years: list[int]
    target_groups: list[str]
    fields: list[str]
    comparison: _ComparisonEntry
    ags: NotRequired[str]
    name: NotRequired[str]
    as_of: NotRequired[dict[int, str]]
    examples: NotRequired[bool]
    publisher: NotRequired[dict[str, Any]]


def whole_book(root: Path) -> tuple[str, ...]:
    """Return the chapters about the whole book.

    `ABOUT_ALL`, then special topics with a template.
    """
    topics = sorted(path.stem for path in (root / "notebooks").glob(f"{TOPIC}*.ipynb"))
    return (*ABOUT_ALL, *topics)


def is_about_all(chapter: str) -> bool:
    """Say whether a chapter is about the whole book."""
    return chapter in ABOUT_ALL or chapter.startswith(TOPIC)


def slug(name: str) -> str:
    """Convert the name of a region to an id: ``Gütersloh`` → ``guetersloh``."""
    # An umlaut may be one character or two, and some letters become capital when decomposed.
    spelled = unicodedata.normalize("NFC", name).lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())


def kreise(root: Path) -> dict[str, str]:
    """Map the id of every Kreis that can be built to its AGS, sorted by id.

    These are all Kreise of `data/regions`. Two of one name are told apart by a suffix: the
    kreisfreie Stadt gets ``_stadt``.
    """
    return dict(_kreis_ids(root, regions.stamp(root)))


@keep_newest(8)
def _kreis_ids(root: Path, _stamp: int) -> dict[str, str]:
    known_regions, ids = regions.by_key(root), dict[str, str]()
    for _, ags, name in sorted(
        (known_regions[a].kind, a, known_regions[a].name) for a in regions.kreise(root)
    ):
        key = slug(name)
        ids[key if key not in ids else f"{key}_stadt"] = ags
    return dict(sorted(ids.items()))


@read_once
def load(root: Path, kreis: str) -> Params:
    """Load the settings of `kreis`.

    Raises UsageError for an unknown Kreis, DataError for mistakes.
    """
    ags_of = kreise(root)
    own_file = root / "params" / f"{kreis}.yml"
    if kreis not in ags_of and (kreis == "defaults" or not own_file.exists()):
        raise unknown("Kreis", kreis, ags_of)
    document = yaml_files.load(
        own_file if own_file.exists() else root / "params/defaults.yml", "params", root
    )
    raise_if(_find_mistakes(document, root, ags_of.get(kreis)))
    content: _ParamsEntry = document.content
    ags = content.get("ags", ags_of.get(kreis, ""))
    return Params(
        kreis=kreis,
        ags=ags,
        name=content.get("name") or full_name(root, ags),
        report_years=tuple(sorted(content["report_years"])),
        target_groups=tuple(content["target_groups"]),
        fields=tuple(content["fields"]),
        as_of={int(year): stand for year, stand in content.get("as_of", {}).items()},
        land=content["comparison"].get("land", ags[:2]),
        comparison=_read_comparison(content["comparison"], ags_of),
        examples=content.get("examples", True),
        publisher=content.get("publisher", {}),
    )


def _read_comparison(content: _ComparisonEntry, ags_of: dict[str, str]) -> Comparison:
    structure = content.get("structure", _StructureEntry(traits=[]))
    return Comparison(
        kreise=tuple(sorted({ags_of.get(k, k) for k in content.get("kreise", ())})),
        traits=tuple(structure["traits"]),
        n=structure.get("n", Comparison.n),
        same_kind=structure.get("same_kind", Comparison.same_kind),
        cities_from=content.get("cities_from", 0),
        years=tuple(sorted(content.get("years", ()))),
        named=tuple(sorted({ags_of.get(k, k) for k in content.get("named", ())})),
    )


def full_name(root: Path, ags: str) -> str:
    """Return the name of a Kreis with its kind: ``Kreis Recklinghausen``, ``Landkreis Kassel``."""
    name, kinds = regions.name(root, ags), catalogue.load(root).texts["kinds"]
    if any(word in name.lower() for word in kinds["complete"].split()):
        return name
    kind = regions.kind(root, ags)
    # Only Schleswig-Holstein and Nordrhein-Westfalen say Kreis; elsewhere it is a Landkreis.
    if kind == "kreis" and ags[:2] not in ("01", "05"):
        kind = "landkreis"
    return str(kinds[kind]).format(name=name)


def check(root: Path) -> list[Problem]:
    """Report every mistake in the files below params/, and fields that hide other chapters."""
    names = sorted(path.stem for path in (root / "params").glob("*.yml"))
    defaults = root / "params/defaults.yml"
    return yaml_files.collect(
        [lambda: raise_if(_hiding_fields(root))]
        + [lambda: raise_if(_find_mistakes(yaml_files.load(defaults, "params", root), root, "-"))]
        + [lambda name=name: load(root, name) for name in names if name != "defaults"]  # type: ignore[misc]
    )


def _hiding_fields(root: Path) -> Iterator[Problem]:
    # Indicators have a folder of their own, in addresses and in commands.
    fields = yaml_files.load(root / "data/catalogue/fields.yml", "fields", root)
    for name in fields.content["fields"]:
        if is_about_all(name) or name == INDICATOR:
            what = f"{name!r} is also what commands and addresses call another chapter"
            yield Problem(fields.where("fields", name), what, "rename the field")


def reporting_kreise(root: Path) -> list[str]:
    """Return the keys of the Kreise with a file of their own below params/, sorted."""
    ags_of = kreise(root)
    return sorted(ags_of[p.stem] for p in (root / "params").glob("*.yml") if p.stem in ags_of)


def require_year(params: Params, year: int) -> None:
    """Raise UsageError unless `year` is a report year of this Kreis."""
    if year not in params.report_years:
        raise unknown(f"report year of {params.kreis}", year, params.report_years)


def require(params: Params, field: str | None, target_group: str) -> None:
    """Raise UsageError unless field (None: about all) and target group are in the book."""
    if field is not None and field not in params.fields:
        raise unknown("field", field, params.fields)
    if target_group not in params.target_groups:
        raise unknown("target group", target_group, params.target_groups)


def _find_mistakes(document: yaml_files.Document, root: Path, ags: str | None) -> list[Problem]:
    content: _ParamsEntry = document.content
    book = catalogue.load(root)
    problems = []
    lists = (
        ("fields", content["fields"], book.fields),
        ("target_groups", content["target_groups"], book.target_groups),
    )
    for key, values, valid in lists:
        for i, value in enumerate(values):
            if value not in valid:
                hint = f"valid: {', '.join(valid)}"
                problems.append(Problem(document.where(key, i), f"unknown {value!r}", hint))
    known_regions = regions.by_key(root)
    own_ags = content.get("ags", ags)
    if own_ags is None:
        problems.append(Problem(document.where(), "no ags", 'add ags: "05562", say'))
    elif own_ags != "-" and own_ags not in known_regions:
        hint = "the AGS of the Kreise stand in data/regions/regions.csv"
        problems.append(Problem(document.where("ags"), f"unknown AGS {own_ags!r}", hint))
    problems += _find_comparison_mistakes(document, root)
    for year in content.get("as_of", {}):
        if int(year) not in content["report_years"]:
            where = document.where("as_of", year)
            problems.append(Problem(where, f"{year} is not a report year", "add it or delete this"))
    return problems


def _find_comparison_mistakes(document: yaml_files.Document, root: Path) -> list[Problem]:
    """Report mistakes in `comparison`."""
    content: _ComparisonEntry = document.content["comparison"]
    problems = []
    known_regions, ids = regions.by_key(root), kreise(root)
    land = content.get("land")
    if land is not None and (land not in known_regions or known_regions[land].parent != "DG"):
        what, fix = f"unknown Land {land!r}", "two digits in quotes, or leave it out for the own"
        problems.append(Problem(document.where("comparison", "land"), what, fix))
    valid = {*ids, *ids.values(), *(a for a, r in known_regions.items() if r.kind == "gemeinde")}
    lists = (("kreise", content.get("kreise", ())), ("named", content.get("named", ())))
    for key, names in lists:
        for i, name in enumerate(names):
            if name not in valid:
                fix = "give ids (hannover) or keys of data/regions/regions.csv in quotes"
                where = document.where("comparison", key, i)
                problems.append(Problem(where, f"unknown Kreis {name!r}", fix))
    ways = [key for key in ("kreise", "structure", "cities_from") if key in content]
    if len(ways) > 1:
        where = document.where("comparison", ways[1])
        problems.append(Problem(where, f"{' and '.join(ways)} both choose peers", "keep one"))
    return problems
