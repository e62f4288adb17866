"""An export of answers → counts that may be kept. Nothing about a person is written.

In: answers, structure and mapping. Out: a `Report`; with `write` also the files of `surveys`. A
cell that is no answer to its question is left out and reported by row and column, without its
text; more than one in a hundred of a column, and nothing is written: then the mapping does not
fit. The same holds for rows that cannot be taken apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.params import Params
from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.participation import collection, surveys, tally
from kreisheft.participation.intake import (
    answers,
    protection,
    questions,
    survey_mapping,
    systems,
)
from kreisheft.participation.intake.answers import Answers, Row
from kreisheft.participation.intake.questions import SUBMITTED, Column
from kreisheft.participation.intake.survey_mapping import Rules
from kreisheft.participation.surveys import Group, Item, Split, Wave
from kreisheft.participation.tally import LEAST, TOTAL, Count
from kreisheft.protected import disclosure

_TOLERATED, _FEW = 0.01, 3


@dataclass(frozen=True)
class Report:
    """What an import did.

    wave: what is (or would be) kept; incomplete: answers not sent off, left out; dropped: columns;
    odd: cells and rows that were left out; hidden: items and groups that are too small to be kept
    """

    wave: Wave
    incomplete: int
    dropped: int
    odd: tuple[Problem, ...]
    hidden: tuple[str, ...]
    written: tuple[Path, ...]

    def __str__(self) -> str:
        groups_counted = {(c.item, c.split, c.group) for c in self.wave.tally.counts}
        lines = [
            f"{self.wave.survey} {self.wave.wave}: {self.wave.head['answered']} answers counted, "
            f"{self.incomplete} incomplete ones left out, {self.dropped} columns dropped",
            f"{len(self.wave.items)} items, {len(groups_counted)} counts of groups",
            *(f"hidden: {what}" for what in self.hidden),
            *(str(problem) for problem in self.odd),
        ]
        return "\n".join(lines)


def run(
    root: Path,
    settings: Params,
    path: Path,
    asked: Path,
    rules: Path,
    language: str = "",
    *,
    write: bool,
) -> Report:
    """Count an export. DataError if the files do not fit each other, or nothing may be kept."""
    system, survey = systems.read(asked, language)
    words = collection.words(root)[system.name]
    columns = system.columns(survey, words)
    mapping = survey_mapping.load(rules, survey, columns, list(catalogue.load(root).fields))
    headings = system.headings(columns, words)
    also = (SUBMITTED,) if "incomplete" not in mapping.head else ()
    passed = answers.read(path, headings, mapping.columns, also)
    persons = [r for r in passed.rows if r.cells.get(SUBMITTED, "-").strip() not in system.unsent]
    people, odd = _read(persons, passed, mapping, path.name)
    _tolerate([*passed.broken], len(passed.rows), path.name)
    if len(people) < LEAST:
        fix = "export answers that were sent off, or more of them"
        raise DataError([Problem(path.name, f"holds fewer than {LEAST} complete answers", fix)])
    wave, hidden = _count(people, mapping, disclosure.load_rules(root).threshold)
    folder = root / "data/beteiligung" / settings.kreis
    raise_if(_too_close(root, folder, wave))
    written = surveys.save(root, folder, wave) if write else []
    gone = len(passed.rows) - len(persons)
    left_out = (*passed.broken, *odd)
    return Report(wave, gone, passed.dropped, left_out, tuple(hidden), tuple(written))


@dataclass(frozen=True)
class _Person:
    """answers: one set of answers per item, empty where nothing was answered; profile: groups."""

    answers: tuple[frozenset[str], ...]
    profile: protection.Profile


def _read(
    rows: Sequence[Row], passed: Answers, mapping: Rules, name: str
) -> tuple[list[_Person], list[Problem]]:
    used = {c.name: c for _, columns in mapping.items for c in columns}
    used |= {c.name: c for _, c, _ in mapping.splits if c}
    odd: dict[str, list[Problem]] = {}

    def code(row: Row, column: Column) -> str:
        answer = questions.code(column, row.cells[column.name])
        if answer is None:
            at = f"{name}, row {row.number}, column {passed.at[column.name]} ({column.name})"
            what = "is no answer to this question; left out"
            odd.setdefault(column.name, []).append(Problem(at, what))
        return answer or ""

    people = []
    for row in rows:
        codes = {column: code(row, c) for column, c in used.items()}
        given = tuple(_answers_to(item, columns, codes) for item, columns in mapping.items)
        # A person who answered nothing that counts is no answer.
        if any(given):
            language = row.cells.get(questions.LANGUAGE, "").strip()
            groups = (of.get(codes[c.name] if c else language) for _, c, of in mapping.splits)
            people.append(_Person(given, tuple(groups)))
    for problems in odd.values():
        _tolerate(problems, len(rows), name)
    return people, [p for problems in odd.values() for p in problems]


def _answers_to(item: Item, columns: Sequence[Column], codes: dict[str, str]) -> frozenset[str]:
    if item.kind == "ticks":
        ids = [a.id for a in item.answers]
        return frozenset(i for i, c in zip(ids, columns, strict=True) if codes[c.name])
    answer = codes[columns[0].name].strip("-")
    return frozenset([answer] if answer else [])


def _tolerate(problems: Sequence[Problem], rows: int, name: str) -> None:
    if len(problems) > max(_FEW, _TOLERATED * rows):
        what = f"{len(problems)} such rows of {rows}: structure, mapping and answers do not fit"
        raise DataError([*problems[:20], Problem(name, what, "export all of them again")])


def _count(people: Sequence[_Person], mapping: Rules, rest: int) -> tuple[Wave, list[str]]:
    profiles = [p.profile for p in people]
    every: set[protection.Key] = {
        (i, g.id) for i, (s, _, _) in enumerate(mapping.splits) for g in s.groups
    }
    allowed = protection.groups(profiles, [], every, rest)
    counts: list[Count] = []
    items, hidden = [], []
    for number, (item, _) in enumerate(mapping.items):
        respondents = [p for p in people if p.answers[number]]
        if len(respondents) < LEAST:
            hidden.append(f"{item.id}, fewer than {LEAST} persons answered it")
            continue
        given = [p.answers[number] for p in respondents]
        shown_groups = protection.groups([p.profile for p in respondents], given, allowed, rest)
        counts += _rows(item, TOTAL, TOTAL, given)
        items.append(item)
        for i, (split, _, _) in enumerate(mapping.splits):
            for group in split.groups:
                if (i, group.id) in shown_groups:
                    part = [
                        a
                        for p, a in zip(respondents, given, strict=True)
                        if p.profile[i] == group.id
                    ]
                    counts += _rows(item, split.id, group.id, part)
                elif (i, group.id) in allowed:
                    hidden.append(f"{item.id}, {split.id}, {group.id}")
    hidden += [f"{mapping.splits[i][0].id}, {g}" for i, g in sorted(every - allowed, key=str)]
    splits = [_size_split(s, i, allowed, profiles) for i, (s, _, _) in enumerate(mapping.splits)]
    shown_splits = tuple(s for s in splits if s.groups)
    exclusive = {i.id: i.kind != "ticks" for i in items}
    head = {k: v for k, v in mapping.head.items() if k not in ("survey", "wave", "incomplete")}
    head |= {"answered": len(people)}
    raise_if(tally.problems(counts, exclusive, rest))
    admitted = tally.admit(counts, exclusive, rest)
    wave = Wave(
        mapping.head["survey"], mapping.head["wave"], head, tuple(items), shown_splits, admitted
    )
    return wave, hidden


def _rows(item: Item, split: str, group: str, given: Sequence[frozenset[str]]) -> Iterable[Count]:
    for answer in item.answers:
        count = sum(answer.id in a for a in given)
        yield Count(item.id, split, group, len(given), answer.id, count)


def _size_split(
    split: Split, i: int, allowed: set[protection.Key], profiles: Sequence[protection.Profile]
) -> Split:
    """The split with only its `allowed` groups, each with its number of persons."""
    sizes = {g.id: sum(p[i] == g.id for p in profiles) for g in split.groups}
    groups = [Group(g.id, g.title, sizes[g.id]) for g in split.groups if (i, g.id) in allowed]
    return Split(split.id, split.title, tuple(groups))


def _too_close(root: Path, folder: Path, wave: Wave) -> list[Problem]:
    """A problem if few answers were added: comparing both versions would reveal them."""
    path = folder / surveys.FOLDER / f"{wave.survey}_{wave.wave}.yml"
    if not path.is_file():
        return []
    before = yaml_files.load(path, "survey", root).content["answered"]
    more = abs(wave.head["answered"] - before)
    if not 0 < more < LEAST:
        return []
    what = f"{more} answers more or fewer than the version that is kept: they would be known"
    fix = f"import all at once, or wait until {LEAST} more have come in"
    return [Problem(path.relative_to(root).as_posix(), what, fix)]
