"""The chapter of one Konzept: how it came about, its goals on their way, its measures.

In: name of the chapter, Kreis, report year. Out: blocks, as of a `Chapter`; a `StrategyChapter` is
a chapter of the indicators that its goals rest on. An edition has the page where
`document.of_edition` has something to tell; elsewhere every block says that there is nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.core.errors import unknown
from kreisheft.core.markup import (
    Markup,
    bullet_list,
    definition_list,
    element,
    fill_in,
    join,
    link,
)
from kreisheft.figures import definitions, overview_figures
from kreisheft.figures.context import Context
from kreisheft.participation import collection, evidence
from kreisheft.render import sentences
from kreisheft.render.figure import Block, note
from kreisheft.strategy import (
    document,
    evidence_links,
    field_goals,
    path_figures,
    progress,
    standing,
    warnings,
    wording,
)
from kreisheft.strategy.parts import Fact, Strategy
from kreisheft.strategy.standing import GoalStanding, MeasureStanding


class StrategyChapter(Context):
    """One Konzept in one edition."""

    def __init__(self, name: str, kreis: str, year: int, root: Path | None = None):
        if name not in document.CHAPTERS:
            raise unknown("chapter of a Konzept", name, document.CHAPTERS)
        super().__init__(name, kreis, year, root=root)

    @cached_property
    def strategy(self) -> Strategy | None:
        """The Konzept as the edition may show it; None if it shows nothing."""
        strategies = document.of_edition(self.root, self.params, self.year)
        return next((strategy for strategy in strategies if strategy.chapter == self.field), None)

    @cached_property
    def indicators(self) -> Sequence[Indicator]:
        """Indicators that goals are measured by, in the order of the catalogue."""
        wanted = {goal.indicator for goal in self.strategy.goals} if self.strategy else set()
        return tuple(i for i in self.book.indicators.values() if i.id in wanted)

    @cached_property
    def standings(self) -> dict[str, GoalStanding]:
        """Id of a goal → how it stands."""
        strategy = self.strategy
        if strategy is None:
            return {}
        rules = self.thresholds
        return {g.id: standing.goal_standing(self, strategy, g, rules) for g in strategy.goals}

    @cached_property
    def reports(self) -> dict[str, MeasureStanding]:
        """Id of a measure → how it stands on the as-of date."""
        strategy = self.strategy
        if strategy is None:
            return {}
        day = warnings.as_of(self.root, self.params, self.year)
        return {m.id: standing.measure_standing(strategy, m, day) for m in strategy.measures}

    @cached_property
    def ids_with_page(self) -> set[str]:
        """Indicators that have a page in this edition."""
        return definitions.ids_with_page(self) if self.indicators else set()

    @property
    def texts(self) -> Mapping[str, Any]:
        """Words of the catalogue for goals and measures."""
        return wording.words(self.book)

    def intro(self) -> Block:
        """Box with Kreis and year."""
        return overview_figures.intro(self)

    def summary(self) -> Block:
        """What the Konzept is, who decided it, and all goals in one table."""
        strategy = self.strategy
        if strategy is None:
            return note(self.texts["nothing"])
        rows = [
            (
                self.texts["validity"],
                wording.span(strategy.since, strategy.until, self.book),
            ),
            (self.texts["decided"], wording.decision(strategy.decision, self.book)),
            (
                self.texts["source"],
                wording.reference(strategy.source, self.book) if strategy.source else "",
            ),
        ]
        about = [element("p", element("strong", strategy.title)), element("p", strategy.what)]
        about.append(definition_list(rows))
        if not strategy.aims:
            nothing = note(self.texts["nothing"]).markup
            return _block([nothing] if strategy.example else [*about, nothing], strategy.title)
        table = field_goals.goal_table(
            self, list(self.standings.values()), strategy.title, "f-ziele"
        )
        parts = [field_goals.label(strategy, self.book)]
        parts += [element("p", self.texts["example_text"])] if strategy.example else []
        parts += [*about, table.html(), element("p", self.texts["observe"])]
        return _block(parts, table.table.caption)

    def history(self) -> Block:
        """What was decided and published on the way, each with its source, oldest first.

        Steps in which people took part are told once, in the chapter of what people say.
        """
        facts = self.strategy.facts if self.strategy else ()
        if not facts:
            return note(self.texts["no_facts"])
        rows = [
            (sentences.day(f.when), _fact(f, self)) for f in sorted(facts, key=lambda f: f.when)
        ]
        parts = [definition_list(rows)]
        if collection.of_chapter(self).steps:
            # The one text of the catalogue that is HTML: it says where in it the link lies.
            involved = Markup(self.texts["involved"]).format(link=f"{evidence.CHAPTER}.html")
            parts.append(element("p", involved))
        return _block(parts, "\n".join(fact.text for fact in facts))

    def action_fields(self) -> Block:
        """Fields of action: what there is and what is missing, with links to their aims."""
        strategy = self.strategy
        if strategy is None or not strategy.action_fields:
            return note(self.texts["no_fields"])
        parts = [field_goals.label(strategy, self.book)]
        for entry in strategy.action_fields:
            parts.append(element("h3", entry.title))
            parts += [element("p", entry.what)] if entry.what else []
            for key in ("stock", "needs"):
                parts += [element("h4", self.texts[key]), bullet_list(getattr(entry, key))]
            goals = [
                g for a in strategy.aims if a.action_field == entry.id for g in strategy.goals_of(a)
            ]
            links = join((_to_goal(self.standings[g.id]) for g in goals), " · ")
            parts.append(element("p", self.texts["goal"], ": ", links))
            parts += self._evidence(entry.belege)
        return _block(parts, "\n".join(entry.title for entry in strategy.action_fields))

    def goals(self) -> Block:
        """Field by field: Leitziel, goals with their path, measures with all that is known."""
        strategy = self.strategy
        if strategy is None or not strategy.aims:
            return note(self.texts["nothing"])
        parts, measures_above = [field_goals.label(strategy, self.book)], set[str]()
        order = list(self.book.fields)
        for field, aims in groupby(
            sorted(strategy.aims, key=lambda aim: order.index(aim.field)), key=lambda aim: aim.field
        ):
            parts.append(element("h3", self.book.fields[field]["title"]))
            parts.append(self._to_field(field))
            for aim in aims:
                parts.append(field_goals.leading_aim(aim, self.book))
                for goal in strategy.goals_of(aim):
                    serving = strategy.measures_of([goal])
                    parts.append(self._goal(self.standings[goal.id]))
                    parts += [self._measure(self.reports[m.id], measures_above) for m in serving]
        plain = "\n".join(wording.sentence(s, self.book) for s in self.standings.values())
        return _block(parts, plain)

    def remarks(self) -> Block:
        """What is to be looked into, goal by goal and measure by measure."""
        if self.strategy is None or not self.strategy.aims:
            return note(self.texts["nothing"])
        items = [
            (_to_goal(g), self.texts["flag_unmeasured"].format(reason=self._why(g)))
            for g in self.standings.values()
            if g.progress.state == progress.UNMEASURED
        ]
        for measure_standing in self.reports.values():
            flags = "; ".join(wording.flag(f, self.book) for f in measure_standing.flags)
            items += [(_to_measure(measure_standing), flags)] if flags else []
        if not items:
            return note(self.texts["nothing_flagged"])
        lines = [fill_in(self.texts["flagged"], title=t, flags=text) for t, text in items]
        return _block([bullet_list(lines, class_="kh-gruende")], self.texts["flags"])

    def _to_field(self, field: str) -> Markup:
        if field not in self.params.fields:
            return Markup()
        text = self.texts["to_field"].format(field=self.book.fields[field]["title"])
        # The page lies beside the folders of the fields, see `make_edition`.
        address = f"{field}/{self.params.target_groups[0]}.html"
        return element("p", link(address, text))

    def _goal(self, goal_standing: GoalStanding) -> Markup:
        name = evidence_links.anchor("ziel", goal_standing.goal.id)
        parts = [element("h4", goal_standing.goal.title, id=name)]
        parts.append(element("p", wording.badge(goal_standing, self.book)))
        if goal_standing.progress.state == progress.UNMEASURED:
            parts.append(element("p", wording.sentence(goal_standing, self.book), class_="kh-satz"))
            parts.append(element("p", self._why(goal_standing)))
        else:
            parts.append(path_figures.path(self, goal_standing).html())
        for text in (wording.deviation(goal_standing, self.book), goal_standing.goal.comment):
            parts += [element("p", text)] if text else []
        parts += self._evidence(goal_standing.goal.belege)
        if goal_standing.indicator.id in self.ids_with_page:
            text = self.texts["to_indicator"].format(title=goal_standing.indicator.title)
            parts.append(
                element("p", link(definitions.address(self, goal_standing.indicator), text))
            )
        return join(parts)

    def _evidence(self, names: Sequence[str]) -> list[Markup]:
        links = evidence_links.links(self, names)
        return [element("p", self.texts["grounds"], ": ", links)] if links else []

    def _why(self, goal_standing: GoalStanding) -> str:
        return goal_standing.indicator.missing or str(self.texts["reasons"]["sources"])

    def _measure(self, measure_standing: MeasureStanding, measures_above: set[str]) -> Markup:
        """A measure with all that is known; only a link if it is in `measures_above`."""
        measure, book, words = measure_standing.measure, self.book, self.texts
        if measure.id in measures_above:
            return element("p", words["measure"], ": ", _to_measure(measure_standing))
        measures_above.add(measure.id)
        kinds = ", ".join(words[k] for k in (measure.kind, measure.weight) if k)
        steps = [
            words["milestone_done" if m.done else "milestone_open"].format(
                title=m.title, due=sentences.day(m.due), done=sentences.day(m.done)
            )
            for m in measure.milestones
        ]
        serves = join((_to_goal(self.standings[g]) for g in measure.goals), " · ")
        rows = [
            (words["state"], wording.status(measure_standing.status, book, evidence=True)),
            (words["result"], measure.result),
            (words["owner"], measure.owner),
            (words["partners"], ", ".join(measure.partners)),
            (words["where"], wording.places(measure, self)),
            (words["when"], wording.span(measure.since, measure.until, book)),
            (words["kind"], kinds),
            (words["serves"], serves if len(measure.goals) > 1 else ""),
            (words["resources"], wording.means(measure, book)),
            (words["decided"], wording.decision(measure.decision, book)),
            (words["output"], measure.output),
            (words["outcome"], self._outcome(measure.outcome)),
            (words["milestones"], join(steps, element("br"))),
            (words["grounds"], evidence_links.links(self, measure.belege)),
            (words["flags"], "; ".join(wording.flag(f, book) for f in measure_standing.flags)),
        ]
        name = evidence_links.anchor("massnahme", measure.id)
        head = element("h5", words["measure"], ": ", measure.title, id=name)
        return join((head, element("p", measure.what), definition_list(rows)))

    def _outcome(self, names: Sequence[str]) -> Markup:
        titles = []
        for indicator in (self.book.indicators[name] for name in names):
            title = indicator.title
            if indicator.id in self.ids_with_page:
                title = link(definitions.address(self, indicator), title)
            titles.append(title)
        return join(titles, ", ")


def _fact(fact: Fact, ctx: Context) -> Markup:
    source = wording.reference(fact.source, ctx.book)
    head = wording.words(ctx.book)["source"]
    below = element("span", head, ": ", source, class_="kh-zahlen")
    return join((fact.text, element("br"), below))


def _to_goal(goal_standing: GoalStanding) -> Markup:
    return link(
        f"#{evidence_links.anchor('ziel', goal_standing.goal.id)}", goal_standing.goal.title
    )


def _to_measure(measure_standing: MeasureStanding) -> Markup:
    return link(
        f"#{evidence_links.anchor('massnahme', measure_standing.measure.id)}",
        measure_standing.measure.title,
    )


def _block(parts: Sequence[Markup], text: str) -> Block:
    return Block(element("div", *parts, class_="kh-konzept kh-begriffe"), text)
