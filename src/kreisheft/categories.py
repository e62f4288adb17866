"""Text columns kept as small numbers with names; a million rows of ids weigh a megabyte or two."""

from collections.abc import Sequence
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
