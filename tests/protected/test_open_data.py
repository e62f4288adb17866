"""Released values: the command, the files of an edition, and that nothing hidden is in a byte."""

import csv
import io
import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import frames
import pytest
from click.testing import CliRunner, Result
from frames import DATTELN, GT, MARL, ME, RE, ROOT, values
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisheft import Chapter
from kreisheft.catalogue import catalogue, params
from kreisheft.cli import main
from kreisheft.core import project
from kreisheft.core.errors import UsageError
from kreisheft.facts.stages import STATUSES, Released
from kreisheft.protected import disclosure, field_values, open_data, open_data_rows
from kreisheft.protected.disclosure import Rules
from kreisheft.protected.open_data_rows import COLUMNS, KEY, Words

THREE = Rules(3, {})
OPEN = {("quote", "t1")}
MUENCHEN = "09162"


def call(*arguments: str) -> Result:
    """Run ``kreisheft values`` on the project; a traceback is raised."""
    result = CliRunner().invoke(
        main.main, ["values", *arguments], env={project.ROOT_VARIABLE: str(ROOT)}
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@cache
def printed(*arguments: str) -> list[dict[str, str]]:
    """Rows that the command prints as CSV."""
    result = call(*arguments, "--csv")
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def found(rows: list[dict[str, str]], **wanted: str) -> list[float]:
    """Values of the rows that have what is wanted."""
    return [
        float(row["value"]) for row in rows if all(row[c] == text for c, text in wanted.items())
    ]


def said(**tables: bool) -> Words:
    """Words for figures of indicator ``quote``; tables: name → whether it is open."""
    known = {t: frames.passport(t, public=public) for t, public in (tables or {"t1": True}).items()}
    whole = frames.book()
    entry = frames.indicator(*(frames.source(t) for t in known))
    book = frames.book(indicators={**whole.indicators, "quote": entry})
    producer = next(iter(open_data_rows.passports.sources(ROOT).values()))
    names = {RE: "Recklinghausen", GT: "Gütersloh", MARL: "Marl", DATTELN: "Datteln"}
    return Words(book, known, {"erfunden": producer}, names)


def release(*rows: dict[str, Any], open_: set[tuple[str, str]] = OPEN) -> Released:
    """Released values of small rows; the only table is open."""
    return disclosure.release(values(*rows), THREE, open_)


def share(part: float, base: float, **more: Any) -> dict[str, Any]:
    """A computed share in percent."""
    return {"value": 100 * part / base, "numerator": part, "denominator": base, **more}


def parts(shown: Released) -> list[tuple[float, float]]:
    """Numerator and denominator of every row, -1 where there is none."""
    columns = shown.frame[["numerator", "denominator"]].fillna(-1)
    return list(columns.itertuples(index=False, name=None))


# --- figures of the project ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ags", "foreigners", "everyone"), [(RE, 29.6, 10.4), (GT, 14.0, 4.8), (ME, 17.8, 6.5)]
)
def test_unemployment_of_2016_is_printed(ags: str, foreigners: float, everyone: float) -> None:
    rows = printed("--indicator", "ARB04", "--ags", f"{RE},{GT},{ME}", "--year", "2016")
    one = {"ags": ags, "target_group": "gesamt"}

    assert found(rows, comparison_group="auslaender", **one) == [foreigners]
    assert found(rows, comparison_group="insgesamt", **one) == [everyone]


@pytest.mark.parametrize(("ags", "value"), [(RE, 20.1), (GT, 26.8), (ME, 24.4), ("05", 24.5)])
def test_the_share_with_migration_background_of_2011_is_printed(ags: str, value: float) -> None:
    name = "anteil_migrationshintergrund"
    rows = printed("--indicator", name, "--ags", f"{RE},{GT},{ME},05", "--year", "2011")

    assert found(rows, ags=ags, target_group="gesamt", comparison_group="insgesamt") == [value]


def test_a_kreis_outside_nordrhein_westfalen_is_printed() -> None:
    rows = printed("--indicator", "ARB04", "--ags", MUENCHEN, "--year", "2016", "--by", "insgesamt")

    assert {(row["ags"], row["region"]) for row in rows} == {(MUENCHEN, "München")}
    assert found(rows, target_group="gesamt") != []


def test_a_code_and_its_id_print_the_same_bytes() -> None:
    by_code = call("--indicator", "ARB04", "--ags", RE, "--json")
    by_id = call("--indicator", "arbeitslosenquote", "--ags", RE, "--json")

    assert by_code.stdout == by_id.stdout
    assert json.loads(by_id.stdout)["values"]


def test_json_and_csv_say_the_same() -> None:
    arguments = ("--indicator", "ARB04b", "--ags", RE)
    content = json.loads(call(*arguments, "--json").stdout)
    lines = printed(*arguments)

    assert content["schema"] == "kreisheft/values/1"
    assert [list(row) for row in content["values"]] == [list(COLUMNS)] * len(lines)
    for row, line in zip(content["values"], lines, strict=True):
        texts = {c: json.dumps(v) if COLUMNS[c] != "string" else v for c, v in row.items()}
        assert {c: "" if t == "null" else t for c, t in texts.items()} == line


def test_the_table_for_the_eye_has_heading_rows_and_source() -> None:
    said_ = call("--indicator", "ARB04", "--ags", RE, "--year", "2016", "--by", "auslaender").stdout

    assert said_.splitlines()[0] == "ARB04 arbeitslosenquote: Arbeitslosenquote (prozent)"
    assert re.search(r"^05562 +Recklinghausen +2016 +gesamt +auslaender +29\.6 ", said_, re.M)
    assert said_.splitlines()[-1].startswith("© Statistische Ämter des Bundes und der Länder")


def test_a_question_for_one_region_shows_what_the_whole_shows() -> None:
    """A municipality is protected together with all of its Kreis."""
    one = printed("--indicator", "ARB04b", "--ags", f"{MARL},{RE}")
    everything = printed("--indicator", "ARB04b")

    assert one == [row for row in everything if row["ags"] in (MARL, RE)]
    assert one


def test_the_land_as_sum_of_its_kreise_is_there_when_it_is_asked_for_alone() -> None:
    one = printed("--field", "recht", "--ags", "05")
    both = printed("--field", "recht", "--ags", f"05,{MUENCHEN}")

    assert "summed" in {row["status"] for row in one}
    assert one == [row for row in both if row["ags"] == "05"]


def test_rows_come_sorted_by_their_key_and_no_key_twice() -> None:
    rows = printed("--field", "arbeit", "--ags", RE)
    keys = [tuple(row[c] for c in KEY) for row in rows]

    assert keys == sorted(set(keys))


def test_by_comparison_group_is_all_groups() -> None:
    arguments = ("--indicator", "ARB04", "--ags", RE)

    assert printed(*arguments, "--by", "comparison-group") == printed(*arguments)


def test_a_second_key_of_a_region_is_understood() -> None:
    rows = printed("--indicator", "ARB04", "--ags", "02000", "--year", "2016")

    assert {row["ags"] for row in rows} == {"02"}


def test_an_indicator_without_figures_says_why_and_prints_no_row() -> None:
    book = catalogue.load(ROOT)
    empty = next(i for i in book.indicators.values() if not i.sources)
    result = call("--indicator", empty.id, "--csv")

    assert result.exit_code == 0
    assert empty.missing in result.stderr
    assert result.stdout == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--indicator", "ARB99"), r"unknown indicator 'ARB99'\. Valid: .*ARB04 arbeitslosenquote"),
        (
            ("--field", "arbeiten"),
            r"unknown field 'arbeiten'\. Did you mean 'arbeit'\? Valid: bevoelkerung, recht",
        ),
        (("--ags", "05999"), r"unknown ags '05999'\. Valid: 05, .*05562"),
        (("--ags", "99"), r"unknown ags '99'\. Valid: 01, 02, .*16, DG"),
        (("--ags", "05562999"), r"unknown ags '05562999'\. Valid: 05562, 05562004"),
        (("--indicator", "ARB04", "--ags", RE, "--year", "1816"), r"'1816'\. Valid: .*2016"),
        (("--indicator", "ARB04", "--by", "x"), r"comparison group 'x'\. Valid: .*auslaender"),
        (("--indicator", "ARB04", "--target-group", "x"), r"target group 'x'\. Valid: .*gesamt"),
        (("--indicator", "ARB04", "--field", "schule"), r"no such indicator in schule.*arbeit"),
    ],
)
def test_a_wrong_question_lists_the_valid_ones_and_exits_2(arguments, message: str) -> None:
    result = call(*arguments, "--csv")

    assert result.exit_code == 2
    assert re.search(message, result.stderr), result.stderr
    assert result.stdout == ""


def test_a_dissolved_kreis_is_refused_with_what_became_of_it() -> None:
    """05354 is the Kreis Aachen until 2009."""
    with pytest.raises(UsageError, match=r"unknown ags '05354'\. Valid: 05334"):
        open_data.ask(ROOT, open_data.Query(ags=["05354"]))


# --- numerators ---------------------------------------------------------------------------------


def test_a_count_is_its_own_numerator() -> None:
    assert parts(release({"value": 12})) == [(12, -1)]


def test_a_share_of_open_tables_shows_what_it_is_made_of() -> None:
    assert parts(release(share(30, 120))) == [(30, 120)]


def test_a_share_of_a_table_that_is_not_open_shows_its_value_only() -> None:
    shown = release(share(30, 120), open_=set())

    assert parts(shown) == [(-1, -1)]
    assert list(shown.frame["value"]) == [25]


def test_a_printed_rate_has_no_numerator() -> None:
    row = {"value": 29.6, "numerator": None, "denominator": None, "published": True}

    assert parts(release(row)) == [(-1, -1)]


@pytest.mark.parametrize("part", [1, 2, 118, 119])
def test_a_share_with_a_small_part_shows_neither_value_nor_parts(part: int) -> None:
    shown = release(share(part, 120))

    assert parts(shown) == [(-1, -1)]
    assert list(shown.frame["status"]) == ["hidden"]


@pytest.mark.parametrize("part", [101, 102, 98, 99])
def test_numerator_and_denominator_that_differ_by_a_few_persons_are_not_shown(part: int) -> None:
    """One or two more or less than the 100 of the base; the printed value is public."""
    shown = release(share(part, 100, published=True))

    assert parts(shown) == [(-1, -1)]
    assert list(shown.frame["value"]) == [part]


@pytest.mark.parametrize("part", [97, 100, 103])
def test_numerator_and_denominator_that_differ_by_three_or_by_none_are_shown(part: int) -> None:
    assert parts(release(share(part, 100, published=True))) == [(part, 100)]


def test_a_small_base_below_many_cases_is_not_shown() -> None:
    """A rate may be above its base: 300 cases, 2 persons."""
    shown = release(share(300, 2))

    assert parts(shown) == [(-1, -1)]
    assert list(shown.frame["value"]) == [15000]


def test_a_small_base_closes_the_bases_of_the_other_parts() -> None:
    """All are 102, women 100: 102 − 100 would be the two men."""
    shown = release(
        share(300, 102, group="insgesamt"),
        share(150, 100, group="frauen"),
        share(150, 2, group="maenner"),
    )

    assert parts(shown) == [(300, 102), (-1, -1), (-1, -1)]


def test_release_shows_the_values_that_protect_shows() -> None:
    rows = [share(30, 120), share(2, 120, ags=GT), {"value": 5, "ags": MARL}]
    shown = release(*rows).frame
    same = disclosure.protect(values(*rows), THREE).frame

    assert shown[["value", "status"]].equals(same[["value", "status"]])


def test_the_source_names_all_tables_behind_a_figure() -> None:
    source = frames.source("t1", "share", denominator_table="t2")

    assert open_data_rows.tables_behind(frames.indicator(source), "t1") == ["t1", "t2"]


@pytest.mark.parametrize(("second", "is_open"), [(True, True), (False, False)])
def test_a_figure_is_open_if_all_tables_behind_it_are(second: bool, is_open: bool) -> None:
    source = frames.source("t1", "share", denominator_table="t2")
    known = {"t1": frames.passport("t1"), "t2": frames.passport("t2", public=second)}

    assert (
        ("quote", "t1") in field_values.open_figures([frames.indicator(source)], known)
    ) is is_open


# --- what must hold for every frame -------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Shares by place and group whose parts nobody else has: every number is one of a kind."""
    cells = [(p, g) for p in (RE, MARL, DATTELN) for g in ("insgesamt", "frauen", "maenner")]
    rows = []
    for i, (ags, group) in enumerate(cells):
        part = draw(st.sampled_from([0, 1, 2, 3, 70011 + 13 * i]))
        rest = draw(st.sampled_from([0, 1, 2, 3, 80021 + 17 * i]))
        kind = draw(st.sampled_from(["count", "share"]))
        own = {"ags": ags, "group": group}
        if kind == "share" and part + rest:
            rows.append(share(part, part + rest, **own))
        else:
            rows.append({"value": part, **own})
    return rows


def files(shown: Released) -> str:
    """Everything that is ever written of released values."""
    content = [open_data_rows.describe_rows(shown, said())]
    writers = (open_data_rows.format_csv, open_data_rows.format_json, open_data_rows.format_table)
    return "".join("".join(writer(content)) for writer in writers)


@settings(max_examples=40)
@given(tables())
def test_a_hidden_figure_is_in_no_byte_of_any_file(rows: list[dict[str, Any]]) -> None:
    shown = release(*rows)
    numbers = re.findall(r"[\d.]+", files(shown))
    hidden = shown.frame["value"].isna()
    gone = values(*rows).frame[hidden.to_numpy()]
    kept = {open_data_rows.format_number(v) for c in open_data_rows.NUMBERS for v in shown.frame[c]}

    for column in open_data_rows.NUMBERS:
        texts = {open_data_rows.format_number(v) for v in gone[column]}
        large = {t for t in texts - kept if len(t) >= 5}
        assert not large & set(numbers)


@settings(max_examples=40)
@given(tables())
def test_a_row_without_a_value_has_no_numerator_and_no_denominator(rows) -> None:
    lines = open_data_rows.describe_rows(release(*rows), said())
    empty = lines[lines["value"] == ""]

    assert set(empty["numerator"]) | set(empty["denominator"]) <= {""}


@settings(max_examples=40)
@given(tables())
def test_no_number_of_one_or_two_persons_is_written(rows: list[dict[str, Any]]) -> None:
    lines = open_data_rows.describe_rows(release(*rows), said())

    assert not {"1", "2"} & (set(lines["numerator"]) | set(lines["denominator"]))


@settings(max_examples=20)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    one, other = (open_data_rows.describe_rows(release(*r), said()) for r in (rows, mixed))

    by = list(KEY)
    assert one.sort_values(by).to_numpy().tolist() == other.sort_values(by).to_numpy().tolist()


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), ""),
        (29.6, "29.6"),
        (14.0, "14"),
        (0.0, "0"),
        (-1.5, "-1.5"),
        (100 / 3, "33.3333333"),
        (1234567890123.0, "1234567890123"),
        (0.0000012, "0.0000012"),
    ],
)
def test_a_number_is_written_plainly(value: float, text: str) -> None:
    assert open_data_rows.format_number(value) == text


@given(st.floats(-1e9, 1e9))
def test_a_written_number_is_the_number_to_nine_digits(value: float) -> None:
    text = open_data_rows.format_number(value)

    assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", text)
    assert float(text) == pytest.approx(value, rel=1e-8)


# --- the files of an edition --------------------------------------------------------------------


def book_settings() -> params.Params:
    """Settings of a book of three fields, the last of them without any figure."""
    return replace(
        params.load(ROOT, "recklinghausen"), fields=("recht", "arbeit", "diskriminierung")
    )


@cache
def edition() -> dict[str, bytes]:
    """Files of that book's edition 2024."""
    return open_data.files(ROOT, book_settings(), 2024, 1)


def test_every_field_of_the_book_has_its_two_files_and_all_are_described() -> None:
    fields = book_settings().fields
    wanted = {f"daten/{f}.{ending}" for f in fields for ending in ("csv", "json")}
    package = json.loads(edition()["daten/datapackage.json"])

    assert set(edition()) == wanted | {"daten/datapackage.json"}
    assert {f"daten/{r['path']}" for r in package["resources"]} == wanted


def test_the_description_has_size_hash_and_schema_of_the_file() -> None:
    package = json.loads(edition()["daten/datapackage.json"])
    [one] = [r for r in package["resources"] if r["path"] == "arbeit.csv"]
    content = edition()["daten/arbeit.csv"]

    assert one["bytes"] == len(content)
    assert [f["name"] for f in one["schema"]["fields"]] == content.decode().split("\n")[0].split(
        ","
    )
    assert all(f["description"] for f in one["schema"]["fields"])
    assert one["schema"]["primaryKey"] == list(KEY)


def test_the_file_of_a_field_has_its_figures_and_no_others() -> None:
    rows = list(csv.DictReader(io.StringIO(edition()["daten/arbeit.csv"].decode())))
    one = {"ags": RE, "id": "arbeitslosenquote", "target_group": "gesamt", "year": "2016"}

    assert {row["field"] for row in rows} == {"arbeit"}
    assert found(rows, comparison_group="auslaender", **one) == [29.6]
    assert max(int(row["year"]) for row in rows) <= 2024
    assert {row["status"] for row in rows} <= set(STATUSES)


def test_the_files_have_the_values_of_the_edition() -> None:
    lock = open_data.values(ROOT, book_settings(), 2024)
    rows = [
        row
        for name, content in edition().items()
        if name.endswith(".csv")
        for row in csv.DictReader(io.StringIO(content.decode()))
    ]

    assert len(rows) == len(lock)
    assert sorted(tuple(row[c] for c in KEY) for row in rows) == sorted(
        lock[open_data.KEY].itertuples(index=False, name=None)
    )


def test_other_kreise_are_there_as_the_pages_name_them() -> None:
    """Sums of the Bundesagentur are no open table, and may be made and named; no delivery may."""
    known = open_data_rows.passports.load(ROOT)
    others = [
        row
        for name, content in edition().items()
        if name.endswith(".csv")
        for row in csv.DictReader(io.StringIO(content.decode()))
        if row["ags"] not in (RE, "05") and not row["ags"].startswith(RE)
    ]

    assert "ba-arbeitslose" in {row["table"] for row in others}
    assert {row["table"] for row in others if known[row["table"]].delivered} == set()
    computed = {row["published"] for row in others if not known[row["table"]].public}
    assert computed == {"false"}


def test_a_field_without_figures_has_files_without_rows() -> None:
    assert edition()["daten/diskriminierung.csv"].decode() == ",".join(COLUMNS) + "\n"
    assert json.loads(edition()["daten/diskriminierung.json"])["values"] == []


def test_the_page_of_sources_links_to_every_file() -> None:
    chapter = Chapter("quellen", "recklinghausen", 2024, root=ROOT)
    chapter.params = book_settings()

    assert set(re.findall(r'href="([^"]+)"', chapter.downloads().markup)) == set(edition())


def test_the_files_are_the_same_bytes_again() -> None:
    again = open_data.files(ROOT, book_settings(), 2024, 1)

    assert again == edition()


def test_the_columns_are_those_of_the_documentation_and_of_the_catalogue() -> None:
    text = (ROOT / "docs/values.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)` \| (string|integer|number|boolean) \|", text, re.M)

    assert dict(lines) == COLUMNS
    assert list(catalogue.load(ROOT).texts["data_columns"]) == list(COLUMNS)
    assert open_data_rows.SCHEMA in text


def test_every_status_is_in_the_documentation() -> None:
    text = (ROOT / "docs/values.md").read_text(encoding="utf-8")

    assert [s for s in STATUSES if f"`{s}`" not in text] == []
