"""Released values as files: one row per figure that says everything about itself.

In: `Released`, catalogue, passports, names of regions. Out: frames with `COLUMNS`, and from these
CSV, JSON, an aligned table, and the description of the files as a Frictionless Data Package
(specs.frictionlessdata.io, version 1). docs/values.md explains every column; the names and the
order of `COLUMNS` are a promise: a change needs a new `SCHEMA`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts import passports, regions
from kreisheft.facts.passports import Passport, Source
from kreisheft.facts.stages import STATUSES, Released
from kreisheft.values import compute_values

SCHEMA = "kreisheft/values/1"
#: Column → type of the Table Schema.
COLUMNS = {
    "id": "string",
    "code": "string",
    "title": "string",
    "field": "string",
    "ags": "string",
    "region": "string",
    "year": "integer",
    "period": "string",
    "target_group": "string",
    "comparison_group": "string",
    "comparison_group_title": "string",
    "value": "number",
    "unit": "string",
    "numerator": "number",
    "denominator": "number",
    "status": "string",
    "published": "boolean",
    "concept": "string",
    "segment": "string",
    "table": "string",
    "stand": "string",
    "source": "string",
}
KEY = ("id", "target_group", "comparison_group", "ags", "period")
#: Columns of the aligned table; what is equal in all rows of an indicator stands in its heading.
SHORT = (
    *("ags", "region", "period", "target_group", "comparison_group", "value"),
    *("numerator", "denominator", "status", "published", "concept", "table", "stand"),
)
NUMBERS = ("value", "numerator", "denominator")
#: What a row without a number has in these columns.
MISSING = ""


@dataclass(frozen=True)
class Words:
    """What ids are called; names: key of a region → its name."""

    book: Catalogue
    passports: Mapping[str, Passport]
    producers: Mapping[str, Source]
    names: Mapping[str, str]


def words(root: Path, book: Catalogue, known: Mapping[str, Passport]) -> Words:
    """Collect the words; known: the passports of all tables behind the figures."""
    table = regions.load(root)
    names = dict(zip(table["ags"], table["name"], strict=True))
    return Words(book, known, passports.sources(root), names)


def behind(indicator: Indicator, table: str) -> list[str]:
    """Return every table that a figure of `indicator` from `table` is made of, sorted."""
    own = tuple(s for s in indicator.sources if s.table == table)
    return compute_values.needed_tables([replace(indicator, sources=own or indicator.sources)])


def rows(shown: Released, said: Words) -> pd.DataFrame:
    """Return the figures with `COLUMNS`, in their order, as text; no number is an empty text."""
    frame, book = shown.frame, said.book
    entries = book.indicators
    indicator, region, group = frame["indicator"], frame["ags"], frame["group"]
    made_of = list(
        zip(*(_said(frame[c], str) for c in ("indicator", "table", "stand")), strict=True)
    )
    sources = {(i, t, s): _source(i, t, s, said) for i, t, s in set(made_of)}
    columns = {
        "id": _said(indicator, str),
        "code": _said(indicator, lambda i: entries[i].code),
        "title": _said(indicator, lambda i: entries[i].title),
        "field": _said(indicator, lambda i: entries[i].field),
        "region": _said(region, said.names.__getitem__),
        "comparison_group": _said(group, str),
        "comparison_group_title": _said(group, book.label),
        "unit": _said(indicator, lambda i: entries[i].unit),
        "published": _said(frame["published"].astype(bool), str.lower),
        "source": [sources[key] for key in made_of],
        **{c: [number(v) for v in frame[c].tolist()] for c in NUMBERS},
    }
    rest = {c: _said(frame[c], str) for c in COLUMNS if c not in columns}
    return pd.DataFrame({c: {**columns, **rest}[c] for c in COLUMNS}, dtype=object)


@lru_cache(maxsize=1 << 18)
def number(value: float) -> str:
    """Write a number plainly: decimal point, no exponent, nine significant digits at most.

    A whole number is written with all its digits; no number is `MISSING`.
    """
    if value != value:
        return MISSING
    if float(value).is_integer():
        return str(int(value))
    text = format(Decimal(f"{value:.9g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def csv(frames: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write frames as one CSV: comma, LF, the names of the columns first."""
    yield ",".join(COLUMNS) + "\n"
    for frame in frames:
        yield frame.to_csv(index=False, header=False, lineterminator="\n")


def as_json(frames: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write frames as one JSON object; every value is a line, what is missing is null."""
    yield f'{{"schema": {json.dumps(SCHEMA)}, "values": ['
    before = "\n"
    for frame in frames:
        columns = [_literals(frame[c], kind) for c, kind in COLUMNS.items()]
        heads = [f"{json.dumps(c)}:" for c in COLUMNS]
        lines = (
            "{" + ",".join(h + cell for h, cell in zip(heads, row, strict=True)) + "}"
            for row in zip(*columns, strict=True)
        )
        body = ",\n".join(lines)
        if body:
            yield before + body
            before = ",\n"
    yield "\n]}\n"


def table(frames: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write frames for the eye: per indicator a heading, aligned rows, and its sources."""
    gap = ""
    for whole in frames:
        for _, frame in whole.groupby("id", sort=False):
            first = frame.iloc[0]
            yield f"{gap}{first['code']} {first['id']}: {first['title']} ({first['unit']})\n"
            cells = {c: [c, *frame[c]] for c in SHORT}
            width = {c: max(map(len, column)) for c, column in cells.items()}
            for row in zip(*cells.values(), strict=True):
                line = "  ".join(
                    text.rjust(width[c]) if c in NUMBERS else text.ljust(width[c])
                    for c, text in zip(SHORT, row, strict=True)
                )
                yield line.rstrip() + "\n"
            for text in sorted(set(frame["source"])):
                yield f"{text}\n"
            gap = "\n"


def package(
    files: Mapping[str, bytes], name: str, version: str, title: str, said: Words
) -> dict[str, Any]:
    """Return the content of ``datapackage.json`` for files ``<field>.csv`` and ``<field>.json``.

    said: the passports are those of the tables behind the figures; their producers are named.
    """
    used = sorted({passport.source for passport in said.passports.values()})
    producers = [said.producers[key] for key in used]
    licences = {
        p.licence: {"name": p.licence, "path": p.licence_url, "title": p.terms}
        for p in producers
        if p.licence
    }
    texts = said.book.texts["data"]
    return {
        "profile": "data-package",
        "name": name,
        "version": version,
        "title": texts["title"].format(name=title),
        "description": texts["description"],
        "format": SCHEMA,
        "licenses": list(licences.values()),
        "sources": [{"title": p.name, "terms": p.terms} for p in producers],
        "resources": [_resource(f, content, said) for f, content in sorted(files.items())],
    }


def _resource(file: str, content: bytes, said: Words) -> dict[str, Any]:
    field, _, kind = file.partition(".")
    same: dict[str, Any] = {
        "name": file.replace(".", "-").replace("_", "-"),
        "path": file,
        "title": said.book.fields[field]["title"],
        "format": kind,
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if kind == "json":
        return {**same, "profile": "data-resource", "mediatype": "application/json"}
    return {
        **same,
        "profile": "tabular-data-resource",
        "mediatype": "text/csv",
        "schema": schema(said.book),
    }


def schema(book: Catalogue) -> dict[str, Any]:
    """Return the Table Schema of the CSV files; what a column means is said in the catalogue."""
    texts = book.texts["data_columns"]
    limits: dict[str, dict[str, Any]] = {
        "status": {"enum": list(STATUSES)},
        **{c: {"required": True} for c in KEY},
    }
    return {
        "fields": [
            {
                "name": column,
                "type": kind,
                "description": texts[column],
                **({"constraints": limits[column]} if column in limits else {}),
            }
            for column, kind in COLUMNS.items()
        ],
        "missingValues": [MISSING],
        "primaryKey": list(KEY),
    }


def dump(content: Mapping[str, Any]) -> bytes:
    """Write JSON that is the same for the same content."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _said(column: pd.Series, word: Callable[[str], str]) -> Any:
    """Return the word for every row, looked up once per distinct text."""
    codes, found = pd.factorize(column)
    return np.array([word(str(text)) for text in found], dtype=object)[codes]


def _source(indicator: str, main: str, stand: str, said: Words) -> str:
    """How the producers of all tables behind a figure want to be named."""
    found: dict[str, None] = {}
    entry = said.book.indicators[indicator]
    for number_ in sorted(behind(entry, main), key=lambda t: t != main):
        passport = said.passports[number_]
        stands = [d.stand for d in passport.deliveries if d.stand <= stand]
        producer = said.producers[passport.source]
        found[passports.attribution(producer, passport, max(stands, default=stand))] = None
    return "; ".join(found)


def _literals(column: pd.Series, kind: str) -> list[str]:
    if kind != "string":
        return [text or "null" for text in column]
    quoted = {text: json.dumps(text, ensure_ascii=False) for text in column.unique()}
    return [quoted[text] for text in column]
