import shutil
from pathlib import Path

import pandas as pd
import pytest

from kreisheft.core.errors import DataError
from kreisheft.deliveries.importing import import_file
from kreisheft.facts import fact_files
from kreisheft.facts.stages import Facts

CHECKOUT = Path(__file__).parents[2]
OFFICIAL = Path(__file__).parents[1] / "official"
TABLE = "99999-01-01-4"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    import_file(tmp_path, OFFICIAL / "classic.csv")
    for other in ("99998-flat", "mapped-test"):
        (tmp_path / f"data/sources/erfunden/{other}.yml").unlink()
    return tmp_path


def spoil(root: Path, old: str, new: str) -> list[str]:
    """Change the facts file once and return the complaints."""
    path = root / f"data/facts/erfunden/{TABLE}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in fact_files.check(root)]


@pytest.mark.slow
def test_the_facts_of_the_project_are_sound() -> None:
    assert fact_files.check(CHECKOUT) == []


def test_a_value_is_a_number_and_a_sign_is_not(root: Path) -> None:
    frame = fact_files.load(root, TABLE).frame
    assert frame.value.dtype == float
    assert set(frame[frame["value"].isna()]["status"]) == {"hidden", "not_loaded"}


def test_a_fresh_import_has_no_problem(root: Path) -> None:
    assert fact_files.check(root) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",120,", ",12O,", "row 9, column 'arbeitslose concept=AUSL': no figure or sign: '12O'"),
        ("2024,05562,", "2024,05999,", "row 9, column 'ags': unknown region '05999'"),
        ("2024,DG", "24,DG", "column 'period': no year or day: '24'"),
        ("2025-02-26,2024,DG", "2025-26-02,2024,DG", "column 'stand': no day: '2025-26-02'"),
        ("2024,DG", "2024,05562", "the key is there twice"),
        ("stand,period", "stand,Period", "expected stand, period, ags"),
    ],
)
def test_check_names_row_and_column(root: Path, old: str, new: str, message: str) -> None:
    complaints = spoil(root, old, new)
    assert any(message in complaint for complaint in complaints)


def test_unsorted_rows_are_reported(root: Path) -> None:
    path = root / f"data/facts/erfunden/{TABLE}.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *rest, first]) + "\n", encoding="utf-8")
    (problem,) = fact_files.check(root)
    assert problem.what == "rows are not sorted"


def test_facts_without_passport_are_reported(root: Path) -> None:
    (root / f"data/sources/erfunden/{TABLE}.yml").unlink()
    assert [p.what for p in fact_files.check(root)] == ["facts without a passport"]


def test_a_passport_without_facts_is_reported(root: Path) -> None:
    (root / f"data/facts/erfunden/{TABLE}.csv").unlink()
    assert [p.what for p in fact_files.check(root)] == ["passport without facts"]


def test_an_unknown_table_is_an_error(root: Path) -> None:
    with pytest.raises(DataError, match="neither facts nor passport of table 1-1"):
        fact_files.load(root, "1-1")


def test_not_loaded_gives_way_to_another_stand(root: Path) -> None:
    old = fact_files.load(root, TABLE)
    plain = old.frame.astype({"status": str, "stand": str})
    newer = plain.assign(stand="2026-01-01", status="not_loaded", value=float("nan"))
    newer.loc[newer["ags"] == "DG", ["status", "value"]] = ["value", 1.0]
    both = Facts(TABLE, pd.concat([plain, newer], ignore_index=True))
    newest = fact_files.select_newest(both).set_index("ags")["stand"]
    assert set(newest["DG"]) == {"2026-01-01"}
    assert set(newest["05562"]) == {"2025-02-26", "2026-01-01"}


def test_write_leaves_everything_as_it_was_if_one_file_fails(tmp_path: Path) -> None:
    good, blocked = tmp_path / "a.csv", tmp_path / "a.csv/b.csv"
    good.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match=r"a\.csv"):
        fact_files.write({good: "new", blocked: "new"})
    assert good.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [good]
