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
    indicators,
    params,
    peers,
    practice,
    project,
    regions,
    thresholds,
)
from kreisheft.engine import code, pool
from kreisheft.errors import KreisheftError, Problem, raise_if
from kreisheft.offers import directory
from kreisheft.sources import passports


def problems(root: Path) -> list[Problem]:
    """Every problem of regions, sources, facts, catalogue, glossary, rules, params, practice."""
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
    ]


def _later(root: Path) -> set[Problem]:
    # Params are read with catalogue and regions; their problems would be told a second time.
    later = (params.check, practice.check, directory.check)
    return {problem for check in later for problem in check(root)}


def require(root: Path, workers: int = 2) -> None:
    """Raise DataError if anything is wrong; what was found sound before is not read again.

    Reading all facts takes ten seconds. So every table, and every field's selections, leave a mark
    in build/checked named after the hash of all that the check reads, its code included.
    """
    kept = root / "build/checked"
    try:
        book, tables = catalogue.load(root), facts.tables(root)
        marks = {("table", t): kept / _of_table(root, t, tables[t]) for t in tables}
        marks |= {("field", f): kept / _of_field(root, f) for f in book.fields}
        marks[REST, ""] = kept / _of_rest(root)
    except (KreisheftError, OSError):
        # Something basic is wrong: the whole check names all of it.
        raise_if(problems(root))
        raise
    tasks = [_Check(root, kind, name) for (kind, name), mark in marks.items() if not mark.exists()]
    found: list[Problem] = []
    with tqdm(total=len(tasks), desc="checks", unit="", disable=len(tasks) < 2) as bar:
        for number, result in pool.each(_slow, tasks, workers, str(root)):
            if isinstance(result, Exception):
                raise result
            found += result
            if not result:
                project.write(marks[tasks[number].kind, tasks[number].name], b"")
            bar.update()
    # All problems together, as if nothing had been checked before.
    raise_if(problems(root) if found else ())


#: The check of everything but facts and selections.
REST = "rest"


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


def _of_table(root: Path, table: str, path: Path) -> str:
    data = root / "data"
    read = [path, *(data / "sources").glob(f"*/{table}.yml"), *(data / "corrections").glob("*")]
    return f"{table}-{hashes.files([*read, data / 'regions/regions.csv'], code.of(('facts',)))}"


def _of_field(root: Path, field: str) -> str:
    read = field_values.files(root, field)
    return f"{field}-{hashes.files(read, code.of(('indicators',)))}"


def _of_rest(root: Path) -> str:
    data = root / "data"
    folders = (p for p in data.iterdir() if p.name != "facts")
    read = [p for f in (*folders, root / "params") for p in f.rglob("*") if p.is_file()]
    names = repr(sorted(facts.tables(root)))
    return f"rest-{hashes.files(read, names + code.of(('checks',)))}"


def run(root: Path, kreis: str | None) -> str:
    """Check everything, and that `kreis` can be built if it is named; say what was read."""
    if kreis:
        params.load(root, kreis)
    require(root)
    book = catalogue.load(root)
    counted = f"{len(facts.tables(root))} tables, {len(book.indicators)} indicators"
    return f"no problem in {counted}, {len(params.kreise(root))} Kreise"
