"""How a Konzept stands in an edition: per field the aims, goals with state, and measures.

In: a `Context`, for its settings and figures. Out: frozen `FieldStanding`s, for every
page about goals. Figures are `Protected`; `document.of_edition` decides what an edition may show.
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
    """A goal and how it stands; chapter: the page that shows it in full. protected: its figures."""

    goal: Goal
    chapter: str
    example: bool
    indicator: Indicator
    progress: Progress
    protected: Protected


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
    """Everything about one field of the book, as the edition of the chapter may show it.

    day: as-of date of the edition (`warnings.as_of`); without it nothing is late.
    """
    strategies = document.of_edition(ctx.root, ctx.params, ctx.year)
    return _standing(ctx, field, document.select_part(strategies, field=field), rules, day)


def of_page(ctx: Context, rules: Rules) -> FieldStanding:
    """As `of_field`, of the chapter's field; of its target group only, unless that is the first."""
    first = ctx.target_group == ctx.params.target_groups[0]
    group = "" if first else ctx.target_group
    strategies = document.of_edition(ctx.root, ctx.params, ctx.year)
    parts_of_page = document.select_part(strategies, field=ctx.field, target_group=group)
    return _standing(ctx, ctx.field, parts_of_page, rules, "")


def of_indicator(ctx: Context, indicator: Indicator, rules: Rules) -> FieldStanding:
    """Goals of one indicator, with their aims and measures."""
    strategies = document.of_edition(ctx.root, ctx.params, ctx.year)
    parts_of_page = document.select_part(strategies, indicator=indicator.id)
    return _standing(ctx, indicator.field, parts_of_page, rules, "")


def select_figures(ctx: Context, goal: Goal, indicator: Indicator) -> Protected:
    """Rows of the Kreis for a goal; no row where the indicator has no source."""
    if not indicator.sources:
        return ctx.none
    return ctx.own_of(indicator, goal.target_group)


def goal_standing(ctx: Context, strategy: Strategy, goal: Goal, rules: Rules) -> GoalStanding:
    """State of one goal, with its figures."""
    indicator = ctx.book.indicators[goal.indicator]
    protected = select_figures(ctx, goal, indicator)
    state = progress.judge(protected, goal, indicator, ctx.year, rules)
    return GoalStanding(goal, strategy.chapter, strategy.example, indicator, state, protected)


def measure_standing(strategy: Strategy, measure: Measure, day: str) -> MeasureStanding:
    """Status of one measure and its warnings as of `day`; empty: only those that need no day."""
    all_flags = tuple(warnings.flags(measure, day))
    return MeasureStanding(
        measure, strategy.chapter, strategy.example, measure.status[-1], all_flags
    )


def _standing(
    ctx: Context, field: str, strategies: Sequence[Strategy], rules: Rules, day: str
) -> FieldStanding:
    return FieldStanding(
        field,
        tuple(strategies),
        tuple(aim for strategy in strategies for aim in strategy.aims),
        tuple(
            goal_standing(ctx, strategy, goal, rules)
            for strategy in strategies
            for goal in strategy.goals
        ),
        tuple(
            measure_standing(strategy, m, day) for strategy in strategies for m in strategy.measures
        ),
    )
