"""A Konzept as data: aims (Leitziele), goals (Ziele), measures (Maßnahmen) and what led to them.

In: ``data/konzept/<kreis>/konzept.yml`` and ``antirassismus.yml``; a Kreis without them is fine.
Out: `Strategy`, whole by `load`, or by `of_edition` as one edition may show it. DataError names
every problem of a file with its line.
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

#: One entry of a file that has passed its schema.
Entry = Mapping[str, Any]

FOLDER = "data/konzept"
#: A file is called like the chapter that shows it.
CHAPTERS = ("konzept", "antirassismus")


@read_once
def load(root: Path, kreis: str) -> tuple[Strategy, ...]:
    """Every Konzept of a Kreis, that of integration first; none if it has no file."""
    paths = [root / FOLDER / kreis / f"{chapter}.yml" for chapter in CHAPTERS]
    read = [yaml_files.load(path, "strategy", root) for path in paths if path.is_file()]
    raise_if(strategy_checks.list_problems(read, root, kreis))
    return tuple(_read(document.path.stem, document.content) for document in read)


def kreise(root: Path) -> list[str]:
    """Folders that have a Konzept, sorted."""
    return sorted({p.parent.name for c in CHAPTERS for p in (root / FOLDER).glob(f"*/{c}.yml")})


def check(root: Path) -> list[Problem]:
    """Problems of every Konzept of every Kreis."""
    return yaml_files.collect([lambda n=name: load(root, n) for name in kreise(root)])  # type: ignore[misc]


def places(root: Path, kreis: str, chapter: str) -> dict[str, str]:
    """Id of every goal, measure and field of action → file and line where it stands."""
    read = yaml_files.load(root / FOLDER / kreis / f"{chapter}.yml", "strategy", root)
    return {
        entry["id"]: read.where(kind, i)
        for kind in ("action_fields", "goals", "measures")
        for i, entry in enumerate(read.content.get(kind, ()))
    }


def of_edition(root: Path, settings: Params, year: int) -> tuple[Strategy, ...]:
    """Every Konzept as the edition of a report year may show it, if anything is left of it.

    A Konzept that begins after the report year is left out, and what is marked as an example where
    params want none. Past editions know no status, result or milestone of a later year, none those
    after their as-of date: see `horizon`. A measure of which nothing was known by then is left out.
    """
    day = horizon(settings, year)
    strategies = [
        _as_of_year(strategy, settings.examples, year, day)
        for strategy in load(root, settings.kreis)
    ]
    return tuple(strategy for strategy in strategies if strategy.facts or strategy.aims)


def horizon(settings: Params, year: int) -> str:
    """Last day whose reports an edition may use; empty for the newest edition, which uses all."""
    if year in settings.as_of:
        return settings.as_of[year]
    return f"{year}-12-31" if year < max(settings.report_years) else ""


def select_part(
    strategies: Iterable[Strategy], *, field: str = "", indicator: str = "", target_group: str = ""
) -> tuple[Strategy, ...]:
    """Every Konzept cut down to the goals that match, with their aims and measures.

    This is what a page about them reads: `dependencies` hashes it.
    """
    parts = []
    for strategy in strategies:
        goals = tuple(
            goal
            for goal in strategy.goals
            if goal.field == (field or goal.field)
            and goal.indicator == (indicator or goal.indicator)
            and goal.target_group == (target_group or goal.target_group)
        )
        if goals:
            named = {goal.aim for goal in goals}
            parts.append(
                replace(
                    strategy,
                    what="",
                    facts=(),
                    action_fields=(),
                    aims=tuple(aim for aim in strategy.aims if aim.id in named),
                    goals=goals,
                    measures=tuple(strategy.measures_of(goals)),
                )
            )
    return tuple(parts)


def _as_of_year(strategy: Strategy, examples: bool, year: int, day: str) -> Strategy:
    facts = tuple(fact for fact in strategy.facts if fact.when[:4] <= str(year))
    if (strategy.example and not examples) or strategy.since[:4] > str(year):
        return replace(
            strategy, facts=facts, action_fields=(), aims=(), goals=(), measures=(), what=""
        )
    reports = ((measure, _as_of_day(measure, day)) for measure in strategy.measures)
    measures = tuple(measure for measure, measure_then in reports if measure_then)
    return replace(strategy, facts=facts, measures=tuple(_as_of_day(m, day) or m for m in measures))


def _as_of_day(measure: Measure, day: str) -> Measure | None:
    """A measure as it was known on a day; None if there was no report yet."""
    if not day:
        return measure
    status = tuple(s for s in measure.status if s.date <= day)
    if not status:
        return None
    milestones = tuple(m if m.done <= day else replace(m, done="") for m in measure.milestones)
    result = measure.result if status[-1].state in FINAL else ""
    return replace(measure, status=status, milestones=milestones, result=result)


def _read(chapter: str, content: Entry) -> Strategy:
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


def _decision(entry: Entry) -> Decision | None:
    decision = entry.get("decision")
    return (
        Decision(decision["by"], decision["date"], decision.get("paper", "")) if decision else None
    )


def _fact(entry: Entry) -> Fact:
    return Fact(str(entry["when"]), entry["text"].strip(), Reference(**entry["source"]))


def _action_field(entry: Entry) -> ActionField:
    return ActionField(
        id=entry["id"],
        title=entry["title"],
        what=entry.get("what", "").strip(),
        stock=tuple(text.strip() for text in entry["stock"]),
        needs=tuple(text.strip() for text in entry["needs"]),
        belege=tuple(entry.get("belege", ())),
    )


def _aim(entry: Entry) -> Aim:
    field, text = entry["field"], entry["text"].strip()
    return Aim(entry["id"], field, entry.get("action_field", ""), text, _decision(entry))


def _goal(entry: Entry, fields: Mapping[str, str]) -> Goal:
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


def _measure(entry: Entry) -> Measure:
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
