"""German numbers, periods, and one sentence per figure whose words follow the numbers.

In: `Protected` and the sentences of ``data/catalogue/texts.yml``. Out: plain text.
A sentence never compares across a break: it looks only at rows of the newest segment.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from kreisheft.catalogue.catalogue import Break, Catalogue, Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.facts import periods
from kreisheft.facts.stages import TOTAL, Protected, select_with_number
from kreisheft.findings import judgement
from kreisheft.findings.comparison_ring import Ring
from kreisheft.values import measures

#: What Babel writes for ``de``, a hundred times faster: a chapter has a thousand numbers.
_GERMAN = str.maketrans({",": ".", ".": ",", "-": "\N{MINUS SIGN}"})
#: More peers without a figure are counted, not named.
_NAMED = 3
#: Verdict on a development → sentence.
SENTENCES = {
    "risen": "trend_rose",
    "fallen": "trend_fell",
    "unchanged": "trend_same",
    judgement.OPEN: "trend_open",
}


class Point(NamedTuple):
    """One figure that has a number: the columns that `trend` needs."""

    group: str
    year: int
    period: str
    value: float
    table: str
    segment: str


def number(value: float, unit: str, book: Catalogue, *, suffix: bool = True) -> str:
    """Write 14.26 as ``14,3 %`` and 88626.0 as ``88.626``, as the unit demands."""
    rule = book.texts["units"][unit]
    text = f"{_round_half_up(value, rule['decimals']):,.{rule['decimals']}f}".translate(_GERMAN)
    return text + (rule["suffix"].replace(" ", "\N{NO-BREAK SPACE}") if suffix else "")


def cell(value: float, status: str, unit: str, book: Catalogue) -> str:
    """Write a table cell: the number and what the source says of it, or why there is none."""
    if not math.isnan(value):
        mark = str(book.texts["marks"].get(status, ""))
        return number(value, unit, book, suffix=False) + mark
    return str(book.texts["status"].get(status, book.texts["status"]["none"]))


def day(text: str) -> str:
    """Write a date that is no period of a figure: a Stand, a decision, since when."""
    return periods.format_day(text)


def period(text: str, book: Catalogue) -> str:
    """Write ``2024-12-31`` as ``31.12.2024``, ``2023-08P12M`` in words; a plain year stays."""
    return periods.format_period(text, book.texts["periods"])


def trend(
    protected: Protected, indicator: Indicator, year: int, book: Catalogue, rules: Rules
) -> str:
    """Say where the focus group stands, how it got there, and the gap to the reference group.

    Whether it rose, fell or stayed is what `judgement.judge_development` says.
    """
    columns = ("group", "year", "period", "value", "table", "segment")
    figures = [Point(*row) for row in protected.rows(*columns) if not math.isnan(row[3])]
    group = _focus([row.group for row in figures], indicator)
    points = sorted((row for row in figures if row.group == group), key=lambda row: row.year)
    last = points[-1]
    judged = judgement.judge_development(protected, indicator, group, year, rules)
    words = book.texts["sentences"]
    write = partial(number, unit=indicator.unit, book=book)
    values = {
        "title": indicator.title,
        "group": book.label(group),
        "value": write(last.value),
        "year": period(last.period, book),
        "first": write(judged.numbers.get("first", math.nan)) if judged.numbers else "",
        "first_year": judged.numbers.get("first_year", ""),
        "reason": book.texts["reasons"].get(judged.reason, ""),
    }
    # A lone figure, or a number of persons, needs no excuse.
    plain = len(points) == 1 or judged.reason == "unit"
    key = "trend_one" if plain else SENTENCES[judged.verdict]
    text = str(words[key]).format(**values)
    start = min(row.year for row in points if row.segment == last.segment)
    cuts = [b for b in book.breaks_of(last.table, indicator.id) if b.year <= start]
    if cuts and points[0].year < cuts[-1].year:
        text += words["break"].format(break_label=cuts[-1].label)
    # Two tables may count the same year in two ways: a gap is taken within one.
    at = [row for row in figures if (row.period, row.table) == (last.period, last.table)]
    text += _gap({row.group: row.value for row in at}, indicator, book, group)
    old = words["old"].format(age=year - last.year)
    return text + (old if rules.is_old(last.year, year) else "")


def breaks_within(protected: Protected, book: Catalogue) -> list[tuple[int, Break]]:
    """Declared breaks that a series crosses, oldest first, with the first year after each.

    A break belongs to its table: it is crossed where that table has figures on both sides. One that
    several tables cross is told once, where it comes first.
    """
    series: dict[tuple[str, str], list[int]] = {}
    for indicator, table, year, value in protected.rows("indicator", "table", "year", "value"):
        if not math.isnan(value):
            series.setdefault((indicator, table), []).append(year)
    crossed: dict[tuple[int, str], Break] = {}
    for (indicator, table), years in sorted(series.items()):
        for b in book.breaks_of(table, indicator):
            after = [year for year in years if year >= b.year]
            if 0 < len(after) < len(years):
                crossed[min(after), b.label] = b
    first: dict[str, tuple[int, Break]] = {}
    for year, label in sorted(crossed):
        first.setdefault(label, (year, crossed[year, label]))
    return list(first.values())


def _gap(values: Mapping[str, float], indicator: Indicator, book: Catalogue, group: str) -> str:
    """Say gap and ratio to the reference group; empty if there is none.

    values: by group, of one period and table
    """
    reference = indicator.reference
    if book.counts(indicator) or reference in ("", group) or not {group, reference} <= set(values):
        return ""
    words = book.texts["sentences"]
    rule = book.texts["units"][indicator.unit]
    base = values[reference]
    contrast = measures.contrast(values[group], base)
    amount = number(abs(contrast.gap), indicator.unit, book, suffix=False)
    name = book.label(reference)
    if not base or amount == number(0, indicator.unit, book, suffix=False):
        return str(words["gap_none"]).format(reference=name) if base else ""
    return str(words["gap_above" if contrast.gap > 0 else "gap_below"]).format(
        gap=f"{amount} {rule['gap']}",
        reference=name,
        reference_value=number(base, indicator.unit, book),
        ratio=ratio(contrast.ratio),
    )


def ratio(value: float) -> str:
    """Write a ratio with two decimals: ``2,85``."""
    return f"{_round_half_up(value, 2):.2f}".replace(".", ",")


def _round_half_up(value: float, decimals: int) -> Decimal:
    """Round half up, as official tables and the charts do; a float alone rounds 8.65 to 8.6."""
    exact = Decimal(repr(round(float(value), 9)))
    # Adding nought turns minus nought into nought.
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def groups(protected: Protected, indicator: Indicator, book: Catalogue) -> str:
    """Give the total and name the highest and the lowest group of the newest period."""
    rows = protected.rows("value", "group", "period")
    figures = sorted(row for row in rows if not math.isnan(row[0]))
    parts = [row for row in figures if row[1] != TOTAL]
    total = [value for value, group, _ in figures if group == TOTAL]
    words = book.texts["sentences"]
    text = str(words["groups"]).format(title=indicator.title, year=period(figures[0][2], book))
    clauses = [str(words["groups_total"])] if len(total) else []
    clauses += (
        [str(words["groups_one"] if len(parts) == 1 else words["groups_span"])]
        if len(parts)
        else []
    )
    named = parts or figures
    (low, lowest, _), (high, highest, _) = named[0], named[-1]
    return (
        text
        + "; ".join(clauses).format(
            total=number(total[0], indicator.unit, book) if total else "",
            highest=book.label(highest),
            highest_value=number(high, indicator.unit, book),
            lowest=book.label(lowest),
            lowest_value=number(low, indicator.unit, book),
        )
        + "."
    )


def municipalities(
    protected: Protected, indicator: Indicator, names: dict[str, str], book: Catalogue
) -> str:
    """Name the municipalities with the lowest and the highest value."""
    frame = select_with_number(protected.frame).sort_values(["value", "ags"])
    low, high = frame.iloc[0], frame.iloc[-1]
    values = {
        "title": indicator.title,
        "group": book.label(high["group"]),
        "year": period(high["period"], book),
        "lowest": names[low["ags"]],
        "lowest_value": number(low["value"], indicator.unit, book),
        "highest": names[high["ags"]],
        "highest_value": number(high["value"], indicator.unit, book),
        "n": len(frame),
        "all": len(names),
    }
    key = "map_same" if values["lowest_value"] == values["highest_value"] else "map"
    return str(book.texts["sentences"][key]).format(**values)


def place_in_ring(
    ring: Ring,
    indicator: Indicator,
    name: str,
    peers: str,
    book: Catalogue,
    rules: Rules,
    missing: Sequence[str] = (),
) -> str:
    """Say where the Kreis stands among its peers, without a rank; too few peers: say only that.

    peers: who they are, in words. missing: names or codes of those without a figure.
    """
    words = book.texts["sentences"]
    if ring.n < rules.peers:
        least = book.numeral(rules.peers)
        return str(words["ring_withheld"]).format(n=ring.n, least=least)
    write = partial(number, unit=indicator.unit, book=book)
    text = str(words["ring"]).format(
        title=indicator.title,
        group=book.label(ring.group),
        year=period(ring.period, book),
        own=write(ring.own),
        name=name,
        n=ring.n,
        peers=peers,
        median=write(ring.median),
        lowest_value=write(ring.minimum),
        highest_value=write(ring.maximum),
        quarter=book.texts["quarters"][ring.quarter],
    )
    if len(missing) > _NAMED:
        text += str(words["ring_missing_many"]).format(n=len(missing))
    elif missing:
        text += str(words["ring_missing"]).format(names=", ".join(missing))
    return text


def ring_break(rings: Sequence[Ring], book: Catalogue) -> str:
    """Say between which neighbouring periods a break lies; empty if there is none."""
    return "".join(
        str(book.texts["sentences"]["ring_break"]).format(
            before=period(before.period, book), after=period(after.period, book)
        )
        for before, after in pairwise(rings)
        if before.segment != after.segment
    )


def _focus(groups: Sequence[str], indicator: Indicator) -> str:
    return indicator.focus if indicator.focus in groups else groups[0]
