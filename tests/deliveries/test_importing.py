import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from kreisheft.core.errors import DataError, UsageError
from kreisheft.deliveries import importing
from kreisheft.deliveries.importing import import_file
from kreisheft.deliveries.report import Report
from kreisheft.facts import fact_files, passports

OFFICIAL = Path(__file__).parents[1] / "official"
TABLE = "99999-01-01-4"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    return tmp_path


def changed(root: Path, name: str, *swaps: tuple[str, str]) -> Path:
    """Write a delivery with some text swapped, and return its path."""
    text = (OFFICIAL / name).read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    path = root / f"delivery-{name}"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(root: Path, name: str, *swaps: tuple[str, str]) -> str:
    with pytest.raises(DataError) as caught:
        import_file(root, changed(root, name, *swaps))
    return str(caught.value)


def status(root: Path, ags: str, period: str, measure: str, group: str = "insgesamt") -> str:
    frame = fact_files.load(root, TABLE).frame
    found = frame[(frame.ags == ags) & (frame.period == period) & (frame.measure == measure)]
    return str(found[found.staatsangehoerigkeit == group]["status"].item())


@pytest.fixture
def report(root: Path) -> Report:
    return import_file(root, OFFICIAL / "classic.csv")


def test_the_report_says_what_was_found(report: Report) -> None:
    assert (report.table, report.stand, report.attribution_year) == (TABLE, "2025-02-26", 2025)
    assert report.periods == ["2023", "2024"]
    assert report.levels == {"staat": 1, "land": 1, "kreis": 3}
    assert (report.missing, report.cells, report.facts) == ([], 30, 30)


def test_facts_are_laid_out_like_their_table(root: Path, report: Report) -> None:
    text = (root / f"data/facts/erfunden/{TABLE}.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == (
        "stand,period,ags,arbeitslose concept=AUSL,"
        "arbeitslose staatsangehoerigkeit=auslaender concept=AUSL,quote concept=AUSL"
    )
    assert "2025-02-26,2024,05562,120,40,14.0" in text.splitlines()


@pytest.mark.usefixtures("report")
def test_a_dash_beside_figures_is_zero(root: Path) -> None:
    assert status(root, "05158", "2024", "arbeitslose", "auslaender") == "zero"


@pytest.mark.usefixtures("report")
def test_a_region_with_nothing_but_dashes_is_not_loaded(root: Path) -> None:
    assert status(root, "05754", "2024", "arbeitslose") == "not_loaded"


@pytest.mark.usefixtures("report")
def test_a_column_with_nothing_but_dashes_is_not_loaded(root: Path) -> None:
    assert status(root, "05562", "2023", "quote") == "not_loaded"


@pytest.mark.usefixtures("report")
def test_a_dot_is_hidden(root: Path) -> None:
    assert status(root, "05158", "2024", "quote") == "hidden"


def test_the_same_delivery_twice_changes_nothing(root: Path, report: Report) -> None:
    before = {p: p.read_bytes() for p in (root / "data").rglob("*.*")}
    again = import_file(root, OFFICIAL / "classic.csv")
    assert not again.changed
    assert {p: p.read_bytes() for p in (root / "data").rglob("*.*")} == before


def test_the_passport_gets_the_delivery_and_keeps_its_comment(root: Path, report: Report) -> None:
    path = root / f"data/sources/erfunden/{TABLE}.yml"
    assert path.read_text(encoding="utf-8").startswith("# A comment that an import keeps.\n")
    (delivery,) = passports.find(root, TABLE).deliveries
    assert (delivery.stand, delivery.sha256) == (report.stand, report.sha256)
    assert (delivery.periods, delivery.cells) == (("2023", "2024"), 30)


@pytest.mark.usefixtures("report")
def test_another_edition_with_other_labels_is_appended(root: Path) -> None:
    newer = changed(
        root,
        "classic.csv",
        ("ausländisch", "Ausländer"),
        ("26.02.2025", "27.02.2026"),
        ("05562;    Recklinghausen, Kreis;120", "05562;    Recklinghausen, Kreis;121"),
    )
    import_file(root, newer)
    both = fact_files.load(root, TABLE)
    assert sorted(set(both.frame.stand)) == ["2025-02-26", "2026-02-27"]
    old, new = fact_files.select_newest(both, "2025-12-31"), fact_files.select_newest(both)
    key = "ags == '05562' and period == '2024' and measure == 'arbeitslose'"
    key += " and staatsangehoerigkeit == 'insgesamt'"
    assert (old.query(key).value.item(), new.query(key).value.item()) == (120.0, 121.0)


@pytest.mark.usefixtures("report")
def test_other_figures_of_the_same_stand_are_refused(root: Path) -> None:
    assert "is 120, the delivery of the same Stand says 119" in complaint(
        root, "classic.csv", (";120;", ";119;")
    )


@pytest.mark.usefixtures("report")
def test_a_second_delivery_says_cell_by_cell_what_it_changes(root: Path) -> None:
    newer = changed(root, "classic.csv", ("26.02.2025", "27.02.2026"), (";120;40;", ";121;40;"))
    found = importing.check(root, newer)
    assert found.revisions == [
        {
            "ags": "05562",
            "period": "2024",
            "measure": "arbeitslose",
            "staatsangehoerigkeit": "insgesamt",
            "old": "120",
            "old_stand": "2025-02-26",
            "new": "121",
        }
    ]
    assert "05562 2024 arbeitslose insgesamt: 120 (2025-02-26) → 121" in str(found)


def test_check_writes_nothing(root: Path) -> None:
    found = importing.check(root, OFFICIAL / "classic.csv")
    assert (found.changed, found.problems) == (True, [])
    assert fact_files.tables(root) == {}
    assert passports.find(root, TABLE).deliveries == ()


@pytest.mark.parametrize(
    ("swap", "message"),
    [
        ((";14,0", ";n/a"), "row 10, column '6': unknown sign 'n/a'"),
        (("ausländisch", "neues Wort"), "unknown header 'Arbeitslose / neues Wort / Anzahl'"),
        (("05562;    Reck", "05999;    Reck"), "holds keys that are no known region: 1 (05999)"),
        (("99999-01-01-4", "99999-09-09-4"), "table 99999-09-09-4 has no passport"),
        (("2023;05562;", "2024;05562;"), "is a second row for '2024 05562'"),
        (("Stand: 26", "Am 26"), "the footer does not end with 'Stand:"),
        (("Tabelle: ", "Table: "), "none of the known formats"),
    ],
)
def test_a_doubtful_file_is_refused_and_nothing_is_written(
    root: Path, swap: tuple[str, str], message: str
) -> None:
    assert message in complaint(root, "classic.csv", swap)
    assert fact_files.tables(root) == {}


def test_all_unknown_signs_of_a_file_are_named(root: Path) -> None:
    text = complaint(root, "classic.csv", (";14,0", ";n/a"), (";5,0", ";?"))
    assert "'n/a'" in text
    assert "'?'" in text


def test_a_dissolved_region_is_left_out_and_reported(root: Path) -> None:
    path = changed(root, "classic.csv", ("05754;    Gütersloh", "05354;    Aachen"))
    report = import_file(root, path)
    assert (report.ignored, report.missing) == (["05354"], ["05754"])


def with_repeated_column(figure: str | None = None) -> str:
    """Return the classic delivery with its first value column once more at the end."""
    head, footer = (OFFICIAL / "classic.csv").read_text(encoding="utf-8").split("__________")
    rows = list(csv.reader(io.StringIO(head), delimiter=";"))
    for row in rows:
        if len(row) > 3:
            row.append(figure if figure and row[0].isdigit() else row[3])
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(rows)
    return buffer.getvalue() + "__________" + footer


def test_a_repeated_column_with_equal_figures_is_one_fact(root: Path) -> None:
    path = root / "repeated.csv"
    path.write_text(with_repeated_column(), encoding="utf-8")
    report = import_file(root, path)
    assert (report.cells, report.repeated, report.facts) == (40, 10, 30)


def test_a_repeated_column_with_other_figures_is_refused(root: Path) -> None:
    path = root / "repeated.csv"
    path.write_text(with_repeated_column("1"), encoding="utf-8")
    with pytest.raises(DataError, match="a second figure for 05562 2024 arbeitslose"):
        import_file(root, path)


def test_a_flat_file_finds_its_passport_by_its_variables(root: Path) -> None:
    report = import_file(root, OFFICIAL / "flat.csv", stand="2025-05-01")
    assert (report.table, report.stand, report.attribution_year) == (
        "99998-flat",
        "2025-05-01",
        2025,
    )
    assert report.statuses == {"not_loaded": 3, "value": 6}


def test_a_flat_file_without_stand_needs_one(root: Path) -> None:
    assert "says no Stand" in complaint(root, "flat.csv")


def test_a_printed_total_must_be_the_sum_of_its_parts(root: Path) -> None:
    path = changed(root, "flat.csv", ("deutsch;15;", "deutsch;14;"))
    with pytest.raises(DataError, match="total 20, sum over staatsangehoerigkeit 19"):
        import_file(root, path, stand="2025-05-01")


def test_a_level_that_is_not_loaded_is_refused(root: Path) -> None:
    text = (OFFICIAL / "flat.csv").read_text(encoding="utf-8").splitlines()
    path = root / "unloaded.csv"
    path.write_text("\n".join([text[0], *(r for r in text if ";05754;" in r)]) + "\n", "utf-8")
    with pytest.raises(DataError, match="'-' in every cell"):
        import_file(root, path, stand="2025-05-01")


def test_a_mapped_file_takes_the_stand_of_its_passport(root: Path) -> None:
    report = import_file(root, OFFICIAL / "mapped.csv")
    assert (report.table, report.stand) == ("mapped-test", "2025-01-31")
    assert report.statuses == {"missing": 1, "value": 7}


def test_an_unknown_table_lists_the_known_ones(root: Path) -> None:
    with pytest.raises(UsageError, match=r"Valid: 99998-flat, 99999-01-01-4, mapped-test"):
        import_file(root, OFFICIAL / "mapped.csv", table="12345")


@pytest.mark.parametrize("name", ["classic.csv", "flat.csv", "mapped.csv"])
def test_every_value_cell_is_accounted_for(root: Path, name: str) -> None:
    found = importing.check(
        root, OFFICIAL / name, stand=None if name != "flat.csv" else "2025-05-01"
    )
    assert found.cells == found.facts + found.repeated + found.skipped + found.elsewhere > 0


def test_a_table_without_passport_is_described_all_the_same(root: Path) -> None:
    path = changed(root, "classic.csv", ("99999-01-01-4", "99999-09-09-4"))
    found = importing.check(root, path)
    assert (found.table, found.periods, found.cells) == ("99999-09-09-4", ["2023", "2024"], 30)
    assert "kreisheft passport" in found.problems[0].next


def test_the_report_as_json_has_what_the_text_has(root: Path) -> None:
    found = json.loads(importing.check(root, OFFICIAL / "classic.csv").json())
    assert (found["table"], found["statuses"]["value"], found["rounding"]) == (TABLE, 19, 1)


def test_figures_of_regions_that_are_not_kept_are_counted(root: Path) -> None:
    path = root / f"data/sources/erfunden/{TABLE}.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("regions: [DG, ", "regions: ["), encoding="utf-8")
    found = importing.check(root, OFFICIAL / "classic.csv")
    assert (found.facts, found.elsewhere) == (24, 6)


def test_a_flat_file_that_was_only_fetched_again_changes_nothing(root: Path) -> None:
    import_file(root, OFFICIAL / "flat.csv", stand="2025-05-01")
    head, *rows = (OFFICIAL / "flat.csv").read_text(encoding="utf-8").splitlines()
    again = root / "again.csv"
    again.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    report = import_file(root, again, stand="2026-05-01")
    assert (report.changed, report.stand) == (False, "2025-05-01")
    assert len(passports.find(root, "99998-flat").deliveries) == 1


def test_a_flat_file_with_a_revised_figure_is_a_new_delivery(root: Path) -> None:
    import_file(root, OFFICIAL / "flat.csv", stand="2025-05-01")
    newer = changed(
        root, "flat.csv", ("deutsch;15;", "deutsch;14;"), ("ausländisch;5;", "ausländisch;6;")
    )
    report = import_file(root, newer, stand="2026-05-01")
    assert [(r["old"], r["new"]) for r in report.revisions] == [("5", "6"), ("15", "14")]
