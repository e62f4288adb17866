"""Ways to reach somebody in texts that will be published: addresses of mail, numbers of phones.

In: a document or a row. Out: a `Problem` per cell that holds one; what it is stays out of the
message. Names cannot be found by rule: who writes the texts takes care of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kreisheft.core.errors import Problem
from kreisheft.core.yaml_files import Document

#: An address of mail, or a number long enough to be that of a phone.
_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}|\+?\d[\d /()-]{6,}\d", re.IGNORECASE)
#: Days and years look like numbers of phones.
_DATES = re.compile(
    r"\b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b|\b\d{4}(-\d{2}){1,2}\b|\b\d{4}\s?[–/-]\s?\d{4}\b"
)


def check_document(document: Document) -> Iterator[Problem]:
    """Problem of every text of a YAML file with such an address; a ``url`` may have one."""

    def walk(node: Any, at: tuple[str | int, ...]) -> Iterator[Problem]:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, dict | list):
                yield from walk(value, (*at, key))
            elif key != "url" and _holds_address(value):
                yield _problem(document.where(*at, key))

    yield from walk(document.content, ())


def check_row(row: Mapping[str, object], where: Callable[[str], str]) -> Iterator[Problem]:
    """Problem of every cell of a row with such an address."""
    return (_problem(where(column)) for column, value in row.items() if _holds_address(value))


def _holds_address(value: object) -> bool:
    return isinstance(value, str) and bool(_PERSONAL.search(_DATES.sub(" ", value)))


def _problem(where: str) -> Problem:
    what = "holds an address of mail or a number of a phone"
    return Problem(where, what, "take it out: nobody must be recognised")
