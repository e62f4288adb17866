"""Text columns kept as small numbers with names; a million rows of ids weigh a megabyte or two."""

from collections.abc import Container, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

#: A column of categories; the stubs of pandas cannot say more.
Category = Any


def of_codes(codes: Any, names: Sequence[str]) -> Category:
    """Return a column whose row i is ``names[codes[i]]``, missing where the code is -1."""
    make: Any = pd.Categorical.from_codes
    return make(codes, categories=list(names))


def spread(values: Sequence[str], number: Any) -> Category:
    """Return a column whose row i is ``values[number[i]]``; `values` may repeat."""
    codes, found = pd.factorize(np.array(values, dtype=object))
    return of_codes(codes[number], [str(name) for name in found])


def among(column: "pd.Series[Any]", names: Container[str]) -> Any:
    """Return for each row of a column of texts whether it is one of `names`.

    Without `isin`, which makes a column of `names` first and takes longer for it than for the rows.
    """
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return np.array([text in names for text in column.tolist()], dtype=bool)
    found: Category = column.array
    # The last place serves code -1, a missing value.
    return np.array([*(n in names for n in found.categories.tolist()), False])[found.codes]


def used(column: "pd.Series[Any]") -> Category:
    """Return a column of categories without the names that no row has.

    As `remove_unused_categories`, which sorts all rows for it.
    """
    found: Category = column.array
    has = np.bincount(found.codes + 1, minlength=len(found.categories) + 1)[1:] > 0
    # The last place serves code -1, a missing value.
    place = np.append(np.cumsum(has) - 1, -1).astype(found.codes.dtype)
    make: Any = pd.Categorical.from_codes
    return make(place[found.codes], categories=found.categories[has])


def joined(parts: "Sequence[pd.Series[Any]]") -> Any:
    """Return one column below the other, as categories if all of them are."""
    if not all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
        return pd.concat(parts, ignore_index=True)
    found: list[Category] = [part.array for part in parts]
    # As lists: going through the names of a column one by one is slow in pandas.
    known = [part.categories.tolist() for part in found]
    place = {name: i for i, name in enumerate(dict.fromkeys(chain.from_iterable(known)))}
    codes = [
        # The last place serves code -1, a missing value.
        np.array([*map(place.__getitem__, names), -1])[part.codes]
        for part, names in zip(found, known, strict=True)
    ]
    return of_codes(np.concatenate(codes), list(place))


def objects(column: "pd.Series[Any]") -> Any:
    """Return a column as an array; texts, also those kept as categories, are plain objects."""
    found: Category = column.array
    if isinstance(found.dtype, pd.CategoricalDtype):
        # The last place serves code -1, a missing value.
        return np.array([*found.categories.tolist(), np.nan], dtype=object)[found.codes]
    return column.to_numpy(None if pd.api.types.is_numeric_dtype(found.dtype) else object)


def plain(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return a frame of arrays; texts stay objects, all in one block."""
    texts = [name for name, column in columns.items() if column.dtype == object]
    # As pandas keeps it: a column of the frame is a row of the block.
    block = np.array([columns[name] for name in texts], dtype=object)
    rest = pd.DataFrame({n: column for n, column in columns.items() if n not in texts})
    parts = [pd.DataFrame(block.T, columns=texts, dtype=object), rest]
    return pd.concat(parts, axis=1)[list(columns)].copy()
