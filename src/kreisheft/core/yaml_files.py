"""YAML files that people edit, read so that a mistake can be pointed at.

In: a path and the name of a schema in `kreisheft/schemas`. Out: plain dicts, lists and scalars.
Every mistake (syntax, a key given twice, a wrong type, an unknown key) is a `Problem` with file,
line and column; all of a file come together.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import cache as once
from pathlib import Path
from typing import Any

import yaml

from kreisheft.core import cache
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.project import keep_newest

#: Documents as they were read, if nothing was wrong with them.
KEPT = cache.Kind("documents", ("core.yaml_files",))
SCHEMAS = Path(__file__).parents[1] / "schemas"

KeyPath = tuple[Hashable, ...]

# libyaml where it is there: ten times faster, and a chapter reads some sixty files.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTRUCTOR = yaml.SafeLoader("")


class Document:
    """The content of one YAML file, with the place of every key."""

    def __init__(self, path: Path, name: str, content: Any, places: dict[KeyPath, tuple[int, int]]):
        self.path = path
        self.name = name
        self.content = content
        self._places = places

    def where(self, *keys: Hashable) -> str:
        """Say ``file, line 7, column 3 (key.path)`` for a key path, or its nearest ancestor."""
        path: KeyPath = keys
        while path and path not in self._places:
            path = path[:-1]
        line, column = self._places.get(path, (1, 1))
        label = f" ({'.'.join(str(k) for k in keys)})" if keys else ""
        return f"{self.name}, line {line}, column {column}{label}"


def load(path: Path, schema: str, root: Path | None = None) -> Document:
    """Read `path` and hold it against ``schemas/<schema>.yml``; raise DataError with every mistake.

    root: the project's folder; messages name the file relative to it. A text that was read before
    is not parsed again: the document is shared, do not write to it.
    """
    name = path.relative_to(root).as_posix() if root else path.as_posix()
    return _checked(path, name, schema, root, _text(path, name))


def collect(loaders: Sequence[Callable[[], object]]) -> list[Problem]:
    """Call each loader and gather the problems of all, so that one broken file hides no other."""
    problems: list[Problem] = []
    for loader in loaders:
        try:
            loader()
        except DataError as error:
            problems += error.problems
    return problems


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError([Problem(name, "file is missing", "restore it from git")]) from None
    except UnicodeDecodeError as error:
        raise DataError([Problem(name, f"not UTF-8 ({error})", "save it as UTF-8")]) from None


# By the text, not by the time of the file: two versions of one moment are told apart.
@keep_newest(1024)
def _checked(path: Path, name: str, schema: str, root: Path | None, text: str) -> Document:
    def sound() -> Document:
        document = _parse(path, name, text)
        raise_if(_violations(document, schema))
        return document

    if root is None:
        return sound()
    key = KEPT.key({"text": text, "path": str(path), "schema": _schema(schema)})
    return cache.kept_object(root, key, sound)


def _parse(path: Path, name: str, text: str) -> Document:
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = f"not YAML: {error.problem or error}"
        raise DataError([Problem(name + at, what, "mend the indentation or quotes")]) from None
    if node is None:
        raise DataError([Problem(name, "file is empty", "restore it from git")])
    places: dict[KeyPath, tuple[int, int]] = {}
    twice: list[Problem] = []
    try:
        content = _build(node, (), name, places, twice)
    finally:
        # It would keep every node that it ever saw.
        _CONSTRUCTOR.constructed_objects.clear()
        _CONSTRUCTOR.recursive_objects.clear()
    raise_if(twice)
    return Document(path, name, content, places)


def _build(
    node: yaml.Node,
    at: KeyPath,
    name: str,
    places: dict[KeyPath, tuple[int, int]],
    twice: list[Problem],
) -> object:
    places.setdefault(at, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        content: dict[Hashable, object] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            here = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in content:
                where = f"{name}, line {here[0]}, column {here[1]}"
                twice.append(Problem(where, f"key {key!r} is given twice", "delete one of them"))
            places[(*at, key)] = here
            content[key] = _build(value_node, (*at, key), name, places, twice)
        return content
    if isinstance(node, yaml.SequenceNode):
        return [_build(v, (*at, i), name, places, twice) for i, v in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Hashable:
    # An unquoted 2024-12-31 stays text: dates are keys here, never arithmetic.
    if node.tag == "tag:yaml.org,2002:timestamp":
        return str(node.value)
    value: Hashable = _CONSTRUCTOR.construct_object(node, deep=True)
    return value


@once
def schema(name: str) -> Any:
    """Return a schema of `kreisheft/schemas`; it is shared, do not write to it."""
    return yaml.load(_schema(name), Loader=_LOADER)


@once
def _schema(name: str) -> str:
    return (SCHEMAS / f"{name}.yml").read_text(encoding="utf-8")


@once
def _validator(name: str) -> Any:
    # Imported only for a document that is not known to be sound.
    import jsonschema

    return jsonschema.Draft202012Validator(schema(name))


def _violations(document: Document, schema: str) -> list[Problem]:
    problems = []
    for error in _validator(schema).iter_errors(document.content):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            valid = ", ".join(sorted(error.schema.get("properties", {})))
            properties = set(error.schema.get("properties", {}))
            for key in [k for k in error.instance if k not in properties]:
                problems.append(
                    Problem(document.where(*path, key), f"unknown key {key!r}", f"known: {valid}")
                )
            continue
        hint = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
        # jsonschema quotes the whole value; the place says where to find it.
        what = error.message if len(error.message) < 200 else f"… {error.message[-80:]}"
        problems.append(Problem(document.where(*path), what, hint))
    return problems
