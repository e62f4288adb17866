"""Templates: what is no notebook is told with its place, to whoever reads it."""

from pathlib import Path

import pytest

from kreisheft.core.errors import DataError
from kreisheft.engine import template

MERGED = '{\n "cells": [\n<<<<<<< HEAD\n ]\n}\n'


def write(root: Path, text: str) -> Path:
    path = root / "notebooks/arbeit.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (MERGED, ", line 3, column 1", "is no notebook: Expecting value"),
        ('{\n "cells": [{"cell_ty', ", line 2, column 13", "is no notebook: Unterminated string"),
        ("", ", line 1, column 1", "is no notebook: Expecting value"),
        ('{"nbformat": 4}', "", "is no notebook: a part of it is missing: 'cells'"),
        ('{"nbformat": 4, "cells": [1]}', "", "is no notebook: a part of it is missing: "),
        ("[]", "", "is no notebook: "),
    ],
)
def test_what_is_no_notebook_is_told_with_its_place(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    path = write(tmp_path, text)

    with pytest.raises(DataError) as raised:
        template.load(path, tmp_path)

    [problem] = raised.value.problems
    assert problem.where == f"notebooks/arbeit.ipynb{where}"
    assert problem.what.startswith(what)


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"notebooks/arbeit\.ipynb: is missing"):
        template.load(tmp_path / "notebooks/arbeit.ipynb", tmp_path)


def test_code_of_what_is_no_notebook_is_none() -> None:
    assert template.read_code(b'{"nbformat": 4}') is None
