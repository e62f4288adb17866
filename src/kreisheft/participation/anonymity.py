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


def of_document(document: Document) -> Iterator[Problem]:
    """Every text of a YAML file that holds one; addresses of pages (``url``) may."""

    def walked(node: Any, at: tuple[Any, ...]) -> Iterator[Problem]:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, dict | list):
                yield from walked(value, (*at, key))
            elif key != "url" and _reaches(value):
                yield _problem(document.where(*at, key))

    yield from walked(document.content, ())


def of_row(row: Mapping[str, Any], where: Callable[[str], str]) -> Iterator[Problem]:
    """Every cell of a row that holds one."""
    return (_problem(where(column)) for column, value in row.items() if _reaches(value))


def _reaches(value: Any) -> bool:
    return isinstance(value, str) and bool(_PERSONAL.search(_DATES.sub(" ", value)))


def _problem(where: str) -> Problem:
    what = "holds an address of mail or a number of a phone"
    return Problem(where, what, "take it out: nobody must be recognised")
