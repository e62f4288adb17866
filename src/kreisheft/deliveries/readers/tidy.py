"""A Kreis's own figures: one plain CSV, one figure per row. docs/own-figures.md is its manual.

    ags;period;measure;<dimensions>;value;bemerkung
    05562;2024;schulanfaenger_untersucht;insgesamt;118;

`bemerkung` may be left out. A file with semicolons writes decimals with a comma, one with commas
with a point, as Excel does in German and elsewhere. Dimensions and their values are ids; a total is
written out as `insgesamt`. What spreadsheets do to such a file (lost zeros, dates, separators of
thousands, error values) is named with its fix and never repaired by guess.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

from kreisheft.core.errors import Problem, raise_if
from kreisheft.deliveries.readers import columns, csv_records, decoding
from kreisheft.deliveries.readers.csv_records import Records
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table, parse_period

_FIRST = ("ags", "period", "measure")
_REMARK = "bemerkung"
#: Word in `bemerkung`, and key, of the rows that come with a template.
_EXAMPLE = re.compile("beispiel", re.IGNORECASE)
_NOWHERE = re.compile(r"0+")
_MANY = 20
#: How many bytes the first line may have.
_START = 10_000

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[a-z0-9][a-z0-9_+-]*")
_KEY = re.compile(r"DG|\d{2}|\d{5}|\d{8}", re.ASCII)
_CUT_KEY = re.compile(r"\d|\d{4}|\d{7}", re.ASCII)
#: 1.234,5 and 1 234: thousands apart, in any of the ways of writing them.
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?P<apart>[.,' \u00a0\u202f])\d{3})+(?P<rest>[.,]\d+)?")
_POINT = re.compile(r"[+-]?\d+\.\d+")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:\d{1,2}[. -]+)?"
    r"(?:jan|feb|m\w?r|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[zc])[a-z]*\.?(?:[ -]?\d{2,4})?",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_FIX_DATE = "format the column as text and write it again: the spreadsheet made a date of it"


def recognises(data: bytes) -> bool:
    """Say whether the first line names region, period, measure and value."""
    first = (
        data[:_START].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("cp1252", "replace")
    )
    names = [n.strip(' "\r').lower() for n in re.split("[;,\t]", first)]
    return tuple(names[:3]) == _FIRST and "value" in names


def read(data: bytes, where: str) -> Table:
    """Read own figures; raise DataError with every mistake that a person or Excel has made."""
    content = decoding.decode(data, where)
    delimiter = ";" if ";" in content.split("\n", 1)[0] else ","
    records = _drop_empty_columns(csv_records.read(content, delimiter, where))
    raise_if(_heads(records.head, where))
    fields = dict(zip(records.head, records.fields, strict=True))
    empty = columns.constant("", len(records.lines))
    remarks = fields.pop(_REMARK, empty)
    raise_if(
        [
            *_examples(fields["ags"], remarks, records, where),
            *_find_wrong(fields, records, where, delimiter),
        ]
    )
    dimensions = tuple(n for n in fields if n not in (*_FIRST, "value"))
    values = fields["value"]
    if delimiter == ",":
        # A table's numbers have a decimal comma, whatever its file had.
        values = csv_records.change_texts(values, lambda t: _DECIMAL.sub(",", t))
    rows = {
        "line": records.lines,
        "ags": fields["ags"],
        "period": csv_records.change_texts(fields["period"], lambda t: parse_period(t) or ""),
        "header": fields["measure"],
        **{d: fields[d] for d in dimensions},
    }
    return Table(
        format="tidy",
        sparse=True,
        number="",
        statistic="",
        title="",
        stand=None,
        licence_year=None,
        notes="\n".join(f"{n}: {r}" for n, r in zip(records.lines, remarks, strict=True) if r),
        classifiers=dimensions,
        rows=pd.DataFrame(rows),
        heads=(Head("value", ""),),
        texts=pd.DataFrame({0: values.astype("str")}),
        names={},
    )


def _drop_empty_columns(records: Records) -> Records:
    """Drop what Excel appends on the right: columns without name and text."""
    kept = [n for n, f in enumerate(records.fields) if records.head[n] or any(f.categories)]
    head = tuple(records.head[n] for n in kept)
    return Records(head, records.lines, tuple(records.fields[n] for n in kept))


def _heads(head: tuple[str, ...], where: str) -> Iterator[Problem]:
    at = f"{where}, row 1"
    order = "ags;period;measure;<dimensions>;value;bemerkung"
    if head[:3] != _FIRST or "value" not in head:
        yield Problem(at, f"has the columns {', '.join(head)}", f"write them as {order}")
        return
    place = head.index("value")
    if head[place + 1 :] not in ((), (_REMARK,)):
        behind = ", ".join(repr(name) for name in head[place + 1 :])
        yield Problem(at, f"has {behind} behind 'value'", f"write the columns as {order}")
    for name in dict.fromkeys(n for n in head if head.count(n) > 1):
        yield Problem(at, f"has the column {name!r} twice", "delete or rename one of them")
    for name in dict.fromkeys(n for n in head[3:place] if not _NAME.fullmatch(n)):
        what = f"has the column {name!r}, which is no dimension"
        yield Problem(at, what, "name it in lower case without blanks, e.g. staatsangehoerigkeit")


def _examples(
    ags: pd.Categorical, remarks: pd.Categorical, records: Records, where: str
) -> Iterator[Problem]:
    invented = np.array([bool(_EXAMPLE.search(r)) for r in remarks.categories])[remarks.codes]
    invented |= np.array([bool(_NOWHERE.fullmatch(k)) for k in ags.categories])[ags.codes]
    for line in records.lines[invented][:_MANY]:
        what = "is an example of the template, its figures are invented"
        yield Problem(f"{where}, row {line}", what, "delete the row, or write your own into it")


def _find_wrong(
    fields: Mapping[str, pd.Categorical], records: Records, where: str, delimiter: str
) -> Iterator[Problem]:
    """Yield every wrong text once per column, with the first row that has it."""
    tests: dict[str, Callable[[str], tuple[str, str] | None]] = {
        "ags": _ags,
        "period": _period,
        "measure": _measure,
        "value": lambda t: _value(t, delimiter),
    }
    for name, field in fields.items():
        many = 0
        for label in map(str, field.categories):
            complaint = tests.get(name, _id)(label)
            if complaint and many < _MANY:
                many += 1
                at = f"{where}, row {records.line(field, label)}, column {name!r}"
                yield Problem(at, *complaint)


def _ags(key: str) -> tuple[str, str] | None:
    if _KEY.fullmatch(key):
        return None
    if _CUT_KEY.fullmatch(key):
        what = f"{key} is a region key without its leading zero"
        return what, f"write 0{key}; format the column as text, or Excel drops the zero again"
    next_ = "write DG, two digits for a Land, five for a Kreis, eight for a Gemeinde"
    return f"{key!r} is no region key", next_


def _period(time: str) -> tuple[str, str] | None:
    iso = parse_period(time)
    try:
        if iso and "P" not in iso:
            date.fromisoformat(iso if len(iso) > 4 else f"{iso}-01-01")
            return None
    except ValueError:
        pass
    fix = f"{_FIX_DATE}: " if _DATE.fullmatch(time) else "write "
    return f"{time!r} is no year and no day", f"{fix}2024 or 2024-12-31"


def _measure(label: str) -> tuple[str, str] | None:
    if _NAME.fullmatch(label) or not label:
        return None if label else _id(label)
    return _id(label) or (
        f"{label!r} is no measure",
        "begin it with a letter and leave out + and -",
    )


def _id(label: str) -> tuple[str, str] | None:
    if _ID.fullmatch(label):
        return None
    if not label:
        return "is empty", "write the id that the passport lists, for a total insgesamt"
    if _DATE.fullmatch(label):
        return f"{label!r} is a date", f"{_FIX_DATE}, e.g. 03-05"
    next_ = "write it as in the passport: lower-case letters without umlauts, digits, _, + and -"
    return f"{label!r} is no id", next_


def _value(value: str, delimiter: str) -> tuple[str, str] | None:
    decimal, wrong_decimal = ("a comma", _POINT) if delimiter == ";" else ("a point", _COMMA)
    if not value:
        return "is empty", "write the figure, 0, or '.' for a figure that is not known"
    # Three digits behind a point or comma are thousands as often as decimals.
    if _THOUSANDS.fullmatch(value.strip("() prs")):
        next_ = f"write only digits; decimals behind {decimal}, and not exactly three of them"
        return f"{value!r} may have a separator of thousands", next_
    if wrong_decimal.fullmatch(value.strip("() prs")):
        next_ = f"a file with {delimiter!r} between its columns writes decimals with {decimal}"
        return f"{value!r} has the other decimal sign", next_
    if value.endswith("%"):
        return f"{value!r} has a unit behind it", "write the number; the passport says the unit"
    if _DATE.fullmatch(value):
        return f"{value!r} is a date", _FIX_DATE
    if _SCIENTIFIC.fullmatch(value):
        next_ = "format the column as a number and write all digits"
        return f"{value!r} was rounded by the spreadsheet", next_
    if value.startswith("#"):
        return f"{value!r} is an error of the spreadsheet", "mend the formula, or widen the column"
    return None


READER = Reader(
    format="tidy",
    words="own figures ('ags,period,measure,…,value')",
    recognises=recognises,
    read=read,
    row=(
        "`ags,period,measure,…,value`",
        "a Kreis's own figures, see [own-figures.md](own-figures.md)",
        "neither",
        "our own format",
    ),
    example="ags;period;measure;geschlecht;value\n05562;2024;kinder;insgesamt;118\n",
)
