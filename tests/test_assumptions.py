"""docs/assumptions.md has a row for everything that the data mark as assumed, and no dead row."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PAGE = "docs/assumptions.md"
COLUMNS = ["id", "since", "assumed", "wrong if it does not hold", "owner", "used in", "check"]
OWNERS = {"figures", "catalogue", "methods", "regions", "importers"}


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def rows() -> dict[str, dict[str, str]]:
    """Id → its row."""
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text(PAGE).splitlines()
        if line.startswith("| `")
    ]
    return {row[0].strip("` "): dict(zip(COLUMNS, row, strict=True)) for row in cells}


def ids(*wanted: str) -> set[str]:
    """Back-ticked words of the rows, or of some of them."""
    named = [rows()[w] for w in wanted] or list(rows().values())
    return {
        word for row in named for cell in row.values() for word in re.findall("`([^`]+)`", cell)
    }


@cache
def passports() -> dict[str, dict]:
    paths = sorted((ROOT / "data/sources").glob("*/*.yml"))
    return {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in paths}


def test_every_row_is_whole() -> None:
    assert len(rows()) > 20
    assert [i for i, row in rows().items() if not all(row.values())] == []
    assert {row["owner"] for row in rows().values()} <= OWNERS
    assert [
        i for i, row in rows().items() if not re.fullmatch(r"20\d\d-\d\d-\d\d", row["since"])
    ] == []


def test_every_date_that_a_file_does_not_give_is_there_with_its_day() -> None:
    given = {table: str(p["stand"]) for table, p in passports().items() if "stand" in p}
    dates = ["stand_retrieval", "stand_given", "stand_inkar", "stand_zensus"]
    told = {
        word: next(iter(re.findall(r"20\d\d-\d\d-\d\d", rows()[i]["assumed"])))
        for i in dates
        for word in ids(i) & set(passports())
    }

    assert given
    assert told == given


def test_every_table_of_the_decision_on_dates_is_there() -> None:
    decided = set(re.findall(r"^\| `.*", text("docs/decisions/0007-assumed-stand-dates.md"), re.M))
    tables = {w for line in decided for w in re.findall("`([^`]+)`", line.split("|")[1])}

    assert len(tables) == 7
    assert tables - ids() == set()


def test_every_break_without_a_source_is_there() -> None:
    breaks = yaml.safe_load(text("data/catalogue/breaks.yml"))["breaks"]
    unverified = [b for b in breaks if b["source"] == "ungeprüft"]

    assert {t for b in unverified for t in b["tables"]} == ids("sgb2_2016") & set(passports())
    assert f"({len(unverified)} entries)" in rows()["sgb2_2016"]["used in"]


def changes() -> list[dict[str, str]]:
    with (ROOT / "data/regions/changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_change_of_a_region_without_a_source_is_there() -> None:
    unverified = [r for r in changes() if r["citation"].startswith("unverified")]
    row = rows()["end_of_151_152_153"]["assumed"]

    assert {r["ags"] for r in unverified} == set(re.findall(r"\b\d{3}\b", row))
    assert {r["until"] for r in unverified} == set(re.findall(r"20\d\d-\d\d-\d\d", row))


def test_every_part_of_a_region_that_is_unknown_is_there() -> None:
    unknown = [r for r in changes() if r["kind"] == "teilung" and not r["share"]]
    row = rows()["share_of_demmin"]["assumed"]

    assert {k for r in unknown for k in (r["ags"], r["successor"])} == set(
        re.findall(r"\b\d{5}\b", row)
    )
    assert f"in {len(unknown)} rows" in row


def test_every_declared_error_of_a_source_is_there() -> None:
    files = sorted((ROOT / "data/corrections").glob("*.yml"))
    found = [c for p in files for c in yaml.safe_load(p.read_text("utf-8"))["corrections"]]
    row = rows()["inkar_errors"]

    assert {p.relative_to(ROOT).as_posix() for p in files} <= ids("inkar_errors")
    assert row["assumed"].startswith(f"{len(found)} values")
    assert {c["ags"] for c in found} == set(re.findall(r"\b\d{5}\b", row["assumed"]))


@pytest.mark.parametrize(
    ("row", "pattern"),
    [
        ("ba_lower_bound", "leicht zu niedrig"),
        ("zensus_noise", "Summen stimmen nur ungefähr"),
    ],
)
def test_every_table_whose_note_says_so_is_there(row: str, pattern: str) -> None:
    noted = {t for t, p in passports().items() if pattern in " ".join(p.get("note", "").split())}

    assert noted
    assert noted == ids(row) & set(passports())


def test_every_caveat_that_supposes_something_is_there() -> None:
    files = sorted((ROOT / "data/catalogue").glob("*.yml"))
    supposing = {
        p.relative_to(ROOT).as_posix()
        for p in files
        if re.search(r"vermutlich|angenommen\b|mutmaßlich", p.read_text("utf-8"))
    }

    assert supposing == {"data/catalogue/bevoelkerung.yml"}
    assert supposing <= ids("inkar_base")


def test_every_class_of_errors_and_every_unseen_format_is_there() -> None:
    rules = yaml.safe_load(text("data/rules/judgement.yml"))
    unseen = re.findall(r"^\|[^|]*\| `(\w+)`.*unverified", text("docs/formats.md"), re.M)
    told = rows()["unseen_formats"]["assumed"]

    assert set(rules["error_classes"]) <= ids("error_class_limited")
    assert set(unseen) == {"zensus_workbook", "ba_workbook", "inkar", "open_sdg"}
    assert [n for n in unseen if n.split("_")[0].lower() not in told.lower()] == []


def test_every_file_that_the_page_names_exists() -> None:
    paths = [w for w in ids() if "/" in w]
    links = re.findall(r"\]\(([^)#]+)\)", text(PAGE))

    assert [p for p in paths if not (ROOT / p).exists()] == []
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
