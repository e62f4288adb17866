"""Kinds of the catalogue that need more than one division, each by hand."""

from typing import Any

import pandas as pd
import pytest
from frames import DATTELN, GT, MARL, RE, book, facts, passport, real

from kreisheft.catalogue import indicator_entry
from kreisheft.values import compute_values

OER = "05562028"
#: The entry as YAML gives it: a kind needs no Python.
ENTRY = {
    "code": "WOH99",
    "title": "Index",
    "definition": "Wie verschieden zwei Gruppen wohnen.",
    "numerator": "Abweichungen",
    "unit": "prozent",
    "direction": "context",
    "concept": "AUSL",
    "target_groups": {"gesamt": ["insgesamt"]},
}
DISSIMILARITY = {
    "table": "t1",
    "kind": "dissimilarity",
    "numerator": {"measure": "personen", "nation": "ausland"},
    "other": {"measure": "personen", "nation": "inland"},
    "denominator": {"measure": "personen"},
}
REPRESENTATION = {
    "table": "t1",
    "kind": "representation",
    "numerator": {"measure": "personen", "nation": "ausland", "schule": "gymnasium"},
    "denominator": {"measure": "personen", "schule": "gymnasium"},
    "base_numerator": {"measure": "personen", "nation": "ausland"},
    "base_denominator": {"measure": "personen"},
}


def figures(source: dict[str, Any], *rows: dict[str, Any], **how: Any) -> pd.DataFrame:
    entry = indicator_entry.read("quote", "wohnen", {**ENTRY, "sources": [source]})
    full = [{"period": "2020", "nation": "insgesamt", **row} for row in rows]
    inputs = compute_values.Inputs(
        book(), {"t1": passport("t1")}, {"t1": facts("t1", *full)}, **how
    )
    return compute_values.compute(inputs, [entry], 2030).frame


def areas(**found: tuple[float | None, float, float]) -> list[dict[str, Any]]:
    """Municipality → foreigners, Germans, everyone."""
    nations = ("ausland", "inland", "insgesamt")
    return [
        {"ags": {"marl": MARL, "datteln": DATTELN, "oer": OER}[name], "nation": n, "value": v}
        for name, numbers in found.items()
        for n, v in zip(nations, numbers, strict=True)
    ]


def index(*rows: dict[str, Any], municipalities: int = 2) -> pd.DataFrame:
    return figures(DISSIMILARITY, *rows, municipalities={RE: municipalities})


# --- dissimilarity over the municipalities of a Kreis -------------------------------------------


def test_dissimilarity_of_two_municipalities_by_hand() -> None:
    """½ · (|300/400 − 700/1600| + |100/400 − 900/1600|) = ½ · (0.3125 + 0.3125)."""
    found = index(*areas(marl=(300, 700, 1000), datteln=(100, 900, 1000)))

    assert found[["ags", "value", "status"]].values.tolist() == [[RE, 31.25, "value"]]
    assert found[["numerator", "denominator"]].isna().all(axis=None)


def test_the_second_group_need_not_be_everyone_else() -> None:
    """½ · (|300/400 − 200/800| + |100/400 − 600/800|) = ½ · (0.5 + 0.5)."""
    found = index(*areas(marl=(300, 200, 1000), datteln=(100, 600, 1000)))

    assert found["value"].tolist() == [50.0]


def test_everyone_decides_whether_an_area_counts() -> None:
    """The third has 499 persons and would make it 47."""
    small = areas(marl=(300, 700, 1000), datteln=(100, 900, 1000), oer=(400, 99, 499))

    assert index(*small, municipalities=3)["value"].tolist() == [31.25]


def test_without_one_of_its_municipalities_a_kreis_has_no_index() -> None:
    assert index(*areas(marl=(300, 700, 1000), datteln=(100, 900, 1000)), municipalities=3).empty


def test_one_hidden_municipality_hides_the_index() -> None:
    found = index(*areas(marl=(300, 700, 1000), datteln=(None, 900, 1000)))

    assert found["value"].isna().all()
    assert found["status"].tolist() == ["hidden"]


def test_nobody_is_spread_in_no_way() -> None:
    found = index(*areas(marl=(0, 700, 700), datteln=(0, 900, 900)))

    assert found["value"].isna().all()
    assert found["status"].tolist() == ["not_applicable"]


def test_foreigners_and_germans_are_as_far_apart_as_foreigners_and_all_others() -> None:
    """The Zensus 2011 made its cells uncertain, so the two differ in the fourth digit."""
    frame = real("dissimilaritaet_gemeinden", "segregation_gemeinden")
    found = {
        name: frame[(frame["indicator"] == name) & (frame["group"] == group)].set_index("ags")
        for name, group in (
            ("dissimilaritaet_gemeinden", "insgesamt"),
            ("segregation_gemeinden", "auslaender"),
        )
    }
    both = pd.concat({name: part["value"] for name, part in found.items()}, axis=1)

    assert len(both) == 31  # the Kreise of Nordrhein-Westfalen that have municipalities
    assert both.notna().all(axis=None)
    assert both.loc[[RE, GT], "dissimilaritaet_gemeinden"].round(1).tolist() == [14.4, 12.6]
    apart = (both["dissimilaritaet_gemeinden"] - both["segregation_gemeinden"]).abs()
    assert apart.median() < 0.01


# --- representation -----------------------------------------------------------------------------


def school(gymnasium: tuple[float, float], everywhere: tuple[float, float]) -> pd.DataFrame:
    """Foreign pupils and all pupils, of one kind of school and of all."""
    rows = [
        {"ags": RE, "schule": s, "nation": n, "value": v}
        for s, pair in (("gymnasium", gymnasium), ("insgesamt", everywhere))
        for n, v in zip(("ausland", "insgesamt"), pair, strict=True)
    ]
    return figures(REPRESENTATION, *rows)


def test_representation_by_hand() -> None:
    """5 of 100 at the Gymnasium, 100 of 1000 in all: 0.05 / 0.1."""
    found = school((5, 100), (100, 1000))

    assert found["value"].tolist() == [0.5]
    assert found[["numerator", "denominator"]].values.tolist() == [[5, 100]]


@pytest.mark.parametrize(
    ("gymnasium", "everywhere"), [((0, 0), (100, 1000)), ((5, 100), (0, 1000)), ((0, 0), (0, 0))]
)
def test_without_a_base_the_index_does_not_apply(
    gymnasium: tuple[float, float], everywhere: tuple[float, float]
) -> None:
    found = school(gymnasium, everywhere)

    assert found["value"].isna().all()
    assert found["status"].tolist() == ["not_applicable"]


def test_foreign_pupils_at_the_gymnasium_of_recklinghausen() -> None:
    """21111-01-03-4, 2023: 1,250 of 14,740 against 11,590 of 66,090."""
    frame = real("repraesentation_schulform")
    one = (frame["ags"] == RE) & (frame["group"] == "gymnasium") & (frame["year"] == 2023)

    assert frame.loc[one, "value"].tolist() == [
        pytest.approx((1250 / 14740) / (11590 / 66090), rel=1e-12)
    ]


def test_the_table_of_the_base_is_read_too() -> None:
    entry = indicator_entry.read(
        "quote", "wohnen", {**ENTRY, "sources": [{**REPRESENTATION, "base_table": "t2"}]}
    )

    assert entry.sources[0].tables == ("t1", "t2")
    assert compute_values.needed_tables([entry]) == ["t1", "t2"]
