"""What each chapter reads, as hashes with names: the part of a job's key that is data.

A chapter of a field reads its figures (rows of its target group up to its year), its entries of the
catalogue, the passports of their tables, and what every chapter reads. A chapter about the whole
book reads that of all fields, unless it shows no figure; the page of an indicator only its own.
Figures count as values, not as files: a fact that changes no figure of a chapter does not run it
again. Only the few tables by which Kreise are alike count as files, for chapters about the whole
book. A chapter writes down what it asks for (`Context.reads`), and a test holds that against the
parts here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from kreisheft.catalogue import catalogue, params
from kreisheft.catalogue.params import Params
from kreisheft.core import hashes
from kreisheft.engine import template
from kreisheft.facts import passports
from kreisheft.participation import collection, evidence
from kreisheft.practice import practice_entries
from kreisheft.protected import field_values, peers
from kreisheft.strategy import document, evidence_links
from kreisheft.strategy.parts import Strategy
from kreisheft.values import compute_values

#: Files of the catalogue that no chapter reads.
UNREAD = {"glossar.yml", "publikationen.yml", "erklaerung.yml"}
#: Files of the catalogue that only chapters about the whole book read.
OF_ALL = {"angebote.yml", "start.yml"}
#: Files of the catalogue that only chapters read which show what people say.
SAID = {"beteiligung.yml"}
#: What a chapter may call without reading any figure; one that calls nothing else reads none.
NO_FIGURES = {"intro", "participation", "sources", "downloads"}
#: Chapters about all that also read the goals and measures of every field.
OF_GOALS = {"beteiligung", "managementfassung"}

Parts = dict[str, str]
Made = TypeVar("Made")


class Inputs:
    """Hashes for the chapters of one Kreis. matrix: see `coverage.matrix`.

    Figures are read from where `field_values` keeps them.
    """

    def __init__(self, root: Path, settings: Params, matrix: pd.DataFrame):
        self.root, self.settings, self.matrix = root, settings, matrix
        self.book = catalogue.load(root)
        self._memo: dict[tuple[object, ...], Any] = {}
        data = root / "data"
        fields = {f"{field}.yml" for field in self.book.fields} | UNREAD | OF_ALL | SAID
        shared = [p for p in (data / "catalogue").glob("*.yml") if p.name not in fields]
        reporting = repr(params.reporting_kreise(root))
        self._common = {
            "params": hashes.text(repr(replace(settings, publisher={})) + reporting),
            "texts of the catalogue": self._files(shared),
            "regions": self._files((data / "regions").glob("*.*")),
            "rules": self._files((data / "rules").glob("*.yml")),
            "producers": self._files([data / "sources/sources.yml"]),
            "templates of deliveries": self._files((data / "templates").glob("*.yml")),
        }
        self._practice = practice_entries.load_all(root)
        self._pages: dict[tuple[int, str], set[str]] = {}
        for at, field, ids in zip(matrix["year"], matrix["field"], matrix["ids"], strict=True):
            self._pages.setdefault((at, field), set()).update(ids)
        self._said = collection.load(root, settings.kreis)

    def of(self, name: str, year: int, target_group: str) -> Parts:
        """Parts of a chapter; name: a field, an indicator, or a chapter about the whole book."""
        common = self._common | self._peers(year)
        if name in self.book.indicators:
            return common | self._of_indicator(name, year)
        if name in self.book.fields:
            goals = self._goals_on_page(name, year, target_group)
            return common | self._of_field(name, year, target_group) | goals
        if name in document.CHAPTERS:
            return common | self._of_strategy(name, year)
        parts = common | self._of_all(year) | (self._goals_of_all(year) if name in OF_GOALS else {})
        unread = {f"figures of {f}" for f in self.book.fields if self._shows_no_figure(name)}
        return {part: digest for part, digest in parts.items() if part not in unread}

    def of_data(self, field: str, year: int) -> Parts:
        """Parts of a field's files of data in an edition."""
        # Two editions are bound at a time: with the year they never write the same entry.
        own = {"year": str(year)}
        return self._common | self._peers(year) | own | self._of_field(field, year, None)

    def _shows_no_figure(self, name: str) -> bool:
        def make() -> bool:
            path = self.root / "notebooks" / f"{name}.ipynb"
            text = template.read_code(path.read_bytes()) if path.is_file() else None
            called = template.list_calls(text) if text else None
            return called is not None and called <= NO_FIGURES

        return self._once(("shows no figure", name), make)

    def _of_all(self, year: int) -> Parts:
        def make() -> Parts:
            parts: Parts = {}
            # Such a chapter is about all of them, though the book may leave some out.
            for field in self.book.fields:
                parts |= self._of_field(field, year, None)
            parts["good practice"] = hashes.text(repr(self._practice))
            parts["tables of the comparison"] = self._structure()
            parts["coverage"] = self._coverage()
            offers = self.root / "data/angebote" / self.settings.kreis
            files = [p for p in offers.glob("**/*") if p.is_file()]
            words = [self.root / "data/catalogue" / name for name in sorted(OF_ALL)]
            # The newest Stand of all says how fresh an offer is, whoever's table has it.
            parts["days of deliveries"] = self._days()
            parts["offers and first page"] = self._files([*files, *words])
            parts["what people say"] = hashes.text(repr(self._said)) + self._said_words
            return parts

        return self._once((year,), make)

    def _of_field(self, field: str, year: int, target_group: str | None) -> Parts:
        figures = self._values(field, year).digest(year, target_group or "")
        chosen = self.book.of_field(field)
        pages = sorted(self._pages.get((year, field), ()))
        return {
            f"entries of {field}": self._entries(field),
            f"figures of {field}": figures + hashes.text(repr(pages)),
            f"passports of {field}": self._passports(compute_values.needed_tables(chosen)),
            "good practice": self._addressing({i.id for i in chosen}),
            "what people say": self._about(field, year, target_group),
        }

    def _of_indicator(self, name: str, year: int) -> Parts:
        entry = self.book.indicators[name]
        return {
            f"entry of {name}": hashes.text(repr(entry)),
            f"figures of {name}": self._values(entry.field, year).digest(year, indicator=name),
            f"passports of {name}": self._passports(compute_values.needed_tables([entry])),
            "good practice": self._addressing({name}),
            **self._goals(year, indicator=name),
        }

    def _of_strategy(self, chapter: str, year: int) -> Parts:
        """A chapter about a Konzept reads the figures that its goals rest on, and their pages."""
        own = [strategy for strategy in self._strategies(year) if strategy.chapter == chapter]
        parts: Parts = {}
        for goal in (goal for strategy in own for goal in strategy.goals):
            parts |= self._of_indicator(goal.indicator, year)
        for name in {name for strategy in own for m in strategy.measures for name in m.outcome}:
            parts[f"entry of {name}"] = hashes.text(repr(self.book.indicators[name]))
        parts.pop("good practice", "")
        return parts | {
            "goals": hashes.text(repr(own)),
            "what people say": hashes.text(repr(evidence.select(self._said, _list_evidence(own)))),
            "days of deliveries": self._days(),
            "coverage": self._coverage(),
            "passports of the comparison": self._passports(peers.tables(self.root)),
        }

    def _goals(self, year: int, **asked: str) -> Parts:
        chosen = document.select_part(self._strategies(year), **asked)
        return {"goals": hashes.text(repr(chosen))}

    def _goals_on_page(self, field: str, year: int, target_group: str) -> Parts:
        """Goals of a field, and figures of other target groups that they are held against."""
        first = target_group == self.settings.target_groups[0]
        asked = {"field": field, "target_group": "" if first else target_group}
        parts = self._goals(year, **asked)
        chosen = document.select_part(self._strategies(year), **asked)
        for name, group in {
            (g.indicator, g.target_group) for strategy in chosen for g in strategy.goals
        }:
            if group != target_group:
                values = self._values(self.book.indicators[name].field, year)
                parts[f"figures of {name}, {group}"] = values.digest(year, group, name)
        return parts

    def _goals_of_all(self, year: int) -> Parts:
        strategies = self._strategies(year)
        listed = [evidence_links.list_evidence(strategy) for strategy in strategies]
        return {"goals": hashes.text(repr((document.select_part(strategies), listed)))}

    def _strategies(self, year: int) -> tuple[Strategy, ...]:
        make = partial(document.of_edition, self.root, self.settings, year)
        return self._once(("strategies", year), make)

    def _values(self, field: str, year: int) -> field_values.FieldValues:
        return field_values.load(self.root, self.settings, field, self.settings.as_of.get(year))

    def _passports(self, tables: Iterable[str]) -> str:
        return self._files(self._passport[t] for t in sorted(tables) if t in self._passport)

    @cached_property
    def _passport(self) -> dict[str, Path]:
        """Table → its passport; tables have one producer each."""
        return {path.stem: path for path in sorted((self.root / "data/sources").glob("*/*.yml"))}

    def _about(self, field: str, year: int, target_group: str | None) -> str:
        """What people say about a field and what became of it; other groups' pages show nothing."""
        if target_group and target_group != self.settings.target_groups[0]:
            return ""
        return self._once(("about", field, year), lambda: self._voices(field, year))

    def _voices(self, field: str, year: int) -> str:
        said = self._said
        parts: list[object] = [w for w in said.waves if any(i.field == field for i in w.items)]
        parts += [
            (w.end, w.example, c) for w in said.workshops for c in w.cards if c.field == field
        ]
        themes = ((r, c) for r in said.interviews for c in r.categories if c.field == field)
        parts += [(r.end, r.example, c) for r, c in themes]
        outcomes = partial(evidence_links.outcomes, self.root, self.settings, year)
        became = self._once(("outcomes", year), outcomes) if parts else {}
        by_id = evidence.by_id(said)
        parts += sorted((n, t) for n, t in became.items() if n in by_id and by_id[n].field == field)
        return hashes.text(repr(parts)) + self._said_words if parts else ""

    @cached_property
    def _said_words(self) -> str:
        return self._files(self.root / "data/catalogue" / name for name in sorted(SAID))

    def _addressing(self, names: set[str]) -> str:
        return hashes.text(repr([p for p in self._practice if names & set(p.indicators)]))

    def _peers(self, year: int) -> Parts:
        def make() -> Parts:
            return {"peers": hashes.text(repr(peers.choose(self.root, self.settings, year)))}

        return self._once(("peers", year), make)

    def _structure(self) -> str:
        tables = sorted(peers.tables(self.root))
        files = [p for t in tables for p in (self.root / "data").glob(f"*/*/{t}.*")]
        return self._files([*files, *(self.root / "data/corrections").glob("*")])

    def _entries(self, field: str) -> str:
        return self._files([self.root / "data/catalogue" / f"{field}.yml"])

    def _days(self) -> str:
        all_passports = passports.load(self.root).values()
        stands = sorted({d.stand for passport in all_passports for d in passport.deliveries})
        return hashes.text(repr(stands))

    def _coverage(self) -> str:
        return hashes.text(self.matrix.to_csv())

    def _files(self, paths: Iterable[Path]) -> str:
        return hashes.files(self.root, paths)

    def _once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        if key not in self._memo:
            self._memo[key] = make()
        result: Made = self._memo[key]
        return result


def _list_evidence(strategies: Iterable[Strategy]) -> list[str]:
    return sorted(
        {
            name
            for strategy in strategies
            for _, _, names in evidence_links.list_evidence(strategy)
            for name in names
        }
    )


def chapter_of(parameters: Mapping[str, str | int], template: str) -> str:
    """What `Inputs.of` calls a job: its indicator, its field, or its template."""
    return str(parameters.get(params.INDICATOR) or parameters.get("field") or template)
