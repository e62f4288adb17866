"""How far a counted rate may lie off by chance, told so coarsely that it gives no count away.

In: value, numerator and denominator of `Values`. Out: a standard error in the value's own unit.

The half-width of the 95 % interval of Wilson (1927, JASA 22, 209–212; recommended by Newcombe 1998,
Statistics in Medicine 17, 857–872) divided by its z. A register counts everyone, so this is no
sampling error; it says how much a rate of so few persons varies from year to year by itself.

An exact error and a rate give the denominator. It is therefore rounded up to the next power of the
square root of two: the denominator stays open within a factor of two, and no change is called one
too soon. No page prints it.
"""

from typing import Any

import numpy as np
import pandas as pd

Z = 1.96
FACTORS = (100.0, 1000.0)


def half_width(numerator: Any, denominator: Any) -> Any:
    """Half of the 95 % Wilson interval of numerator/denominator, as a proportion.

    Takes numbers or arrays; NaN where there are none.
    """
    n, p = denominator, numerator / denominator
    return Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))


def coarse_error(frame: pd.DataFrame) -> "pd.Series[float]":
    """Give the error of every row that is a rate of a part in its whole, else NaN.

    A difference, an index or a figure as printed has none.
    """
    numerator = frame["numerator"].to_numpy(dtype=float)
    whole = frame["denominator"].to_numpy(dtype=float)
    value = frame["value"].to_numpy(dtype=float)
    found = np.full(len(frame), np.nan)
    for factor in FACTORS:
        with np.errstate(divide="ignore", invalid="ignore"):
            # Nothing of a hundred is nothing of a thousand; a share is by far the commoner.
            rate = np.isnan(found) & (whole > 0) & (numerator >= 0) & (numerator <= whole)
            rate &= np.isclose(value, factor * numerator / whole, rtol=1e-9, atol=1e-9)
        error = factor * half_width(numerator[rate], whole[rate]) / Z
        found[rate] = 2 ** (np.ceil(2 * np.log2(error)) / 2)
    return pd.Series(found, index=frame.index)
