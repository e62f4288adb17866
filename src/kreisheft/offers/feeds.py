"""Directories of other systems as records: HSDS (Open Referral) and the Integreat CMS API v3.

Both are nested JSON; here every object becomes one record with dotted columns, so that a mapping
file treats it like a list. Several values are joined with ``; ``. HTML becomes plain text.
Sources: openreferral/specification (HSDS 3), digitalfabrik/integreat-cms (API v3, locations).
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers import decoding
from kreisheft.offers.offer_rows import Record, Records

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")


def read(path: Path) -> tuple[str, Records]:
    """Read a JSON file; return its kind (``hsds`` or ``integreat``) and its records."""
    try:
        content = json.loads(decoding.raw(path).decode("utf-8-sig"))
    except ValueError as error:
        fix = "save the answer of the interface as it is"
        raise DataError([Problem(path.name, f"is no JSON ({error})", fix)]) from None
    objects = _list_objects(content)
    if objects and all(isinstance(o, dict) for o in objects):
        kind = "integreat" if "last_updated" in objects[0] or "path" in objects[0] else "hsds"
        rows = [
            Record(f"{path.name}, entry {i}", dict(_flatten(o))) for i, o in enumerate(objects, 1)
        ]
        columns = sorted({c for row in rows for c in row.cells})
        return kind, Records(tuple(columns), tuple(rows))
    what = "holds no list of services or locations"
    fix = "save the list of HSDS services, or the locations of Integreat"
    raise DataError([Problem(path.name, what, fix)])


def plain(markup: str, longest: int) -> str:
    """Text of a piece of HTML, cut at a word with an ellipsis if it is longer than `longest`."""
    without = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", markup)
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", without)).split())
    if len(words) <= longest:
        return words
    return words[: longest - 2].rpartition(" ")[0] + " …"


def _list_objects(content: object) -> list[Any]:
    if isinstance(content, dict):
        for name in ("contents", "services", "service", "data"):
            if isinstance(content.get(name), list):
                return list(content[name])
        return [content] if "name" in content or "title" in content else []
    return list(content) if isinstance(content, list) else []


def _flatten(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flatten(inner, f"{at}.{name}" if at else str(name))
    elif isinstance(value, list):
        texts: dict[str, list[str]] = {}
        for inner in value:
            for name, words in _flatten(inner, at):
                texts.setdefault(name, []).append(words)
        for name, all_words in texts.items():
            yield name, "; ".join(dict.fromkeys(w for w in all_words if w))
    elif isinstance(value, bool):
        yield at, "yes" if value else "no"
    elif value is not None:
        words = str(value)
        yield at, plain(words, 10_000) if _MARKUP.search(words) else words
