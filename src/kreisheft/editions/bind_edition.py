"""Editions bound: staged, built with Jupyter Book, and finished with what lies beside the pages.

In: a `Binding` per edition, with its executed chapters. Out: its HTML folder. Two rounds in
processes side by side: first Sphinx builds the pages, while drawings and files of data are made;
then pages and files are put together. An edition that nothing changed for is left alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tqdm import tqdm

from kreisheft.book import chart_images, edition_pages, mail_links, sphinx_build, staging
from kreisheft.catalogue import catalogue, glossary, statement, thresholds
from kreisheft.catalogue.params import Params
from kreisheft.core import cache, code_hashes, hashes, project
from kreisheft.core.errors import Problem, raise_if
from kreisheft.editions import keep_data
from kreisheft.engine import worker_pool
from kreisheft.offers import search_files
from kreisheft.papers import paper_files

#: Beside the HTML folder: says from what it was bound.
STAMP = ".bound"
EDITIONS = cache.Kind("editions", ("editions.bind_edition",))
#: Folders below the project that an edition's pages and words come from, beside its chapters.
READ = ("book", "params", "data")
#: What chapters made of these is in the chapters, and in the keys of the files of data.
UNREAD = ("data/facts",)


@dataclass(frozen=True)
class Binding:
    """What an edition is bound from, and where.

    folder:  gets ``staged`` and ``html``
    data:    field → key of its files of data, see `keep_data`
    printed: with all publications, and links to them
    """

    root: Path
    settings: Params
    year: int
    rev: int
    folder: Path
    pages: tuple[edition_pages.Page, ...]
    data: keep_data.Keys
    printed: bool = False

    @property
    def staged(self) -> Path:
        """The project for Jupyter Book."""
        return self.folder / "staged"

    @property
    def html(self) -> Path:
        """Pages as built, before the list of editions is filled in."""
        return self.folder / "html"


def bind(bindings: Sequence[Binding], workers: int) -> None:
    """Bring the HTML folder of each up to date.

    Raises DataError with all charts that cannot be drawn, or with the warnings of Sphinx.
    """
    stamps = {binding.folder: _stamp(binding) for binding in bindings}
    waiting = [binding for binding in bindings if not _is_bound(binding, stamps[binding.folder])]
    if not waiting:
        return
    root = waiting[0].root
    # Sphinx first: it takes long.
    pages: list[Callable[[], object]] = [partial(_build, binding) for binding in waiting]
    charts = chart_images.plan_tasks(root, _specs(waiting))
    data = [partial(keep_data.make, *task) for binding in waiting for task in _data(binding)]
    # Sphinx forks, and a process that has drawn cannot do that any more.
    kinds = [""] * len(pages) + [chart_images.KIND] * len(charts) + [""] * len(data)
    problems: list[Problem] = []
    for result in _run_tasks([*pages, *charts, *data], "pages", workers, root, kinds):
        problems += result if isinstance(result, list) else []
    raise_if(problems)
    if len(waiting) == 1:
        # Here stems and patterns of the last time are still known.
        _finish(waiting[0])
    else:
        list(
            _run_tasks(
                [partial(_finish, binding) for binding in waiting], "editions", workers, root
            )
        )
    for binding in waiting:
        project.write(binding.folder / STAMP, stamps[binding.folder].encode())


def describe_edition(binding: Binding) -> edition_pages.Edition:
    """Pages and words of an edition, without what lies beside them."""
    root, name = binding.root, f"{binding.year}.{binding.rev}"
    texts, settings = statement.load(root)["feedback"], binding.settings
    rules, book = thresholds.load(root), catalogue.load(root)
    words = {
        "bewertungsregeln": thresholds.format_table(rules, book.texts),
        "mindestkreise": book.numeral(rules.peers),
        "glossar": glossary.format_glossary(root),
        **statement.words(root, settings, name),
    }
    place = f"{settings.kreis}/{name}"
    return edition_pages.Edition(
        settings.kreis,
        settings.name,
        binding.year,
        binding.rev,
        binding.pages,
        words,
        terms=glossary.explanations(root),
        feedback=mail_links.settings(texts, settings.publisher, settings.name, name, place),
        same=glossary.synonyms(root),
    )


def _stamp(binding: Binding) -> str:
    """One hash of all that the HTML folder is made from."""
    root = binding.root
    unread = tuple(root / name for name in UNREAD)
    read = [
        path
        for folder in READ
        for path in (root / folder).rglob("*")
        if not any(path.is_relative_to(other) for other in unread) and path.suffix != ".mo"
    ]
    # Titles and places of pages, and everything else that stands in the settings.
    named = [root / "_config.yml", root / "_toc.yml", *(page.source for page in binding.pages)]
    parts = {"edition": repr(binding), "files": hashes.files(root, [*read, *named])}
    # Sphinx imports some of it by name.
    return EDITIONS.key({**parts, "code": code_hashes.everything()})


def _is_bound(binding: Binding, stamp: str) -> bool:
    stamp_file = binding.folder / STAMP
    whole = (binding.html / "index.html").is_file()
    return whole and stamp_file.is_file() and stamp_file.read_text(encoding="utf-8") == stamp


def _run_tasks(
    tasks: Sequence[Callable[[], object]],
    label: str,
    workers: int,
    root: Path,
    kinds: Sequence[str] = (),
) -> Iterator[object]:
    with tqdm(total=len(tasks), desc=label, unit="", disable=len(tasks) < 2) as bar:
        for _, result in worker_pool.each(worker_pool.call, tasks, workers, str(root), kinds=kinds):
            if isinstance(result, Exception):
                raise result
            bar.update()
            yield result


def _build(binding: Binding) -> None:
    """First round: stage the pages and let Sphinx build them."""
    whole = describe_edition(binding)
    if binding.printed:
        papers = paper_files.addresses(binding.root, binding.settings, whole)
        # A plain string: they are written as YAML, which knows no other.
        words = {**whole.words, "druck": str(paper_files.links(binding.root, papers))}
        whole = replace(whole, words=words, papers=papers)
    staging.stage(whole, binding.root, binding.staged)
    sphinx_build.build_pages(binding.staged, binding.html)


def _finish(binding: Binding) -> None:
    """Second round: put pages and files together."""
    root, settings = binding.root, binding.settings
    drawings = chart_images.draw_files(root, _specs([binding]), 1)
    beside = {
        **keep_data.collect(root, settings, binding.year, binding.rev, binding.data),
        **search_files.files(root, settings, binding.year),
        **drawings,
        **(
            paper_files.make(root, settings, describe_edition(binding), drawings)
            if binding.printed
            else {}
        ),
    }
    staging.write_beside(beside, root, binding.staged)
    sphinx_build.finish(binding.staged, binding.html, binding.root)


def _data(binding: Binding) -> list[tuple[Path, Params, int, str, cache.Key]]:
    return [
        (binding.root, binding.settings, binding.year, field, key)
        for field, key in binding.data.items()
        if cache.find(binding.root, key) is None
    ]


def _specs(bindings: Iterable[Binding]) -> dict[str, str]:
    return chart_images.read_specs(page.source for binding in bindings for page in binding.pages)
