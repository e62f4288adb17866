"""Where distance and ratio tell two stories: few points apart, and yet many times as often.

In: `Protected` rows of one indicator, period and table, of several regions, for the group and its
reference group. Out: a sentence, empty where both tell the same. Rates that are low everywhere give
small distances and large ratios; a text that names one of the two misleads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from kreisheft.catalogue import params
from kreisheft.facts import regions
from kreisheft.protected import disclosure
from kreisheft.render import sentences
from kreisheft.values import measures
from kreisheft.values.measures import Contrast

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Catalogue, Indicator
    from kreisheft.catalogue.thresholds import Rules
    from kreisheft.facts.stages import Protected
    from kreisheft.figures.context import Context

#: Units in which a distance to the reference group means something.
RATES = ("prozent", "je_1000")


def told(ctx: Context, indicator: Indicator, newest: Protected) -> str:
    """Both sentences for the period and table of `newest`, the figures of the own Kreis's peers.

    The Kreise of the first sentence are those that have settings of their own, so a report too.
    What members of a ring delivered themselves is left out: they are not named here.
    """
    row = newest.first()
    if ctx.passports[str(row["table"])].delivered:
        return ""
    group, reporting = str(row["group"]), params.reporting_kreise(ctx.root)
    shown, ring = (
        disclosure.filter_like(
            ctx.among_peers(indicator, ags), period=row["period"], table=row["table"]
        )
        for ags in (reporting, ctx.compared.ags)
    )
    names = ctx.names(reporting)
    own = ctx.params.ags
    book, rules, name = ctx.book, ctx.thresholds, regions.name(ctx.root, own)
    text = extreme(shown, indicator, group, names, book, rules)
    return text + apart(ring, indicator, group, own, name, book, rules)


def pairs(shown: Protected, indicator: Indicator, group: str) -> dict[str, Contrast]:
    """Distance and ratio by region, for regions with a figure above nought for both groups."""
    own: dict[str, float] = {}
    reference: dict[str, float] = {}
    for one, ags, value in shown.rows("group", "ags", "value"):
        if value > 0 and one in (group, indicator.reference):
            (own if one == group else reference)[ags] = value
    both = sorted(own.keys() & reference.keys())
    return {ags: measures.contrast(own[ags], reference[ags]) for ags in both}


def extreme(
    shown: Protected,
    indicator: Indicator,
    group: str,
    names: Mapping[str, str],
    book: Catalogue,
    rules: Rules,
) -> str:
    """Say which one of enough regions has the smallest distance and the largest ratio.

    Empty if it is not one and the same, or if the group is below its reference somewhere.
    """
    found = {a: c for a, c in _compared(shown, indicator, group).items() if a in names}
    if len(found) < rules.contrast_regions or any(c.gap <= 0 for c in found.values()):
        return ""
    least, most = min(c.gap for c in found.values()), max(c.ratio for c in found.values())
    both = [a for a, c in found.items() if c.gap == least or c.ratio == most]
    if len(both) != 1:
        return ""
    unit = indicator.unit
    return str(book.texts["sentences"]["opposite"]).format(
        name=names[both[0]],
        names=", ".join(sorted(names[a] for a in found)),
        year=sentences.period(str(shown.column("period")[0]), book),
        reference=book.label(indicator.reference),
        gap=sentences.number(least, unit, book, suffix=False)
        + f" {book.texts['units'][unit]['gap']}",
        ratio=sentences.ratio(most),
    )


def apart(
    shown: Protected,
    indicator: Indicator,
    group: str,
    ags: str,
    name: str,
    book: Catalogue,
    rules: Rules,
) -> str:
    """Say that one of enough peers lies quarters apart by distance and by ratio."""
    found = _compared(shown, indicator, group)
    few = len(found) < rules.peers
    if ags not in found or few or any(c.gap <= 0 for c in found.values()):
        return ""
    quarters = [
        int((np.quantile(column, (0.25, 0.5, 0.75)) < mine).sum())
        for column, mine in zip(zip(*found.values(), strict=True), found[ags], strict=True)
    ]
    if abs(quarters[0] - quarters[1]) < rules.contrast_quarters:
        return ""
    return str(book.texts["sentences"]["apart"]).format(
        name=name,
        reference=book.label(indicator.reference),
        gap_quarter=book.texts["quarters"][quarters[0]],
        ratio_quarter=book.texts["quarters"][quarters[1]],
    )


def _compared(shown: Protected, indicator: Indicator, group: str) -> dict[str, Contrast]:
    if indicator.reference in ("", group) or indicator.unit not in RATES:
        return {}
    return pairs(shown, indicator, group)
