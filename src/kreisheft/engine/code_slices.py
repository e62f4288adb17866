"""The parts of a module that run when some methods of a class are called, and what they import.

In: a module of this package, one of its classes, the methods that a notebook calls. Out: the text
of those parts, and the modules that they name. A chapter then runs again only if something changed
that its template calls: a class that offers fifty figures would tie all chapters to all of them.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kreisheft.core import code_hashes

PACKAGE = "kreisheft"


class Slice(NamedTuple):
    """Text of the parts, and dotted names that they use, below the package."""

    text: str
    names: frozenset[str]


def of_template(text: str, called: frozenset[str] | None) -> str:
    """One hash of all that the code of a notebook uses of this package.

    called: the methods that it calls on its chapter, None if it does anything else. Of the class of
    its chapter only these count.
    """
    used: set[str] = set()
    texts = []
    for name in code_hashes.list_imports(text):
        if code_hashes.find_file(name) is not None:
            used.add(name)
        elif not name.count("."):
            place = find_home(name, code_hashes.PACKAGE)
            path = code_hashes.find_file(place) if place else None
            if path is None or called is None:
                used |= code_hashes.list_modules()
                continue
            part = of_class(path.read_text(encoding="utf-8"), name, called)
            used |= {_module(dotted) for dotted in part.names}
            texts.append(part.text)
    return code_hashes.of(tuple(sorted(used - {""})), "\n".join(sorted(texts)))


def _module(dotted: str) -> str:
    """The module of a dotted name: itself, or the one that it stands in."""
    return dotted if code_hashes.find_file(dotted) else dotted.rpartition(".")[0]


@lru_cache(maxsize=64)
def of_class(source: str, name: str, called: frozenset[str]) -> Slice:
    """Parts of a module that run when a class in it is made and `called` methods are called.

    source: text of the module. Its class keeps everything that is no plain method, as others may
    ask for it: properties, ``__init__``, and what is called from there. KeyError if the module has
    no such class.
    """
    tree = ast.parse(source)
    parts = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    used_parts = list(_parts(classes, parts, name, called))
    # What stands between functions and classes runs whenever the module is imported.
    others = [
        node
        for node in tree.body
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ImportFrom | ast.Import)
        and not _is_docstring(node)
    ]
    imported = dict(_imports(tree))
    used = {
        n.id for part in (*used_parts, *others) for n in ast.walk(part) if isinstance(n, ast.Name)
    }
    texts = [ast.unparse(_drop_docstrings(node)) for node in (*used_parts, *others)]
    return Slice("\n".join(texts), frozenset(imported[n] for n in used if n in imported))


def find_home(name: str, package: Path) -> str:
    """Module below the package from whose class a notebook imports `name`; empty if none."""
    for node in ast.walk(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and any(a.name == name for a in node.names):
            return (node.module or "").removeprefix(PACKAGE).lstrip(".")
    return ""


def _parts(
    classes: dict[str, ast.ClassDef],
    functions: dict[str, ast.FunctionDef],
    name: str,
    called: frozenset[str],
) -> Iterator[ast.AST]:
    """The class without methods that are not called, and functions and classes it uses."""
    own = classes[name]
    methods = {n.name: n for n in own.body if isinstance(n, ast.FunctionDef)}
    plain = {key for key, n in methods.items() if not n.decorator_list and not key.startswith("__")}
    body = [n for n in own.body if not (isinstance(n, ast.FunctionDef) and n.name in plain)]
    head = ast.ClassDef(own.name, own.bases, own.keywords, body or [ast.Pass()], [])
    waiting: list[ast.AST] = [head, *(methods[m] for m in sorted(called & plain))]
    seen = {name, *called}
    while waiting:
        node = waiting.pop()
        yield node
        for key in _list_mentioned(node):
            if key in seen:
                continue
            seen.add(key)
            other = methods.get(key) or functions.get(key) or classes.get(key)
            waiting += [other] if other else []


def _list_mentioned(node: ast.AST) -> Iterator[str]:
    """Names and attributes in a part, in order: ``_fact`` and ``self._goal`` alike."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Local name → dotted name below the package, of everything imported from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
            base = (node.module or "").removeprefix(PACKAGE).lstrip(".")
            for alias in node.names:
                yield alias.asname or alias.name, f"{base}.{alias.name}".lstrip(".")


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _drop_docstrings(node: ast.AST) -> ast.AST:
    """Remove the docstrings of a part, which change nothing that runs; return it."""
    for inner in ast.walk(node):
        body: Iterable[ast.AST] = getattr(inner, "body", [])
        if isinstance(body, list) and body and _is_docstring(body[0]):
            body[:] = body[1:] or [ast.Pass()]
    return node
