"""Released values as files: one self-contained row per figure.

In: `Released`, catalogue, passports, names of regions. Out: frames with `COLUMNS`, and from these
CSV, JSON, an aligned table, and the description of the files as a Frictionless Data Package
(specs.frictionlessdata.io, version 1). docs/values.md explains every column; users rely on names
and order of `COLUMNS`: a change needs a new `SCHEMA`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts import passports, regions
from kreisheft.facts.passports import Passport, Source
from kreisheft.facts.stages import STATUSES, Array, Released
from kreisheft.values import compute_values

#: An object of JSON.
Json = Mapping[str, object]

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
#: Columns of the aligned table; what all rows of an indicator share is in its heading.
SHORT = (
    *("ags", "region", "period", "target_group", "comparison_group", "value"),
    *("numerator", "denominator", "status", "published", "concept", "table", "stand"),
)
NUMBERS = ("value", "numerator", "denominator")
#: Text in these columns if there is no number.
MISSING = ""


@dataclass(frozen=True)
class Words:
    """Names and sources for ids. names: key of a region → its name."""

    book: Catalogue
    passports: Mapping[str, Passport]
    producers: Mapping[str, Source]
    names: Mapping[str, str]


def load_words(root: Path, book: Catalogue, known_passports: Mapping[str, Passport]) -> Words:
    """Load the words. known_passports: those of all tables behind the figures."""
    table = regions.load(root)
    names = dict(zip(table["ags"], table["name"], strict=True))
    return Words(book, known_passports, passports.sources(root), names)


def tables_behind(indicator: Indicator, table: str) -> list[str]:
    """Return every table behind a figure of `indicator` from `table`, sorted."""
    sources = tuple(s for s in indicator.sources if s.table == table)
    return compute_values.needed_tables([replace(indicator, sources=sources or indicator.sources)])


def describe_rows(figures: Released, words: Words) -> pd.DataFrame:
    """Convert figures to a frame with `COLUMNS`, all text, in the same order of rows."""
    frame, book = figures.frame, words.book
    entries = book.indicators
    indicator, region, group = frame["indicator"], frame["ags"], frame["group"]
    made_of = list(
        zip(*(_map_distinct(frame[c], str) for c in ("indicator", "table", "stand")), strict=True)
    )
    sources = {(i, t, s): _format_source(i, t, s, words) for i, t, s in set(made_of)}
    columns = {
        "id": _map_distinct(indicator, str),
        "code": _map_distinct(indicator, lambda i: entries[i].code),
        "title": _map_distinct(indicator, lambda i: entries[i].title),
        "field": _map_distinct(indicator, lambda i: entries[i].field),
        "region": _map_distinct(region, words.names.__getitem__),
        "comparison_group": _map_distinct(group, str),
        "comparison_group_title": _map_distinct(group, book.label),
        "unit": _map_distinct(indicator, lambda i: entries[i].unit),
        "published": _map_distinct(frame["published"].astype(bool), str.lower),
        "source": [sources[key] for key in made_of],
        **{c: [format_number(v) for v in frame[c].tolist()] for c in NUMBERS},
    }
    rest = {c: _map_distinct(frame[c], str) for c in COLUMNS if c not in columns}
    return pd.DataFrame({c: {**columns, **rest}[c] for c in COLUMNS}, dtype=object)


@lru_cache(maxsize=1 << 18)
def format_number(value: float) -> str:
    """Format a number with a decimal point, without exponent, with at most nine digits.

    A whole number keeps all its digits; NaN becomes `MISSING`.
    """
    if value != value:
        return MISSING
    if float(value).is_integer():
        return str(int(value))
    text = format(Decimal(f"{value:.9g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_csv(frames: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Format frames as one CSV: comma, LF, header first."""
    yield ",".join(COLUMNS) + "\n"
    for frame in frames:
        yield frame.to_csv(index=False, header=False, lineterminator="\n")


def format_json(frames: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Format frames as one JSON object, one line per row; a missing number is null."""
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


def format_table(frames: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Format frames for the terminal: per indicator a heading, aligned rows, and its sources."""
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


def describe_package(
    files: Mapping[str, bytes], name: str, version: str, title: str, words: Words
) -> Json:
    """Return the content of ``datapackage.json`` for files ``<field>.csv`` and ``<field>.json``.

    words: their passports are those of the tables behind the figures; their producers are listed.
    """
    used = sorted({passport.source for passport in words.passports.values()})
    producers = [words.producers[key] for key in used]
    licences = {
        p.licence: {"name": p.licence, "path": p.licence_url, "title": p.terms}
        for p in producers
        if p.licence
    }
    texts = words.book.texts["data"]
    return {
        "profile": "data-package",
        "name": name,
        "version": version,
        "title": texts["title"].format(name=title),
        "description": texts["description"],
        "format": SCHEMA,
        "licenses": list(licences.values()),
        "sources": [{"title": p.name, "terms": p.terms} for p in producers],
        "resources": [
            _describe_resource(f, content, words) for f, content in sorted(files.items())
        ],
    }


def _describe_resource(file: str, content: bytes, words: Words) -> Json:
    field, _, kind = file.partition(".")
    same: Json = {
        "name": file.replace(".", "-").replace("_", "-"),
        "path": file,
        "title": words.book.fields[field]["title"],
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
        "schema": table_schema(words.book),
    }


def table_schema(book: Catalogue) -> Json:
    """Return the Table Schema of the CSV files; the catalogue describes each column."""
    texts = book.texts["data_columns"]
    limits: dict[str, Json] = {
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


def dump_json(content: Json) -> bytes:
    """Format as JSON, always with the same bytes for the same content."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _map_distinct(column: pd.Series, word: Callable[[str], str]) -> Array:
    """Return a text per row, computed once per distinct text of the column."""
    codes, distinct = pd.factorize(column)
    texts: Array = np.array([word(str(text)) for text in distinct], dtype=object)[codes]
    return texts


def _format_source(indicator: str, main: str, stand: str, words: Words) -> str:
    """Join the attributions of all tables behind a figure, its own table first."""
    attributions: dict[str, None] = {}
    entry = words.book.indicators[indicator]
    for number_ in sorted(tables_behind(entry, main), key=lambda t: t != main):
        passport = words.passports[number_]
        stands = [d.stand for d in passport.deliveries if d.stand <= stand]
        producer = words.producers[passport.source]
        attributions[passports.attribution(producer, passport, max(stands, default=stand))] = None
    return "; ".join(attributions)


def _literals(column: pd.Series, kind: str) -> list[str]:
    if kind != "string":
        return [text or "null" for text in column]
    quoted = {text: json.dumps(text, ensure_ascii=False) for text in column.unique()}
    return [quoted[text] for text in column]
