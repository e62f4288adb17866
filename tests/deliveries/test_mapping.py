"""From a table that was read to facts: every cell accounted for, nothing guessed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_passports import column, passport

from kreisheft.core.errors import DataError
from kreisheft.deliveries import mapping
from kreisheft.deliveries.readers.table import Head, Table
from kreisheft.facts.column_rules import Row
from kreisheft.facts.passports import Passport


def table(
    cells: list[list[str]],
    heads: tuple[Head, ...],
    keys: list[str],
    labels: list[str] | None = None,
) -> Table:
    """Rows of one region each; with `labels` a classifier beside the region."""
    rows = pd.DataFrame(
        {
            "line": range(5, 5 + len(keys)),
            "ags": pd.Categorical(keys),
            "period": pd.Categorical(["2024"] * len(keys)),
            "header": pd.Categorical([""] * len(keys)),
        }
    )
    if labels:
        rows["k1"] = pd.Categorical(labels)
    return Table(
        format="classic",
        positional=True,
        number="t",
        statistic="",
        title="",
        stand=None,
        licence_year=None,
        notes="",
        classifiers=("k1",) if labels else (),
        rows=rows,
        heads=heads,
        texts=pd.DataFrame(cells, columns=range(len(heads)), dtype=str),
        names={},
    )


ALL = (Head("3", "Alle"), Head("4", "Frauen"))
PLAIN = passport(column("Alle"), column("Frauen", geschlecht="frauen"))


def facts(found: Table, passed: Passport = PLAIN) -> dict[tuple[str, ...], str]:
    """Key (region, period, measure, dimensions) → cell."""
    frame = mapping.map_facts(found, passed, "f.csv", "2025-01-31").frame.astype(str)
    keys = frame.columns[: 3 + len(passed.dimensions)]
    return dict(zip(frame[keys].itertuples(index=False, name=None), frame["cell"], strict=True))


def test_heads_become_measures_and_dimensions() -> None:
    found = facts(table([["12", "5"]], ALL, ["05562"]))

    assert found == {
        ("05562", "2024", "m", "insgesamt"): "12",
        ("05562", "2024", "m", "frauen"): "5",
    }


def test_a_label_that_is_left_out_is_counted_as_skipped() -> None:
    row = Row("alter", {"jung": "00-17", "Hinweis": None})
    two = table([["1", "2"], ["3", "4"]], ALL, ["DG", "DG"], ["jung", "Hinweis"])

    mapped = mapping.map_facts(two, passport(*PLAIN.columns, rows=(row,)), "f.csv", "2025-01-31")

    assert (mapped.cells, mapped.skipped, len(mapped.frame)) == (4, 2, 2)


def test_a_column_that_repeats_another_is_counted_and_dropped() -> None:
    twice = (*ALL, Head("5", "Alle"))

    mapped = mapping.map_facts(
        table([["1", "2", "1"]], twice, ["DG"]), PLAIN, "f.csv", "2025-01-31"
    )

    assert (mapped.repeated, len(mapped.frame)) == (1, 2)


def test_a_column_that_contradicts_another_is_an_error() -> None:
    twice = (*ALL, Head("5", "Alle"))

    with pytest.raises(DataError, match="row 5, column '5': 7 is a second figure for DG 2024 m"):
        facts(table([["1", "2", "7"]], twice, ["DG"]))


def test_all_unknown_headers_labels_and_regions_come_together() -> None:
    heads = (Head("3", "Neu"), Head("4", "Frauen"))
    bad = table([["1", "2"]], heads, [""], ["alt"])

    with pytest.raises(DataError) as caught:
        facts(bad, passport(*PLAIN.columns, rows=(Row("alter", {"jung": "00-17"}),)))

    assert {p.what for p in caught.value.problems} == {
        "unknown header 'Neu'",
        "unknown label 'alt'",
        "no region key: ''",
    }


def test_names_without_keys_are_translated_by_the_passport() -> None:
    named = table([["1", "2"]], ALL, ["Kreis Recklinghausen"])

    found = facts(named, passport(*PLAIN.columns, names={"Kreis Recklinghausen": "05562"}))

    assert {key[0] for key in found} == {"05562"}


def test_a_file_about_one_region_takes_it_from_the_passport() -> None:
    found = facts(table([["1", "2"]], ALL, [""]), passport(*PLAIN.columns, region="03"))

    assert {key[0] for key in found} == {"03"}


def test_years_side_by_side_are_periods() -> None:
    heads = (Head("3", "Alle", "2015-12-31"), Head("4", "Alle", "2016-12-31"))

    found = facts(table([["1", "2"]], heads, ["DG"]), passport(column("Alle")))

    assert found == {("DG", "2015-12-31", "m"): "1", ("DG", "2016-12-31", "m"): "2"}


def test_a_dash_beside_figures_is_zero() -> None:
    assert list(facts(table([["1", "-"], ["2", "3"]], ALL, ["01", "02"])).values())[1] == "-"


def test_a_region_with_nothing_but_dashes_is_not_loaded() -> None:
    found = facts(table([["1", "2"], ["-", "-"]], ALL, ["01", "02"]))

    assert {key[0]: cell for key, cell in found.items() if key[0] == "02"} == {"02": "?"}


def test_a_column_with_nothing_but_dashes_in_the_whole_country_is_not_loaded() -> None:
    found = facts(table([["1", "-"], ["2", "-"]], ALL, ["01", "02"]))

    assert found["01", "2024", "m", "frauen"] == "?"


def test_a_measure_split_into_many_cells_without_any_figure_is_not_loaded() -> None:
    heads = tuple(Head(str(n), h) for n, h in enumerate(["Quote", "A", "B", "C"], 3))
    rules = (column("Quote", "quote"), *(column(x, "zahl", teil=x.lower()) for x in "ABC"))
    two = table([["1", "-", "-", "-"], ["2", "4", "5", "6"]], heads, ["01", "02"])

    assert facts(two, passport(*rules))["01", "2024", "zahl", "a"] == "?"


@given(
    st.lists(
        st.lists(st.sampled_from(["1", "20", "-", ".", "x"]), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    ),
    st.sets(st.sampled_from(["A", "B", "C"]), max_size=2),
)
def test_every_value_cell_becomes_a_fact_or_is_skipped(
    cells: list[list[str]], skipped: set[str]
) -> None:
    heads = tuple(Head(str(n), h) for n, h in enumerate("ABC", 3))
    keys = [f"{n:02}" for n in range(1, len(cells) + 1)]
    rules = tuple(column(x, "zahl", teil=x.lower()) for x in "ABC" if x not in skipped)

    mapped = mapping.map_facts(
        table(cells, heads, keys), passport(*rules, skip=tuple(skipped)), "f.csv", "2025-01-31"
    )

    assert len(mapped.frame) + mapped.skipped == mapped.cells == 3 * len(cells)
    texts = [c for row in cells for c, h in zip(row, "ABC", strict=True) if h not in skipped]
    same = [new in (old, "?") for new, old in zip(mapped.frame["cell"], texts, strict=True)]
    assert all(same)
