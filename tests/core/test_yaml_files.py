"""YAML that people edit: each mistake is told with file, line and column, all of a file at once."""

import os
from pathlib import Path

import pytest

from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if

GOOD = """report_years: [2024]
target_groups: [gesamt]
fields: [arbeit]
comparison:
  land: "05"
"""


def complaints(folder: Path, text: str | bytes) -> list[Problem]:
    """What `load` says about a params file with this content."""
    path = folder / "params" / "x.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        yaml_files.load(path, "params", folder)
    except DataError as error:
        return error.problems
    return []


def test_a_file_that_changed_in_the_same_moment_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(GOOD, encoding="utf-8")
    stamp = path.stat().st_mtime_ns
    yaml_files.load(path, "params")
    path.write_text(GOOD.replace("2024", "2020"), encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))

    assert yaml_files.load(path, "params").content["report_years"] == [2020]


def test_a_sound_file_is_plain_dicts_lists_and_scalars(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(GOOD, encoding="utf-8")

    assert yaml_files.load(path, "params").content == {
        "report_years": [2024],
        "target_groups": ["gesamt"],
        "fields": ["arbeit"],
        "comparison": {"land": "05"},
    }


def test_a_key_given_twice_is_told_at_the_second(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD + "fields: [recht]\n")

    assert problem == Problem(
        "params/x.yml, line 6, column 1", "key 'fields' is given twice", "delete one of them"
    )


def test_a_nested_key_given_twice_is_told_too(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD + '  land: "06"\n')

    assert problem.where == "params/x.yml, line 6, column 3"


def test_a_syntax_error_is_told_where_yaml_stumbles(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD.replace("[arbeit]", "[arbeit"))

    assert problem.where == "params/x.yml, line 4, column 11"
    assert problem.what.startswith("not YAML: ")


def test_a_tab_is_a_syntax_error_and_no_crash(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD.replace("  land", "\tland"))

    assert problem.where == "params/x.yml, line 5, column 1"


def test_an_unknown_key_is_told_with_the_known_ones(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD + "jahre: [2024]\n")

    assert problem.where == "params/x.yml, line 6, column 1 (jahre)"
    assert problem.what == "unknown key 'jahre'"
    assert "report_years" in problem.next


def test_a_letter_where_a_number_should_be_is_told_with_an_example(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD.replace("[2024]", "[2016, 2o24]"))

    assert problem.where == "params/x.yml, line 1, column 22 (report_years.1)"
    assert "'2o24' is not of type 'integer'" in problem.what
    assert problem.next == "a year, e.g. 2024"


def test_a_missing_key_is_told_by_name(tmp_path: Path) -> None:
    [problem] = complaints(tmp_path, GOOD.replace("fields: [arbeit]\n", ""))

    assert (problem.where, problem.what) == (
        "params/x.yml, line 1, column 1",
        "'fields' is a required property",
    )


def test_all_mistakes_of_a_file_come_together(tmp_path: Path) -> None:
    text = GOOD.replace("[2024]", "[zwei]").replace('"05"', "5") + "jahre: 1\nname: 7\n"

    found = complaints(tmp_path, text)

    assert [p.where.split(", ", 1)[1] for p in found] == [
        "line 1, column 16 (report_years.0)",
        "line 5, column 3 (comparison.land)",
        "line 6, column 1 (jahre)",
        "line 7, column 1 (name)",
    ]


def test_two_unknown_keys_are_two_problems(tmp_path: Path) -> None:
    assert len(complaints(tmp_path, GOOD + "a: 1\nb: 2\n")) == 2


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "file is empty"),
        ("# only a comment\n", "file is empty"),
        (b"name: \xfc\n", "not UTF-8"),
    ],
)
def test_a_file_without_content_or_in_another_encoding_is_told(tmp_path, content, what) -> None:
    [problem] = complaints(tmp_path, content)

    assert problem.what.startswith(what)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        yaml_files.load(tmp_path / "params/y.yml", "params", tmp_path)

    assert caught.value.problems == [
        Problem("params/y.yml", "file is missing", "restore it from git")
    ]


def test_an_unquoted_day_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(GOOD + "as_of: {2024: 2024-12-31}\n", encoding="utf-8")

    assert yaml_files.load(path, "params").content["as_of"] == {2024: "2024-12-31"}


def test_where_falls_back_on_the_nearest_ancestor(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(GOOD, encoding="utf-8")
    document = yaml_files.load(path, "params", tmp_path)

    assert document.where("comparison", "gone") == "x.yml, line 4, column 1 (comparison.gone)"


def test_collect_gathers_the_problems_of_every_file(tmp_path: Path) -> None:
    def broken(name: str) -> None:
        raise DataError([Problem(name, "is wrong")])

    found = yaml_files.collect([lambda: broken("a"), lambda: None, lambda: broken("b")])

    assert [p.where for p in found] == ["a", "b"]


def test_a_data_error_is_sorted_and_says_nothing_twice() -> None:
    error = DataError([Problem("b", "x"), Problem("a", "y", "do"), Problem("b", "x")])

    assert str(error) == "a: y\n    → do\nb: x"


def test_no_problem_raises_nothing() -> None:
    assert raise_if(iter([])) is None


def test_control_characters_are_told_with_line_column_and_fix(tmp_path: Path) -> None:
    text = GOOD.replace("[arbeit]", "[ar\x0bbeit, re\x02cht]") + "# \x0b and \x0b\n"

    what = [(p.where, p.what, p.next) for p in complaints(tmp_path, text)]

    assert what == [
        ("params/x.yml, line 3, column 12", r"holds the control character '\x0b'", "delete it"),
        ("params/x.yml, line 3, column 21", r"holds the control character '\x02'", "delete it"),
        ("params/x.yml, line 6, column 3", r"holds the control character '\x0b'", "delete it"),
    ]


@pytest.mark.parametrize("rest", [b"", b"\xff\xfe"])
def test_a_file_that_macos_left_is_to_be_deleted(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "._x.yml"
    path.write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X" + rest)

    with pytest.raises(DataError) as raised:
        yaml_files.load(path, "params", tmp_path)

    assert {p.next for p in raised.value.problems} == {"delete the file, macOS left it there"}


@pytest.mark.parametrize(
    "entry", ["!foo bar", "!!int foo", "!!bool foo", "{[a]: 1}", "{<<: {}}", "&a [*a]"]
)
def test_what_yaml_can_write_and_nobody_reads_is_told_with_its_line(
    tmp_path: Path, entry: str
) -> None:
    [problem] = complaints(tmp_path, GOOD + f"more: {entry}\n")

    assert problem.where.startswith("params/x.yml, line 6, column ")
    assert problem.what.startswith("not YAML: ")


STRATEGY = """title: Konzept
what: Was der Kreis will, in einem Satz.
since: 2020
example: true
aims: []
goals: []
measures:
  - resources: {posts: 1.5, euro: 40000}
"""


def amounts(folder: Path, old: str, new: str) -> list[tuple[str, str]]:
    """Keys and fixes of what may be thousands in a Konzept."""
    path = folder / "konzept.yml"
    path.write_text(STRATEGY.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as raised:
        yaml_files.load(path, "strategy", folder)
    return [(p.where, p.next) for p in raised.value.problems if "thousands" in p.what]


@pytest.mark.parametrize("written", ["90.000", "1.234.000", "+90.000"])
def test_money_that_may_be_thousands_is_refused_with_line_and_fix(
    tmp_path: Path, written: str
) -> None:
    [(where, fix)] = amounts(tmp_path, "40000", written)

    assert where == "konzept.yml, line 8, column 29 (measures.0.resources.euro)"
    assert fix.startswith(f"write {written.replace('.', '')};")


@pytest.mark.parametrize("written", ["90000", "90.5", "90.00", "0.125"])
def test_money_that_has_one_meaning_only_is_taken(tmp_path: Path, written: str) -> None:
    assert amounts(tmp_path, "40000", written) == []


def test_the_value_of_a_goal_may_be_thousands_too(tmp_path: Path) -> None:
    goal = "goals: [{target: {year: 2030, value: 12.500}}]"

    [(where, fix)] = amounts(tmp_path, "goals: []", goal)

    assert where.endswith("(goals.0.target.value)")
    assert fix.startswith("write 12500;")


def test_a_count_that_may_be_thousands_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yml"
    path.write_text("wave: 2024\ninvited: 12.000\n", encoding="utf-8")

    with pytest.raises(
        DataError, match=r"line 2, column 1 \(invited\): 12\.000 .*\n.*write 12000;"
    ):
        yaml_files.load(path, "survey_mapping", tmp_path)


def test_a_count_with_decimals_is_no_whole_number(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yml"
    path.write_text("wave: 2024\ninvited: 12.0\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"12\.0 is not of type 'integer'"):
        yaml_files.load(path, "survey_mapping", tmp_path)
