"""Regionaltabellen of the Zensus 2022; those with several sheets are built from a description."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import Rows, damaged, workbook

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import zensus_workbook
from kreisheft.deliveries.readers.table import Table

RAW = Path(__file__).parents[3] / "shared" / "raw" / "zensus2022"
ORIGINAL = RAW / "Regionaltabelle_Bevoelkerung.xlsx"
PLACES = ["Berichtszeitpunkt", "_RS", "Name", "Regionalebene"]
KREIS = "Stadtkreis/kreisfreie Stadt/Landkreis"
REGIONS = [
    [20220515, "00", "Deutschland", "Bund (mit Deutschen im Ausland)"],
    [20220515, "00", "Deutschland", "Bund (ohne Deutsche im Ausland)"],
    [20220515, "05", "Nordrhein-Westfalen", "Land"],
    [20220515, "055", "Münster", "Regierungsbezirk"],
    [20220515, "05562", "Recklinghausen", KREIS],
    [20220515, "055620032", "Recklinghausen, Stadt", "Gemeindeverband"],
    [20220515, "055620032032", "Recklinghausen, Stadt", "Gemeinde"],
]
EWZ = [83, 82, 17, 5, 4, 3.5, "–"]
PEOPLE = [[*PLACES, "EWZ"], *([*r, n] for r, n in zip(REGIONS, EWZ, strict=True))]
PROSE = {
    "Impressum": [[None, "© Statistische Ämter des Bundes und der Länder 2024,"]],
    "Erläuterungen zur Methodik": [[None, "–     = Genau Null oder auf Null geändert"]],
    "Erläuterung zu CSV-Tabellen": [
        [None, "CSV-Einwohnerzahl", "Ergebnisse des Zensus 2022 Tabelle Einwohnerzahl"],
        [None, "– EWZ*", "Einwohnerzahl (Anzahl)"],
    ],
}


def schools(*names: str, regions: Rows = REGIONS) -> Rows:
    return [[*PLACES, *names], *([*r, *range(len(names))] for r in regions)]


def made(people: Rows = PEOPLE, **more: Rows) -> bytes:
    named = {f"CSV-{name}": rows for name, rows in more.items()}
    return workbook({**PROSE, "CSV-Einwohnerzahl": people, **named})


def read(data: bytes) -> Table:
    return zensus_workbook.read(data, "f.xlsx")


def with_cell(row: int, column: int, cell: object) -> Rows:
    rows = [list(r) for r in PEOPLE]
    rows[row][column] = cell
    return rows


def test_a_workbook_with_a_machine_readable_sheet_is_recognised() -> None:
    assert zensus_workbook.recognises(made())


def test_a_workbook_without_one_is_not() -> None:
    assert not zensus_workbook.recognises(workbook(PROSE))


def test_keys_become_those_of_the_other_sources() -> None:
    keys = read(made()).rows["ags"].tolist()

    assert keys == ["DG", "DG", "05", "055", "05562", "055620032", "05562032"]


def test_the_level_tells_the_rows_of_germany_apart() -> None:
    table = read(made())

    assert table.classifiers == ("Regionalebene",)
    assert table.rows["Regionalebene"].tolist()[:2] == [r[3] for r in REGIONS[:2]]


def test_the_time_is_a_day() -> None:
    assert set(read(made()).rows["period"]) == {"2022-05-15"}


def test_figures_are_text_with_a_comma() -> None:
    assert read(made()).texts[0].tolist() == ["83", "82", "17", "5", "4", "3,5", "–"]


def test_title_licence_year_unit_and_signs_come_from_the_sheets_of_explanations() -> None:
    table = read(made())

    assert table.title == "Ergebnisse des Zensus 2022 Tabelle Einwohnerzahl"
    assert table.licence_year == 2024
    assert table.units == {"EWZ": "Anzahl"}
    assert table.legend == {"–": "Genau Null oder auf Null geändert"}


def test_several_sheets_stand_side_by_side() -> None:
    table = read(made(Schulabschluss=schools("SCHULABS_STP", "SCHULABS_STP__24")))

    assert table.headers == ("EWZ", "SCHULABS_STP", "SCHULABS_STP__24")
    assert table.heads[2].name == "CSV-Schulabschluss!SCHULABS_STP__24"
    assert table.cells == 7 * 3


def test_sheets_are_joined_by_region_and_not_by_row() -> None:
    other = [[*PLACES, "ET"], *([*r, r[1]] for r in reversed(REGIONS[2:]))]
    people = [PEOPLE[0], *PEOPLE[3:]]

    table = read(made(people=people, Erwerbsstatus=other))

    assert table.texts[1].tolist() == [r[1] for r in REGIONS[2:]]


def test_a_name_on_two_sheets_is_told_apart_by_the_sheet() -> None:
    table = read(made(Familien=schools("EWZ", "FAM")))

    assert table.headers == ("CSV-Einwohnerzahl / EWZ", "CSV-Familien / EWZ", "FAM")


def test_an_error_on_a_sheet_of_explanations_does_no_harm() -> None:
    sheets = {"Impressum": [["#NAME?"]], "CSV-Einwohnerzahl": PEOPLE}

    assert read(workbook(sheets)).cells == 7


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (workbook(PROSE), "no sheet whose name begins with 'CSV-'"),
        (made(people=[]), "lacks the column '_RS'"),
        (made(people=[[*PLACES, "EWZ", "EWZ"], *([*r, 1] for r in PEOPLE[1:])]), "'EWZ' twice"),
        (made(people=[PEOPLE[0], *([*r, 1] for r in PEOPLE[1:])]), "a column without a name"),
        (made(people=PEOPLE[:1]), "no rows below its head"),
        (made(people=with_cell(3, 1, 5562)), "row 4: '5562' is no key with 2, 3, 5, 9 or 12"),
        (made(people=with_cell(3, 0, 2022)), "row 4: '2022' is no Berichtszeitpunkt"),
        (made(people=with_cell(3, 4, None)), "row 4: column 'EWZ' is empty"),
        (made(people=[*PEOPLE, PEOPLE[3]]), "row 9: repeats the region of an earlier row"),
        (made(people=with_cell(3, 4, "=1+1")), "cell E4: holds a formula without a result"),
        (made(Haushalte=schools("HH", regions=REGIONS[1:])), "has other regions than sheet"),
        (made()[:3000], "broken workbook"),
    ],
)
def test_a_broken_workbook_says_what_was_expected(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(data)


def test_damage_never_changes_a_figure_and_never_gives_a_traceback() -> None:
    whole = read(made())

    for broken in damaged(made()):
        try:
            found = read(broken)
        except DataError:
            continue
        assert found.texts.equals(whole.texts)


@settings(max_examples=40)
@given(
    figures=st.lists(
        st.lists(st.one_of(st.integers(0, 10**9), st.sampled_from("–/.")), min_size=3, max_size=3),
        min_size=1,
        max_size=20,
    )
)
def test_a_table_that_is_written_is_read_back(figures: list[list[int | str]]) -> None:
    keys = [f"{i + 1001:05}" for i in range(len(figures))]
    rows = [[20220515, k, f"Kreis {k}", KREIS, *f] for k, f in zip(keys, figures, strict=True)]
    one, two = [r[:5] for r in rows], [[*r[:4], *r[5:]] for r in rows]

    table = read(made(people=[[*PLACES, "A"], *one], B=[[*PLACES, "B", "C"], *two]))

    assert table.rows["ags"].tolist() == keys
    assert table.texts.to_numpy().tolist() == [[str(f) for f in row] for row in figures]


@pytest.mark.skipif(not ORIGINAL.is_file(), reason="the official deliveries are not here")
def test_control_figures_of_an_original() -> None:
    table = read(ORIGINAL.read_bytes())

    rows = table.rows.assign(zensus=table.texts[0], before=table.texts[1])
    rows = rows[rows["Regionalebene"] != "Gemeindeverband"].drop_duplicates("ags", keep="last")
    found = rows.set_index("ags")[["zensus", "before"]].loc
    assert found["05562"].tolist() == ["618350", "616699"]
    assert found["05754"].tolist() == ["359571", "370123"]
    assert found["05158"].tolist() == ["488128", "488980"]
    assert found["05"].tolist() == ["17890489", "18077762"]
    assert found["05562032"].tolist() == ["115216", "111649"]


@pytest.mark.skipif(not ORIGINAL.is_file(), reason="the official deliveries are not here")
def test_every_region_of_an_original_is_there() -> None:
    table = read(ORIGINAL.read_bytes())

    counts = table.rows["ags"].astype(str).str.len().value_counts().to_dict()
    assert counts == {2: 3 + 16, 3: 29, 5: 400, 9: 1207, 8: 10786}
    assert table.cells == 12441 * 2
