"""Where gap and ratio disagree: few points apart, and yet many times as often.

In: `Protected` rows of one indicator, period and table, of several regions, for the group and its
reference group. Out: a sentence, empty where both agree. Rates that are low everywhere give
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


def warn_of_difference(ctx: Context, indicator: Indicator, newest: Protected) -> str:
    """Sentences that warn when gap and ratio rank the Kreis differently; empty if they do not.

    newest: figures of the Kreis's peers; the sentences are about their period and table.
    The first sentence compares the Kreise that have a report. Figures that members of a ring
    delivered themselves are left out: they may not be named here.
    """
    row = newest.first()
    if ctx.passports[str(row["table"])].delivered:
        return ""
    group, reporting = str(row["group"]), params.reporting_kreise(ctx.root)
    protected, ring = (
        disclosure.filter_like(
            ctx.among_peers(indicator, ags), period=row["period"], table=row["table"]
        )
        for ags in (reporting, ctx.compared.ags)
    )
    names = ctx.names(reporting)
    own_ags = ctx.params.ags
    book, rules, name = ctx.book, ctx.thresholds, regions.name(ctx.root, own_ags)
    text = describe_extreme(protected, indicator, group, names, book, rules)
    return text + describe_quarters(ring, indicator, group, own_ags, name, book, rules)


def pairs(protected: Protected, indicator: Indicator, group: str) -> dict[str, Contrast]:
    """Gap and ratio per region whose figures of both groups are above zero."""
    values: dict[str, float] = {}
    reference: dict[str, float] = {}
    for row_group, ags, value in protected.rows("group", "ags", "value"):
        if value > 0 and row_group in (group, indicator.reference):
            (values if row_group == group else reference)[ags] = value
    both = sorted(values.keys() & reference.keys())
    return {ags: measures.contrast(values[ags], reference[ags]) for ags in both}


def describe_extreme(
    protected: Protected,
    indicator: Indicator,
    group: str,
    names: Mapping[str, str],
    book: Catalogue,
    rules: Rules,
) -> str:
    """Say which region has both the smallest gap and the largest ratio.

    Empty if no region has both, if there are too few, or if a group is below its reference.
    """
    contrasts = {
        a: c for a, c in _comparable_pairs(protected, indicator, group).items() if a in names
    }
    if len(contrasts) < rules.contrast_regions or any(c.gap <= 0 for c in contrasts.values()):
        return ""
    least, most = min(c.gap for c in contrasts.values()), max(c.ratio for c in contrasts.values())
    both = [a for a, c in contrasts.items() if c.gap == least or c.ratio == most]
    if len(both) != 1:
        return ""
    unit = indicator.unit
    return str(book.texts["sentences"]["opposite"]).format(
        name=names[both[0]],
        names=", ".join(sorted(names[a] for a in contrasts)),
        year=sentences.period(str(protected.column("period")[0]), book),
        reference=book.label(indicator.reference),
        gap=sentences.number(least, unit, book, suffix=False)
        + f" {book.texts['units'][unit]['gap']}",
        ratio=sentences.ratio(most),
    )


def describe_quarters(
    protected: Protected,
    indicator: Indicator,
    group: str,
    ags: str,
    name: str,
    book: Catalogue,
    rules: Rules,
) -> str:
    """Say that a Kreis is in distant quarters by gap and by ratio; empty if too few peers."""
    contrasts = _comparable_pairs(protected, indicator, group)
    few = len(contrasts) < rules.peers
    if ags not in contrasts or few or any(c.gap <= 0 for c in contrasts.values()):
        return ""
    quarters = [
        int((np.quantile(column, (0.25, 0.5, 0.75)) < mine).sum())
        for column, mine in zip(zip(*contrasts.values(), strict=True), contrasts[ags], strict=True)
    ]
    if abs(quarters[0] - quarters[1]) < rules.contrast_quarters:
        return ""
    return str(book.texts["sentences"]["apart"]).format(
        name=name,
        reference=book.label(indicator.reference),
        gap_quarter=book.texts["quarters"][quarters[0]],
        ratio_quarter=book.texts["quarters"][quarters[1]],
    )


def _comparable_pairs(
    protected: Protected, indicator: Indicator, group: str
) -> dict[str, Contrast]:
    if indicator.reference in ("", group) or indicator.unit not in RATES:
        return {}
    return pairs(protected, indicator, group)
