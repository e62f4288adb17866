"""docs/names.md says how things are called; what it lists is there."""

import ast
import re
from pathlib import Path

import yaml

from kreisheft.catalogue.params import ABOUT_ALL
from kreisheft.facts import stages

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/kreisheft"
PAGE = (ROOT / "docs/names.md").read_text(encoding="utf-8")
FOLDERS = {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
MODULES = {p.stem for p in PACKAGE.rglob("*.py")} | {p.name for p in PACKAGE.rglob("*/")}


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}")[2].partition("\n## ")[0]


def moves() -> dict[str, str]:
    """Folder → its row in the table of old and new names."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", section("Modules of November 2026"), re.MULTILINE)
    return dict(rows)


def test_every_folder_and_every_new_name_of_a_module_is_there() -> None:
    wrong = []
    for folder, row in moves().items():
        changed, _, kept = row.partition("name kept: ")
        new = [*re.findall(r"→ `([\w.]+)`", changed), *re.findall(r"`(\w+)`", kept)]
        places = {p.relative_to(PACKAGE / folder) for p in (PACKAGE / folder).rglob("*")}
        known = {".".join(p.with_suffix("").parts) for p in places} | {p.stem for p in places}
        wrong += [f"{folder}.{name}" for name in new if name not in known]

    assert set(moves()) == FOLDERS
    assert wrong == []


def old() -> set[str]:
    """Names of modules and packages that are no more, as they stand before a dot."""
    found = {n for row in moves().values() for n in re.findall(r"`([\w.]+)` →", row)}
    return {n.split(".")[0] for n in found} - MODULES - FOLDERS


def docstrings() -> dict[str, str]:
    """File → all its docstrings and comments that name something in back-ticks."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Module | ast.ClassDef)]
        nodes += [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
        told = [ast.get_docstring(n) or "" for n in nodes]
        found[path.relative_to(ROOT).as_posix()] = "\n".join([*told, *re.findall(r"#.*", text)])
    return found


def test_no_document_and_no_docstring_names_a_module_that_moved() -> None:
    """Written as `module.thing`; a word alone may mean many things."""
    pages = {
        p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8")
        for p in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        if p.name != "names.md"
    }
    stale = [
        f"{name}: {module}.{thing}"
        for name, text in (pages | docstrings()).items()
        for module, thing in re.findall(r"`([a-z_]+)\.([a-z_]+)[\w.]*`", text)
        if module in old() and thing not in ("yml", "csv", "md", "js", "py")
    ]

    assert len(old()) > 40
    assert stale == []


def test_every_column_of_a_stage_is_explained_under_its_name() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", section("Columns")))
    columns = {
        *stages.FACT_HEAD,
        *stages.FACT_TAIL,
        *stages.VALUE_COLUMNS,
        *stages.PROTECTED_COLUMNS,
    }

    assert columns - explained - {"indicator"} == set()
    assert "**indicator**" in section("Columns")


def test_the_units_are_those_of_the_catalogue() -> None:
    texts = yaml.safe_load((ROOT / "data/catalogue/texts.yml").read_text(encoding="utf-8"))
    listed = re.findall(r"^Units: `(.*)`\.$", PAGE, re.MULTILINE)

    assert sorted(listed[0].split()) == sorted(texts["units"])


def test_chapters_about_the_whole_book_are_those_that_a_chapter_may_have() -> None:
    listed = re.findall(r"one about the whole book: `([a-z ]+)`", PAGE)

    assert set(ABOUT_ALL) <= set(listed[0].split())
    assert all((ROOT / f"notebooks/{name}.ipynb").is_file() for name in listed[0].split())


def test_every_term_that_names_the_glossary_is_in_it() -> None:
    known = yaml.safe_load((ROOT / "data/catalogue/glossar.yml").read_text(encoding="utf-8"))
    named = re.findall(r"glossary ((?:`\w+`(?:, )?)+)", PAGE)
    ids = {i for cell in named for i in re.findall(r"`(\w+)`", cell)}

    assert len(ids) > 10
    assert ids - set(known["terms"]) == set()


def test_every_place_of_data_is_there() -> None:
    places = re.findall(r"^\| (`(?:data|editions)/.*?) \|", PAGE, re.MULTILINE)
    paths = [p for cell in places for p in re.findall(r"`([^`]+)`", cell)]
    missing = [
        p
        for p in paths
        if not p.startswith("editions/") and not any(ROOT.glob(re.sub(r"<\w+>", "*", p)))
    ]

    assert len(paths) > 9
    assert missing == []
