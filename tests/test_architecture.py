"""The rule of the house: a folder imports only from folders below it (``lint-imports``).

The order of the folders stands in pyproject.toml; here is what imports alone cannot say.
"""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import typing
from functools import cache
from pathlib import Path

import pytest

from kreisheft.facts.stages import Protected

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/kreisheft"
#: What binds notebooks and pages; no folder that computes or draws knows it.
BINDERS = {"papermill", "sphinx", "jupyter_book"}
#: They find or place an element in a page that is HTML already; papers read HTML to set it.
FINISHED = {
    *("book.chart_images", "book.content_policy", "book.mail_links", "book.search_index"),
    *("book.term_links", "papers.from_html"),
}
#: The JSON and the picture of a chart; the text of the catalogue with a link; words of a page.
TRUSTING = {"render.figure", "chapters.strategy_chapter", "book.term_links"}
#: The begin of an element, as it stands in a page.
OPENED = re.compile(
    r"<(?:a|abbr|b|button|caption|circle|code|dd|defs|details|div|dl|dt|em|fieldset|figcaption"
    r"|figure|form|g|h[1-6]|i|iframe|img|input|label|legend|li|main|meta|nav|ol|option|p|path"
    r"|pattern|pre|q|script|section|select|small|span|strong|style|summary|sup|svg|table|tbody"
    r"|td|text|th|thead|title|tr|ul)[\s/>]"
)
INSIDE = (
    *("facts", "catalogue", "values", "protected", "findings", "render", "figures"),
    *("practice", "offers", "participation", "strategy"),
)


@cache
def files() -> dict[str, Path]:
    """Module without ``kreisheft.`` → its file."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(p for p in parts if p != "__init__")] = path
    return found


CHARTS = sorted(m for m in files() if "chart" in m and m.split(".")[0] in INSIDE)


@cache
def imports(module: str) -> frozenset[str]:
    """Dotted names that a module imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: relative import; write it out"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def tree(module: str) -> ast.Module:
    """What a module is written of."""
    return ast.parse(files()[module].read_text(encoding="utf-8"))


def opened(module: ast.Module) -> list[str]:
    """Strings that open an element; docstrings say what they like."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    strings = [n for n in ast.walk(module) if isinstance(n, ast.Constant)]
    docs = [
        n.body[0].value
        for n in ast.walk(module)
        if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)
    ]
    return [
        n.value
        for n in strings
        if isinstance(n.value, str) and n not in docs and OPENED.search(n.value)
    ]


def trusted(module: ast.Module) -> list[str]:
    """Calls of Markup with anything that is not written there."""
    calls = [n for n in ast.walk(module) if isinstance(n, ast.Call)]
    named = [n for n in calls if isinstance(n.func, ast.Name) and n.func.id == "Markup"]
    return [ast.unparse(n) for n in named if not all(isinstance(a, ast.Constant) for a in n.args)]


def escapes(module: str) -> bool:
    """Whether a module has another way to make HTML of text than `core.markup`."""
    called = {ast.unparse(n) for n in ast.walk(tree(module)) if isinstance(n, ast.Attribute)}
    return bool({"html.escape"} & (called | imports(module))) or "markupsafe" in outside(module)


def outside(module: str) -> set[str]:
    """Packages that a module imports."""
    return {name.split(".")[0] for name in imports(module)}


def test_a_folder_imports_only_from_folders_below_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True
    )

    assert done.returncode == 0, done.stdout


def test_what_computes_and_draws_knows_nothing_that_binds_a_book() -> None:
    inner = [m for m in files() if m.split(".")[0] in INSIDE]

    assert {m for m in inner if outside(m) & BINDERS} == set()


def test_a_module_name_occurs_once() -> None:
    """An editor's tabs tell which file is which."""
    names = [m.rpartition(".")[2] for m, path in files().items() if path.name != "__init__.py"]

    assert sorted({n for n in names if names.count(n) > 1}) == []


def test_only_kinds_of_charts_import_altair() -> None:
    drawing = {m for m in files() if "altair" in outside(m)}

    assert {m for m in drawing if ".chart_kinds." not in m} == {"render.chart_parts"}


def test_only_one_module_escapes() -> None:
    """`markupsafe` writes other signs for quotation marks than stand in all pages."""
    assert {m for m in files() if escapes(m)} == {"core.markup"}


def test_only_what_edits_finished_pages_opens_an_element_in_a_string() -> None:
    assert {m for m in files() if opened(tree(m))} == FINISHED


def test_only_literals_are_taken_for_markup() -> None:
    """What is text would get into a page as it is."""
    assert {m for m in files() if trusted(tree(m))} - {"core.markup"} == TRUSTING


def test_an_element_in_a_string_is_found_and_a_word_in_brackets_is_none() -> None:
    sample = ast.parse('"""Not <p>."""\na = f\'<p class="{b}">\'\nc = "give <kreis>"')

    assert opened(sample) == ['<p class="']


def test_a_text_that_is_taken_for_markup_is_found() -> None:
    sample = ast.parse('Markup(); Markup("&amp;"); Markup(text); Markup(f"&amp;{text}")')

    assert trusted(sample) == ["Markup(text)", "Markup(f'&amp;{text}')"]


def test_only_one_module_uses_a_network() -> None:
    """But for the server that shows pages on this machine, which asks nobody."""
    networks = {"requests", "urllib3", "http", "socket"}

    asking = {m for m in files() if networks & outside(m)}

    assert asking - {"book.serve"} == {"deliveries.http_service"}


@pytest.mark.parametrize("stage", ["Protected", "Released", "of_columns"])
def test_only_disclosure_makes_protected_figures(stage: str) -> None:
    """There is no back door around the gate."""
    makers = {
        module
        for module, path in files().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == stage
    }

    assert makers == {"protected.disclosure"}


@pytest.mark.parametrize(
    ("kind", "maker"),
    [
        ("Tally", "participation.tally"),
        ("Line", "participation.shares"),
        ("Choice", "participation.shares"),
    ],
)
def test_only_the_gate_of_surveys_makes_what_charts_of_them_take(kind: str, maker: str) -> None:
    makers = {
        module
        for module, path in files().items()
        if "participation" in module or module.startswith("render.chart")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == kind
    }

    assert makers == {maker}


@pytest.mark.parametrize("name", ["render.tables", "render.sentences", *CHARTS])
def test_what_a_reader_sees_is_made_from_protected_figures_only(name: str) -> None:
    """No public function takes a frame or a series."""
    module = importlib.import_module(f"kreisheft.{name}")
    plain = set()
    for function_name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or function_name.startswith("_"):
            continue
        texts = {str(p.annotation) for p in inspect.signature(function).parameters.values()}
        if any("DataFrame" in t or "Series" in t for t in texts):
            plain.add(f"{name}.{function_name}")

    assert plain == set()


@pytest.mark.parametrize(
    ("name", "function", "parameter"),
    [
        ("render.chart_kinds.trend_lines", "fill", "protected"),
        ("render.chart_kinds.group_bars", "fill", "protected"),
        ("render.chart_kinds.peer_strip", "fill", "peers"),
        ("render.maps", "html", "protected"),
        ("render.small_multiples", "lines", "protected"),
        ("render.tables", "series", "protected"),
        ("render.tables", "by_group", "protected"),
        ("render.tables", "by_region", "protected"),
        ("render.tables", "by_member", "protected"),
        ("render.tables", "by_place", "protected"),
        ("render.tables", "members", "protected"),
        ("render.sentences", "trend", "protected"),
        ("render.sentences", "breaks_within", "protected"),
        ("render.sentences", "groups", "protected"),
        ("render.sentences", "municipalities", "protected"),
        ("findings.comparison_ring", "build_ring", "peers"),
        ("findings.judgement", "judge_level", "figures"),
        ("findings.judgement", "judge_development", "figures"),
        ("findings.judgement", "judge_gap", "figures"),
        ("findings.judgement", "judge_place", "figures"),
        ("findings.comparison_ring", "assign_codes", "peers"),
    ],
)
def test_figures_come_as_protected(name: str, function: str, parameter: str) -> None:
    module = importlib.import_module(f"kreisheft.{name}")

    assert typing.get_type_hints(getattr(module, function))[parameter] is Protected


def test_a_module_is_short_enough_to_be_read_at_once() -> None:
    lengths = {m: len(p.read_text(encoding="utf-8").splitlines()) for m, p in files().items()}

    assert {m: n for m, n in lengths.items() if n > 300} == {}


def test_every_public_function_of_values_the_gate_and_findings_has_an_example() -> None:
    gate = {"protected.disclosure", "protected.standard_error"}
    modules = [m for m in files() if m.split(".")[0] in {"values", "findings"} or m in gate]
    functions = {
        f"{module}.{node.name}": ast.get_docstring(node) or ""
        for module in modules
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    assert len(functions) > 30
    assert {name for name, text in functions.items() if ">>> " not in text} == set()


def test_a_function_fits_on_a_screen() -> None:
    lengths = {
        f"{module}.{node.name}": node.end_lineno - node.lineno + 1
        for module in files()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }

    assert {name: n for name, n in lengths.items() if n > 50} == {}


def test_a_module_is_called_by_a_noun_of_its_own() -> None:
    vague = {"utils", "util", "common", "helpers", "helper", "misc", "base", "tools"}

    assert {m for m in files() if m.rpartition(".")[2] in vague} == set()


def test_a_module_says_what_it_is_for() -> None:
    trees = {m: ast.parse(path.read_text(encoding="utf-8")) for m, path in files().items()}

    assert {m for m, tree in trees.items() if not ast.get_docstring(tree)} == set()


def test_importing_the_command_line_imports_neither_pandas_nor_altair() -> None:
    """``kreisheft --help`` answers at once; heavy imports stand in the commands."""
    heavy = {"pandas", "altair", "papermill", "sphinx", "jupyter_book", "nbformat"}
    seen, waiting = set(), ["cli.main", "cli", ""]
    while waiting:
        module = waiting.pop()
        tree = ast.parse(files()[module].read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Import):
                seen |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                seen.add(node.module.split(".")[0])
                if node.module.startswith("kreisheft"):
                    inner = node.module.removeprefix("kreisheft").lstrip(".")
                    names = [inner] if inner else [a.name for a in node.names]
                    waiting += [n for n in names if n in files()]

    assert seen & heavy == set()
