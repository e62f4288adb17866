"""Good practice: what a Kreis or a municipality does, beside the indicators that it addresses.

In: ``data/konzept/<kreis>/gute_praxis.yml``, one entry per activity; a Kreis without one is fine.
Out: `Practice` entries; `practice_figures` makes blocks of them. An entry has a source, or is
marked as an example; DataError names every problem of a file with its line.
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
    kreise = params.kreise(root)
    raise_if(_list_problems(document, root, kreis, kreise.get(kreis)))
    return tuple(_read(entry, kreis, kreise[kreis]) for entry in document.content["entries"])


@read_once
def load_all(root: Path) -> tuple[Practice, ...]:
    """Entries of all Kreise, sorted by Kreis; DataError with the problems of all files."""
    names = sorted(path.parent.name for path in (root / FOLDER).glob(f"*/{FILE}"))
    entries: list[Practice] = []
    raise_if(
        yaml_files.collect([lambda n=n: entries.extend(load(root, n)) for n in names])  # type: ignore[misc]
    )
    return tuple(entries)


def check(root: Path) -> list[Problem]:
    """Every problem of every file of good practice."""
    return yaml_files.collect([lambda: load_all(root)])


def select_by_indicator(entries: Sequence[Practice], indicator: str) -> list[Practice]:
    """Entries that address the indicator, in their order."""
    return [entry for entry in entries if indicator in entry.indicators]


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
        known=_day_known(source),
    )


def _list_problems(document: Document, root: Path, kreis: str, ags: str | None) -> list[Problem]:
    if ags is None:
        fix = "name the folder like the Kreis in commands, e.g. recklinghausen"
        return [Problem(document.where(), f"{kreis!r} is no Kreis", fix)]
    places = {ags, *regions.municipalities(root, ags)}
    latest = max(params.load(root, kreis).report_years) + AHEAD
    problems: list[Problem] = []
    ids: set[str] = set()
    for i, entry in enumerate(document.content["entries"]):
        if entry["id"] in ids:
            what = f"{entry['id']!r} is the id of two entries"
            problems.append(Problem(document.where("entries", i, "id"), what, "rename one"))
        ids.add(entry["id"])
        problems += _unknown(document, i, root, places)
        problems += _dates(document, i, latest)
        problems += _backing(document, i)
    return problems


def _unknown(document: Document, i: int, root: Path, places: set[str]) -> Iterator[Problem]:
    """Problems with names that neither the catalogue nor the regions of the Kreis have."""
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
    """Problems with dates: too far ahead, out of order, or later than their source."""
    entry = document.content["entries"][i]
    source = entry.get("source", {})
    since, until = str(entry["since"]), str(entry.get("until", ""))
    known_since = _day_known(source)
    key = "seen" if "seen" in source else "date"
    for path, day in (("since",), since), (("until",), until), (("source", key), known_since):
        is_plan = path[0] != "source" and entry["status"] == "planned"
        if day and int(day[:4]) > latest and not is_plan:
            what = f"{day} lies in the future"
            fix = f"write a date up to {latest}, or status: planned"
            yield Problem(document.where("entries", i, *path), what, fix)
        if len(day) == len("2024-05-02") and not _is_day(day):
            where = document.where("entries", i, *path)
            yield Problem(where, f"there is no day {day}", "mend the date")
    if until and _is_after(since, until):
        where = document.where("entries", i, "until")
        yield Problem(where, f"{until} is before since ({since})", "swap or mend them")
    if entry["status"] == "ended" and not until:
        yield Problem(document.where("entries", i, "status"), "ended without until", "add until")
    if known_since and entry["status"] != "planned" and _is_after(since, known_since):
        fix = "name a source that tells of the beginning, or write status: planned"
        where = document.where("entries", i, "since")
        yield Problem(where, f"{since} is after the day of its source ({known_since})", fix)


def _backing(document: Document, i: int) -> Iterator[Problem]:
    """Problems with evidence: source and consent, or marked as an example; never both."""
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


def _is_after(day: str, other: str) -> bool:
    """Whether `day` is after `other`, compared as year, month or day, as both have it."""
    exact = min(len(day), len(other))
    return day[:exact] > other[:exact]


def _day_known(source: Mapping[str, str]) -> str:
    return source.get("seen", source.get("date", ""))


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
