"""One dot per peer over a box from quartile to quartile, the own dot marked."""

import math
from collections.abc import Sequence
from functools import cache

import altair as alt

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts.stages import Protected
from kreisheft.findings.comparison_ring import Ring
from kreisheft.render import charts
from kreisheft.render.chart_parts import OTHERS, OWN, choice_filter, specification, value_tooltip
from kreisheft.render.charts import Spec
from kreisheft.render.sentences import period

#: Short names of the data → columns of the texts.
QUARTILES = {"lo": "minimum", "a": "p25", "m": "median", "b": "p75", "hi": "maximum"}


def fill(
    peers: Protected,
    indicator: Indicator,
    rings: Sequence[Ring],
    names: dict[str, str],
    ags: str,
    sentence: str,
    book: Catalogue,
) -> Spec:
    """One dot per peer over a box from quartile to quartile; one strip per period of `rings`.

    The own dot is marked by colour, shape and name; the line in the box is the median.
    """
    rows = peers.rows("period", "ags", "value")
    figures = [(at, names[key], key == ags, v) for at, key, v in rows if not math.isnan(v)]
    # By name or code: the order of the data must tell no more than the table does.
    dots = [
        {"k": name, "w": round(value, 6), "e": is_own, "j": period(at, book)}
        for at, name, is_own, value in sorted(figures, key=lambda r: r[:2])
    ]
    boxes = [
        {
            "j": period(r.period, book),
            **{c: round(getattr(r, f), 6) for c, f in QUARTILES.items()},
        }
        for r in rings
    ]
    heads = {name: book.texts["columns"][name] for name in (*QUARTILES.values(), "member")}
    order = [period(r.period, book) for r in rings]
    places = {**charts.words(indicator, book), **heads, "order": order}
    spec = charts.finish(template(), places, {"d": dots, "q": boxes}, sentence)
    return charts.set_step(spec, "jahr", 100, len(order))


@cache
def template() -> Spec:
    """Dots over a box from quartile to quartile, the own dot marked."""
    x = alt.X(
        "w:Q",
        title="@axis",
        scale=alt.Scale(zero=False, nice=True, padding=10),
        axis=alt.Axis(format=",~f", tickCount=6, labelOverlap=True),
    )
    y = alt.Y("j:N", title=None, sort=["@order"], axis=alt.Axis(ticks=False, domain=False))
    summary = [
        alt.Tooltip(f"{c}:Q", title=f"@{name}", format="@format") for c, name in QUARTILES.items()
    ]
    # A period ends with its year. Boxes are those of all, whoever is chosen.
    at = choice_filter("jahr", "slice(datum.j, -4)")
    base, below = (alt.Chart(alt.NamedData(name)).transform_filter(at) for name in "dq")
    base = base.transform_filter(choice_filter("ort", "datum.k"))
    tooltip = [alt.Tooltip("k:N", title="@member"), value_tooltip("w:Q")]
    span = below.mark_rule(color="#8a8a8a").encode(x=alt.X("lo:Q"), x2="hi:Q", y=y)
    box = below.mark_bar(size=40, color="#c9d3dc", stroke="#8a8a8a").encode(
        x=alt.X("a:Q"), x2="b:Q", y=y, tooltip=summary
    )
    median = below.mark_tick(size=40, thickness=2, color="#3a3a3a").encode(x="m:Q", y=y)
    word = below.mark_text(color="#3a3a3a", dy=-28).encode(x="m:Q", y=y, text=alt.value("@median"))
    others = (
        base.transform_filter("!datum.e")
        .mark_point(filled=True, size=60, opacity=0.6, color=OTHERS)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    own_dot = base.transform_filter("datum.e")
    mark = own_dot.mark_point(filled=True, size=190, color=OWN, shape="diamond", opacity=1).encode(
        x=x, y=y, tooltip=tooltip
    )
    label = own_dot.mark_text(dy=32, fontWeight="bold", color=OWN).encode(x=x, y=y, text="k:N")
    return specification(alt.layer(span, box, median, word, others, mark, label), "jahr", "ort")


def draw() -> None:
    """Draw it, so that processes forked later have it."""
    template()
