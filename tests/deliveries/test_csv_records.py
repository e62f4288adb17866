import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import columns, csv_records

FIELD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=6
)


def texts(found: csv_records.Records) -> list[tuple[str, ...]]:
    return list(zip(*([str(t) for t in field] for field in found.fields), strict=True))


def complaint(content: str, delimiter: str = ";") -> str:
    with pytest.raises(DataError) as caught:
        csv_records.read(content, delimiter, "x.csv")
    return str(caught.value)


def test_every_field_is_text_with_its_line() -> None:
    found = csv_records.read("a;b\n01;-\n\n;;\n1,5;x\n".replace(";;", ";"), ";", "x.csv")

    assert found.head == ("a", "b")
    assert texts(found) == [("01", "-"), ("1,5", "x")]
    assert list(found.lines) == [2, 5]


def test_a_line_break_in_a_quoted_field_moves_the_lines_below() -> None:
    found = csv_records.read('a;b\n1;"two\nlines"\n2;x\n', ";", "x.csv")

    assert texts(found) == [("1", "two\nlines"), ("2", "x")]
    assert list(found.lines) == [2, 4]


def test_every_record_of_a_wrong_length_is_named() -> None:
    text = complaint("a,b\n1,2\n1\n17,8,9\n", ",")

    assert "row 3: has 1 fields, the head 2" in text
    assert "row 4: has 3 fields, the head 2" in text
    assert "the decimal sign of this file is a point" in text


def test_a_cut_last_line_is_refused() -> None:
    assert "row 3: ends within a line" in complaint("a;b\n1;2\n3;45")


def test_a_quote_that_stays_open_is_refused() -> None:
    assert "is no CSV from here on" in complaint('a;b\n1;"2\n3;4\n')


def test_a_head_alone_is_refused() -> None:
    assert "no rows below its head" in complaint("a;b\n;\n")


@given(st.lists(st.tuples(FIELD, FIELD), min_size=1), st.sampled_from(",;"))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([("head", "line"), *rows, ("last", "row")])

    found = csv_records.read(buffer.getvalue(), delimiter, "x.csv")

    stripped = [(a.strip(), b.strip()) for a, b in rows]
    assert texts(found) == [*(r for r in stripped if any(r)), ("last", "row")]


@given(st.text(st.sampled_from('a,"\n '), max_size=40))
def test_both_ways_of_reading_agree(body: str) -> None:
    """The fast reader takes only what the careful one reads in the same way."""
    content = f"h,i\n{body}\n"
    fast = csv_records._read_fast(content, ",", 2)

    if fast is not None:
        slow = csv_records._read_slowly(content, ",", 2, "x.csv")
        assert filled(fast) == filled(slow)


def filled(read: tuple[list[columns.Column], np.ndarray]) -> list[tuple[int, ...]]:
    """Line and fields of the records with any text; blank lines are nobody's."""
    rows = zip(read[1].tolist(), *(column.to_pylist() for column in read[0]), strict=True)
    return [row for row in rows if any(row[1:])]
