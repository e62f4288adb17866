"""Read everything that people or importers write, and report all problems of all files at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm import tqdm

from kreisheft.catalogue import (
    catalogue,
    first_page_entries,
    glossary,
    params,
    statement,
    thresholds,
)
from kreisheft.core import cache, hashes
from kreisheft.core.cache import Key
from kreisheft.core.errors import KreisheftError, Problem, raise_if
from kreisheft.deliveries import readers
from kreisheft.engine import worker_pool
from kreisheft.facts import fact_files, passports, regions
from kreisheft.offers import directory
from kreisheft.papers import council_paper, formats, paper_files
from kreisheft.participation import collection
from kreisheft.practice import practice_entries
from kreisheft.protected import disclosure, field_values, peers
from kreisheft.strategy import document, evidence_links, warnings
from kreisheft.values import compute_values

Calls = Callable[[], Sequence[Callable[[], object]]]
#: The check of everything but facts and selections.
REST = "rest"
#: Kind of check → marks that one found nothing, and what it checks with.
KEPT = {
    "table": cache.Kind("checks", ("facts.fact_files",)),
    "indicator": cache.Kind("checks", ("values.compute_values",)),
    REST: cache.Kind("checks", ("editions.checks",)),
}


def problems(root: Path) -> list[Problem]:
    """Every problem of regions, sources, facts, catalogue, rules, params, practice, Konzept …"""
    first = _first(root, None)
    # Without readable facts and catalogue their fit cannot be judged.
    first = first or compute_values.check(root)
    return sorted(set(first) or _later(root))


def _quick(root: Path) -> list[Problem]:
    """All problems but those within facts, and of selections that do not fit them."""
    return sorted(set(_first(root, ())) or _later(root))


def _first(root: Path, tables: Collection[str] | None) -> list[Problem]:
    return [
        *regions.check(root),
        *passports.check(root),
        *readers.check(root),
        *(fact_files.check(root) if tables is None else fact_files.check(root, tables)),
        *catalogue.check(root),
        *disclosure.check(root),
        *thresholds.check(root),
        *peers.check(root),
        *glossary.check(root),
        *first_page_entries.check(root),
        *council_paper.check(root),
        *paper_files.check(root),
        *statement.check(root),
    ]


def _later(root: Path) -> set[Problem]:
    # Params are read with catalogue and regions, whose problems would be reported twice.
    konzept = (document.check, evidence_links.check)
    later = (params.check, practice_entries.check, *konzept, directory.check, collection.check)
    return {problem for check in later for problem in check(root)}


def require(root: Path, workers: int = 2, meanwhile: Calls = tuple) -> None:
    """Raise DataError if anything is wrong; what was found sound before is not read again.

    meanwhile: gives calls that are made beside the checks; one that fails is left to who needs it.

    Reading all facts takes ten seconds. So every table, and every indicator's selections, leave a
    mark under the hash of all that the check reads.
    """
    try:
        book, tables = catalogue.load(root), fact_files.tables(root)
        checks = [_Check(root, "table", t) for t in tables]
        checks += [_Check(root, "indicator", i.id, i.field) for i in book.indicators.values()]
        checks.append(_Check(root, REST, REST))
        marks = _marks(root, checks)
    except (KreisheftError, OSError):
        # Something basic is wrong: the whole check names all of it.
        raise_if(problems(root))
        raise
    tasks = _group([check for check in checks if cache.find(root, marks[check]) is None])
    calls: list[Callable[[], object]] = [partial(_run_task, task) for task in tasks]
    # Of wrong data they may make anything; the checks will tell.
    with suppress(Exception):
        calls += meanwhile()
    sound, surprise = True, None
    with tqdm(total=len(calls), desc="checks", unit="", disable=len(calls) < 2) as bar:
        for number, result in worker_pool.each(
            worker_pool.call, calls, workers, str(root), meanwhile=True
        ):
            bar.update()
            if number >= len(tasks):
                continue
            if isinstance(result, Exception):
                # A damaged table is its own problem; whoever computes with it may stumble.
                surprise = result
            sound &= result == []
            if result == []:
                # What changed while it was read was perhaps not read.
                for check, mark in _marks(root, tasks[number]).items():
                    if mark == marks[check]:
                        cache.put(root, mark, b"")
    # All problems together, as if nothing had been checked before.
    raise_if(() if sound else problems(root))
    if surprise:
        raise surprise


@dataclass(frozen=True)
class _Check:
    root: Path
    kind: str
    name: str
    field: str = ""


_Task = tuple[_Check, ...]


def _group(checks: Sequence[_Check]) -> list[_Task]:
    """Make one task of the indicators of a field, which read the same tables."""
    groups: dict[tuple[str, str], list[_Check]] = {}
    for check in checks:
        groups.setdefault((check.kind, check.field or check.name), []).append(check)
    return [tuple(group) for group in groups.values()]


def _run_task(task: _Task) -> list[Problem]:
    root, kind, names = task[0].root, task[0].kind, {check.name for check in task}
    if kind == "table":
        return fact_files.check(root, names)
    if kind == REST:
        return _quick(root)
    return compute_values.check(root, names)


def _marks(root: Path, checks: Iterable[_Check]) -> dict[_Check, Key]:
    """Check → entry that says it found nothing: its name, and what it reads."""
    book, shared, marks = catalogue.load(root), dict[str, str](), dict[_Check, Key]()
    stored = fact_files.tables(root)
    for check in checks:
        name, field = check.name, check.field
        if check.kind == "table":
            read, also = _of_table(root, name, stored), ""
        elif check.kind == REST:
            # What is found by its folder is no import of this module.
            names = (sorted(stored), readers.formats(), list(formats.load_formats()))
            read, also = _of_rest(root), repr(names)
        else:
            # What all indicators of a field read is read once.
            if field not in shared:
                shared[field] = hashes.files(root, field_values.files(root, field, []))
            read = field_values.tables(root, [book.indicators[name]])
            also = shared[field]
        parts = {"name": name, "files": hashes.files(root, read), "also": also}
        marks[check] = KEPT[check.kind].key(parts)
    return marks


def _of_table(root: Path, table: str, stored: Mapping[str, Path]) -> set[Path]:
    data = root / "data"
    read = [
        stored[table],
        *(data / "sources").glob(f"*/{table}.yml"),
        *(data / "corrections").glob("*"),
    ]
    return {*read, data / "regions/regions.csv", data / "sources/sources.yml"}


def _of_rest(root: Path) -> set[Path]:
    folders = (p for p in (root / "data").iterdir() if p.name != "facts")
    return {p for f in (*folders, root / "params") for p in f.rglob("*") if p.is_file()}


def run(root: Path, kreis: str | None) -> str:
    """Check everything, and that `kreis` can be built if it is named; say what was read."""
    if kreis:
        params.load(root, kreis)
    require(root)
    book = catalogue.load(root)
    counted = f"{len(fact_files.tables(root))} tables, {len(book.indicators)} indicators"
    lines = [f"no problem in {counted}, {len(params.kreise(root))} Kreise"]
    kreise = [kreis] if kreis else document.kreise(root)
    notices = [line for name in kreise for line in warnings.list_warnings(root, name)]
    return "\n".join([*lines, *(["to be looked into:", *notices] if notices else [])])
