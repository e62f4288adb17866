"""The catalogue: what the project says of itself, and how a mistake in it is told."""

from pathlib import Path

import pytest
from frames import ROOT, a_break, book, change, pruned

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.indicator_entry import Template
from kreisheft.core.errors import DataError, Problem, UsageError

WHOLE = catalogue.load(ROOT)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


def spoil(root: Path, name: str, old: str, new: str) -> list[Problem]:
    """Change one catalogue file and return the complaints."""
    change(root / f"data/catalogue/{name}.yml", old, new)
    return catalogue.check(root)


def test_the_catalogue_of_the_project_is_sound() -> None:
    assert catalogue.check(ROOT) == []


def test_there_are_thirteen_fields_and_each_has_an_indicator() -> None:
    assert len(WHOLE.fields) == 13
    assert [f for f in WHOLE.fields if not WHOLE.of_field(f)] == []


#: Letters of a code → its first and last number among the one hundred; DEM02b is one more.
HUNDRED = {
    "DEM": (1, 10),
    "REC": (1, 8),
    "SPR": (1, 6),
    "FKB": (1, 4),
    "SCH": (1, 11),
    "AUS": (1, 9),
    "ARB": (0, 11),
    "SOZ": (1, 7),
    "WOH": (1, 6),
    "GES": (1, 5),
    "PAR": (1, 9),
    "IKO": (1, 5),
    "DIS": (1, 7),
}


def test_all_one_hundred_indicators_are_there() -> None:
    wanted = {f"{a}{n:02}" for a, (low, high) in HUNDRED.items() for n in range(low, high + 1)}
    wanted.add("DEM02b")

    assert len(wanted) == 100
    assert wanted - {i.code for i in WHOLE.indicators.values()} == set()


def test_a_code_begins_with_the_letters_of_its_field() -> None:
    wrong = [i.id for i in WHOLE.indicators.values() if i.code[:3] != WHOLE.fields[i.field]["code"]]

    assert wrong == []


def test_no_code_of_the_kgst_is_claimed() -> None:
    named = [s for i in WHOLE.indicators.values() for s in i.sets if s.scheme == "KGSt"]

    assert named
    assert [s for s in named if s.code] == []


def test_every_code_of_a_renumbered_set_names_its_edition() -> None:
    """The Länder gave D3 to the highest school degree once, and to school leavers later."""
    bare = [
        (i.id, s.code)
        for i in WHOLE.indicators.values()
        for s in i.sets
        if s.scheme in ("IntMK", "NRW") and s.code and not s.edition
    ]

    assert bare == []
    assert {(s.edition, s.code) for s in WHOLE.indicator("ohne_schulabschluss").sets} >= {
        ("Internetportal der Länder", "D4"),
        ("3. Bericht", "D3"),
    }


def test_both_rates_of_naturalisation_name_their_variant() -> None:
    before, same = (
        WHOLE.indicator(i) for i in ("einbuergerungsquote", "einbuergerungsquote_selbes_jahr")
    )

    assert {s.denominator_year for s in before.sources} == {-1}
    assert {s.denominator_year for s in same.sources} == {0}
    assert "des Vorjahres" in before.definition
    assert "desselben Jahres" in same.definition


def test_most_gaps_name_what_to_fill_in() -> None:
    gaps = [i for i in WHOLE.indicators.values() if not i.sources]

    assert WHOLE.indicator("mandate").template == Template(
        "teilhabe.csv", ("mandate_mit_migrationshintergrund", "mandate_befragte")
    )
    assert 2 * sum(i.template is not None for i in gaps) > len(gaps)


def test_every_indicator_has_a_figure_or_says_why_not() -> None:
    assert [i.id for i in WHOLE.indicators.values() if not (i.sources or i.missing)] == []


def test_every_percentage_names_its_denominator() -> None:
    silent = [
        i.id
        for i in WHOLE.indicators.values()
        if i.unit in ("prozent", "je_1000") and i.sources and not i.denominator
    ]

    assert silent == []


def test_a_group_that_others_are_compared_with_is_shown_beside_them() -> None:
    """Gap and ratio need both; `focus` may be missing, then the first group stands for it."""
    lost = [
        (i.id, target_group)
        for i in WHOLE.indicators.values()
        for target_group, shown in i.target_groups.items()
        if i.sources and shown and i.reference and i.reference not in shown
    ]

    assert lost == []


def test_an_unknown_indicator_lists_the_valid_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown indicator 'quoten'.*arbeitslosenquote"):
        WHOLE.indicator("quoten")


def test_breaks_of_a_table_come_oldest_first() -> None:
    words = book(breaks=(a_break(2022, "a"), a_break(2016, "b"), a_break(2011, "a", "b")))

    assert [b.year for b in words.breaks_of("a", "quote")] == [2011, 2022]


def test_a_break_may_cut_only_some_indicators_of_a_table() -> None:
    words = book(breaks=(a_break(2011, "a", only=("quote",)), a_break(2022, "a")))

    assert [b.year for b in words.breaks_of("a", "quote")] == [2011, 2022]
    assert [b.year for b in words.breaks_of("a", "miete")] == [2022]


@pytest.mark.parametrize(
    ("dimension", "value", "group"),
    [
        ("alter", "00-02", "alter_00_02"),
        ("alter", "60+", "alter_60_plus"),
        ("staat", "166", "staat_166"),
    ],
)
def test_a_value_of_a_dimension_names_a_group(dimension, value, group) -> None:
    assert catalogue.group_id(dimension, value) == group


def test_without_groups_a_source_is_about_everyone() -> None:
    [first, *_] = WHOLE.indicator("mindestsicherungsquote").sources

    assert first.groups == {"insgesamt": {}}


def test_an_unknown_concept_is_told_with_line_and_column(root: Path) -> None:
    text = (root / "data/catalogue/recht.yml").read_text(encoding="utf-8")
    line = text[: text.index("concept: AZR")].count("\n") + 1
    (root / "data/catalogue/recht.yml").write_text(
        text.replace("concept: AZR", "concept: AZX", 1), encoding="utf-8"
    )

    [problem] = catalogue.check(root)

    assert problem.where == (
        f"data/catalogue/recht.yml, line {line}, column 5 (indicators.schutzsuchende.concept)"
    )
    assert problem.what == "unknown concept 'AZX'"


def test_an_unknown_group_is_told(root: Path) -> None:
    [problem] = spoil(
        root,
        "arbeit",
        "gesamt: [insgesamt, auslaender, frauen, maenner, alter_15_bis_24]",
        "gesamt: [insgesamt, auslaender, frauen, maenner, alter_15_bis_25]",
    )

    assert problem.what == "unknown group 'alter_15_bis_25'"
    assert "arbeitslosenquote" in problem.where


def test_a_code_used_twice_is_told(root: Path) -> None:
    [problem] = spoil(root, "arbeit", "code: ARB04a", "code: ARB04")

    assert problem.what == "code ARB04 is used by 'arbeitslosenquote' too"


def test_an_indicator_in_two_files_is_told(root: Path) -> None:
    found = spoil(root, "recht", "\n  schutzsuchende:\n", "\n  arbeitslosenquote:\n")

    assert "indicator 'arbeitslosenquote' stands in recht.yml too" in [p.what for p in found]


def test_a_file_that_names_another_field_is_told(root: Path) -> None:
    [problem] = spoil(root, "sprache", "field: sprache", "field: schule")

    assert problem.where == "data/catalogue/sprache.yml, line 2, column 1 (field)"


def test_an_unknown_kind_of_figure_is_told_with_the_known_ones(root: Path) -> None:
    text = (root / "data/catalogue/wohnen.yml").read_text(encoding="utf-8")
    (root / "data/catalogue/wohnen.yml").write_text(
        text.replace("kind: published", "kind: printed", 1), encoding="utf-8"
    )

    found = catalogue.check(root)

    assert any("'printed' is not one of" in p.what for p in found)


def test_broken_files_hide_no_others(root: Path) -> None:
    change(root / "data/catalogue/sprache.yml", "field: sprache", "feld: sprache")

    found = spoil(root, "wohnen", "field: wohnen", "feld: wohnen")

    assert {p.where.split(",")[0] for p in found} == {
        "data/catalogue/sprache.yml",
        "data/catalogue/wohnen.yml",
    }


def test_a_loaded_catalogue_cannot_be_assigned_to() -> None:
    with pytest.raises(AttributeError):
        WHOLE.breaks = ()  # type: ignore[misc]


def test_a_mistake_raises_a_data_error(root: Path) -> None:
    change(root / "data/catalogue/sprache.yml", "field: sprache", "feld: sprache")

    with pytest.raises(DataError):
        catalogue.load(root)


def test_every_mistake_of_an_entry_is_told_at_once(root: Path) -> None:
    """A misspelt key, a direction and a unit that there is not: place, what and the known words."""
    path = root / "data/catalogue/sprache.yml"
    above, title, below = path.read_text(encoding="utf-8").partition("title: Sprache im Haushalt")
    below = below.replace("unit: prozent", "unit: percent").replace("context", "up")
    path.write_text(above + title.replace("title", "titel") + below, encoding="utf-8")

    found = {p.what.replace("is not one of", "?").split(" ?")[0]: p for p in catalogue.check(root)}

    line = above.count("\n") + 1
    assert set(found) == {
        "unknown key 'titel'",
        "'title' is a required property",
        "'percent'",
        "'up'",
    }
    misspelt = found["unknown key 'titel'"]
    assert misspelt.where.startswith(f"data/catalogue/sprache.yml, line {line}, column 5 ")
    assert "title" in misspelt.next


def test_a_code_of_the_kgst_is_refused(root: Path) -> None:
    [problem] = spoil(
        root,
        "sprache",
        '      - {scheme: KGSt, edition: "Integrationsmonitoring 2.0", field: "Sprache"}\n'
        "    template: {file: sprache.csv, measures: [betreute_kinder_kita]}",
        "      - {scheme: KGSt, code: S1}",
    )

    assert "indicators.familiensprache.sets.3.code" in problem.where
    assert problem.next == "the codes of the KGSt are not public: leave 'code' out"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "file: sprache.csv, measures: [betreute",
            "file: kita.csv, measures: [betreute",
            "kita.csv",
        ),
        ("measures: [betreute_kinder_kita]", "measures: [betreute_hunde]", "betreute_hunde"),
    ],
)
def test_a_template_that_is_not_there_is_told(root: Path, old: str, new: str, what: str) -> None:
    [problem] = spoil(root, "sprache", old, new)

    assert "indicators.familiensprache.template" in problem.where
    assert repr(what) in problem.what
    assert problem.next.startswith("known: ")
