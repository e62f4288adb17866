"""What a schema cannot see in the files of a Konzept: unknown ids, impossible dates, gaps.

In: documents of one Kreis that have passed their schema. Out: every `Problem` of all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kreisheft.catalogue import catalogue, params
from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.core.errors import Problem
from kreisheft.core.yaml_files import Document
from kreisheft.facts import regions

#: States after which nothing more is expected, and a result is.
FINAL = ("done", "dropped")
#: There is no clock here: a report so many years after the newest report year is a slip of the pen.
AHEAD = 2
Entry = Mapping[str, Any]
LISTS = ("action_fields", "aims", "goals", "measures")


def list_problems(read: Sequence[Document], root: Path, kreis: str) -> list[Problem]:
    """All problems in the files of one Kreis; ids must be unique across them."""
    ags = params.kreise(root).get(kreis)
    if ags is None:
        fix = "name the folder like the Kreis in commands, e.g. recklinghausen"
        return [Problem(document.where(), f"{kreis!r} is no Kreis", fix) for document in read]
    places = {ags, *regions.municipalities(root, ags)}
    latest = max(params.load(root, kreis).report_years) + AHEAD
    book = catalogue.load(root)
    problems = list(_find_twins(read))
    for document in read:
        problems += _backing(document)
        problems += _moments(document, document.content, (), latest)
        problems += _aims(document, book)
        problems += _goals(document, book)
        problems += _measures(document, book, places)
    return problems


def _find_twins(read: Sequence[Document]) -> Iterator[Problem]:
    ids: dict[tuple[str, str], str] = {}
    for document in read:
        for kind in LISTS:
            for i, entry in enumerate(document.content.get(kind, ())):
                names = {("id", entry["id"])}
                # A link leads from the name of a row to what it names.
                names |= {(kind, entry["title"])} if kind in ("goals", "measures") else set()
                for name in sorted(names):
                    where = document.where(kind, i, "id" if name[0] == "id" else "title")
                    if name in ids:
                        what = f"{name[1]!r} is used twice, first in {ids[name]}"
                        yield Problem(where, what, "rename one")
                    ids.setdefault(name, where)


def _backing(document: Document) -> Iterator[Problem]:
    """A Konzept is decided or has a source, or it is an example; an example is never decided."""
    content = document.content
    if content.get("example"):
        claims = [((), content), *(((k, i), e) for k in LISTS for i, e in _each(content, k))]
        for at, entry in claims:
            for key in ("decision", "source"):
                if key in entry:
                    what = f"an example with a {key}"
                    yield Problem(document.where(*at, key), what, f"drop example or {key}")
        return
    if "aims" in content and not {"decision", "source"} & set(content):
        fix = "add decision or source, or example: true if it is invented"
        yield Problem(document.where(), "nothing says where the aims are from", fix)


def _each(content: Entry, kind: str) -> Iterator[tuple[int, Entry]]:
    yield from enumerate(content.get(kind, ()))


def _aims(document: Document, book: Catalogue) -> Iterator[Problem]:
    content = document.content
    fields = [entry["id"] for _, entry in _each(content, "action_fields")]
    for i, aim in _each(content, "aims"):
        if aim["field"] not in book.fields:
            where = document.where("aims", i, "field")
            valid = f"valid: {', '.join(book.fields)}"
            yield Problem(where, f"unknown field {aim['field']!r}", valid)
        if "action_field" in aim and aim["action_field"] not in fields:
            where = document.where("aims", i, "action_field")
            valid = f"valid: {', '.join(fields) or 'none is listed'}"
            yield Problem(where, f"unknown field of action {aim['action_field']!r}", valid)
        if not any(goal["aim"] == aim["id"] for _, goal in _each(content, "goals")):
            fix = "add a goal, or drop the aim"
            yield Problem(document.where("aims", i), f"no goal serves {aim['id']!r}", fix)
    used = {aim.get("action_field") for _, aim in _each(content, "aims")}
    for i, entry in _each(content, "action_fields"):
        if entry["id"] not in used:
            what = f"no aim belongs to {entry['id']!r}"
            yield Problem(document.where("action_fields", i), what, "add one")


def _goals(document: Document, book: Catalogue) -> Iterator[Problem]:
    content = document.content
    aims = {aim["id"]: aim["field"] for _, aim in _each(content, "aims")}
    for i, goal in _each(content, "goals"):

        def at(*keys: str, i: int = i) -> str:
            return document.where("goals", i, *keys)

        if goal["aim"] not in aims:
            yield Problem(at("aim"), f"unknown aim {goal['aim']!r}", f"valid: {', '.join(aims)}")
        base, target = goal["base"], goal["target"]
        if target["year"] <= base["year"]:
            fix = "a goal needs at least a year"
            yield Problem(at("target", "year"), f"not after the base year {base['year']}", fix)
        if base.get("value") == target["value"]:
            fix = "write another one: without a way there is no degree of attainment"
            yield Problem(at("target", "value"), "the target is the base", fix)
        entry = book.indicators.get(goal["indicator"])
        if entry is None:
            fix = "give an id of data/catalogue/<field>.yml"
            yield Problem(at("indicator"), f"unknown indicator {goal['indicator']!r}", fix)
            continue
        if goal["aim"] in aims and entry.field != aims[goal["aim"]]:
            what = f"{entry.id!r} is of the field {entry.field!r}, its aim is not"
            yield Problem(at("indicator"), what, "name one of the field, or another aim")
        yield from _groups(at, goal, entry)
        wrong = {"higher": -1, "lower": 1}.get(entry.direction, 0)
        if wrong * (target["value"] - base.get("value", target["value"])) > 0:
            what = f"a {entry.direction} figure is wanted, the target goes the other way"
            yield Problem(at("target", "value"), what, "mend base or target")


def _groups(at: Callable[..., str], goal: Entry, entry: Indicator) -> Iterator[Problem]:
    groups = entry.target_groups.get(goal["target_group"])
    if groups is None:
        what = f"{entry.id!r} does not serve the target group {goal['target_group']!r}"
        yield Problem(at("target_group"), what, f"valid: {', '.join(entry.target_groups)}")
    elif goal["group"] not in groups:
        what = f"{entry.id!r} has no group {goal['group']!r} there"
        yield Problem(at("group"), what, f"valid: {', '.join(groups)}")


def _measures(document: Document, book: Catalogue, places: set[str]) -> Iterator[Problem]:
    content = document.content
    goals = [goal["id"] for _, goal in _each(content, "goals")]
    for i, measure in _each(content, "measures"):

        def at(*keys: str | int, i: int = i) -> str:
            return document.where("measures", i, *keys)

        for n, name in enumerate(measure["goals"]):
            if name not in goals:
                valid = f"valid: {', '.join(goals)}"
                yield Problem(at("goals", n), f"unknown goal {name!r}", valid)
        for n, name in enumerate(measure["outcome"]):
            if name not in book.indicators:
                fix = "give an id of data/catalogue/<field>.yml"
                yield Problem(at("outcome", n), f"unknown indicator {name!r}", fix)
        for n, key in enumerate(measure["where"]):
            if key not in places:
                fix = f"valid: {', '.join(sorted(places))}"
                yield Problem(at("where", n), f"{key!r} is not of this Kreis", fix)
        since, until = str(measure["since"]), str(measure["until"])
        if is_after(since, until):
            yield Problem(at("until"), f"{until} is before since ({since})", "swap or mend them")
        days = [report["date"] for report in measure["status"]]
        for n in range(1, len(days)):
            if days[n] <= days[n - 1]:
                fix = "oldest first, one per day"
                yield Problem(at("status", n, "date"), f"{days[n]} is not the later one", fix)
        last = measure["status"][-1]["state"]
        if last in FINAL and "result" not in measure:
            fix = "add result: what came of it, or why it was given up"
            yield Problem(at("status"), f"{last} without a result", fix)
        if last not in FINAL and "result" in measure:
            fix = "report the end with a status, or drop the result"
            yield Problem(at("result"), f"a result, but the measure is {last}", fix)


def _moments(
    document: Document, node: object, at: tuple[str | int, ...], latest: int
) -> Iterator[Problem]:
    """Days that do not exist, and reports of what has not happened yet."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _moments(document, value, (*at, key), latest)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from _moments(document, value, (*at, i), latest)
    elif at[-1] in ("when", "date", "seen", "done", "since", "until", "due"):
        day = str(node)
        if len(day) == len("2024-05-02") and not _is_day(day):
            yield Problem(document.where(*at), f"there is no day {day}", "mend the date")
        if at[-1] in ("when", "date", "seen", "done") and int(day[:4]) > latest:
            what, fix = f"{day} lies in the future", f"write a date up to {latest}"
            yield Problem(document.where(*at), what, fix)


def is_after(day: str, other: str) -> bool:
    """Whether `day` is after `other`, compared as year, month or day, as both have it."""
    exact = min(len(day), len(other))
    return day[:exact] > other[:exact]


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
