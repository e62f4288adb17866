"""Own figures: what Excel and people do to a file is found, never repaired by guess."""

import contextlib
import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import tidy
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import signs

HEAD = "ags;period;measure;geschlecht;value;bemerkung"
ROWS = """\
05562;2024;kinder;insgesamt;118;
05562;31.12.2024;quote;frauen;12,5;ohne Herten
05;2024;kinder;maenner;.;
"""
WRITTEN = f"{HEAD}\n{ROWS}".encode()


def table(text: str) -> Table:
    return tidy.read(text.encode(), "own.csv")


def complaint(row: str, head: str = HEAD) -> str:
    """Read a good row and `row`, which stands in line 3."""
    good = "05562;2023;kinder;insgesamt;1;" if head == HEAD else "05562,2023,kinder,insgesamt,1,"
    with pytest.raises(DataError) as caught:
        table(f"{head}\n{good}\n{row}\n")
    return str(caught.value)


def test_it_is_recognised_by_its_first_line() -> None:
    assert tidy.recognises(WRITTEN)
    assert tidy.recognises(b"\xef\xbb\xbf" + WRITTEN)
    assert tidy.recognises(WRITTEN.replace(b";", b",").replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "first", ["Year,Sex,Value", "ags;period;value", "statistics_code;a", "Tabelle: 1", "", "\0"]
)
def test_other_files_are_not_recognised(first: str) -> None:
    assert not tidy.recognises(f"{first}\n1;2;3\n".encode())


def test_a_row_is_a_figure() -> None:
    found = tidy.read(WRITTEN, "own.csv")

    assert found.cells == 3
    assert found.classifiers == ("geschlecht",)
    assert found.headers == ("kinder", "quote")
    assert list(found.rows["ags"]) == ["05562", "05562", "05"]
    assert list(found.rows["period"]) == ["2024", "2024-12-31", "2024"]
    assert list(found.texts[0]) == ["118", "12,5", "."]
    assert list(found.rows["line"]) == [2, 3, 4]


def test_remarks_are_kept_as_notes_with_their_line() -> None:
    assert tidy.read(WRITTEN, "own.csv").notes == "3: ohne Herten"


def test_the_column_for_remarks_may_be_left_out() -> None:
    found = table("ags;period;measure;value\n05562;2024;kinder;7\n")

    assert (found.cells, found.classifiers) == (1, ())


def test_with_commas_decimals_have_a_point() -> None:
    found = table("ags,period,measure,value\n05562,2024,quote,12.5\n05562,2025,quote,(3.25)\n")

    assert list(found.texts[0]) == ["12,5", "(3,25)"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_and_line_ends_change_nothing(encoding: str, end: str) -> None:
    text = f"{HEAD}\n05562;2024;kinder;insgesamt;1;für später\n"

    found = tidy.read(text.replace("\n", end).encode(encoding), "own.csv")

    assert found.notes == "2: für später"


def test_empty_rows_and_columns_of_a_spreadsheet_are_no_figures() -> None:
    found = table("ags;period;measure;value;;\n05562;2024;kinder;7;;\n;;;;;\n\n;;;;;\n")

    assert found.cells == 1


def test_blanks_around_a_text_do_not_count() -> None:
    found = table(f"{HEAD}\n 05562 ;2024; kinder;insgesamt ; 7;\n")

    assert list(found.rows.iloc[0])[1:] == ["05562", "2024", "kinder", "insgesamt"]


@pytest.mark.parametrize(
    ("row", "what", "fix"),
    [
        ("5562;2024;kinder;insgesamt;1;", "5562 is a region key without its", "write 05562"),
        ("5562032;2024;kinder;insgesamt;1;", "without its leading zero", "write 05562032"),
        ("Herten;2024;kinder;insgesamt;1;", "'Herten' is no region key", "five for a Kreis"),
        ("05562;Mrz 24;kinder;insgesamt;1;", "'Mrz 24' is no year", "made a date of it: 2024"),
        ("05562;45352;kinder;insgesamt;1;", "'45352' is no year", "write 2024 or 2024-12-31"),
        ("05562;31.02.2024;kinder;insgesamt;1;", "'31.02.2024' is no year", "2024-12-31"),
        ("05562;2024;Kinder;insgesamt;1;", "'Kinder' is no id", "lower-case"),
        ("05562;2024;3_jahre;insgesamt;1;", "'3_jahre' is no measure", "begin it with a letter"),
        ("05562;2024;kinder;Männer;1;", "'Männer' is no id", "without umlauts"),
        ("05562;2024;kinder;06. Sep;1;", "'06. Sep' is a date", "format the column as text"),
        ("05562;2024;kinder;Okt 14;1;", "'Okt 14' is a date", "e.g. 03-05"),
        ("05562;2024;kinder;;1;", "'geschlecht': is empty", "for a total insgesamt"),
        ("05562;2024;kinder;insgesamt;;", "'value': is empty", "'.' for a figure that is not"),
        ("05562;2024;kinder;insgesamt;1.234,5;", "separator of thousands", "only digits"),
        ("05562;2024;kinder;insgesamt;1.234;", "'1.234' may have a separator", "only digits"),
        ("05562;2024;kinder;insgesamt;1 234;", "separator of thousands", "only digits"),
        ("05562;2024;kinder;insgesamt;1'234;", "separator of thousands", "only digits"),
        ("05562;2024;kinder;insgesamt;(1.234);", "separator of thousands", "only digits"),
        ("05562;2024;kinder;insgesamt;12.5;", "the other decimal sign", "with a comma"),
        ("05562;2024;kinder;insgesamt;12,5 %;", "has a unit behind it", "write the number"),
        ("05562;2024;kinder;insgesamt;01. Mai;", "'01. Mai' is a date", "as text"),
        ("05562;2024;kinder;insgesamt;1,2E+05;", "rounded by the spreadsheet", "all digits"),
        ("05562;2024;kinder;insgesamt;#DIV/0!;", "an error of the spreadsheet", "formula"),
        ("05562;2024;kinder;insgesamt;1;Beispiel", "an example of the template", "delete the row"),
        ("00000;2024;kinder;insgesamt;1;", "an example of the template", "delete the row"),
        ("05562;2024;kinder;insgesamt;1", "has 5 fields, the head 6", "write every field"),
    ],
)
def test_a_mistake_is_named_with_its_fix(row: str, what: str, fix: str) -> None:
    text = complaint(row)

    assert "own.csv, row 3" in text
    assert what in text
    assert fix in text.split("→")[1]


@pytest.mark.parametrize("value", ["1.234", '"1,234"', '"12,5"', '"1,234.5"'])
def test_with_commas_a_doubtful_number_is_refused(value: str) -> None:
    text = complaint(f"05562,2024,kinder,insgesamt,{value},", HEAD.replace(";", ","))

    assert "separator of thousands" in text or "other decimal sign" in text


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("ags;period;measure;Alter;value;bemerkung", "'Alter', which is no dimension"),
        ("ags;period;measure;value;geschlecht;bemerkung", "behind 'value'"),
        ("ags;period;measure;alter;alter;value", "has the column 'alter' twice"),
        ("ags;period;measure;alter;;value", "has the column '', which is no dimension"),
        ("AGS;period;measure;a;value;bemerkung", "has the columns AGS, period"),
        ("ags\tperiod\tmeasure\tvalue", "write them as ags;period;measure"),
    ],
)
def test_a_mistake_in_the_first_line_is_named(head: str, what: str) -> None:
    count = head.count(";")

    assert tidy.recognises(head.encode())
    with pytest.raises(DataError, match="row 1") as caught:
        table(f"{head}\n{';'.join(['x'] * (count + 1))}\n")
    assert what in str(caught.value)


def test_all_mistakes_of_a_file_come_together() -> None:
    with pytest.raises(DataError) as caught:
        table(f"{HEAD}\n5562;2024;kinder;insgesamt;1.234;\n05562;Mrz 24;kinder;;2;Beispiel\n")

    assert len(caught.value.problems) == 5


NUMBER = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.decimals(-1000, 1000, places=2, allow_nan=False, allow_infinity=False).map(str),
)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
FIGURES = st.lists(
    st.tuples(
        st.sampled_from(["DG", "05", "05562", "05562032"]),
        st.sampled_from(["2023", "2024-12-31"]),
        IDS,
        IDS,
        st.one_of(NUMBER, st.sampled_from(["-", ".", "x", "/"])),
        st.text(st.sampled_from('aÄöß ,;"–1'), max_size=9),
    ),
    min_size=1,
    max_size=8,
)


def written(rows: list[tuple[str, ...]], delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["ags", "period", "measure", "art", "value", "bemerkung"])
    for row in rows:
        value = row[4].replace(".", ",") if delimiter == ";" and len(row[4]) > 1 else row[4]
        writer.writerow([*row[:4], value, row[5]])
    return buffer.getvalue()


@given(FIGURES, st.sampled_from(",;"), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]))
def test_what_was_written_is_read_back(
    rows: list[tuple[str, ...]], delimiter: str, encoding: str
) -> None:
    found = tidy.read(written(rows, delimiter).encode(encoding), "own.csv")

    places = found.rows[["ags", "period", "header", "art"]].astype(str)
    assert [tuple(r) for r in places.itertuples(index=False)] == [r[:4] for r in rows]
    for text, row in zip(found.texts[0], rows, strict=True):
        cell = signs.read(text)
        assert cell == row[4] or Decimal(str(cell)) == Decimal(row[4])


@given(st.data())
def test_damage_is_refused_or_changes_no_number(data: st.DataObject) -> None:
    """A cut anywhere, a byte gone or doubled: an error, or the very same figures."""
    whole = {(*r, t) for r, t in figures(tidy.read(WRITTEN, "own.csv"))}
    at = data.draw(st.integers(0, len(WRITTEN) - 1))
    kind = data.draw(st.sampled_from(["cut", "newline", "quote"]))
    damaged = {
        "cut": WRITTEN[:at],
        "newline": WRITTEN[:at] + b"\n" + WRITTEN[at:],
        "quote": WRITTEN[:at] + b'"' + WRITTEN[at:],
    }[kind]
    if not tidy.recognises(damaged):
        return
    try:
        found = tidy.read(damaged, "own.csv")
    except DataError:
        return

    assert {(*r, t) for r, t in figures(found) if signs.read(t) is not None} <= whole


def figures(found: Table) -> list[tuple[tuple[str, ...], str]]:
    places = found.rows.drop(columns="line").astype(str).itertuples(index=False)
    return [(tuple(p), t) for p, t in zip(places, found.texts[0], strict=True)]


@given(st.one_of(st.binary(), st.text(st.sampled_from('05,;."\n\r-aÄ24'))))
def test_no_bytes_give_a_traceback(data: bytes | str) -> None:
    body = data if isinstance(data, bytes) else data.encode()
    tidy.recognises(body)
    with contextlib.suppress(DataError):
        tidy.read(b"ags;period;measure;art;value\n" + body + b"\n", "own.csv")
