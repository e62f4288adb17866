"""Stage 2, the figures: ``data/facts/<source>/<table>.csv``, one file per official table.

`layout` describes the file, `cells` what a cell may hold. `period` is a year or an ISO day, `stand`
the date of the delivery: a new delivery is appended, an old one never changes. Declared errors of a
source (data/corrections) are corrected when facts are loaded, never in the file.
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
    """Map table numbers to their facts files, sorted by number."""
    paths = (root / "data" / "facts").glob("*/*.csv")
    return {path.stem: path for path in sorted(paths, key=lambda p: p.stem)}


def load(root: Path, table: str, keys: Collection[str] | None = None) -> Facts:
    """Load one table with declared errors of the source corrected.

    `value` is float64, NaN where there is no number; every other column is a category of text.
    keys: load only these regions; None: all. Raises DataError if the file or a correction is wrong.
    """
    path = _path(root, table)
    declared = root / "data" / "corrections" / f"{table}.yml"
    key = KEPT.key({"files": hashes.files(root, [path, declared])})
    whole = cache.kept_object(root, key, lambda: _load(root, table, path))
    return whole if keys is None else Facts(table, _select_regions(whole.frame, keys))


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


def _select_regions(frame: pd.DataFrame, keys: Collection[str]) -> pd.DataFrame:
    """Select the rows of these regions and drop categories that no longer occur."""
    kept: pd.DataFrame = frame[categories.is_among(frame["ags"], keys)].reset_index(drop=True)
    texts = [column for column in kept.columns if column != "value"]
    return kept.assign(**{c: categories.drop_unused(kept[c]) for c in texts})


def select_newest(facts: Facts, as_of: str | None = None) -> pd.DataFrame:
    """Select one row per key: the one with the newest Stand that is not after `as_of`.

    as_of: the as-of date as ISO day; None: no limit. A `not_loaded` cell of a newer Stand does not
    replace a figure of an older one.
    """
    frame = facts.frame
    if as_of is not None:
        frame = frame[(frame["stand"].astype(str) <= as_of).to_numpy()]
    if frame["stand"].nunique() <= 1:
        return frame.reset_index(drop=True)
    key = number_keys(frame, [*FACT_HEAD, *facts.dimensions])
    loaded = (frame["status"] != "not_loaded").to_numpy()
    order = np.lexsort((frame["stand"].astype(str).to_numpy(dtype=str), loaded))
    newest = pd.Series(key[order]).drop_duplicates(keep="last").index.to_numpy()
    return frame.iloc[np.sort(order[newest])].reset_index(drop=True)


def number_keys(
    frame: pd.DataFrame, columns: Iterable[str]
) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Number the distinct combinations of `columns`, one integer per row of `frame`.

    Faster than `groupby(...).ngroup()` on a million rows.
    """
    number = np.zeros(len(frame), dtype=np.intp)
    for column in columns:
        codes, distinct = pd.factorize(frame[column])
        number, _ = pd.factorize(number * max(len(distinct), 1) + codes)
    return number


def merge(
    root: Path, table: str, frame: pd.DataFrame, across: Iterable[str]
) -> tuple[Path, str, pd.DataFrame]:
    """Add a delivery to a facts file: return the file's path, its new text, and the revisions.

    Nothing is written. frame: a long frame of one Stand, as `layout.read` returns it. across: see
    `layout.format_file`. Revisions: key columns, `old`, `old_stand`, `new`, one row per figure that
    differs from the newest older Stand. Raises DataError if the file already has this Stand with
    other figures, or has other dimensions.
    """
    path = _path(root, table)
    key = [c for c in frame.columns if c not in ("cell", "concept", "stand")]
    if not path.exists():
        return (
            path,
            layout.format_file(frame, across),
            frame.head(0).assign(old="", old_stand="", new=""),
        )
    old = layout.read(path)
    if list(old.columns) != list(frame.columns):
        what = f"has the columns {', '.join(old.columns)}, the delivery {', '.join(frame.columns)}"
        raise DataError([Problem(_name(root, path), what, "mend the passport or remake the file")])
    old, frame = old.astype(str), frame.astype(str)
    raise_if(_contradictions(_name(root, path), old, frame, key))
    stored = pd.MultiIndex.from_frame(old[[*key, "stand"]])
    fresh = frame[~pd.MultiIndex.from_frame(frame[[*key, "stand"]]).isin(stored)]
    whole = pd.concat([old, fresh], ignore_index=True)
    return (
        path,
        layout.format_file(whole, across, layout.columns(path)),
        _revisions(old, frame, key),
    )


def find_unchanged_stand(root: Path, table: str, frame: pd.DataFrame) -> str | None:
    """Return the newest Stand if the facts file already has every figure of `frame`, else None.

    frame: as for `merge`. This recognises a file that was fetched again without a change.
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
    differing = both[both["cell_old"] != both["cell_new"]]
    return [
        Problem(
            f"{where}, {' '.join(str(row[k]) for k in [*key, 'stand'])}",
            f"is {row['cell_old']}, the delivery of the same Stand says {row['cell_new']}",
            "check which file is right; facts of one Stand never change",
        )
        for _, row in differing.head(_MANY).iterrows()
    ]


def _revisions(old: pd.DataFrame, frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    before = old[old["stand"] < frame["stand"].min()].sort_values("stand", kind="stable")
    before = before.drop_duplicates(key, keep="last")
    both = before.merge(frame, on=key, suffixes=("", "_new"))
    differing = both[
        (both["cell"] != both["cell_new"]) & (both["cell"] != cells.SIGN_OF["not_loaded"])
    ]
    renamed = differing.rename(columns={"cell": "old", "stand": "old_stand", "cell_new": "new"})
    frame = renamed[[*key, "old", "old_stand", "new"]]
    return frame.sort_values(key, ignore_index=True)


def write(files: dict[Path, str]) -> None:
    """Write all files or none: each under a temporary name first, then all are renamed."""
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
    """Report every mistake in the facts files, and files without a passport.

    among: read only the facts of these tables; None: of all.
    """
    problems = []
    passports = {p.stem: p for p in (root / "data" / "sources").glob("*/*.yml")}
    region_keys = set(regions.load(root)["ags"])
    files = tables(root)
    for table, path in files.items():
        if table not in passports:
            next_ = f"write data/sources/{path.parent.name}/{table}.yml"
            problems.append(Problem(_name(root, path), "facts without a passport", next_))
        if among is None or table in among:
            problems += _find_mistakes(root, table, path, region_keys)
    for table in sorted(set(passports) - set(files)):
        at = _name(root, passports[table])
        problems.append(Problem(at, "passport without facts", f"import a delivery of {table}"))
    return problems + corrections.check(root, set(files))


def _find_mistakes(root: Path, table: str, path: Path, region_keys: set[str]) -> list[Problem]:
    where = _name(root, path)
    try:
        problems = layout.find_mistakes(path, where)
        long = layout.read(path)
    except DataError as error:
        return error.problems
    tests: list[tuple[str, Callable[[str], object], str, str]] = [
        ("ags", region_keys.__contains__, "unknown region", "see data/regions/regions.csv"),
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
    for column, is_right, what, next_ in tests:
        if column in rows:
            codes, distinct = pd.factorize(rows[column])
            wrong = np.array([not is_right(str(value)) for value in distinct], dtype=bool)[codes]
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
    """Return the path of a table's facts file, which need not exist.

    Its folder is the producer's.
    """
    for kind, ending in (("facts", "csv"), ("sources", "yml")):
        for path in (root / "data" / kind).glob(f"*/{table}.{ending}"):
            return root / "data" / "facts" / path.parent.name / f"{table}.csv"
    what = f"there is neither facts nor passport of table {table}"
    raise DataError([Problem("data/sources", what, "write a passport and import a delivery")])


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
