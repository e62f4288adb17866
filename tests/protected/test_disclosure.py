"""The gate: which figures are hidden, and that nothing gives them back."""

from pathlib import Path

import pandas as pd
import pytest
from frames import DATTELN, GT, MARL, RE, ROOT, change, pruned, values
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisheft.core.errors import DataError
from kreisheft.facts.stages import PROTECTED_COLUMNS, Values
from kreisheft.protected import disclosure
from kreisheft.protected.disclosure import Rules, protect

THREE = Rules(3, {})


def hidden(found: Values, rules: Rules = THREE) -> list[bool]:
    """Which rows are hidden, in the order of the rows."""
    return list(protect(found, rules).frame["status"] == "hidden")


# --- the small figure ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persons", "is_hidden"), [(0, False), (1, True), (2, True), (3, False), (4, False)]
)
def test_one_and_two_persons_are_hidden(persons: int, is_hidden: bool) -> None:
    assert hidden(values({"value": persons})) == [is_hidden]


@pytest.mark.parametrize(
    ("persons", "base", "is_hidden"),
    [(98, 100, True), (99, 100, True), (97, 100, False), (100, 100, False), (2, 100, True)],
)
def test_a_share_is_hidden_if_its_rest_is_one_or_two_persons(persons, base, is_hidden) -> None:
    row = {"value": 100 * persons / base, "numerator": persons, "denominator": base}

    assert hidden(values(row)) == [is_hidden]


def test_a_rate_above_its_base_has_no_rest() -> None:
    """300 cases among 100 persons: nothing is left over, nothing to hide."""
    assert hidden(values({"value": 3000.0, "numerator": 300, "denominator": 100})) == [False]


def test_a_published_open_figure_is_left_as_it_is() -> None:
    assert hidden(values({"value": 1, "published": True})) == [False]


def test_a_hidden_figure_loses_its_value_and_keeps_its_row() -> None:
    shown = protect(values({"value": 2}, {"value": 20, "year": 2023}), THREE).frame

    assert list(shown["year"]) == [2024, 2023]
    assert pd.isna(shown["value"].iloc[0])
    assert shown["value"].iloc[1] == 20


def test_what_the_source_hid_keeps_the_word_of_the_source() -> None:
    shown = protect(values({"value": None, "status": "hidden_below_3"}), THREE).frame

    assert list(shown["status"]) == ["hidden_below_3"]


def test_numerator_and_denominator_do_not_pass_the_gate() -> None:
    shown = protect(values({"value": 50, "numerator": 5, "denominator": 10}), THREE).frame

    assert tuple(shown.columns) == PROTECTED_COLUMNS
    assert not {"numerator", "denominator"} & set(shown.columns)


def test_the_values_themselves_are_not_changed() -> None:
    found = values({"value": 1}, {"value": 9, "group": "frauen"})
    before = found.frame.copy()
    protect(found, THREE)

    pd.testing.assert_frame_equal(found.frame, before)


# --- what would give it back --------------------------------------------------------------------


def test_siblings_of_a_hidden_part_are_hidden_and_the_total_stays() -> None:
    """11 women of 13 persons: 13 − 11 would be the two men."""
    found = values(
        {"group": "insgesamt", "value": 13},
        {"group": "frauen", "value": 11},
        {"group": "maenner", "value": 2},
    )

    assert hidden(found) == [False, True, True]


def test_another_year_of_the_same_split_is_left_alone() -> None:
    found = values(
        {"group": "maenner", "value": 2, "year": 2023},
        {"group": "frauen", "value": 11, "year": 2024},
    )

    assert hidden(found) == [True, False]


def test_another_kreis_is_left_alone() -> None:
    found = values(
        {"group": "maenner", "value": 2, "ags": RE}, {"group": "frauen", "value": 11, "ags": GT}
    )

    assert hidden(found) == [True, False]


def test_one_small_municipality_closes_that_group_in_all_of_the_kreis() -> None:
    """The Kreis has 60, Marl 59: 60 − 59 would be the one in Datteln."""
    found = values(
        {"ags": RE, "value": 60}, {"ags": MARL, "value": 59}, {"ags": DATTELN, "value": 1}
    )

    assert hidden(found) == [False, True, True]


def test_municipalities_of_another_kreis_stay_open() -> None:
    found = values({"ags": DATTELN, "value": 1}, {"ags": "05754008", "value": 59})

    assert hidden(found) == [True, False]


def test_a_municipality_with_a_published_figure_stays_open() -> None:
    found = values({"ags": MARL, "value": 59, "published": True}, {"ags": DATTELN, "value": 1})

    assert hidden(found) == [False, True]


def test_hiding_goes_on_until_nothing_changes() -> None:
    """Datteln's two men close men in Marl, Marl's men close Marl's women, those Datteln's women."""
    found = values(
        {"ags": DATTELN, "group": "maenner", "value": 2},
        {"ags": DATTELN, "group": "frauen", "value": 30},
        {"ags": MARL, "group": "maenner", "value": 40},
        {"ags": MARL, "group": "frauen", "value": 50},
        {"ags": RE, "group": "frauen", "value": 80},
    )

    assert hidden(found) == [True, True, True, True, False]


def test_a_figure_hidden_for_one_target_group_is_hidden_for_the_others() -> None:
    """13 persons, 11 of them foreigners: who sees both pages would know the two Germans."""
    found = values(
        {"group": "insgesamt", "value": 13},
        {"group": "deutsche", "value": 2},
        {"group": "auslaender", "value": 11},
        {"group": "insgesamt", "value": 13, "target_group": "eingewanderte"},
        {"group": "auslaender", "value": 11, "target_group": "eingewanderte"},
    )

    assert hidden(found) == [False, True, True, False, True]


def test_another_figure_of_another_target_group_is_left_alone() -> None:
    found = values(
        {"group": "auslaender", "value": 2},
        {"group": "auslaender", "value": 40, "target_group": "ukraine"},
    )

    assert hidden(found) == [True, False]


# --- the rules ----------------------------------------------------------------------------------


def test_a_concept_may_raise_the_threshold() -> None:
    assert hidden(values({"value": 8, "concept": "AZR"}), Rules(3, {"AZR": 10})) == [True]


def test_a_concept_cannot_lower_the_threshold() -> None:
    assert hidden(values({"value": 2, "concept": "AZR"}), Rules(3, {"AZR": 1})) == [True]


def test_the_project_hides_below_three() -> None:
    assert disclosure.load_rules(ROOT).threshold == 3
    assert disclosure.check(ROOT) == []


def test_a_threshold_below_three_is_refused_with_its_line(tmp_path: Path) -> None:
    root = pruned(tmp_path)
    change(root / "data/rules/disclosure.yml", "threshold: 3", "threshold: 2")

    with pytest.raises(DataError) as caught:
        disclosure.load_rules(root)

    [problem] = caught.value.problems
    assert problem.where == "data/rules/disclosure.yml, line 4, column 1 (threshold)"


def test_some_rows_of_protected_figures_are_protected_figures() -> None:
    shown = protect(values({"value": 10}, {"value": 20, "ags": GT}), THREE)

    assert list(disclosure.select_rows(shown, shown.frame["ags"] == GT).frame["value"]) == [20]


def test_rows_that_are_like_this_are_protected_figures() -> None:
    shown = protect(values({"value": 10}, {"value": 20, "ags": GT}), THREE)

    found = disclosure.filter_like(shown, ags=GT, year=2024)

    assert found.frame["value"].tolist() == [20]


def test_nothing_is_like_a_value_that_no_row_has() -> None:
    shown = protect(values({"value": 10}), THREE)

    assert disclosure.filter_like(shown, group="").frame.empty


def test_columns_taken_before_narrowing_are_those_of_the_rows_that_are_left() -> None:
    shown = protect(values({"value": 10}, {"value": 20, "ags": GT}), THREE)
    assert shown.column("ags").tolist() == [RE, GT]

    found = disclosure.filter_like(shown, ags=GT)

    assert found.column("ags").tolist() == [GT]
    assert found.rows("ags", "value") == [(GT, 20.0)]


def test_a_part_of_a_part_has_the_rows_that_both_leave() -> None:
    shown = protect(values({"value": 10}, {"value": 20, "ags": GT}, {"value": 30}), THREE)

    found = disclosure.select_rows(disclosure.filter_like(shown, ags=RE), [False, True])

    assert (found.count, found.rows("ags", "value")) == (1, [(RE, 30.0)])
    assert found.frame.index.tolist() == [0]
    pd.testing.assert_frame_equal(found.frame, shown.frame.iloc[[2]].reset_index(drop=True))


def test_no_row_of_figures_still_has_their_columns() -> None:
    shown = protect(values({"value": 10}), THREE)

    assert (disclosure.empty(shown).count, disclosure.empty(shown).rows("value")) == (0, [])
    assert list(disclosure.empty(shown).frame.columns) == list(PROTECTED_COLUMNS)


def test_figures_of_each_indicator_keep_their_order_and_columns() -> None:
    rows = [{"indicator": "b", "value": 10}, {"indicator": "a", "value": 20}]
    shown = protect(values(*rows, {"indicator": "b", "value": 30}), THREE)

    found = disclosure.split_by_indicator(shown)

    assert {name: one.rows("value") for name, one in found.items()} == {
        "b": [(10.0,), (30.0,)],
        "a": [(20.0,)],
    }
    assert found["b"].frame["value"].tolist() == [10.0, 30.0]


# --- what must hold for every table -------------------------------------------------------------

PLACES = (MARL, DATTELN, "05562032")
PARTS = ("deutsche", "auslaender", "frauen")


@st.composite
def tables(draw: st.DrawFn) -> list[dict]:
    """Counts by municipality × group with all totals; the totals may be published elsewhere."""
    places, parts = PLACES[: draw(st.integers(2, 3))], PARTS[: draw(st.integers(2, 3))]
    count = st.one_of(st.integers(0, 4), st.integers(0, 40))
    inner = {(p, g): draw(count) for p in places for g in parts}
    cells = dict(inner)
    for place in places:
        cells[place, "insgesamt"] = sum(inner[place, g] for g in parts)
    for group in (*parts, "insgesamt"):
        cells[RE, group] = sum(cells[place, group] for place in places)
    open_totals = draw(st.booleans())
    return [
        {
            "ags": ags,
            "group": group,
            "value": value,
            "published": open_totals and (ags == RE or group == "insgesamt"),
        }
        for (ags, group), value in cells.items()
    ]


def lines(rows: list[dict]) -> list[list[tuple[str, str]]]:
    """Every row and column of the table: its cells, one of which is the sum of the others."""
    keys = [(row["ags"], row["group"]) for row in rows]
    across = [[k for k in keys if k[0] == ags] for ags in {k[0] for k in keys}]
    down = [[k for k in keys if k[1] == group] for group in {k[1] for k in keys}]
    return across + down


def visible(rows: list[dict], rules: Rules) -> set[tuple[str, str]]:
    """Cells that still show their figure."""
    shown = protect(values(*rows), rules).frame.dropna(subset="value")
    return set(zip(shown["ags"], shown["group"], strict=True))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_line_of_a_table_gives_a_hidden_cell_back(rows: list[dict]) -> None:
    """Whoever knows all cells of a line but one knows that one too; and again with the new one."""
    known = visible(rows, THREE)
    secret = {(r["ags"], r["group"]) for r in rows} - known
    while True:
        found = {k for line in lines(rows) for k in line if k not in known}
        solved = {k for k in found for line in lines(rows) if {*line} - known == {k}}
        if not solved:
            break
        known |= solved

    assert not secret & known


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_one_and_no_two_of_our_own_is_visible(rows: list[dict]) -> None:
    small = {(r["ags"], r["group"]) for r in rows if r["value"] in (1, 2) and not r["published"]}

    assert not small & visible(rows, THREE)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables(), st.integers(3, 10), st.integers(1, 10))
def test_a_higher_threshold_never_reveals(rows: list[dict], low: int, more: int) -> None:
    assert visible(rows, Rules(low + more, {})) <= visible(rows, Rules(low, {}))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables())
def test_protecting_twice_hides_what_protecting_once_hides(rows: list[dict]) -> None:
    once = protect(values(*rows), THREE).frame
    again = once.assign(numerator=once["value"], denominator=float("nan"))
    twice = protect(Values(again[list(values(*rows).frame.columns)]), THREE).frame

    pd.testing.assert_frame_equal(twice, once)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert visible(shuffled, THREE) == visible(rows, THREE)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_table_without_small_figures_is_shown_whole(rows: list[dict]) -> None:
    large = [{**row, "value": row["value"] * 10} for row in rows]

    assert len(visible(large, THREE)) == len(rows)
