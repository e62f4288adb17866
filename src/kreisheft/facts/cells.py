"""A cell of a facts file: a number, or a sign that says why there is none.

1374  25.3          a figure, as delivered, with a decimal point
(12) 12p 12r 12s    of limited reliability, provisional, revised, estimated
- . x / ... * –     the official signs, each with one meaning; ? was not delivered at all
"""

import re

import numpy as np
import pandas as pd

#: Sign → status. `signs` translates the signs of a delivery into these.
SIGNS = {
    "-": "zero",
    ".": "hidden",
    "*": "hidden_below_3",
    "x": "not_applicable",
    "/": "unreliable",
    "...": "pending",
    "–": "missing",
    "?": "not_loaded",
}
SIGN_OF = {status: sign for sign, status in SIGNS.items()}
#: Letter behind a number → status; brackets mean `limited`.
MARKS = {"p": "provisional", "r": "revised", "s": "estimated"}
_NUMBER = r"-?\d+(?:\.\d+)?"
_MARKED = re.compile(rf"\(({_NUMBER})\)|({_NUMBER})([prs])")
_WHOLE = re.compile(
    rf"{_NUMBER}|{_MARKED.pattern}|" + "|".join(re.escape(s) for s in SIGNS), re.ASCII
)


def is_cell(text: str) -> bool:
    """Say whether `text` is a number or a sign as facts files write them."""
    return _WHOLE.fullmatch(text) is not None


def split(texts: pd.Series) -> pd.DataFrame:
    """Parse cells into the columns `value` (float, NaN without a number) and `status` (category).

    texts: cells that `is_cell` accepts. The result has the same index.
    """
    # Most figures of a table occur many times, so each distinct text is parsed once.
    codes, distinct = pd.factorize(texts.to_numpy(dtype=object))
    value = np.array(pd.to_numeric(distinct, errors="coerce"), dtype=float)
    status = np.full(len(distinct), "value", dtype=object)
    for place in np.flatnonzero(np.isnan(value)).tolist():
        value[place], status[place] = _read(str(distinct[place]))
    value[status == "zero"] = 0.0
    words = pd.Categorical(status)
    return pd.DataFrame({"value": value[codes], "status": words.take(codes)}, index=texts.index)


def _read(text: str) -> tuple[float, str]:
    match = _MARKED.fullmatch(text)
    if match:
        number = match[1] or match[2]
        return float(number), MARKS.get(match[3] or "", "limited")
    return float("nan"), SIGNS[text]
