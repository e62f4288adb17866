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
    stamps = {one.folder: _stamp(one) for one in bindings}
    waiting = [one for one in bindings if not _is_bound(one, stamps[one.folder])]
    if not waiting:
        return
    root = waiting[0].root
    # Sphinx first: it takes long.
    pages: list[Callable[[], object]] = [partial(_built, one) for one in waiting]
    charts = chart_images.tasks(root, _specs(waiting))
    data = [partial(keep_data.make, *task) for one in waiting for task in _data(one)]
    # Sphinx forks, and a process that has drawn cannot do that any more.
    kinds = [""] * len(pages) + [chart_images.KIND] * len(charts) + [""] * len(data)
    problems: list[Problem] = []
    for result in _done([*pages, *charts, *data], "pages", workers, root, kinds):
        problems += result if isinstance(result, list) else []
    raise_if(problems)
    if len(waiting) == 1:
        # Here stems and patterns of the last time are still known.
        _finished(waiting[0])
    else:
        list(_done([partial(_finished, one) for one in waiting], "editions", workers, root))
    for one in waiting:
        project.write(one.folder / STAMP, stamps[one.folder].encode())


def edition(one: Binding) -> edition_pages.Edition:
    """Pages and words of an edition, without what lies beside them."""
    root, name = one.root, f"{one.year}.{one.rev}"
    texts, settings = statement.load(root)["feedback"], one.settings
    rules, known = thresholds.load(root), catalogue.load(root)
    words = {
        "bewertungsregeln": thresholds.format_table(rules, known.texts),
        "mindestkreise": known.numeral(rules.peers),
        "glossar": glossary.format_glossary(root),
        **statement.words(root, settings, name),
    }
    place = f"{settings.kreis}/{name}"
    return edition_pages.Edition(
        settings.kreis,
        settings.name,
        one.year,
        one.rev,
        one.pages,
        words,
        terms=glossary.explanations(root),
        feedback=mail_links.settings(texts, settings.publisher, settings.name, name, place),
        same=glossary.synonyms(root),
    )


def _stamp(one: Binding) -> str:
    """One hash of all that the HTML folder is made from."""
    root = one.root
    unread = tuple(root / name for name in UNREAD)
    read = [
        path
        for folder in READ
        for path in (root / folder).rglob("*")
        if not any(path.is_relative_to(other) for other in unread) and path.suffix != ".mo"
    ]
    # Titles and places of pages, and everything else that stands in the settings.
    named = [root / "_config.yml", root / "_toc.yml", *(page.source for page in one.pages)]
    parts = {"edition": repr(one), "files": hashes.files(root, [*read, *named])}
    # Sphinx imports some of it by name.
    return EDITIONS.key({**parts, "code": code_hashes.everything()})


def _is_bound(one: Binding, stamp: str) -> bool:
    kept = one.folder / STAMP
    whole = (one.html / "index.html").is_file()
    return whole and kept.is_file() and kept.read_text(encoding="utf-8") == stamp


def _done(
    tasks: Sequence[Callable[[], object]],
    what: str,
    workers: int,
    root: Path,
    kinds: Sequence[str] = (),
) -> Iterator[object]:
    with tqdm(total=len(tasks), desc=what, unit="", disable=len(tasks) < 2) as bar:
        for _, result in worker_pool.each(worker_pool.call, tasks, workers, str(root), kinds=kinds):
            if isinstance(result, Exception):
                raise result
            bar.update()
            yield result


def _built(one: Binding) -> None:
    """First round: stage the pages and let Sphinx build them."""
    made = edition(one)
    if one.printed:
        papers = paper_files.addresses(one.root, one.settings, made)
        # A plain string: they are written as YAML, which knows no other.
        words = {**made.words, "druck": str(paper_files.links(one.root, papers))}
        made = replace(made, words=words, papers=papers)
    staging.stage(made, one.root, one.staged)
    sphinx_build.pages(one.staged, one.html)


def _finished(one: Binding) -> None:
    """Second round: put pages and files together."""
    root, settings = one.root, one.settings
    drawn = chart_images.draw_files(root, _specs([one]), 1)
    beside = {
        **keep_data.of(root, settings, one.year, one.rev, one.data),
        **search_files.files(root, settings, one.year),
        **drawn,
        **(paper_files.make(root, settings, edition(one), drawn) if one.printed else {}),
    }
    staging.beside(beside, root, one.staged)
    sphinx_build.finish(one.staged, one.html, one.root)


def _data(one: Binding) -> list[tuple[Path, Params, int, str, cache.Key]]:
    return [
        (one.root, one.settings, one.year, field, key)
        for field, key in one.data.items()
        if cache.find(one.root, key) is None
    ]


def _specs(bindings: Iterable[Binding]) -> dict[str, str]:
    return chart_images.read_specs(page.source for one in bindings for page in one.pages)
