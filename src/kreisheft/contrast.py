"""Where distance and ratio tell two stories: few points apart, and yet many times as often.

In: `Protected` rows of one indicator, period and table, of several regions, for the group and its
reference group. Out: a sentence, empty where both tell the same. Rates that are low everywhere give
small distances and large ratios; a text that names one of the two misleads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from kreisheft import disclosure, measures, params, regions, texts
from kreisheft.model import with_number

if TYPE_CHECKING:
    from kreisheft.catalogue import Catalogue, Indicator
    from kreisheft.chapter import Chapter
    from kreisheft.model import Protected

#: Units in which a distance to the reference group means something.
RATES = ("prozent", "je_1000")


def told(chapter: Chapter, indicator: Indicator, newest: Protected) -> str:
    """Both sentences for the period and table of `newest`, the figures of the own Kreis's peers.

    The Kreise of the first sentence are those that have settings of their own, so a report too.
    What members of a ring delivered themselves is left out: they are not named here.
    """
    row = newest.frame.iloc[0]
    if chapter.passports[str(row["table"])].delivered:
        return ""
    group, reporting = str(row["group"]), params.reporting(chapter.root)
    everyone = chapter.among_peers(indicator, reporting)
    shown = disclosure.like(everyone, period=row["period"], table=row["table"])
    names = {ags: regions.name(chapter.root, ags) for ags in reporting}
    own = chapter.params.ags
    ring = disclosure.narrow(shown, shown.frame["ags"].isin(chapter.compared.ags))
    text = extreme(shown, indicator, group, names, chapter.book)
    return text + apart(ring, indicator, group, own, regions.name(chapter.root, own), chapter.book)


def pairs(shown: Protected, indicator: Indicator, group: str) -> pd.DataFrame:
    """Distance and ratio by region, for regions with a figure above nought for both groups."""
    frame = with_number(shown.frame)
    frame = frame[frame["value"] > 0]
    sides = [
        frame[frame["group"] == one].set_index("ags")["value"].rename(name)
        for name, one in (("own", group), ("reference", indicator.reference))
    ]
    both = pd.concat(sides, axis=1, join="inner").sort_index()
    found = [measures.contrast(*pair) for pair in both.to_numpy(dtype=float).tolist()]
    return both.assign(gap=[c.gap for c in found], ratio=[c.ratio for c in found])


def extreme(
    shown: Protected, indicator: Indicator, group: str, names: Mapping[str, str], book: Catalogue
) -> str:
    """Say which one of at least three regions has the smallest distance and the largest ratio.

    Empty if it is not one and the same, or if the group is below its reference somewhere.
    """
    found = _compared(shown, indicator, group)
    found = found[found.index.isin(names)]
    if len(found) < 3 or (found["gap"] <= 0).any():
        return ""
    least, most = found["gap"].min(), found["ratio"].max()
    both = found[(found["gap"] == least) | (found["ratio"] == most)]
    if len(both) != 1:
        return ""
    unit = indicator.unit
    return str(book.texts["sentences"]["opposite"]).format(
        name=names[str(both.index[0])],
        names=", ".join(sorted(names[a] for a in found.index)),
        year=texts.period(str(shown.frame["period"].iloc[0])),
        reference=book.label(indicator.reference),
        gap=f"{texts.number(least, unit, book, suffix=False)} {book.texts['units'][unit]['gap']}",
        ratio=texts.ratio(most),
    )


def apart(
    shown: Protected, indicator: Indicator, group: str, ags: str, name: str, book: Catalogue
) -> str:
    """Say that one of at least five regions lies two quarters apart by distance and by ratio."""
    found = _compared(shown, indicator, group)
    if ags not in found.index or len(found) < 5 or (found["gap"] <= 0).any():
        return ""
    quarters = []
    for key in ("gap", "ratio"):
        limits = found[key].quantile([0.25, 0.5, 0.75])
        quarters.append(int((limits < found[key].loc[ags]).sum()))
    if abs(quarters[0] - quarters[1]) < 2:
        return ""
    return str(book.texts["sentences"]["apart"]).format(
        name=name,
        reference=book.label(indicator.reference),
        gap_quarter=book.texts["quarters"][quarters[0]],
        ratio_quarter=book.texts["quarters"][quarters[1]],
    )


def _compared(shown: Protected, indicator: Indicator, group: str) -> pd.DataFrame:
    if indicator.reference in ("", group) or indicator.unit not in RATES:
        return pairs(shown, indicator, "").iloc[:0]
    return pairs(shown, indicator, group)
