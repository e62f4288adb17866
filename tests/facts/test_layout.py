import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core.errors import DataError
from kreisheft.facts import layout

COLUMNS = ["ags", "period", "measure", "geschlecht", "alter", "cell", "concept", "stand"]
ROWS = [
    ("05562", "2024", "personen", "insgesamt", "00-02", "12", "AUSL", "2025-01-31"),
    ("05562", "2024", "personen", "frauen", "00-02", "-", "AUSL", "2025-01-31"),
    ("DG", "2024", "personen", "insgesamt", "insgesamt", "99.5", "AUSL", "2025-01-31"),
]
TEXT = """\
stand,period,ags,alter,personen concept=AUSL,personen geschlecht=frauen concept=AUSL
2025-01-31,2024,05562,00-02,12,-
2025-01-31,2024,DG,insgesamt,99.5,
"""


def frame(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def file(folder: Path, text: str) -> Path:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


def keyed(long: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(long[COLUMNS].astype(str).itertuples(index=False, name=None))


def test_a_facts_file_is_laid_out_like_its_table() -> None:
    assert layout.format_file(frame(ROWS), ["geschlecht"]) == TEXT


def test_a_facts_file_says_by_itself_what_its_columns_hold(tmp_path: Path) -> None:
    assert keyed(layout.read(file(tmp_path, TEXT))) == set(ROWS)


def test_columns_of_an_older_file_stay_in_front() -> None:
    older = "personen geschlecht=frauen concept=AUSL"

    head = layout.format_file(frame(ROWS), ["geschlecht"], [older]).splitlines()[0]

    assert head.split(",")[4:] == [older, "personen concept=AUSL"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("concept=AUSL,", "konzept=AUSL,", "no value column: 'personen konzept=AUSL'"),
        ("stand,period", "period,stand", "expected stand, period, ags"),
    ],
)
def test_a_damaged_first_line_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        layout.read(file(tmp_path, TEXT.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",12,", ",1O,", "row 2, column 'personen concept=AUSL': no figure or sign: '1O'"),
        ("DG,insgesamt", "05562,00-02", "row 3: the key is there twice"),
        ("DG,", "01,", "rows are not sorted"),
    ],
)
def test_mistakes_are_named_with_their_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    found = layout.find_mistakes(file(tmp_path, TEXT.replace(old, new, 1)), "t.csv")

    assert any(message in str(problem) for problem in found)


ids = st.text(string.ascii_lowercase, min_size=1, max_size=3)


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["DG", "05", "05562"]),
            st.sampled_from(["2024", "2023-12-31"]),
            ids,
            st.sampled_from(["insgesamt", "frauen"]),
            st.sampled_from(["insgesamt", "00-02", "90+"]),
            st.sampled_from(["2025-01-31", "2026-01-31"]),
        ),
        st.sampled_from(["1", "-", ".", "(3)", "4.50p", "?"]),
        min_size=1,
        max_size=30,
    ),
    st.sets(st.sampled_from(["geschlecht", "alter"])),
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    facts: dict[tuple[str, ...], str],
    across: set[str],
) -> None:
    rows = [(*key[:5], cell, "AUSL", key[5]) for key, cell in facts.items()]
    path = file(tmp_path_factory.mktemp("sheet"), layout.format_file(frame(rows), across))

    assert keyed(layout.read(path)) == set(rows)
    assert layout.find_mistakes(path, "t") == []
