"""Which book is made: the settings of a Kreis, and how a wrong one is told."""

from pathlib import Path

import pytest
import yaml
from frames import ROOT, change, pruned
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import params
from kreisheft.core.errors import DataError, UsageError
from kreisheft.protected import peers


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


def spoil(root: Path, old: str, new: str) -> list[str]:
    """Change the file of Recklinghausen; return what is said."""
    change(root / "params/recklinghausen.yml", old, new)
    with pytest.raises(DataError) as caught:
        params.load(root, "recklinghausen")
    return [f"{p.where}: {p.what}" for p in caught.value.problems]


def test_the_params_of_the_project_are_sound() -> None:
    assert params.check(ROOT) == []


@pytest.mark.parametrize(
    ("kreis", "ags", "name"),
    [
        ("recklinghausen", "05562", "Kreis Recklinghausen"),
        ("guetersloh", "05754", "Kreis Gütersloh"),
        ("mettmann", "05158", "Kreis Mettmann"),
    ],
)
def test_the_three_kreise_have_files_of_their_own(kreis, ags, name) -> None:
    settings = params.load(ROOT, kreis)

    assert (settings.ags, settings.name) == (ags, name)
    assert settings.report_years == (2016, 2020, 2024, 2025)


def test_a_kreis_without_a_file_has_the_defaults_and_its_full_name() -> None:
    settings = params.load(ROOT, "bochum")

    assert (settings.ags, settings.name) == ("05911", "Stadt Bochum")
    assert settings.report_years == params.load(ROOT, "recklinghausen").report_years


def test_every_kreis_of_germany_can_be_built() -> None:
    """294 Kreise, 104 kreisfreie Städte, Hamburg and Berlin; 53 in Nordrhein-Westfalen."""
    found = params.kreise(ROOT)

    assert len(set(found.values())) == len(found) == 400
    assert sum(ags.startswith("05") for ags in found.values()) == 53


def test_a_city_and_a_kreis_of_one_name_are_told_apart() -> None:
    found = params.kreise(ROOT)

    assert (found["kassel"], found["kassel_stadt"]) == ("06633", "06611")
    assert sum(name.endswith("_stadt") for name in found) == 22


@pytest.mark.parametrize(
    ("kreis", "ags", "name", "land"),
    [
        ("kassel", "06633", "Landkreis Kassel", "06"),
        ("region_hannover", "03241", "Region Hannover", "03"),
        ("flensburg", "01001", "Stadt Flensburg", "01"),
        ("steinburg", "01061", "Kreis Steinburg", "01"),
        ("hamburg", "02", "Stadt Hamburg", "02"),
        ("regionalverband_saarbruecken", "10041", "Regionalverband Saarbrücken", "10"),
    ],
)
def test_a_kreis_elsewhere_has_its_own_land_and_its_own_word(kreis, ags, name, land) -> None:
    settings = params.load(ROOT, kreis)

    assert (settings.ags, settings.name, settings.land) == (ags, name, land)


def compared(root: Path, lines: str) -> params.Comparison:
    """What Recklinghausen is compared with after these lines are added to `comparison`."""
    change(root / "params/recklinghausen.yml", '  land: "05"\n', f'  land: "05"\n{lines}')
    return params.load(root, "recklinghausen").comparison


def test_peers_are_named_by_id_or_by_key(root: Path) -> None:
    found = compared(root, '  kreise: [guetersloh, mettmann, bochum, "03241"]\n')

    assert found.kreise == ("03241", "05158", "05754", "05911")


def test_peers_are_chosen_by_structure(root: Path) -> None:
    found = compared(root, "  structure: {traits: [sgb2_quote], n: 8, same_kind: false}\n")

    assert (found.traits, found.n, found.same_kind) == (("sgb2_quote",), 8, False)


def test_the_traits_of_the_schema_are_those_that_are_declared() -> None:
    path = Path(params.__file__).parents[1] / "schemas/params.yml"
    schema = yaml.safe_load(path.read_text(encoding="utf-8"))
    structure = schema["properties"]["comparison"]["properties"]["structure"]

    assert structure["properties"]["traits"]["items"]["enum"] == list(
        peers.load_rules(ROOT)["traits"]
    )


def test_an_unknown_peer_is_told_at_its_place(root: Path) -> None:
    with pytest.raises(DataError, match=r"\(comparison.kreise.1\): unknown Kreis 'atlantis'"):
        compared(root, "  kreise: [guetersloh, atlantis, mettmann, bochum]\n")


def test_two_ways_to_choose_peers_are_one_too_many(root: Path) -> None:
    with pytest.raises(DataError, match="structure and cities_from both choose peers"):
        compared(root, "  structure: {traits: [sgb2_quote]}\n  cities_from: 100000\n")


def test_members_who_agree_are_read(root: Path) -> None:
    assert compared(root, "  named: [guetersloh]\n").named == ("05754",)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Gütersloh", "guetersloh"),
        ("Rhein-Sieg-Kreis", "rhein_sieg_kreis"),
        ("Mülheim an der Ruhr", "muelheim_an_der_ruhr"),
        ("Straße", "strasse"),
        ("Gu\N{COMBINING DIAERESIS}tersloh", "guetersloh"),
        ("\N{MATHEMATICAL BOLD SCRIPT CAPITAL A}", "a"),
    ],
)
def test_a_name_becomes_an_address(name, spelled) -> None:
    assert params.slug(name) == spelled


@given(st.text())
def test_an_address_needs_no_escaping_and_is_its_own_address(name: str) -> None:
    spelled = params.slug(name)

    assert set(spelled) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert params.slug(spelled) == spelled


def test_an_unknown_kreis_lists_the_valid_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown Kreis 'reklinghausen'.*recklinghausen"):
        params.load(ROOT, "reklinghausen")


def test_defaults_are_no_kreis() -> None:
    with pytest.raises(UsageError, match="unknown Kreis 'defaults'"):
        params.load(ROOT, "defaults")


def test_an_unknown_year_lists_the_valid_ones() -> None:
    settings = params.load(ROOT, "recklinghausen")

    with pytest.raises(UsageError, match=r"2023\. Valid: 2016, 2020, 2024, 2025"):
        params.require_year(settings, 2023)


def test_an_unknown_field_lists_the_valid_ones() -> None:
    settings = params.load(ROOT, "recklinghausen")

    with pytest.raises(UsageError, match=r"unknown field 'arbeiten'.*arbeit, soziales"):
        params.require(settings, "arbeiten", "gesamt")


def test_an_unknown_target_group_lists_the_valid_ones() -> None:
    settings = params.load(ROOT, "recklinghausen")

    with pytest.raises(UsageError, match=r"unknown target group 'alle'\. Valid: gesamt, "):
        params.require(settings, "arbeit", "alle")


def test_an_unknown_ags_is_told_with_line_and_column(root: Path) -> None:
    assert spoil(root, '"05562"', '"05999"') == [
        "params/recklinghausen.yml, line 3, column 1 (ags): unknown AGS '05999'"
    ]


def test_an_ags_without_quotes_is_told(root: Path) -> None:
    """YAML reads 05562 without quotes as an octal number, 2930."""
    [line] = spoil(root, '"05562"', "05562")

    assert line.endswith("line 3, column 1 (ags): 2930 is not of type 'string'")


def test_an_unknown_target_group_in_the_file_is_told_at_its_place(root: Path) -> None:
    [line] = spoil(root, "[gesamt, eingewanderte,", "[gesamt, eingewandert,")

    assert line.endswith("(target_groups.1): unknown 'eingewandert'")


def test_an_unknown_land_is_told(root: Path) -> None:
    [line] = spoil(root, 'land: "05"', 'land: "99"')

    assert line.endswith("(comparison.land): unknown Land '99'")


def test_as_of_for_a_year_without_a_report_is_told(root: Path) -> None:
    path = root / "params/recklinghausen.yml"
    path.write_text(path.read_text(encoding="utf-8") + 'as_of: {2019: "2020-01-01"}\n', "utf-8")

    with pytest.raises(DataError, match="2019 is not a report year"):
        params.load(root, "recklinghausen")


def test_as_of_is_read_by_year(root: Path) -> None:
    path = root / "params/recklinghausen.yml"
    path.write_text(path.read_text(encoding="utf-8") + 'as_of: {2020: "2021-12-31"}\n', "utf-8")

    assert params.load(root, "recklinghausen").as_of == {2020: "2021-12-31"}


def test_a_file_for_a_kreis_elsewhere_needs_its_ags(root: Path) -> None:
    path = root / "params/atlantis.yml"
    path.write_text((root / "params/defaults.yml").read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(DataError, match="no ags"):
        params.load(root, "atlantis")


def test_mistakes_of_several_files_come_together(root: Path) -> None:
    change(root / "params/recklinghausen.yml", '"05562"', '"05999"')
    change(root / "params/guetersloh.yml", 'land: "05"', 'land: "99"')

    assert {p.where.split(",")[0] for p in params.check(root)} == {
        "params/recklinghausen.yml",
        "params/guetersloh.yml",
    }


@pytest.mark.parametrize("name", ["ueberblick", "thema_neu", "kennzahl"])
def test_a_field_that_is_called_like_another_chapter_is_told(root: Path, name: str) -> None:
    change(root / "data/catalogue/fields.yml", "  recht:\n", f"  {name}:\n")

    told = [str(p) for p in params.check(root) if "fields.yml" in p.where]

    assert told == [
        f"data/catalogue/fields.yml, line 8, column 3 (fields.{name}): "
        f"{name!r} is also what commands and addresses call another chapter\n    → rename the field"
    ]
