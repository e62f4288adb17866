"""Stage 2, the figures: ``data/facts/<source>/<table>.csv``, one file per official table.

How a file is laid out says `layout`, what a cell may be `cells`. `period` is a year or an ISO day,
`stand` the date of the delivery: a new delivery is appended, an old one never changes. Declared
errors of a source (data/corrections) are put right when facts are loaded, never in the file.
"""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from kreisheft.core import cache, categories, hashes, project, yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.facts import cells, corrections, layout, periods, regions
from kreisheft.facts.stages import FACT_HEAD, FACT_TAIL, Facts

_MANY = 20
#: Tables as they were loaded.
KEPT = cache.Kind("tables", ("facts.fact_files",))


def tables(root: Path) -> dict[str, Path]:
    """Return table number → facts file, sorted by number."""
    found = (root / "data" / "facts").glob("*/*.csv")
    return {path.stem: path for path in sorted(found, key=lambda p: p.stem)}


def load(root: Path, table: str, keys: Collection[str] | None = None) -> Facts:
    """Return the facts of one table, declared errors of the source put right.

    `value` is float, NaN where there is no number; every other column is a category of text.
    keys: only these regions.
    """
    path = _path(root, table)
    declared = root / "data" / "corrections" / f"{table}.yml"
    key = KEPT.key({"files": hashes.files(root, [path, declared])})
    whole = cache.kept_object(root, key, lambda: _load(root, table, path))
    return whole if keys is None else Facts(table, _among(whole.frame, keys))


def _load(root: Path, table: str, path: Path) -> Facts:
    long = layout.read(path)
    read = cells.split(long["cell"])
    frame = long.assign(value=read["value"], status=read["status"])
    frame = frame[[*FACT_HEAD, *long.columns[3:-3], *FACT_TAIL]]
    entries = corrections.load(root, table)
    if entries:
        frame, problems = corrections.apply(frame, long["cell"], entries)
        raise_if(problems)
    return Facts(table, frame)


def _among(frame: pd.DataFrame, keys: Collection[str]) -> pd.DataFrame:
    """Return the rows of these regions, as if the file had no others."""
    found: pd.DataFrame = frame[categories.among(frame["ags"], keys)].reset_index(drop=True)
    texts = [column for column in found.columns if column != "value"]
    return found.assign(**{c: categories.used(found[c]) for c in texts})


def at(facts: Facts, as_of: str | None = None) -> pd.DataFrame:
    """Return one row per key: the newest Stand not after `as_of` (ISO day; None: the newest).

    A `not_loaded` cell gives way to any other Stand that has the figure.
    """
    frame = facts.frame
    if as_of is not None:
        frame = frame[(frame["stand"].astype(str) <= as_of).to_numpy()]
    if frame["stand"].nunique() <= 1:
        return frame.reset_index(drop=True)
    key = numbered(frame, [*FACT_HEAD, *facts.dimensions])
    loaded = (frame["status"] != "not_loaded").to_numpy()
    order = np.lexsort((frame["stand"].astype(str).to_numpy(dtype=str), loaded))
    newest = pd.Series(key[order]).drop_duplicates(keep="last").index.to_numpy()
    return frame.iloc[np.sort(order[newest])].reset_index(drop=True)


def numbered(
    frame: pd.DataFrame, columns: Iterable[str]
) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Number the distinct combinations of `columns`; faster than groupby on a million rows."""
    number = np.zeros(len(frame), dtype=np.intp)
    for column in columns:
        codes, found = pd.factorize(frame[column])
        number, _ = pd.factorize(number * max(len(found), 1) + codes)
    return number


def merge(
    root: Path, table: str, frame: pd.DataFrame, across: Iterable[str]
) -> tuple[Path, str, pd.DataFrame]:
    """Return the facts file of `table`, its whole text after `frame` was added, and the revisions.

    frame: a long frame as `layout` has it, of one Stand. across: see `layout.text`. Revisions: key
    columns, `old`, `old_stand`, `new`, one row per figure that the newest older Stand has
    otherwise. Raises DataError if this Stand is there already with other figures, or if the
    dimensions differ from the file's.
    """
    path = _path(root, table)
    key = [c for c in frame.columns if c not in ("cell", "concept", "stand")]
    if not path.exists():
        return path, layout.text(frame, across), frame.head(0).assign(old="", old_stand="", new="")
    old = layout.read(path)
    if list(old.columns) != list(frame.columns):
        what = f"has the columns {', '.join(old.columns)}, the delivery {', '.join(frame.columns)}"
        raise DataError([Problem(_name(root, path), what, "mend the passport or remake the file")])
    old, frame = old.astype(str), frame.astype(str)
    raise_if(_contradictions(_name(root, path), old, frame, key))
    known = pd.MultiIndex.from_frame(old[[*key, "stand"]])
    fresh = frame[~pd.MultiIndex.from_frame(frame[[*key, "stand"]]).isin(known)]
    whole = pd.concat([old, fresh], ignore_index=True)
    return path, layout.text(whole, across, layout.columns(path)), _revisions(old, frame, key)


def known_since(root: Path, table: str, frame: pd.DataFrame) -> str | None:
    """Return the newest Stand if it and those before it have all of `frame` already, else None.

    frame: as for `merge`. Tells a file that was only fetched again from a new delivery.
    """
    path = _path(root, table)
    if not path.exists():
        return None
    old, frame = layout.read(path).astype(str), frame.astype(str)
    key = [c for c in frame.columns if c not in ("cell", "concept", "stand")]
    if not set(key) <= set(old.columns):
        return None
    newest = old.sort_values("stand", kind="stable").drop_duplicates(key, keep="last")
    both = frame.merge(newest, on=key, how="left", suffixes=("", "_old"))
    return str(newest["stand"].max()) if both["cell"].equals(both["cell_old"]) else None


def _contradictions(
    where: str, old: pd.DataFrame, frame: pd.DataFrame, key: list[str]
) -> list[Problem]:
    both = old.merge(frame, on=[*key, "stand"], suffixes=("_old", "_new"))
    other = both[both["cell_old"] != both["cell_new"]]
    return [
        Problem(
            f"{where}, {' '.join(str(row[k]) for k in [*key, 'stand'])}",
            f"is {row['cell_old']}, the delivery of the same Stand says {row['cell_new']}",
            "check which file is right; facts of one Stand never change",
        )
        for _, row in other.head(_MANY).iterrows()
    ]


def _revisions(old: pd.DataFrame, frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    before = old[old["stand"] < frame["stand"].min()].sort_values("stand", kind="stable")
    before = before.drop_duplicates(key, keep="last")
    both = before.merge(frame, on=key, suffixes=("", "_new"))
    other = both[(both["cell"] != both["cell_new"]) & (both["cell"] != cells.SIGN_OF["not_loaded"])]
    renamed = other.rename(columns={"cell": "old", "stand": "old_stand", "cell_new": "new"})
    frame = renamed[[*key, "old", "old_stand", "new"]]
    return frame.sort_values(key, ignore_index=True)


def write(files: dict[Path, str]) -> None:
    """Write texts all or nothing: each under a temporary name, then all renamed."""
    temporary = {path: project.name_beside(path) for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_text(text, encoding="utf-8", newline="\n")
        for path, new in temporary.items():
            new.replace(path)
    finally:
        for new in temporary.values():
            new.unlink(missing_ok=True)


def check(root: Path, among: Collection[str] | None = None) -> list[Problem]:
    """Return everything that is wrong in the facts files, and files without their passport.

    among: read only the facts of these tables; None: of all.
    """
    problems = []
    passports = {p.stem: p for p in (root / "data" / "sources").glob("*/*.yml")}
    known = set(regions.load(root)["ags"])
    files = tables(root)
    for table, path in files.items():
        if table not in passports:
            next_ = f"write data/sources/{path.parent.name}/{table}.yml"
            problems.append(Problem(_name(root, path), "facts without a passport", next_))
        if among is None or table in among:
            problems += _mistakes(root, table, path, known)
    for table in sorted(set(passports) - set(files)):
        at = _name(root, passports[table])
        problems.append(Problem(at, "passport without facts", f"import a delivery of {table}"))
    return problems + corrections.check(root, set(files))


def _mistakes(root: Path, table: str, path: Path, known: set[str]) -> list[Problem]:
    where = _name(root, path)
    try:
        problems = layout.mistakes(path, where)
        long = layout.read(path)
    except DataError as error:
        return error.problems
    tests: list[tuple[str, Callable[[str], object], str, str]] = [
        ("ags", known.__contains__, "unknown region", "see data/regions/regions.csv"),
        (
            "period",
            periods.FORM.fullmatch,
            "no year or day:",
            "write 2024, 2024-12-31, or 2023-08P12M for twelve months from August on",
        ),
        ("stand", periods.DAY.fullmatch, "no day:", "write 2024-12-31"),
        *((d, bool, "empty:", "write 'insgesamt' for a total") for d in long.columns[3:-3]),
    ]
    rows = layout.rows(path)
    for column, fine, what, next_ in tests:
        if column in rows:
            codes, found = pd.factorize(rows[column])
            wrong = np.array([not fine(str(value)) for value in found], dtype=bool)[codes]
            problems += [
                Problem(
                    f"{where}, row {i + 2}, column {column!r}",
                    f"{what} {rows[column].iloc[i]!r}",
                    next_,
                )
                for i in np.flatnonzero(wrong)[:_MANY]
            ]
    return problems or yaml_files.collect([lambda: load(root, table)])


def _path(root: Path, table: str) -> Path:
    """Return the facts file of a table: where it is, else beside its passport."""
    for kind, ending in (("facts", "csv"), ("sources", "yml")):
        for path in (root / "data" / kind).glob(f"*/{table}.{ending}"):
            return root / "data" / "facts" / path.parent.name / f"{table}.csv"
    what = f"there is neither facts nor passport of table {table}"
    raise DataError([Problem("data/sources", what, "write a passport and import a delivery")])


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
