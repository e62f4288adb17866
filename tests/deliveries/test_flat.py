import gzip
import io
import zipfile
from pathlib import Path

import pytest
from layouts import found

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import decoding, flat
from kreisheft.deliveries.readers.table import Table

OFFICIAL = Path(__file__).parents[1] / "official"
TEXT = (OFFICIAL / "flat.csv").read_text(encoding="utf-8")
HEAD = TEXT.split("\n", 1)[0]
KREIS = "99998;S;STAG;Stichtag;2024-12-31;KREISE;Kreise;05562;Recklinghausen, Kreis;"


def read(content: str) -> Table:
    return flat.read(content.encode("utf-8-sig"), "x.csv")


def rows(*ends: str, head: str = HEAD) -> str:
    """A file of one Kreis; each row is given from its second slot on."""
    return "\n".join([head, *(KREIS + end for end in ends), ""])


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_it_is_recognised_by_its_first_column(start: str) -> None:
    assert flat.recognises((start + TEXT).encode())


@pytest.mark.parametrize(
    "first",
    ["Statistik_Code;", "statistics_code;statistics_label;BEV__Personen__Anzahl", "Tabelle: 1", ""],
)
def test_other_files_are_not_recognised(first: str) -> None:
    assert not flat.recognises(first.encode())


def test_the_file_names_its_statistic_and_neither_table_nor_stand() -> None:
    table = read(TEXT)

    assert (table.statistic, table.number, table.stand, table.licence_year) == (
        *("99998", "", None),
        None,
    )


def test_several_statistics_are_all_named() -> None:
    content = TEXT.replace("99998;", "99997;", 1)

    assert read(content).statistic == "99997/99998"


def test_gzip_and_zip_are_unpacked(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x_flat.csv", TEXT)
    for name, packed in (("x.gz", gzip.compress(TEXT.encode())), ("x.zip", buffer.getvalue())):
        (tmp_path / name).write_bytes(packed)

    unpacked = [decoding.load(tmp_path / name) for name in ("x.gz", "x.zip")]

    assert unpacked == [TEXT.encode()] * 2


# --- rows ---------------------------------------------------------------------------------------


def test_variables_become_classifiers_with_their_codes() -> None:
    table = read(TEXT)

    assert table.classifiers == ("NAT",)
    assert set(table.rows["NAT"]) == {"", "NATA", "NATD"}


def test_regions_of_all_levels_share_one_column() -> None:
    table = read(TEXT)

    assert list(table.rows["ags"].cat.categories) == ["DG", "05562", "05754"]
    assert table.names["05754"] == "Gütersloh, Kreis"


def test_a_row_says_its_measure_and_line() -> None:
    table = read(TEXT)

    assert table.rows.iloc[-1].tolist() == [10, "05754", "2024-12-31", "BEVX", "NATD"]
    assert [(head.name, head.header) for head in table.heads] == [("value", "")]


def test_labels_of_another_language_change_nothing() -> None:
    english = TEXT.replace("Insgesamt", "Total").replace("ausländisch", "foreign")

    assert found(read(english)) == found(read(TEXT))


@pytest.mark.parametrize(
    ("variable", "printed", "ags"),
    [
        ("DINSG", "DG", "DG"),
        ("DLAND", "05", "05"),
        ("DLAND", "", "DG"),
        ("REGBEZ", "055", "055"),
        ("GEMEIN", "05562014", "05562014"),
        ("GEOGM4", "055620014014", "05562014"),
        ("GEOBL1", "05", "05"),
        ("GEORB1", "055", "055"),
        ("GEOLK4", "05562", "05562"),
        ("GEODL1", "DG", "DG"),
    ],
)
def test_every_regional_variable_gives_a_key(variable: str, printed: str, ags: str) -> None:
    content = rows("NAT;N;NATA;x;5;Anzahl;BEV;B").replace(
        "KREISE;Kreise;05562", f"{variable};V;{printed}"
    )

    assert list(read(content).rows["ags"]) == [ags]


@pytest.mark.parametrize(
    ("code", "time"), [("STAG", "2024-12-31"), ("JAHR", "2023"), ("SEMEST", "2023-10P6M")]
)
def test_times_of_all_kinds_are_kept(code: str, time: str) -> None:
    content = rows("NAT;N;NATA;x;5;Anzahl;BEV;B").replace(
        "STAG;Stichtag;2024-12-31", f"{code};Z;{time}"
    )

    assert list(read(content).rows["period"]) == [time]


def test_measures_with_other_variables_leave_them_empty() -> None:
    content = rows("NAT;N;NATA;x;5;Anzahl;BEV;B", "GES;G;GESM;x;6;Anzahl;ERW;E", ";;;;7;km;STR;S")

    table = read(content)

    assert table.classifiers == ("GES", "NAT")
    assert found(table) == {
        ("05562", "2024-12-31", "BEV", "", "NATA"): "5",
        ("05562", "2024-12-31", "ERW", "GESM", ""): "6",
        ("05562", "2024-12-31", "STR", "", ""): "7",
    }


def test_a_category_under_two_variables_keeps_both() -> None:
    content = rows("WDGAT1;W;OHNE;x;5;Anzahl;BEV;B", "WDGAT2;W;OHNE;x;5;Anzahl;BEV;B")

    table = read(content)

    assert table.rows[["WDGAT1", "WDGAT2"]].to_numpy().tolist() == [["OHNE", ""], ["", "OHNE"]]
    assert set(table.rows["WDGAT1"].cat.categories) == {"OHNE", ""}


def test_any_number_of_slots_is_read() -> None:
    more = ";".join(
        f"3_variable_{part}" for part in ("code", "label", "attribute_code", "attribute_label")
    )
    head = HEAD.replace(";value;", f";{more};value;")

    table = read(rows("NAT;N;NATA;x;GES;G;GESW;x;5;Anzahl;BEV;B", head=head))

    assert found(table) == {("05562", "2024-12-31", "BEV", "GESW", "NATA"): "5"}


# --- figures ------------------------------------------------------------------------------------


def test_units_are_kept_by_header() -> None:
    content = rows("NAT;N;NATA;x;5;1000;BEV;B", "NAT;N;NATA;x;6;qkm;FLC;F")

    assert read(content).units == {"BEV": "1000", "FLC": "qkm"}


def test_a_share_bears_the_sign_of_percent() -> None:
    content = rows("NAT;N;NATA;x;49282;Anzahl;PRS;P", "NAT;N;NATA;x;3,1;%;PRS;P")

    table = read(content)

    assert table.headers == ("PRS", "PRS %")
    assert table.units == {"PRS": "Anzahl", "PRS %": "%"}


def test_a_share_without_its_twin_is_no_count() -> None:
    assert read(rows("NAT;N;NATA;x;3,1;%;PRS;P")).headers == ("PRS %",)


def test_other_units_of_one_code_are_told_apart() -> None:
    content = rows("NAT;N;NATA;x;7,00;EUR;KINO;P", "NAT;N;NATA;x;9;Mill. EUR;KINO;P")

    assert read(content).headers == ("KINO EUR", "KINO Mill. EUR")


@pytest.mark.parametrize(
    ("value", "mark", "printed"),
    [
        ("12", "e", "12"),
        ("-", "", "-"),
        ("12", "p", "12p"),
        ("1,5", "r", "1,5r"),
        ("12", "s", "12s"),
        ("12", "()", "(12)"),
        (".", "p", "."),
    ],
)
def test_a_quality_mark_is_written_to_its_figure(value: str, mark: str, printed: str) -> None:
    content = rows(f"NAT;N;NATA;x;{value};Anzahl;BEV;B;{mark}", head=f"{HEAD};value_q")

    assert read(content).texts[0].tolist() == [printed]


def test_a_decimal_point_of_an_english_delivery_becomes_a_comma() -> None:
    content = rows("NAT;N;;Total;4.5;%;ERW;E", "NAT;N;NATA;x;.;%;ERW;E")

    assert read(content).texts[0].tolist() == ["4,5", "."]


def test_a_point_in_a_german_delivery_stays() -> None:
    content = rows("NAT;N;;Insgesamt;4.500;Anzahl;ERW;E")

    assert read(content).texts[0].tolist() == ["4.500"]


def test_a_quoted_label_may_hold_a_semicolon() -> None:
    content = rows('NAT;N;NATA;"x; ""y""";5;Anzahl;BEV;B')

    assert read(content).texts[0].tolist() == ["5"]


# --- what is refused ----------------------------------------------------------------------------

ROW = TEXT.split("\n")[4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEAD + "\n", "no data rows"),
        (HEAD, "no data rows"),
        ("", "empty"),
        (TEXT[:-1], "row 10: ends within a row"),
        (TEXT[:-30], "row 10: ends within a row"),
        (TEXT.replace(";value;", ";wert;", 1), "lacks the columns value"),
        (TEXT.replace(HEAD, f"{HEAD};extra"), "unknown columns: 'extra'"),
        (TEXT.replace("time;1_", "time;time;1_", 1), "columns twice or in another order"),
        (TEXT.replace("DINSG", "A").replace("KREISE", "B"), "no regional variable among A, B, NAT"),
        (TEXT.replace("KREISE;Kreise;05562", "XXX;Kreise;05562"), "row 5: has no region"),
        (TEXT.replace("NAT;Nationalität;NATD", "GEMEIN;G;05562014"), "row 4: has two regions"),
        (TEXT.replace("DINSG;Deutschland;DG", "DINSG;Deutschland;"), "row 2: has no region key"),
        (TEXT.replace("05754", "0575Y"), "row 8: '0575Y' is no region key"),
        (TEXT.replace("2024-12-31;KREISE", "31. Dez;KREISE"), "row 5: '31. Dez' is no time"),
        (TEXT.replace("STAG;", "QUARTG;"), "row 2: 'QUARTG' is no known time variable"),
        (TEXT.replace(ROW, f"{ROW}\n{ROW}"), "row 6: is a second row for the attributes of row 5"),
        (TEXT.replace(ROW, f"{HEAD}\n{ROW}"), "row 5: 'time_code' is no known time variable"),
        (TEXT.replace(ROW, f"\n{ROW}"), "row 5: has no measure"),
        (TEXT.replace(ROW, f"{ROW};"), "row 5: has 18 fields, expected 17"),
        (TEXT.replace(";20;", ';2"0;'), "row 5: is not CSV"),
        (TEXT.replace("BEVX;Personen", ";Personen"), "row 2: has no measure"),
        (TEXT.replace("NAT;Nationalität;NATD", ";;NATD"), "row 4: holds an attribute without"),
        (TEXT.replace("KREISE;Kreise;05562;Re", "NAT;N;NATA;Re"), "has no region|NAT twice"),
        (rows("N;N;A;x;5;m;B;B;q", head=f"{HEAD};value_q"), "row 2: 'q' is no quality mark"),
    ],
)  # fmt: skip
def test_a_broken_file_says_where_and_what(content: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as error:
        read(content)

    assert all(problem.next for problem in error.value.problems)


def test_a_variable_in_two_slots_is_refused() -> None:
    more = ";".join(
        f"3_variable_{part}" for part in ("code", "label", "attribute_code", "attribute_label")
    )
    head = HEAD.replace(";value;", f";{more};value;")

    with pytest.raises(DataError, match="row 2: holds the variable NAT twice"):
        read(rows("NAT;N;NATA;x;NAT;N;NATD;x;5;Anzahl;BEV;B", head=head))


# --- archives -----------------------------------------------------------------------------------


def zipped(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, TEXT)
    return buffer.getvalue()


def test_a_workbook_is_left_packed() -> None:
    packed = zipped("[Content_Types].xml", "xl/workbook.xml")

    assert decoding.load(packed) == packed


def test_what_macos_adds_to_an_archive_is_no_second_file() -> None:
    assert decoding.load(zipped("x_flat.csv", "__MACOSX/._x_flat.csv")) == TEXT.encode()


def deflate64() -> bytes:
    packed = bytearray(zipped("x.csv"))
    for signature in (b"PK\x03\x04", b"PK\x01\x02"):
        at = packed.index(signature) + (8 if signature.endswith(b"\x04") else 10)
        packed[at] = 9
    return bytes(packed)


def locked() -> bytes:
    packed = bytearray(zipped("x.csv"))
    for signature in (b"PK\x03\x04", b"PK\x01\x02"):
        packed[packed.index(signature) + (6 if signature.endswith(b"\x04") else 8)] |= 1
    return bytes(packed)


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (zipped("a.csv", "b.csv"), "holds 2 files"),
        (zipped(), "holds 0 files"),
        (zipped("a.csv")[:-30], "broken ZIP"),
        (gzip.compress(TEXT.encode())[:-4], "broken gzip"),
        (gzip.compress(b"", mtime=0), "empty"),
        (deflate64(), "packed in a way that is not read"),
        (locked(), "with a password"),
    ],
)
def test_a_broken_archive_is_refused(packed: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        decoding.load(packed)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.csv: cannot be read"):
        decoding.load(tmp_path / "nothing.csv")
