"""What templates call is there: a name that a class lost is told in a second."""

import ast
from pathlib import Path

from frames import ROOT

import kreisheft
from kreisheft.engine import template

TEMPLATES = sorted((ROOT / "notebooks").glob("*.ipynb"))


def missing(path: Path) -> list[str]:
    """Calls of a template that its kind of chapter does not have."""
    text = template.read_code(path.read_bytes())
    assert text is not None
    kinds = [
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "kreisheft"
        for alias in node.names
    ]
    calls = template.list_calls(text)
    assert calls is not None, f"{path.name}: more than calls on its chapter"
    return [
        f"{path.name}: {c}" for k in kinds for c in calls if not hasattr(getattr(kreisheft, k), c)
    ]


def test_every_call_of_a_template_is_one_of_its_chapter() -> None:
    assert len(TEMPLATES) > 20

    assert [call for path in TEMPLATES for call in missing(path)] == []
