import gzip
import io
import random
import zipfile
from pathlib import Path

import pytest

from kreisheft.errors import DataError
from kreisheft.sources import flat

OFFICIAL = Path(__file__).parent / "official"
TEXT = (OFFICIAL / "flat.csv").read_text(encoding="utf-8")


def read(text: str) -> flat.Table:
    return flat.read(text.encode("utf-8-sig"))


def test_variables_become_classifiers_with_their_codes() -> None:
    table = read(TEXT)
    assert table.classifiers == ("NAT",)
    assert set(table.cells.NAT) == {"", "NATA", "NATD"}


def test_regions_of_all_levels_share_one_column() -> None:
    assert set(read(TEXT).cells.ags) == {"DG", "05562", "05754"}


def test_labels_of_another_language_change_nothing() -> None:
    english = TEXT.replace("Insgesamt", "Total").replace("ausländisch", "foreign")
    assert read(english).cells.equals(read(TEXT).cells)


def test_row_order_does_not_matter() -> None:
    head, *rows = TEXT.splitlines()
    random.Random(1).shuffle(rows)
    shuffled = read("\n".join([head, *rows]) + "\n").cells.drop(columns="row")
    order = ["ags", "NAT"]
    same = read(TEXT).cells.drop(columns="row").sort_values(order, ignore_index=True)
    assert shuffled.sort_values(order, ignore_index=True).equals(same)


def test_a_twelve_digit_key_becomes_the_municipality_key() -> None:
    text = TEXT.replace("KREISE;Kreise;05562;", "GEOGM4;Gemeinden;055620032032;")
    assert "05562032" in set(read(text).cells.ags)


def test_gzip_and_zip_are_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x_flat.csv", TEXT)
    packed = [gzip.compress(TEXT.encode()), buffer.getvalue()]
    assert all(flat.read(data).cells.equals(read(TEXT).cells) for data in packed)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.splitlines()[0] + "\n", "no data rows"),
        (TEXT[:-30], "cut off"),
        (TEXT.replace(";value;", ";wert;", 1), "lacks the columns value"),
        (TEXT.replace("DINSG", "XXX").replace("KREISE", "YYY"), "no regional variable"),
    ],
)
def test_a_broken_file_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(text)
