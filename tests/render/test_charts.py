"""Charts as specifications: only what is encoded, no line across a gap, the sentence inside."""

import json
import re
from typing import Any

import pytest
from frames import GT, ME, RE, a_break, book, indicator, protected

from kreisheft.findings import comparison_ring
from kreisheft.render.chart_kinds import group_bars, peer_strip, trend_lines

BOOK = book()
QUOTE = indicator()
SENTENCE = "Quote, insgesamt: 14,3 % (2024)."
NAMES = {RE: "Recklinghausen", GT: "Gütersloh", ME: "Mettmann"}


def trend(*rows: dict, words=BOOK) -> dict[str, Any]:
    return trend_lines.fill(protected(*rows), QUOTE, SENTENCE, words)


def bars(*rows: dict) -> dict[str, Any]:
    return group_bars.fill(protected(*rows), QUOTE, SENTENCE, BOOK)


def strip(*rows: dict) -> dict[str, Any]:
    shown = protected(*rows)
    found = comparison_ring.build_ring(shown, RE)
    assert found is not None
    return peer_strip.fill(shown, QUOTE, [found], NAMES, RE, SENTENCE, BOOK)


GROUPS = ({"value": 10.4}, {"value": 29.6, "group": "auslaender"})
EVERY = {
    "trend": lambda: trend({"year": 2023, "value": 9}, *GROUPS),
    "bars": lambda: bars(*GROUPS),
    "strip": lambda: strip({"value": 1}, {"ags": GT, "value": 2}, {"ags": ME, "value": 3}),
}


def data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of figures that the specification carries."""
    inline = spec.get("data", {}).get("values", [])
    return [*inline, *(row for rows in spec.get("datasets", {}).values() for row in rows)]


def fields(part: Any) -> set[str]:
    """Every column that the specification draws, says in a tooltip, or filters by."""
    if isinstance(part, list):
        return {f for item in part for f in fields(item)}
    if not isinstance(part, dict):
        return set()
    found = {part["field"]} if isinstance(part.get("field"), str) else set()
    for key in ("filter", "test"):
        if isinstance(part.get(key), str):
            found |= set(re.findall(r"datum\.([\w.]+)", part[key]))
    inner = {k: v for k, v in part.items() if k not in ("data", "datasets")}
    return found.union(*(fields(v) for v in inner.values()))


def runs(spec: dict[str, Any]) -> list[list[int]]:
    """The years of every drawn line, in order."""
    found: dict[int, list[int]] = {}
    for row in data(spec):
        if "s" in row:
            found.setdefault(row["s"], []).append(row["j"])
    return [found[s] for s in sorted(found)]


@pytest.mark.parametrize("kind", EVERY)
def test_a_chart_carries_only_the_columns_it_encodes(kind: str) -> None:
    spec = EVERY[kind]()
    carried = {key for row in data(spec) for key in row}

    assert carried
    assert carried <= fields(spec)


@pytest.mark.parametrize("kind", EVERY)
def test_the_sentence_is_the_description(kind: str) -> None:
    assert EVERY[kind]()["description"] == SENTENCE


@pytest.mark.parametrize("kind", EVERY)
def test_the_same_figures_give_the_same_bytes(kind: str) -> None:
    assert json.dumps(EVERY[kind]()) == json.dumps(EVERY[kind]())


@pytest.mark.parametrize("kind", EVERY)
def test_a_chart_loads_nothing_from_elsewhere(kind: str) -> None:
    text = json.dumps({k: v for k, v in EVERY[kind]().items() if k != "$schema"})

    assert "http" not in text
    assert '"url"' not in text


def test_consecutive_years_of_a_segment_are_one_line() -> None:
    assert runs(trend(*({"year": y, "value": 5} for y in (2021, 2022, 2023)))) == [
        [2021, 2022, 2023]
    ]


def test_no_line_crosses_a_break() -> None:
    spec = trend(
        {"year": 2021, "value": 5, "segment": "t1#0"},
        {"year": 2022, "value": 5, "segment": "t1#1"},
        {"year": 2023, "value": 5, "segment": "t1#1"},
    )

    assert runs(spec) == [[2021], [2022, 2023]]


def test_no_line_crosses_a_missing_year() -> None:
    assert runs(trend(*({"year": y, "value": 5} for y in (2016, 2019, 2020)))) == [
        [2016],
        [2019, 2020],
    ]


def test_no_line_crosses_a_hidden_year() -> None:
    spec = trend(
        {"year": 2016, "value": 5}, {"year": 2017, "value": None}, {"year": 2018, "value": 5}
    )

    assert runs(spec) == [[2016], [2018]]


def test_no_line_joins_two_groups() -> None:
    spec = trend(
        {"year": 2023, "value": 5, "group": "auslaender"},
        {"year": 2024, "value": 5, "group": "insgesamt"},
    )

    assert runs(spec) == [[2023], [2024]]


def test_the_line_is_split_by_its_run() -> None:
    [line] = [layer for layer in EVERY["trend"]()["layer"] if layer["mark"].get("type") == "line"]

    assert line["encoding"]["detail"]["field"] == "s"


def test_a_break_is_marked_with_its_name() -> None:
    words = book(breaks=(a_break(2022, label="Zensus 2022"),))
    spec = trend({"year": 2021, "value": 5}, {"year": 2022, "value": 5}, words=words)

    assert {"j": 2021.5, "t": "Zensus 2022"} in data(spec)


def test_without_a_break_nothing_is_marked() -> None:
    assert [layer["mark"]["type"] for layer in EVERY["trend"]()["layer"]] == ["line", "point"]


@pytest.mark.parametrize(
    "made",
    [
        lambda: trend({"year": 2023, "value": 9}, {"value": None, "group": "frauen"}),
        lambda: bars({"value": 9}, {"value": None, "group": "frauen"}),
        lambda: strip({"value": 9}, {"value": None, "ags": GT}),
    ],
    ids=["trend", "bars", "strip"],
)
def test_a_hidden_figure_leaves_no_row_and_no_name(made) -> None:
    spec = made()

    assert len([row for row in data(spec) if "w" in row]) == 1
    assert "Frauen" not in json.dumps(spec, ensure_ascii=False)
    assert "Gütersloh" not in json.dumps(spec, ensure_ascii=False)


def test_bars_stand_in_the_order_of_the_catalogue() -> None:
    spec = bars(
        {"value": 9, "group": "maenner"}, {"value": 30, "group": "auslaender"}, {"value": 10}
    )

    assert spec["layer"][0]["encoding"]["y"]["sort"] == [
        "insgesamt",
        "Ausländerinnen und Ausländer",
        "Männer",
    ]


@pytest.mark.parametrize(
    ("unit", "first"), [("personen", "F"), ("faelle", "F"), ("anzahl", "F"), ("prozent", "A")]
)
def test_many_bars_of_counts_stand_by_size(unit: str, first: str) -> None:
    names = {f"g{i}": letter for i, letter in enumerate("ABCDEFGHI")}
    entry = indicator(unit=unit, target_groups={"gesamt": tuple(names)})
    rows = [{"value": 99 if g == "g5" else i, "group": g} for i, g in enumerate(names)]

    spec = group_bars.fill(protected(*rows), entry, "Satz.", book(groups=names))

    assert spec["layer"][0]["encoding"]["y"]["sort"][0] == first


def test_the_axis_of_bars_and_lines_holds_nought() -> None:
    bar = EVERY["bars"]()["layer"][0]["encoding"]["x"]["scale"]
    line = EVERY["trend"]()["layer"][0]["encoding"]["y"]["scale"]

    assert bar["domain"][0] == 0
    assert line["zero"] is True


def test_exactly_one_dot_is_the_own_one() -> None:
    own = [row["k"] for row in data(EVERY["strip"]()) if row.get("e")]

    assert own == ["Recklinghausen"]


def test_the_box_runs_from_quartile_to_quartile_with_the_median_in_it() -> None:
    """1, 2, 3: quarters at 1.5 and 2.5."""
    [box] = [row for row in data(EVERY["strip"]()) if "lo" in row]

    assert box == {"j": "2024", "lo": 1.0, "a": 1.5, "m": 2.0, "b": 2.5, "hi": 3.0}


def test_every_period_has_a_strip_of_its_own() -> None:
    parts = [protected({"year": year, "value": 7}) for year in (2020, 2021)]
    found = [comparison_ring.build_ring(part, RE) for part in parts]
    both = protected({"year": 2020, "value": 7}, {"year": 2021, "value": 7})

    spec = peer_strip.fill(both, QUOTE, [r for r in found if r], NAMES, RE, SENTENCE, BOOK)

    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["2020", "2021"]
    assert spec["height"] == 200


def test_the_dots_lie_in_the_order_of_their_labels() -> None:
    labels = [row["k"] for row in data(EVERY["strip"]()) if "k" in row]

    assert labels == sorted(labels)


@pytest.mark.parametrize(
    ("kind", "step", "height"), [("bars", {"gruppe": 26}, 52), ("strip", {"jahr": 100}, 100)]
)
def test_a_chart_of_rows_says_how_high_each_is(
    kind: str, step: dict[str, int], height: int
) -> None:
    spec = EVERY[kind]()

    assert spec["usermeta"] == {"stufe": step}
    assert spec["height"] == height


def test_the_axis_of_years_spans_all_until_some_are_chosen() -> None:
    given = {p["name"]: p["value"] for p in EVERY["trend"]()["params"]}

    assert (given["beginn"], given["ende"], given["jahr"]) == (2022.5, 2024.5, None)
    assert given["alle"] == ["insgesamt", "Ausländerinnen und Ausländer"]
