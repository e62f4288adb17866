"""Kinds of charts: each is found by lying in a folder of kinds, and is drawn beforehand."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from kreisheft.core import code_hashes
from kreisheft.editions import preload
from kreisheft.figures import series
from kreisheft.render import chart_kinds

KINDS = [
    f"{folder}.{path.stem}"
    for folder in preload.CHARTS
    for path in sorted(Path(import_module(folder).__path__[0]).glob("[a-z]*.py"))
]


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_drawn_beforehand_in_every_form_that_it_has(name: str) -> None:
    kind = import_module(name)
    kind.template.cache_clear()

    preload.draw_charts()

    forms = 2 if "cut" in kind.template.__wrapped__.__annotations__ else 1
    assert kind.template.cache_info().currsize == forms


def test_a_kind_that_is_put_into_the_folder_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dots.py").write_text("drawn = []\n\ndef draw() -> None:\n    drawn.append(1)\n")
    folder = ModuleType("some_kinds")
    folder.__path__ = [str(tmp_path)]
    monkeypatch.setitem(sys.modules, "some_kinds", folder)

    chart_kinds.draw(folder)

    assert import_module("some_kinds.dots").drawn == [1]


def test_a_chapter_runs_anew_only_for_kinds_of_charts_that_it_shows() -> None:
    own = code_hashes.list_imports(Path(series.__file__).read_text(encoding="utf-8"))

    assert "render.chart_kinds.trend_lines" in own
    assert "render.chart_kinds.peer_strip" not in own
