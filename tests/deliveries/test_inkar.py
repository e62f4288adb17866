"""INKAR as Parquet, and as the long CSV, which is built from its description."""

import io
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import damaged

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import inkar
from kreisheft.deliveries.readers.table import Table

RAW = Path(__file__).parents[3] / "shared" / "raw" / "inkar"
HEAD = "Bereich;ID;Kuerzel;Indikator;Raumbezug;Kennziffer;Name;Zeitbezug;Wert\n"
CSV = HEAD + (
    "Bildung;7;a_oA;Ohne Abschluss;Bund;111;Bundesrepublik Deutschland;2021;6,1\n"
    "Bildung;7;a_oA;Ohne Abschluss;Kreise;05562000;Recklinghausen;2021;5,52\n"
    "Bildung;7;a_oA;Ohne Abschluss;Kreisregionen;05562000;Recklinghausen;2021;5,52\n"
    "Bildung;7;a_oA;Ohne Abschluss;Gemeinden;05562032;Recklinghausen, Stadt;2021;6\n"
    "SDG;7;a_oA;Ohne Abschluss;Kreise;05562000;Recklinghausen;2021;5,52\n"
    "Bildung;8;q_sch;Schülerquote;Bundesländer;05;Nordrhein-Westfalen;2021;\n"
)
WIDE = pd.DataFrame(
    {
        "raumbezug": ["Bund", "Kreise", "Kreisregionen", "Bundesländer"],
        "kennziffer": ["111", "05562000", "05562000", "05"],
        "name": ["Bundesrepublik Deutschland", "Recklinghausen", "Recklinghausen", "NRW"],
        "zeitbezug": ["2021", "2021", "2021", "2022"],
        "a_oA": [6.1, 5.52, 33.0, None],
        "q_sch": [0.00001, None, 1e6, 12.5],
    }
)


def parquet(frame: pd.DataFrame = WIDE, **options: object) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out, index=False, **options)
    return out.getvalue()


def read(data: bytes) -> Table:
    return inkar.read(data, "f")


@pytest.mark.parametrize("data", [CSV.encode(), CSV.encode("utf-8-sig"), parquet()])
def test_both_forms_are_recognised(data: bytes) -> None:
    assert inkar.recognises(data)


@pytest.mark.parametrize(
    "data",
    [
        parquet(pd.DataFrame({"kuerzel": ["a"], "name": ["b"]})),
        b"Kennziffer;Name;Wert\n05562;x;1\n",
        b"PK\x03\x04",
        b"",
    ],
)
def test_other_files_are_not(data: bytes) -> None:
    assert not inkar.recognises(data)


def test_the_key_of_a_kreis_loses_its_padding_and_others_keep_theirs() -> None:
    table = read(parquet())

    assert table.rows["ags"].tolist() == ["DG", "05562", "05562000", "05"]
    assert table.rows["raumbezug"].tolist() == WIDE["raumbezug"].tolist()


def test_a_lost_zero_in_front_of_a_key_is_put_back() -> None:
    table = read(CSV.replace(";05562", ";5562").encode())

    official = table.rows["raumbezug"].isin(["Kreise", "Gemeinden"])
    assert set(table.rows.loc[official, "ags"]) == {"05562", "05562032"}


def test_figures_of_parquet_are_text_with_a_comma() -> None:
    table = read(parquet())

    assert table.texts[0].tolist() == ["6,1", "5,52", "33", ""]
    assert table.texts[1].tolist() == ["0,00001", "", "1000000", "12,5"]


def test_each_indicator_of_parquet_is_a_column() -> None:
    table = read(parquet())

    assert table.headers == ("a_oA", "q_sch")
    assert table.cells == 4 * 2


def test_each_row_of_the_csv_says_its_indicator() -> None:
    table = read(CSV.encode())

    assert table.headers == ("a_oA", "q_sch")
    assert table.texts[0].tolist() == ["6,1", "5,52", "5,52", "6", "5,52", ""]


def test_a_figure_listed_under_two_areas_is_kept_twice() -> None:
    rows = read(CSV.encode()).rows

    assert ((rows["ags"] == "05562") & (rows["header"] == "a_oA")).sum() == 2


def test_the_full_names_of_the_indicators_are_noted() -> None:
    assert read(CSV.encode()).notes == "a_oA: Ohne Abschluss\nq_sch: Schülerquote"


def test_a_region_is_named_by_its_official_level() -> None:
    other = CSV.replace("Kreisregionen;05562000;Recklinghausen;", "Kreisregionen;05562000;Vest;")

    assert read(other.encode()).names["05562"] == "Recklinghausen"


@pytest.mark.parametrize("data", [CSV.replace("\n", "\r\n").encode(), CSV.encode("cp1252")])
def test_encoding_and_line_ends_do_not_matter(data: bytes) -> None:
    assert read(data).rows.equals(read(CSV.encode()).rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "no rows below its head"),
        (CSV.rstrip("\n") + "1", "row 7: ends within a line"),
        (CSV.replace("Kreise;05562000", "Kreise;05562032", 1), "row 3: '05562032' is no key of"),
        (CSV.replace("Bund;111", "Bund;alle"), "row 2: 'alle' is no key of 'Bund'"),
        (CSV.replace("2021;6,1", "um 2021;6,1"), "row 2: 'um 2021' is no time"),
        (CSV.replace(";Wert", ";Wert;Einheit"), "unknown column 'Einheit'"),
        (CSV.replace("Bereich;ID", "Bereich;Nummer"), "lacks the column 'ID'"),
        (CSV.replace(";2021;6,1", ";2021"), "row 2: has 8 fields, expected 9"),
        (CSV.replace("5,52", "5;52"), "row 3: has 10 fields, expected 9"),
    ],
)
def test_a_broken_csv_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(text.encode())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (parquet()[:200], "broken Parquet file"),
        (parquet(WIDE.drop(columns="name")), "lacks the column 'name'"),
        (parquet(WIDE.iloc[:, :4]), "has no figures"),
        (parquet(WIDE.iloc[:0]), "has no figures"),
        (parquet(WIDE.assign(q_sch=True)), "column 'q_sch': holds no numbers but bool"),
        (parquet(WIDE.assign(zeitbezug=None)), "row 1, column 'zeitbezug': is empty"),
        (parquet(WIDE.assign(kennziffer="1")), "'1' is no key of 'Kreise'"),
    ],
)
def test_a_broken_parquet_file_says_what_was_expected(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(data)


def test_damage_to_a_csv_never_gives_a_traceback() -> None:
    for broken in damaged(CSV.encode()):
        try:
            read(broken)
        except DataError:
            continue


def test_damage_to_parquet_with_checksums_never_changes_a_figure() -> None:
    data = parquet(write_page_checksum=True)
    whole = read(data)

    for broken in damaged(data):
        try:
            found = read(broken)
        except DataError:
            continue
        # What tells it apart from other files may be damaged, too.
        assert found.texts.equals(whole.texts)


def number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


@settings(max_examples=60)
@given(
    figures=st.lists(
        st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False)), min_size=1, max_size=30
    )
)
def test_both_forms_of_a_table_that_is_written_are_read_back(figures: list[float | None]) -> None:
    texts = ["" if f is None else format(Decimal(repr(f)), "f") for f in figures]
    texts = [t.replace(".", ",") for t in texts]
    years = [str(1990 + n) for n in range(len(figures))]
    rows = [f"B;1;q;Quote;Kreise;05562000;R;{y};{t}" for y, t in zip(years, texts, strict=True)]
    keys = {"raumbezug": "Kreise", "kennziffer": "05562000", "name": "R", "zeitbezug": years}
    wide = pd.DataFrame({**keys, "q": pd.Series(figures, dtype=float)})

    long, short = read((HEAD + "\n".join([*rows, ""])).encode()), read(parquet(wide))

    assert long.texts[0].tolist() == texts
    assert [number(t) for t in short.texts[0]] == figures
    columns = ["ags", "period", "raumbezug"]
    assert long.rows[columns].astype(str).equals(short.rows[columns].astype(str))


@cache
def original(name: str) -> Table:
    return read((RAW / f"{name}.parquet").read_bytes())


@pytest.mark.skipif(not RAW.is_dir(), reason="the official deliveries are not here")
@pytest.mark.parametrize(
    ("file", "short", "year", "figures"),
    [
        ("bildung", "a_sch_a", "2021", ["13,99", "12,22", "11,44"]),
        ("bildung", "a_bs_a", "2021", ["13,07", "11,91", "15,18"]),
        ("bildung", "a_schul_oA", "2021", ["5,52", "3,59", "4,77"]),
        ("bildung", "a_schul_oA", "2022", ["8,52", "4,33", "5,51"]),
        ("bildung", "q_sch_a618", "2021", ["94,36", "87,67", "86,04"]),
        ("sozialleistungen", "q_asyl_bev", "2021", ["4,39", "4,22", "4,51"]),
        ("sozialleistungen", "q_SGBII", "2021", ["13,86", "5,25", "9,75"]),
        ("medizinische_und_soziale_versorgung", "a_kb_aus", "2018", ["25,17", "33", "32,15"]),
    ],
)
def test_control_figures_of_an_original(
    file: str, short: str, year: str, figures: list[str]
) -> None:
    table = original(file)

    rows = table.rows.assign(figure=table.texts[table.headers.index(short)])
    rows = rows[(rows["raumbezug"] == "Kreise") & (rows["period"] == year)].set_index("ags")
    assert rows["figure"].loc[["05562", "05754", "05158"]].tolist() == figures


@pytest.mark.skipif(not RAW.is_dir(), reason="the official deliveries are not here")
def test_the_list_of_indicators_is_no_table() -> None:
    assert not inkar.recognises((RAW / "_indikatoren.parquet").read_bytes())
