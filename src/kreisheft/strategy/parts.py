"""Parts of a Konzept: aims (Leitziele), goals (Ziele), measures (Maßnahmen), what led there.

Made by `document` and by nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """Who decided, when, and the number of the council paper, which may be empty."""

    by: str
    date: str
    paper: str


@dataclass(frozen=True)
class Reference:
    """Who published what; url and seen where it is on the web, date where the document has one."""

    name: str
    url: str = ""
    seen: str = ""
    date: str = ""


@dataclass(frozen=True)
class Fact:
    """Something that happened on the way, always with its source; never invented."""

    when: str
    text: str
    source: Reference


@dataclass(frozen=True)
class ActionField:
    """Field of action: what there is (stock) and what is missing (needs)."""

    id: str
    title: str
    what: str
    stock: tuple[str, ...]
    needs: tuple[str, ...]
    belege: tuple[str, ...]


@dataclass(frozen=True)
class Aim:
    """Leitziel of one Handlungsfeld; action_field may be empty."""

    id: str
    field: str
    action_field: str
    text: str
    decision: Decision | None


@dataclass(frozen=True)
class Goal:
    """Ziel: an indicator of a group, from a base to a target.

    base_value: None: the figure of the base year counts. belege: ids of ``data/beteiligung``.
    """

    id: str
    aim: str
    field: str
    title: str
    target_group: str
    indicator: str
    group: str
    base_year: int
    base_value: float | None
    target_year: int
    target_value: float
    comment: str
    belege: tuple[str, ...]


@dataclass(frozen=True)
class Milestone:
    """due: year, month or day; done: empty until it is reached."""

    title: str
    due: str
    done: str


@dataclass(frozen=True)
class Status:
    """What a measure had come to on a day, and what shows it."""

    state: str
    date: str
    evidence: str


@dataclass(frozen=True)
class Measure:
    """Maßnahme: who does what, where, from when to when, with which means, and how it goes.

    goals: ids of the goals that it serves. posts, euro: None if nothing is said of them.
    beschlussvorbehalt: it needs a decision of its own. status: oldest first, at least one.
    """

    id: str
    goals: tuple[str, ...]
    title: str
    what: str
    owner: str
    partners: tuple[str, ...]
    where: tuple[str, ...]
    since: str
    until: str
    kind: str
    weight: str
    posts: float | None
    euro: float | None
    funding: str
    beschlussvorbehalt: bool
    decision: Decision | None
    output: str
    outcome: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    status: tuple[Status, ...]
    result: str
    belege: tuple[str, ...]


@dataclass(frozen=True)
class Strategy:
    """One Konzept; chapter: its file and page. example: all but `facts` is invented."""

    chapter: str
    title: str
    what: str
    since: str
    until: str
    example: bool
    decision: Decision | None
    source: Reference | None
    facts: tuple[Fact, ...]
    action_fields: tuple[ActionField, ...]
    aims: tuple[Aim, ...]
    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]

    def goals_of(self, aim: Aim) -> list[Goal]:
        """Goals of an aim, in the order of the file."""
        return [goal for goal in self.goals if goal.aim == aim.id]

    def measures_of(self, goals: Iterable[Goal]) -> list[Measure]:
        """Measures that serve any of these goals, in the order of the file."""
        wanted = {goal.id for goal in goals}
        return [measure for measure in self.measures if wanted & set(measure.goals)]
