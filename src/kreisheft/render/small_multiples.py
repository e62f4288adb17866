"""Small multiples: one small line chart for each region or group, all in one scale.

In: `Protected` rows of one indicator. Out: HTML, a list of named pictures; none needs a script, and
the list flows into as many columns as there is room for. No line crosses a break, a missing year or
a change of table; a hidden figure is a gap and leaves no trace.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.core.markup import Markup, Value, bullet_list, element
from kreisheft.facts.stages import Protected
from kreisheft.protected import disclosure
from kreisheft.render import charts, maps, sentences

#: Size of one picture and of the field in it, in units; the rest is for words.
WIDTH, HEIGHT = 240, 130
LEFT, RIGHT, TOP, BOTTOM = 8, 232, 16, 108
COLOUR, RULE = "#0072b2", "#c9d1d6"


@dataclass(frozen=True)
class Line:
    """The known figures of one region or group: year, value, segment; oldest first."""

    name: str
    points: tuple[tuple[int, float, str], ...]

    @property
    def is_cut(self) -> bool:
        """Whether a break or another table lies between its figures."""
        return len({segment for _, _, segment in self.points}) > 1


def lines(shown: Protected, by: str, names: Mapping[str, str]) -> list[Line]:
    """One line per key of `names`, in that order, if it has figures of two years or more.

    by: the column that parts the lines, ``ags`` or ``group``. See `narrowed`.
    """
    found: dict[str, list[tuple[int, float, str]]] = {}
    for key, year, value, segment in shown.rows(by, "year", "value", "segment"):
        if not math.isnan(value):
            found.setdefault(key, []).append((int(year), float(value), str(segment)))
    kept = [Line(name, tuple(sorted(found.get(key, ())))) for key, name in names.items()]
    return [one for one in kept if len({year for year, _, _ in one.points}) > 1]


def narrowed(shown: Protected, by: str) -> Protected:
    """Rows of the years in which at least two have a figure; one alone is no comparison."""
    found = {(year, key) for year, key, value in shown.rows("year", by, "value") if value == value}
    count = Counter(year for year, _ in found)
    return disclosure.narrow(shown, [count[year] > 1 for year in shown.column("year")])


def html(drawn: Sequence[Line], indicator: Indicator, book: Catalogue) -> Markup:
    """The list of pictures; drawn: not empty."""
    years = [year for one in drawn for year, _, _ in one.points]
    values = [value for one in drawn for _, value, _ in one.points]
    # Lines hold nought, as those of the large charts do.
    bounds = maps.bounds([0.0, *values])
    span = (min(years), max(years)), (bounds[0], bounds[-1])
    panels = (_panel(one, span, indicator, book) for one in drawn)
    return bullet_list(panels, class_="kh-tafeln")


def told(one: Line, indicator: Indicator, book: Catalogue) -> str:
    """The first and the last figure of a line in words, and whether they may be compared."""
    words, (first, *_, last) = book.texts["panels"], one.points
    text = words["line"].format(
        name=one.name,
        first=sentences.number(first[1], indicator.unit, book),
        first_year=first[0],
        last=sentences.number(last[1], indicator.unit, book),
        last_year=last[0],
    )
    return str(words["line_break"].format(line=text) if one.is_cut else text)


def _panel(
    one: Line,
    span: tuple[tuple[int, int], tuple[float, float]],
    indicator: Indicator,
    book: Catalogue,
) -> Markup:
    (start, end), (low, high) = span

    def x(year: float) -> str:
        return _short(LEFT + (RIGHT - LEFT) * (year - start) / max(end - start, 1))

    def y(value: float) -> str:
        return _short(BOTTOM - (BOTTOM - TOP) * (value - low) / ((high - low) or 1.0))

    rows = [(one.name, year, segment, value) for year, value, segment in one.points]
    runs: dict[int, list[tuple[int, float]]] = {}
    for (_, year, _, value), run in zip(rows, charts.runs(rows), strict=True):
        runs.setdefault(run, []).append((year, value))
    paths = [
        element("path", d=f"M{'L'.join(f'{x(a)} {y(b)}' for a, b in run)}") for run in runs.values()
    ]
    dots = [element("circle", cx=x(a), cy=y(b), r=2.5) for a, b, _ in one.points]
    cuts = [
        (before[0] + after[0]) / 2
        for before, after in zip(one.points, one.points[1:], strict=False)
        if before[2] != after[2]
    ]
    dashed = [element("path", d=f"M{x(at)} {TOP}V{BOTTOM}") for at in cuts]
    rules = element("path", d=f"M{LEFT} {TOP}H{RIGHT}M{LEFT} {BOTTOM}H{RIGHT}")
    top, bottom = (sentences.number(v, indicator.unit, book) for v in (high, low))
    scale = (
        element("text", top, x=LEFT, y=TOP - 4),
        element("text", bottom, x=LEFT, y=BOTTOM - 3),
        element("text", str(start), x=LEFT, y=HEIGHT - 6),
        element("text", str(end), x=RIGHT, y=HEIGHT - 6, text_anchor="end"),
    )
    last_year, last, _ = one.points[-1]
    label = element(
        "text",
        sentences.number(last, indicator.unit, book),
        x=x(last_year),
        y=_short(float(y(last)) - 6),
        font_weight=700,
        text_anchor="end" if last_year > (start + end) / 2 else "start",
    )
    halo: dict[str, Value] = {"stroke": "#fff", "stroke_width": 3, "paint_order": "stroke"}
    picture = element(
        "svg",
        element("g", rules, fill="none", stroke=RULE),
        element("g", *dashed, fill="none", stroke="#5a5a5a", stroke_dasharray="4 3"),
        element("g", *paths, fill="none", stroke=COLOUR, stroke_width=2),
        element("g", *dots, fill=COLOUR),
        element("g", *scale, fill="#4a555d", font_size=11),
        element("g", label, fill="#12222c", font_size=12, **halo),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=told(one, indicator, book),
    )
    return element("p", one.name, class_="kh-tafel-name") + picture


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
