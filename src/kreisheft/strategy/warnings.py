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
    """As-of date of an edition: its horizon, or the newest Stand of all deliveries."""
    day = document.horizon(settings, year)
    return day or freshness.edition_day(root, settings, year, ()).isoformat()


def flags(measure: Measure, day: str) -> Iterator[Flag]:
    """Warnings of a measure: money without a decision; with a day also what is late on it."""
    if (measure.euro or measure.posts) and not measure.decision:
        yield Flag("reserved" if measure.beschlussvorbehalt else "unbacked")
    last = measure.status[-1]
    if not day or last.state in FINAL:
        return
    # As text, so that the 29th of February needs no counterpart.
    if last.date < f"{int(day[:4]) - 1}{day[4:]}":
        yield Flag("stale", last.date)
    if _is_over(measure.until, day):
        yield Flag("ended", measure.until)
    for milestone in measure.milestones:
        if not milestone.done and _is_over(milestone.due, day):
            yield Flag("overdue", milestone.due, milestone.title)


def list_warnings(root: Path, kreis: str) -> list[str]:
    """One line per warning of the newest edition of a Kreis, for the command line."""
    settings, book = params.load(root, kreis), catalogue.load(root)
    year = max(settings.report_years)
    day, lines = as_of(root, settings, year), []
    for strategy in document.of_edition(root, settings, year):
        places = document.places(root, kreis, strategy.chapter)
        for goal in strategy.goals:
            if not book.indicators[goal.indicator].sources:
                lines.append(f"{places[goal.id]}: not measurable, {goal.indicator} has no source")
        for measure in strategy.measures:
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


def _is_over(until: str, day: str) -> bool:
    """Whether a year, month or day has ended before `day`."""
    return until < day[: len(until)]
