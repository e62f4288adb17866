"""Statements and cards in lists: the CSV beside a YAML file, or what people send as CSV or Excel.

In: a file with the names of our columns, or their German ones, in the first row. Out: rows as they
would stand in the YAML, each with the place of its columns. DataError with all problems, without
what the cell says: a list may hold more than it should.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.offers import offer_rows

#: Columns of a list, and which of them hold a number.
COLUMNS = {
    "statements": ("category", "paraphrase", "quote", "consent"),
    "cards": ("id", "kind", "text", "field", "group", "dots"),
}
_YES, _NO = {"yes", "ja", "true", "1", "x"}, {"no", "nein", "false", "0"}

#: A row, and a function that says where one of its columns stands.
Placed = tuple[Mapping[str, Any], Callable[[str], str]]


def read_beside(path: Path, root: Path, schema: str, kind: str) -> list[Placed]:
    """Rows of the CSV beside a YAML file; none if there is no such file."""
    source = path.with_suffix(".csv")
    if not source.is_file():
        return []
    return read(source, source.relative_to(root).as_posix(), schema, kind, {})


def read(path: Path, name: str, schema: str, kind: str, words: Mapping[str, str]) -> list[Placed]:
    """Rows of a list; words: German heading or word, in small letters → ours."""
    records = offer_rows.read(path, name)
    problems = [Problem(p.where, "cannot be taken apart", p.next) for _, p in records.broken]
    valid = COLUMNS[kind]
    named = {c: words.get(c.strip().lower(), c.strip().lower()) for c in records.columns}
    for number, column in enumerate(records.columns, 1):
        if named[column] not in valid:
            what = f"column {number} is none of ours"
            problems.append(Problem(f"{name}, row 1", what, f"valid: {', '.join(valid)}"))
    raise_if(problems)
    rows: list[Placed] = []
    for record in records.rows:
        cells = {named[c]: text for c, text in record.cells.items()}
        row = {c: _value(c, cells[c], words) for c in valid if cells.get(c, "").strip()}

        def where(column: str, place: str = record.place) -> str:
            return f"{place}, column {column!r}"

        problems += _violations(row, where, schema, kind)
        rows.append((row, where))
    raise_if(problems)
    return rows


def write(rows: list[Placed], kind: str) -> bytes:
    """Write rows as the CSV that stands beside a YAML file."""
    columns = [c for c in COLUMNS[kind] if any(c in row for row, _ in rows)]
    return offer_rows.write(columns, [[_text(row.get(c, "")) for c in columns] for row, _ in rows])


def _text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _value(column: str, text: str, words: Mapping[str, str]) -> str | int | bool:
    clean = " ".join(text.split())
    # The guard before a sign that Excel would take for a formula.
    clean = clean[1:] if clean[:1] == "'" and clean[1:2] in tuple("=+-@") else clean
    if column == "dots" and clean.isdecimal():
        return int(clean)
    if column == "consent" and clean.lower() in _YES | _NO:
        return clean.lower() in _YES
    if column in ("kind", "field"):
        return words.get(clean.lower(), clean)
    return clean


def _violations(
    row: Mapping[str, object], where: Callable[[str], str], schema: str, kind: str
) -> Iterator[Problem]:
    whole = yaml_files.schema(schema)
    inner = {**whole["properties"][kind]["items"], "$defs": whole["$defs"]}
    for error in jsonschema.Draft202012Validator(inner).iter_errors(row):
        if error.validator == "required":
            missing = [c for c in inner["required"] if c not in row]
            yield Problem(where(missing[0]), "is empty", "fill it in")
        elif error.absolute_path:
            column = str(error.absolute_path[0])
            hint = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
            yield Problem(where(column), "is not what it may be", hint)
