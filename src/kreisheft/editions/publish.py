"""Stages 7 and 8: editions → site, and the lock of a published edition.

`build` makes the working site ``build/site``. `publish` makes one edition, writes
``editions/<kreis>/<year>.<rev>/`` (lock.json, values.csv) and puts its pages under a public site.
A published revision is never overwritten: what differs becomes the next revision.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NotRequired, TypedDict

from kreisheft.book import site
from kreisheft.catalogue import params
from kreisheft.core import packages, project
from kreisheft.core.errors import UsageError
from kreisheft.editions import checks, keep_values, make_edition, unchanged
from kreisheft.editions.make_edition import Made
from kreisheft.engine import cluster, warm
from kreisheft.papers import paper_files
from kreisheft.protected import open_data

#: Instead of a Kreis: all of them.
ALL = "all"
#: Read by whoever installs the packages.
INSTALLED = "requirements.lock"
#: Names of files that Python and Sphinx make of others.
COMPILED = (".mo", ".pyc")


class Lock(TypedDict):
    """What a published edition was made from, and what came out: names → hashes or versions.

    made: of notebooks and of pages, see `fingerprint`. environment: old locks have none.
    """

    kreis: str
    year: int
    rev: int
    package: str
    inputs: dict[str, str]
    environment: NotRequired[dict[str, str]]
    made: dict[str, dict[str, str]]


def build(
    root: Path,
    kreise: Sequence[str],
    years: Sequence[int],
    workers: int,
    tell: Callable[[str], None] = lambda _: None,
    scheduler: str = "",
    *,
    before: str = "",
    audit: int | None = None,
    printed: bool = False,
) -> Path:
    """Make the report years of each Kreis and put them into ``build/site``; return the start page.

    tell: is called with a line for each chapter, why it ran or did not. scheduler: address of a
    cluster that executes the chapters. before: `unchanged.read` when the command began. audit: see
    `run_jobs.run`. printed: with all publications. Everything is checked before the first chapter
    runs, and the site is swapped in only when all editions are done: a mistake anywhere leaves the
    last good site as it was.
    """
    before = before or unchanged.read(root)
    plans = _plans(root, kreise, years)
    warm.start(root)
    made: list[Made] = []
    with cluster.session(scheduler):
        # Figures take as long as checks; of many Kreise only the first need be there soon.
        first = params.load(root, plans[0][0])
        checks.require(root, workers, partial(keep_values.plan_tasks, root, first))
        for kreis, editions in plans:
            done = make_edition.make(
                root,
                kreis,
                editions,
                root / "build",
                workers,
                scheduler,
                before=before,
                audit=audit,
                printed=printed,
            )
            made += done
            for outcome in (o for edition in done for o in edition.outcomes):
                tell(f"{'ran ' if outcome.ran else 'kept'} {outcome.job.name}: {outcome.why}")
    target = root / "build/site"
    site.assemble(target, [(make_card(edition), edition.html) for edition in made], root)
    return target / "index.html"


def _plans(
    root: Path, kreise: Sequence[str], years: Sequence[int]
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Each Kreis with its report years and their newest revisions; UsageError for unknown ones."""
    plans = []
    for kreis in params.kreise(root) if tuple(kreise) == (ALL,) else kreise:
        settings = params.load(root, kreis)
        chosen = tuple(years) or settings.report_years
        for year in chosen:
            params.require_year(settings, year)
        plans.append((kreis, [(y, newest_revision(root, kreis, y) or 1) for y in chosen]))
    return plans


def publish(root: Path, kreis: str, year: int, to: Path | None = None) -> str:
    """Make an edition and write it down as the next revision; return what was done.

    Raises UsageError if the newest published revision is the same to the byte.
    """
    settings = params.load(root, kreis)
    params.require_year(settings, year)
    checks.require(root)
    last = newest_revision(root, kreis, year)
    [made] = make_edition.make(
        root, kreis, [(year, last or 1)], root / "build/publish", printed=True
    )
    if last:
        if fingerprint(made) == read_lock(root, kreis, year, last)["made"]:
            raise UsageError(
                f"nothing changed since {kreis} {year}.{last}; it is published already"
            )
        again = [(year, last + 1)]
        [made] = make_edition.make(root, kreis, again, root / "build/publish", printed=True)
    folder = root / "editions" / kreis / f"{year}.{made.rev}"
    values = open_data.csv(root, settings, year)
    project.write(folder / "values.csv", values)
    project.write(folder / "lock.json", _dump(make_lock(root, made)))
    target = to or root / "build/site"
    site.assemble(target, [(make_card(made), made.html)], root)
    return f"{folder.relative_to(root).as_posix()} written; pages in {target / kreis}"


def write_papers(
    root: Path, kreis: str, year: int, kinds: Sequence[str] = (), field: str = "", group: str = ""
) -> list[Path]:
    """Write publications of an edition to ``build/print``; no kinds: all.

    See `make_edition.make_papers`.
    """
    settings = params.load(root, kreis)
    params.require_year(settings, year)
    rev = newest_revision(root, kreis, year) or 1
    folder = root / "build/print" / kreis / f"{year}.{rev}"
    checks.require(root)
    made = make_edition.make_papers(
        root, kreis, year, rev, tuple(kinds) or paper_files.KINDS, field, group
    )
    written = {folder / Path(address).name: content for address, content in made.items()}
    for path, content in written.items():
        project.write(path, content)
    return list(written)


def newest_revision(root: Path, kreis: str, year: int) -> int:
    """Highest published revision of an edition, 0 if there is none."""
    locks = (root / "editions" / kreis).glob(f"{year}.*/lock.json")
    return max((int(path.parent.name.split(".")[1]) for path in locks), default=0)


def make_card(made: Made) -> site.Card:
    """How the site calls an edition."""
    return site.Card(made.settings.kreis, made.year, made.rev, made.settings.name)


def make_lock(root: Path, made: Made) -> Lock:
    """What the edition was made from and what came out, as hashes, and the installed packages."""
    return {
        "kreis": made.settings.kreis,
        "year": made.year,
        "rev": made.rev,
        "package": version("kreisheft"),
        "inputs": hash_inputs(root),
        "environment": packages.versions(),
        "made": fingerprint(made),
    }


def hash_inputs(root: Path) -> dict[str, str]:
    """File → SHA-256 of everything that can change an edition, beside the packages.

    This package has the names of the project, wherever it runs from.
    """
    tops = {name: root / name for name in (*project.READ, INSTALLED) if name != "src"}
    tops["src/kreisheft"] = Path(__file__).parents[1]
    paths = {name: path for place, top in tops.items() for name, path in _files(place, top)}
    return {name: _sha(path.read_bytes()) for name, path in sorted(paths.items())}


def _files(place: str, top: Path) -> Iterator[tuple[str, Path]]:
    """Name and path of a file, or of all below a folder: what people and importers wrote."""
    for path in [top] if top.is_file() else top.rglob("*"):
        name = Path(place, path.relative_to(top)).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(top).parts)
        unread = any(name.startswith(f"{folder}/") for folder in project.UNREAD)
        if path.is_file() and not (hidden or unread or path.suffix in COMPILED):
            yield name, path


def fingerprint(made: Made) -> dict[str, dict[str, str]]:
    """Hashes of the executed notebooks and of the pages without their list of editions."""
    notebooks = {
        p.relative_to(made.notebooks).as_posix(): _sha(p.read_bytes())
        for p in sorted(made.notebooks.rglob("*.ipynb"))
    }
    pages = {
        p.relative_to(made.html).as_posix(): _sha(site.drop_list(p.read_bytes()))
        for p in sorted(made.html.rglob("*"))
        if p.is_file() and not p.relative_to(made.html).parts[0].startswith(".")
    }
    return {"notebooks": notebooks, "pages": pages}


def read_lock(root: Path, kreis: str, year: int, rev: int) -> Lock:
    """The lock of a published edition."""
    path = root / "editions" / kreis / f"{year}.{rev}" / "lock.json"
    content: Lock = json.loads(path.read_text(encoding="utf-8"))
    return content


def _dump(content: Lock) -> bytes:
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
