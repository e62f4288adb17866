"""The hooks before a commit: each lets sound files pass and refuses what it is there for."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS = {hook["id"]: hook for repo in CONFIG["repos"] for hook in repo["hooks"]}
LINE = "# yaml-language-server: $schema=../../src/kreisheft/schemas/gebietsstand.yml\n"
LAYERS = """
[tool.importlinter]
root_package = "house"
[[tool.importlinter.contracts]]
name = "down"
type = "layers"
layers = ["house.roof", "house.cellar"]
"""


def notebook(**cell: object) -> str:
    cells = [{"cell_type": "code", "outputs": [], "execution_count": None, "source": "", **cell}]
    return json.dumps({"cells": cells})


#: Hook → the file it is given, a text that is sound, and one that is not.
CASES = {
    "ruff-check": ("a.py", "A = 1\n", "import os\n"),
    "ruff-format": ("a.py", "A = 1\n", "A=1\n"),
    "imports": ("house/cellar.py", "A = 1\n", "from house import roof\n"),
    "outputs": ("notebooks/a.ipynb", notebook(), notebook(execution_count=1)),
    "yaml": (
        "data/regions/a.yml",
        f'{LINE}gebietsstand: "2025-12-31"\nnote: a day\n',
        f"{LINE}gebietsstand: 2025\nnote: a year\n",
    ),
}


def run(hook: dict, folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Call the hook in `folder` as pre-commit does, with the tools that run this test."""
    tools = str(Path(sys.executable).parent)
    entry = shlex.split(hook["entry"].replace(".venv/bin", tools))
    files = [name] if hook.get("pass_filenames", True) else []
    return subprocess.run(
        [*entry, *files], cwd=folder, capture_output=True, check=False, text=True, env=os.environ
    )


def test_every_hook_has_a_case_and_fetches_nothing() -> None:
    assert set(HOOKS) == set(CASES)
    assert {repo["repo"] for repo in CONFIG["repos"]} == {"local"}
    assert {hook["language"] for hook in HOOKS.values()} == {"system"}


@pytest.mark.parametrize("name", CASES)
def test_a_hook_passes_what_is_sound_and_refuses_what_is_not(name: str, tmp_path: Path) -> None:
    file, sound, wrong = CASES[name]
    (tmp_path / "house").mkdir()
    for module in ("__init__", "roof", "cellar"):
        (tmp_path / f"house/{module}.py").touch()
    (tmp_path / "pyproject.toml").write_text(LAYERS, encoding="utf-8")
    for link in ("src", "tests"):
        (tmp_path / link).symlink_to(ROOT / link)
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)

    ended = []
    for text in (sound, wrong):
        path.write_text(text, encoding="utf-8")
        ended.append(run(HOOKS[name], tmp_path, file))

    assert [e.returncode for e in ended] == [0, 1], [e.stdout + e.stderr for e in ended]


@pytest.mark.parametrize(
    ("hook", "name"),
    [
        ("imports", "src/kreisheft/core/errors.py"),
        ("imports", "pyproject.toml"),
        ("outputs", "notebooks/werkstatt/vorschau.ipynb"),
        ("yaml", "params/defaults.yml"),
        ("yaml", "data/sources/eigene/eigene-arbeit.yml"),
    ],
)
def test_a_hook_is_asked_about_its_files(hook: str, name: str) -> None:
    assert re.search(HOOKS[hook]["files"], name)
    assert not re.search(HOOKS[hook]["files"], "docs/names.md")
