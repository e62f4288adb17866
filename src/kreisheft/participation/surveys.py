"""Waves of surveys as they are kept: ``umfragen/<survey>_<wave>.yml`` beside a CSV of counts.

The YAML says what was asked, of whom and how; the CSV has one row per item, group and answer:
``item,split,group,n,answer,count``. Commands write both. In: the folder of a Kreis. Out: `Wave`s
whose counts have passed `tally.admit`. Every problem comes with file, line or row.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kreisheft.catalogue import catalogue
from kreisheft.core import project, schema_line, yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.yaml_files import Document
from kreisheft.participation import anonymity, tally
from kreisheft.participation.tally import TOTAL as TOTAL
from kreisheft.participation.tally import Count, Tally
from kreisheft.protected import disclosure

FOLDER = "umfragen"
#: Where an answer stands, in the order of a chart; `BESIDE` is for those who have no opinion.
SIDES = ("against", "neutral", "for", "beside")
AGAINST, NEUTRAL, FOR, BESIDE = SIDES
HEAD = ("item", "split", "group", "n", "answer", "count")


@dataclass(frozen=True)
class Answer:
    """One answer that could be given; side: of a scale only."""

    id: str
    label: str
    side: str = ""


@dataclass(frozen=True)
class Item:
    """One thing that was asked. kind: ``scale``, ``choice`` or ``ticks`` (several answers each)."""

    id: str
    kind: str
    field: str
    question: str
    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Group:
    """A group of those who answered; n: how many they are."""

    id: str
    title: str
    n: int


@dataclass(frozen=True)
class Split:
    """A question that splits those who answered, and the groups that are shown."""

    id: str
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Wave:
    """One wave of a survey; head: what it was, as the file says."""

    survey: str
    wave: str
    head: dict[str, Any]
    items: tuple[Item, ...]
    splits: tuple[Split, ...]
    tally: Tally

    @property
    def example(self) -> bool:
        """Whether it is invented."""
        return bool(self.head.get("example"))

    @property
    def end(self) -> str:
        """Last day of the field period."""
        return str(self.head["to"])

    def item(self, name: str) -> Item | None:
        """An item by its id; None if this wave did not ask it."""
        return next((i for i in self.items if i.id == name), None)


def load(root: Path, folder: Path) -> list[Wave]:
    """All waves of a Kreis by survey and end; folder: of the Kreis.

    DataError with the problems of all files.
    """
    waves: list[Wave] = []
    problems = yaml_files.collect(
        [
            lambda p=p: waves.append(_load(root, p))  # type: ignore[misc]
            for p in sorted((folder / FOLDER).glob("*.yml"))
        ]
    )
    lonely = {p.stem for p in (folder / FOLDER).glob("*.csv")}
    lonely -= {p.stem for p in (folder / FOLDER).glob("*.yml")}
    where = (folder / FOLDER).relative_to(root).as_posix()
    problems += [
        Problem(f"{where}/{name}.csv", "has no .yml beside it", "import the survey again")
        for name in sorted(lonely)
    ]
    raise_if(problems)
    return sorted(waves, key=lambda w: (w.survey, w.end, w.wave))


def save(root: Path, folder: Path, wave: Wave) -> list[Path]:
    """Write a wave; return the files that changed. Its own check is asked first, by reading it."""
    content = {
        "survey": wave.survey,
        "wave": wave.wave,
        **{k: v for k, v in wave.head.items() if k not in ("survey", "wave")},
        "items": [_plain_item(i) for i in wave.items],
    }
    if wave.splits:
        content["splits"] = [
            {"id": s.id, "title": s.title, "groups": [vars(g) for g in s.groups]}
            for s in wave.splits
        ]
    head = "# Written by  kreisheft participation import: counts of this survey stand in the CSV.\n"
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows([[getattr(c, name) for name in HEAD] for c in wave.tally.counts])
    path = folder / FOLDER / f"{wave.survey}_{wave.wave}.yml"
    line = schema_line.text("survey", path.relative_to(root).as_posix())
    text = f"{line}{head}{body}"
    files = {path.with_suffix(".csv"): out.getvalue().encode(), path: text.encode()}
    return [p for p, data in files.items() if project.write(p, data)]


def _plain_item(item: Item) -> dict[str, object]:
    answers = [{k: v for k, v in vars(a).items() if v} for a in item.answers]
    return {**vars(item), "answers": answers}


def _load(root: Path, path: Path) -> Wave:
    document = yaml_files.load(path, "survey", root)
    content = document.content
    raise_if([*_list_problems(document, root), *anonymity.check_document(document)])
    items = tuple(
        Item(**{**i, "answers": tuple(Answer(**a) for a in i["answers"])}) for i in content["items"]
    )
    splits = tuple(
        Split(s["id"], s["title"], tuple(Group(**g) for g in s["groups"]))
        for s in content.get("splits", ())
    )
    source = path.with_suffix(".csv")
    name = source.relative_to(root).as_posix()
    counts = _counts(source, name)
    raise_if(_undescribed(counts, items, splits, content["answered"], name))
    exclusive = {i.id: i.kind != "ticks" for i in items}
    rest = disclosure.load_rules(root).threshold
    raise_if(tally.problems([c for _, c in counts], exclusive, rest, name))
    head = {k: v for k, v in content.items() if k not in ("items", "splits")}
    admitted = tally.admit([c for _, c in counts], exclusive, rest)
    return Wave(content["survey"], content["wave"], head, items, splits, admitted)


def _list_problems(document: Document, root: Path) -> Iterator[Problem]:
    content, fields = document.content, catalogue.load(root).fields
    if document.path.stem != f"{content['survey']}_{content['wave']}":
        fix = f"call it {content['survey']}_{content['wave']}.yml"
        yield Problem(document.where(), "is not called by its survey and wave", fix)
    if content["from"] > content["to"]:
        yield Problem(document.where("to"), "ends before it begins", "mend one of the days")
    if content.get("invited", content["answered"]) < content["answered"]:
        what = "fewer were invited than answered"
        yield Problem(document.where("invited"), what, "mend it, or leave it out")
    seen: set[str] = set()
    for i, item in enumerate(content["items"]):
        if item["id"] in seen:
            where = document.where("items", i, "id")
            yield Problem(where, f"{item['id']!r} is the id of two items", "rename one")
        seen.add(item["id"])
        if item["field"] not in fields:
            where = document.where("items", i, "field")
            yield Problem(where, f"unknown field {item['field']!r}", f"valid: {', '.join(fields)}")
        if item["kind"] == "scale" and not all(a.get("side") for a in item["answers"]):
            where = document.where("items", i, "answers")
            yield Problem(where, "an answer of a scale has no side", f"one of {', '.join(SIDES)}")


def _counts(path: Path, name: str) -> list[tuple[int, Count]]:
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        fix = "import the survey again, or restore it from git"
        raise DataError([Problem(name, "is missing or no UTF-8 CSV", fix)]) from None
    counts, problems = [], []
    if not rows or tuple(rows[0]) != HEAD:
        fix = f"expected {','.join(HEAD)}"
        problems.append(Problem(f"{name}, row 1", "has other columns", fix))
    for number, row in enumerate(rows[1:], 2):
        try:
            item, split, group, n, answer, count = row
            counts.append((number, Count(item, split, group, int(n), answer, int(count))))
        except ValueError:
            problems.append(Problem(f"{name}, row {number}", "is no count", "import it again"))
    raise_if(problems)
    return counts


def _undescribed(
    counts: Sequence[tuple[int, Count]],
    items: Sequence[Item],
    splits: Sequence[Split],
    answered: int,
    name: str,
) -> Iterator[Problem]:
    """Counts that the description does not know, and items without any."""
    valid = {i.id: {a.id for a in i.answers} for i in items}
    groups = {(s.id, g.id): g.n for s in splits for g in s.groups} | {(TOTAL, TOTAL): answered}
    for number, c in counts:
        is_described = c.answer in valid.get(c.item, ()) and (c.split, c.group) in groups
        if not is_described or c.n > groups[c.split, c.group]:
            what = "counts what the .yml beside it does not describe"
            yield Problem(f"{name}, row {number}", what, "import the survey again")
    answers_counted: dict[tuple[str, str, str], set[str]] = {}
    for _, c in counts:
        answers_counted.setdefault((c.item, c.split, c.group), set()).add(c.answer)
    for (item, split, group), answers in sorted(answers_counted.items()):
        if valid.get(item, set()) - answers:
            what = f"{item}, {split}, {group}: not every answer is counted"
            yield Problem(name, what, "import the survey again")
    for item in sorted(set(valid) - {key[0] for key in answers_counted}):
        yield Problem(name, f"{item}: nothing is counted", "import the survey again")
