"""Facts a second time, in plain Python: cells, the newest Stand, sums of a Land or a selection.

For `plain`, which says what it is good for.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

TOTAL = "insgesamt"
#: From best to worst; those up to NUMBERS[-1] have a number.
NUMBERS = (
    "value",
    "zero",
    "summed",
    "revised",
    "provisional",
    "estimated",
    "limited",
    "corrected",
)
WITHOUT = (
    "hidden",
    "hidden_below_3",
    "not_applicable",
    "unreliable",
    "pending",
    "missing",
    "source_error",
    "not_loaded",
)
RANK = {status: rank for rank, status in enumerate((*NUMBERS, *WITHOUT))}
SIGNS = {
    "-": "zero",
    ".": "hidden",
    "*": "hidden_below_3",
    "x": "not_applicable",
    "/": "unreliable",
    "...": "pending",
    "–": "missing",
    "?": "not_loaded",
}
MARKS = {"p": "provisional", "r": "revised", "s": "estimated"}
Place = tuple[str, str]  # region, period
Select = dict[str, list[str]]


class Cell(NamedTuple):
    value: float | None
    status: str
    stand: str


@dataclass
class Table:
    """One official table: coordinates (an id per column) → region and period → cell."""

    columns: list[str]
    cells: dict[tuple[str, ...], dict[Place, Cell]] = field(default_factory=dict)

    def ids(self, column: str) -> set[str]:
        at = self.columns.index(column)
        return {coordinates[at] for coordinates in self.cells}


def read_cell(text: str, stand: str) -> Cell:
    if text in SIGNS:
        return Cell(0.0 if text == "-" else None, SIGNS[text], stand)
    if text[0] == "(" and text[-1] == ")":
        return Cell(float(text[1:-1]), "limited", stand)
    if text[-1] in MARKS:
        return Cell(float(text[:-1]), MARKS[text[-1]], stand)
    return Cell(float(text), "value", stand)


def read_table(
    path: Path, corrections: list[dict[str, Any]], as_of: str | None, keep: Callable[[str], bool]
) -> Table:
    """The newest Stand of every fact; one that was not loaded gives way to any other."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        across = [_value_column(name) for name in header if " " in name]
        down = header[3 : len(header) - len(across)]
        splits = sorted({d for _, dims in across for d in dims})
        table = Table(["measure", *down, *splits])
        mended = _mended(corrections, table.columns)
        targets: dict[tuple[str, ...], list[tuple[tuple[str, ...], dict[Place, Cell]]]] = {}
        for line in lines:
            stand, period, ags = line[:3]
            if not keep(ags) or (as_of is not None and stand > as_of):
                continue
            named = tuple(line[3 : 3 + len(down)])
            if named not in targets:
                targets[named] = [
                    (at, {})
                    for at in (
                        (measure, *named, *(dims.get(d, TOTAL) for d in splits))
                        for measure, dims in across
                    )
                ]
            place = (ags, period)
            for (at, cells), text in zip(targets[named], line[3 + len(down) :], strict=True):
                if not text:
                    continue
                new = mended.get((place, at, text), ("", None))
                cell = Cell(new[1], new[0], stand) if new[0] else read_cell(text, stand)
                old = cells.get(place)
                if old is None or _newer(cell, old):
                    cells[place] = cell
    for at, cells in (pair for pairs in targets.values() for pair in pairs):
        if at in table.cells and cells:
            raise ValueError(f"{path.name}: {at} stands in two columns")
        if cells:
            table.cells[at] = cells
    return table


def _newer(cell: Cell, old: Cell) -> bool:
    if cell.stand == old.stand:
        raise ValueError("a fact stands twice under one Stand")
    if (cell.status == "not_loaded") != (old.status == "not_loaded"):
        return old.status == "not_loaded"
    return cell.stand > old.stand


def _value_column(name: str) -> tuple[str, dict[str, str]]:
    measure, *pairs = name.split(" ")
    dims = dict(pair.split("=", 1) for pair in pairs)
    del dims["concept"]
    return measure, dims


def _mended(
    entries: list[dict[str, Any]], columns: list[str]
) -> dict[tuple[Place, tuple[str, ...], str], tuple[str, float | None]]:
    """Place, coordinates and found cell → what is true."""
    found = {}
    for entry in entries:
        at = tuple(str(entry.get(c, TOTAL)) for c in columns)
        new = (
            ("source_error", None)
            if entry["action"] == "drop"
            else ("corrected", float(entry["value"]))
        )
        found[(str(entry["ags"]), str(entry["period"])), at, str(entry["found"])] = new
    return found


def add_laender(table: Table, needed: dict[str, set[str]]) -> None:
    """Add a Land as the sum of its Kreise, where all of them are there in that period.

    Each with its newest figure: a later delivery may bring some Kreise only. A Kreis that is none
    any more counts for nothing.
    """
    there: dict[Place, set[str]] = defaultdict(set)
    for cells in table.cells.values():
        for ags, period in cells:
            if ags in needed[ags[:2]]:
                there[ags[:2], period].add(ags)
    for cells in table.cells.values():
        sums: dict[Place, Cell] = {}
        for (ags, period), cell in cells.items():
            if ags in needed[ags[:2]]:
                sums[ags[:2], period] = plus(sums.get((ags[:2], period)), cell)
        for place, cell in sums.items():
            if place in cells:
                raise ValueError(f"the table has a row for {place} already")
            # A source may leave out rows of zeros, so Kreise are counted over the whole period.
            if there[place] == needed[place[0]]:
                status = "summed" if cell.value is not None else cell.status
                cells[place] = Cell(cell.value, status, cell.stand)


def plus(total: Cell | None, cell: Cell) -> Cell:
    """A part without a number leaves the sum without one; the worst status is the sum's."""
    if total is None:
        return cell
    known = total.value is not None and cell.value is not None
    return Cell(
        total.value + cell.value if known else None,
        max(total.status, cell.status, key=RANK.__getitem__),
        max(total.stand, cell.stand),
    )


def one_cell(select: Select) -> bool:
    return all(len(ids) == 1 and ids[0][0] not in "*!" for ids in select.values())


def fits(found: str, wanted: list[str]) -> bool:
    if wanted == ["*"]:
        return found != TOTAL
    if wanted[0].startswith("!"):
        return found != TOTAL and f"!{found}" not in wanted
    return found in wanted


def picked(table: Table, select: Select) -> dict[Place, Cell]:
    """The selected fact per region and period, or the sum of several."""
    unknown = set(select) - set(table.columns)
    if unknown:
        raise ValueError(f"no column {unknown}")
    wanted = [select.get(column, [TOTAL]) for column in table.columns]
    chosen = [
        cells
        for at, cells in table.cells.items()
        if all(fits(found, ids) for found, ids in zip(at, wanted, strict=True))
    ]
    if one_cell(select):
        return chosen[0] if chosen else {}
    sums: dict[Place, Cell] = {}
    for cells in chosen:
        for place, cell in cells.items():
            sums[place] = plus(sums.get(place), cell)
    # A sum with nothing in it is nought, and nobody printed a sign for it.
    return {p: c._replace(status="value") if c.status == "zero" else c for p, c in sums.items()}
