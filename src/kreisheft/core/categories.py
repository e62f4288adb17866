"""Categorical columns of text: a million rows of ids take a megabyte or two."""

from collections.abc import Callable, Container, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    Column = pd.Series[Any]
    Numbers = NDArray[np.integer[Any]]

#: A column of categories; the stubs of pandas cannot say more.
Category = Any


def of_codes(codes: "Numbers", names: Sequence[str]) -> Category:
    """Return a column whose row i is ``names[codes[i]]``, missing where the code is -1."""
    make: Callable[..., Category] = pd.Categorical.from_codes
    return make(codes, categories=list(names))


def spread(values: Sequence[str], number: "Numbers") -> Category:
    """Return a column whose row i is ``values[number[i]]``; `values` may repeat."""
    codes, distinct = pd.factorize(np.array(values, dtype=object))
    return of_codes(codes[number], [str(name) for name in distinct])


def is_among(column: "Column", names: Container[str]) -> NDArray[np.bool_]:
    """Say for each row of a column of text whether it is one of `names`.

    Faster than `isin`, which first converts `names` to a column.
    """
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return np.array([text in names for text in column.tolist()], dtype=bool)
    chosen: Category = column.array
    # The last place serves code -1, a missing value.
    is_chosen = np.array([*(n in names for n in chosen.categories.tolist()), False])
    rows: NDArray[np.bool_] = is_chosen[chosen.codes]
    return rows


def drop_unused(column: "Column") -> Category:
    """Drop the categories that no row has.

    Faster than `remove_unused_categories`, which sorts all rows.
    """
    used: Category = column.array
    has = np.bincount(used.codes + 1, minlength=len(used.categories) + 1)[1:] > 0
    # The last place serves code -1, a missing value.
    place = np.append(np.cumsum(has) - 1, -1).astype(used.codes.dtype)
    make: Callable[..., Category] = pd.Categorical.from_codes
    return make(place[used.codes], categories=used.categories[has])


def concat(parts: Sequence["Column"]) -> Category:
    """Concatenate columns; the result is categorical if all of them are."""
    if not all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
        return pd.concat(parts, ignore_index=True)
    columns: list[Category] = [part.array for part in parts]
    # As lists: iterating over the categories of a column is slow in pandas.
    all_texts = [column.categories.tolist() for column in columns]
    place = {name: i for i, name in enumerate(dict.fromkeys(chain.from_iterable(all_texts)))}
    codes = [
        # The last place serves code -1, a missing value.
        np.array([*map(place.__getitem__, names), -1])[column.codes]
        for column, names in zip(columns, all_texts, strict=True)
    ]
    return of_codes(np.concatenate(codes), list(place))


def objects(column: "Column") -> NDArray[np.generic]:
    """Return a column as an array; text, also of categories, as plain objects."""
    texts: Category = column.array
    if isinstance(texts.dtype, pd.CategoricalDtype):
        # The last place serves code -1, a missing value.
        names = np.array([*texts.categories.tolist(), np.nan], dtype=object)
        rows: NDArray[np.generic] = names[texts.codes]
        return rows
    return column.to_numpy(None if pd.api.types.is_numeric_dtype(texts.dtype) else object)


def plain(columns: Mapping[str, NDArray[np.generic]]) -> pd.DataFrame:
    """Build a frame of arrays; text stays plain objects, all in one block."""
    texts = [name for name, column in columns.items() if column.dtype == object]
    # As pandas keeps it: a column of the frame is a row of the block.
    block = np.array([columns[name] for name in texts], dtype=object)
    rest = pd.DataFrame({n: column for n, column in columns.items() if n not in texts})
    parts = [pd.DataFrame(block.T, columns=texts, dtype=object), rest]
    return pd.concat(parts, axis=1)[list(columns)].copy()
