"""House rules: what must be true of every file of the repository."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from template_outputs import has_outputs

from kreisheft.strategy.document import CHAPTERS as STRATEGIES

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MEGABYTES = 1024 * 1024
#: The same as yaml.SafeLoader, in C where that is there.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def tracked() -> tuple[str, ...]:
    """Files in the index of git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def read(name: str) -> str | None:
    """Text of a file, None if it is not text."""
    content = (ROOT / name).read_bytes()
    try:
        return None if b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        return None


# --- words live in YAML and notebooks -----------------------------------------------------------

GERMAN = re.compile(
    r"[äöüÄÖÜß]"
    r"|\b(?:und|oder|nicht|kein|keine|eine|einen|wird|wurde|sind|sich|für|mit|von|bis|zur|zum)\b"
)
#: Strings that match official labels or spell names; no reader sees them as our words.
LABELS = {
    ("catalogue/params.py", "ä"): "spells a name as an address",
    ("catalogue/params.py", "ö"): "spells a name as an address",
    ("catalogue/params.py", "ü"): "spells a name as an address",
    ("catalogue/params.py", "ß"): "spells a name as an address",
    ("deliveries/make_regions.py", "© GeoBasis-DE / BKG (2022), Daten verändert (gerundet)"): (
        "attribution in the words that the licence of the borders demands"
    ),
    ("deliveries/make_regions.py", "© GeoBasis-DE / BKG, Daten verändert (vereinfacht)"): (
        "attribution in the words that the licence of the borders demands"
    ),
}
#: The grammar of age groups reads official labels: "3 bis unter 6 Jahre", "65 Jahre und älter".
#: The vocabulary of offers spells umlauts in one way, and must name them for that.
GRAMMARS = {"facts/labels.py", "offers/vocabulary.py", "book/search_index.py"}


def strings(path: Path) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    # What a delivery looks like is in the words of its producer.
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "READER":
            docstrings |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


def test_no_german_words_in_python() -> None:
    """Sentences for readers stand in data/catalogue and in the notebooks."""
    package = ROOT / "src/kreisheft"
    found = [
        (name, text)
        for path in sorted(package.rglob("*.py"))
        if (name := path.relative_to(package).as_posix()) not in GRAMMARS
        for text in strings(path)
        if GERMAN.search(text) and (name, text) not in LABELS
    ]

    assert found == []


def test_the_list_of_labels_holds_nothing_that_is_gone() -> None:
    gone = [
        (name, text)
        for name, text in LABELS
        if text not in set(strings(ROOT / "src/kreisheft" / name))
    ]

    assert gone == []


# --- templates ----------------------------------------------------------------------------------


def cells(path: Path, kind: str) -> list[dict]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_there_are_templates() -> None:
    assert len(NOTEBOOKS) >= 17


def test_no_template_has_outputs_or_counts() -> None:
    """Also those of analysts."""
    templates = sorted((ROOT / "notebooks").rglob("*.ipynb"))

    assert [path.name for path in templates if has_outputs(path)] == []


def parameters(path: Path) -> list[list[str]]:
    """Statements of each cell that is tagged as the parameters': what is assigned."""
    tagged = [c for c in cells(path, "code") if "parameters" in c["metadata"].get("tags", [])]
    return [
        [ast.unparse(s.targets[0] if isinstance(s, ast.Assign) else s) for s in body]
        for body in (ast.parse("".join(cell["source"])).body for cell in tagged)
    ]


def test_a_template_has_one_parameters_cell_with_the_known_names() -> None:
    known = (
        [["kreis", "year"]],
        [["kreis", "year", "target_group"]],
        [["kreis", "year", "target_group", "field"]],
        [["kreis", "year", "kennzahl"]],
    )
    others = {p.stem: found for p in NOTEBOOKS if (found := parameters(p)) not in known}

    assert others == {}


def test_no_figure_is_typed_into_prose() -> None:
    """It would stay when the figures change. Dates of laws stand in the catalogue's caveats."""
    prose = {
        p.stem: "\n".join("".join(c["source"]) for c in cells(p, "markdown")) for p in NOTEBOOKS
    }
    figures = {name: re.findall(r".*\d.*", text) for name, text in prose.items()}

    assert {name: lines for name, lines in figures.items() if lines} == {}


def imports(path: Path) -> list[str]:
    """Import statements in the code of a template."""
    tree = ast.parse("\n".join("".join(c["source"]) for c in cells(path, "code")))
    nodes = (n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom))
    return [ast.unparse(node) for node in nodes]


def test_a_template_computes_nothing_itself() -> None:
    """One import, then one call per figure."""
    special = {"kennzahl": "Portrait", **dict.fromkeys(STRATEGIES, "StrategyChapter")}
    wanted = {
        p.stem: [f"from kreisheft import {special.get(p.stem, 'Chapter')}"] for p in NOTEBOOKS
    }

    assert {p.stem: imports(p) for p in NOTEBOOKS} == wanted


# --- what is in the repository ------------------------------------------------------------------


def test_no_file_is_larger_than_five_megabytes() -> None:
    large = [name for name in tracked() if (ROOT / name).stat().st_size > 5 * MEGABYTES]

    assert large == []


def test_no_workbook_and_no_binary_table_is_tracked() -> None:
    endings = (".xlsx", ".xls", ".xlsm", ".parquet", ".sav", ".dta", ".zip")

    assert [name for name in tracked() if name.lower().endswith(endings)] == []


def test_figures_of_persons_and_outputs_are_not_tracked() -> None:
    restricted = ("data/eigene/", "build/", ".venv/")

    assert [name for name in tracked() if name.startswith(restricted)] == []


def test_the_restricted_folder_is_ignored() -> None:
    """A figure put there tomorrow would not be added by mistake."""
    tracked()
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", "data/eigene/x.csv", "x.xlsx", "x.parquet"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert asked.stdout.split() == ["data/eigene/x.csv", "x.xlsx", "x.parquet"]


def test_no_copies_as_versions() -> None:
    """Git holds the versions."""
    copy = re.compile(r"(?i)(?:_old|_new|_backup|\bcopy\b|kopie|\.bak|\.orig|~$)")

    assert [name for name in tracked() if copy.search(name)] == []


def test_no_path_of_anybodys_machine_is_written_down() -> None:
    """Home and work folders, on any system."""
    # Put together here, or this file would name them itself.
    folders = "|".join(("home", "Users", "work", "root", "mnt", "workspace"))
    path = re.compile(rf"(?<![\w.*/:>-])(?:[A-Z]:\\|/(?:{folders})/)\w")
    found = []
    for name in tracked():
        text = read(name)
        if text is not None and not name.startswith("data/facts/"):
            found += [f"{name}: {m.group()}" for m in path.finditer(text)]

    assert found == []


def test_text_ends_in_a_line_feed_and_has_no_carriage_returns() -> None:
    endings = (".py", ".yml", ".md", ".toml", ".csv", ".ipynb", ".js", ".css")
    wrong = []
    for name in tracked():
        official = name.startswith("tests/official/")  # deliveries, byte by byte
        if name.endswith(endings) and not official:
            content = (ROOT / name).read_bytes()
            if content and (b"\r" in content or not content.endswith(b"\n")):
                wrong.append(name)

    assert wrong == []


def test_every_yaml_of_the_repository_loads() -> None:
    folders = ("data", "params", "src", "book", ".ci", "tests")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.y*ml")]
    problems = []
    for path in sorted([*paths, *ROOT.glob("*.y*ml")]):
        try:
            empty = yaml.load(path.read_bytes(), LOADER) is None
            problems += [f"{path}: empty"] if empty else []
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(f"{path}: {error}")

    assert paths
    assert problems == []


# --- dependencies -------------------------------------------------------------------------------


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(d for extra in extras for d in extra)]
    reasons = dict(re.findall(r'^  "([^"]+)",\s+# (.{10,})$', text, flags=re.MULTILINE))

    assert [d for d in named if d not in reasons] == []


def requirements() -> list[str]:
    """Entries of the lock file, each with its hashes on one line."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_every_requirement_is_pinned_with_a_hash() -> None:
    loose = [
        line[:60]
        for line in requirements()
        if not re.match(r"[\w.-]+(?:\[[\w,.-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]

    assert loose == []


def test_the_lock_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert (
        re.findall(r"(?:https?|git|ssh|file)[:+]//\S*|--(?:extra-)?index-url\S*|@ \S+", text) == []
    )


def test_the_lock_holds_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(d for extra in extras for d in extra)]
    locked = {re.split(r"[=\[ ]", line)[0].lower().replace("_", "-") for line in requirements()}
    wanted = {re.split(r"[<>=\[ ;]", d)[0].lower().replace("_", "-") for d in named}

    assert wanted - locked == set()
