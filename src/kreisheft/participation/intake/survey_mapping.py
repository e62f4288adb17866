"""What of a survey may be counted, as a YAML file says: items, groups, and what the survey was.

In: the file and the `Column`s of the survey. Out: `Rules`. Whatever the file does not name never
passes the door of `answers`. DataError with all problems of the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.yaml_files import Document
from kreisheft.participation import anonymity
from kreisheft.participation.intake.questions import LANGUAGE, OTHER, Column, Structure
from kreisheft.participation.surveys import BESIDE, SIDES, TOTAL, Answer, Group, Item, Split

#: A part of a mapping file, checked by its schema.
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """What is counted.

    head: what the survey was; items: each with the columns it is counted from and, for a scale or
    a choice, the same codes as its answers; splits: each with its column (None: the language in
    which a person answered) and code → group
    """

    head: Entry
    items: tuple[tuple[Item, tuple[Column, ...]], ...]
    splits: tuple[tuple[Split, Column | None, Mapping[str, str]], ...]

    @property
    def columns(self) -> list[str]:
        """Names of all columns that may come in."""
        named = [c.name for _, columns in self.items for c in columns]
        named += [c.name if c else LANGUAGE for _, c, _ in self.splits]
        return list(dict.fromkeys(named))


def load(
    path: Path, asked: Structure, columns: Mapping[str, Column], fields: Sequence[str]
) -> Rules:
    """Read a mapping file; DataError with all problems.

    columns: of the survey, by name. fields: ids of the Handlungsfelder.
    """
    document = yaml_files.load(path, "survey_mapping")
    raise_if(
        [*_list_problems(document, asked, columns, fields), *anonymity.check_document(document)]
    )
    content = document.content
    head = {k: v for k, v in content.items() if k not in ("items", "splits")}
    items = tuple(_item(entry, asked, columns) for entry in content["items"])
    splits = tuple(_split(entry, asked, columns) for entry in content.get("splits", ()))
    return Rules({**head, "wave": str(head["wave"])}, items, splits)


def _item(
    entry: Entry, asked: Structure, all_columns: Mapping[str, Column]
) -> tuple[Item, tuple[Column, ...]]:
    name = entry["column"]
    columns: tuple[Column, ...]
    if name in all_columns and "scale" in entry:
        column = all_columns[name]
        answers = tuple(
            Answer(str(c), column.options[str(c)], side)
            for side in SIDES
            for c in entry["scale"].get(side, ())
        )
        kind, columns = "scale", (column,)
    elif name in all_columns:
        column = all_columns[name]
        answers = tuple(Answer(c, label) for c, label in column.options.items())
        kind, columns = "choice", (column,)
    else:
        columns = tuple(c for c in all_columns.values() if c.question.code == name)
        answers = tuple(Answer(_part(c), c.label) for c in columns)
        kind, column = "ticks", columns[0]
    question = entry.get("question", column.question.text)
    single = column.name == column.question.code or kind == "ticks"
    text = entry.get("text", question if single else column.label)
    fits = tuple(Answer(a.id.strip("-"), a.label, a.side) for a in answers)
    return Item(entry["id"], kind, entry["field"], question, text, fits), columns


def _part(column: Column) -> str:
    return column.name[len(column.question.code) :].strip("[]")


def _split(
    entry: Entry, asked: Structure, all_columns: Mapping[str, Column]
) -> tuple[Split, Column | None, Mapping[str, str]]:
    column = all_columns.get(entry["column"])
    options = column.options if column else {x: x for x in asked.languages}
    groups: list[Group] = []
    of: dict[str, str] = {}
    for group in entry["groups"]:
        codes = [str(c) for c in group["codes"]]
        groups.append(Group(group["id"], group.get("title") or options[codes[0]], 0))
        of |= dict.fromkeys(codes, group["id"])
    return Split(entry["id"], entry["title"], tuple(groups)), column, of


def _list_problems(
    document: Document, asked: Structure, all_columns: Mapping[str, Column], fields: Sequence[str]
) -> Iterator[Problem]:
    content = document.content
    if content["from"] > content["to"]:
        yield Problem(document.where("to"), "ends before it begins", "mend one of the days")
    whole = {c.question.code for c in all_columns.values() if c.ticks}
    single = {name for name, c in all_columns.items() if not c.ticks}
    free = sorted(q.code for q in asked.questions.values() if not q.closed)
    ids: set[str] = set()
    for i, entry in enumerate(content["items"]):
        name, at = entry["column"], ("items", i, "column")
        if entry["id"] in ids:
            what = f"{entry['id']!r} is the id of two items"
            yield Problem(document.where("items", i, "id"), what, "rename one")
        ids.add(entry["id"])
        if entry["field"] not in fields:
            fix = f"valid: {', '.join(fields)}"
            where = document.where("items", i, "field")
            yield Problem(where, f"unknown field {entry['field']!r}", fix)
        if name in free:
            fix = "take it out; code open answers by hand, see docs/participation.md"
            yield Problem(document.where(*at), f"{name!r} is answered with free text", fix)
        elif name not in whole | single:
            fix = f"valid: {', '.join(sorted(whole | single))}"
            yield Problem(document.where(*at), f"the survey has no column {name!r}", fix)
        elif "scale" in entry:
            yield from _scale(document, i, all_columns.get(name))
    named = [e["id"] for e in content.get("splits", ())]
    for i, entry in enumerate(content.get("splits", ())):
        name = entry["column"]
        if entry["id"] in {TOTAL, *named[:i]}:
            where = document.where("splits", i, "id")
            yield Problem(where, f"{entry['id']!r} cannot be the id of a split", "rename it")
        if name not in single | {LANGUAGE}:
            fix = f"valid: {', '.join(sorted(single))}, {LANGUAGE}"
            where = document.where("splits", i, "column")
            yield Problem(where, f"the survey has no single choice {name!r}", fix)
            continue
        options = (
            all_columns[name].options if name in all_columns else dict.fromkeys(asked.languages, "")
        )
        yield from _groups(document, i, options)


def _scale(document: Document, i: int, column: Column | None) -> Iterator[Problem]:
    where = document.where("items", i, "scale")
    if column is None:
        yield Problem(where, "a multiple choice question has no scale", "take the scale out")
        return
    sides = document.content["items"][i]["scale"]
    named = [str(c) for side in SIDES for c in sides.get(side, ())]
    for c in sorted({*named, *column.options}):
        if c not in column.options:
            fix = f"valid: {', '.join(column.options)}"
            yield Problem(where, f"{column.name} has no answer {c!r}", fix)
        elif named.count(c) != 1 and c != OTHER:
            what = f"answer {c!r} of {column.name} stands there {named.count(c)} times"
            yield Problem(where, what, f"name it once, under one of {', '.join(SIDES)}")
    if len(sides["against"]) != len(sides["for"]):
        fix = f"balance it, or move answers to neutral or {BESIDE}"
        yield Problem(where, "against and for have not the same number of answers", fix)


def _groups(document: Document, i: int, options: Mapping[str, str]) -> Iterator[Problem]:
    entry, seen = document.content["splits"][i], set[str]()
    for n, group in enumerate(entry["groups"]):
        where = document.where("splits", i, "groups", n)
        if group["id"] in {g["id"] for g in entry["groups"][:n]}:
            yield Problem(where, f"{group['id']!r} is the id of two groups", "rename one")
        for c in map(str, group["codes"]):
            if c not in options:
                what = f"{entry['column']} has no answer {c!r}"
                yield Problem(where, what, f"valid: {', '.join(options)}")
            elif c in seen:
                yield Problem(where, f"answer {c!r} is in two groups", "keep it in one")
            seen.add(c)
