"""The command line: exit codes, help, and how mistakes are told."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from frames import ROOT, TABLE, change, pruned

from kreisheft.cli import main
from kreisheft.core import project

COMMANDS = sorted(main.main.commands)


def call(*arguments: str, root: Path = ROOT) -> Result:
    """Run a command on a project; a traceback would be our own mistake and is raised."""
    result = CliRunner().invoke(main.main, arguments, env={project.ROOT_VARIABLE: str(root)})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


# --- help ---------------------------------------------------------------------------------------


def test_the_commands_are_those_of_the_documentation() -> None:
    assert COMMANDS == [
        "build",
        "chapter",
        "check",
        "fetch",
        "import",
        "offers",
        "participation",
        "passport",
        "print",
        "publish",
        "serve",
        "values",
        "verify",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_ends_in_an_example_of_its_command(command: str) -> None:
    result = call(command, "--help")
    [last] = result.output.strip().splitlines()[-1:]

    assert result.exit_code == 0
    assert last.strip().startswith(f"Example: kreisheft {command}")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_is_a_call_that_the_command_accepts(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsed, not run; the delivery that `import` names is put where it looks."""
    entry = main.main.commands[command]
    assert entry.epilog is not None
    arguments = entry.epilog.removeprefix(f"Example: kreisheft {command} ").split()
    monkeypatch.chdir(tmp_path)
    if command in ("import", "passport"):
        Path(arguments[0]).touch()
    if isinstance(entry, click.Group):
        entry, arguments = entry.commands[arguments[0]], arguments[1:]
        for name in ("angebote.xlsx", "survey.lss"):
            Path(name).touch()

    context = entry.make_context(command, list(arguments))

    assert [value for value in context.params.values() if value]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_does(command: str) -> None:
    options = [p for p in main.main.commands[command].params if isinstance(p, click.Option)]

    assert [o.name for o in options if not o.help] == []


# --- exit codes ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sound_project_exits_0() -> None:
    result = call("check", "recklinghausen")

    assert (result.exit_code, result.stderr.splitlines()[0]) == (
        0,
        "Reading and checking all data ...",
    )
    assert result.stdout.startswith("no problem in ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "reklinghausen"),
        ("build", "reklinghausen"),
        ("publish", "reklinghausen", "2024"),
        ("verify", "reklinghausen", "2024"),
        ("chapter", "arbeit", "reklinghausen", "2024", "gesamt"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_wrong_kreis_lists_the_valid_ones_and_exits_2(root: Path, arguments) -> None:
    result = call(*arguments, root=root)

    assert result.exit_code == 2
    assert "unknown Kreis 'reklinghausen'. Did you mean 'recklinghausen'? Valid: " in result.stderr
    assert "recklinghausen" in result.stderr.split("Valid:")[1]
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "recklinghausen", "--year", "2023"),
        ("publish", "recklinghausen", "2023"),
        ("verify", "recklinghausen", "2023"),
        ("chapter", "arbeit", "recklinghausen", "2023", "gesamt"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_wrong_year_lists_the_valid_ones_and_exits_2(root: Path, arguments) -> None:
    result = call(*arguments, root=root)

    assert result.exit_code == 2
    assert "2023. Valid: 2016, 2020, 2024, 2025" in result.stderr


@pytest.mark.parametrize(
    ("field", "group", "message"),
    [
        (
            "arbeit",
            "ukrainer",
            "unknown target group 'ukrainer'. Did you mean 'ukraine'? Valid: gesamt, eingewanderte",
        ),
        (
            "arbeiten",
            "gesamt",
            "unknown field 'arbeiten'. Did you mean 'arbeit'? Valid: bevoelkerung, recht",
        ),
    ],
)
def test_a_wrong_field_or_group_lists_the_valid_ones_and_exits_2(
    root: Path, field: str, group: str, message: str
) -> None:
    result = call("chapter", field, "recklinghausen", "2024", group, root=root)

    assert result.exit_code == 2
    assert message in result.stderr


def test_one_wrong_kreis_among_several_stops_all_before_anything_is_made(root: Path) -> None:
    result = call("build", "recklinghausen", "reklinghausen", root=root)

    assert result.exit_code == 2
    made = {path.name for path in (root / "build").iterdir()}
    assert made == {".lock", "kept"}, "only the lock and what was read"


def test_an_edition_that_is_not_published_cannot_be_verified(root: Path) -> None:
    result = call("verify", "recklinghausen", "2024", root=root)

    assert result.exit_code == 2
    assert "kreisheft publish recklinghausen 2024" in result.stderr


def test_a_file_that_is_not_there_exits_2() -> None:
    assert call("import", "gibt-es-nicht.csv").exit_code == 2


def test_outside_a_project_the_message_says_so_and_exits_2(tmp_path: Path) -> None:
    result = call("check", root=tmp_path)

    assert result.exit_code == 2
    assert "no kreisheft project at or above" in result.stderr


# --- damaged files ------------------------------------------------------------------------------


def damaged(root: Path, name: str, old: str, new: str, *, kreis: str = "") -> str:
    """Change one file and return what `check` says; it must exit 1 and print no result."""
    change(root / name, old, new)
    result = call("check", *([kreis] if kreis else []), root=root)
    assert result.exit_code == 1
    assert result.stdout == ""
    return result.stderr


PARAMS = "params/recklinghausen.yml"
FACTS = f"data/facts/{TABLE}.csv"
ROW = "2017-10-10,2011-05-09,05562,44.1,45.6,42.4,20.1,28.2,21.8,11.3"
SHARE = "anteil_migrationshintergrund concept=MH_ZENSUS11"


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("[2016, 2020", "[2016, 2o20", "line 5, column 22", "'2o20' is not of type 'integer'"),
        ('ags: "05562"', 'ags: "05999"', "line 3, column 1", "unknown AGS '05999'"),
        ('ags: "05562"', 'ags: "05562"\nags: "05562"', "line 4, column 1", "'ags' is given twice"),
        ("target_groups: [", "target_groups: [[", "line", "not YAML"),
        ("fields:", "felder:", "line 7, column 1", "unknown key 'felder'"),
    ],
    ids=["a letter in a year", "unknown AGS", "duplicate key", "open bracket", "unknown key"],
)
def test_damaged_params_exit_1_and_name_file_line_and_column(root, old, new, where, what) -> None:
    said = damaged(root, PARAMS, old, new, kreis="recklinghausen")

    assert f"{PARAMS}, {where}" in said
    assert what in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "column", "what"),
    [
        (ROW, ROW.replace("20.1", "2o.1"), SHARE, "'2o.1'"),
        (ROW, ROW.replace("20.1", "20;1"), SHARE, "'20;1'"),
        (ROW, ROW.replace("20.1", "geheim"), SHARE, "'geheim'"),
        (ROW, ROW.replace("05562", "05999"), "ags", "unknown region '05999'"),
        (ROW, ROW.replace("2011-05-09", "2011-13-09"), "period", "'2011-13-09'"),
    ],
    ids=["a letter in a figure", "a semicolon", "unknown sign", "unknown AGS", "13th month"],
)
def test_damaged_facts_exit_1_and_name_file_row_and_column(root, old, new, column, what) -> None:
    text = (root / FACTS).read_text(encoding="utf-8")
    row = text[: text.index(ROW)].count("\n") + 1

    said = damaged(root, FACTS, old, new)

    assert f"{FACTS}, row {row}, column '{column}'" in said
    assert what in said


@pytest.mark.slow
def test_a_key_twice_in_the_facts_exits_1_and_names_the_second_row(root: Path) -> None:
    text = (root / FACTS).read_text(encoding="utf-8")
    [line] = [one for one in text.splitlines() if one.startswith(ROW)]
    row = text[: text.index(ROW)].count("\n") + 2

    said = damaged(root, FACTS, line, f"{line}\n{line}")

    assert f"{FACTS}, row {row}: the key is there twice" in said


@pytest.mark.slow
def test_a_column_too_many_exits_1_and_names_the_file(root: Path) -> None:
    text = (root / FACTS).read_text(encoding="utf-8")
    [line] = [one for one in text.splitlines() if one.startswith(ROW)]

    assert FACTS in damaged(root, FACTS, line, f"{line},zu,viel")


@pytest.mark.slow
def test_damaged_rules_exit_1_and_name_file_line_and_column(root: Path) -> None:
    said = damaged(root, "data/rules/disclosure.yml", "threshold: 3", "threshold: drei")

    assert "data/rules/disclosure.yml, line 4, column 1 (threshold)" in said


@pytest.mark.slow
def test_an_unknown_parent_of_a_region_exits_1_and_names_row_and_column(root: Path) -> None:
    said = damaged(
        root,
        "data/regions/regions.csv",
        "05562024,Marl,gemeinde,05562",
        "05562024,Marl,gemeinde,05999",
    )

    assert "column 'parent': unknown region '05999'" in said


def test_all_problems_of_all_files_are_told_at_once(root: Path) -> None:
    change(root / FACTS, ROW, ROW.replace("20.1", "2o.1"))
    change(root / "data/catalogue/sprache.yml", "field: sprache", "feld: sprache")
    said = damaged(root, "data/rules/disclosure.yml", "threshold: 3", "threshold: drei")

    assert FACTS in said
    assert "data/catalogue/sprache.yml" in said
    assert "data/rules/disclosure.yml" in said


@pytest.mark.slow
def test_every_problem_of_a_damaged_file_says_what_to_do_next(root: Path) -> None:
    said = damaged(root, FACTS, ROW, ROW.replace("20.1", "2o.1"))

    assert "→ restore the file from git" in said
