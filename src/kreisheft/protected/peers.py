"""Who the peers of a Kreis are: its Land, named ones, those most like it, or the large cities.

In: the settings of a Kreis, ``data/rules/structure.yml``, facts. Out: `Peers`, and the traits of
all Kreise as `Protected`. A trait without figures is a DataError that says which.

Most like: the n smallest Euclidean distances over the declared traits, each standardised to mean 0
and standard deviation 1 over all Kreise of Germany, all of one weight, ties by key. Sources: CIPFA,
Nearest Neighbours Model; Office for National Statistics, Clustering similar local authorities and
statistical nearest neighbours in the UK, methodology.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kreisheft.catalogue import thresholds
from kreisheft.catalogue.params import Comparison, Params
from kreisheft.core import categories, yaml_files
from kreisheft.core.errors import DataError, Problem
from kreisheft.core.project import keep_newest
from kreisheft.facts import fact_files, regions
from kreisheft.facts.stages import TOTAL, VALUE_COLUMNS, Protected, Values
from kreisheft.protected import disclosure

RULES = "data/rules/structure.yml"
CITY = ("kreisfreie_stadt", "land_und_kreis")


@dataclass(frozen=True)
class Peers:
    """Keys of the peers, sorted, the Kreis among them, and how they were chosen.

    way: ``land``, ``kreise``, ``structure`` or ``cities``. traits: by which they are alike.
    """

    way: str
    ags: tuple[str, ...]
    traits: tuple[str, ...] = ()


def rules(root: Path) -> dict[str, Any]:
    """Read the declared traits; DataError with line if the file is damaged."""
    content: dict[str, Any] = yaml_files.load(root / RULES, "structure", root).content
    return content


def tables(root: Path) -> set[str]:
    """Numbers of the tables that the traits come from."""
    return {s["table"] for rule in rules(root)["traits"].values() for s in rule["sources"]}


def check(root: Path) -> list[Problem]:
    """Every problem of the declared traits."""
    return yaml_files.collect([lambda: rules(root)])


def choose(root: Path, settings: Params, year: int) -> Peers:
    """Whom the report of `year` compares the Kreis with.

    A Land with fewer Kreise than `thresholds` asks for (Berlin, Bremen, Hamburg) is no company:
    there the Kreise most like it by all traits take its place.
    """
    wanted = settings.comparison
    if wanted.kreise:
        return Peers("kreise", tuple(sorted({settings.ags, *wanted.kreise})))
    home = regions.kreise(root, settings.ags[:2])
    enough = len(home) >= thresholds.load(root).peers
    if enough and not wanted.traits and not wanted.cities_from:
        return Peers("land", tuple(home))
    if wanted.cities_from:
        shown = traits(root, year, settings.as_of.get(year), ("bevoelkerung",))
        found = _cities(root, shown, wanted.cities_from)
        return Peers("cities", tuple(sorted({settings.ags, *found})))
    if not wanted.traits:
        wanted = replace(Comparison(), traits=tuple(rules(root)["traits"]))
    shown = traits(root, year, settings.as_of.get(year), wanted.traits)
    among = regions.kreise(root)
    if wanted.same_kind:
        city = regions.kind(root, settings.ags) in CITY
        among = [a for a in among if (regions.kind(root, a) in CITY) == city]
    logarithm = {name for name, rule in rules(root)["traits"].items() if rule["logarithm"]}
    found = nearest(shown, settings.ags, among, wanted.n, logarithm)
    return Peers("structure", tuple(sorted([settings.ags, *found])), wanted.traits)


def nearest(
    shown: Protected, ags: str, among: list[str], n: int, logarithm: set[str] | None = None
) -> list[str]:
    """Return the `n` of `among` that are most like `ags`, nearest first; see the module.

    logarithm: traits that are compared by factors. Whoever lacks a trait is nobody's peer.
    DataError if `ags` itself lacks one.
    """
    table = shown.frame.pivot(index="ags", columns="indicator", values="value").dropna()
    if ags not in table.index:
        fix = "name the peers in params (comparison.kreise)"
        raise DataError([Problem(RULES, f"{ags} lacks a trait", fix)])
    for trait in sorted(set(table.columns) & (logarithm or set())):
        table[trait] = np.log(table[trait])
    spread = table.std(ddof=0)
    scaled = (table - table.mean()) / spread.where(spread > 0, 1.0)
    distance = ((scaled - scaled.loc[ags]) ** 2).sum(axis=1) ** 0.5
    others = distance[distance.index.isin(among) & (distance.index != ags)]
    # Rounded, so that the last bit of a float decides nothing.
    order = sorted(others.index, key=lambda a: (round(float(others[a]), 9), a))
    return [str(a) for a in order[:n]]


def traits(
    root: Path, year: int, as_of: str | None = None, names: tuple[str, ...] = ()
) -> Protected:
    """Return the traits (all, or `names`) of every Kreis of Germany as a report of `year` knows.

    Column `indicator` is the trait. A period counts if nearly all Kreise have a figure.
    """
    declared = rules(root)
    parts = [
        _trait(root, name, declared, year, as_of) for name in names or tuple(declared["traits"])
    ]
    frame = pd.concat(parts, ignore_index=True)
    return disclosure.protect(Values(frame), disclosure.load_rules(root))


def _cities(root: Path, shown: Protected, fewest: int) -> list[str]:
    frame = shown.frame
    large = frame.loc[frame["value"] >= fewest, "ags"].astype(str)
    return [a for a in large if regions.kind(root, a) in CITY]


def _trait(
    root: Path, name: str, declared: dict[str, Any], year: int, as_of: str | None
) -> pd.DataFrame:
    fewest = declared["complete"] * len(regions.kreise(root))
    best: pd.DataFrame | None = None
    for source in declared["traits"][name]["sources"]:
        table, measure = source["table"], source["measure"]
        frame = _figures(root, table, measure, as_of, _stamp(root, table))
        frame = frame[frame["year"] <= year]
        count = frame.groupby("period", observed=True)["ags"].nunique()
        complete = count[count >= fewest].index
        newest = frame[frame["period"] == max(complete, default="")].assign(table=table)
        if len(newest) and (best is None or newest["year"].iloc[0] > best["year"].iloc[0]):
            best = newest
    if best is None:
        fix = "import the table, or name the peers in params (comparison.kreise)"
        raise DataError([Problem(f"{RULES}, {name}", f"no figures up to {year}", fix)])
    text = ("ags", "period", "stand", "concept", "status")
    return best.astype(dict.fromkeys(text, str)).assign(
        indicator=name,
        target_group="gesamt",
        group=TOTAL,
        numerator=np.nan,
        denominator=np.nan,
        published=True,
        segment=0,
    )[list(VALUE_COLUMNS)]


@keep_newest(16)
def _figures(
    root: Path, name: str, measure: str, as_of: str | None, _state: object
) -> pd.DataFrame:
    """Figures of one measure for all Kreise and periods; shared, do not write."""
    table = fact_files.load(root, name, regions.kreise(root))
    frame = fact_files.select_newest(table, as_of)
    wanted = ~np.isnan(frame["value"].to_numpy()) & categories.among(frame["measure"], {measure})
    for dimension in table.dimensions:
        wanted &= categories.among(frame[dimension], {TOTAL})
    found: pd.DataFrame = frame[wanted]
    years = np.array([int(period[:4]) for period in found["period"].cat.categories])
    return found.assign(year=years[found["period"].cat.codes])


def _stamp(root: Path, name: str) -> object:
    """When the figures of a table last changed: its facts and its declared errors."""
    files = (fact_files.tables(root).get(name), root / f"data/corrections/{name}.yml")
    return tuple(p.stat().st_mtime_ns if p and p.is_file() else 0 for p in files)
