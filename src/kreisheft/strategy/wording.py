"""Goals and measures in words: state, numbers, dates, remarks; the sentence of a goal.

In: standings and the words of the catalogue (``strategy`` in texts.yml). Out: plain German text,
or `Markup`. Colour never stands without symbol and word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kreisheft.catalogue import params
from kreisheft.core.markup import Markup, fill_in, link
from kreisheft.facts import regions
from kreisheft.figures import judgements
from kreisheft.findings.judgement import OPEN
from kreisheft.render import sentences
from kreisheft.strategy.progress import UNMEASURED

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Catalogue
    from kreisheft.figures.context import Context
    from kreisheft.strategy.parts import Decision, Measure, Reference, Status
    from kreisheft.strategy.standing import GoalStanding
    from kreisheft.strategy.warnings import Flag

#: Reasons for which the figure of the base year is not shown → the status that says so.
UNSEEN = {"base_hidden": "hidden", "unreliable": "unreliable"}
#: States that are final: no path is told with them.
ARRIVED = ("reached", "missed")


def words(book: Catalogue) -> Mapping[str, Any]:
    """Words of the catalogue for goals and measures."""
    texts: Mapping[str, Any] = book.texts["strategy"]
    return texts


def state(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Symbol, word, and why it cannot be judged."""
    progress = goal_standing.progress
    text = _sign(words(book)["states"][progress.state])
    return f"{text}: {words(book)['reasons'][progress.reason]}" if progress.reason else text


def badge(goal_standing: GoalStanding, book: Catalogue) -> Markup:
    """The state with its colour, if it has one."""
    return judgements.badge("strong", state(goal_standing, book), goal_standing.progress.tone)


def status(report: Status, book: Catalogue, *, evidence: bool = False) -> str:
    """Symbol, word and day of a report; evidence: and what shows it."""
    sign, day = _sign(words(book)["progress"][report.state]), sentences.day(report.date)
    key = "status" if evidence else "status_short"
    return str(words(book)[key]).format(state=sign, date=day, evidence=report.evidence)


def base(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Base with its year; what is hidden says so."""
    progress, unit = goal_standing.progress, goal_standing.indicator.unit
    year, none = goal_standing.goal.base_year, book.texts["status"]
    if not math.isnan(progress.base):
        return _in_year(sentences.number(progress.base, unit, book), year, book)
    if progress.reason in UNSEEN:
        return _in_year(str(none[UNSEEN[progress.reason]]), year, book)
    # No figure says otherwise, so what was written down is all there is.
    if progress.state in (OPEN, UNMEASURED) and progress.reason in ("nothing", "sources"):
        written = goal_standing.goal.base_value
        if written is not None:
            return _in_year(sentences.number(written, unit, book), year, book)
    return _in_year(str(none["none"]), year, book)


def target(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Target with its year."""
    value = sentences.number(goal_standing.goal.target_value, goal_standing.indicator.unit, book)
    return str(words(book)["until_year"]).format(value=value, year=goal_standing.goal.target_year)


def now(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Newest figure with its year; a dash if there is none."""
    progress = goal_standing.progress
    if not progress.year:
        return str(book.texts["status"]["none"])
    if math.isnan(progress.value):
        status_id = "unreliable" if progress.reason == "unreliable" else "hidden"
        return _in_year(str(book.texts["status"][status_id]), progress.year, book)
    return _in_year(
        sentences.number(progress.value, goal_standing.indicator.unit, book), progress.year, book
    )


def attainment(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Degree of attainment in percent; a dash where it is not defined."""
    percent = goal_standing.progress.attainment
    none = str(book.texts["status"]["none"])
    return none if math.isnan(percent) else sentences.number(percent, "prozent", book)


def sentence(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Sentence about the state of a goal, from figures that are shown."""
    texts, progress, unit = words(book), goal_standing.progress, goal_standing.indicator.unit
    # No `capitalize`: it makes small letters of nouns.
    sign = str(texts["states"][progress.state]["word"])
    sign = sign[0].upper() + sign[1:]
    goal = sentences.number(goal_standing.goal.target_value, unit, book)
    common = {
        "title": goal_standing.goal.title,
        "target": goal,
        "target_year": goal_standing.goal.target_year,
    }
    if progress.reason:
        reason = texts["reasons"][progress.reason]
        return str(texts["sentence_open"]).format(**common, state=sign, reason=reason)
    key = "sentence_final" if progress.state in ARRIVED else "sentence"
    text = str(texts[key]).format(
        **common,
        value=sentences.number(progress.value, unit, book),
        year=progress.year,
        base=sentences.number(progress.base, unit, book),
        base_year=goal_standing.goal.base_year,
        state=sign,
        attainment=attainment(goal_standing, book),
        due=sentences.number(progress.due, "prozent", book),
    )
    return f"{text} {texts['within_error']}" if progress.uncertain else text


def deviation(goal_standing: GoalStanding, book: Catalogue) -> str:
    """Say that the base in the Konzept differs from the figure of today; empty if it does not."""
    progress, unit = goal_standing.progress, goal_standing.indicator.unit
    if math.isnan(progress.base) or math.isnan(progress.base_now):
        return ""
    written, figure = (sentences.number(v, unit, book) for v in (progress.base, progress.base_now))
    if written == figure:
        return ""
    text = str(words(book)["base_differs"])
    return text.format(base=written, now=figure, year=goal_standing.goal.base_year)


def span(since: str, until: str, book: Catalogue) -> str:
    """From when to when; an open end says since."""
    key = "period" if until else "open_period"
    start, end = sentences.day(since), sentences.day(until)
    return str(words(book)[key]).format(since=start, until=end)


def decision(council_decision: Decision | None, book: Catalogue) -> str:
    """Who decided and when; empty if nobody did."""
    if council_decision is None:
        return ""
    key = "decided_paper" if council_decision.paper else "decided_by"
    day = sentences.day(council_decision.date)
    return str(words(book)[key]).format(
        by=council_decision.by, date=day, paper=council_decision.paper
    )


def reference(source: Reference, book: Catalogue) -> Markup:
    """Who published what, as a link where it is on the web, with its day."""
    name = link(source.url, source.name) if source.url else Markup.escape(source.name)
    day = source.seen or source.date
    if not day:
        return name
    key = "seen" if source.seen else "dated"
    return fill_in(words(book)[key], name=name, day=sentences.day(day))


def flag(warning: Flag, book: Catalogue) -> str:
    """A warning in words."""
    text = str(words(book)[f"flag_{warning.kind}"])
    return text.format(day=sentences.day(warning.day), title=warning.title)


def places(measure: Measure, ctx: Context) -> str:
    """Names of the Kreis and its municipalities."""
    root, own_ags = ctx.root, ctx.params.ags
    named = (ctx.params.name if k == own_ags else regions.name(root, k) for k in measure.where)
    return ", ".join(sorted(named, key=params.slug))


def means(measure: Measure, book: Catalogue) -> str:
    """Posts, money and funding programme of a measure, those that are known."""
    parts = []
    if measure.posts is not None:
        number = f"{measure.posts:g}".replace(".", ",")
        parts.append(str(words(book)["posts"]).format(n=number))
    if measure.euro is not None:
        parts.append(sentences.number(measure.euro, "euro", book))
    return ", ".join([*parts, *([measure.funding] if measure.funding else [])])


def _sign(entry: Mapping[str, str]) -> str:
    return f"{entry['symbol']} {entry['word']}"


def _in_year(value: str, year: int, book: Catalogue) -> str:
    return str(words(book)["in_year"]).format(value=value, year=year)
