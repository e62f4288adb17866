"""Small multiples: one small line chart for each region or group, all in one scale.

In: `Protected` rows of one indicator. Out: HTML, a list of named pictures; none needs a script, and
the list flows into as many columns as there is room for. No line crosses a break, a missing year or
a change of table; a hidden figure is a gap and leaves no trace.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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


def lines(protected: Protected, by: str, names: Mapping[str, str]) -> list[Line]:
    """One line per key of `names`, in that order, if it has figures of two years or more.

    by: the column that parts the lines, ``ags`` or ``group``. See `select_shared_years`.
    """
    points: dict[str, list[tuple[int, float, str]]] = {}
    for key, year, value, segment in protected.rows(by, "year", "value", "segment"):
        if not math.isnan(value):
            points.setdefault(key, []).append((int(year), float(value), str(segment)))
    candidates = [Line(name, tuple(sorted(points.get(key, ())))) for key, name in names.items()]
    return [line for line in candidates if len({year for year, _, _ in line.points}) > 1]


def select_shared_years(protected: Protected, by: str) -> Protected:
    """Rows of the years in which at least two lines have a figure; one alone is no comparison."""
    figures = {
        (year, key) for year, key, value in protected.rows("year", by, "value") if value == value
    }
    count = Counter(year for year, _ in figures)
    return disclosure.select_rows(protected, [count[year] > 1 for year in protected.column("year")])


def html(series: Sequence[Line], indicator: Indicator, book: Catalogue) -> Markup:
    """HTML of the list of pictures, one per line; series: at least one."""
    years = [year for line in series for year, _, _ in line.points]
    values = [value for line in series for _, value, _ in line.points]
    # Lines hold nought, as those of the large charts do.
    bounds = maps.bounds([0.0, *values])
    span = (min(years), max(years)), (bounds[0], bounds[-1])
    panels = (_panel(line, span, indicator, book) for line in series)
    return bullet_list(panels, class_="kh-tafeln")


def describe_line(line: Line, indicator: Indicator, book: Catalogue) -> str:
    """First and last figure of a line in words; says so where a break lies between them."""
    words, (first, *_, last) = book.texts["panels"], line.points
    text = words["line"].format(
        name=line.name,
        first=sentences.number(first[1], indicator.unit, book),
        first_year=first[0],
        last=sentences.number(last[1], indicator.unit, book),
        last_year=last[0],
    )
    return str(words["line_break"].format(line=text) if line.is_cut else text)


def _panel(
    line: Line,
    span: tuple[tuple[int, int], tuple[float, float]],
    indicator: Indicator,
    book: Catalogue,
) -> Markup:
    """Name and picture of one line; span: first and last year, lowest and highest value."""
    (start, end), (low, high) = span

    def x(year: float) -> str:
        return _short_number(LEFT + (RIGHT - LEFT) * (year - start) / max(end - start, 1))

    def y(value: float) -> str:
        return _short_number(BOTTOM - (BOTTOM - TOP) * (value - low) / ((high - low) or 1.0))

    dots = [element("circle", cx=x(a), cy=y(b), r=2.5) for a, b, _ in line.points]
    cuts = [
        (before[0] + after[0]) / 2
        for before, after in zip(line.points, line.points[1:], strict=False)
        if before[2] != after[2]
    ]
    dashed = [element("path", d=f"M{x(at)} {TOP}V{BOTTOM}") for at in cuts]
    rules = element("path", d=f"M{LEFT} {TOP}H{RIGHT}M{LEFT} {BOTTOM}H{RIGHT}")
    last_year, last, _ = line.points[-1]
    label = element(
        "text",
        sentences.number(last, indicator.unit, book),
        x=x(last_year),
        y=_short_number(float(y(last)) - 6),
        font_weight=700,
        text_anchor="end" if last_year > (start + end) / 2 else "start",
    )
    halo: dict[str, Value] = {"stroke": "#fff", "stroke_width": 3, "paint_order": "stroke"}
    picture = element(
        "svg",
        element("g", rules, fill="none", stroke=RULE),
        element("g", *dashed, fill="none", stroke="#5a5a5a", stroke_dasharray="4 3"),
        element("g", *_paths(line, x, y), fill="none", stroke=COLOUR, stroke_width=2),
        element("g", *dots, fill=COLOUR),
        element("g", *_scale(span, indicator, book), fill="#4a555d", font_size=11),
        element("g", label, fill="#12222c", font_size=12, **halo),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=describe_line(line, indicator, book),
    )
    return element("p", line.name, class_="kh-tafel-name") + picture


def _paths(line: Line, x: Callable[[float], str], y: Callable[[float], str]) -> list[Markup]:
    """One path per run of years without a gap or a break."""
    rows = [(line.name, year, segment, value) for year, value, segment in line.points]
    runs: dict[int, list[tuple[int, float]]] = {}
    for (_, year, _, value), run in zip(rows, charts.number_runs(rows), strict=True):
        runs.setdefault(run, []).append((year, value))
    return [
        element("path", d=f"M{'L'.join(f'{x(a)} {y(b)}' for a, b in run)}") for run in runs.values()
    ]


def _scale(
    span: tuple[tuple[int, int], tuple[float, float]], indicator: Indicator, book: Catalogue
) -> tuple[Markup, ...]:
    """Highest and lowest value at the left, first and last year below."""
    (start, end), (low, high) = span
    top, bottom = (sentences.number(v, indicator.unit, book) for v in (high, low))
    return (
        element("text", top, x=LEFT, y=TOP - 4),
        element("text", bottom, x=LEFT, y=BOTTOM - 3),
        element("text", str(start), x=LEFT, y=HEIGHT - 6),
        element("text", str(end), x=RIGHT, y=HEIGHT - 6, text_anchor="end"),
    )


def _short_number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
