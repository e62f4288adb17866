"""Which book is made: one YAML per Kreis, and defaults for every other one.

In: ``params/<kreis>.yml``, ``params/defaults.yml``, ``data/regions/regions.csv``.
Out: `Params`. An unknown Kreis, year, field or target group is a `UsageError` that lists the
valid ones; a mistake in a file is a `DataError` with file, line and column.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisheft import catalogue, documents, regions
from kreisheft.errors import Problem, raise_if, unknown

#: Chapters about the whole book; they have no indicators of their own.
ABOUT_ALL = ("ueberblick", "vergleich", "quellen")


@dataclass(frozen=True)
class Params:
    """The settings of one Kreis.

    as_of maps a report year to the newest Stand that may be used; a year without an entry uses
    the newest delivery there is.
    """

    kreis: str
    ags: str
    name: str
    report_years: tuple[int, ...]
    target_groups: tuple[str, ...]
    fields: tuple[str, ...]
    as_of: dict[int, str]
    land: str


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

    These are the Kreise of the Länder in `data/regions` that have municipalities there. Two
    Kreise of one name are told apart by a suffix: the kreisfreie Stadt gets ``_stadt``.
    """
    table = regions.load(root)
    is_kreis = table["kind"].isin(["kreis", "kreisfreie_stadt"])
    home = {ags[:2] for ags in table.loc[table["kind"] == "gemeinde", "ags"]}
    chosen = table[is_kreis & table["ags"].str[:2].isin(home)]
    ids: dict[str, str] = {}
    for row in chosen.sort_values(["kind", "ags"]).itertuples():
        key = slug(str(row.name))
        ids[key if key not in ids else f"{key}_stadt"] = str(row.ags)
    return dict(sorted(ids.items()))


def load(root: Path, kreis: str) -> Params:
    """Settings of `kreis`; UsageError if there is no such Kreis, DataError if a file is bad."""
    known = kreise(root)
    own = root / "params" / f"{kreis}.yml"
    if kreis not in known and (kreis == "defaults" or not own.exists()):
        raise unknown("Kreis", kreis, known)
    document = documents.load(own if own.exists() else root / "params/defaults.yml", "params", root)
    raise_if(_mistakes(document, root, known.get(kreis)))
    content = document.content
    ags = content.get("ags", known.get(kreis, ""))
    return Params(
        kreis=kreis,
        ags=ags,
        name=content.get("name") or _full_name(root, ags),
        report_years=tuple(sorted(content["report_years"])),
        target_groups=tuple(content["target_groups"]),
        fields=tuple(content["fields"]),
        as_of={int(year): stand for year, stand in content.get("as_of", {}).items()},
        land=content["comparison"]["land"],
    )


def _full_name(root: Path, ags: str) -> str:
    region = regions.load(root).set_index("ags").loc[ags]
    name, kinds = str(region["name"]), catalogue.load(root).texts["kinds"]
    if any(word in name.lower() for word in kinds["complete"].split()):
        return name
    return str(kinds[region["kind"]]).format(name=name)


def check(root: Path) -> list[Problem]:
    """Every problem of every file below params/."""
    names = sorted(path.stem for path in (root / "params").glob("*.yml"))
    defaults = root / "params/defaults.yml"
    return documents.collect(
        [lambda: raise_if(_mistakes(documents.load(defaults, "params", root), root, "-"))]
        + [lambda name=name: load(root, name) for name in names if name != "defaults"]  # type: ignore[misc]
    )


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


def _mistakes(document: documents.Document, root: Path, ags: str | None) -> list[Problem]:
    content: dict[str, Any] = document.content
    book = catalogue.load(root)
    problems = []
    for key, valid in (("fields", book.fields), ("target_groups", book.target_groups)):
        for i, value in enumerate(content[key]):
            if value not in valid:
                hint = f"valid: {', '.join(valid)}"
                problems.append(Problem(document.where(key, i), f"unknown {value!r}", hint))
    known = set(regions.load(root)["ags"])
    own = content.get("ags", ags)
    if own is None:
        problems.append(Problem(document.where(), "no ags", 'add ags: "05562", say'))
    elif own != "-" and own not in known:
        hint = "the AGS of the Kreise stand in data/regions/regions.csv"
        problems.append(Problem(document.where("ags"), f"unknown AGS {own!r}", hint))
    land = content["comparison"]["land"]
    if land not in known:
        problems.append(Problem(document.where("comparison", "land"), f"unknown Land {land!r}"))
    for year in content.get("as_of", {}):
        if int(year) not in content["report_years"]:
            where = document.where("as_of", year)
            problems.append(Problem(where, f"{year} is not a report year", "add it or delete this"))
    return problems
