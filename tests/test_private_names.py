"""Names of other packages that may go without notice: each that src uses, and whether it is there.

A name that is gone fails here, by name, and not in the middle of a notebook. The packages have an
upper bound in pyproject.toml; what the standard library has, each Python of CI is asked.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
#: Private names that the package itself gives: to functions, classes, fields and attributes.
OWN = re.compile(r"(?:\b(?:def|class) |^ *|\bself\.)(_[a-z]\w*)(?= *[=:(,])", re.M | re.I)
#: Module, and in it whose private name it is; the module that uses it.
NAMES = {
    ("multiprocessing.forkserver", "_forkserver"): "engine/warm.py, engine/child.py",
    ("multiprocessing.forkserver", "_forkserver._forkserver_pid"): "engine/warm.py",
    ("multiprocessing.forkserver", "_forkserver._stop"): "engine/warm.py",
    ("multiprocessing.context", "_default_context"): "engine/child.py",
    ("multiprocessing.context", "_default_context._actual_context"): "engine/child.py",
    ("multiprocessing.process", "_children"): "engine/child.py",
    ("multiprocessing.process", "_current_process"): "engine/child.py",
    ("multiprocessing.process", "_parent_process"): "engine/child.py",
    ("multiprocessing.resource_tracker", "_resource_tracker"): "engine/child.py",
    ("multiprocessing.resource_tracker", "_resource_tracker._fd"): "engine/child.py",
    ("multiprocessing.resource_tracker", "_resource_tracker._pid"): "engine/child.py",
    ("multiprocessing.util", "_exit_function"): "engine/child.py",
    ("multiprocessing.util", "_finalizer_registry"): "engine/child.py",
    ("weakref", "finalize._registry"): "engine/child.py",
    ("weakref", "finalize._registered_with_atexit"): "engine/child.py",
    ("atexit", "_clear"): "engine/child.py",
    ("atexit", "_run_exitfuncs"): "engine/child.py",
    ("threading", "_shutdown"): "engine/child.py",
    ("os", "_exit"): "engine; public in spite of its name",
    ("ipykernel.debugger", "_is_debugpy_available"): "engine/shell.py",
    ("ipykernel.iostream", "OutStream._flush"): "engine/streams.py",
    ("ipykernel.iostream", "OutStream._is_master_process"): "engine/streams.py",
    ("ipykernel.ipkernel", "IPythonKernel._abort_queues"): "engine/shell.py",
    ("ipykernel.ipkernel", "IPythonKernel._execute_sleep"): "engine/shell.py",
    ("nbclient", "NotebookClient._check_raise_for_error"): "engine/fork.py",
    ("nbclient", "NotebookClient._get_timeout"): "engine/fork.py",
    ("docx.table", "Table._tbl"): "publications/word.py",
    ("docx.table", "_Row._tr"): "publications/word.py",
    ("docx.text.paragraph", "Paragraph._p"): "publications/word.py",
    ("docx.text.run", "Run._r"): "publications/word.py",
}
#: What a named tuple has, documented, with an underscore so that no field can have the name.
DOCUMENTED = {"_replace"}


def there(module: str, name: str) -> bool:
    """Whether a module has it: also as what an instance gets when it is made."""
    found = import_module(module)
    *owners, last = name.split(".")
    for owner in owners:
        if not hasattr(found, owner):
            return False
        found = getattr(found, owner)
    return hasattr(found, last) or (isinstance(found, type) and last in assigned(found))


def assigned(made: type) -> set[str]:
    """Names that the methods of a class give to `self`."""
    return {n for c in made.__mro__ if (f := getattr(c, "__init__", None)) for n in names_in(f)}


def names_in(function: object) -> tuple[str, ...]:
    code = getattr(function, "__code__", None)
    return code.co_names if code else ()


def used() -> Iterator[tuple[str, int, str]]:
    """Every private name that a module takes from something it did not define: where, and which."""
    texts = {p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in SOURCES}
    own = {name for text in texts.values() for name in OWN.findall(text)}
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and is_private(node.attr):
                inherited = isinstance(node.value, ast.Call)  # super()
                if node.attr not in own or inherited:
                    yield path, node.lineno, node.attr
            elif isinstance(node, ast.ImportFrom):
                yield from ((path, node.lineno, a.name) for a in node.names if is_private(a.name))


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def test_every_private_name_that_is_used_is_there() -> None:
    gone = [f"{m}.{n} ({user})" for (m, n), user in NAMES.items() if not there(m, n)]

    assert gone == []


def test_every_private_name_that_is_used_stands_in_the_list() -> None:
    known = {name.rpartition(".")[2] for _, name in NAMES} | DOCUMENTED

    assert [f"{path}:{line} {name}" for path, line, name in used() if name not in known] == []


def test_the_list_holds_no_name_that_nobody_uses() -> None:
    text = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES)
    names = {name.rpartition(".")[2] for _, name in NAMES}

    assert [name for name in sorted(names) if not re.search(rf"\.{name}\b", text)] == []


def test_every_package_of_a_private_name_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounded = {re.split(r"[<>=\[ ;]", d)[0] for d in project["dependencies"] if ",<" in d}
    installed = packages_distributions()
    packages = {p for m, _ in NAMES for p in installed.get(m.partition(".")[0], ())}

    assert packages == {"ipykernel", "nbclient", "python-docx"}
    assert packages - bounded == set()
