import shutil
from pathlib import Path

import pytest

from kreisheft.core.errors import DataError
from kreisheft.deliveries import mapping
from kreisheft.deliveries.readers import mapped
from kreisheft.facts import passports

OFFICIAL = Path(__file__).parents[1] / "official"
TEXT = (OFFICIAL / "mapped.csv").read_text(encoding="utf-8")


@pytest.fixture
def passport(tmp_path: Path) -> passports.Passport:
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    return passports.find(tmp_path, "mapped-test")


def test_keys_are_padded_and_years_lose_their_decimal(passport: passports.Passport) -> None:
    rows = mapped.read(TEXT.encode(), "m.csv", passport).rows
    assert set(rows["ags"]) == {"05562", "05754"}
    assert set(rows["period"]) == {"2012", "2013"}


def test_a_series_starts_where_the_passport_says(passport: passports.Passport) -> None:
    table = mapped.read(TEXT.encode(), "m.csv", passport)
    found = mapping.map_facts(table, passport, "m.csv", "2025-01-31")
    assert (found.cells, found.skipped, set(found.frame["period"])) == (5 * 2, 2, {"2013"})


def test_a_file_fits_only_with_exactly_the_declared_columns(passport: passports.Passport) -> None:
    assert mapped.fits(TEXT, passport)
    assert not mapped.fits(TEXT.replace("total", "all"), passport)


def test_every_undeclared_column_is_named(passport: passports.Passport) -> None:
    text = TEXT.replace("total", "all")
    with pytest.raises(DataError) as caught:
        mapped.read(text.encode(), "m.csv", passport)
    assert "column 'all'" in str(caught.value)
    assert "lacks the column 'total'" in str(caught.value)
