"""A Konzept as data: aims (Leitziele), goals (Ziele), measures (Maßnahmen) and what led to them.

In: ``data/konzept/<kreis>/konzept.yml`` and ``antirassismus.yml``; a Kreis without them is fine.
Out: `Strategy`, whole by `load`, or by `shown` as one edition may tell it. DataError tells every
mistake of a file with its line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kreisheft.catalogue.params import Params
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.project import read_once
from kreisheft.strategy import strategy_checks
from kreisheft.strategy.parts import (
    ActionField,
    Aim,
    Decision,
    Fact,
    Goal,
    Measure,
    Milestone,
    Reference,
    Status,
    Strategy,
)
from kreisheft.strategy.strategy_checks import FINAL

FOLDER = "data/konzept"
#: A file is called like the chapter that shows it.
CHAPTERS = ("konzept", "antirassismus")


@read_once
def load(root: Path, kreis: str) -> tuple[Strategy, ...]:
    """Every Konzept of a Kreis, that of integration first; none if it has no file."""
    paths = [root / FOLDER / kreis / f"{chapter}.yml" for chapter in CHAPTERS]
    read = [yaml_files.load(path, "strategy", root) for path in paths if path.is_file()]
    raise_if(strategy_checks.found(read, root, kreis))
    return tuple(_read(document.path.stem, document.content) for document in read)


def kreise(root: Path) -> list[str]:
    """Folders that have a Konzept, sorted."""
    return sorted({p.parent.name for c in CHAPTERS for p in (root / FOLDER).glob(f"*/{c}.yml")})


def check(root: Path) -> list[Problem]:
    """Every problem of every Konzept."""
    return yaml_files.collect([lambda n=name: load(root, n) for name in kreise(root)])  # type: ignore[misc]


def places(root: Path, kreis: str, chapter: str) -> dict[str, str]:
    """Id of every goal, measure and field of action → file and line where it stands."""
    read = yaml_files.load(root / FOLDER / kreis / f"{chapter}.yml", "strategy", root)
    return {
        entry["id"]: read.where(kind, i)
        for kind in ("action_fields", "goals", "measures")
        for i, entry in enumerate(read.content.get(kind, ()))
    }


def shown(root: Path, settings: Params, year: int) -> tuple[Strategy, ...]:
    """What the edition of a report year may tell, each Konzept that has anything to tell.

    A Konzept that begins after the report year is left out, and what is marked as an example where
    params want none. Past editions know no status, result or milestone of a later year, none those
    after their as-of date: see `horizon`. A measure of which nothing was known by then is left out.
    """
    day = horizon(settings, year)
    found = [_known(one, settings.examples, year, day) for one in load(root, settings.kreis)]
    return tuple(one for one in found if one.facts or one.aims)


def horizon(settings: Params, year: int) -> str:
    """The last day that an edition knows of; empty: the newest edition has no such day."""
    if year in settings.as_of:
        return settings.as_of[year]
    return f"{year}-12-31" if year < max(settings.report_years) else ""


def part(
    found: Iterable[Strategy], *, field: str = "", indicator: str = "", target_group: str = ""
) -> tuple[Strategy, ...]:
    """Goals that are asked for, with their aims and measures, and nothing else of each Konzept.

    This is what a page about them reads: `dependencies` hashes it.
    """
    parts = []
    for one in found:
        goals = tuple(
            goal
            for goal in one.goals
            if goal.field == (field or goal.field)
            and goal.indicator == (indicator or goal.indicator)
            and goal.target_group == (target_group or goal.target_group)
        )
        if goals:
            named = {goal.aim for goal in goals}
            parts.append(
                replace(
                    one,
                    what="",
                    facts=(),
                    action_fields=(),
                    aims=tuple(aim for aim in one.aims if aim.id in named),
                    goals=goals,
                    measures=tuple(one.measures_of(goals)),
                )
            )
    return tuple(parts)


def _known(one: Strategy, examples: bool, year: int, day: str) -> Strategy:
    facts = tuple(fact for fact in one.facts if fact.when[:4] <= str(year))
    if (one.example and not examples) or one.since[:4] > str(year):
        return replace(one, facts=facts, action_fields=(), aims=(), goals=(), measures=(), what="")
    reports = ((measure, _until(measure, day)) for measure in one.measures)
    measures = tuple(measure for measure, known in reports if known)
    return replace(one, facts=facts, measures=tuple(_until(m, day) or m for m in measures))


def _until(measure: Measure, day: str) -> Measure | None:
    """A measure as it was known on a day; None if nothing was."""
    if not day:
        return measure
    status = tuple(s for s in measure.status if s.date <= day)
    if not status:
        return None
    milestones = tuple(m if m.done <= day else replace(m, done="") for m in measure.milestones)
    result = measure.result if status[-1].state in FINAL else ""
    return replace(measure, status=status, milestones=milestones, result=result)


def _read(chapter: str, content: Mapping[str, Any]) -> Strategy:
    fields = {entry["id"]: entry["field"] for entry in content.get("aims", ())}
    source = content.get("source")
    return Strategy(
        chapter=chapter,
        title=content["title"],
        what=content.get("what", "").strip(),
        since=str(content["since"]),
        until=str(content.get("until", "")),
        example=content.get("example", False),
        decision=_decision(content),
        source=Reference(**source) if source else None,
        facts=tuple(_fact(entry) for entry in content.get("facts", ())),
        action_fields=tuple(_action_field(entry) for entry in content.get("action_fields", ())),
        aims=tuple(_aim(entry) for entry in content.get("aims", ())),
        goals=tuple(_goal(entry, fields) for entry in content.get("goals", ())),
        measures=tuple(_measure(entry) for entry in content.get("measures", ())),
    )


def _decision(entry: Mapping[str, Any]) -> Decision | None:
    found = entry.get("decision")
    return Decision(found["by"], found["date"], found.get("paper", "")) if found else None


def _fact(entry: Mapping[str, Any]) -> Fact:
    return Fact(str(entry["when"]), entry["text"].strip(), Reference(**entry["source"]))


def _action_field(entry: Mapping[str, Any]) -> ActionField:
    return ActionField(
        id=entry["id"],
        title=entry["title"],
        what=entry.get("what", "").strip(),
        stock=tuple(text.strip() for text in entry["stock"]),
        needs=tuple(text.strip() for text in entry["needs"]),
        belege=tuple(entry.get("belege", ())),
    )


def _aim(entry: Mapping[str, Any]) -> Aim:
    field, text = entry["field"], entry["text"].strip()
    return Aim(entry["id"], field, entry.get("action_field", ""), text, _decision(entry))


def _goal(entry: Mapping[str, Any], fields: Mapping[str, str]) -> Goal:
    base, target = entry["base"], entry["target"]
    return Goal(
        id=entry["id"],
        aim=entry["aim"],
        field=fields[entry["aim"]],
        title=entry["title"],
        target_group=entry["target_group"],
        indicator=entry["indicator"],
        group=entry["group"],
        base_year=base["year"],
        base_value=base.get("value"),
        target_year=target["year"],
        target_value=float(target["value"]),
        comment=entry.get("comment", "").strip(),
        belege=tuple(entry.get("belege", ())),
    )


def _measure(entry: Mapping[str, Any]) -> Measure:
    means = entry.get("resources", {})
    return Measure(
        id=entry["id"],
        goals=tuple(entry["goals"]),
        title=entry["title"],
        what=entry["what"].strip(),
        owner=entry["owner"],
        partners=tuple(entry.get("partners", ())),
        where=tuple(sorted(entry["where"])),
        since=str(entry["since"]),
        until=str(entry["until"]),
        kind=entry["kind"],
        weight=entry.get("weight", ""),
        posts=means.get("posts"),
        euro=means.get("euro"),
        funding=means.get("funding", ""),
        beschlussvorbehalt=entry.get("beschlussvorbehalt", False),
        decision=_decision(entry),
        output=entry["output"].strip(),
        outcome=tuple(entry["outcome"]),
        milestones=tuple(
            Milestone(m["title"], str(m["due"]), str(m.get("done", "")))
            for m in entry.get("milestones", ())
        ),
        status=tuple(Status(**s) for s in entry["status"]),
        result=entry.get("result", "").strip(),
        belege=tuple(entry.get("belege", ())),
    )
