"""The line by which editors find the schema of a YAML file, and the check of a file by it."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from projects import REPOSITORY

from kreisheft.core import schema_line, yaml_files
from kreisheft.core.errors import DataError
from kreisheft.editions import checks
from kreisheft.facts import corrections, passports
from kreisheft.offers import feed_mapping, vocabulary

FILES = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for folder in ("data", "params")
    for path in (REPOSITORY / folder).rglob("*.yml")
)
PARAMS = "# yaml-language-server: $schema=../src/kreisheft/schemas/params.yml\n"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """File → the schema against which its loader holds it; a new folder has nothing kept."""
    root = tmp_path_factory.mktemp("asked")
    for name in ("data", "params", "src", "_toc.yml"):
        (root / name).symlink_to(REPOSITORY / name)
    found, load = {}, yaml_files.load

    def note(path: Path, schema: str, given: Path | None = None) -> Any:
        found[path.relative_to(root).as_posix()] = schema
        return load(path, schema, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_files, "load", note)
        calls = [
            # All that a build reads but the facts themselves, which are no YAML.
            partial(_sound, root),
            *(
                partial(corrections.load, root, path.stem)
                for path in (root / "data/corrections").glob("*.yml")
            ),
            *(
                partial(feed_mapping.load, path, vocabulary.load(root))
                for path in (root / "data/templates/angebote").glob("*.yml")
            ),
            partial(_template, root),
        ]
        for call in calls:
            call()
    return found


def _sound(root: Path) -> None:
    assert checks._first(root, ()) == []
    assert checks._later(root) == set()


def _template(root: Path) -> None:
    with pytest.raises(DataError, match="the file is called 'vergleichsring'"):
        passports.read(root, root / "data/templates/vergleichsring.yml")


def test_every_yaml_begins_with_the_schema_that_its_loader_asks_for(asked: dict[str, str]) -> None:
    lines = {name: (REPOSITORY / name).read_text("utf-8").partition("\n")[0] for name in FILES}
    wanted = {name: schema_line.text(asked.get(name, "?"), name).rstrip() for name in FILES}

    assert len(FILES) > 100
    assert lines == wanted


def test_the_address_leads_from_the_file_to_its_schema() -> None:
    missing = [
        name
        for name in FILES
        for address in re.findall(r"\$schema=(\S+)", (REPOSITORY / name).read_text("utf-8"))
        if not (REPOSITORY / name).parent.joinpath(address).resolve().is_file()
    ]

    assert missing == []


def test_a_file_two_folders_down_goes_two_folders_up() -> None:
    assert schema_line.text("labels", "data/catalogue/staaten.yml") == (
        "# yaml-language-server: $schema=../../src/kreisheft/schemas/labels.yml\n"
    )


def run(root: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What the hook says of params/kreis.yml with `text`."""
    (root / "params").mkdir()
    (root / "params/kreis.yml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "kreisheft.core.schema_line", "params/kreis.yml"]
    return subprocess.run(command, cwd=root, capture_output=True, check=False, text=True)


def test_the_check_is_silent_about_a_sound_file(tmp_path: Path) -> None:
    text = (REPOSITORY / "params/defaults.yml").read_text(encoding="utf-8")

    done = run(tmp_path, text)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{PARAMS}colour: red\n", "params/kreis.yml, line 2, column 1 (colour): unknown key"),
        (f"{PARAMS}a: 1\na: 2\n", "params/kreis.yml, line 3, column 1: key 'a' is given twice"),
        ("fields: []\n", "params/kreis.yml, line 1: names no schema"),
        (PARAMS.replace("params.", "parms."), "line 1: names no schema"),
        (PARAMS.replace("../", "../../"), "line 1: the schema is not there"),
    ],
)
def test_the_check_tells_what_is_wrong_with_a_file(tmp_path: Path, text: str, said: str) -> None:
    done = run(tmp_path, text)

    assert done.returncode == 1
    assert said in done.stdout
