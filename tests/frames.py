"""Small facts, values and catalogue entries; a test names only what it is about."""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.catalogue import Break, Catalogue, Indicator, Source
from kreisheft.facts import passports
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import (
    FACT_HEAD,
    FACT_TAIL,
    PROTECTED_COLUMNS,
    VALUE_COLUMNS,
    Facts,
    Protected,
    Values,
)
from kreisheft.values import compute_values

ROOT = Path(__file__).parents[1]
#: The three Kreise of the project and two of their municipalities.
RE, GT, ME = "05562", "05754", "05158"
MARL, DATTELN = "05562024", "05562008"

#: What `pruned` copies: enough to read every kind of file, small enough to copy for each test.
SMALL = ("_toc.yml", "params", "data/catalogue", "data/rules", "data/regions", "data/templates")
TABLE = "regionalstatistik/AI-Z1-2011"


def pruned(target: Path) -> Path:
    """Copy the project with one table instead of all."""
    for name in SMALL:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        copy(source, target / name)
    for name in (
        "data/sources/sources.yml",
        f"data/sources/{TABLE}.yml",
        f"data/facts/{TABLE}.csv",
    ):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    return target


def change(path: Path, old: str, new: str) -> None:
    """Replace the only place where `old` stands."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {path.name}")
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- stage 2 ------------------------------------------------------------------------------------


def facts(table: str, *rows: dict[str, Any]) -> Facts:
    """Facts of a table. A row needs ags, period, value; a dimension not named is the total."""
    fixed = {*FACT_HEAD, *FACT_TAIL}
    dimensions = dict.fromkeys(c for row in rows for c in row if c not in fixed)
    default = {"measure": "personen", "concept": "AUSL", "stand": "2020-01-01", "status": ""}
    full = [{**dict.fromkeys(dimensions, "insgesamt"), **default, **row} for row in rows]
    frame = pd.DataFrame(full)[[*FACT_HEAD, *dimensions, *FACT_TAIL]]
    frame["value"] = frame["value"].astype(float)
    plain = frame["value"].notna().map({True: "value", False: "hidden"})
    frame["status"] = frame["status"].where(frame["status"] != "", plain)
    return Facts(table, frame)


# --- the catalogue ------------------------------------------------------------------------------


def source(table: str = "t1", kind: str = "count", **changes: Any) -> Source:
    """A source that counts the table's total."""
    entry = {"table": table, "kind": kind, "value": {"measure": "personen"}}
    if kind in ("share", "per_1000"):
        entry = {"table": table, "kind": kind, "numerator": {}, "denominator": {}}
    fields = {
        "value": {},
        "numerator": {},
        "denominator": {},
        "minus": {},
        "denominator_table": table,
        "denominator_year": 0,
        "concept": "",
        "target_group": {},
        "groups": {"insgesamt": {}},
        "groups_by": "",
    }
    return Source(**{**fields, **entry, **changes})


def indicator(*sources: Source, **changes: Any) -> Indicator:
    """An indicator in percent about foreigners beside everyone."""
    fields = {
        "id": "quote",
        "field": "arbeit",
        "code": "ARB99",
        "title": "Quote",
        "definition": "Anteil der einen an den anderen.",
        "numerator": "die einen",
        "denominator": "die anderen",
        "unit": "prozent",
        "direction": "context",
        "concept": "AUSL",
        "focus": "auslaender",
        "reference": "insgesamt",
        "caveats": (),
        "missing": "",
        "target_groups": {"gesamt": ("insgesamt", "auslaender", "deutsche", "frauen", "maenner")},
    }
    return Indicator(**{**fields, **changes}, sources=sources)


def book(**changes: Any) -> Catalogue:
    """The project's catalogue, with its words and labels, and without its breaks."""
    return replace(catalogue.load(ROOT), **{"breaks": (), **changes})


def a_break(
    year: int, *tables: str, label: str = "Neue Zählung", only: tuple[str, ...] = ()
) -> Break:
    """From `year` on the tables count otherwise, all indicators or `only` some."""
    return Break(
        tables=tables or ("t1",),
        indicators=only,
        year=year,
        label=label,
        text="Erklärung.",
        source="Quelle",
    )


def passport(table: str, *, public: bool = True, sum_to_land: bool = False) -> Passport:
    """A passport that says only what the calculation asks it."""
    return Passport(
        path=Path(f"{table}.yml"),
        table=table,
        title=table,
        source="erfunden",
        formats=("classic",),
        concept="AUSL",
        public=public,
        rounding=0,
        sum_to_land=sum_to_land,
        regions=(),
        measures={},
        rows=(),
        columns=(),
        skip=(),
        totals=(),
        deliveries=(),
    )


def computed(
    entry: Indicator,
    *tables: Facts,
    year: int = 2030,
    as_of: str | None = None,
    words: Catalogue | None = None,
    **passport_says: Any,
) -> pd.DataFrame:
    """Values of one indicator from facts given here."""
    known = {t.table: passport(t.table, **passport_says) for t in tables}
    inputs = compute_values.Inputs(words or book(), known, {t.table: t for t in tables})
    return compute_values.compute(inputs, [entry], year, as_of).frame


@cache
def real(*names: str, year: int = 2025, as_of: str | None = None) -> pd.DataFrame:
    """Values of the project's own indicators for its first target group."""
    whole = catalogue.load(ROOT)
    chosen = [whole.indicator(name) for name in names]
    inputs = compute_values.load_inputs(ROOT, whole, passports.load(ROOT), chosen)
    return compute_values.compute(inputs, chosen, year, as_of, ["gesamt"]).frame


# --- stages 3 and 4 -----------------------------------------------------------------------------


def _row(**changes: Any) -> dict[str, Any]:
    year = changes.get("year", 2024)
    value = changes.get("value", 10.0)
    fields = {
        "indicator": "quote",
        "target_group": "gesamt",
        "group": "insgesamt",
        "ags": RE,
        "period": str(year),
        "year": year,
        "value": value,
        "numerator": value,
        "denominator": float("nan"),
        "status": "value" if pd.notna(value) else "hidden",
        "published": False,
        "table": "t1",
        "segment": "t1#0",
        "stand": "2024-12-31",
        "concept": "AUSL",
    }
    return {**fields, **changes}


def values(*rows: dict[str, Any]) -> Values:
    """Values, one row per dict; a figure is a number of persons unless the row says otherwise."""
    frame = pd.DataFrame([_row(**row) for row in rows])[list(VALUE_COLUMNS)]
    return Values(frame.astype({"value": float, "numerator": float, "denominator": float}))


def protected(*rows: dict[str, Any]) -> Protected:
    """Protected figures, one row per dict; without `error` a change is judged by its size alone."""
    errors = [row.get("error", float("nan")) for row in rows]
    plain = [{k: v for k, v in row.items() if k != "error"} for row in rows]
    return Protected(values(*plain).frame.assign(error=errors)[list(PROTECTED_COLUMNS)])
