import shutil
from pathlib import Path

import pytest

from kreisheft.core.errors import DataError
from kreisheft.deliveries import make_tables_doc
from kreisheft.facts import labels, passports

CHECKOUT = Path(__file__).parents[2]
OFFICIAL = Path(__file__).parents[1] / "official"
NUMBERS = sorted(p.stem for p in (CHECKOUT / "data" / "sources").glob("*/*.yml"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    return tmp_path


def broken(root: Path, old: str, new: str) -> str:
    """Change the classic test passport and return the complaint about it."""
    path = root / "data/sources/erfunden/99999-01-01-4.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        passports.load(root)
    return str(caught.value)


def test_every_passport_of_the_project_is_valid_and_has_facts() -> None:
    """A passport without delivery has no facts."""
    assert [n for n in NUMBERS if not passports.find(CHECKOUT, n).deliveries] == []


def test_the_passports_of_the_project_fit_together() -> None:
    assert passports.check(CHECKOUT) == []


def test_every_concept_is_explained_in_the_catalogue() -> None:
    explained = (CHECKOUT / "data/catalogue/concepts.yml").read_text(encoding="utf-8")
    used = {
        (number, concept)
        for number in NUMBERS
        for passport in [passports.find(CHECKOUT, number)]
        for concept in (passport.concept, *(c.concept for c in passport.columns))
    }

    assert used
    assert {(n, concept) for n, concept in used if f"\n  {concept}:\n" not in explained} == set()


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("unter 1 Jahr", "00-00"),
        ("unter 3 Jahre", "00-02"),
        ("3 bis unter 6 Jahre", "03-05"),
        ("5 bis 9 Jahre", "05-09"),
        ("90 Jahre und mehr", "90+"),
        ("Insgesamt", "insgesamt"),
        ("Total", "insgesamt"),
        ("im besten Alter", None),
    ],
)
def test_the_grammar_of_age_groups(label: str, group: str | None) -> None:
    assert labels.parse_age(label) == group


@pytest.mark.parametrize(
    ("code", "key"),
    [("ST475", "475"), ("", "insgesamt"), ("UNK", "998"), ("OA", "999"), ("X1", None)],
)
def test_the_grammar_of_nationality_codes(code: str, key: str | None) -> None:
    assert labels.parse_nation(code) == key


def test_dimensions_are_those_of_rows_and_columns(root: Path) -> None:
    passport = passports.find(root, "mapped-test")
    assert passport.dimensions == ("staatsangehoerigkeit", "art")


def test_an_unknown_key_is_named_with_its_line(root: Path) -> None:
    complaint = broken(root, "rounding: 1", "rundung: 1\nrounding: 1")
    assert "99999-01-01-4.yml, line 8, column 1" in complaint
    assert "unknown key 'rundung'" in complaint


def test_a_measure_without_unit_is_a_mistake(root: Path) -> None:
    assert "'quote'" in broken(root, ", quote: Prozent}", "}")


def test_an_unknown_source_is_a_mistake(root: Path) -> None:
    (root / "data/sources/sources.yml").write_text("sources: {}\n", encoding="utf-8")
    with pytest.raises(DataError, match="unknown source 'erfunden'"):
        passports.load(root)


def test_the_file_is_called_like_its_table(root: Path) -> None:
    assert "rename the file" in broken(root, "table: 99999-01-01-4", "table: 99999-01-02-4")


def test_attribution_has_the_year_of_the_delivery() -> None:
    passport = passports.find(CHECKOUT, "13211-02-05-4")
    producer = passports.sources(CHECKOUT)["regionalstatistik"]
    text = passports.attribution(producer, passport, "2017-10-10")
    named = "© Statistische Ämter des Bundes und der Länder, Deutschland, 2017 (dl-de/by-2-0)"
    assert text == named


def test_the_list_of_tables_is_current() -> None:
    written = (CHECKOUT / "docs/tables.md").read_text(encoding="utf-8")
    current = make_tables_doc.text(CHECKOUT)
    assert written == current, "run python -m kreisheft.deliveries.make_tables_doc"
