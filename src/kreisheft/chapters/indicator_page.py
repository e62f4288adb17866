"""The page of one indicator: what it is, all its figures around the Kreis, and where it is from.

In: indicator, Kreis, report year. Out: figures and blocks, as of a `Chapter`; a `Portrait` is about
one indicator and all target groups it has figures for. Only the tables of this
indicator are read; `disclosure` looks at each indicator alone, so they are hidden as in the field.
Target groups with the very figures of another one are named there and not printed again.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from kreisheft.catalogue import catalogue, params
from kreisheft.catalogue.catalogue import Indicator
from kreisheft.core import project
from kreisheft.core.markup import Markup, definition_list, element, join, link
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import (
    definitions,
    judgements,
    municipality_profiles,
    overview_figures,
    series,
    source_lines,
)
from kreisheft.figures.context import Context
from kreisheft.protected import coverage, disclosure
from kreisheft.render import tables
from kreisheft.render.figure import Block, Figure, note
from kreisheft.render.tables import Table
from kreisheft.strategy import field_goals

#: A table of regions with more cells keeps to the group that the sentences speak of (100 kB HTML).
MOST_CELLS = 2400


class Portrait(Context):
    """One indicator in one edition; its first target group with a figure leads."""

    def __init__(self, indicator: str, kreis: str, year: int, root: Path | None = None):
        root = root or project.root()
        self.one = catalogue.load(root).indicator(indicator)
        super().__init__(self.one.field, kreis, year, root=root)
        self.target_group = next(iter(self.target_groups), self.target_group)

    @cached_property
    def indicators(self) -> Sequence[Indicator]:
        """This one only."""
        return (self.one,)

    @cached_property
    def words_of_page(self) -> Mapping[str, str]:
        """What the catalogue says on such a page."""
        words: Mapping[str, str] = self.book.texts["indicator_pages"]
        return words

    @cached_property
    def places(self) -> dict[str, str]:
        """Names of the Kreis, its municipalities in the alphabet, and the regions around."""
        own_ags, root = self.params.ags, self.root
        below = self.names(regions.municipalities(root, own_ags))
        # A kreisfreie Stadt is its own only municipality and would stand below itself.
        order = sorted(below, key=lambda a: (params.slug(below[a]), a)) if len(below) > 1 else []
        around = self.names(
            [self.params.land, *(a for a in regions.parents(root, own_ags) if len(a) == 2)]
        )
        return {own_ags: self.params.name, **{a: below[a] for a in order}, **around}

    @cached_property
    def whole(self) -> Protected:
        """All figures of the indicator for all around."""
        return self.rows(self.one, self.near, "")

    @cached_property
    def shown(self) -> Protected:
        """As `whole`, of the target group only."""
        return self.rows(self.one, self.near, self.target_group)

    @cached_property
    def target_groups(self) -> list[str]:
        """Those of the book for which the Kreis or a municipality has a figure."""
        since = coverage.first_years_near(self.root, self.params, self.values(self.field))
        with_page = {
            g
            for _, g in since
            if self.one.id in coverage.indicators_with_page(since, [g], self.year)
        }
        return [g for g in self.params.target_groups if g in with_page]

    @cached_property
    def views(self) -> "dict[str, tuple[Portrait, list[str]]]":
        """Per target group: the page narrowed to it, and other groups whose figures are identical.

        Groups with identical figures are printed once.
        """
        views: dict[str, tuple[Portrait, list[str]]] = {}
        rows_of_view: dict[str, set[tuple[object, ...]]] = {}
        columns = ("target_group", "group", "ags", "period", "value", "status", "table")
        every: dict[str, set[tuple[object, ...]]] = {}
        for about, *row in self.whole.rows(*columns):
            # No number is not equal to itself.
            row[3] = None if math.isnan(row[3]) else row[3]
            every.setdefault(about, set()).add(tuple(row))
        for group in self.target_groups:
            rows = every.get(group, set())
            same = next((g for g, seen in rows_of_view.items() if rows <= seen), None)
            if same:
                views[same][1].append(group)
                continue
            view = copy(self)
            view.target_group = group
            view.__dict__.pop("shown", None)
            views[group], rows_of_view[group] = (view, []), rows
        return views

    def intro(self) -> Block:
        """Box with Kreis, year and code, and the way back to the chapters of the field."""
        book, words = self.book, self.words_of_page
        edition = book.texts["ui"]["edition"].format(name=self.params.name, year=self.year)
        field = book.fields[self.field]["title"]
        label = f"{words['code']}: {self.one.code}"
        links = [
            link(f"../{self.field}/{g}.html", book.target_groups[g]["title"])
            for g in self.target_groups
        ]
        lines = [element("strong", edition), label]
        if links:
            lines.append(join((words["chapter"].format(field=field), " ", join(links, " · "))))
        lines.append(book.texts["ui"]["observe"])
        return Block(overview_figures.box(lines), f"{edition} · {label}")

    def definition(self) -> Block:
        """What is counted, in which unit, wanted which way, and whom it is compared with."""
        book, words, indicator = self.book, self.words_of_page, self.one
        what, numerator, denominator, counted, *_ = definitions.entries(self, indicator)
        named = [
            what,
            numerator,
            denominator,
            (words["unit"], str(book.texts["units"][indicator.unit]["axis"])),
            (words["direction"], words[indicator.direction]),
            counted,
            (words["reference"], book.label(indicator.reference) if indicator.reference else ""),
            (words["breakdowns"], ", ".join(indicator.breakdowns)),
            (words["serves"], ", ".join(self._titles(indicator.target_groups))),
        ]
        return Block(_list(named), f"{indicator.title} ({indicator.code}): {indicator.definition}")

    def trends(self) -> Block:
        """Line chart and table of the Kreis by group over all years, for every target group."""

        def draw(view: Portrait) -> Figure | Block:
            figure = series.trend(view, self.one)
            return view._name_group(figure) if isinstance(figure, Figure) else figure

        return self._per_group(draw, with_same=True)

    def around(self) -> Block:
        """Kreis, municipalities, Land and Germany by group, with a column for every period."""
        return self._per_group(lambda view: view._regions())

    def judged(self) -> Block:
        """Judgements of the indicator, for every target group."""
        return self._per_group(lambda view: judgements.of_indicator(view, self.one))

    def goals(self) -> Block | None:
        """Goals that this indicator measures, with their state and measures; None if none."""
        return field_goals.of_indicator(self, self.one)

    def sets(self) -> Figure | Block:
        """Published sets that contain the indicator, with their edition and code."""
        words, none = self.words_of_page, str(self.book.texts["status"]["none"])
        keys = ("scheme", "edition", "set_field", "set_code")
        rows = tuple(
            tuple(text or none for text in (s.scheme, s.edition, s.field, s.code))
            for s in self.one.sets
        )
        if not rows:
            return note(words["no_set"])
        heads = tuple(words[k] for k in keys)
        table = Table(words["sets"].format(title=self.one.title), heads, rows, heads)
        return Figure("f-sammlungen", "", overview_figures.drop_empty_columns(table, none), "", "")

    def sources(self) -> Figure:
        """The official tables behind the indicator, with Stand, attribution and licence."""
        caption = self.words_of_page["sources"].format(title=self.one.title)
        return source_lines.source_table(self, caption, source_lines.source_rows(self))

    def cautions(self) -> Block:
        """Breaks of the series and what else to bear in mind."""
        ui, words = self.book.texts["ui"], self.words_of_page
        named = [
            (ui["breaks"], " ".join(definitions.breaks(self, self.one)) or words["no_break"]),
            (ui["caveats"], " ".join(self.one.caveats)),
        ]
        return Block(_list(named), "; ".join(text for _, text in named if text))

    def downloads(self) -> Block:
        """Links to the files of the field, and how to find this indicator in them."""
        ui, field = self.book.texts["data"], self.book.fields[self.field]["title"]
        links = []
        for ending in ("csv", "json"):
            text = ui["link_of"].format(field=field, kind=ui[f"link_{ending}"])
            links.append(link(f"../daten/{self.field}.{ending}", text, download=True))
        hint = self.words_of_page["filter"].format(id=self.one.id)
        parts = element("p", hint), element("p", join(links, " · "))
        return Block(element("div", *parts, class_="kh-daten"), hint)

    def _per_group(
        self, draw: "Callable[[Portrait], Figure | Block]", *, with_same: bool = False
    ) -> Block:
        """Draw one part per target group with figures of its own; headings if there are several.

        A part with the same HTML as an earlier one is left out. with_same: name the groups that a
        part is about as well.
        """
        parts, lines, seen = list[Markup](), [], set()
        for group, (view, same) in self.views.items():
            part = draw(view)
            html = part.html() if isinstance(part, Figure) else part.markup
            if html in seen:
                continue
            seen.add(html)
            title = self.book.texts["ui"]["target_group"].format(title=self._titles([group])[0])
            parts += [element("h3", title)] if len(self.views) > 1 else []
            if same and with_same:
                sentence = self.words_of_page["same"].format(groups=", ".join(self._titles(same)))
                parts.append(element("p", sentence))
            parts.append(html)
            lines.append(
                part.sentence or part.table.caption if isinstance(part, Figure) else part.text
            )
        if not parts:
            return self.nothing(self.one, "nothing")
        return Block(join(parts), "\n".join(lines))

    def _regions(self) -> Block:
        """Tables of one target group; one per concept where concepts may not be mixed."""
        near = self.shown
        rows = near.rows("ags", "group", "period", "value", "status")
        # A group or period of which nothing was ever said or hidden would be a row of dashes.
        is_said = [
            ags in self.places and (value == value or status in municipality_profiles.HIDDEN)
            for ags, _, _, value, status in rows
        ]
        lines = {row[:2] for row, yes in zip(rows, is_said, strict=True) if yes}
        periods = {row[2] for row, yes in zip(rows, is_said, strict=True) if yes}
        near = disclosure.select_rows(near, [r[:2] in lines and r[2] in periods for r in rows])
        concepts = sorted(set(map(str, near.column("concept"))))
        by_concept = [("", near)]
        if self.book.mixed(concepts):
            each = near.frame["concept"]
            by_concept = [(c, disclosure.select_rows(near, each == c)) for c in concepts]
        figures = [self._region_table(rows, concept) for concept, rows in by_concept]
        return Block(join(f.html() for f in figures), "\n".join(f.table.caption for f in figures))

    def _region_table(self, protected: Protected, concept: str) -> Figure:
        words, book, indicator = self.words_of_page, self.book, self.one
        sentence, frame = "", protected.frame
        if len(frame[["ags", "group"]].drop_duplicates()) * frame["period"].nunique() > MOST_CELLS:
            protected = self.focus(protected, indicator)
            group = book.label(str(protected.frame["group"].iloc[0]))
            sentence = words["only_focus"].format(group=group)
        unit = book.texts["units"][indicator.unit]["axis"]
        caption = words["regions"].format(title=indicator.title, unit=unit)
        if concept:
            caption = f"{caption}, {book.concepts[concept]['title']}"
        table = tables.by_place(protected, indicator, caption, self.places, book)
        key = "-".join(["f", indicator.id, "gebiete", *([concept.lower()] if concept else [])])
        source = source_lines.source_line(self, protected)
        return self._name_group(Figure(key.replace("_", "-"), sentence, table, "", source))

    def _name_group(self, figure: Figure) -> Figure:
        """Add the target group to id and caption of a figure, if the page has several."""
        if len(self.views) < 2:
            return figure
        group = self.target_group
        title = self.book.texts["ui"]["target_group"].format(title=self._titles([group])[0])
        table = replace(figure.table, caption=f"{figure.table.caption}; {title}")
        return replace(figure, id=f"{figure.id}-{group.replace('_', '-')}", table=table)

    def _titles(self, target_groups: Iterable[str]) -> list[str]:
        return [self.book.target_groups[g]["title"] for g in target_groups]


def _list(named: Sequence[tuple[str, str]]) -> Markup:
    return element("div", definition_list(named), class_="kh-begriffe")
