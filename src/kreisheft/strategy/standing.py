"""How a Konzept stands in an edition: per field the aims, goals with state, and measures.

In: a `Chapter` of any kind, for its settings and figures. Out: frozen `FieldStanding`s, for every
page that tells of goals. Figures are `Protected`; what the edition may tell says `document.shown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreisheft.strategy import document, progress, warnings

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.catalogue.thresholds import Rules
    from kreisheft.facts.stages import Protected
    from kreisheft.figures.context import Context
    from kreisheft.strategy.parts import Aim, Goal, Measure, Status, Strategy
    from kreisheft.strategy.progress import Progress
    from kreisheft.strategy.warnings import Flag


@dataclass(frozen=True)
class GoalStanding:
    """A goal and how it stands; chapter: the page that tells it whole. shown: its figures."""

    goal: Goal
    chapter: str
    example: bool
    indicator: Indicator
    progress: Progress
    shown: Protected


@dataclass(frozen=True)
class MeasureStanding:
    """A measure with its newest status, and what is to be looked into."""

    measure: Measure
    chapter: str
    example: bool
    status: Status
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class FieldStanding:
    """What was promised for one field, and what is being done; empty where nothing was."""

    field: str
    strategies: tuple[Strategy, ...]
    aims: tuple[Aim, ...]
    goals: tuple[GoalStanding, ...]
    measures: tuple[MeasureStanding, ...]


def of_field(ctx: Context, field: str, rules: Rules, *, day: str = "") -> FieldStanding:
    """Everything about one field of the book, as the edition of the chapter may tell it.

    day: as-of date of the edition (`remarks.as_of`); without it nothing is said to be late.
    """
    found = document.shown(ctx.root, ctx.params, ctx.year)
    return _standing(ctx, field, document.part(found, field=field), rules, day)


def of_page(ctx: Context, rules: Rules) -> FieldStanding:
    """As `of_field` for the chapter's field; other target groups than the first see their own."""
    first = ctx.target_group == ctx.params.target_groups[0]
    group = "" if first else ctx.target_group
    found = document.shown(ctx.root, ctx.params, ctx.year)
    chosen = document.part(found, field=ctx.field, target_group=group)
    return _standing(ctx, ctx.field, chosen, rules, "")


def of_indicator(ctx: Context, indicator: Indicator, rules: Rules) -> FieldStanding:
    """What was promised for one indicator."""
    found = document.shown(ctx.root, ctx.params, ctx.year)
    chosen = document.part(found, indicator=indicator.id)
    return _standing(ctx, indicator.field, chosen, rules, "")


def figures(ctx: Context, goal: Goal, indicator: Indicator) -> Protected:
    """Context of the Kreis for a goal; none where the indicator has no source."""
    if not indicator.sources:
        return ctx.none
    return ctx.own_of(indicator, goal.target_group)


def goal_standing(ctx: Context, one: Strategy, goal: Goal, rules: Rules) -> GoalStanding:
    """How one goal stands."""
    indicator = ctx.book.indicators[goal.indicator]
    shown = figures(ctx, goal, indicator)
    state = progress.judge(shown, goal, indicator, ctx.year, rules)
    return GoalStanding(goal, one.chapter, one.example, indicator, state, shown)


def measure_standing(one: Strategy, measure: Measure, day: str) -> MeasureStanding:
    """How one measure stands on a day; empty: without what depends on the day."""
    known = tuple(warnings.flags(measure, day))
    return MeasureStanding(measure, one.chapter, one.example, measure.status[-1], known)


def _standing(
    ctx: Context, field: str, found: Sequence[Strategy], rules: Rules, day: str
) -> FieldStanding:
    return FieldStanding(
        field,
        tuple(found),
        tuple(aim for one in found for aim in one.aims),
        tuple(goal_standing(ctx, one, goal, rules) for one in found for goal in one.goals),
        tuple(measure_standing(one, m, day) for one in found for m in one.measures),
    )
