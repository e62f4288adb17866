"""Open SDG repositories: written here in the manner of Niedersachsen's and Schleswig-Holstein's."""

import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import open_sdg
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import signs

KREISE = """\
Year,Gebietseinheit,Altersgruppe,GeoCode,Value
2025,"Braunschweig, Stadt",Insgesamt,K03101,35
2025,"Hannover  Region",0 - 6 ,K03241,2.5
2025,Niedersachsen,Insgesamt,K030,87
2025,Statistische Region Hannover,Insgesamt,K032,40
"""
MARKDOWN = """\
---
indicator_number: 1.2.6
indicator_name: global_indicators.1-2-6-title
computation_units: Personen
computation_calculations: >-
  Gezählt wird
  zum 31.12.
data_start_values:
  - field: Altersgruppe
    value: Insgesamt
---
Prose below the fields.
"""


def read(text: str, where: str = "data/indicator_1-2-6.csv") -> Table:
    return open_sdg.read(text.encode(), where)


def complaint(text: str) -> str:
    with pytest.raises(DataError) as caught:
        read(text)
    return str(caught.value)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {
        "data/indicator_1-2-6.csv": KREISE,
        "data/indicator_1-1-1.csv": "Year,Value\n2024,3\n",
        "data/notes.csv": "a,b\n1,2\n",
        "data/indicator_9-9.csv": "no,table\n1,2\n",
        "meta/1-2-6.md": MARKDOWN,
        "meta/1-1-1.yml": "indicator_name: Zuzüge\nindicator_number: 1-1-1\n",
        "translations/de/global_indicators.yml": "1-2-6-title: Ausländische Bevölkerung\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("first", ["Year,Value", "Year,Geschlecht,Value\r", '"Year","Value"'])
def test_an_indicator_begins_with_year_and_ends_with_value(first: str) -> None:
    assert open_sdg.recognises(f"{first}\n2024,1\n".encode())
    assert open_sdg.recognises(f"\ufeff{first}\n2024,1\n".encode())


@pytest.mark.parametrize(
    "first",
    ["Value,Year", "Year;Value", "year,value", "Year,Value,Note", "Year", "", '"Year,Value'],
)
def test_other_files_are_not_recognised(first: str) -> None:
    assert not open_sdg.recognises(f"{first}\n2024,1\n".encode())


def test_every_row_is_a_figure() -> None:
    found = read(KREISE)

    assert (found.cells, found.number, found.headers) == (4, "1-2-6", ("Value",))
    assert list(found.texts[0]) == ["35", "2,5", "87", "40"]
    assert list(found.rows["line"]) == [2, 3, 4, 5]
    assert set(found.rows["period"]) == {"2025"}


def test_disaggregations_are_classifiers_without_stray_blanks() -> None:
    found = read(KREISE)

    assert found.classifiers == ("Gebietseinheit", "Altersgruppe")
    assert list(found.rows["Gebietseinheit"])[:2] == ["Braunschweig, Stadt", "Hannover Region"]
    assert list(found.rows["Altersgruppe"])[1] == "0 - 6"


def test_geocodes_are_region_keys_without_their_letter() -> None:
    assert list(read(KREISE).rows["ags"]) == ["03101", "03241", "03", "032"]


@pytest.mark.parametrize(
    "codes",
    [
        ["W121", "W122"],  # countries
        ["K03101", "0"],  # one code is no key
        ["K03101", "W05562"],  # two kinds
        ["3101", "3241"],  # lost their zero
    ],
)
def test_geocodes_of_another_kind_stay_a_classifier(codes: list[str]) -> None:
    rows = "".join(f"2024,{code},1\n" for code in codes)

    found = read(f"Year,GeoCode,Value\n{rows}")

    assert found.classifiers == ("GeoCode",)
    assert list(found.rows["GeoCode"]) == codes
    assert set(found.rows["ags"]) == {""}


def test_a_row_without_geocode_is_what_the_passport_says() -> None:
    found = read("Year,GeoCode,Value\n2024,,9\n2024,05562,1\n2024,DG,8\n")

    assert list(found.rows["ags"]) == ["", "05562", "DG"]


def test_series_and_units_are_the_header() -> None:
    found = read(
        "Year,Series,Units,Value\n2024,Quote,Prozent,1\n2024,Personen,,2\n2024,,Anzahl,3\n"
    )

    assert list(found.rows["header"]) == ["Quote / Prozent", "Personen", "Value / Anzahl"]
    assert found.headers == ("Quote / Prozent", "Personen", "Value / Anzahl")
    assert found.units == {"Quote / Prozent": "Prozent", "Value / Anzahl": "Anzahl"}
    assert found.classifiers == ()


@pytest.mark.parametrize(("column", "header"), [("Series", "Quote"), ("Units", "Value / Quote")])
def test_series_or_units_alone_are_the_header_too(column: str, header: str) -> None:
    assert read(f"Year,{column},Value\n2024,Quote,1\n").headers == (header,)


def test_a_day_and_a_year_with_a_decimal_are_times() -> None:
    found = read("Year,Value\n31.03.2022,1\n2022-04-01,2\n2013.0,3\n")

    assert list(found.rows["period"]) == ["2022-03-31", "2022-04-01", "2013"]


def test_empty_values_and_signs_are_left_as_they_are() -> None:
    assert list(read("Year,Value\n2022,\n2023,NaN\n2024,.\n").texts[0]) == ["", "NaN", "."]


def test_the_page_gives_title_unit_and_notes(repository: Path) -> None:
    path = repository / "data/indicator_1-2-6.csv"

    found = open_sdg.read(path.read_bytes(), str(path))

    assert found.title == "Ausländische Bevölkerung"
    assert found.units == {"Value": "Personen"}
    assert found.notes == "Gezählt wird zum 31.12."


def test_a_page_may_be_yaml(repository: Path) -> None:
    path = repository / "data/indicator_1-1-1.csv"

    assert open_sdg.read(path.read_bytes(), str(path)).title == "Zuzüge"


def test_a_german_page_goes_before_another(repository: Path) -> None:
    path = repository / "data/indicator_1-1-1.csv"
    german = repository / "meta/de/1-1-1.yml"
    german.parent.mkdir()
    german.write_text("indicator_name: Zuzug aus dem Ausland\n", encoding="utf-8")

    assert open_sdg.read(path.read_bytes(), str(path)).title == "Zuzug aus dem Ausland"


@pytest.mark.parametrize("page", ["indicator_name: [", "indicator_name: 2024-02-30", "\t- x: :"])
def test_a_broken_page_is_named(repository: Path, page: str) -> None:
    path = repository / "data/indicator_1-1-1.csv"
    (repository / "meta/1-1-1.yml").write_text(page, encoding="utf-8")

    with pytest.raises(DataError, match=r"1-1-1\.yml.* is no YAML"):
        open_sdg.read(path.read_bytes(), str(path))


def test_without_a_page_the_figures_are_read(repository: Path) -> None:
    (repository / "meta/1-1-1.yml").unlink()
    path = repository / "data/indicator_1-1-1.csv"

    found = open_sdg.read(path.read_bytes(), str(path))

    assert (found.title, found.notes, found.cells) == ("", "", 1)


def test_the_indicators_of_a_repository_are_listed(repository: Path) -> None:
    found = [path.name for path in open_sdg.tables(repository)]

    assert found == ["indicator_1-1-1.csv", "indicator_1-2-6.csv"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2023/24,A,1", "row 3, column 'Year': '2023/24' is no year and no day"),
        ("31.02.2022,A,1", "'31.02.2022' is no year and no day"),
        ("2024,A,17,8", "row 3: has 4 fields, the head 3"),
        ('2024,A,"17,8"', "row 3, column 'Value': '17,8' has a comma"),
        ('2024,A,"1,234.5"', "'1,234.5' has a comma"),
        ('2024,"A\nB",1', "row 3, column 'Sex': has a line break in a field"),
        ("2024,A", "row 3: has 2 fields"),
    ],
)
def test_a_mistake_is_named_with_its_row(row: str, what: str) -> None:
    assert what in complaint(f"Year,Sex,Value\n2024,A,1\n{row}\n")


@pytest.mark.parametrize(
    ("head", "what"),
    [("Year,Sex,Sex,Value", "'Sex' twice"), ("Year,,Sex,Value", "a column without a name")],
)
def test_a_mistake_in_the_head_is_named(head: str, what: str) -> None:
    assert what in complaint(f"{head}\n2024,a,b,1\n")


def test_a_cut_file_is_refused() -> None:
    assert "ends within a line" in complaint(KREISE[:-2])


LABEL = st.text(st.sampled_from('aÄöß ,;"–1'), max_size=6)
FIGURES = st.lists(
    st.tuples(
        st.integers(1990, 2030).map(str),
        LABEL,
        LABEL,
        st.sampled_from(["", "05562", "05", "05562032"]),
        st.decimals(-1000, 1000, places=3, allow_nan=False, allow_infinity=False).map(str),
    ),
    min_size=1,
    max_size=8,
)


@given(FIGURES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_what_was_written_is_read_back(
    rows: list[tuple[str, ...]], end: str, encoding: str
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=end)
    writer.writerow(["Year", "Series", "Sex", "GeoCode", "Value"])
    writer.writerows([*rows, ("2024", "S", "f", "05562", "1")])

    found = open_sdg.read(buffer.getvalue().encode(encoding), "x.csv")

    for (year, series, sex, ags, value), place, text in zip(
        rows, found.rows.itertuples(index=False), found.texts[0], strict=False
    ):
        wanted = (ags, year, " ".join(series.split()) or "Value", " ".join(sex.split()))
        assert tuple(map(str, place))[1:] == wanted
        assert signs.read(text) == value


@given(st.integers(0, len(KREISE) - 1), st.sampled_from(["cut", "\n", '"', ","]))
def test_damage_is_refused_or_changes_no_number(at: int, kind: str) -> None:
    damaged = KREISE[:at] if kind == "cut" else KREISE[:at] + kind + KREISE[at:]
    if not open_sdg.recognises(damaged.encode()):
        return
    try:
        found = read(damaged)
    except DataError:
        return

    numbers = [t for t in found.texts[0] if signs.read(t, empty="missing") not in (None, "–")]
    assert set(numbers) <= {"35", "2,5", "87", "40"}


@given(st.one_of(st.binary(), st.text(st.sampled_from('05,;."\n\r-aÄ24'))))
def test_no_bytes_give_a_traceback(data: bytes | str) -> None:
    body = data if isinstance(data, bytes) else data.encode()
    open_sdg.recognises(body)
    with contextlib.suppress(DataError):
        open_sdg.read(b"Year,Series,Units,GeoCode,Value\n" + body + b"\n", "data/indicator_1-1.csv")
