"""What the two flat layouts of GENESIS share: slots of variables, times, measures.

A row has a fixed number of slots. A slot holds a variable (``GES``) and one of its attributes
(``GESW``); an empty attribute is the variable's total, an empty variable an unused slot. The
regional level is spread over several variables, mostly in one slot.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.deliveries.readers import columns
from kreisheft.deliveries.readers.columns import Coded, Column
from kreisheft.deliveries.readers.table import ROW_HEAD, parse_period, shorten_ars

#: Variables that hold a region: GENESIS and Regionalstatistik, then the Zensus database.
_REGIONS = re.compile(r"DINSG|DLANDU?|REGBEZ|KREISE|F?GEMEIN|GEO(DL|BL|RB|LK|VB|GM)\d")
#: Variables over all Länder; their total is Germany.
_LAENDER = re.compile(r"DLANDU?|GEOBL\d")
_KEY = re.compile(r"DG|\d{2,12}|[A-Z]{2,3}\d{3,10}")
#: Codes of the time column: day, year, semester.
_TIMES = frozenset(("STAG", "JAHR", "SEMEST"))
_SHARES = frozenset(("%", "Prozent", "percent", "per cent"))
_MANY = 20
_AGAIN = "download the table again; do not edit it"


class Slot(NamedTuple):
    """One slot: codes of variables, codes of attributes, labels of attributes."""

    variable: Column
    attribute: Column
    label: Column


def rows(
    slots: Sequence[Slot],
    time_codes: Column,
    times: Column,
    headers: pd.Categorical,
    where: str,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return `Table.rows` and `Table.names`; the first row is line 2 of the file.

    A region's key is the attribute of its one regional variable, a 12-digit ARS as AGS; the total
    over the Länder is ``DG``. Classifiers are named by variable and sorted, "" is the total and an
    unused variable. Raises DataError for an unknown time, no or two regions in a row, an unknown
    key, a variable that is there twice, and a row that is there twice.
    """
    coded = [(columns.encode(s.variable), columns.encode(s.attribute)) for s in slots]
    stamps = columns.encode(times)
    problems = _find_unknown(
        columns.encode(time_codes), _TIMES.__contains__, "known time variable", where
    )
    problems += _find_unknown(stamps, lambda t: parse_period(t) is not None, "time", where)
    for variable, attribute in coded:
        problems += _find_without_variable(variable, attribute, where)
    raise_if(problems)
    keys, printed = _regions(coded, slots, where)
    variables = sorted({v for variable, _ in coded for v in variable.texts if v})
    classifiers = {
        variable: _classifier(variable, coded, where)
        for variable in variables
        if not _REGIONS.fullmatch(variable)
    }
    moments = columns.rename_codes(stamps.numbers, [parse_period(t) or "" for t in stamps.texts])
    _refuse_repeated([stamps, *(c for pair in coded for c in pair)], headers, where)
    height = len(keys)
    values = (np.arange(2, height + 2), keys, moments, headers)
    frame = pd.DataFrame(dict(zip(ROW_HEAD, values, strict=True)) | classifiers, copy=False)
    return frame, columns.names(keys, printed)


def measures(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the header of each (code, unit): ``PRS018``, and ``PRS018 %`` for a share.

    Counts have twins in percent with the same code, so a share bears its unit also where its twin
    was not asked for. Where a code has several other units, each bears its own: ``CODE Mill. EUR``.
    """
    distinct = {(code, _unit(unit)) for code, unit in pairs}
    others = Counter(code for code, unit in distinct if unit != "%")
    return [
        f"{code} {_unit(unit)}" if _unit(unit) == "%" or others[code] > 1 else code
        for code, unit in pairs
    ]


def is_english(labels: Iterable[Column]) -> bool:
    """Say whether a delivery is in English, by its words for totals and for Germany."""
    words = {text.strip() for label in labels for text in columns.encode(label).texts}
    return bool(words & {"Total", "Germany"}) and not words & {"Insgesamt", "Deutschland"}


def units(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Return header → unit as printed, for the headers of `measures`."""
    return {header: unit for header, (_, unit) in zip(measures(pairs), pairs, strict=True) if unit}


def _unit(printed: str) -> str:
    return "%" if printed in _SHARES else printed


def _regions(
    coded: Sequence[tuple[Coded, Coded]], slots: Sequence[Slot], where: str
) -> tuple[pd.Categorical, Coded]:
    """Return the key of each row, and the region's name."""
    height = len(slots[0].variable) if slots else 0
    keys, names = np.zeros(height, dtype=np.int32), np.zeros(height, dtype=np.int32)
    key_texts, name_texts = [""], [""]
    filled = np.zeros(height, dtype=np.int8)
    for (variable, attribute), slot in zip(coded, slots, strict=True):
        is_region = np.array([bool(_REGIONS.fullmatch(v)) for v in variable.texts])[
            variable.numbers
        ]
        if not is_region.any():
            continue
        over_all = np.array([bool(_LAENDER.fullmatch(v)) for v in variable.texts])
        number = attribute.numbers + len(key_texts)
        if "" in attribute.texts:
            total = (attribute.numbers == attribute.texts.index("")) & over_all[variable.numbers]
            number = np.where(total, len(key_texts) + len(attribute.texts), number)
        keys = np.where(is_region, number, keys)
        key_texts += [*attribute.texts, "DG"]
        label = columns.encode(slot.label)
        names = np.where(is_region, label.numbers + len(name_texts), names)
        name_texts += label.texts
        filled += is_region
    if not filled.any():
        known = sorted({v for variable, _ in coded for v in variable.texts if v})
        what = f"has no regional variable among {', '.join(known) or '(none)'}"
        next_ = "download the table by region; tables for Germany have the variable DINSG"
        raise DataError([Problem(where, what, next_)])
    for wrong, what in ((filled == 0, "has no region"), (filled > 1, "has two regions")):
        at = wrong.nonzero()[0]
        raise_if(Problem(f"{where}, row {i + 2}", what, _AGAIN) for i in at[:_MANY])
    distinct = columns.drop_unused(keys, key_texts)
    raise_if(_find_unknown(distinct, lambda key: bool(_KEY.fullmatch(key)), "region key", where))
    return columns.rename_codes(
        distinct.numbers, [shorten_ars(key) for key in distinct.texts]
    ), Coded(names, name_texts)


def _classifier(variable: str, coded: Sequence[tuple[Coded, Coded]], where: str) -> pd.Categorical:
    """Return the attribute of `variable` in each row."""
    filled = np.zeros(len(coded[0][0].numbers), dtype=np.int8)
    numbers, texts = np.zeros(len(filled), dtype=np.int32), [""]
    for held, attribute in coded:
        if variable not in held.texts:
            continue
        if held.texts == [variable] and not filled.any():
            numbers, texts = attribute
            filled += 1
            continue
        here = held.numbers == held.texts.index(variable)
        numbers = np.where(here, attribute.numbers + len(texts), numbers)
        texts = [*texts, *attribute.texts]
        filled += here
    twice = (filled > 1).nonzero()[0]
    raise_if(
        Problem(f"{where}, row {i + 2}", f"holds the variable {variable} twice", _AGAIN)
        for i in twice[:_MANY]
    )
    return columns.rename_codes(*columns.drop_unused(numbers, texts))


def _find_without_variable(variable: Coded, attribute: Coded, where: str) -> list[Problem]:
    if "" not in variable.texts or attribute.texts == [""]:
        return []
    unused = variable.numbers == variable.texts.index("")
    has_attribute = np.array([bool(text) for text in attribute.texts])[attribute.numbers]
    at = (unused & has_attribute).nonzero()[0]
    what = "holds an attribute without its variable"
    return [Problem(f"{where}, row {i + 2}", what, _AGAIN) for i in at[:_MANY]]


def _refuse_repeated(parts: Sequence[Coded], headers: pd.Categorical, where: str) -> None:
    """Refuse a second row for the same time, attributes and measure."""
    coded = [*parts, Coded(headers.codes, list(headers.categories))]
    number, _ = columns.combine_codes(coded, len(headers))
    again = pd.Series(number).duplicated().to_numpy().nonzero()[0]
    problems = []
    for i in again[:_MANY]:
        before = int(np.argmax(number == number[i])) + 2
        what = f"is a second row for the attributes of row {before}"
        problems.append(Problem(f"{where}, row {i + 2}", what, _AGAIN))
    raise_if(problems)


def _find_unknown(coded: Coded, is_known: columns.Test, kind: str, where: str) -> list[Problem]:
    return columns.find_unknown(coded, is_known, kind, range(2, len(coded.numbers) + 2), where)
