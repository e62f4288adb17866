"""Stage 4: values → protected values. The one gate before every chart, table and sentence.

In: `Values`, the rules of ``data/rules/disclosure.yml``. Out: `Protected`.

1. A figure printed in an open official table is public knowledge and passes unchanged.
2. Any other figure is hidden if the number of persons behind it, or the rest up to its base, is
   above zero and below the threshold.
3. What would give a hidden figure back is hidden too: all parts of the same split, and the same
   group in all municipalities of the Kreis. This closes sums and differences coarsely; the exact
   system (linear programming over all published figures) is a later stage.

Source of threshold and rule 2: Regeln der statistischen Geheimhaltung, Statistik der BA.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kreisheft import documents
from kreisheft.errors import Problem
from kreisheft.model import PROTECTED_COLUMNS, TOTAL, Protected, Values


@dataclass(frozen=True)
class Rules:
    """threshold: smallest number of persons that may be seen; by_concept may only raise it."""

    threshold: int
    by_concept: dict[str, int]


def load_rules(root: Path) -> Rules:
    """Read ``data/rules/disclosure.yml``; DataError with line if it is damaged."""
    content = documents.load(root / "data/rules/disclosure.yml", "disclosure", root).content
    return Rules(content["threshold"], dict(content.get("by_concept", {})))


def check(root: Path) -> list[Problem]:
    """Every problem of the rules."""
    return documents.collect([lambda: load_rules(root)])


def protect(values: Values, rules: Rules) -> Protected:
    """Hide small figures and what would reveal them; numerators and denominators go altogether."""
    frame = values.frame
    hidden = _small(frame, rules)
    hidden = _closed(frame, hidden)
    shown = frame.assign(
        value=frame["value"].mask(hidden),
        status=frame["status"].mask(hidden, "hidden"),
    )
    return Protected(shown[list(PROTECTED_COLUMNS)])


def narrow(shown: Protected, rows: "pd.Series[bool]") -> Protected:
    """Some rows of protected figures are protected figures."""
    return Protected(shown.frame[rows].reset_index(drop=True))


def _small(frame: pd.DataFrame, rules: Rules) -> pd.Series:
    limit = frame["concept"].map(rules.by_concept).fillna(0).clip(lower=rules.threshold)
    persons, rest = frame["numerator"], frame["denominator"] - frame["numerator"]
    small = ((persons > 0) & (persons < limit)) | ((rest > 0) & (rest < limit))
    return small & ~frame["published"].astype(bool)


def _closed(frame: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Hide siblings until nothing changes: same split of a region, same group of a Kreis."""
    own = ~frame["published"].astype(bool)
    part = own & (frame["group"] != TOTAL)
    municipality = frame["ags"].str.len() > 5
    kreis = frame["ags"].str[:5].where(municipality, frame["ags"])
    figure = ["indicator", "target_group", "period"]
    while True:
        keys = frame[figure].assign(ags=frame["ags"], kreis=kreis, group=frame["group"])
        split = hidden.groupby([keys[c] for c in (*figure, "ags")]).transform("any") & part
        places = (
            (hidden & municipality)
            .groupby([keys[c] for c in (*figure, "kreis", "group")])
            .transform("any")
            & municipality
            & own
        )
        wider = hidden | split | places
        if wider.equals(hidden):
            return hidden
        hidden = wider
