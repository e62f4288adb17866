"""The chapters of an edition: which there are, from which template, with which parameters.

In: settings of a Kreis, the matrix of coverage. Out: an `engine.Job` and a `book.Page` per chapter,
in reading order. What a job reads says `dependencies`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from kreisheft.book import edition_pages
from kreisheft.catalogue import catalogue, params, thresholds
from kreisheft.catalogue.catalogue import Catalogue
from kreisheft.catalogue.params import Params
from kreisheft.core.errors import UsageError
from kreisheft.core.escaping import plain
from kreisheft.engine import run_jobs
from kreisheft.engine import template as templates
from kreisheft.facts import passports
from kreisheft.participation import collection
from kreisheft.practice import practice_entries
from kreisheft.protected import coverage, field_values
from kreisheft.strategy import document
from kreisheft.values import compute_values

#: Template of a field without any figure.
GAP_TEMPLATE = "wissensluecke"

Entry = tuple[run_jobs.Job, edition_pages.Page]


@dataclass(frozen=True)
class Place:
    """An edition's settings and year, and the folder of its executed notebooks."""

    root: Path
    settings: Params
    year: int
    notebooks: Path

    @property
    def first_group(self) -> str:
        """The target group whose pages come first and bear no name."""
        return self.settings.target_groups[0]


def list_chapters(place: Place, matrix: pd.DataFrame) -> list[Entry]:
    """Jobs and pages of an edition, in reading order. matrix: see `coverage.matrix`."""
    texts, settings = catalogue.load(place.root), place.settings
    now = matrix[matrix["year"] == place.year]
    count = now.set_index(["field", "target_group"])["indicators"]
    with_strategy = {
        strategy.chapter for strategy in document.of_edition(place.root, settings, place.year)
    }
    names = [
        n for n in params.whole_book(place.root) if n not in document.CHAPTERS or n in with_strategy
    ]
    entries = [whole_book(place, texts, name) for name in names]
    for field in settings.fields:
        present = [g for g in settings.target_groups if count[field, g] > 0]
        for i, group in enumerate(present):
            entries.append(of_field(place, texts, field, group, first=i == 0))
        if not present:
            entries.append(gap(place, texts, field))
    paged = {i for ids in now["ids"] for i in ids}
    listed = [i for field in settings.fields for i in texts.of_field(field)]
    return entries + [of_indicator(place, texts, i.id) for i in listed if i.id in paged]


def find_entry(place: Place, name: str, target_group: str) -> Entry:
    """One chapter by the name of its template, or of a field or indicator; see the command.

    A name that two bear means the chapter about the whole book, then the field, then the indicator;
    ``kennzahl/<id>`` means the indicator. target_group: of a field, empty for the first.
    """
    texts = catalogue.load(place.root)
    if params.is_about_all(name):
        return whole_book(place, texts, name)
    indicator = name.removeprefix(f"{params.INDICATOR}/")
    if indicator != name or (name in texts.indicators and name not in texts.fields):
        if target_group:
            what = f"a target group is of a Handlungsfeld, and {indicator!r} is an indicator"
            raise UsageError(f"{what}; leave out {target_group!r}")
        return of_indicator(place, texts, indicator)
    group = target_group or place.first_group
    params.require(place.settings, name, group)
    return of_field(place, texts, name, group)


def whole_book(place: Place, texts: Catalogue, name: str) -> Entry:
    """A chapter about the whole book; its title is the first heading of its template."""
    # It is about all fields, though the book may leave some out.
    job, page = _entry(place, name, name, {}, texts.fields)
    title = _first_heading(job.template, place.root) or name
    return replace(job, title=title), replace(page, title=title)


def of_field(
    place: Place, texts: Catalogue, field: str, group: str, *, first: bool = True
) -> Entry:
    """A field's chapter for one target group; only the first page has the field's own name."""
    title, label = texts.fields[field]["title"], texts.target_groups[group]["title"]
    heading = title if group == place.first_group else f"{title}: {label}"
    job, page = _entry(place, field, f"{field}/{group}", {"target_group": group}, [field])
    name = (title if first else label) or heading
    return replace(job, title=plain(heading)), replace(page, title=name, group=label)


def gap(place: Place, texts: Catalogue, field: str) -> Entry:
    """The page of a field without figures: what is not known, and who could tell."""
    group, title = place.first_group, texts.fields[field]["title"]
    values = {"target_group": group, "field": field}
    job, page = _entry(place, GAP_TEMPLATE, f"{field}/{group}", values, [field])
    return replace(job, title=plain(title)), replace(page, title=title)


def of_indicator(place: Place, texts: Catalogue, name: str) -> Entry:
    """The page of one indicator; it stands below the list of them all."""
    title = texts.indicator(name).title
    address = f"{params.INDICATOR}/{name}"
    field = texts.indicator(name).field
    job, page = _entry(place, params.INDICATOR, address, {params.INDICATOR: name}, [field])
    return replace(job, title=plain(title)), replace(page, title=title, below="kennzahlen")


def _entry(
    place: Place, template: str, address: str, values: Mapping[str, str], fields: Iterable[str]
) -> Entry:
    path = place.root / "notebooks" / f"{template}.ipynb"
    output = place.notebooks / f"{address}.ipynb"
    kreis, year = place.settings.kreis, place.year
    given: dict[str, str | int] = {"kreis": kreis, "year": year, **values}
    name = address if params.INDICATOR in values else str(values.get("field") or template)
    again = f"kreisheft chapter {name} {kreis} {year} {values.get('target_group', '')}".strip()
    shared = partial(_share, kreis=kreis, fields=tuple(fields), year=year)
    job = run_jobs.Job(path, output, given, "", again=again, before=shared)
    return job, edition_pages.Page(address, output, "")


def _share(root: Path, kreis: str, fields: Iterable[str], year: int) -> None:
    """Read what every chapter about these fields begins with, for processes forked from this."""
    settings, texts = params.load(root, kreis), catalogue.load(root)
    for name in fields:
        values = field_values.load(root, settings, name, settings.as_of.get(year))
        for indicator in values.by_indicator():
            values.places(indicator)
        coverage.first_years_near(root, settings, values)
        for table in compute_values.needed_tables(texts.of_field(name)):
            passports.find(root, table)
    practice_entries.load_all(root)
    document.load(root, kreis)
    collection.load(root, kreis)
    thresholds.load(root)


def _first_heading(template: Path, root: Path) -> str:
    cells = templates.load(template, root)
    lines = [line for c in cells if c.kind == "markdown" for line in c.source.splitlines()]
    return next((line[2:] for line in lines if line.startswith("# ")), "")
