"""Data repositories of Open SDG, the platform in which state monitorings are kept.

One CSV per indicator, ``data/indicator_<id>.csv``: `Year` first, `Value` last, between them
disaggregations (an empty field is the total), and three columns with a meaning of their own, each
optional: `Series`, `Units`, `GeoCode`. One page per indicator, ``meta/<id>.md`` or ``.yml``: title,
unit, source, definition. Only here the name of a file says something: the indicator's id stands
nowhere else.

Nothing is lost: `Series` and `Units` are the header of a figure (``Series / Units``; `Value` where
there is no series), `GeoCode` is the region, every other column a classifier.

Written against the repositories of Niedersachsen and Schleswig-Holstein and open-sdg/sdg-build.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import columns, csv_records, decoding
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table, parse_period, tidy_label

_FIRST, _LAST = "Year", "Value"
_SERIES, _UNITS, _GEO = "Series", "Units", "GeoCode"
_FILE = re.compile(r"indicator_(.+)\.csv")
#: A key of the AGS, in some repositories behind one letter (K03241) that tells maps apart.
_KEY = re.compile(r"(?P<letter>[A-Z]?)(?P<key>\d{2}|\d{3}|\d{5}|\d{8})|DG", re.ASCII)
_SURE = (5, 8)
_YEAR = re.compile(r"(\d{4})\.0", re.ASCII)
_POINT = re.compile(r"^([+-]?\d+)\.(\d+)$")
_COMMA = re.compile(r"\d,\d")
#: Fields of a page that say what a figure is, in the order in which a reader wants them.
_NOTES = (
    "national_indicator_description",
    "indicator_definition",
    "computation_calculations",
    "computation_numerator",
    "computation_denominator",
    "comments_limitations",
    "other_info",
    "data_source",
    "source_organisation_1",
    "data_footnote",
)
#: How many bytes the first line may have.
_START = 10_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def recognises(data: bytes) -> bool:
    """Say whether the first line is that of an indicator: `Year` first, `Value` last."""
    first = data[:_START].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    names = csv_records.head(first.decode("utf-8", "replace").rstrip("\r"))
    return len(names) > 1 and (names[0], names[-1]) == (_FIRST, _LAST)


def tables(folder: Path) -> list[Path]:
    """Return the indicator files of the repository in `folder`, sorted by path."""
    paths = sorted((folder / "data").glob("indicator_*.csv"))
    return [p for p in paths if recognises(p.read_bytes())]


def read(data: bytes, where: str) -> Table:
    """Read one indicator, and its page if `where` is a file of a repository that has one.

    ags is the GeoCode where all of them are keys, without the letter before it; a row without one
    has "", which the passport explains by `region`. GeoCodes of another kind stay a classifier.
    Raises DataError with every mistake of the file, and with a page that is no YAML.
    """
    records = csv_records.read(decoding.decode(data, where), ",", where)
    raise_if(_heads(records.head, where))
    raise_if(_find_wrong(records, where))
    fields = dict(zip(records.head, records.fields, strict=True))
    keys = _keys(fields[_GEO].categories) if _GEO in fields else {}
    special = (_FIRST, _LAST, _SERIES, _UNITS, *([_GEO] if keys else []))
    classifiers = tuple(n for n in records.head if n not in special)
    empty = columns.constant("", len(records.lines))
    header, units = _headers(fields)
    rows = {
        "line": records.lines,
        "ags": csv_records.change_texts(fields[_GEO], lambda c: keys[c]) if keys else empty,
        "period": csv_records.change_texts(fields[_FIRST], lambda t: _time(t) or ""),
        "header": empty if header is None else header,
        **{c: csv_records.change_texts(fields[c], tidy_label) for c in classifiers},
    }
    path = Path(where)
    page = _page(path)
    unit = page.get("computation_units", "")
    if unit and not units:
        units = dict.fromkeys([_LAST] if header is None else map(str, header.categories), unit)
    # A table's numbers have a decimal comma, whatever its file had.
    values = csv_records.change_texts(fields[_LAST], lambda t: _POINT.sub(r"\1,\2", t))
    return Table(
        format="open_sdg",
        sparse=True,
        number=_id(path),
        statistic="",
        title=page.get("indicator_name", ""),
        stand=None,
        licence_year=None,
        notes="\n\n".join(page[key] for key in _NOTES if page.get(key)),
        classifiers=classifiers,
        rows=pd.DataFrame(rows),
        heads=(Head(_LAST, _LAST if header is None else ""),),
        texts=pd.DataFrame({0: values.astype("str")}),
        names={},
        units=units,
    )


def _id(path: Path) -> str:
    match = _FILE.fullmatch(path.name)
    return match[1] if match else ""


def _time(printed: str) -> str | None:
    year = _YEAR.fullmatch(printed)
    iso = parse_period(year[1] if year else printed)
    try:
        return iso and (date.fromisoformat(iso).isoformat() if len(iso) == 10 else iso)
    except ValueError:
        return None


def _headers(
    fields: Mapping[str, pd.Categorical],
) -> tuple[pd.Categorical | None, dict[str, str]]:
    """Return ``Series / Units`` of every row, as far as they are filled in, and header → unit.

    None and nothing in a file without both.
    """
    if _UNITS not in fields:
        series = fields.get(_SERIES)
        return None if series is None else csv_records.change_texts(
            series, lambda s: tidy_label(s) or _LAST
        ), {}
    units = fields[_UNITS]
    series = fields.get(_SERIES, columns.constant("", len(units)))
    # One number for each pair of series and unit.
    pairs, used = pd.factorize(series.codes.astype(np.int64) * len(units.categories) + units.codes)
    parts = [divmod(int(pair), len(units.categories)) for pair in used]
    texts = [
        (tidy_label(series.categories[s]) or _LAST, tidy_label(units.categories[u]))
        for s, u in parts
    ]
    stacks = [" / ".join(filter(None, pair)) for pair in texts]
    unit_of = {stack: unit for stack, (_, unit) in zip(stacks, texts, strict=True) if unit}
    return columns.rename_codes(pairs, stacks), unit_of


def _keys(codes: Iterable[str]) -> dict[str, str]:
    """Return GeoCode → region key; nothing if a code is none, or none is surely one.

    Three digits alone may be a country; so at least one code has five or eight, and all letters
    are the same. Where a repository gives a Land three digits, the last is 0: ``K030`` → ``03``.
    """
    match_of = {code: _KEY.fullmatch(code) for code in codes if code}
    parts = [(m["letter"], m["key"]) for m in match_of.values() if m and m["key"]]
    sure = any(len(key) in _SURE for _, key in parts)
    if not sure or not all(match_of.values()) or len({letter for letter, _ in parts}) > 1:
        return {}
    return {"": "", **{code: _ags(m["key"] or code) for code, m in match_of.items() if m}}


def _ags(key: str) -> str:
    return key[:2] if len(key) == 3 and key.endswith("0") else key


def _heads(head: tuple[str, ...], where: str) -> Iterator[Problem]:
    at = f"{where}, row 1"
    for name in dict.fromkeys(n for n in head if head.count(n) > 1):
        yield Problem(at, f"has the column {name!r} twice", "rename one of them")
    if "" in head:
        yield Problem(at, "has a column without a name", "name it, or delete it if it is empty")


def _find_wrong(records: csv_records.Records, where: str) -> Iterator[Problem]:
    """Yield what no Open SDG file may hold, once per text, with the first row that has it."""
    for name, field in zip(records.head, records.fields, strict=True):
        for printed in map(str, field.categories):
            if name == _FIRST and _time(printed) is None:
                what, next_ = f"{printed!r} is no year and no day", "write 2024 or 31.12.2024"
            elif name == _LAST and _COMMA.search(printed):
                what = f"{printed!r} has a comma"
                next_ = "write decimals with a point, and thousands without a separator"
            elif "\n" in printed:
                what, next_ = "has a line break in a field", "close the quote, or take it out"
            else:
                continue
            yield Problem(
                f"{where}, row {records.line(field, printed)}, column {name!r}", what, next_
            )


def _page(path: Path) -> dict[str, str]:
    """Return the texts of an indicator's page: its configuration, then the page, then German.

    Empty without a page. Raises DataError if one of the files is no YAML.
    """
    root, name = path.parent.parent, _id(path)
    page: dict[str, object] = {}
    for folder in ("indicator-config", "meta", "meta/de") if name else ():
        for ending in ("md", "yml", "yaml"):
            page |= _fields(root / folder / f"{name}.{ending}")
    keys = ("indicator_name", "computation_units", *_NOTES)
    texts = {k: text for k in keys if isinstance(text := page.get(k), str)}
    return {key: _translate(root, tidy_label(value)) for key, value in texts.items()}


def _fields(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    content = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.suffix == ".md":
        # Front matter: between the first two lines of three dashes.
        parts = re.split(r"^---\s*$", content, maxsplit=2, flags=re.MULTILINE)
        content = parts[1] if len(parts) > 1 else ""
    try:
        fields = yaml.load(content, Loader=_LOADER)
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: a date that does not exist, such as 2024-02-30.
        mark = getattr(error, "problem_mark", None)
        at = f"{path}, line {mark.line + 1}" if mark else str(path)
        what = f"is no YAML ({getattr(error, 'problem', None) or error})"
        raise DataError([Problem(at, what, "mend the page of the indicator")]) from None
    return fields if isinstance(fields, dict) else {}


def _translate(root: Path, value: str) -> str:
    """Return the German text of a key such as ``global_indicators.1-2-6-title``."""
    match = re.fullmatch(r"(\w+)\.([\w-]+)", value)
    if not match:
        return value
    translations = _fields(root / "translations/de" / f"{match[1]}.yml")
    return str(translations.get(match[2], value))


READER = Reader(
    format="open_sdg",
    words="Open SDG ('Year,…,Value')",
    recognises=recognises,
    read=read,
    row=(
        "`Year,…,Value`",
        "one indicator of a repository, with its metadata page",
        "the file's name, the one exception",
        "layout of two German repositories; unverified, synthetic sample",
    ),
    example="Year,Sex,Value\n2024,,118\n2024,F,60\n",
)
