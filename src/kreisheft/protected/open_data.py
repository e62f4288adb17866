"""Released values: the figures an edition shows, and what ``kreisheft values`` prints.

Only `disclosure.protect` and `disclosure.release` let figures out of here; a hidden one is there
with its status and no value. What a row looks like in a file says `open_data_rows`.
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
    """Which figures are wanted; what is empty asks for all.

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
    """The figures asked for, one frame per indicator; see `open_data_rows.rows`.

    missing: why an indicator that was named has no figure at all.
    """

    frames: Iterable[pd.DataFrame]
    missing: Sequence[str]


def ask(root: Path, query: Query) -> Answer:
    """Return released values of the newest deliveries; UsageError lists what could be asked for."""
    book = catalogue.load(root)
    chosen = _chosen(book, query)
    groups = [g for g in query.groups if g != ALL_GROUPS]
    _require("comparison group", groups, (g for i in chosen for g in _groups(i)))
    _require("target group", query.target_groups, (g for i in chosen for g in i.target_groups))
    ags = [regions.aliases(root).get(key, key) for key in query.ags]
    for key in ags:
        _require_region(root, key)
    known = field_values.passports_of(root, chosen)
    inputs = compute_values.load_inputs(root, book, known, chosen, _around(root, ags))
    computed = compute_values.compute(inputs, chosen, _ALL_YEARS)
    open_ = field_values.open_figures(chosen, known)
    shown = disclosure.release(computed, disclosure.load_rules(root), open_)
    for column, wanted in (
        ("ags", ags),
        ("group", groups),
        ("target_group", query.target_groups),
        ("year", query.years),
    ):
        if column == "year":
            valid = sorted(map(str, shown.frame["year"].unique()))
            _require("year with a figure", wanted, valid)
        if wanted:
            shown = disclosure.narrow(shown, shown.frame[column].astype(str).isin(wanted))
    said = open_data_rows.words(root, book, known)
    each = shown.frame["indicator"]
    parts = (disclosure.narrow(shown, each == name) for name in sorted(map(str, each.unique())))
    missing = [f"{i.code} {i.id}: {i.missing}" for i in chosen if not i.sources]
    return Answer(
        (open_data_rows.rows(part, said) for part in parts),
        missing if query.indicators else (),
    )


def values(root: Path, settings: Params, year: int) -> pd.DataFrame:
    """Figures of an edition, sorted by key; `value` is text with nine significant digits.

    One row per figure of the Kreis, its municipalities and its Land, and of the other Kreise where
    they are compared.
    """
    shown = _edition(root, settings, year, settings.fields)
    frame = shown.frame.astype({"period": str})
    frame = frame.assign(value=frame["value"].map(lambda v: "" if pd.isna(v) else f"{v:.9g}"))
    return frame[COLUMNS].sort_values(KEY, ignore_index=True)


def csv(root: Path, settings: Params, year: int) -> bytes:
    """Figures of an edition as UTF-8 CSV."""
    return values(root, settings, year).to_csv(index=False, lineterminator="\n").encode()


def of_field(root: Path, settings: Params, year: int, field: str) -> dict[str, bytes]:
    """Return a field's files of data in an edition: ``<field>.csv`` and ``.json`` → content."""
    shown = _edition(root, settings, year, [field])
    book = catalogue.load(root)
    said = open_data_rows.words(root, book, _passports(root, [field]))
    found = [open_data_rows.rows(shown, said)]
    texts = {"csv": open_data_rows.csv(found), "json": open_data_rows.as_json(found)}
    return {f"{field}.{kind}": "".join(text).encode() for kind, text in texts.items()}


def files(
    root: Path, settings: Params, year: int, rev: int, made: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return the files of data of an edition: address in it → content.

    ``daten/<field>.csv`` and ``.json`` for every field of the book, though it may have no figure,
    and ``daten/datapackage.json``, which describes them. made: what `of_field` gives for all
    fields, where that is kept.
    """
    whole = dict(made or {})
    if made is None:
        for field in settings.fields:
            whole |= of_field(root, settings, year, field)
    said = open_data_rows.words(root, catalogue.load(root), _passports(root, settings.fields))
    name = f"kreisheft-{settings.kreis.replace('_', '-')}-{year}"
    title = f"{settings.name} {year}"
    about = open_data_rows.package(whole, name, f"{year}.{rev}", title, said)
    whole["datapackage.json"] = open_data_rows.dump(about)
    return {f"{FOLDER}/{name}": content for name, content in whole.items()}


def _passports(root: Path, fields: Iterable[str]) -> Mapping[str, Passport]:
    """Those of all tables that the figures of these fields could come from."""
    book = catalogue.load(root)
    return field_values.passports_of(root, [i for f in fields for i in book.of_field(f)])


def _edition(root: Path, settings: Params, year: int, fields: Sequence[str]) -> Released:
    """Figures of these fields in an edition.

    Other Kreise are there where they are compared, as the pages name them: a member of the
    comparison is not named with a delivery of its own.
    """
    book, known = catalogue.load(root), _passports(root, fields)
    chosen = [i for f in fields for i in book.of_field(f)]
    compared = peers.choose(root, settings, year).ags
    as_of = settings.as_of.get(year)
    parts = [field_values.of(root, settings, f, as_of).released for f in fields]
    shown = disclosure.together([disclosure.narrow(p, p.frame["year"] <= year) for p in parts])
    frame = shown.frame
    text = frame[list(KEY)].astype(str)
    near = {settings.ags, settings.land, *regions.municipalities(root, settings.ags)}
    own = text.assign(year=frame["year"])
    own = own[(own["ags"] == settings.ags) & frame["value"].notna()]
    years = [own, *(own[own["year"] == y] for y in settings.comparison.years)]
    newest = {
        row
        for part in years
        for row in part.groupby(KEY[:3], as_index=False)["period"]
        .max()
        .itertuples(index=False, name=None)
    }
    among = text["ags"].isin(compared)
    among &= pd.MultiIndex.from_frame(text[[*KEY[:3], "period"]]).isin(list(newest))
    tables = pd.MultiIndex.from_arrays([text["indicator"], frame["table"].astype(str)])
    among &= ~tables.isin(list(_delivered(chosen, known)))
    return disclosure.narrow(shown, text["ags"].isin(near) | among)


def _delivered(
    chosen: Iterable[Indicator], known: Mapping[str, Passport]
) -> frozenset[tuple[str, str]]:
    """Indicator and table of the figures that rest on own deliveries of members."""
    return frozenset(
        (i.id, s.table)
        for i in chosen
        for s in i.sources
        if any(known[t].delivered for t in open_data_rows.behind(i, s.table))
    )


def _chosen(book: Catalogue, query: Query) -> list[Indicator]:
    everything = list(book.indicators.values())
    names = {i.code: i.id for i in everything} | {i.id: i.id for i in everything}
    valid = [f"{i.code} {i.id}" for i in sorted(everything, key=lambda i: i.code)]
    for name in query.indicators:
        if name not in names:
            raise unknown("indicator", name, valid)
    _require("field", query.fields, book.fields, keep_order=True)
    wanted = {names[name] for name in query.indicators}
    chosen = [
        i
        for i in everything
        if (not wanted or i.id in wanted) and (not query.fields or i.field in query.fields)
    ]
    if not chosen:
        fields = ", ".join(sorted({book.indicators[i].field for i in wanted}))
        raise UsageError(f"no such indicator in {', '.join(query.fields)}; look into {fields}")
    return chosen


def _groups(indicator: Indicator) -> set[str]:
    return {g for shown in indicator.target_groups.values() for g in shown}


def _require(
    kind: str, wanted: Iterable[str], valid: Iterable[str], *, keep_order: bool = False
) -> None:
    known = list(dict.fromkeys(valid))
    for name in wanted:
        if name not in known:
            raise unknown(kind, name, known if keep_order else sorted(known))


def _require_region(root: Path, key: str) -> None:
    """UsageError with the regions that the key may stand for, or with those of its Land."""
    known = set(regions.load(root)["ags"])
    if key in known:
        return
    former = set(regions.former(root)["ags"])
    valid = regions.successors(root, key) if key in former else []
    for width, longest in ((5, 8), (2, 5), (0, 2)):
        if not valid and (not width or key[:width] in known):
            valid = sorted(k for k in known if k.startswith(key[:width]) and len(k) <= longest)
    raise unknown("ags", key, valid)


def _around(root: Path, ags: Collection[str]) -> set[str] | None:
    """Regions to compute so that those asked for are protected as in an edition; None: all."""
    if not ags:
        return None
    found: set[str] = set(ags)
    for key in ags:
        if len(key) >= 5:
            found |= regions.around(root, key[:5])
        elif key != "DG":
            found |= set(regions.kreise(root, key[:2]))
    return found


def written(answer: Answer, kind: str) -> Iterator[str]:
    """Write an answer as ``csv``, ``json`` or ``table``, piece by piece."""
    writers = {
        "csv": open_data_rows.csv,
        "json": open_data_rows.as_json,
        "table": open_data_rows.table,
    }
    return writers[kind](answer.frames)
