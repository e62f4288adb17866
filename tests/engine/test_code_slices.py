"""Of the class of a chapter only what a template calls counts: other code changes run nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from frames import ROOT

from kreisheft.core import code_hashes
from kreisheft.engine import code_slices, template

SOURCE = '''
from kreisheft.render import charts, maps, tables
from kreisheft.figures.context import Context

SIZE = charts.SIZE


class Chapter(Context):
    """A chapter."""

    @property
    def rows(self):
        return tables.rows(self)

    def trend(self):
        """Draw."""
        return _drawn(self)

    def places(self):
        return maps.html(self)


def _drawn(ctx):
    return ctx._called()
'''


def slice_of(*called: str, source: str = SOURCE) -> code_slices.Slice:
    return code_slices.of_class(source, "Chapter", frozenset(called))


def test_a_slice_names_what_called_methods_use_and_what_is_no_plain_method() -> None:
    used = {"figures.context.Context", "render.charts", "render.tables"}

    assert slice_of("trend").names == used
    assert slice_of("places").names == used | {"render.maps"}


def test_a_slice_holds_functions_that_a_called_method_uses() -> None:
    assert "def _drawn" in slice_of("trend").text
    assert "def _drawn" not in slice_of("places").text


def test_a_docstring_is_no_part_of_a_slice() -> None:
    assert slice_of("trend", source=SOURCE.replace("Draw.", "Draws.")) == slice_of("trend")


def test_a_class_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        code_slices.of_class(SOURCE, "Portrait", frozenset())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package, for the hashes to read."""
    copy = tmp_path / "kreisheft"
    shutil.copytree(code_hashes.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code_hashes, "PACKAGE", copy)
    code_hashes.of.cache_clear()
    yield copy
    code_hashes.of.cache_clear()


def keys() -> dict[str, str]:
    """Template → hash of the code that its chapters use."""
    code_hashes.of.cache_clear()
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = template.read_code(path.read_bytes())
        assert text is not None
        called = template.list_calls(text)
        assert called is not None
        found[path.stem] = code_slices.of_template(text, frozenset(called))
    return found


@pytest.mark.parametrize(
    ("module", "templates"),
    [
        ("offers/directory_figures.py", {"angebote"}),
        ("strategy/path_figures.py", {"antirassismus", "konzept"}),
        ("figures/first_page.py", {"start"}),
        ("editions/preload.py", set()),
        ("engine/worker_pool.py", set()),
    ],
)
def test_a_word_in_a_module_runs_only_the_templates_that_use_it(
    package: Path, module: str, templates: set[str]
) -> None:
    before = keys()
    with (package / module).open("a") as file:
        file.write("\n# changed\n")

    after = keys()

    assert {name for name in after if after[name] != before[name]} == templates


def test_what_every_figure_takes_runs_every_template(package: Path) -> None:
    before = keys()
    with (package / "figures/context.py").open("a") as file:
        file.write("\n# changed\n")

    after = keys()

    assert [name for name in after if after[name] == before[name]] == []
