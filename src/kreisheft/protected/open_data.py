"""Released values: the figures an edition shows, and what ``kreisheft values`` prints.

All figures have passed `disclosure.protect` or `disclosure.release`; a hidden one has its row and
its status, and no value. `open_data_rows` defines what a row looks like in a file.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.catalogue.params import Params
from kreisheft.core.errors import UsageError, unknown
from kreisheft.facts import regions
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import Released
from kreisheft.protected import disclosure, field_values, open_data_rows, peers
from kreisheft.values import compute_values

COLUMNS = [
    "indicator",
    "target_group",
    "group",
    "ags",
    "period",
    "value",
    "status",
    "table",
    "stand",
]
KEY = COLUMNS[:5]
#: Folder of the files of data in an edition.
FOLDER = "daten"
#: Instead of a comparison group: all of them.
ALL_GROUPS = "comparison-group"
#: Later than any figure.
_ALL_YEARS = 9999


@dataclass(frozen=True)
class Query:
    """Which figures to print; an empty criterion selects all.

    indicators: ids or codes. groups: comparison groups.
    """

    indicators: Sequence[str] = ()
    fields: Sequence[str] = ()
    ags: Sequence[str] = ()
    years: Sequence[str] = ()
    groups: Sequence[str] = ()
    target_groups: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """The selected figures, one frame per indicator; see `open_data_rows.describe_rows`.

    missing: for indicators of the query without any source, code, id and the reason.
    """

    frames: Iterable[pd.DataFrame]
    missing: Sequence[str]


def ask(root: Path, query: Query) -> Answer:
    """Compute released values of the newest deliveries.

    Raises UsageError, which lists the valid values, for an unknown criterion.
    """
    book = catalogue.load(root)
    indicators = _select_indicators(book, query)
    groups = [g for g in query.groups if g != ALL_GROUPS]
    _require("comparison group", groups, (g for i in indicators for g in _groups(i)))
    _require("target group", query.target_groups, (g for i in indicators for g in i.target_groups))
    ags = [regions.aliases(root).get(key, key) for key in query.ags]
    for key in ags:
        _require_region(root, key)
    known_passports = field_values.passports_of(root, indicators)
    inputs = compute_values.load_inputs(
        root, book, known_passports, indicators, _keys_to_compute(root, ags)
    )
    computed = compute_values.compute(inputs, indicators, _ALL_YEARS)
    open_ = field_values.open_figures(indicators, known_passports)
    released = disclosure.release(computed, disclosure.load_rules(root), open_)
    for column, asked in (
        ("ags", ags),
        ("group", groups),
        ("target_group", query.target_groups),
        ("year", query.years),
    ):
        if column == "year":
            valid = sorted(map(str, released.frame["year"].unique()))
            _require("year with a figure", asked, valid)
        if asked:
            released = disclosure.select_rows(
                released, released.frame[column].astype(str).isin(asked)
            )
    words = open_data_rows.load_words(root, book, known_passports)
    ids = released.frame["indicator"]
    parts = (
        disclosure.select_rows(released, ids == name) for name in sorted(map(str, ids.unique()))
    )
    missing = [f"{i.code} {i.id}: {i.missing}" for i in indicators if not i.sources]
    return Answer(
        (open_data_rows.describe_rows(part, words) for part in parts),
        missing if query.indicators else (),
    )


def values(root: Path, settings: Params, year: int) -> pd.DataFrame:
    """Return the figures of an edition with `COLUMNS`, sorted by `KEY`.

    `value` is text with nine significant digits, empty without a number. The rows are the figures
    of the Kreis, its municipalities and its Land, and those of its peers that are compared.
    """
    released = _select_edition(root, settings, year, settings.fields)
    frame = released.frame.astype({"period": str})
    frame = frame.assign(value=frame["value"].map(lambda v: "" if pd.isna(v) else f"{v:.9g}"))
    return frame[COLUMNS].sort_values(KEY, ignore_index=True)


def csv(root: Path, settings: Params, year: int) -> bytes:
    """Return `values` as UTF-8 CSV."""
    return values(root, settings, year).to_csv(index=False, lineterminator="\n").encode()


def field_files(root: Path, settings: Params, year: int, field: str) -> dict[str, bytes]:
    """Format a field's files of data in an edition: ``<field>.csv`` and ``.json`` → content."""
    released = _select_edition(root, settings, year, [field])
    book = catalogue.load(root)
    words = open_data_rows.load_words(root, book, _passports(root, [field]))
    frames = [open_data_rows.describe_rows(released, words)]
    texts = {"csv": open_data_rows.format_csv(frames), "json": open_data_rows.format_json(frames)}
    return {f"{field}.{kind}": "".join(text).encode() for kind, text in texts.items()}


def files(
    root: Path,
    settings: Params,
    year: int,
    rev: int,
    kept: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Format all files of data of an edition: path in it → content.

    ``daten/<field>.csv`` and ``.json`` for every field of the book, though it may have no figure,
    and ``daten/datapackage.json``, which describes them. made: what `field_files` gives for all
    fields, where that is kept.
    """
    contents = dict(kept or {})
    if kept is None:
        for field in settings.fields:
            contents |= field_files(root, settings, year, field)
    words = open_data_rows.load_words(root, catalogue.load(root), _passports(root, settings.fields))
    name = f"kreisheft-{settings.kreis.replace('_', '-')}-{year}"
    title = f"{settings.name} {year}"
    package = open_data_rows.describe_package(contents, name, f"{year}.{rev}", title, words)
    contents["datapackage.json"] = open_data_rows.dump_json(package)
    return {f"{FOLDER}/{name}": content for name, content in contents.items()}


def _passports(root: Path, fields: Iterable[str]) -> Mapping[str, Passport]:
    """Load the passports of all tables behind the indicators of these fields."""
    book = catalogue.load(root)
    return field_values.passports_of(root, [i for f in fields for i in book.of_field(f)])


def _select_edition(root: Path, settings: Params, year: int, fields: Sequence[str]) -> Released:
    """Select the figures of these fields that an edition shows.

    Peers appear with the periods in which they are compared, and only where the pages name them: no
    member of a comparison ring is named with figures of its own delivery.
    """
    book, known_passports = catalogue.load(root), _passports(root, fields)
    indicators = [i for f in fields for i in book.of_field(f)]
    compared = peers.choose(root, settings, year).ags
    as_of = settings.as_of.get(year)
    parts = [field_values.load(root, settings, f, as_of).released for f in fields]
    figures = disclosure.concat([disclosure.select_rows(p, p.frame["year"] <= year) for p in parts])
    frame = figures.frame
    text = frame[list(KEY)].astype(str)
    near = {settings.ags, settings.land, *regions.municipalities(root, settings.ags)}
    with_value = text.assign(year=frame["year"])
    with_value = with_value[(with_value["ags"] == settings.ags) & frame["value"].notna()]
    years = [with_value, *(with_value[with_value["year"] == y] for y in settings.comparison.years)]
    newest = {
        row
        for part in years
        for row in part.groupby(KEY[:3], as_index=False)["period"]
        .max()
        .itertuples(index=False, name=None)
    }
    is_compared = text["ags"].isin(compared)
    is_compared &= pd.MultiIndex.from_frame(text[[*KEY[:3], "period"]]).isin(list(newest))
    tables = pd.MultiIndex.from_arrays([text["indicator"], frame["table"].astype(str)])
    is_compared &= ~tables.isin(list(_own_deliveries(indicators, known_passports)))
    return disclosure.select_rows(figures, text["ags"].isin(near) | is_compared)


def _own_deliveries(
    indicators: Iterable[Indicator], known_passports: Mapping[str, Passport]
) -> frozenset[tuple[str, str]]:
    """Return (indicator, table) of the figures that come from own deliveries of members."""
    return frozenset(
        (i.id, s.table)
        for i in indicators
        for s in i.sources
        if any(known_passports[t].delivered for t in open_data_rows.tables_behind(i, s.table))
    )


def _select_indicators(book: Catalogue, query: Query) -> list[Indicator]:
    every_indicator = list(book.indicators.values())
    id_of = {i.code: i.id for i in every_indicator} | {i.id: i.id for i in every_indicator}
    valid = [f"{i.code} {i.id}" for i in sorted(every_indicator, key=lambda i: i.code)]
    for name in query.indicators:
        if name not in id_of:
            raise unknown("indicator", name, valid)
    _require("field", query.fields, book.fields, keep_order=True)
    ids = {id_of[name] for name in query.indicators}
    chosen = [
        i
        for i in every_indicator
        if (not ids or i.id in ids) and (not query.fields or i.field in query.fields)
    ]
    if not chosen:
        fields = ", ".join(sorted({book.indicators[i].field for i in ids}))
        raise UsageError(f"no such indicator in {', '.join(query.fields)}; look into {fields}")
    return chosen


def _groups(indicator: Indicator) -> set[str]:
    return {g for groups in indicator.target_groups.values() for g in groups}


def _require(
    kind: str, names: Iterable[str], valid: Iterable[str], *, keep_order: bool = False
) -> None:
    valid_names = list(dict.fromkeys(valid))
    for name in names:
        if name not in valid_names:
            raise unknown(kind, name, valid_names if keep_order else sorted(valid_names))


def _require_region(root: Path, key: str) -> None:
    """Raise UsageError for an unknown key; it lists the successors, or regions of the same Land."""
    keys = set(regions.load(root)["ags"])
    if key in keys:
        return
    former = set(regions.former(root)["ags"])
    valid = regions.successors(root, key) if key in former else []
    for width, longest in ((5, 8), (2, 5), (0, 2)):
        if not valid and (not width or key[:width] in keys):
            valid = sorted(k for k in keys if k.startswith(key[:width]) and len(k) <= longest)
    raise unknown("ags", key, valid)


def _keys_to_compute(root: Path, ags: Collection[str]) -> set[str] | None:
    """Return the regions to compute so that suppression is that of an edition; None: all."""
    if not ags:
        return None
    keys: set[str] = set(ags)
    for key in ags:
        if len(key) >= 5:
            keys |= regions.keys_around(root, key[:5])
        elif key != "DG":
            keys |= set(regions.kreise(root, key[:2]))
    return keys


def format_answer(answer: Answer, kind: str) -> Iterator[str]:
    """Format an answer as ``csv``, ``json`` or ``table``, piece by piece."""
    writers = {
        "csv": open_data_rows.format_csv,
        "json": open_data_rows.format_json,
        "table": open_data_rows.format_table,
    }
    return writers[kind](answer.frames)
