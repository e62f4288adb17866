"""GENESIS flat CSV, old layout (wide), used until the second half of 2024.

One row per combination of attributes, one column per measure: ``BEVZ20__Bevoelkerung__Anzahl``. As
in the new layout codes are read and labels never, and there is neither table number nor Stand nor
footer. The names of the columns are German or English; the English ones call an attribute a
variable, too, so slots are found by their place.
"""

import re
from typing import NamedTuple

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers import columns, decoding, flat, genesis_variables
from kreisheft.deliveries.readers.columns import Column
from kreisheft.deliveries.readers.genesis_variables import Slot
from kreisheft.deliveries.readers.reader import Reader
from kreisheft.deliveries.readers.table import Head, Table

_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?(?:Statistik_Code;|statistics_code;[^\n]*__)")
_HEADS = (
    ["Statistik_Code", "Statistik_Label", "Zeit_Code", "Zeit_Label", "Zeit"],
    ["statistics_code", "statistics_label", "time_code", "time_label", "time"],
)
_FIXED = 5
_SLOT = 4
_OF_SLOT = re.compile(
    r"(\d+)_(?:Merkmal_Code|Merkmal_Label|Auspraegung_Code|Auspraegung_Label"
    r"|variable_(?:attribute_)?(?:code|label))"
)
_MEASURE = re.compile(r"([A-Z][A-Z0-9]*)__(.*)__(.*)")
_QUALITY = "__q"


class _Measure(NamedTuple):
    """A value column: its place, its name, code and unit, and the place of its quality marks."""

    place: int
    name: str
    code: str
    unit: str
    quality: int | None


def recognises(data: bytes) -> bool:
    """Say whether `data` begins like a flat CSV of the old layout."""
    return _BEGIN.match(data) is not None


def read(data: bytes, where: str) -> Table:
    """Read a flat CSV of the old layout; every cell stays text.

    `header` of a value column is the code of its measure, ``CODE %`` for a share (see
    `variables.measures`), its unit is in `units`; of a column without a code, a computed rate
    (``Preisindex__CH0004``), it is the whole name. Classifiers, keys, quality marks (columns
    ``…__q``) and the decimal point of English deliveries are those of `flat.read`, so one passport
    serves both layouts.

    Raises DataError for missing or unknown columns, no rows, a row that is cut off, an unknown
    time, key or quality mark, no region, and a row that is there twice.
    """
    data = decoding.clean(data, where)
    names = _names(data, where)
    slots, measures = _parts(names, where)
    body = flat.body_of(data, len(names), where)
    columns_of_slot = [
        Slot(body[at], body[at + 2], body[at + 3])
        for at in range(_FIXED, _FIXED + slots * _SLOT, _SLOT)
    ]
    headers = columns.constant("", len(body[0]))
    rows, keys = genesis_variables.rows(columns_of_slot, body[2], body[4], headers, where)
    values = [body[m.place] for m in measures]
    if any(map(columns.has_points, values)) and genesis_variables.is_english(
        [s.label for s in columns_of_slot]
    ):
        values = [columns.write_comma(column) for column in values]
    pairs = [(m.code, m.unit) for m in measures]
    return Table(
        format="flat_wide",
        number="",
        statistic=flat.statistic(body[0]),
        title="",
        stand=None,
        licence_year=None,
        notes="",
        classifiers=tuple(rows.columns[4:]),
        rows=rows,
        heads=tuple(
            Head(measure.name, header)
            for measure, header in zip(measures, genesis_variables.measures(pairs), strict=True)
        ),
        texts=columns.frame(
            [_write_marks(v, m, body, where) for v, m in zip(values, measures, strict=True)]
        ),
        names=keys,
        units=genesis_variables.units(pairs),
    )


def _names(data: bytes, where: str) -> list[str]:
    first = data[: max(data.find(b"\n"), 0) or len(data)].decode("utf-8")
    names = [name.strip() for name in columns.split_or_refuse(first, f"{where}, row 1")]
    if names[:_FIXED] not in _HEADS:
        what = f"begins with {first[:60]!r}, expected 'Statistik_Code;Statistik_Label;…'"
        raise DataError([Problem(f"{where}, row 1", what, "download the table as flat CSV")])
    return names


def _parts(names: list[str], where: str) -> tuple[int, list[_Measure]]:
    """Return the number of slots, and the measures."""
    first = next(
        (i for i in range(_FIXED, len(names)) if not _OF_SLOT.fullmatch(names[i])), len(names)
    )
    numbers = [name.split("_")[0] for name in names[_FIXED:first]]
    slots = len(numbers) // _SLOT
    expected = [str(i // _SLOT + 1) for i in range(slots * _SLOT)]
    problems = [] if numbers == expected else [f"has the slots {', '.join(numbers)}"]
    measures: list[_Measure] = []
    for place, name in enumerate(names[first:], start=first):
        last = measures[-1] if measures else None
        stem = name.removesuffix(_QUALITY)
        if last and not last.quality and stem != name and last.name.startswith(stem):
            measures[-1] = last._replace(quality=place)
            continue
        parts = _MEASURE.fullmatch(name)
        if "__" not in name or name.endswith(_QUALITY) or name in {m.name for m in measures}:
            problems.append(f"has an unknown column {name!r}")
        elif parts:
            measures.append(_Measure(place, name, parts[1], parts[3], None))
        else:
            measures.append(_Measure(place, name, name, "", None))
    if not measures and not problems:
        problems.append("has no column of a measure (CODE__Label__Unit)")
    if problems:
        at = f"{where}, row 1"
        raise DataError([Problem(at, what, "download the table as flat CSV") for what in problems])
    return slots, measures


def _write_marks(values: Column, measure: _Measure, body: list[Column], where: str) -> Column:
    if measure.quality is None:
        return values
    return flat.write_marks(values, body[measure.quality], where)


READER = Reader(
    format="flat_wide",
    words="flat CSV of the old layout ('Statistik_Code;…')",
    recognises=recognises,
    read=read,
    row=(
        "begins with `Statistik_Code;`",
        "GENESIS, old layout (wide)",
        "neither, likewise",
        "2 real files",
    ),
    example=(
        "Statistik_Code;Statistik_Label;Zeit_Code;Zeit_Label;Zeit;1_Merkmal_Code;1_Merkmal_Label;"
        "1_Auspraegung_Code;1_Auspraegung_Label;BEVX__Personen__Anzahl\n"
        "99998;Erfunden;STAG;Stichtag;31.12.2024;KREISE;Kreise;05562;Recklinghausen;118\n"
    ),
)
