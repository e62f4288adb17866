"""Declared errors of official sources: ``data/corrections/<table>.yml``, applied when facts load.

    corrections:
      - {ags: "05158", period: "2017", measure: kinder, found: "16.93", action: drop,
         reason: …, declared: 2026-11-22}

An entry names one fact by its whole key (dimensions left out are `insgesamt`), the wrong cell
(`found`), and an action: `drop` leaves the figure out, `replace` puts `value` in its place.
An entry that matches no fact is a mistake, and so is one whose error the newest delivery has
mended: corrections that are no longer needed must be deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem
from kreisheft.facts.stages import TOTAL

_OWN = ("found", "action", "value", "reason", "declared", "source")


@dataclass(frozen=True)
class Correction:
    """One entry. key: column → id. found: the wrong cell as it stands in the facts file."""

    where: str
    key: dict[str, str]
    found: str
    action: str
    value: str
    reason: str
    declared: str


def load(root: Path, table: str) -> list[Correction]:
    """Read the corrections of a table; empty if it has no file.

    Raises DataError with all mistakes.
    """
    path = root / "data" / "corrections" / f"{table}.yml"
    if not path.exists():
        return []
    document = yaml_files.load(path, "corrections", root)
    return [
        _correction(document.where("corrections", number), entry)
        for number, entry in enumerate(document.content["corrections"])
    ]


def apply(
    frame: pd.DataFrame, texts: pd.Series, entries: list[Correction]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the corrected facts and a problem for every entry that does not apply.

    frame: columns of `Facts`. texts: the cells as they stand in the file, on the same index.
    """
    frame = frame.assign(
        status=frame["status"].cat.add_categories(
            [s for s in ("corrected", "source_error") if s not in frame["status"].cat.categories]
        )
    )
    dimensions = frame.columns[2:-4]
    problems = []
    for entry in entries:
        unknown = sorted(set(entry.key) - {"ags", "period", *dimensions})
        if unknown:
            next_ = f"the table has {', '.join(dimensions)}"
            problems.append(Problem(entry.where, f"no column {', '.join(unknown)}", next_))
            continue
        key = {**dict.fromkeys(dimensions, TOTAL), **entry.key}
        same = np.logical_and.reduce([(frame[c] == v).to_numpy() for c, v in key.items()])
        hit = same & (texts == entry.found).to_numpy()
        if not hit.any():
            held = ", ".join(sorted(set(texts[same]))) or "nothing"
            what = f"matches no fact: {' '.join(key.values())} holds {held}, not {entry.found}"
            problems.append(Problem(entry.where, what, "mend or delete the entry"))
            continue
        newest = texts[same].iloc[int(frame.loc[same, "stand"].astype(str).argmax())]
        if newest != entry.found:
            what = f"the newest delivery says {newest}: the source has mended its error"
            problems.append(Problem(entry.where, what, "delete the entry"))
        elif entry.action == "drop":
            frame.loc[hit, "value"] = float("nan")
            frame.loc[hit, "status"] = "source_error"
        else:
            frame.loc[hit, "value"] = float(entry.value)
            frame.loc[hit, "status"] = "corrected"
    return frame, problems


def check(root: Path, tables: set[str]) -> list[Problem]:
    """Report correction files whose table has no facts."""
    return [
        Problem(path.relative_to(root).as_posix(), "no facts of this table", "mend the file's name")
        for path in sorted((root / "data" / "corrections").glob("*.yml"))
        if path.stem not in tables
    ]


def _correction(where: str, entry: Mapping[str, object]) -> Correction:
    key = {column: str(value) for column, value in entry.items() if column not in _OWN}
    return Correction(
        where=where,
        key=key,
        found=str(entry["found"]),
        action=str(entry["action"]),
        value=str(entry.get("value", "")),
        reason=str(entry["reason"]),
        declared=str(entry["declared"]),
    )
