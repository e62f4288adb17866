"""YAML files that people edit, read so that a mistake can be pointed at.

In: a path and the name of a schema in `kreisheft/schemas`. Out: plain dicts, lists and scalars.
Every mistake (syntax, a control character, a key given twice, a wrong type, an unknown key) is a
`Problem` with file, line and column; all of a file come together.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
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

#: What a German reads as thousands and YAML as decimals; 0.125 is neither.
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+")

#: So macOS calls what it writes beside every file on a foreign disk.
_APPLE = "._"
_DELETE = "delete the file, macOS left it there"

KeyPath = tuple[Hashable, ...]

# libyaml where it is there: ten times faster, and a chapter reads some sixty files.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTRUCTOR = yaml.SafeLoader("")

#: What YAML has no place for: Word writes a line break as one, a PDF a ligature.
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Document:
    """The content of one YAML file, with the place of every key."""

    def __init__(
        self,
        path: Path,
        name: str,
        content: Any,
        places: dict[KeyPath, tuple[int, int]],
        thousands: Mapping[KeyPath, str],
    ):
        """thousands: key path → a scalar as it stands there, if it may have points in thousands."""
        self.thousands = thousands
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
        fix = _DELETE if path.name.startswith(_APPLE) else "save it as UTF-8"
        raise DataError([Problem(name, f"not UTF-8 ({error})", fix)]) from None


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
        raise DataError([_stumble(name, error)]) from None
    except yaml.YAMLError:
        raise DataError(_control_characters(name, text)) from None
    if node is None:
        raise DataError([Problem(name, "file is empty", "restore it from git")])
    places: dict[KeyPath, tuple[int, int]] = {}
    twice: list[Problem] = []
    thousands: dict[KeyPath, str] = {}
    try:
        content = _build(node, (), name, places, twice, thousands)
    except yaml.MarkedYAMLError as error:
        raise DataError([_stumble(name, error)]) from None
    except RecursionError:
        what, at = "not YAML: an alias contains itself", list(places.values())[-1]
        where = f"{name}, line {at[0]}, column {at[1]}"
        raise DataError([Problem(where, what, "write out what is meant")]) from None
    finally:
        # It would keep every node that it ever saw.
        _CONSTRUCTOR.constructed_objects.clear()
        _CONSTRUCTOR.recursive_objects.clear()
    raise_if(twice)
    return Document(path, name, content, places, thousands)


def _stumble(name: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark
    at = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    what = f"not YAML: {error.problem or error}"
    return Problem(name + at, what, "mend the indentation or quotes")


def _control_characters(name: str, text: str) -> list[Problem]:
    """One problem for each such character of a line, at its first place."""
    fix = _DELETE if Path(name).name.startswith(_APPLE) else "delete it"
    found: dict[tuple[int, str], int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _CONTROL.finditer(line):
            found.setdefault((number, match[0]), match.start() + 1)
    return [
        Problem(f"{name}, line {n}, column {at}", f"holds the control character {sign!r}", fix)
        for (n, sign), at in found.items()
    ] or [Problem(name, "is not YAML", "restore it from git")]


def _build(
    node: yaml.Node,
    at: KeyPath,
    name: str,
    places: dict[KeyPath, tuple[int, int]],
    twice: list[Problem],
    thousands: dict[KeyPath, str],
) -> object:
    places.setdefault(at, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        content: dict[Hashable, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                what = "a list or mapping cannot be a key"
                raise yaml.constructor.ConstructorError(None, None, what, key_node.start_mark)
            key = _scalar(key_node)
            here = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in content:
                where = f"{name}, line {here[0]}, column {here[1]}"
                twice.append(Problem(where, f"key {key!r} is given twice", "delete one of them"))
            places[(*at, key)] = here
            content[key] = _build(value_node, (*at, key), name, places, twice, thousands)
        return content
    if isinstance(node, yaml.SequenceNode):
        parts = enumerate(node.value)
        return [_build(v, (*at, i), name, places, twice, thousands) for i, v in parts]
    if _THOUSANDS.fullmatch(node.value):
        thousands[at] = node.value
    return _scalar(node)


def _scalar(node: yaml.Node) -> Hashable:
    # An unquoted 2024-12-31 stays text: dates are keys here, never arithmetic.
    if node.tag == "tag:yaml.org,2002:timestamp":
        return str(node.value)
    try:
        value: Hashable = _CONSTRUCTOR.construct_object(node, deep=True)
        return value
    except (ValueError, KeyError):
        what = f"{node.value!r} is not what its tag says"
        raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from None


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

    whole = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        # JSON takes 12.000 for a whole number; who wrote it may have meant twelve thousand.
        "integer",
        lambda _, value: isinstance(value, int) and not isinstance(value, bool),
    )
    kind = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, {"amount": _amount}, type_checker=whole
    )
    return kind(schema(name))


def _amount(_validator: Any, amount: bool, value: Any, _schema: Any) -> Iterator[Exception]:
    """Ask about each decimal number where a schema says ``amount: true``; the text decides."""
    import jsonschema

    if amount and isinstance(value, float):
        yield jsonschema.ValidationError("may be in thousands")


def _wants_number(error: Any) -> bool:
    if error.validator != "type":
        return False
    wanted = error.validator_value
    return not {"integer", "number"}.isdisjoint([wanted] if isinstance(wanted, str) else wanted)


def _violations(document: Document, schema: str) -> list[Problem]:
    problems = []
    for error in _validator(schema).iter_errors(document.content):
        path = tuple(error.absolute_path)
        written = document.thousands.get(path)
        if written and (error.validator == "amount" or _wants_number(error)):
            what = f"{written} may have a point between thousands"
            fix = f"write {written.replace('.', '')}; decimals: not exactly three of them"
            problems.append(Problem(document.where(*path), what, fix))
            continue
        if error.validator == "amount":
            continue
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
