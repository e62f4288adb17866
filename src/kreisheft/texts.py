"""German numbers, periods, and one sentence per figure whose words follow the numbers.

In: `Protected` and the sentences of ``data/catalogue/texts.yml``. Out: plain text.
A sentence never compares across a break: it looks only at rows of the newest segment.
"""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import pairwise

import pandas as pd
from babel.numbers import format_decimal

from kreisheft import judgement, measures
from kreisheft.catalogue import Break, Catalogue, Indicator
from kreisheft.comparison import Ring
from kreisheft.model import TOTAL, Protected, with_number
from kreisheft.thresholds import Rules

LOCALE = "de_DE"
#: More peers without a figure are counted, not named.
_NAMED = 3
#: Verdict on a development → sentence.
SENTENCES = {
    "risen": "trend_rose",
    "fallen": "trend_fell",
    "unchanged": "trend_same",
    judgement.OPEN: "trend_open",
}


def number(value: float, unit: str, book: Catalogue, *, suffix: bool = True) -> str:
    """Write 14.26 as ``14,3 %`` and 88626.0 as ``88.626``, as the unit demands."""
    rule = book.texts["units"][unit]
    pattern = "#,##0" + ("." + "0" * rule["decimals"] if rule["decimals"] else "")
    plain: str = format_decimal(_rounded(value, rule["decimals"]), format=pattern, locale=LOCALE)
    text = plain.replace("-", "\N{MINUS SIGN}")
    return text + (rule["suffix"].replace(" ", "\N{NO-BREAK SPACE}") if suffix else "")


def cell(value: float, status: str, unit: str, book: Catalogue) -> str:
    """Write a table cell: the number and what the source says of it, or why there is none."""
    if not math.isnan(value):
        mark = str(book.texts["marks"].get(status, ""))
        return number(value, unit, book, suffix=False) + mark
    return str(book.texts["status"].get(status, book.texts["status"]["none"]))


def period(text: str) -> str:
    """Write ``2024-12-31`` as ``31.12.2024``; a plain year stays."""
    return ".".join(reversed(text.split("-")))


def trend(shown: Protected, indicator: Indicator, year: int, book: Catalogue, rules: Rules) -> str:
    """Tell where the focus group stands, how it got there, and the gap to the reference group.

    Whether it rose, fell or stayed is what `judgement.development` says.
    """
    frame = with_number(shown.frame)
    group = _focus(frame, indicator)
    own = frame[frame["group"] == group].sort_values("year")
    last = own.iloc[-1]
    judged = judgement.development(shown, indicator, group, year, rules)
    words = book.texts["sentences"]
    write = partial(number, unit=indicator.unit, book=book)
    values = {
        "title": indicator.title,
        "group": book.label(group),
        "value": write(last["value"]),
        "year": period(last["period"]),
        "first": write(judged.numbers.get("first", math.nan)) if judged.numbers else "",
        "first_year": judged.numbers.get("first_year", ""),
        "reason": book.texts["reasons"].get(judged.reason, ""),
    }
    # A lone figure, or a number of persons, needs no excuse.
    plain = len(own) == 1 or judged.reason == "unit"
    key = "trend_one" if plain else SENTENCES[judged.verdict]
    text = str(words[key]).format(**values)
    start = own.loc[own["segment"] == last["segment"], "year"].min()
    cuts = [b for b in book.breaks_of(last["table"], indicator.id) if b.year <= start]
    if cuts and own["year"].min() < cuts[-1].year:
        text += words["break"].format(break_label=cuts[-1].label)
    text += gap(frame, indicator, book, group, str(last["period"]))
    age = year - int(last["year"])
    return text + (words["old"].format(age=age) if age > rules.age else "")


def breaks_within(frame: pd.DataFrame, book: Catalogue) -> list[tuple[int, Break]]:
    """Declared breaks that a series crosses, oldest first, with the first year after each.

    A break belongs to its table: it is crossed where that table has figures on both sides. One that
    several tables cross is told once, where it comes first.
    """
    known = with_number(frame)
    found: dict[tuple[int, str], Break] = {}
    for (indicator, table), part in known.groupby(["indicator", "table"]):
        for b in book.breaks_of(str(table), str(indicator)):
            after = part.loc[part["year"] >= b.year, "year"]
            if len(after) and len(after) < len(part):
                found[int(after.min()), b.label] = b
    first: dict[str, tuple[int, Break]] = {}
    for year, label in sorted(found):
        first.setdefault(label, (year, found[year, label]))
    return list(first.values())


def gap(frame: pd.DataFrame, indicator: Indicator, book: Catalogue, group: str, at: str) -> str:
    """Tell gap and ratio to the reference group in the same period; empty if there is none."""
    rows = frame[frame["period"] == at].set_index("group")
    # Two tables may count the same year in two ways: a gap is taken within one.
    pair = rows.loc[rows["table"] == rows["table"].get(group), "value"]
    reference = indicator.reference
    if (
        book.counts(indicator)
        or reference in ("", group)
        or not {group, reference} <= set(pair.index)
    ):
        return ""
    words = book.texts["sentences"]
    rule = book.texts["units"][indicator.unit]
    base = float(pair[reference])
    found = measures.contrast(float(pair[group]), base)
    amount = number(abs(found.gap), indicator.unit, book, suffix=False)
    name = book.label(reference)
    if not base or amount == number(0, indicator.unit, book, suffix=False):
        return str(words["gap_none"]).format(reference=name) if base else ""
    return str(words["gap_above" if found.gap > 0 else "gap_below"]).format(
        gap=f"{amount} {rule['gap']}",
        reference=name,
        reference_value=number(base, indicator.unit, book),
        ratio=ratio(found.ratio),
    )


def ratio(value: float) -> str:
    """Write a ratio with two decimals: ``2,85``."""
    text: str = format_decimal(_rounded(value, 2), format="0.00", locale=LOCALE)
    return text


def _rounded(value: float, decimals: int) -> Decimal:
    """Round half up, as official tables and the charts do; Babel alone rounds 8.65 to 8.6."""
    exact = Decimal(repr(round(float(value), 9)))
    # Adding nought turns minus nought into nought.
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def groups(shown: Protected, indicator: Indicator, book: Catalogue) -> str:
    """Give the total and name the highest and the lowest group of the newest period."""
    frame = with_number(shown.frame).sort_values(["value", "group"])
    parts = frame[frame["group"] != TOTAL]
    total = frame[frame["group"] == TOTAL]
    words = book.texts["sentences"]
    text = str(words["groups"]).format(
        title=indicator.title, year=period(str(frame["period"].iloc[0]))
    )
    said = [str(words["groups_total"])] if len(total) else []
    said += (
        [str(words["groups_one"] if len(parts) == 1 else words["groups_span"])]
        if len(parts)
        else []
    )
    low, high = (parts if len(parts) else frame).iloc[[0, -1]].to_dict("records")
    return (
        text
        + "; ".join(said).format(
            total=number(float(total["value"].iloc[0]), indicator.unit, book) if len(total) else "",
            highest=book.label(high["group"]),
            highest_value=number(high["value"], indicator.unit, book),
            lowest=book.label(low["group"]),
            lowest_value=number(low["value"], indicator.unit, book),
        )
        + "."
    )


def municipalities(
    shown: Protected, indicator: Indicator, names: dict[str, str], book: Catalogue
) -> str:
    """Name the municipalities with the lowest and the highest value."""
    frame = with_number(shown.frame).sort_values(["value", "ags"])
    low, high = frame.iloc[0], frame.iloc[-1]
    values = {
        "title": indicator.title,
        "group": book.label(high["group"]),
        "year": period(high["period"]),
        "lowest": names[low["ags"]],
        "lowest_value": number(low["value"], indicator.unit, book),
        "highest": names[high["ags"]],
        "highest_value": number(high["value"], indicator.unit, book),
        "n": len(frame),
        "all": len(names),
    }
    key = "map_same" if values["lowest_value"] == values["highest_value"] else "map"
    return str(book.texts["sentences"][key]).format(**values)


def ring(
    found: Ring,
    indicator: Indicator,
    name: str,
    peers: str,
    book: Catalogue,
    missing: Sequence[str] = (),
) -> str:
    """Place the Kreis among its peers; no ranking, and nothing under five.

    peers: who they are, in words. missing: names or codes of those without a figure.
    """
    words = book.texts["sentences"]
    if found.n < 5:
        return str(words["ring_withheld"]).format(n=found.n)
    write = partial(number, unit=indicator.unit, book=book)
    text = str(words["ring"]).format(
        title=indicator.title,
        group=book.label(found.group),
        year=period(found.period),
        own=write(found.own),
        name=name,
        n=found.n,
        peers=peers,
        median=write(found.median),
        lowest_value=write(found.minimum),
        highest_value=write(found.maximum),
        quarter=book.texts["quarters"][found.quarter],
    )
    if len(missing) > _NAMED:
        text += str(words["ring_missing_many"]).format(n=len(missing))
    elif missing:
        text += str(words["ring_missing"]).format(names=", ".join(missing))
    return text


def ring_break(found: Sequence[Ring], book: Catalogue) -> str:
    """Say which neighbouring periods a break parts; empty if none."""
    return "".join(
        str(book.texts["sentences"]["ring_break"]).format(
            before=period(before.period), after=period(after.period)
        )
        for before, after in pairwise(found)
        if before.segment != after.segment
    )


def _focus(frame: pd.DataFrame, indicator: Indicator) -> str:
    present = set(frame["group"])
    return indicator.focus if indicator.focus in present else str(frame["group"].iloc[0])
