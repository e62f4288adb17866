"""Read everything that people or importers write, and report all problems of all files at once."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from kreisheft import (
    catalogue,
    disclosure,
    facts,
    field_values,
    glossary,
    hashes,
    headlines,
    indicators,
    params,
    peers,
    practice,
    project,
    regions,
    statement,
    thresholds,
)
from kreisheft.engine import code, pool
from kreisheft.errors import KreisheftError, Problem, raise_if
from kreisheft.offers import directory
from kreisheft.participation import collection
from kreisheft.publications import submission
from kreisheft.sources import passports
from kreisheft.strategy import document, grounds, remarks

#: The check of everything but facts and selections.
REST = "rest"


def problems(root: Path) -> list[Problem]:
    """Every problem of regions, sources, facts, catalogue, rules, params, practice, Konzept …"""
    found = _first(root, None)
    # Without readable facts and catalogue their fit cannot be judged.
    found = found or indicators.check(root)
    return sorted(set(found) or _later(root))


def _quick(root: Path) -> list[Problem]:
    """All problems but those within facts, and of selections that do not fit them."""
    return sorted(set(_first(root, ())) or _later(root))


def _first(root: Path, tables: Collection[str] | None) -> list[Problem]:
    return [
        *regions.check(root),
        *passports.check(root),
        *(facts.check(root) if tables is None else facts.check(root, tables)),
        *catalogue.check(root),
        *disclosure.check(root),
        *thresholds.check(root),
        *peers.check(root),
        *glossary.check(root),
        *headlines.check(root),
        *submission.check(root),
        *statement.check(root),
    ]


def _later(root: Path) -> set[Problem]:
    # Params are read with catalogue and regions; their problems would be told a second time.
    konzept = (document.check, grounds.check)
    later = (params.check, practice.check, *konzept, directory.check, collection.check)
    return {problem for check in later for problem in check(root)}


def require(root: Path, workers: int = 2) -> None:
    """Raise DataError if anything is wrong; what was found sound before is not read again.

    Reading all facts takes ten seconds. So every table, and every field's selections, leave a mark
    in build/checked named after the hash of all that the check reads, its code included.
    """
    kept = root / "build/checked"
    try:
        book, tables = catalogue.load(root), facts.tables(root)
        all_ = [_Check(root, "table", t) for t in tables]
        all_ += [_Check(root, "field", f) for f in book.fields]
        all_.append(_Check(root, REST, REST))
        marks = {task: _mark(task) for task in all_}
    except (KreisheftError, OSError):
        # Something basic is wrong: the whole check names all of it.
        raise_if(problems(root))
        raise
    tasks = [task for task in all_ if not (kept / marks[task]).exists()]
    sound, surprise = True, None
    with tqdm(total=len(tasks), desc="checks", unit="", disable=len(tasks) < 2) as bar:
        for number, result in pool.each(_slow, tasks, workers, str(root), meanwhile=True):
            if isinstance(result, Exception):
                # A damaged table is its own problem; whoever computes with it may stumble.
                surprise = result
            sound &= result == []
            # What changed while it was read was perhaps not read.
            if result == [] and _mark(tasks[number]) == marks[tasks[number]]:
                project.write(kept / marks[tasks[number]], b"")
            bar.update()
    # All problems together, as if nothing had been checked before.
    raise_if(() if sound else problems(root))
    if surprise:
        raise surprise


@dataclass(frozen=True)
class _Check:
    root: Path
    kind: str
    name: str


def _slow(task: _Check) -> list[Problem]:
    if task.kind == "table":
        return facts.check(task.root, {task.name})
    if task.kind == REST:
        return _quick(task.root)
    return indicators.check(task.root, task.name)


def _mark(task: _Check) -> str:
    """Name of the file that says a check found nothing: its name, and a hash of what it reads."""
    root, name = task.root, task.name
    of = {"table": _of_table, "field": _of_field, REST: _of_rest}[task.kind]
    read, used = of(root, name)
    names = repr(sorted(facts.tables(root))) if task.kind == REST else ""
    return f"{name}-{hashes.files(root, read, names + code.of((used,)) + code.environment())}"


def _of_table(root: Path, table: str) -> tuple[set[Path], str]:
    data = root / "data"
    read = [
        facts.tables(root)[table],
        *(data / "sources").glob(f"*/{table}.yml"),
        *(data / "corrections").glob("*"),
    ]
    return {*read, data / "regions/regions.csv", data / "sources/sources.yml"}, "facts"


def _of_field(root: Path, field: str) -> tuple[set[Path], str]:
    return field_values.files(root, field), "indicators"


def _of_rest(root: Path, _: str) -> tuple[set[Path], str]:
    folders = (p for p in (root / "data").iterdir() if p.name != "facts")
    read = {p for f in (*folders, root / "params") for p in f.rglob("*") if p.is_file()}
    return read, "checks"


def run(root: Path, kreis: str | None) -> str:
    """Check everything, and that `kreis` can be built if it is named; say what was read."""
    if kreis:
        params.load(root, kreis)
    require(root)
    book = catalogue.load(root)
    counted = f"{len(facts.tables(root))} tables, {len(book.indicators)} indicators"
    lines = [f"no problem in {counted}, {len(params.kreise(root))} Kreise"]
    named = [kreis] if kreis else document.kreise(root)
    told = [line for one in named for line in remarks.told(root, one)]
    return "\n".join([*lines, *(["to be looked into:", *told] if told else [])])
