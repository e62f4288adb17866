"""One edition: which chapters it has, how they are executed, staged and turned into pages.

In: project root, Kreis, report year, revision. Out: a folder with the executed notebooks and one
with the HTML. Only here the jobs of the engine and the pages of the book are put together.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from kreisheft import (
    book,
    builder,
    catalogue,
    coverage,
    drawings,
    engine,
    params,
    released,
    thresholds,
)
from kreisheft.params import Params

#: Template of a field without any figure.
GAP_TEMPLATE = "wissensluecke"


@dataclass(frozen=True)
class Made:
    """Where an edition lies after it was made."""

    settings: Params
    year: int
    rev: int
    folder: Path

    @property
    def notebooks(self) -> Path:
        """Executed notebooks, ``<field>/<target group>.ipynb``."""
        return self.folder / "notebooks"

    @property
    def html(self) -> Path:
        """Pages as built, before the list of editions is filled in."""
        return self.folder / "html"


def make(
    root: Path, kreis: str, editions: Sequence[tuple[int, int]], folder: Path, workers: int = 2
) -> list[Made]:
    """Make the editions (year, revision) of a Kreis below `folder`; all or none are returned.

    Raises DataError with the problems of all failed chapters, or with the warnings of Sphinx.
    """
    settings = params.load(root, kreis)
    found = coverage.matrix(root, settings)
    words = {
        "bewertungsregeln": thresholds.printed(thresholds.load(root), catalogue.load(root).texts)
    }
    made = [Made(settings, y, r, folder / kreis / f"{y}.{r}") for y, r in editions]
    plans = [_plan(root, one, found) for one in made]
    engine.run([job for plan in plans for job, _ in plan], root, workers)
    for one, plan in zip(made, plans, strict=True):
        _drop_others(one.notebooks, {job.output for job, _ in plan})
        pages = tuple(page for _, page in plan)
        files = released.files(root, settings, one.year, one.rev)
        files |= drawings.drawn(root, drawings.specs(page.source for page in pages), workers)
        name = settings.name
        edition = book.Edition(kreis, name, one.year, one.rev, pages, words, files)
        book.stage(edition, root, one.folder / "staged")
    with (
        ThreadPoolExecutor(workers) as pool,
        tqdm(total=len(made), desc="editions", unit="", disable=len(made) < 2) as bar,
    ):
        for _ in pool.map(lambda one: builder.build_html(one.folder / "staged", one.html), made):
            bar.update()
    return made


def chapter(root: Path, kreis: str, year: int, field: str, target_group: str) -> Path:
    """Execute one chapter as it will stand in the book; return the notebook.

    Raises UsageError for an unknown Kreis, year, field or target group, DataError if a cell fails.
    """
    settings = params.load(root, kreis)
    params.require_year(settings, year)
    params.require(settings, field, target_group)
    one = Made(settings, year, 1, root / "build/chapters" / kreis / str(year))
    texts = catalogue.load(root)
    title, label = texts.fields[field]["title"], texts.target_groups[target_group]["title"]
    job, _ = _chapter(root, one, field, field, target_group, title, label)
    engine.run([job], root, 1)
    return job.output


def _plan(root: Path, one: Made, found: pd.DataFrame) -> list[tuple[engine.Job, book.Page]]:
    """Jobs and pages of an edition, in reading order."""
    texts = catalogue.load(root)
    count = found[found["year"] == one.year].set_index(["field", "target_group"])["indicators"]
    first = one.settings.target_groups[0]
    plan = [_chapter(root, one, name, name, first, "", "") for name in params.whole_book(root)]
    for field in one.settings.fields:
        title = texts.fields[field]["title"]
        present = [g for g in one.settings.target_groups if count[field, g] > 0]
        for i, group in enumerate(present):
            label = texts.target_groups[group]["title"]
            plan.append(_chapter(root, one, field, field, group, title, label, first=i == 0))
        if not present:
            group = one.settings.target_groups[0]
            plan.append(_chapter(root, one, GAP_TEMPLATE, field, group, title, ""))
    return plan


def _chapter(
    root: Path,
    one: Made,
    template: str,
    name: str,
    group: str,
    title: str,
    label: str,
    *,
    first: bool = True,
) -> tuple[engine.Job, book.Page]:
    path = root / "notebooks" / f"{template}.ipynb"
    single = params.about_all(name)
    address = name if single else f"{name}/{group}"
    output = one.notebooks / f"{address}.ipynb"
    values: dict[str, str | int] = {"kreis": one.settings.kreis, "year": one.year}
    if not single:
        values["target_group"] = group
    if template == GAP_TEMPLATE:
        values["field"] = name
    heading = title if group == one.settings.target_groups[0] else f"{title}: {label}"
    heading = heading or _first_heading(path)
    page = book.Page(address, output, (title if first else label) or heading, label)
    return engine.Job(path, output, values, heading), page


def _first_heading(template: Path) -> str:
    import nbformat

    cells = nbformat.read(template, as_version=4).cells
    lines = [line for c in cells if c.cell_type == "markdown" for line in c.source.splitlines()]
    return next((line[2:] for line in lines if line.startswith("# ")), template.stem)


def _drop_others(folder: Path, wanted: set[Path]) -> None:
    for path in sorted(folder.rglob("*.ipynb")):
        if path not in wanted:
            path.unlink()
