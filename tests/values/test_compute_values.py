"""Facts → values: every expected figure can be worked out with a pocket calculator."""

import re
from dataclasses import replace

import pytest
from frames import (
    GT,
    ME,
    RE,
    ROOT,
    TABLE,
    a_break,
    book,
    change,
    computed,
    facts,
    indicator,
    passport,
    pruned,
    real,
    source,
)

from kreisheft.catalogue import catalogue
from kreisheft.core.errors import DataError
from kreisheft.facts import passports
from kreisheft.values import compute_values

NATION = {
    "insgesamt": {},
    "auslaender": {"staatsangehoerigkeit": "auslaender"},
}
SHARE = {
    "numerator": {"measure": "arbeitslose"},
    "denominator": {"measure": "erwerbspersonen"},
}


def cells(frame, column: str = "value") -> dict:
    """Year → figure, of the only region and group."""
    return dict(zip(frame["year"], frame[column], strict=True))


# --- which source -------------------------------------------------------------------------------


def test_the_first_source_with_a_figure_wins_year_by_year() -> None:
    entry = indicator(source("t1"), source("t2"))
    first = facts("t1", {"ags": RE, "period": "2020", "value": 10})
    second = facts(
        "t2",
        {"ags": RE, "period": "2020", "value": 99},
        {"ags": RE, "period": "2021", "value": 12},
    )

    frame = computed(entry, first, second)

    assert cells(frame) == {2020: 10, 2021: 12}
    assert cells(frame, "table") == {2020: "t1", 2021: "t2"}


def test_a_figure_of_a_later_source_is_better_than_a_sign_of_the_first() -> None:
    entry = indicator(source("t1"), source("t2"))
    first = facts("t1", {"ags": RE, "period": "2020", "value": None})
    second = facts("t2", {"ags": RE, "period": "2020", "value": 99})

    assert cells(computed(entry, first, second)) == {2020: 99}


def test_without_any_figure_the_first_source_says_why() -> None:
    entry = indicator(source("t1"), source("t2"))
    first = facts("t1", {"ags": RE, "period": "2020", "value": None, "status": "unreliable"})
    second = facts("t2", {"ags": RE, "period": "2020", "value": None, "status": "hidden"})

    assert cells(computed(entry, first, second), "status") == {2020: "unreliable"}


def test_two_tables_never_share_a_segment() -> None:
    entry = indicator(source("t1"), source("t2"))
    first = facts("t1", {"ags": RE, "period": "2020", "value": 1})
    second = facts("t2", {"ags": RE, "period": "2021", "value": 1})

    frame = computed(entry, first, second)

    assert cells(frame, "segment") == {2020: "t1#0", 2021: "t2#0"}


def test_a_break_starts_a_new_segment_in_its_own_year() -> None:
    entry = indicator(source("t1"))
    years = [{"ags": RE, "period": str(y), "value": 1} for y in (2010, 2011, 2012)]
    words = book(breaks=(a_break(2011, "t1"), a_break(2012, "other")))

    frame = computed(entry, facts("t1", *years), words=words)

    assert cells(frame, "segment") == {2010: "t1#0", 2011: "t1#1", 2012: "t1#1"}


# --- arithmetic ---------------------------------------------------------------------------------


def test_a_share_is_a_hundred_times_numerator_by_denominator() -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 30},
        {"ags": RE, "period": "2020", "measure": "erwerbspersonen", "value": 120},
    )

    assert cells(computed(indicator(source("t1", "share", **SHARE)), table)) == {2020: 25.0}


def test_per_1000_takes_minus_off_first() -> None:
    """(500 moved in − 300 moved out) per 1,000 of 40,000 = 5."""
    entry = indicator(
        source(
            "t1",
            "per_1000",
            numerator={"measure": "zuzuege"},
            minus={"measure": "fortzuege"},
            denominator_table="t2",
            denominator={"measure": "personen"},
        )
    )
    moved = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "zuzuege", "value": 500},
        {"ags": RE, "period": "2020", "measure": "fortzuege", "value": 300},
    )
    people = facts("t2", {"ags": RE, "period": "2020-12-31", "value": 40000})

    assert cells(computed(entry, moved, people)) == {2020: 5.0}


def test_a_hidden_minus_hides_the_figure() -> None:
    entry = indicator(
        source(
            "t1",
            "per_1000",
            numerator={"measure": "zuzuege"},
            minus={"measure": "fortzuege"},
            denominator={"measure": "personen"},
        )
    )
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "zuzuege", "value": 500},
        {"ags": RE, "period": "2020", "measure": "fortzuege", "value": None},
        {"ags": RE, "period": "2020", "value": 40000},
    )

    frame = computed(entry, table)

    assert frame["value"].isna().all()
    assert cells(frame, "status") == {2020: "hidden"}


def test_a_denominator_of_nothing_gives_no_figure() -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 0, "status": "zero"},
        {"ags": RE, "period": "2020", "measure": "erwerbspersonen", "value": 0, "status": "zero"},
    )

    found = computed(indicator(source("t1", "share", **SHARE)), table)

    assert found["value"].isna().all()
    assert cells(found, "status") == {2020: "not_applicable"}


def test_without_figures_the_columns_have_the_same_types() -> None:
    table = facts("t1", {"ags": RE, "period": "2020", "value": 1})
    entry = indicator(source())
    full = computed(entry, table)

    empty = computed(replace(entry, sources=()), table)

    assert empty.empty
    assert {c: str(t) for c, t in empty.dtypes.items()} == {
        c: str(t) for c, t in full.dtypes.items()
    }


def test_a_denominator_may_be_of_the_year_before() -> None:
    entry = indicator(source("t1", "share", **SHARE, denominator_year=-1))
    table = facts(
        "t1",
        {"ags": RE, "period": "2021", "measure": "arbeitslose", "value": 30},
        {"ags": RE, "period": "2020", "measure": "erwerbspersonen", "value": 120},
        {"ags": RE, "period": "2021", "measure": "erwerbspersonen", "value": 300},
    )

    assert cells(computed(entry, table)) == {2021: 25.0}


def test_a_group_narrows_numerator_and_denominator() -> None:
    entry = indicator(source("t1", "share", **SHARE, groups=NATION))
    nation = {"staatsangehoerigkeit": "auslaender"}
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 30},
        {"ags": RE, "period": "2020", "measure": "erwerbspersonen", "value": 120},
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 10, **nation},
        {"ags": RE, "period": "2020", "measure": "erwerbspersonen", "value": 20, **nation},
    )

    frame = computed(entry, table)

    assert dict(zip(frame["group"], frame["value"], strict=True)) == {
        "insgesamt": 25.0,
        "auslaender": 50.0,
    }


def test_a_group_does_not_narrow_a_denominator_that_names_its_dimension() -> None:
    """10 unemployed foreigners of 40 unemployed persons, not of 10."""
    entry = indicator(
        source(
            "t1",
            "share",
            numerator={"measure": "arbeitslose"},
            denominator={"measure": "arbeitslose", "staatsangehoerigkeit": "insgesamt"},
            groups={"auslaender": NATION["auslaender"]},
        )
    )
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 40},
        {
            "ags": RE,
            "period": "2020",
            "measure": "arbeitslose",
            "staatsangehoerigkeit": "auslaender",
            "value": 10,
        },
    )

    assert cells(computed(entry, table)) == {2020: 25.0}


def test_a_group_does_not_narrow_a_denominator_table_without_its_dimension() -> None:
    entry = indicator(
        source(
            "t1",
            "share",
            numerator={"measure": "arbeitslose"},
            denominator_table="t2",
            denominator={"measure": "personen"},
            groups={"auslaender": NATION["auslaender"]},
        )
    )
    table = facts(
        "t1",
        {
            "ags": RE,
            "period": "2020",
            "measure": "arbeitslose",
            "staatsangehoerigkeit": "auslaender",
            "value": 10,
        },
    )
    people = facts("t2", {"ags": RE, "period": "2020", "value": 200})

    assert cells(computed(entry, table, people)) == {2020: 5.0}


STATES = facts(
    "t1",
    {"ags": RE, "period": "2020", "staat": "121", "value": 10},
    {"ags": RE, "period": "2020", "staat": "122", "value": 20},
    {"ags": RE, "period": "2020", "staat": "166", "value": 40},
)


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [("*", 70), ("!166", 30), ("166", 40), ("@zwei", 30), (["122", "166"], 60)],
)
def test_a_target_group_says_which_nationalities_are_meant(meaning, expected: float) -> None:
    entry = indicator(
        source(
            value={"measure": "personen", "staat": catalogue.PLACEHOLDER},
            target_group={"gesamt": meaning},
        )
    )

    frame = computed(entry, STATES, words=book(lists={"zwei": ["121", "122"]}))

    assert cells(frame) == {2020: expected}


def test_a_target_group_that_a_source_does_not_know_gets_nothing_from_it() -> None:
    entry = indicator(
        source(
            value={"measure": "personen", "staat": catalogue.PLACEHOLDER},
            target_group={"ukraine": "166"},
        ),
        target_groups={"gesamt": ("insgesamt",), "ukraine": ("insgesamt",)},
    )

    frame = computed(entry, STATES)

    assert dict(zip(frame["target_group"], frame["value"], strict=True)) == {"ukraine": 40}


def test_a_hidden_part_hides_the_sum() -> None:
    entry = indicator(source(value={"measure": "personen", "staat": "*"}))
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "staat": "121", "value": 10},
        {"ags": RE, "period": "2020", "staat": "122", "value": None, "status": "hidden_below_3"},
    )

    frame = computed(entry, table)

    assert frame["value"].isna().all()
    assert cells(frame, "status") == {2020: "hidden_below_3"}


# --- the Land -----------------------------------------------------------------------------------


def test_a_land_that_the_table_lacks_is_the_marked_sum_of_its_kreise() -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "value": 10},
        {"ags": GT, "period": "2020", "value": 5},
        {"ags": "05562024", "period": "2020", "value": 7},
    )

    land = computed(indicator(source()), table, sum_to_land=True).set_index("ags").loc["05"]

    assert (land["value"], land["status"]) == (15, "summed")


def test_a_hidden_kreis_hides_the_sum_of_its_land() -> None:
    """10 + (1 or 2) is not 10."""
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "value": 10},
        {"ags": GT, "period": "2020", "value": None, "status": "hidden_below_3"},
    )

    frame = computed(indicator(source()), table, sum_to_land=True).set_index("ags")

    assert frame.loc["05", ["value"]].isna().all()
    assert frame.loc["05", "status"] == "hidden_below_3"


@pytest.mark.parametrize(
    ("there", "land"),
    [
        pytest.param({RE: 10, GT: 5}, [15], id="all of today"),
        pytest.param({RE: 10}, [], id="one is missing"),
        pytest.param({RE: 10, "05999": 5}, [], id="a former one in place of one of today"),
        pytest.param({RE: 10, GT: 5, "05999": 3}, [15], id="a former one beside those of today"),
    ],
)
def test_a_land_is_the_sum_of_the_kreise_of_today(there: dict[str, float], land: list) -> None:
    """Two keys are not two Kreise: 05999 was dissolved, and its territory is that of the others."""
    table = facts("t1", *({"ags": a, "period": "2020", "value": v} for a, v in there.items()))
    entry, known = indicator(source()), {"t1": passport("t1", sum_to_land=True)}
    inputs = compute_values.Inputs(book(), known, {"t1": table}, {"05": [RE, GT]})

    frame = compute_values.compute(inputs, [entry], 2030).frame

    assert frame.loc[frame["ags"] == "05", "value"].tolist() == land


def test_without_leave_of_the_passport_no_land_is_made_up() -> None:
    table = facts("t1", {"ags": RE, "period": "2020", "value": 10})

    assert set(computed(indicator(source()), table)["ags"]) == {RE}


# --- time ---------------------------------------------------------------------------------------


def test_no_period_after_the_report_year_appears() -> None:
    years = [{"ags": RE, "period": f"{y}-12-31", "value": 1} for y in (2019, 2020, 2021)]

    frame = computed(indicator(source()), facts("t1", *years), year=2020)

    assert set(frame["year"]) == {2019, 2020}


def test_as_of_takes_the_figure_that_was_known_then() -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2015", "value": 100, "stand": "2017-10-10"},
        {"ags": RE, "period": "2015", "value": 103, "stand": "2021-08-17"},
    )

    assert cells(computed(indicator(source()), table, as_of="2018-01-01")) == {2015: 100}
    assert cells(computed(indicator(source()), table)) == {2015: 103}


def test_a_ratio_is_as_new_as_the_newer_of_its_two_parts() -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 3, "stand": "2021-01-01"},
        {
            "ags": RE,
            "period": "2020",
            "measure": "erwerbspersonen",
            "value": 9,
            "stand": "2022-02-02",
        },
    )

    frame = computed(indicator(source("t1", "share", **SHARE)), table)

    assert cells(frame, "stand") == {2020: "2022-02-02"}


# --- what is public -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "public", "published"),
    [
        (source(), True, True),
        (source(), False, False),
        (source(value={"measure": "personen", "staat": "*"}), True, False),
        (source("t1", "published", value={"measure": "personen", "staat": "121"}), True, True),
    ],
    ids=["printed cell", "register", "our own sum", "printed cell of a nationality"],
)
def test_only_a_printed_cell_of_an_open_table_counts_as_published(entry, public, published) -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "staat": "insgesamt", "value": 10},
        {"ags": RE, "period": "2020", "staat": "121", "value": 4},
        {"ags": RE, "period": "2020", "staat": "122", "value": 6},
    )

    assert set(computed(indicator(entry), table, public=public)["published"]) == {published}


def test_a_ratio_of_two_printed_cells_is_our_own_figure() -> None:
    table = facts(
        "t1",
        {"ags": RE, "period": "2020", "measure": "arbeitslose", "value": 3},
        {"ags": RE, "period": "2020", "measure": "erwerbspersonen", "value": 9},
    )

    frame = computed(indicator(source("t1", "share", **SHARE)), table)

    assert not frame["published"].any()


# --- mistakes -----------------------------------------------------------------------------------


def test_a_selection_that_does_not_fit_names_file_indicator_and_table() -> None:
    entry = indicator(source(value={"measure": "faelle"}))

    with pytest.raises(DataError) as caught:
        computed(entry, facts("t1", {"ags": RE, "period": "2020", "value": 1}))

    assert caught.value.problems[0].where == "data/catalogue/arbeit.yml, quote, table t1"


def test_every_selection_of_the_catalogue_that_does_not_fit_is_reported(tmp_path) -> None:
    """The pruned project has one table; all others are named, each with its indicator."""
    found = compute_values.check(pruned(tmp_path))
    whole = catalogue.load(ROOT).indicators.values()
    lost = {
        (f"data/catalogue/{i.field}.yml, {i.id}, table {s.table}", t)
        for i in whole
        for s in i.sources
        for t in (s.table, s.denominator_table)
        if t != TABLE.rpartition("/")[2]
    }

    assert {(p.where, p.what.split("'")[1]) for p in found} == lost


def test_a_misspelt_measure_in_the_catalogue_is_reported(tmp_path) -> None:
    """A catalogue with one indicator left, and that one misspelt."""
    root = pruned(tmp_path)
    for path in sorted((root / "data/catalogue").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"^field:", text, re.MULTILINE):
            path.write_text(f"field: {path.stem}\nindicators: {{}}\n", encoding="utf-8")
    (root / "data/catalogue/bevoelkerung.yml").write_text(
        """field: bevoelkerung
indicators:
  anteil:
    code: DEM02
    title: Anteil
    definition: Anteil der einen an allen.
    numerator: die einen
    unit: prozent
    direction: context
    concept: MH_ZENSUS11
    target_groups: {gesamt: [insgesamt]}
    sources:
      - {table: AI-Z1-2011, kind: published, value: {measure: anteil_migrationshintergrund}}
""",
        encoding="utf-8",
    )

    assert compute_values.check(root) == []

    change(root / "data/catalogue/bevoelkerung.yml", "{measure: anteil_m", "{measure: anteil_n")
    [problem] = compute_values.check(root)

    assert problem.where == "data/catalogue/bevoelkerung.yml, anteil, table AI-Z1-2011"
    assert "fits no row" in problem.what


# --- the project's own figures ------------------------------------------------------------------


def figure(name: str, group: str, ags: str, year: int):
    frame = real(name)
    found = frame[(frame["group"] == group) & (frame["ags"] == ags) & (frame["year"] == year)]
    [row] = found.to_dict("records")
    return row


@pytest.mark.parametrize(
    ("ags", "year", "everyone", "foreigners"),
    [
        (RE, 2016, 10.4, 29.6),
        (RE, 2025, 8.7, 23.5),
        (GT, 2016, 4.8, 14.0),
        (ME, 2016, 6.5, 17.8),
    ],
)
def test_unemployment_rates_are_those_of_the_official_table(
    ags, year, everyone, foreigners
) -> None:
    found = [figure("arbeitslosenquote", g, ags, year) for g in ("insgesamt", "auslaender")]

    assert [(row["value"], row["table"]) for row in found] == [
        (everyone, "13211-02-05-4"),
        (foreigners, "13211-02-05-4"),
    ]


@pytest.mark.parametrize(
    ("ags", "foreigners", "everyone", "share"),
    [(RE, 88626, 621305, 14.26), (GT, 55180, 363982, 15.16), (ME, 73263, 490910, 14.92)],
)
def test_the_share_of_foreigners_2024_is_computed_from_whole_numbers(
    ags, foreigners, everyone, share
) -> None:
    row = figure("auslaenderanteil", "insgesamt", ags, 2024)

    assert (row["numerator"], row["denominator"]) == (foreigners, everyone)
    assert round(row["value"], 2) == share == round(100 * foreigners / everyone, 2)


def test_the_naturalisation_rate_2016_stands_on_the_foreigners_of_2015() -> None:
    """662 / 59,428 = 1.114 percent."""
    row = figure("einbuergerungsquote", "insgesamt", RE, 2016)

    assert (row["numerator"], row["denominator"]) == (662, 59428)
    assert round(row["value"], 3) == 1.114


@pytest.mark.parametrize(("ags", "share"), [(RE, 20.1), (GT, 26.8), (ME, 24.4), ("05", 24.5)])
def test_the_share_with_migration_background_2011_agrees_with_the_published_one(ags, share) -> None:
    """Foreigners and Germans with a background by all, from 12111-07-01-4; AI-Z1-2011 prints it."""
    whole = catalogue.load(ROOT)
    everyone = {"measure": "bevoelkerung_private_haushalte"}

    def part(**select: str) -> float:
        part = source("12111-07-01-4", value={**everyone, **select})
        entry = indicator(part, concept="MH_ZENSUS11")
        inputs = compute_values.load_inputs(ROOT, whole, passports.load(ROOT), [entry])
        frame = compute_values.compute(inputs, [entry], 2025).frame
        return float(frame.loc[frame["ags"] == ags, "value"].iloc[0])

    foreigners = part(staatsangehoerigkeit="auslaender")
    germans = part(staatsangehoerigkeit="deutsche", migrationshintergrund="mit")
    published = figure("anteil_migrationshintergrund", "insgesamt", ags, 2011)

    assert round(100 * (foreigners + germans) / part(), 1) == share == published["value"]


def test_register_and_population_count_different_persons_and_say_so() -> None:
    register = figure("register_der_auslaender", "insgesamt", RE, 2024)
    population = figure("bevoelkerung", "auslaender", RE, 2024)

    assert (register["value"], register["concept"]) == (99345, "AZR")
    assert (population["value"], population["concept"]) == (88626, "AUSL")


def test_no_indicator_divides_the_register_by_the_population() -> None:
    """The two count different persons: 99,345 of 621,305 would be nobody's share."""
    whole, known = catalogue.load(ROOT), passports.load(ROOT)
    mixed = [
        (i.id, s.table, s.denominator_table)
        for i in whole.indicators.values()
        for s in i.sources
        if (known[s.table].concept == "AZR") != (known[s.denominator_table].concept == "AZR")
    ]

    assert mixed == []


def test_the_inkar_share_of_2022_is_in_no_segment_with_another_table() -> None:
    row = figure("auslaenderanteil", "insgesamt", RE, 2022)
    frame = real("auslaenderanteil")

    assert (row["value"], row["table"]) == (13.71, "inkar-kreise")
    assert set(frame.loc[frame["segment"] == row["segment"], "table"]) == {"inkar-kreise"}


def test_figures_after_the_census_2022_are_in_another_segment_than_those_before() -> None:
    before = figure("auslaenderanteil", "maenner", RE, 2015)
    after = figure("auslaenderanteil", "maenner", RE, 2024)

    assert before["table"] == after["table"] == "12411-03-03-4"
    assert before["segment"] != after["segment"]


def test_an_earlier_stand_knows_neither_later_deliveries_nor_later_tables() -> None:
    """INKAR came in 2024, the figures of 2017 and later came in 2021."""
    early = real("arbeitslosenquote", "auslaenderanteil", "schutzsuchende", as_of="2018-12-31")

    assert set(early["stand"]) == {"2017-10-10"}
    assert set(early["table"]) == {
        "13211-02-05-4",
        "12411-03-02-4",
        "12411-03-03-4",
        "AI002-1",
        "12111-01-01-5",
    }
    assert early["year"].max() == 2016


def test_a_table_without_a_delivery_yet_gives_no_figure_and_no_error() -> None:
    entry = indicator(source("t1"), source("t2"))
    first = facts("t1", {"ags": RE, "period": "2020", "value": 1, "stand": "2024-01-01"})
    second = facts("t2", {"ags": RE, "period": "2020", "value": 2, "stand": "2021-01-01"})

    frame = computed(entry, first, second, as_of="2022-01-01", sum_to_land=True)

    assert dict(zip(frame["ags"], frame["value"], strict=True)) == {RE: 2, "05": 2}


def test_a_region_has_one_figure_per_indicator_group_and_year() -> None:
    frame = real("arbeitslosenquote", "auslaenderanteil", "bevoelkerung")

    assert not frame.duplicated(["indicator", "target_group", "group", "ags", "year"]).any()


# --- concepts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "below", "refused"),
    [
        ("AUSL", "AUSL", False),
        ("AUSL", "GESAMT", False),
        ("AZR", "GESAMT", True),
        ("AZR", "AUSL", True),
        ("KJH_HERKUNFT", "AUSL", True),
        ("MH_ZENSUS11", "EG_ZENSUS22", True),
    ],
)
def test_a_rate_over_two_concepts_is_refused(above: str, below: str, refused: bool) -> None:
    entry = indicator(
        source(
            "t1",
            "share",
            numerator={"measure": "personen"},
            denominator={"measure": "personen"},
            denominator_table="t2",
        ),
        concept=above,
    )
    part = facts("t1", {"ags": RE, "period": "2020", "value": 1, "concept": above})
    whole = facts("t2", {"ags": RE, "period": "2020", "value": 10, "concept": below})

    if refused:
        with pytest.raises(DataError, match="two concepts never meet in one figure"):
            computed(entry, part, whole)
    else:
        assert computed(entry, part, whole)["value"].tolist() == [10.0]


def test_a_figure_that_the_catalogue_takes_for_another_concept_is_refused() -> None:
    entry = indicator(source("t1"), concept="MH_ZENSUS11")

    with pytest.raises(DataError, match="counts AUSL and MH_ZENSUS11"):
        computed(entry, facts("t1", {"ags": RE, "period": "2020", "value": 1}))


def test_a_rate_has_the_break_of_its_denominator() -> None:
    entry = indicator(
        source(
            "t1",
            "share",
            numerator={"measure": "personen"},
            denominator={"measure": "personen"},
            denominator_table="t2",
            denominator_year=-1,
        )
    )
    years = [{"ags": RE, "period": str(y), "value": 1} for y in (2010, 2011, 2012)]
    words = replace(book(), indicators={"quote": entry}, breaks=(a_break(2011, "t2"),))

    found = computed(entry, facts("t1", *years), facts("t2", *years), words=words)

    assert found[["year", "segment"]].values.tolist() == [[2011, "t1#0"], [2012, "t1#1"]]
