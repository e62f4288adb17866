"""Good practice: what a Kreis or a municipality does, beside the indicators that it addresses.

In: ``data/konzept/<kreis>/gute_praxis.yml``, one entry per activity; a Kreis without one is fine.
Out: `Practice` entries; `practice_figures` makes blocks of them. An entry has a source, or is
marked as an example; DataError tells every mistake of a file with its line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kreisheft.catalogue import catalogue, params
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.project import read_once
from kreisheft.core.yaml_files import Document
from kreisheft.facts import regions

FOLDER, FILE = "data/konzept", "gute_praxis.yml"
#: There is no clock here: a date so many years after the newest report year is a slip of the pen.
AHEAD = 2


@dataclass(frozen=True)
class Practice:
    """One activity.

    kreis, ags: id and key of the Kreis whose file it stands in. where: keys of regions.
    since, until: year, month or day; until is empty while it goes on. example: it is invented.
    source: who published what, with url where it is on the web; known: day on which it was read
    there, or day of the document. All three are empty for an example.
    """

    kreis: str
    ags: str
    id: str
    title: str
    what: str
    who: str
    where: tuple[str, ...]
    since: str
    until: str
    field: str
    indicators: tuple[str, ...]
    target_groups: tuple[str, ...]
    status: str
    example: bool
    source: str
    url: str
    known: str


def load(root: Path, kreis: str) -> tuple[Practice, ...]:
    """Entries of a Kreis in the order of its file; none if it has no file."""
    path = root / FOLDER / kreis / FILE
    if not path.is_file():
        return ()
    document = yaml_files.load(path, "practice", root)
    known = params.kreise(root)
    raise_if(_mistakes(document, root, kreis, known.get(kreis)))
    return tuple(_read(entry, kreis, known[kreis]) for entry in document.content["entries"])


@read_once
def everything(root: Path) -> tuple[Practice, ...]:
    """Entries of all Kreise, by id of the Kreis; all mistakes of all files come together."""
    names = sorted(path.parent.name for path in (root / FOLDER).glob(f"*/{FILE}"))
    found: list[Practice] = []
    raise_if(
        yaml_files.collect([lambda n=n: found.extend(load(root, n)) for n in names])  # type: ignore[misc]
    )
    return tuple(found)


def check(root: Path) -> list[Problem]:
    """Every problem of every file of good practice."""
    return yaml_files.collect([lambda: everything(root)])


def by_indicator(found: Sequence[Practice], indicator: str) -> list[Practice]:
    """Entries that address the indicator, in their order."""
    return [entry for entry in found if indicator in entry.indicators]


def _read(entry: Mapping[str, Any], kreis: str, ags: str) -> Practice:
    source = entry.get("source", {})
    return Practice(
        kreis=kreis,
        ags=ags,
        id=entry["id"],
        title=entry["title"],
        what=entry["what"],
        who=entry["who"],
        where=tuple(sorted(entry["where"])),
        since=str(entry["since"]),
        until=str(entry.get("until", "")),
        field=entry["field"],
        indicators=tuple(entry["indicators"]),
        target_groups=tuple(entry["target_groups"]),
        status=entry["status"],
        example=entry.get("example", False),
        source=source.get("name", ""),
        url=source.get("url", ""),
        known=_known(source),
    )


def _mistakes(document: Document, root: Path, kreis: str, ags: str | None) -> list[Problem]:
    if ags is None:
        fix = "name the folder like the Kreis in commands, e.g. recklinghausen"
        return [Problem(document.where(), f"{kreis!r} is no Kreis", fix)]
    places = {ags, *regions.municipalities(root, ags)}
    latest = max(params.load(root, kreis).report_years) + AHEAD
    found: list[Problem] = []
    ids: set[str] = set()
    for i, entry in enumerate(document.content["entries"]):
        if entry["id"] in ids:
            what = f"{entry['id']!r} is the id of two entries"
            found.append(Problem(document.where("entries", i, "id"), what, "rename one"))
        ids.add(entry["id"])
        found += _unknown(document, i, root, places)
        found += _dates(document, i, latest)
        found += _backing(document, i)
    return found


def _unknown(document: Document, i: int, root: Path, places: set[str]) -> Iterator[Problem]:
    """Names that the catalogue or the regions of the Kreis do not have."""
    entry, book = document.content["entries"][i], catalogue.load(root)
    valid = ", ".join(book.fields)
    if entry["field"] not in book.fields:
        what = f"unknown field {entry['field']!r}"
        yield Problem(document.where("entries", i, "field"), what, f"valid: {valid}")
    elif not {entry["field"]} & {
        book.indicators[x].field for x in entry["indicators"] if x in book.indicators
    }:
        what = f"none of its indicators is of the field {entry['field']!r}"
        fix = "name one, or another field"
        yield Problem(document.where("entries", i, "indicators"), what, fix)
    for n, name in enumerate(entry["indicators"]):
        if name not in book.indicators:
            fix = "give an id of data/catalogue/<field>.yml"
            where = document.where("entries", i, "indicators", n)
            yield Problem(where, f"unknown indicator {name!r}", fix)
    for n, name in enumerate(entry["target_groups"]):
        if name not in book.target_groups:
            fix = f"valid: {', '.join(book.target_groups)}"
            where = document.where("entries", i, "target_groups", n)
            yield Problem(where, f"unknown target group {name!r}", fix)
    for n, key in enumerate(entry["where"]):
        if key not in places:
            fix = f"valid: {', '.join(sorted(places))}"
            where = document.where("entries", i, "where", n)
            yield Problem(where, f"{key!r} is not of this Kreis", fix)


def _dates(document: Document, i: int, latest: int) -> Iterator[Problem]:
    """Dates that cannot be: too far ahead, out of order, or after the source that tells them."""
    entry = document.content["entries"][i]
    source = entry.get("source", {})
    since, until = str(entry["since"]), str(entry.get("until", ""))
    known = _known(source)
    key = "seen" if "seen" in source else "date"
    for path, day in (("since",), since), (("until",), until), (("source", key), known):
        told = path[0] != "source" and entry["status"] == "planned"
        if day and int(day[:4]) > latest and not told:
            what = f"{day} lies in the future"
            fix = f"write a date up to {latest}, or status: planned"
            yield Problem(document.where("entries", i, *path), what, fix)
        if len(day) == len("2024-05-02") and not _exists(day):
            where = document.where("entries", i, *path)
            yield Problem(where, f"there is no day {day}", "mend the date")
    if until and _after(since, until):
        where = document.where("entries", i, "until")
        yield Problem(where, f"{until} is before since ({since})", "swap or mend them")
    if entry["status"] == "ended" and not until:
        yield Problem(document.where("entries", i, "status"), "ended without until", "add until")
    if known and entry["status"] != "planned" and _after(since, known):
        fix = "name a source that tells of the beginning, or write status: planned"
        where = document.where("entries", i, "since")
        yield Problem(where, f"{since} is after the day of its source ({known})", fix)


def _backing(document: Document, i: int) -> Iterator[Problem]:
    """An entry is backed by a source and consent, or marked as an example; never both."""
    entry, where = document.content["entries"][i], document.where("entries", i)
    if entry.get("example"):
        if "source" in entry:
            yield Problem(where, "an example with a source", "drop example or source")
        return
    if "source" not in entry:
        yield Problem(where, "no source", "add source, or example: true if it is invented")
    if "consent" not in entry:
        fix = "add consent: published (by the body itself) or agreed"
        yield Problem(where, "nothing says that it may be shown", fix)


def _after(one: str, other: str) -> bool:
    """Say whether `one` lies after `other`, as exactly as both are known."""
    exact = min(len(one), len(other))
    return one[:exact] > other[:exact]


def _known(source: Mapping[str, str]) -> str:
    return source.get("seen", source.get("date", ""))


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
