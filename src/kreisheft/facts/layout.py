"""The layout of a facts file: as compact as the official table, readable without its passport.

    stand,period,ags,alter,bevoelkerung geschlecht=frauen concept=AUSL,…
    2025-12-16,2024-12-31,05562,00-02,1210,…

A row is a Stand, period, region and the dimensions that the table splits downwards; a value column
is a measure with the dimensions that it splits across, and its concept. `cells` says what a cell
may hold; an empty one means that the table has no such figure. A dimension without a split is
`insgesamt`. UTF-8, comma, LF, sorted by the row's columns from left to right. Why not one figure
per row: docs/decisions/0009.
"""

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from kreisheft.core import categories
from kreisheft.core.errors import DataError, Problem
from kreisheft.facts import cells
from kreisheft.facts.stages import TOTAL

ROW_HEAD = ("stand", "period", "ags")
#: Columns of a long frame before and after its dimensions.
HEAD = ("ags", "period", "measure")
TAIL = ("cell", "concept", "stand")
_MANY = 20
_ID = r"[a-z][a-z0-9_]*"
_COLUMN = re.compile(
    rf"(?P<measure>{_ID})(?P<across>(?: {_ID}=[^ =]+)*) concept=(?P<concept>[A-Z0-9_]+)"
)


def read(path: Path) -> pd.DataFrame:
    """Read a file into a long frame with the columns HEAD, <dimensions>, TAIL.

    One row per filled cell; all columns are categories but `cell`, which is text.

    Raises DataError if the file cannot be read or its first line has another form.
    """
    wide = _wide(path)
    head = list(wide.columns)
    down = [c for c in head if re.fullmatch(_ID, c)]
    if tuple(head[:3]) != ROW_HEAD or len(down) == len(head):
        what = f"begins with the columns {', '.join(head[:4])}"
        next_ = f"expected {', '.join(ROW_HEAD)}, <dimensions>, <measures>"
        raise DataError([Problem(f"{path}, row 1", what, next_)])
    value_columns = {c: _column(path, c) for c in head[len(down) :]}
    across = sorted({d for _, dims, _ in value_columns.values() for d in dims})
    columns = list(value_columns.values())
    grid = wide.iloc[:, len(down) :].to_numpy(dtype=object).T
    filled = grid != ""
    number, where = filled.nonzero()
    long: dict[str, pd.Categorical | pd.Series] = {
        c: pd.Categorical(wide[c]).take(where) for c in down
    }
    long["measure"] = categories.spread([m for m, _, _ in columns], number)
    for dimension in across:
        long[dimension] = categories.spread(
            [dims.get(dimension, TOTAL) for _, dims, _ in columns], number
        )
    long["concept"] = categories.spread([c for _, _, c in columns], number)
    long["cell"] = pd.Series(grid[filled], dtype=object)
    return pd.DataFrame(long)[[*HEAD, *order_dimensions([*down[3:], *across]), *TAIL]]


def format_file(frame: pd.DataFrame, across: Iterable[str], columns: Sequence[str] = ()) -> str:
    """Format a long frame with unique keys as the text of a facts file.

    across: dimensions that go into the names of value columns. columns: value columns of the older
    file, which keep their place in front.
    """
    dimensions = frame.columns[3:-3]
    down = [*ROW_HEAD, *(d for d in dimensions if d not in set(across))]
    names = _names(frame, [d for d in dimensions if d in set(across)])
    used = set(names)
    header = list(dict.fromkeys([*(c for c in columns if c in used), *names.unique()]))
    place = pd.Categorical(names, categories=header).codes
    rows = frame[down].astype(str)
    row = rows.groupby(down, sort=True, observed=True).ngroup().to_numpy()
    grid = np.full((int(row.max(initial=-1)) + 1, len(header)), "", dtype=object)
    grid[row, place] = frame["cell"].to_numpy(dtype=object)
    keys = rows.assign(_row=row).drop_duplicates("_row").sort_values("_row")[down]
    wide = pd.concat(
        [keys.reset_index(drop=True), pd.DataFrame(grid, columns=header, dtype=object)], axis=1
    )
    buffer = io.StringIO()
    wide.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue()


def rows(path: Path) -> pd.DataFrame:
    """Return the columns before the values.

    Stand, period, ags, <dimensions>, text in file order.
    """
    wide = _wide(path)
    return wide[[c for c in wide.columns if " " not in c]]


def columns(path: Path) -> list[str]:
    """Return the names of the value columns of a file, in order."""
    return [c for c in _wide(path, rows=0).columns if " " in c]


def find_mistakes(path: Path, where: str) -> list[Problem]:
    """Report cells that are neither number nor sign, keys that occur twice, and unsorted rows."""
    wide = _wide(path)
    values = [c for c in wide.columns if " " in c]
    down = [c for c in wide.columns if " " not in c]
    fix = "restore the file from git, or import the delivery again"
    problems = []
    for column in values:
        codes, distinct = pd.factorize(wide[column])
        wrong = [bool(text) and not cells.is_cell(str(text)) for text in distinct]
        problems += [
            Problem(
                f"{where}, row {row + 2}, column {column!r}",
                f"no figure or sign: {wide[column].iloc[row]!r}",
                fix,
            )
            for row in np.flatnonzero(np.array(wrong, dtype=bool)[codes])[:_MANY]
        ]
    again = np.flatnonzero(wide.duplicated(down))[:_MANY]
    problems += [
        Problem(f"{where}, row {r + 2}", "the key is there twice", "delete one row") for r in again
    ]
    if not problems and not wide[down].equals(wide[down].sort_values(down, ignore_index=True)):
        problems.append(Problem(where, "rows are not sorted", "import the delivery again"))
    return problems


def order_dimensions(dimensions: Iterable[str]) -> list[str]:
    """Sort dimensions as long frames have them: the common ones first, others by name."""
    names = list(dimensions)
    first = [d for d in ("staat", "staatsangehoerigkeit", "geschlecht", "alter") if d in names]
    return [*first, *sorted(set(names) - set(first))]


def _names(frame: pd.DataFrame, across: list[str]) -> pd.Series:
    """Return the name of the value column of every fact."""
    keys = frame[["measure", *across, "concept"]].astype(str)
    distinct = keys.drop_duplicates()
    # A dimension that nothing is split by yet must be in the file all the same.
    bare = {d for d in across if (distinct[d] == TOTAL).all()}
    name_of = {}
    for key in distinct.itertuples(index=False):
        measure, *values, concept = key
        parts = [f"{d}={v}" for d, v in zip(across, values, strict=True) if v != TOTAL or d in bare]
        name_of[tuple(key)] = " ".join([measure, *parts, f"concept={concept}"])
    return pd.Series(
        [name_of[k] for k in keys.itertuples(index=False, name=None)], index=frame.index
    )


def _column(path: Path, name: str) -> tuple[str, dict[str, str], str]:
    match = _COLUMN.fullmatch(name)
    if not match:
        next_ = "write: <measure> <dimension>=<value> … concept=<CONCEPT>"
        raise DataError([Problem(f"{path}, row 1", f"no value column: {name!r}", next_)])
    pairs = [part.split("=", 1) for part in match["across"].split()]
    return match["measure"], dict(pairs), match["concept"]


def _wide(path: Path, rows: int | None = None) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            path,
            # Texts as they come: as a column of strings they would be made into another kind of
            # memory and back, which takes longer than to read them.
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            nrows=rows,
        )
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError([Problem(str(path), f"cannot be read ({error})", "restore it")]) from None
    return frame
