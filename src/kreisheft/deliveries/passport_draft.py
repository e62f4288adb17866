"""Draft of a passport for a new table: what the file says, and marks where a person must decide.

In: a table that was read. Out: the text of ``data/sources/<source>/<number>.yml``. Each header gets
a measure of its own and each label an id of its own, so that an import loses no figure and joins no
two; what stands before a `MARK` is a guess. Only ``???`` must be filled in before the passport can
be read.
"""

import glob
import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd
import yaml

from kreisheft.core import schema_line
from kreisheft.deliveries.readers.table import Table
from kreisheft.facts import labels
from kreisheft.facts.stages import TOTAL

MARK = "# decide: "
OPEN = "???"
#: Keys of a column in a passport, and columns of facts: no names for dimensions.
_TAKEN = ("header", "measure", "concept", "ags", "period", "value", "status", "stand", "cell")
_VALUE = re.compile(r"[a-z0-9][a-z0-9_+-]*")
_TOTALS = ("insgesamt", "total", "zusammen", "")
#: What stands in the last level of a header where a table has several measures.
_UNIT = re.compile(r"anzahl|number|prozent|%|promille|(?:tsd|mill?|mrd)\.? ?\w*|eur|qkm|qm|ha|1000")
_LONGEST = 60


def draft(table: Table, *, number: str, source: str) -> str:
    """Return the text of a passport for `table`, called `number` and delivered by `source`."""
    measures = _measures(table)
    units = _units(table)
    lines = [
        schema_line.text("passport", f"data/sources/{source}/{number}.yml").rstrip(),
        f"# Drafted from a delivery. Decide the marked lines, then replace every {OPEN}.",
        f"table: {_scalar(number)}",
        f"title: {_scalar(table.title or OPEN)}",
        f"source: {_scalar(source)}",
        f"format: {table.format}",
        *([f"statistic: {_scalar(table.statistic)}"] if table.statistic else []),
        f'concept: "{OPEN}" {MARK}who is counted? see data/catalogue/concepts.yml',
        f"public: true {MARK}is this an open official table?",
        f"rounding: 1 {MARK}to which base does the source round? 1: it does not",
        *_places(table),
        *_times(table),
        f"measures: {MARK}are names and units right?",
        *(f"  {m}: {_scalar(units.get(h, OPEN))}" for h, m in measures.items()),
        *_rows(table),
        f"columns: {MARK}which are one measure, split by a dimension? name both, join the measures",
        *(f"  - {_flow({'header': glob.escape(h), 'measure': m})}" for h, m in measures.items()),
        "deliveries: []",
    ]
    return "\n".join(lines) + "\n"


def make_id(text: str) -> str:
    """Return `text` as an id: lower case, umlauts as two letters, the rest as underscores."""
    apart = unicodedata.normalize("NFD", text.casefold()).replace("\N{COMBINING DIAERESIS}", "e")
    plain = apart.encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", plain))


def _measures(table: Table) -> dict[str, str]:
    """Return header → id, made of its levels without units; of a long one, of its own levels."""
    stacks = {h: h.split(" / ") for h in table.headers}
    levels_of = {h: [x for x in s if not _is_unit(x)] or s for h, s in stacks.items()}
    shared = (
        set.intersection(*(set(s) for s in levels_of.values())) if len(levels_of) > 1 else set()
    )
    ids: dict[str, str] = {}
    for header, levels in levels_of.items():
        proposal = "_".join(map(make_id, levels))
        if len(proposal) > _LONGEST:
            proposal = "_".join(make_id(x) for x in levels if x not in shared) or proposal
        ids[header] = _make_unique(_name(proposal, "merkmal"), ids.values())
    return ids


def _units(table: Table) -> dict[str, str]:
    last = {h: h.split(" / ")[-1] for h in table.headers}
    return {**{h: unit for h, unit in last.items() if _is_unit(unit)}, **table.units}


def _is_unit(level: str) -> bool:
    return _UNIT.fullmatch(level.lower()) is not None


def _places(table: Table) -> list[str]:
    keys = [str(key) for key in table.rows["ags"].cat.categories]
    patterns = {"DG" if k == "DG" else "?" * len(k) for k in keys if k}
    levels = sorted(patterns, key=lambda p: (p != "DG", len(p)))
    names = [k for k in keys if k and not k.isdigit() and k != "DG"]
    if names:
        entries = [f'  {_scalar(name)}: "{OPEN}"' for name in names]
        return ['regions: ["*"]', f"names: {MARK}which key has which region?", *entries]
    lines = [f"regions: {_flow(levels or ['*'])} {MARK}which levels are to be kept?"]
    if "" in keys:
        lines.append(
            f'region: "{OPEN}" {MARK}the key of the region that rows without key are about'
        )
    return lines


def _times(table: Table) -> list[str]:
    """Ask for period and Stand if neither rows nor heads name them."""
    printed = {str(p) for p in table.rows["period"].cat.categories} if len(table.rows) else {""}
    silent = "" in printed and not all(head.period for head in table.heads)
    lines = []
    if silent:
        lines.append(f'period: "{OPEN}" {MARK}the year or day of the whole file')
    if table.stand is None:
        lines.append(f'stand: "{OPEN}" {MARK}the day of retrieval; or leave it out, give --stand')
    return lines


def _rows(table: Table) -> list[str]:
    if not table.classifiers:
        return []
    lines = [f"rows: {MARK}what are the dimensions called?"]
    names: list[str] = []
    before: pd.Series | None = None
    for place, name in enumerate(table.classifiers, start=1):
        column = table.rows[name]
        if table.positional and before is not None and _repeats(column, before):
            lines.append("  - skip")
            continue
        before = column
        texts = [str(text) for text in column.cat.categories]
        meaning = _grammar(texts)
        guess = {"age": "alter", "nation": "staat"}.get(str(meaning), f"merkmal_{place}")
        proposal = guess if table.positional else _name(make_id(name), guess)
        names.append(_make_unique(f"{proposal}_" if proposal in _TAKEN else proposal, names))
        lines.append(f"  - dimension: {names[-1]}")
        if not table.positional:
            lines.append(f"    key: {_scalar(name)}")
        if isinstance(meaning, str):
            lines.append(f"    labels: {meaning}")
        else:
            lines.append("    labels:")
            lines += [f"      {_scalar(text)}: {_scalar(id_)}" for text, id_ in meaning.items()]
    return lines


def _repeats(column: pd.Series, before: pd.Series) -> bool:
    """Say whether two columns map one to one: a code and its label, several of each."""
    pairs = pd.DataFrame({"a": column.cat.codes, "b": before.cat.codes}).drop_duplicates()
    return 1 < len(pairs) == pairs["a"].nunique() == pairs["b"].nunique()


def _grammar(texts: list[str]) -> str | Mapping[str, str]:
    """Return the name of a grammar that gives all `texts` different ids, else text → id."""
    for name, read in labels.GRAMMARS.items():
        ids = [read(text) for text in texts]
        some = any(i != TOTAL for i in ids)
        if some and len(set(ids)) == len(ids) and all(i and _VALUE.fullmatch(i) for i in ids):
            return name
    ids_of: dict[str, str] = {}
    for text in texts:
        is_total = text.lower() in _TOTALS and TOTAL not in ids_of.values()
        proposal = TOTAL if is_total else _shorten(make_id(text)) or "wert"
        ids_of[text] = _make_unique(proposal, ids_of.values())
    return ids_of


def _name(proposal: str, otherwise: str) -> str:
    """Return an id that begins with a letter and is not too long."""
    cut = _shorten(proposal)
    if not cut:
        return otherwise
    return cut if cut[0].isalpha() else f"{otherwise}_{cut}"


def _shorten(proposal: str) -> str:
    return proposal if len(proposal) <= _LONGEST else proposal[:_LONGEST].rpartition("_")[0]


def _make_unique(proposal: str, used: Iterable[str]) -> str:
    taken = set(used)
    if proposal not in taken:
        return proposal
    number = 2
    while f"{proposal}_{number}" in taken:
        number += 1
    return f"{proposal}_{number}"


def _scalar(text: str) -> str:
    """Return `text` in quotes that YAML reads back as the same text; plain words stay plain."""
    if re.fullmatch(r"[a-z][a-z0-9_]+", text) and yaml.safe_load(text) == text:
        return text
    return _dump(text, quotes='"')


def _flow(value: object) -> str:
    return _dump(value, flow=True)


def _dump(value: object, *, quotes: str | None = None, flow: bool = False) -> str:
    text = yaml.safe_dump(
        value,
        allow_unicode=True,
        sort_keys=False,
        width=10**9,
        default_style=quotes,
        default_flow_style=flow,
    )
    return str(text).strip()
