"""Templates: their cells, the one tagged ``parameters``, and whether a job's fit it."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kreisheft.core.errors import DataError, Problem


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook that was not executed. kind: ``code``, ``markdown`` or ``raw``."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()


# A template is read once for all editions, and again when it changes.
@lru_cache(maxsize=64)
def read_cells(content: bytes) -> tuple[Cell, ...]:
    """All cells of a notebook; ValueError if it is none."""
    try:
        return _read_parts(content)
    except (AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"a part of it is missing: {error}") from None


def _read_parts(content: bytes) -> tuple[Cell, ...]:
    found = json.loads(content)
    if not isinstance(found, dict) or found.get("nbformat") != 4:
        # An older one is made into what it would be today; only then is the library imported.
        import nbformat

        found = nbformat.reads(content.decode(), as_version=4)
    return tuple(
        Cell(cell["cell_type"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", ())))
        for cell in found["cells"]
    )


def load(template: Path, root: Path) -> tuple[Cell, ...]:
    """All cells of the notebook at `template`; DataError with line and column if it is none."""
    where = template.relative_to(root).as_posix()
    fix = "mend it (a merge, half a file?), or restore it from git"
    try:
        return read_cells(template.read_bytes())
    except json.JSONDecodeError as error:
        where += f", line {error.lineno}, column {error.colno}"
        what = f"is no notebook: {error.msg}"
    except FileNotFoundError:
        what = "is missing"
    except ValueError as error:
        what = f"is no notebook: {' '.join(str(error).split())[:200]}"
    raise DataError([Problem(where, what, fix)])


def check(template: Path, given: Mapping[str, object], root: Path) -> Iterator[Problem]:
    """Compare a job's parameters with its template: unknown, missing or mistyped ones.

    papermill only logs an unknown one, and the chapter would be the default's.
    """
    where = template.relative_to(root).as_posix()
    try:
        declared = read_parameters(template)
    except (OSError, ValueError) as error:
        yield Problem(where, str(error), "restore the template from git")
        return
    for name in sorted(set(given) - set(declared)):
        hint = f"the parameters cell has: {', '.join(declared)}"
        yield Problem(where, f"unknown parameter {name!r}", hint)
    for name in sorted(set(declared) - set(given)):
        yield Problem(where, f"parameter {name!r} is not given", "give it, or delete it there")
    for name in sorted(set(declared) & set(given)):
        value, default = given[name], declared[name]
        if type(value) is not type(default):
            wanted = f"{type(default).__name__}, like {default!r}"
            yield Problem(where, f"parameter {name!r} is {value!r}", f"give a {wanted}")


def read_code(content: bytes) -> str | None:
    """All code of a notebook, magics left out; None if it cannot be read as Python."""
    try:
        source = "\n".join(c.source for c in read_cells(content) if c.kind == "code")
        lines = [x for x in source.splitlines() if not x.lstrip().startswith(("%", "!"))]
        text = "\n".join(lines)
        ast.parse(text)
    except (ValueError, SyntaxError):
        return None
    return text


def list_calls(text: str) -> set[str] | None:
    """Names of the methods that the code of a notebook calls on its chapter.

    None if it does anything else but set parameters, import a kind of chapter and make one.
    """
    methods: set[str] = set()
    kind = ""
    for line in ast.parse(text).body:
        called = [node for node in ast.walk(line) if isinstance(node, ast.Call)]
        match line:
            case ast.ImportFrom(module="kreisheft", names=[ast.alias(name=kind, asname=None)]) if (
                kind[:1].isupper()
            ):
                expected = 0
            case ast.Assign(value=ast.Constant()):
                expected = 0
            case ast.Assign(value=ast.Call(func=ast.Name(id=name))) if name == kind:
                expected = 1
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr=name))):
                expected = 1
                methods.add(name)
            case _:
                return None
        # An argument may call something, too.
        if len(called) != expected:
            return None
    return methods


def read_parameters(template: Path) -> dict[str, object]:
    """Names and defaults of the cell tagged ``parameters``; ValueError if it is not plain."""
    return dict(_parse_parameters(template.read_bytes()))


# Hundreds of jobs share a template; by its text, so that a changed one is read again.
@lru_cache(maxsize=64)
def _parse_parameters(content: bytes) -> dict[str, object]:
    tagged = [c for c in read_cells(content) if "parameters" in c.tags]
    if len(tagged) != 1:
        raise ValueError(f"{len(tagged)} cells are tagged 'parameters', there must be one")
    defaults: dict[str, object] = {}
    for statement in ast.parse(tagged[0].source).body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if not isinstance(statement, ast.Assign) or not isinstance(target, ast.Name):
            raise ValueError(f"parameters cell, line {statement.lineno}: only name = value")
        defaults[target.id] = ast.literal_eval(statement.value)
    return defaults
