"""Control totals: printed totals of a delivery against the sums of their parts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kreisheft.core.errors import Problem
from kreisheft.facts import cells
from kreisheft.facts.fact_files import number_keys
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import TOTAL, WITH_NUMBER

_MANY = 20


@dataclass(frozen=True)
class Totals:
    """How many printed totals were compared, and a problem for each that deviates."""

    compared: int
    problems: tuple[Problem, ...]


def compare(frame: pd.DataFrame, passport: Passport, where: str) -> Totals:
    """Compare every total with its parts for the dimensions in ``passport.totals``.

    frame: a long frame (see `layout`) of one Stand. A total is compared where each of its parts has
    a number. It may deviate by half of the rounding base for each part and for itself, likewise by
    the noise of the source; not at all if the source neither rounds nor adds noise.
    """
    read = cells.split(frame["cell"])
    value = read["value"].to_numpy()
    numbered_ = read["status"].isin(WITH_NUMBER).to_numpy()
    slack = passport.noise + (passport.rounding / 2 if passport.rounding > 1 else 0)
    compared, problems = 0, []
    keys = [c for c in frame.columns if c not in ("cell", "concept", "stand")]
    for dimension in passport.totals:
        key = [c for c in keys if c != dimension]
        group = number_keys(frame, key)
        whole = (frame[dimension] == TOTAL).to_numpy()
        size = np.bincount(group[~whole], minlength=group.max(initial=-1) + 1)
        gaps = np.bincount(group[~whole & ~numbered_], minlength=len(size))
        parts = np.bincount(
            group[~whole & numbered_], value[~whole & numbered_], minlength=len(size)
        )
        rows = np.flatnonzero(whole & numbered_ & (size[group] > 0) & (gaps[group] == 0))
        off = np.abs(parts[group[rows]] - value[rows]) > slack * (size[group[rows]] + 1) + 1e-6
        compared += len(rows)
        problems += [
            Problem(
                f"{where}, {' '.join(str(frame[k].iloc[i]) for k in key)}",
                f"total {value[i]:g}, sum over {dimension} {parts[group[i]]:g}",
                "check the delivery, or remove the dimension from 'totals'",
            )
            for i in rows[off][:_MANY]
        ]
    return Totals(compared, tuple(problems))
