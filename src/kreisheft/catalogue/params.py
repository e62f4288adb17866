"""Which book is made: one YAML per Kreis, and defaults for every other one.

In: ``params/<kreis>.yml``, ``params/defaults.yml``, ``data/regions/regions.csv``.
Out: `Params`. An unknown Kreis, year, field or target group is a `UsageError` that lists the
valid ones; a mistake in a file is a `DataError` with file, line and column.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
#: How the name of a special topic begins: a further template about the whole book.
TOPIC = "thema_"
#: Folder of the pages of one indicator each, and their template; `ABOUT_ALL` has their list.
INDICATOR = "kennzahl"


@dataclass(frozen=True)
class Comparison:
    """Whom the Kreis is compared with; with none of the first three, the Kreise of its Land.

    kreise: keys of named peers. traits, n, same_kind: the `n` Kreise that are most like it in
    these traits. cities_from: all cities of at least so many inhabitants. years: shown side by
    side. named: keys of members who agree to be named with figures of their own deliveries.
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

    as_of maps a report year to the newest Stand that may be used; a year without an entry uses
    the newest delivery there is. land: whose figures stand beside the own ones. examples: whether
    invented content, which is marked as such, is shown. publisher: who publishes the pages, as in
    the schema; empty where nobody is named.
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


def whole_book(root: Path) -> tuple[str, ...]:
    """Chapters about the whole book: `ABOUT_ALL`, then special topics that have a template."""
    topics = sorted(path.stem for path in (root / "notebooks").glob(f"{TOPIC}*.ipynb"))
    return (*ABOUT_ALL, *topics)


def about_all(chapter: str) -> bool:
    """Say whether a chapter is about the whole book."""
    return chapter in ABOUT_ALL or chapter.startswith(TOPIC)


def slug(name: str) -> str:
    """Turn a region's name into an id: ``Gütersloh`` → ``guetersloh``."""
    # An umlaut may come as one sign or as two, and some letters turn capital when taken apart.
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
    return dict(_ids(root, regions.stamp(root)))


@keep_newest(8)
def _ids(root: Path, _stamp: int) -> dict[str, str]:
    found, ids = regions.by_key(root), dict[str, str]()
    for _, ags, name in sorted((found[a].kind, a, found[a].name) for a in regions.kreise(root)):
        key = slug(name)
        ids[key if key not in ids else f"{key}_stadt"] = ags
    return dict(sorted(ids.items()))


@read_once
def load(root: Path, kreis: str) -> Params:
    """Settings of `kreis`; UsageError if there is no such Kreis, DataError if a file is bad."""
    known = kreise(root)
    own = root / "params" / f"{kreis}.yml"
    if kreis not in known and (kreis == "defaults" or not own.exists()):
        raise unknown("Kreis", kreis, known)
    document = yaml_files.load(
        own if own.exists() else root / "params/defaults.yml", "params", root
    )
    raise_if(_mistakes(document, root, known.get(kreis)))
    content = document.content
    ags = content.get("ags", known.get(kreis, ""))
    return Params(
        kreis=kreis,
        ags=ags,
        name=content.get("name") or full_name(root, ags),
        report_years=tuple(sorted(content["report_years"])),
        target_groups=tuple(content["target_groups"]),
        fields=tuple(content["fields"]),
        as_of={int(year): stand for year, stand in content.get("as_of", {}).items()},
        land=content["comparison"].get("land", ags[:2]),
        comparison=_comparison(content["comparison"], known),
        examples=content.get("examples", True),
        publisher=content.get("publisher", {}),
    )


def _comparison(content: dict[str, Any], known: dict[str, str]) -> Comparison:
    structure = content.get("structure", {})
    return Comparison(
        kreise=tuple(sorted({known.get(k, k) for k in content.get("kreise", ())})),
        traits=tuple(structure.get("traits", ())),
        n=structure.get("n", Comparison.n),
        same_kind=structure.get("same_kind", Comparison.same_kind),
        cities_from=content.get("cities_from", 0),
        years=tuple(sorted(content.get("years", ()))),
        named=tuple(sorted({known.get(k, k) for k in content.get("named", ())})),
    )


def full_name(root: Path, ags: str) -> str:
    """Name of a Kreis with its kind: ``Kreis Recklinghausen``, ``Landkreis Kassel``."""
    name, kinds = regions.name(root, ags), catalogue.load(root).texts["kinds"]
    if any(word in name.lower() for word in kinds["complete"].split()):
        return name
    kind = regions.kind(root, ags)
    # Only Schleswig-Holstein and Nordrhein-Westfalen say Kreis; elsewhere it is a Landkreis.
    if kind == "kreis" and ags[:2] not in ("01", "05"):
        kind = "landkreis"
    return str(kinds[kind]).format(name=name)


def check(root: Path) -> list[Problem]:
    """Every problem of every file below params/."""
    names = sorted(path.stem for path in (root / "params").glob("*.yml"))
    defaults = root / "params/defaults.yml"
    return yaml_files.collect(
        [lambda: raise_if(_mistakes(yaml_files.load(defaults, "params", root), root, "-"))]
        + [lambda name=name: load(root, name) for name in names if name != "defaults"]  # type: ignore[misc]
    )


def reporting(root: Path) -> list[str]:
    """Keys of the Kreise that have settings of their own, sorted."""
    known = kreise(root)
    return sorted(known[p.stem] for p in (root / "params").glob("*.yml") if p.stem in known)


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


def _mistakes(document: yaml_files.Document, root: Path, ags: str | None) -> list[Problem]:
    content: dict[str, Any] = document.content
    book = catalogue.load(root)
    problems = []
    for key, valid in (("fields", book.fields), ("target_groups", book.target_groups)):
        for i, value in enumerate(content[key]):
            if value not in valid:
                hint = f"valid: {', '.join(valid)}"
                problems.append(Problem(document.where(key, i), f"unknown {value!r}", hint))
    known = regions.by_key(root)
    own = content.get("ags", ags)
    if own is None:
        problems.append(Problem(document.where(), "no ags", 'add ags: "05562", say'))
    elif own != "-" and own not in known:
        hint = "the AGS of the Kreise stand in data/regions/regions.csv"
        problems.append(Problem(document.where("ags"), f"unknown AGS {own!r}", hint))
    problems += _compared(document, root)
    for year in content.get("as_of", {}):
        if int(year) not in content["report_years"]:
            where = document.where("as_of", year)
            problems.append(Problem(where, f"{year} is not a report year", "add it or delete this"))
    return problems


def _compared(document: yaml_files.Document, root: Path) -> list[Problem]:
    """Mistakes in whom the Kreis is compared with."""
    content: dict[str, Any] = document.content["comparison"]
    problems = []
    known, ids = regions.by_key(root), kreise(root)
    land = content.get("land")
    if land is not None and (land not in known or known[land].parent != "DG"):
        what, fix = f"unknown Land {land!r}", "two digits in quotes, or leave it out for the own"
        problems.append(Problem(document.where("comparison", "land"), what, fix))
    valid = {*ids, *ids.values(), *(a for a, r in known.items() if r.kind == "gemeinde")}
    for key in ("kreise", "named"):
        for i, name in enumerate(content.get(key, ())):
            if name not in valid:
                fix = "give ids (hannover) or keys of data/regions/regions.csv in quotes"
                where = document.where("comparison", key, i)
                problems.append(Problem(where, f"unknown Kreis {name!r}", fix))
    ways = [key for key in ("kreise", "structure", "cities_from") if key in content]
    if len(ways) > 1:
        where = document.where("comparison", ways[1])
        problems.append(Problem(where, f"{' and '.join(ways)} both choose peers", "keep one"))
    return problems
