"""Tables of Regionalstatistik as Excel workbooks."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import damaged, workbook

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import classic, genesis_workbook
from kreisheft.deliveries.readers.table import Table

RAW = Path(__file__).parents[3] / "shared" / "raw" / "regionalstatistik"
NUMBER = "99999-04-02-4"
AGES = ("unter 18 Jahre", "18 Jahre und mehr", "Insgesamt")
FOOTER = [
    ["______________"],
    ["Berlin: Gebietsstand"],
    ["01.01.1979"],
    ["© Statistische Ämter des Bundes und der Länder, Deutschland, 2023."],
    ["- Namensnennung - Version 2.0. | Stand: 10.11.2023 / 14:22:24"],
]
HEAD = [
    ["Erfundene Züge nach\nGeschlecht"],
    ["Wanderungsstatistik"],
    ["Jahr: 2019"],
    ["Kreise\nAltersgruppe", None, None, "Zuzüge", None, "Fortzüge"],
    [None, None, None, "Insgesamt", "männlich", "Insgesamt"],
    [None, None, None, "Anzahl", "Anzahl", "Anzahl"],
]
BODY = [
    ["DG", "Deutschland", AGES[0], 10, 6, 9],
    [None, None, AGES[1], 30, 16.5, 29],
    [None, None, AGES[2], 40, 22, 38],
    ["05562", "    Recklinghausen, Kreis", AGES[0], 1, "-", 2],
    [None, None, AGES[1], 3, ".", 4],
    [None, None, AGES[2], 4, "x", 6],
]
MERGED = ["A4:C6", "D4:E4"]


def made(
    body: list[list[object]] = BODY,
    footer: list[list[str]] = FOOTER,
    head: list[list[str | None]] = HEAD,
    name: str = NUMBER,
) -> bytes:
    return workbook({name: [*head, *body, *footer]}, {name: MERGED})


def read(data: bytes) -> Table:
    return genesis_workbook.read(data, "f.xlsx")


def test_a_workbook_with_a_sheet_named_after_a_table_is_recognised() -> None:
    assert genesis_workbook.recognises(made())


@pytest.mark.parametrize("name", ["CSV-Einwohnerzahl", "8.1", "Gemeindedaten"])
def test_workbooks_with_other_sheets_are_not(name: str) -> None:
    assert not genesis_workbook.recognises(made(name=name))


def test_number_title_stand_and_licence_year_come_from_the_sheet() -> None:
    table = read(made())

    found = (table.number, table.title, table.stand, table.licence_year)
    assert found == (
        NUMBER,
        "Erfundene Züge nach Geschlecht Wanderungsstatistik",
        "2023-11-10",
        2023,
    )


def test_key_and_name_stand_in_the_first_row_of_a_region_and_hold_for_all() -> None:
    table = read(made())

    assert table.rows["ags"].tolist() == ["DG"] * 3 + ["05562"] * 3
    assert table.names["05562"] == "Recklinghausen, Kreis"


def test_a_merged_label_stands_above_every_column_that_it_spans() -> None:
    headers = [head.header for head in read(made()).heads]

    assert headers == [
        "Zuzüge / Insgesamt / Anzahl",
        "Zuzüge / männlich / Anzahl",
        "Fortzüge / Insgesamt / Anzahl",
    ]


def test_columns_and_rows_are_named_as_in_excel() -> None:
    table = read(made())

    assert [head.name for head in table.heads] == ["D", "E", "F"]
    assert table.rows["line"].tolist() == [7, 8, 9, 10, 11, 12]


def test_figures_are_text_as_in_the_classic_csv() -> None:
    assert read(made()).texts[1].tolist() == ["6", "16,5", "22", "-", ".", "x"]


def test_the_period_of_the_preamble_holds_for_all_rows() -> None:
    assert set(read(made()).rows["period"]) == {"2019"}


def test_the_same_table_as_classic_csv_is_equal() -> None:
    lines = [f"GENESIS-Tabelle: {NUMBER}", "Erfundene Züge nach;;;;;", "Geschlecht;;;;;"]
    lines += ["Wanderungsstatistik;;;;;", "Jahr: 2019;;;;;"]
    lines += [";;;Zuzüge;Zuzüge;Fortzüge", ";;;Insgesamt;männlich;Insgesamt"]
    lines += [";;;Anzahl;Anzahl;Anzahl"]
    lines += [f"DG;Deutschland;{AGES[0]};10;6;9", f"DG;Deutschland;{AGES[1]};30;16,5;29"]
    lines += [f"DG;Deutschland;{AGES[2]};40;22;38"]
    kreis = "05562;    Recklinghausen, Kreis"
    lines += [f"{kreis};{AGES[0]};1;-;2", f"{kreis};{AGES[1]};3;.;4", f"{kreis};{AGES[2]};4;x;6"]
    lines += ["__________", '"© Statistische Ämter, Deutschland, 2023."']
    lines += ["Stand: 10.11.2023 / 14:22:24", ""]

    csv = classic.read("\n".join(lines).encode(), "f.csv")

    sheet = read(made())
    columns = ["ags", "period", "header", "k1"]
    assert sheet.rows[columns].astype(str).equals(csv.rows[columns].astype(str))
    assert sheet.texts.astype(str).equals(csv.texts.astype(str))
    assert (sheet.title, sheet.headers, sheet.names) == (csv.title, csv.headers, csv.names)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (made(footer=[]), "the footer is cut off"),
        (made(footer=FOOTER[:-1]), "the footer is cut off"),
        (made(body=[]), "no data rows between header and footer"),
        (made(body=[*BODY, ["05754", "Gütersloh", AGES[0], 1, None, 2]]), "cell E13: is empty"),
        (made(footer=[*FOOTER[:1], ["", "", "", "7"], *FOOTER[1:]]), "row 14: has figures below"),
        (made(body=[*BODY[:5], BODY[0]]), "DG"),
        (workbook({NUMBER: HEAD, "99999-05-01-4": HEAD}), "2 sheets that are named after a table"),
        (workbook({NUMBER: [*HEAD[:3], *BODY, *FOOTER]}), "row 4: the data begin without a header"),
        (workbook({NUMBER: [*HEAD, *FOOTER]}), "no data rows"),
        (workbook({NUMBER: []}), "no data rows below a header"),
        (made()[:4000], "broken workbook"),
    ],
)
def test_a_broken_table_says_what_was_expected(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(data)


def test_a_further_column_is_a_further_header() -> None:
    head = [*HEAD[:3], *([*row, *([None] * (6 - len(row))), "neu"] for row in HEAD[3:])]
    body = [[*row, 7] for row in BODY]

    assert read(made(body=body, head=head)).headers[-1] == "neu / neu / neu"


def test_damage_never_changes_a_figure_and_never_gives_a_traceback() -> None:
    whole = read(made())

    for broken in damaged(made()):
        try:
            found = read(broken)
        except DataError:
            continue
        assert found.texts.equals(whole.texts)


FIGURE = st.one_of(
    st.integers(0, 10**5),
    st.decimals(0, 1000, places=1, allow_nan=False).map(float),
    st.sampled_from(["-", ".", "x", "/", "..."]),
)


def spelled(figure: int | float | str) -> str:
    return figure if isinstance(figure, str) else f"{figure:g}".replace(".", ",")


@settings(max_examples=40)
@given(
    keys=st.lists(
        st.integers(1001, 16077).map("{:05}".format), min_size=1, max_size=4, unique=True
    ),
    ages=st.integers(1, 3),
    width=st.integers(1, 4),
    data=st.data(),
)
def test_a_table_that_is_written_is_read_back(
    keys: list[str], ages: int, width: int, data: st.DataObject
) -> None:
    figures = [[data.draw(FIGURE) for _ in range(width)] for _ in range(len(keys) * ages)]
    lead = [
        [key if not n else None, f"  Kreis {key}" if not n else None, f"Gruppe {n}"]
        for key in keys
        for n in range(ages)
    ]
    head = [*HEAD[:3], ["Kreise", None, None, *(f"Wert {i}" for i in range(width))]]
    body = [[*left, *row] for left, row in zip(lead, figures, strict=True)]
    written = workbook({NUMBER: [*head, *body, *FOOTER]}, {NUMBER: ["A4:C4"]})

    table = read(written)

    assert table.rows["ags"].tolist() == [key for key in keys for _ in range(ages)]
    assert table.headers == tuple(f"Wert {i}" for i in range(width))
    printed = [[spelled(figure) for figure in row] for row in figures]
    assert table.texts.to_numpy().tolist() == printed


@pytest.mark.skipif(not RAW.is_dir(), reason="the official deliveries are not here")
@pytest.mark.parametrize(
    ("year", "kreis", "moves"),
    [
        ("19", "05562", ("22965", "3914", "21674")),
        ("19", "05754", ("20633", "2090", "19726")),
        ("19", "05158", ("21091", "3432", "19579")),
        ("21", "05562", ("23598", "4232", "21402")),
        ("21", "05754", ("18865", "2118", "17178")),
        ("21", "05158", ("20109", "3380", "17897")),
    ],
)
def test_control_figures_of_an_original(year: str, kreis: str, moves: tuple[str, ...]) -> None:
    table = read((RAW / "xlsx" / f"12711-04-02-4-j{year}.xlsx").read_bytes())

    of_kreis = table.rows["ags"] == kreis
    total = table.texts[of_kreis & (table.rows["k1"] == "Insgesamt")].iloc[0]
    minors = table.texts[of_kreis & (table.rows["k1"] == "unter 18 Jahre")].iloc[0]
    assert (total[0], minors[0], total[3]) == moves


@pytest.mark.skipif(not RAW.is_dir(), reason="the official deliveries are not here")
def test_workbook_and_csv_of_one_table_have_the_same_headers_and_labels() -> None:
    sheet = read((RAW / "xlsx" / "12711-04-02-4-j19.xlsx").read_bytes())
    csv = classic.read((RAW / "2021-2026" / "12711-04-02-4_2018.csv").read_bytes(), "f.csv")

    assert (sheet.number, sheet.title, sheet.headers) == (csv.number, csv.title, csv.headers)
    assert set(sheet.rows["k1"]) == set(csv.rows["k1"])
    assert set(sheet.rows["ags"]) == set(csv.rows["ags"])
