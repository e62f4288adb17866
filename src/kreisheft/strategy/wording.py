"""Goals and measures in words: state, numbers, dates, remarks; the sentence of a goal.

In: standings and the words of the catalogue (``strategy`` in texts.yml). Out: plain German text,
or `Markup`. Colour never stands without symbol and word.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from kreisheft.catalogue import params
from kreisheft.core.markup import Markup, filled, link
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


def words(book: Catalogue) -> Any:
    """What the catalogue says about goals and measures."""
    return book.texts["strategy"]


def state(one: GoalStanding, book: Catalogue) -> str:
    """Symbol, word, and why it cannot be judged."""
    found = one.progress
    text = _sign(words(book)["states"][found.state])
    return f"{text}: {words(book)['reasons'][found.reason]}" if found.reason else text


def badge(one: GoalStanding, book: Catalogue) -> Markup:
    """The state with its colour, if it has one."""
    return judgements.badge("strong", state(one, book), one.progress.tone)


def status(found: Status, book: Catalogue, *, evidence: bool = False) -> str:
    """Symbol, word and day of a report; evidence: and what shows it."""
    sign, day = _sign(words(book)["progress"][found.state]), sentences.day(found.date)
    key = "status" if evidence else "status_short"
    return str(words(book)[key]).format(state=sign, date=day, evidence=found.evidence)


def base(one: GoalStanding, book: Catalogue) -> str:
    """Base with its year; what is hidden says so."""
    found, unit = one.progress, one.indicator.unit
    year, none = one.goal.base_year, book.texts["status"]
    if not math.isnan(found.base):
        return _in_year(sentences.number(found.base, unit, book), year, book)
    if found.reason in UNSEEN:
        return _in_year(str(none[UNSEEN[found.reason]]), year, book)
    # No figure says otherwise, so what was written down is all there is.
    if found.state in (OPEN, UNMEASURED) and found.reason in ("nothing", "sources"):
        written = one.goal.base_value
        if written is not None:
            return _in_year(sentences.number(written, unit, book), year, book)
    return _in_year(str(none["none"]), year, book)


def target(one: GoalStanding, book: Catalogue) -> str:
    """Target with its year."""
    value = sentences.number(one.goal.target_value, one.indicator.unit, book)
    return str(words(book)["until_year"]).format(value=value, year=one.goal.target_year)


def now(one: GoalStanding, book: Catalogue) -> str:
    """Newest figure with its year; a dash if there is none."""
    found = one.progress
    if not found.year:
        return str(book.texts["status"]["none"])
    if math.isnan(found.value):
        held = "unreliable" if found.reason == "unreliable" else "hidden"
        return _in_year(str(book.texts["status"][held]), found.year, book)
    return _in_year(sentences.number(found.value, one.indicator.unit, book), found.year, book)


def attainment(one: GoalStanding, book: Catalogue) -> str:
    """Degree of attainment in percent; a dash where it is not defined."""
    found = one.progress.attainment
    none = str(book.texts["status"]["none"])
    return none if math.isnan(found) else sentences.number(found, "prozent", book)


def sentence(one: GoalStanding, book: Catalogue) -> str:
    """How the goal stands; made of what is shown only."""
    told, found, unit = words(book), one.progress, one.indicator.unit
    # No `capitalize`: it makes small letters of nouns.
    sign = str(told["states"][found.state]["word"])
    sign = sign[0].upper() + sign[1:]
    goal = sentences.number(one.goal.target_value, unit, book)
    common = {"title": one.goal.title, "target": goal, "target_year": one.goal.target_year}
    if found.reason:
        reason = told["reasons"][found.reason]
        return str(told["sentence_open"]).format(**common, state=sign, reason=reason)
    key = "sentence_final" if found.state in ARRIVED else "sentence"
    text = str(told[key]).format(
        **common,
        value=sentences.number(found.value, unit, book),
        year=found.year,
        base=sentences.number(found.base, unit, book),
        base_year=one.goal.base_year,
        state=sign,
        attainment=attainment(one, book),
        due=sentences.number(found.due, "prozent", book),
    )
    return f"{text} {told['within_error']}" if found.uncertain else text


def deviation(one: GoalStanding, book: Catalogue) -> str:
    """Say that the base of the Konzept is not the figure of today; empty if it is."""
    found, unit = one.progress, one.indicator.unit
    if math.isnan(found.base) or math.isnan(found.base_now):
        return ""
    written, figure = (sentences.number(v, unit, book) for v in (found.base, found.base_now))
    if written == figure:
        return ""
    text = str(words(book)["base_differs"])
    return text.format(base=written, now=figure, year=one.goal.base_year)


def span(since: str, until: str, book: Catalogue) -> str:
    """From when to when; an open end says since."""
    key = "period" if until else "open_period"
    start, end = sentences.day(since), sentences.day(until)
    return str(words(book)[key]).format(since=start, until=end)


def decision(found: Decision | None, book: Catalogue) -> str:
    """Who decided and when; empty if nobody did."""
    if found is None:
        return ""
    key = "decided_paper" if found.paper else "decided_by"
    day = sentences.day(found.date)
    return str(words(book)[key]).format(by=found.by, date=day, paper=found.paper)


def reference(found: Reference, book: Catalogue) -> Markup:
    """Who published what, as a link where it is on the web, with its day."""
    name = link(found.url, found.name) if found.url else Markup.escape(found.name)
    day = found.seen or found.date
    if not day:
        return name
    key = "seen" if found.seen else "dated"
    return filled(words(book)[key], name=name, day=sentences.day(day))


def flag(found: Flag, book: Catalogue) -> str:
    """What is to be looked into."""
    text = str(words(book)[f"flag_{found.kind}"])
    return text.format(day=sentences.day(found.day), title=found.title)


def places(measure: Measure, ctx: Context) -> str:
    """Names of the Kreis and its municipalities."""
    root, own = ctx.root, ctx.params.ags
    named = (ctx.params.name if k == own else regions.name(root, k) for k in measure.where)
    return ", ".join(sorted(named, key=params.slug))


def means(measure: Measure, book: Catalogue) -> str:
    """Posts, money and programme, as far as they are known."""
    found = []
    if measure.posts is not None:
        number = f"{measure.posts:g}".replace(".", ",")
        found.append(str(words(book)["posts"]).format(n=number))
    if measure.euro is not None:
        found.append(sentences.number(measure.euro, "euro", book))
    return ", ".join([*found, *([measure.funding] if measure.funding else [])])


def _sign(found: Any) -> str:
    return f"{found['symbol']} {found['word']}"


def _in_year(value: str, year: int, book: Catalogue) -> str:
    return str(words(book)["in_year"]).format(value=value, year=year)
