"""Standard error of a counted rate, coarsened so that no count can be computed from it.

In: value, numerator and denominator of `Values`. Out: a standard error in the value's own unit.

The half-width of the 95 % interval of Wilson (1927, JASA 22, 209–212; recommended by Newcombe 1998,
Statistics in Medicine 17, 857–872) divided by its z. A register counts everyone, so this is no
sampling error; it says how much a rate of so few persons varies from year to year by chance.

An exact error together with the rate gives the denominator. The error is therefore rounded up to
the next power of the square root of two: the denominator is known only within a factor of two, and
a change is never declared too early. No page prints the error.
"""

import numpy as np
import pandas as pd

from kreisheft.facts.stages import Array

Z = 1.96
FACTORS = (100.0, 1000.0)


def half_width(numerator: Array, denominator: Array) -> Array:
    """Return half of the 95 % Wilson interval of numerator/denominator, as a proportion.

    Takes numbers or arrays; NaN where there are none.

    >>> round(float(half_width(np.float64(50), np.float64(100))), 4)
    0.0962
    """
    n, p = denominator, numerator / denominator
    width: Array = Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return width


def coarse_error(frame: pd.DataFrame) -> "pd.Series[float]":
    """Return the coarse standard error of every row whose value is numerator / denominator.

    frame: columns `value` (percent or per 1,000), `numerator`, `denominator`. The error has the
    unit of the value and the index of the frame. NaN for other rows: a difference, an index, a
    figure as printed.

    >>> frame = pd.DataFrame({"value": [50.0, 7.0], "numerator": [50.0, 1.0], "denominator": 100.0})
    >>> [round(error, 2) for error in coarse_error(frame)]
    [5.66, nan]
    """
    numerator = frame["numerator"].to_numpy(dtype=float)
    whole = frame["denominator"].to_numpy(dtype=float)
    value = frame["value"].to_numpy(dtype=float)
    errors = np.full(len(frame), np.nan)
    for factor in FACTORS:
        with np.errstate(divide="ignore", invalid="ignore"):
            # Zero fits both factors; percent comes first because it is far more common.
            is_rate = np.isnan(errors) & (whole > 0) & (numerator >= 0) & (numerator <= whole)
            is_rate &= np.isclose(value, factor * numerator / whole, rtol=1e-9, atol=1e-9)
        error = factor * half_width(numerator[is_rate], whole[is_rate]) / Z
        errors[is_rate] = 2 ** (np.ceil(2 * np.log2(error)) / 2)
    return pd.Series(errors, index=frame.index)
