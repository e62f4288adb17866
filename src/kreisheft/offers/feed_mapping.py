"""Columns and words of somebody else's list → ours.

In: `Records` and a mapping file (docs/offers.md); without one the columns must bear our ids or
their German names. Out: one `Row` per record, and which columns of the file are not used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.offers import feeds, offer_rows
from kreisheft.offers.offer import LONGEST, MANY, Row, is_column
from kreisheft.offers.offer_rows import Record, Records
from kreisheft.offers.vocabulary import Vocabulary, key


@dataclass(frozen=True)
class Rules:
    """What a mapping file says.

    columns: theirs → ours, or several of ours; values: our column → their word → ours
    fixed: for every row that has nothing there; prefix: put before what stands there
    cut: a title or description that is too long is cut at a word
    first: of several values the first one that we know, where we have room for one
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    first: bool = False


def load(path: Path, words: Vocabulary) -> Rules:
    """Read a mapping file; DataError for a column that we do not have."""
    document = yaml_files.load(path, "offers_mapping")
    content = document.content
    named = {
        theirs: (ours,) if isinstance(ours, str) else tuple(ours)
        for theirs, ours in content.get("columns", {}).items()
    }
    targets = [
        ("columns", theirs, our_column) for theirs, ours in named.items() for our_column in ours
    ]
    targets += [
        (p, ours, ours) for p in ("values", "fixed", "prefix") for ours in content.get(p, {})
    ]
    fix = f"use one of {', '.join(words.columns)}"
    raise_if(
        Problem(document.where(part, name), f"unknown column {ours!r}", fix)
        for part, name, ours in targets
        if not is_column(ours, words)
    )
    values = {
        column: {key(str(theirs)): str(ours) for theirs, ours in words_of_column.items()}
        for column, words_of_column in content.get("values", {}).items()
    }
    fixed = {
        c: {True: "yes", False: "no"}.get(v, str(v)) for c, v in content.get("fixed", {}).items()
    }
    cut, first = content.get("cut", False), content.get("first", False)
    return Rules(named, values, fixed, content.get("prefix", {}), cut, first)


def join_rules(base: Rules, over: Rules) -> Rules:
    """Merge two sets of rules; `over` wins where they differ, its columns come first."""
    columns = {**over.columns, **{c: o for c, o in base.columns.items() if c not in over.columns}}
    values = {c: {**base.values.get(c, {}), **over.values[c]} for c in over.values}
    return Rules(
        columns,
        {**base.values, **values},
        {**base.fixed, **over.fixed},
        {**base.prefix, **over.prefix},
        base.cut or over.cut,
        base.first or over.first,
    )


def map_columns(
    records: Records, rules: Rules, words: Vocabulary
) -> tuple[dict[str, list[str]], list[str]]:
    """Columns of ours → columns of the file that fill them, best first; and the unused ones."""
    named = {key(label): column for column, label in words.columns.items()}
    for column, label in words.words["translated"].items():
        for language, name in words.lists["languages"].items():
            named[key(label.format(language=name))] = f"{column}_{language}"
    used: dict[str, list[str]] = {}
    # In the order of the rules, whose author decides which of two columns comes first.
    for theirs, ours in rules.columns.items():
        for our_column in ours if theirs in records.columns else ():
            used.setdefault(our_column, []).append(theirs)
    unused = []
    for theirs in (c for c in records.columns if c not in rules.columns):
        our_name = named.get(key(theirs), theirs)
        # With rules of a feed its other columns only look like ours.
        if is_column(our_name, words) and not rules.first:
            used.setdefault(our_name, []).append(theirs)
        else:
            unused.append(theirs)
    return used, unused


def map_rows(records: Records, rules: Rules, words: Vocabulary) -> list[tuple[Record, Row]]:
    """Each record with its row; a column of the file counts even where it is empty."""
    used, _ = map_columns(records, rules, words)
    named = {ours: theirs[0] for ours, theirs in used.items()}
    result = []
    for record in records.rows:
        cells = dict.fromkeys(used, "") | dict(rules.fixed)
        for ours, theirs in used.items():
            text = next((t for c in theirs if (t := record.cells.get(c, "").strip())), "")
            if text:
                cells[ours] = _translate(ours, text, rules)
        result.append((record, Row(cells, offer_rows.locate_cells(record, named))))
    return result


def _translate(column: str, text: str, rules: Rules) -> str:
    text = rules.prefix.get(column, "") + text
    if rules.cut and column in LONGEST:
        text = feeds.plain(text, LONGEST[column])
    ours = rules.values.get(column, {})
    if key(text) in ours:
        return ours[key(text)]
    if column in LONGEST or not (ours or rules.first):
        return text
    parts = [p.strip() for p in text.replace("|", ";").split(";") if p.strip()]
    if rules.first:
        parts = [p for p in parts if key(p) in ours] or parts
        parts = parts if column in MANY else parts[:1]
    return "; ".join(ours.get(key(p), p) for p in parts)
