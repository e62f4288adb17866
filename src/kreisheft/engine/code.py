"""Hashes of what runs: modules with all that they import, and the installed packages."""

import ast
import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@cache
def of(modules: tuple[str, ...]) -> str:
    """One hash of modules of this package and of everything in it that they import, if only later.

    modules: names below the package, such as ``chapter`` or ``engine.shell``.
    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if name in found or path is None:
            continue
        found[name] = path
        waiting += _imports(path)
        # Importing a module runs the package that it lies in; ours itself only shows names.
        waiting += [package] if (package := name.rpartition(".")[0]) else []
    digest = hashlib.sha256()
    for name in sorted(found):
        digest.update(f"{name}\n".encode() + found[name].read_bytes())
    for path in sorted((PACKAGE / "schemas").glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def whole() -> set[str]:
    """Every module of this package, for code that does not say what it imports."""
    found = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return {".".join(parts) for path in found if (parts := path.parts)[-1] != "__init__"}


@cache
def environment() -> str:
    """One hash of the interpreter and of every installed package with its version."""
    names = {sys.version}
    for folder in map(Path, sys.path):
        if folder.is_dir():
            names |= {p.name for p in folder.glob("*.dist-info")}
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def imported(source: str) -> set[str]:
    """Modules of this package that a piece of code imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            base = node.module.split(".")
            if base[0] == PACKAGE.name:
                inner = ".".join(base[1:])
                names = {f"{inner}.{a.name}".lstrip(".") for a in node.names}
                # Our own package hands on what is no module, such as `Chapter`, and nothing else.
                found |= names | ({inner} if inner or not all(map(_file, names)) else set())
        elif isinstance(node, ast.Import):
            parts = (a.name.split(".") for a in node.names)
            found |= {".".join(n[1:]) for n in parts if n[0] == PACKAGE.name}
    return found


def _imports(path: Path) -> Iterable[str]:
    return imported(path.read_text(encoding="utf-8"))


def _file(name: str) -> Path | None:
    base = PACKAGE.joinpath(*name.split(".")) if name else PACKAGE
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file() and path != PACKAGE.with_suffix(".py"):
            return path
    return None
