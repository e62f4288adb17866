"""What was said: interviews and workshops, and the steps of participation that were published.

In: ``gespraeche/*.yml``, ``werkstaetten/*.yml`` and ``verfahren.yml`` of a Kreis; statements and
cards may stand in a CSV beside their YAML. Out: `Interviews`, `Workshop`, `Step`. DataError with
all problems: a quote without consent, a way to reach somebody, a group that is too small.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisheft.catalogue import catalogue
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.yaml_files import Document
from kreisheft.participation import anonymity, voice_files
from kreisheft.participation.voice_files import Placed

#: A row of a list, or the head of a document, checked by its schema.
Row = Mapping[str, Any]
INTERVIEWS, WORKSHOPS, STEPS = "gespraeche", "werkstaetten", "verfahren.yml"


@dataclass(frozen=True)
class Category:
    """What several people spoke of. named: in how many conversations; 0 if not known."""

    id: str
    title: str
    field: str
    named: int
    statements: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Interviews:
    """One round of conversations; head: what it was; statements are pairs: paraphrase, quote."""

    id: str
    head: Row
    categories: tuple[Category, ...]
    example: bool

    @property
    def end(self) -> str:
        """Day of the last conversation."""
        return str(self.head["to"])


@dataclass(frozen=True)
class Card:
    """One card. group: title of the working group, empty if not known; dots: votes."""

    id: str
    kind: str
    text: str
    field: str
    group: str
    dots: int


@dataclass(frozen=True)
class Workshop:
    """A workshop or conference; cards by dots."""

    id: str
    head: Row
    cards: tuple[Card, ...]
    example: bool

    @property
    def end(self) -> str:
        """Day of the workshop."""
        return str(self.head["date"])


@dataclass(frozen=True)
class Step:
    """One step of a process, as it was published."""

    date: str
    kind: str
    what: str
    source: str


def interviews(root: Path, folder: Path) -> list[Interviews]:
    """All rounds of conversations of a Kreis, sorted by their last day."""
    documents = _read_all(
        root, folder / INTERVIEWS, "interviews", "statements", _interview_problems
    )
    return sorted((_interviews(d, rows) for d, rows in documents), key=lambda x: (x.end, x.id))


def workshops(root: Path, folder: Path) -> list[Workshop]:
    """All workshops of a Kreis, sorted by day."""
    documents = _read_all(root, folder / WORKSHOPS, "workshop", "cards", _workshop_problems)
    return sorted((_workshop(d, rows) for d, rows in documents), key=lambda x: (x.end, x.id))


def steps(root: Path, folder: Path) -> list[Step]:
    """Published steps of participation, oldest first."""
    path = folder / STEPS
    if not path.is_file():
        return []
    document = yaml_files.load(path, "processes", root)
    raise_if(anonymity.check_document(document))
    all_steps = [Step(**{**s, "date": str(s["date"])}) for s in document.content["steps"]]
    return sorted(all_steps, key=lambda s: s.date)


Check = Callable[[Document, Sequence[Placed], set[str]], Iterator[Problem]]


def _read_all(
    root: Path, folder: Path, schema: str, kind: str, check: Check
) -> list[tuple[Document, list[Row]]]:
    """Documents of a folder with their rows, followed by those of the CSV beside each."""
    documents: list[tuple[Document, list[Row]]] = []
    fields = set(catalogue.load(root).fields)

    def read(path: Path) -> None:
        document = yaml_files.load(path, schema, root)
        placed: list[Placed] = [
            (row, lambda c, i=i: document.where(kind, i, c))  # type: ignore[misc]
            for i, row in enumerate(document.content.get(kind, ()))
        ]
        placed += voice_files.read_beside(path, root, schema, kind)
        rows = (p for row, place in placed for p in anonymity.check_row(row, place))
        raise_if([*anonymity.check_document(document), *rows, *check(document, placed, fields)])
        documents.append((document, [row for row, _ in placed]))

    problems = yaml_files.collect([lambda p=p: read(p) for p in sorted(folder.glob("*.yml"))])  # type: ignore[misc]
    names = {p.stem for p in folder.glob("*.yml")}
    problems += [
        Problem(p.relative_to(root).as_posix(), "has no .yml beside it", "write one")
        for p in sorted(folder.glob("*.csv"))
        if p.stem not in names
    ]
    raise_if(problems)
    return documents


def _interviews(document: Document, rows: Sequence[Row]) -> Interviews:
    content = document.content
    statements: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        quote = row.get("quote", "") if row.get("consent") is True else ""
        statements.setdefault(row["category"], []).append((row["paraphrase"], quote))
    categories = tuple(
        Category(
            c["id"], c["title"], c["field"], c.get("named", 0), tuple(statements.get(c["id"], ()))
        )
        for c in content["categories"]
    )
    example = content.get("example", False)
    return Interviews(document.path.stem, content, categories, example)


def _workshop(document: Document, rows: Sequence[Row]) -> Workshop:
    content = document.content
    titles = {g["id"]: g["title"] for g in content.get("groups", ())}
    cards = [
        Card(
            r["id"], r["kind"], r["text"], r["field"], titles.get(r.get("group", ""), ""),
            int(r.get("dots", 0)),
        )
        for r in rows
    ]  # fmt: skip
    ordered = tuple(sorted(cards, key=lambda c: (-c.dots, c.id)))
    return Workshop(document.path.stem, content, ordered, content.get("example", False))


def _interview_problems(
    document: Document, rows: Sequence[Placed], fields: set[str]
) -> Iterator[Problem]:
    content, ids = document.content, list[str]()
    if content["from"] > content["to"]:
        yield Problem(document.where("to"), "ends before it begins", "mend one of the days")
    for i, category in enumerate(content["categories"]):
        if category["id"] in ids:
            where = document.where("categories", i, "id")
            yield Problem(where, f"{category['id']!r} is the id of two categories", "rename one")
        ids.append(category["id"])
        if category["field"] not in fields:
            yield _unknown(document.where("categories", i, "field"), category["field"], fields)
        if category.get("named", 0) > content["conversations"]:
            where = document.where("categories", i, "named")
            yield Problem(where, "more than there were conversations", "mend it")
    for row, place in rows:
        if row["category"] not in ids:
            what = f"unknown category {row['category']!r}"
            yield Problem(place("category"), what, f"valid: {', '.join(ids)}")
        if row.get("quote") and row.get("consent") is not True:
            fix = "leave the quote out, or ask and write  consent: yes"
            yield Problem(place("quote"), "a quote without consent", fix)


def _workshop_problems(
    document: Document, rows: Sequence[Placed], fields: set[str]
) -> Iterator[Problem]:
    groups = {g["id"]: g for g in document.content.get("groups", ())}
    seen: set[str] = set()
    if not rows:
        yield Problem(document.where("cards"), "has no card", "write them, or a CSV beside it")
    for row, where in rows:
        if row["id"] in seen:
            yield Problem(where("id"), f"{row['id']!r} is the id of two cards", "rename one")
        seen.add(row["id"])
        if row["field"] not in fields:
            yield _unknown(where("field"), row["field"], fields)
        group = row.get("group")
        if group and group not in groups:
            fix = f"valid: {', '.join(groups) or '(none)'}"
            yield Problem(where("group"), f"unknown group {group!r}", fix)
        elif group and "n" not in groups[group]:
            fix = "leave group out of its cards, or tell its n, at least 10"
            yield Problem(where("group"), f"group {group!r} may be too small to be told", fix)


def _unknown(where: str, field: str, fields: set[str]) -> Problem:
    return Problem(where, f"unknown field {field!r}", f"valid: {', '.join(sorted(fields))}")
