"""LimeSurvey: its structure, and the headings and cells of its exports.

An export has question codes (``q1``, ``q2[SQ001]``, ``q2_SQ001``), the codes of the database
(``123X4X5SQ001``), codes with texts (``q1. …``) or full texts as headings.
"""

from collections.abc import Iterator, Mapping

from kreisheft.participation.intake import limesurvey_structure
from kreisheft.participation.intake.limesurvey_structure import DUAL, ONE, PARTS, TICKS
from kreisheft.participation.intake.questions import (
    LANGUAGE,
    OTHER,
    SUBMITTED,
    Column,
    Question,
    Structure,
    fold,
)
from kreisheft.participation.intake.survey_system import SurveySystem, Words


def columns(asked: Structure, words: Words) -> dict[str, Column]:
    """Map names to columns; words: those of the system in ``data/catalogue/beteiligung.yml``."""
    return {column.name: column for q in asked.questions.values() for column in _of(q, words)}


def headings(all_columns: Mapping[str, Column], words: Words) -> dict[str, str]:
    """Map folded headings to names of columns, and to `SUBMITTED` and `LANGUAGE`."""
    named: dict[str, set[str]] = {}
    for system_column in (SUBMITTED, LANGUAGE):
        for heading in (system_column, *words["columns"][system_column]):
            named.setdefault(fold(heading), set()).add(system_column)
    for column in all_columns.values():
        for heading in _spellings(column):
            named.setdefault(fold(heading), set()).add(column.name)
    return {heading: names.pop() for heading, names in named.items() if len(names) == 1}


def _of(q: Question, words: Words) -> Iterator[Column]:
    options = {c: label or _word(q.type, c, words) for c, label in q.options.items()}
    codes = _codes(q, options, words)
    if q.type in ONE:
        yield Column(q.code, q, q.text, options, codes, scale=q.type == "5")
    elif q.type in PARTS:
        for part, label in q.parts.items():
            yield Column(f"{q.code}[{part}]", q, label, options, codes, scale=True)
    elif q.type in TICKS:
        ticked = {fold(w): "Y" for w in words["ticked"]}
        ticked |= {fold(w): "" for w in words["unticked"]}
        for part, label in q.parts.items():
            yield Column(f"{q.code}[{part}]", q, label, {"Y": ""}, ticked, ticks=True)
    elif q.type in DUAL:
        for part, label in q.parts.items():
            for number, scale in (("1", q.options), ("2", q.second)):
                name = f"{q.code}[{part}][{number}]"
                yield Column(name, q, label, scale, _codes(q, scale, words), scale=True)


def _codes(q: Question, options: Mapping[str, str], words: Words) -> dict[str, str]:
    """Map folded codes and labels to codes; a label of two answers counts for neither."""
    codes_of_label: dict[str, set[str]] = {}
    for c, label in options.items():
        fixed = words["answers"].get(q.type, {}).get(c, ())
        for spelling in (label, *fixed, *q.spellings.get(c, ())):
            if fold(spelling):
                codes_of_label.setdefault(fold(spelling), set()).add(c)
    clear = {label: codes.pop() for label, codes in codes_of_label.items() if len(codes) == 1}
    # A code wins over a label that looks like one.
    return clear | {fold(c): c for c in options}


def _word(kind: str, c: str, words: Words) -> str:
    fixed = words["answers"].get(kind, {}).get(c)
    return str(fixed[0]) if fixed else str(words["other"]) if c == OTHER else c


def _spellings(column: Column) -> Iterator[str]:
    q, inner = column.question, column.name[len(column.question.code) :]
    parts = inner.strip("[]").split("][") if inner else []
    yield column.name
    if not parts:
        yield from (q.place, q.text)
        return
    yield f"{q.code}_{'_'.join(parts)}"
    if len(parts) == 1:
        yield from (f"{q.place}{parts[0]}", f"{q.text} [{column.label}]")
    else:
        # Of two scales the database counts from 0, with a hash.
        yield from (f"{q.place}{parts[0]}#{int(parts[1]) - 1}", f"{q.code}_{parts[0]}_{parts[1]}")


SYSTEM = SurveySystem(
    name="limesurvey",
    export="Survey structure (.lss), or Tab-separated-values format (*.txt)",
    recognises=limesurvey_structure.recognises,
    read=limesurvey_structure.read,
    columns=columns,
    headings=headings,
    unsent=("", "NULL"),
)
