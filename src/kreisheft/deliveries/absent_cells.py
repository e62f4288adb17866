"""The sign `-` in a delivery: it means exactly zero, or not delivered."""

import numpy as np
import pandas as pd

from kreisheft.deliveries.readers.table import Table
from kreisheft.facts.cells import SIGN_OF
from kreisheft.facts.fact_files import number_keys
from kreisheft.facts.stages import Array

_ZERO, _BARE = SIGN_OF["zero"], (SIGN_OF["zero"], SIGN_OF["not_applicable"])


def mark_absent(
    cells: Array, table: Table, keys: pd.Categorical, row: Array, head: Array, measure: Array
) -> Array:
    """Replace each `-` that means "not delivered" by the cell for ``not_loaded``.

    That is the case for a region without any figure, for a measure that is split into several cells
    none of which has a figure, and for a column that is empty in the whole country.

    cells: one facts cell per kept value cell; keys, row, head and measure: its region, its row and
    head in `table`, and the number of its measure.
    """
    zero = cells == _ZERO
    if not zero.any():
        return cells
    bare = zero | (cells == _BARE[1])
    time = pd.factorize(np.array([h.period for h in table.heads], dtype=object))[0][head]
    names = pd.factorize(np.array([h.header for h in table.heads], dtype=object))[0][head]
    period = table.rows["period"].cat.codes.to_numpy()[row]
    frame = pd.DataFrame(
        {
            "ags": keys.codes,
            "period": period,
            "time": time,
            "header": names,
            "by_row": table.rows["header"].cat.codes.to_numpy()[row],
            "measure": measure,
        }
    )
    place = number_keys(frame, ["ags", "period", "time"])
    split = number_keys(frame, ["ags", "period", "time", "measure"])
    column = number_keys(frame, ["header", "by_row", "period", "time"])
    several = len(set(keys.codes)) > 1
    absent = zero & (
        _holds_for_group(bare, place)
        | (_holds_for_group(bare, split) & (np.bincount(split)[split] > 2))
        | (_holds_for_group(zero, column) & several)
    )
    return np.where(absent, SIGN_OF["not_loaded"], cells)


def _holds_for_group(truth: Array, group: Array) -> Array:
    """Say for every row whether `truth` holds in all rows of its group."""
    holds: Array = np.bincount(group, weights=~truth)[group] == 0
    return holds
