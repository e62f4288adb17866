"""What is to be looked into in a Konzept: no mistake, but nothing to leave as it is.

A report older than a year, money without a decision, a measure or milestone whose time is over, a
goal that nothing measures. Counted to the as-of date of an edition, never to a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kreisheft.catalogue import catalogue, params
from kreisheft.catalogue.params import Params
from kreisheft.offers import freshness
from kreisheft.strategy import document
from kreisheft.strategy.parts import Measure
from kreisheft.strategy.strategy_checks import FINAL


@dataclass(frozen=True)
class Flag:
    """kind: unbacked, reserved, stale, ended or overdue; day and title fill its words."""

    kind: str
    day: str = ""
    title: str = ""


def as_of(root: Path, settings: Params, year: int) -> str:
    """The day an edition counts from: its horizon, or the newest Stand of all deliveries."""
    day = document.horizon(settings, year)
    return day or freshness.edition_day(root, settings, year, ()).isoformat()


def flags(measure: Measure, day: str) -> Iterator[Flag]:
    """Money without a decision, and what is late on a day; empty: what depends on no day."""
    if (measure.euro or measure.posts) and not measure.decision:
        yield Flag("reserved" if measure.beschlussvorbehalt else "unbacked")
    last = measure.status[-1]
    if not day or last.state in FINAL:
        return
    # As text, so that the 29th of February needs no counterpart.
    if last.date < f"{int(day[:4]) - 1}{day[4:]}":
        yield Flag("stale", last.date)
    if _over(measure.until, day):
        yield Flag("ended", measure.until)
    for milestone in measure.milestones:
        if not milestone.done and _over(milestone.due, day):
            yield Flag("overdue", milestone.due, milestone.title)


def told(root: Path, kreis: str) -> list[str]:
    """One line per remark of the newest edition of a Kreis, for the command line."""
    settings, book = params.load(root, kreis), catalogue.load(root)
    year = max(settings.report_years)
    day, lines = as_of(root, settings, year), []
    for one in document.shown(root, settings, year):
        places = document.places(root, kreis, one.chapter)
        for goal in one.goals:
            if not book.indicators[goal.indicator].sources:
                lines.append(f"{places[goal.id]}: not measurable, {goal.indicator} has no source")
        for measure in one.measures:
            lines += [f"{places[measure.id]}: {_in_words(f)}" for f in flags(measure, day)]
    return lines


def _in_words(flag: Flag) -> str:
    return {
        "unbacked": "money or posts without a decision",
        "reserved": "its decision is outstanding",
        "stale": f"no report since {flag.day}, older than a year",
        "ended": f"its time ended with {flag.day}, nothing says how",
        "overdue": f"milestone of {flag.day} is not done: {flag.title}",
    }[flag.kind]


def _over(until: str, day: str) -> bool:
    """Say whether a year, month or day is wholly over on a day."""
    return until < day[: len(until)]
