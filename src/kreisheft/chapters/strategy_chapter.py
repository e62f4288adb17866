"""The chapter of one Konzept: how it came about, its goals on their way, its measures.

In: name of the chapter, Kreis, report year. Out: blocks, as of a `Chapter`; a `StrategyChapter` is
a chapter of the indicators that its goals rest on. An edition has the page where `document.shown`
has something to tell; elsewhere every block says that there is nothing.
"""

from collections.abc import Sequence
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.core.errors import unknown
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
from kreisheft.strategy.parts import Aim, Fact, Strategy
from kreisheft.strategy.standing import GoalStanding, MeasureStanding


class StrategyChapter(Context):
    """One Konzept in one edition."""

    def __init__(self, name: str, kreis: str, year: int, root: Path | None = None):
        if name not in document.CHAPTERS:
            raise unknown("chapter of a Konzept", name, document.CHAPTERS)
        super().__init__(name, kreis, year, root=root)

    @cached_property
    def strategy(self) -> Strategy | None:
        """What the edition may tell; None: nothing."""
        found = document.shown(self.root, self.params, self.year)
        return next((one for one in found if one.chapter == self.field), None)

    @cached_property
    def indicators(self) -> Sequence[Indicator]:
        """Those that goals are measured by, in the order of the catalogue."""
        wanted = {goal.indicator for goal in self.strategy.goals} if self.strategy else set()
        return tuple(i for i in self.book.indicators.values() if i.id in wanted)

    @cached_property
    def standings(self) -> dict[str, GoalStanding]:
        """Id of a goal → how it stands."""
        one = self.strategy
        if one is None:
            return {}
        rules = self.thresholds
        return {g.id: standing.goal_standing(self, one, g, rules) for g in one.goals}

    @cached_property
    def reports(self) -> dict[str, MeasureStanding]:
        """Id of a measure → how it stands on the as-of date."""
        one = self.strategy
        if one is None:
            return {}
        day = warnings.as_of(self.root, self.params, self.year)
        return {m.id: standing.measure_standing(one, m, day) for m in one.measures}

    @cached_property
    def linked(self) -> set[str]:
        """Indicators that have a page in this edition."""
        return definitions.paged(self) if self.indicators else set()

    @property
    def told(self) -> Any:
        """Words of the catalogue."""
        return wording.words(self.book)

    def intro(self) -> Block:
        """Box with Kreis and year."""
        return overview_figures.intro(self)

    def summary(self) -> Block:
        """What the Konzept is, who decided it, and all goals in one table."""
        one = self.strategy
        if one is None:
            return note(self.told["nothing"])
        rows = [
            (self.told["validity"], escape(wording.span(one.since, one.until, self.book))),
            (self.told["decided"], escape(wording.decision(one.decision, self.book))),
            (self.told["source"], wording.reference(one.source, self.book) if one.source else ""),
        ]
        text = f"<p><strong>{escape(one.title)}</strong></p><p>{escape(one.what)}</p>"
        if not one.aims:
            text = "" if one.example else text + _list(rows)
            return _block([text, note(self.told["nothing"]).markup], one.title)
        table = field_goals.goal_table(self, list(self.standings.values()), one.title, "f-ziele")
        parts = [field_goals.label(one, self.book)]
        parts += [f"<p>{escape(self.told['example_text'])}</p>"] if one.example else []
        parts += [text, _list(rows), table.html(), f"<p>{escape(self.told['observe'])}</p>"]
        return _block(parts, table.table.caption)

    def history(self) -> Block:
        """What was decided and published on the way, each with its source, oldest first.

        Steps in which people took part are told once, in the chapter of what people say.
        """
        facts = self.strategy.facts if self.strategy else ()
        if not facts:
            return note(self.told["no_facts"])
        rows = [(escape(sentences.day(f.when)), _fact(f, self)) for f in sorted(facts, key=_when)]
        parts = [_list(rows)]
        if collection.said(self).steps:
            link = f"{evidence.CHAPTER}.html"
            parts.append(f"<p>{self.told['involved'].format(link=link)}</p>")
        return _block(parts, "\n".join(fact.text for fact in facts))

    def action_fields(self) -> Block:
        """Fields of action: what there is and what is missing, with links to their aims."""
        one = self.strategy
        if one is None or not one.action_fields:
            return note(self.told["no_fields"])
        parts = [field_goals.label(one, self.book)]
        for entry in one.action_fields:
            parts.append(f"<h3>{escape(entry.title)}</h3>")
            parts += [f"<p>{escape(entry.what)}</p>"] if entry.what else []
            for key in ("stock", "needs"):
                items = "".join(f"<li>{escape(text)}</li>" for text in getattr(entry, key))
                parts.append(f"<h4>{escape(self.told[key])}</h4><ul>{items}</ul>")
            goals = [g for a in one.aims if a.action_field == entry.id for g in one.goals_of(a)]
            links = " · ".join(_to_goal(self.standings[g.id]) for g in goals)
            parts.append(f"<p>{escape(self.told['goal'])}: {links}</p>")
            parts += self._grounds(entry.belege)
        return _block(parts, "\n".join(entry.title for entry in one.action_fields))

    def goals(self) -> Block:
        """Field by field: Leitziel, goals with their path, measures with all that is known."""
        one = self.strategy
        if one is None or not one.aims:
            return note(self.told["nothing"])
        parts, shown = [field_goals.label(one, self.book)], set[str]()
        order = list(self.book.fields)
        for field, aims in groupby(
            sorted(one.aims, key=lambda aim: order.index(aim.field)), key=lambda aim: aim.field
        ):
            parts.append(f"<h3>{escape(self.book.fields[field]['title'])}</h3>")
            parts.append(self._to_field(field))
            for aim in aims:
                parts.append(self._aim(aim))
                for goal in one.goals_of(aim):
                    serving = one.measures_of([goal])
                    parts.append(self._goal(self.standings[goal.id]))
                    parts += [self._measure(self.reports[m.id], shown) for m in serving]
        plain = "\n".join(wording.sentence(s, self.book) for s in self.standings.values())
        return _block(parts, plain)

    def remarks(self) -> Block:
        """What is to be looked into, goal by goal and measure by measure."""
        if self.strategy is None or not self.strategy.aims:
            return note(self.told["nothing"])
        items = [
            (_to_goal(g), self.told["flag_unmeasured"].format(reason=self._why(g)))
            for g in self.standings.values()
            if g.progress.state == progress.UNMEASURED
        ]
        for one in self.reports.values():
            known = "; ".join(wording.flag(f, self.book) for f in one.flags)
            items += [(_to_measure(one), known)] if known else []
        if not items:
            return note(self.told["nothing_flagged"])
        told = [self.told["flagged"].format(title=t, flags=escape(text)) for t, text in items]
        listed = "".join(f"<li>{text}</li>" for text in told)
        return _block([f'<ul class="kh-gruende">{listed}</ul>'], self.told["flags"])

    def _aim(self, aim: Aim) -> str:
        decided = wording.decision(aim.decision, self.book)
        text = escape(self.told["aim"].format(text=aim.text))
        return f"<p><strong>{text}</strong>{f' ({escape(decided)})' if decided else ''}</p>"

    def _to_field(self, field: str) -> str:
        if field not in self.params.fields:
            return ""
        text = self.told["to_field"].format(field=self.book.fields[field]["title"])
        # The page lies beside the folders of the fields, see `edition`.
        address = f"{field}/{self.params.target_groups[0]}.html"
        return f'<p><a href="{address}">{escape(text)}</a></p>'

    def _goal(self, one: GoalStanding) -> str:
        name = evidence_links.anchor("ziel", one.goal.id)
        parts = [f'<h4 id="{name}">{escape(one.goal.title)}</h4>']
        parts.append(f"<p>{wording.badge(one, self.book)}</p>")
        if one.progress.state == progress.UNMEASURED:
            parts.append(f'<p class="kh-satz">{escape(wording.sentence(one, self.book))}</p>')
            parts.append(f"<p>{escape(self._why(one))}</p>")
        else:
            parts.append(path_figures.path(self, one).html())
        for text in (wording.deviation(one, self.book), one.goal.comment):
            parts += [f"<p>{escape(text)}</p>"] if text else []
        parts += self._grounds(one.goal.belege)
        if one.indicator.id in self.linked:
            text = self.told["to_indicator"].format(title=one.indicator.title)
            address = definitions.address(self, one.indicator)
            parts.append(f'<p><a href="{address}">{escape(text)}</a></p>')
        return "".join(parts)

    def _grounds(self, names: Sequence[str]) -> list[str]:
        found = evidence_links.links(self, names)
        return [f"<p>{escape(self.told['grounds'])}: {found}</p>"] if found else []

    def _why(self, one: GoalStanding) -> str:
        return one.indicator.missing or str(self.told["reasons"]["sources"])

    def _measure(self, one: MeasureStanding, shown: set[str]) -> str:
        """A measure with all that is known; of one that was told above only a link."""
        measure, book, words = one.measure, self.book, self.told
        if measure.id in shown:
            return f"<p>{escape(words['measure'])}: {_to_measure(one)}</p>"
        shown.add(measure.id)
        kinds = ", ".join(words[k] for k in (measure.kind, measure.weight) if k)
        steps = [
            words["milestone_done" if m.done else "milestone_open"].format(
                title=m.title, due=sentences.day(m.due), done=sentences.day(m.done)
            )
            for m in measure.milestones
        ]
        serves = " · ".join(_to_goal(self.standings[g]) for g in measure.goals)
        rows = [
            (words["state"], escape(wording.status(one.status, book, evidence=True))),
            (words["result"], escape(measure.result)),
            (words["owner"], escape(measure.owner)),
            (words["partners"], escape(", ".join(measure.partners))),
            (words["where"], escape(wording.places(measure, self))),
            (words["when"], escape(wording.span(measure.since, measure.until, book))),
            (words["kind"], escape(kinds)),
            (words["serves"], serves if len(measure.goals) > 1 else ""),
            (words["resources"], escape(wording.means(measure, book))),
            (words["decided"], escape(wording.decision(measure.decision, book))),
            (words["output"], escape(measure.output)),
            (words["outcome"], self._outcome(measure.outcome)),
            (words["milestones"], "<br>".join(map(escape, steps))),
            (words["grounds"], evidence_links.links(self, measure.belege)),
            (words["flags"], escape("; ".join(wording.flag(f, book) for f in one.flags))),
        ]
        name, title = evidence_links.anchor("massnahme", measure.id), escape(measure.title)
        head = f'<h5 id="{name}">{escape(words["measure"])}: {title}</h5>'
        return f"{head}<p>{escape(measure.what)}</p>{_list(rows)}"

    def _outcome(self, names: Sequence[str]) -> str:
        told = []
        for indicator in (self.book.indicators[name] for name in names):
            title = escape(indicator.title)
            if indicator.id in self.linked:
                title = f'<a href="{definitions.address(self, indicator)}">{title}</a>'
            told.append(title)
        return ", ".join(told)


def _fact(fact: Fact, ctx: Context) -> str:
    source = wording.reference(fact.source, ctx.book)
    head = escape(wording.words(ctx.book)["source"])
    return f'{escape(fact.text)}<br><span class="kh-zahlen">{head}: {source}</span>'


def _when(fact: Fact) -> str:
    return fact.when


def _to_goal(one: GoalStanding) -> str:
    return f'<a href="#{evidence_links.anchor("ziel", one.goal.id)}">{escape(one.goal.title)}</a>'


def _to_measure(one: MeasureStanding) -> str:
    name, title = evidence_links.anchor("massnahme", one.measure.id), escape(one.measure.title)
    return f'<a href="#{name}">{title}</a>'


def _list(rows: Sequence[tuple[str, str]]) -> str:
    """A list of definitions of finished HTML, without those that are empty."""
    return f"<dl>{''.join(f'<dt>{escape(k)}</dt><dd>{v}</dd>' for k, v in rows if v)}</dl>"


def _block(parts: Sequence[str], text: str) -> Block:
    return Block(f'<div class="kh-konzept kh-begriffe">{"".join(parts)}</div>', text)
