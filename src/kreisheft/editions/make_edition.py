"""One edition: its chapters executed, staged and turned into pages.

In: project root, Kreis, report years with revisions. Out: a folder with the executed notebooks and
one with the HTML for each. Only here the jobs of the engine and the pages of the book meet. Work
that nothing changed for is not done again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kreisheft.book import chart_images
from kreisheft.catalogue import catalogue, params
from kreisheft.catalogue.params import Params
from kreisheft.core import cache
from kreisheft.editions import bind_edition, keep_data, keep_values, plan, unchanged
from kreisheft.editions.bind_edition import Binding
from kreisheft.editions.dependencies import Inputs, chapter_of
from kreisheft.editions.plan import Entry, Place
from kreisheft.engine import run_jobs
from kreisheft.engine.run_jobs import Outcome
from kreisheft.papers import paper_files
from kreisheft.protected import coverage, field_values


@dataclass(frozen=True)
class Made:
    """Where an edition lies after it was made, and what became of each chapter."""

    settings: Params
    year: int
    rev: int
    folder: Path
    outcomes: tuple[Outcome, ...] = ()

    @property
    def notebooks(self) -> Path:
        """Executed notebooks, ``<field>/<target group>.ipynb``."""
        return self.folder / "notebooks"

    @property
    def html(self) -> Path:
        """Pages as built, before the list of editions is filled in."""
        return self.folder / "html"


def make(
    root: Path,
    kreis: str,
    editions: Sequence[tuple[int, int]],
    folder: Path,
    workers: int = 2,
    scheduler: str = "",
    *,
    before: str = "",
    audit: int | None = None,
    printed: bool = False,
) -> list[Made]:
    """Make the editions (year, revision) of a Kreis below `folder`; all or none are returned.

    scheduler: address of a cluster that executes the chapters. before: `unchanged.read` when the
    build began, if that was earlier. audit: see `run_jobs.run`. printed: with all publications, and
    links to them. Raises DataError with the problems of all failed chapters, or with the warnings
    of Sphinx.
    """
    before = before or unchanged.read(root)
    settings = params.load(root, kreis)
    made = [Made(settings, y, r, folder / kreis / f"{y}.{r}") for y, r in editions]
    with keep_values.provide_figures(root, settings, workers) as values:
        made, bindings = _execute(
            root, settings, made, values, workers, scheduler, before=before, audit=audit
        )
        ran = {one.folder: sum(o.ran for o in one.outcomes) for one in made}
        # What takes long begins first.
        bindings.sort(key=lambda one: -ran[one.folder])
        bind_edition.bind([replace(one, printed=printed) for one in bindings], workers)
    cache.prune(root)
    return made


def make_papers(
    root: Path, kreis: str, year: int, rev: int, kinds: Sequence[str], field: str, group: str
) -> dict[str, bytes]:
    """Publications of an edition by address, see `paper_files.make`; no page of it is built."""
    settings = params.load(root, kreis)
    edition = Made(settings, year, rev, root / "build" / kreis / f"{year}.{rev}")
    with keep_values.provide_figures(root, settings, 2) as values:
        now = unchanged.read(root)
        _, [task] = _execute(root, settings, [edition], values, 2, before=now, audit=None)
    drawings = chart_images.draw_files(
        root, chart_images.read_specs(page.source for page in task.pages)
    )
    whole = bind_edition.describe_edition(task)
    return paper_files.make(root, settings, whole, drawings, kinds=kinds, field=field, group=group)


def _execute(
    root: Path,
    settings: Params,
    made: Sequence[Made],
    values: Path,
    workers: int,
    scheduler: str = "",
    *,
    before: str,
    audit: int | None,
) -> tuple[list[Made], list[Binding]]:
    """Run the chapters of editions; return the editions with outcomes, and what to bind."""
    matrix = coverage.matrix(root, settings)
    inputs = Inputs(root, settings, matrix)
    plans = [plan.list_chapters(_place(root, edition), matrix) for edition in made]
    plans = [[_with_inputs(entry, inputs) for entry in entries] for entries in plans]
    jobs = [job for entries in plans for job, _ in entries]
    ran = run_jobs.run(
        jobs,
        root,
        workers,
        keep=True,
        environment={field_values.FOLDER: str(values)},
        scheduler=scheduler,
        steady=lambda: unchanged.read(root) == before,
        audit=audit,
    )
    outcomes = iter(ran)
    editions = [
        replace(edition, outcomes=tuple(next(outcomes) for _ in entries))
        for edition, entries in zip(made, plans, strict=True)
    ]
    bindings = []
    for edition, entries in zip(editions, plans, strict=True):
        data = {f: keep_data.KEPT.key(inputs.of_data(f, edition.year)) for f in settings.fields}
        pages = tuple(page for _, page in entries)
        _drop_others(edition.notebooks, {page.source for page in pages})
        bindings.append(
            Binding(root, settings, edition.year, edition.rev, edition.folder, pages, data)
        )
    return editions, bindings


def run_chapter(root: Path, kreis: str, year: int, name: str, target_group: str = "") -> Path:
    """Execute one chapter as it will stand in the book; return the notebook.

    name: a field, an indicator, or a chapter about the whole book; see `plan.find_entry`.
    target_group: of a field, empty for the first. Raises UsageError for an unknown Kreis, year,
    name or target group, DataError if a cell fails.
    """
    settings = params.load(root, kreis)
    params.require_year(settings, year)
    edition = Made(settings, year, 1, root / "build/chapters" / kreis / str(year))
    place, texts = _place(root, edition), catalogue.load(root)
    job, _ = plan.find_entry(place, name, target_group)
    shown = job.parameters.get(params.INDICATOR)
    fields = [texts.indicators[str(shown)].field] if shown else []
    fields = fields or ([name] if name in settings.fields else [])
    with keep_values.provide_figures(root, settings, 2, fields) as values:
        if name in settings.fields:
            matrix = coverage.matrix(root, replace(settings, fields=(name,)))
            if not matrix.loc[matrix["year"] == year, "indicators"].any():
                job, _ = plan.gap(place, texts, name)
        run_jobs.run([job], root, 1, environment={field_values.FOLDER: str(values)})
    return job.output


def _place(root: Path, edition: Made) -> Place:
    return Place(root, edition.settings, edition.year, edition.notebooks)


def _with_inputs(entry: Entry, inputs: Inputs) -> Entry:
    job, page = entry
    group = str(job.parameters.get("target_group", inputs.settings.target_groups[0]))
    name = chapter_of(job.parameters, job.template.stem)
    year = int(job.parameters["year"])
    return replace(job, inputs=inputs.of(name, year, group)), page


def _drop_others(folder: Path, wanted: set[Path]) -> None:
    for path in sorted(folder.rglob("*.ipynb")):
        if path not in wanted:
            path.unlink()
    # Of a command that was killed while it wrote.
    for path in sorted(folder.rglob(".*.new")):
        path.unlink()
