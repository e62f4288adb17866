"""Documents that cannot rot: what they name exists, what they show runs.

``docs/cli.md`` is the help of every command. After a change of a command renew it with
``python tests/test_docs.py > docs/cli.md``.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from kreisheft import Chapter
from kreisheft.catalogue import catalogue, params
from kreisheft.cli.main import main
from kreisheft.editions import checks
from kreisheft.facts import passports
from kreisheft.protected import open_data
from kreisheft.render.figure import Figure

ROOT = Path(__file__).parents[1]
GUIDES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
#: Made by commands; a fresh clone need not have them.
GENERATED = ("build", "editions", ".venv")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"[\w.<>*-]+(/[\w.<>*-]*)+|[\w-]+\.(md|yml|py|toml|lock)|_\w+\.yml")

CLI_HEAD = """# Commands

Made by `python tests/test_docs.py > docs/cli.md` from the help texts.
Exit 0 done, 1 the data or the report is wrong, 2 the command was wrong.
Results go to stdout, progress to stderr.
In the repository the command is `.venv/bin/kreisheft`.
"""


def cli_page() -> str:
    top = click.Context(main, info_name="kreisheft", terminal_width=80, **main.context_settings)
    parts = [CLI_HEAD, _section("kreisheft", main.get_help(top))]
    for name in main.list_commands(top):
        command = main.get_command(top, name)
        assert command is not None
        context = click.Context(
            command, info_name=name, parent=top, terminal_width=80, **command.context_settings
        )
        parts.append(_section(f"kreisheft {name}", command.get_help(context)))
        for inner in command.list_commands(context) if isinstance(command, click.Group) else ():
            own = command.commands[inner]  # type: ignore[union-attr]
            below = click.Context(
                own, info_name=inner, parent=context, terminal_width=80, **own.context_settings
            )
            parts.append(_section(f"kreisheft {name} {inner}", own.get_help(below)))
    return "\n".join(parts)


def _section(name: str, text: str) -> str:
    return f"## {name}\n\n```text\n{text}\n```\n"


def guide(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> list[str]:
    """Back-ticked words and lines of fenced blocks."""
    text = guide(name)
    fenced = [line for _, block in FENCE.findall(text) for line in block.splitlines()]
    return [*re.findall(r"`([^`\n]+)`", FENCE.sub("", text)), *fenced]


def example(language: str) -> str:
    """The first block of `language` in CONTRIBUTING.md."""
    return next(
        block for kind, block in FENCE.findall(guide("CONTRIBUTING.md")) if kind == language
    )


def exists(name: str) -> bool:
    pattern = re.sub(r"<\w+>", "*", name.rstrip("/"))
    return pattern.split("/")[0] in GENERATED or any(ROOT.glob(pattern))


def test_the_page_of_commands_is_current() -> None:
    # click keeps the first help option that a command makes; tests call some without their group.
    made = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True)

    assert guide("docs/cli.md") == made.stdout, "run: python tests/test_docs.py > docs/cli.md"


def test_every_command_ends_its_help_with_an_example() -> None:
    for name, command in main.commands.items():
        assert (command.epilog or "").startswith(f"Example: kreisheft {name} ")


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_only_files_that_exist(name: str) -> None:
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", guide(name)))
    named = [s for s in spans if PATH.fullmatch(s)]
    linked = [
        link.partition("#")[0]
        for link in re.findall(r"\]\(([^)]+)\)", guide(name))
        if "://" not in link
    ]

    assert named
    assert [path for path in [*named, *linked] if not exists(path)] == []


def test_the_drawn_tree_of_the_top_level_exists() -> None:
    tree = FENCE.findall(guide("ARCHITECTURE.md"))[-1][1]
    heads = [re.split(r"\s{2,}", line.strip()) for line in tree.splitlines()]
    named = [path for head in heads for path in (head[0], *head[1:-1])]

    assert len(named) > 10
    assert [path for path in named if not exists(path)] == []


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_only_targets_of_make(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", guide("Makefile"), re.MULTILINE))
    named = {m[1] for s in code(name) if (m := re.match(r"make ([a-z-]+)", s))}

    assert named - targets == set()


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_only_commands_that_exist(name: str) -> None:
    found = {m for s in code(name) for m in re.findall(r"^(?:\S*/)?kreisheft ([a-z]+)", s)}

    assert found
    assert found - set(main.commands) == set()


def test_the_architecture_is_one_page_and_names_every_folder() -> None:
    text = guide("ARCHITECTURE.md")
    package = ROOT / "src/kreisheft"
    folders = {p.parent.name for p in package.glob("*/__init__.py")}

    assert len(text.split()) <= 900
    assert {f for f in folders if f"`{f}`" not in text} == set()


def test_contributing_explains_every_key_of_params() -> None:
    schema = yaml.safe_load(guide("src/kreisheft/schemas/params.yml"))

    assert [k for k in schema["properties"] if f"| `{k}` |" not in guide("CONTRIBUTING.md")] == []


@pytest.mark.slow
def test_the_example_of_contributing_makes_a_figure(tmp_path: Path) -> None:
    for part in ("params", "data/facts", "data/sources", "data/rules", "data/regions"):
        (tmp_path / part).parent.mkdir(exist_ok=True)
        (tmp_path / part).symlink_to(ROOT / part)
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    shutil.copytree(ROOT / "data/catalogue", tmp_path / "data/catalogue")
    with (tmp_path / "data/catalogue/arbeit.yml").open("a", encoding="utf-8") as file:
        file.write(example("yaml"))
    arbeit = Chapter("arbeit", "recklinghausen", 2025, root=tmp_path)

    figure = eval(example("python"), {"arbeit": arbeit})

    assert checks.problems(tmp_path) == []
    assert isinstance(figure, Figure)
    assert figure.sentence.startswith(
        "Anteil der älteren Arbeitslosen, insgesamt: 24,1\N{NO-BREAK SPACE}%"
    )


def test_the_limits_in_the_readme_are_those_of_the_data() -> None:
    """New data make the README wrong: write the new numbers there."""
    book, known = catalogue.load(ROOT), passports.load(ROOT)
    settings = params.load(ROOT, "recklinghausen")
    old = [p for p in known.values() if {d.stand[:7] for d in p.deliveries} == {"2017-10"}]
    empty = [i for i in book.indicators.values() if not i.sources]
    fields = [f for f in book.fields if all(not i.sources for i in book.of_field(f))]
    shown = open_data.values(ROOT, settings, 2025)
    own = shown[(shown["ags"] == settings.ags) & (shown["value"] != "")]
    newest = own.groupby("indicator")["period"].max().str[:4].astype(int)
    text = guide("README.md")

    assert f"{len(old)} of the {len(known)} tables have only a delivery of October 2017" in text
    assert f"{len(empty)} of the {len(book.indicators)} indicators" in text
    assert f"{(newest < 2020).sum()} of {len(newest)} indicators with a figure end before" in text
    assert "`{}`, `{}` and `{}`".format(*fields) in text


if __name__ == "__main__":
    print(cli_page(), end="")
