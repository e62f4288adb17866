"""Read everything that people or importers write, and report all problems of all files at once."""

from pathlib import Path

from kreisheft import (
    catalogue,
    disclosure,
    facts,
    glossary,
    indicators,
    params,
    peers,
    practice,
    regions,
    thresholds,
)
from kreisheft.errors import Problem, raise_if
from kreisheft.offers import directory
from kreisheft.sources import passports


def problems(root: Path) -> list[Problem]:
    """Every problem of regions, sources, facts, catalogue, glossary, rules, params, practice."""
    found = [
        *regions.check(root),
        *passports.check(root),
        *facts.check(root),
        *catalogue.check(root),
        *disclosure.check(root),
        *thresholds.check(root),
        *peers.check(root),
        *glossary.check(root),
    ]
    # Without readable facts and catalogue their fit cannot be judged.
    found = found or indicators.check(root)
    # Params are read with catalogue and regions; their problems would be told a second time.
    return sorted(
        set(found) or {*params.check(root), *practice.check(root), *directory.check(root)}
    )


def require(root: Path) -> None:
    """Raise DataError if anything is wrong."""
    raise_if(problems(root))


def run(root: Path, kreis: str | None) -> str:
    """Check everything, and that `kreis` can be built if it is named; say what was read."""
    if kreis:
        params.load(root, kreis)
    require(root)
    book = catalogue.load(root)
    counted = f"{len(facts.tables(root))} tables, {len(book.indicators)} indicators"
    return f"no problem in {counted}, {len(params.kreise(root))} Kreise"
