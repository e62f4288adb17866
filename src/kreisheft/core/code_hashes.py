"""Hashes of what runs: modules with all that they import, and the installed packages."""

import hashlib
import re
from functools import cache
from pathlib import Path

from kreisheft.core import packages
from kreisheft.core.project import keep_newest

PACKAGE = Path(__file__).parents[1]
#: A whole parse of all modules takes half a second; what stands in a text too much does no harm.
IMPORT = re.compile(
    rf"^[ \t]*(?:from|import)[ ]+({PACKAGE.name}[\w.]*)(?:[ ]+import[ ]+(\([^)]*\)|[^\n]*))?",
    re.MULTILINE,
)
IGNORED = re.compile(r"#[^\n]*|\bas\s+\w+")
NAME = re.compile(r"[A-Za-z_]\w*")


@cache
def of(modules: tuple[str, ...], also: str = "") -> str:
    """One hash of modules of this package and of everything in it that they import, if only later.

    modules: names below the package, such as ``render.charts``; an unknown one is a KeyError, as a
    key without its inputs would be a wrong result waiting. also: a text that counts as well.
    """
    paths: dict[str, Path] = {}
    if unknown := [name for name in modules if find_file(name) is None]:
        raise KeyError(f"no module of {PACKAGE.name}: {', '.join(unknown)}")
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = find_file(name)
        if name in paths or path is None:
            continue
        paths[name] = path
        waiting += _imports(path)
        # Importing a module runs the package that it lies in; ours itself only shows names.
        waiting += [package] if (package := name.rpartition(".")[0]) else []
    digest = hashlib.sha256(also.encode())
    for name in sorted(paths):
        digest.update(f"{name}\n".encode() + paths[name].read_bytes())
    for path in sorted((PACKAGE / "schemas").glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def list_modules() -> set[str]:
    """Every module of this package, for code that does not say what it imports."""
    modules = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return {".".join(parts) for path in modules if (parts := path.parts)[-1] != "__init__"}


@cache
def everything() -> str:
    """One hash of the whole package."""
    return of(tuple(sorted(list_modules())))


def environment() -> str:
    """One hash of the interpreter and of every installed package with its version."""
    return packages.digest()


def list_imports(source: str) -> set[str]:
    """Modules of this package that a piece of code imports, wherever in it that stands."""
    modules = set()
    for base, listed in IMPORT.findall(source):
        names = IGNORED.sub("", listed)
        inner = base.removeprefix(PACKAGE.name).lstrip(".")
        inside = {f"{inner}.{name}".lstrip(".") for name in NAME.findall(names)}
        # Our own package hands on what is no module, such as `Chapter`, and nothing else.
        modules |= inside | ({inner} if inner or not all(map(find_file, inside)) else set())
    return modules


def _imports(path: Path) -> frozenset[str]:
    return _read(path, path.stat().st_mtime_ns)


@keep_newest(1024)
def _read(path: Path, _changed: int) -> frozenset[str]:
    return frozenset(list_imports(path.read_text(encoding="utf-8")))


def find_file(name: str) -> Path | None:
    """File of a module or package below ours; None if there is none of this name."""
    base = PACKAGE.joinpath(*name.split(".")) if name else PACKAGE
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file() and path != PACKAGE.with_suffix(".py"):
            return path
    return None
