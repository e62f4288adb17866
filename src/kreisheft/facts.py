"""Stage 2, the figures: ``data/facts/<source>/<table>.csv``, one file per official table.

    ags, period, measure, <dimensions>, value, status, concept, stand

UTF-8, comma, LF. `value` is the decimal text of the source with a decimal point, empty unless
status is `value` or `zero`. `period` is a year or an ISO day. `stand` is the date of the delivery:
a new delivery is appended, an old one never changes. Sorted by stand, period, ags, measure and
dimensions, so that a diff shows what a delivery brought.
"""

import io
import re
from pathlib import Path

import pandas as pd

from kreisheft import regions
from kreisheft.errors import DataError, Problem
from kreisheft.model import FACT_HEAD, FACT_TAIL, STATUSES, WITH_NUMBER, Facts

_VALUE = r"-?\d+(?:\.\d+)?"
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_PERIOD = rf"\d{{4}}|{_DAY}|\d{{4}}-\d{{2}}P\d+M"
_MANY = 20


def tables(root: Path) -> dict[str, Path]:
    """Return table number → facts file, sorted by number."""
    found = (root / "data" / "facts").glob("*/*.csv")
    return {path.stem: path for path in sorted(found, key=lambda p: p.stem)}


def load(root: Path, table: str) -> Facts:
    """Return the facts of one table; `value` is float, NaN where there is no number."""
    path = root / "data" / "facts" / _source(root, table) / f"{table}.csv"
    frame = _text(path)
    frame["value"] = pd.to_numeric(frame["value"].where(frame["value"] != "", None))
    return Facts(table, frame)


def at(facts: Facts, as_of: str | None = None) -> pd.DataFrame:
    """Return one row per key: the newest Stand not after `as_of` (ISO day; None: the newest).

    A `not_loaded` cell gives way to any other Stand that has the figure.
    """
    frame = facts.frame
    if as_of is not None:
        frame = frame[frame["stand"] <= as_of]
    key = [*FACT_HEAD, *facts.dimensions]
    loaded = frame["status"] != "not_loaded"
    order = frame.assign(_loaded=loaded).sort_values(["_loaded", "stand"], kind="stable")
    newest = order.drop_duplicates(key, keep="last").drop(columns="_loaded")
    return newest.sort_index().reset_index(drop=True)


def merge(root: Path, table: str, frame: pd.DataFrame) -> tuple[Path, str]:
    """Return the facts file of `table` and its whole text after `frame` has been added.

    frame: text columns as in the file. Raises DataError if a Stand is there already with other
    figures, or if the columns differ from the file's.
    """
    path = root / "data" / "facts" / _source(root, table) / f"{table}.csv"
    if not path.exists():
        return path, _csv(frame)
    old = _text(path)
    if list(old.columns) != list(frame.columns):
        what = f"has the columns {', '.join(old.columns)}, the delivery {', '.join(frame.columns)}"
        raise DataError([Problem(_name(root, path), what, "mend the passport or remake the file")])
    key = [c for c in frame.columns if c not in ("value", "status", "concept")]
    both = old.merge(frame, on=key, suffixes=("_old", "_new"))
    other = both[
        (both["value_old"] != both["value_new"]) | (both["status_old"] != both["status_new"])
    ]
    if len(other):
        raise DataError(
            Problem(
                f"{_name(root, path)}, {' '.join(str(row[k]) for k in key if row[k])}",
                f"is {row['value_old'] or row['status_old']}, the delivery of the same Stand says "
                f"{row['value_new'] or row['status_new']}",
                "check which file is right; facts of one Stand never change",
            )
            for _, row in other.head(_MANY).iterrows()
        )
    known = pd.MultiIndex.from_frame(old[key])
    fresh = frame[~pd.MultiIndex.from_frame(frame[key]).isin(known)]
    return path, _csv(pd.concat([old, fresh], ignore_index=True))


def write(files: dict[Path, str]) -> None:
    """Write texts all or nothing: each under a temporary name, then all renamed."""
    temporary = {path: path.with_name(f".{path.name}.new") for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_text(text, encoding="utf-8", newline="\n")
        for path, new in temporary.items():
            new.replace(path)
    finally:
        for new in temporary.values():
            new.unlink(missing_ok=True)


def check(root: Path) -> list[Problem]:
    """Return everything that is wrong in the facts files, and files without their passport."""
    problems = []
    passports = {p.stem: p for p in (root / "data" / "sources").glob("*/*.yml")}
    known = set(regions.load(root)["ags"])
    files = tables(root)
    for table, path in files.items():
        if table not in passports:
            next_ = f"write data/sources/{path.parent.name}/{table}.yml"
            problems.append(Problem(_name(root, path), "facts without a passport", next_))
        problems += _mistakes(root, path, known)
    for table in sorted(set(passports) - set(files)):
        at = _name(root, passports[table])
        problems.append(Problem(at, "passport without facts", f"import a delivery of {table}"))
    return problems


def _mistakes(root: Path, path: Path, known: set[str]) -> list[Problem]:
    where = _name(root, path)
    try:
        frame = _text(path)
    except DataError as error:
        return error.problems
    numbered = frame["status"].isin(WITH_NUMBER)
    tests: list[tuple[str, pd.Series, str, str]] = [
        ("status", ~frame["status"].isin(STATUSES), "unknown status", f"use {', '.join(STATUSES)}"),
        (
            "value",
            (numbered & ~frame["value"].str.fullmatch(_VALUE))
            | (~numbered & (frame["value"] != "")),
            "no number, or a number that its status forbids:",
            "restore the file from git, or import the delivery again",
        ),
        ("ags", ~frame["ags"].isin(known), "unknown region", "see data/regions/regions.csv"),
        (
            "period",
            ~frame["period"].str.fullmatch(_PERIOD),
            "no year or day:",
            "write 2024 or 2024-12-31",
        ),
        ("stand", ~frame["stand"].str.fullmatch(_DAY), "no day:", "write 2024-12-31"),
    ]
    for column in frame.columns[2:-4]:
        empty = frame[column] == ""
        tests.append((column, empty, "empty:", "write 'insgesamt' for a total"))
    key = [c for c in frame.columns if c not in ("value", "status", "concept")]
    tests.append(("ags", frame.duplicated(key), "the key is there twice:", "delete one row"))
    problems = [
        Problem(
            f"{where}, row {i + 2}, column {column!r}", f"{what} {frame[column].iloc[i]!r}", next_
        )
        for column, wrong, what, next_ in tests
        for i in wrong.to_numpy().nonzero()[0][:_MANY]
    ]
    if not problems and not _sorted(frame).index.equals(frame.index):
        problems.append(Problem(where, "rows are not sorted", "import the delivery again"))
    return problems


def _source(root: Path, table: str) -> str:
    """Return the folder of a table: where its facts are, else where its passport is."""
    for kind, ending in (("facts", "csv"), ("sources", "yml")):
        for path in (root / "data" / kind).glob(f"*/{table}.{ending}"):
            return path.parent.name
    what = f"there is neither facts nor passport of table {table}"
    raise DataError([Problem("data/sources", what, "write a passport and import a delivery")])


def _text(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError([Problem(str(path), f"cannot be read ({error})", "restore it")]) from None
    columns = tuple(frame.columns)
    if columns[:3] != FACT_HEAD or columns[-4:] != FACT_TAIL:
        what = f"has the columns {', '.join(columns)}"
        next_ = f"expected {', '.join(FACT_HEAD)}, <dimensions>, {', '.join(FACT_TAIL)}"
        raise DataError([Problem(f"{path}, row 1", what, next_)])
    wrong = [c for c in columns if not re.fullmatch(r"[a-z][a-z0-9_]*", c)]
    if wrong:
        what = f"has the columns {', '.join(wrong)}"
        raise DataError([Problem(f"{path}, row 1", what, "ids are lower-case words")])
    return frame


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = ["stand", "period", "ags", "measure", *frame.columns[3:-4]]
    return frame.sort_values(order, kind="stable")


def _csv(frame: pd.DataFrame) -> str:
    buffer = io.StringIO()
    _sorted(frame).to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue()


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
