"""The peers of a Kreis: the Kreise of its Land, named ones, the most similar, or large cities.

In: the settings of a Kreis, ``data/rules/structure.yml``, facts. Out: `Peers`, and the traits of
all Kreise as `Protected`. Raises DataError for a trait without figures.

Most similar: the n smallest Euclidean distances over the declared traits, each standardised to mean
0 and standard deviation 1 over all Kreise of Germany, all of one weight, ties by key. Sources:
CIPFA, Nearest Neighbours Model; Office for National Statistics, Clustering similar local
authorities and statistical nearest neighbours in the UK, methodology.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

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

    way: ``land``, ``kreise``, ``structure`` or ``cities``. traits: in which they are similar.
    """

    way: str
    ags: tuple[str, ...]
    load_traits: tuple[str, ...] = ()


class _TraitSource(TypedDict):
    table: str
    measure: str


class _TraitRule(TypedDict):
    sources: list[_TraitSource]
    logarithm: bool
    title: str


class Rules(TypedDict):
    """``data/rules/structure.yml``; complete: proportion of Kreise that need a figure."""

    complete: float
    traits: dict[str, _TraitRule]


def load_rules(root: Path) -> Rules:
    """Read the declared traits. Raises DataError with the line of each mistake."""
    content: Rules = yaml_files.load(root / RULES, "structure", root).content
    return content


def tables(root: Path) -> set[str]:
    """Return the numbers of the tables that the traits come from."""
    return {s["table"] for rule in load_rules(root)["traits"].values() for s in rule["sources"]}


def check(root: Path) -> list[Problem]:
    """Report every mistake in the declared traits."""
    return yaml_files.collect([lambda: load_rules(root)])


def choose(root: Path, settings: Params, year: int) -> Peers:
    """Choose the Kreise with which the report of `year` compares the Kreis.

    In a Land with fewer Kreise than `thresholds` asks for (Berlin, Bremen, Hamburg) they are the
    Kreise most similar in all traits.
    """
    comparison = settings.comparison
    if comparison.kreise:
        return Peers("kreise", tuple(sorted({settings.ags, *comparison.kreise})))
    home = regions.kreise(root, settings.ags[:2])
    enough = len(home) >= thresholds.load(root).peers
    if enough and not comparison.traits and not comparison.cities_from:
        return Peers("land", tuple(home))
    if comparison.cities_from:
        figures = load_traits(root, year, settings.as_of.get(year), ("bevoelkerung",))
        chosen = _find_cities(root, figures, comparison.cities_from)
        return Peers("cities", tuple(sorted({settings.ags, *chosen})))
    if not comparison.traits:
        comparison = replace(Comparison(), traits=tuple(load_rules(root)["traits"]))
    figures = load_traits(root, year, settings.as_of.get(year), comparison.traits)
    candidates = regions.kreise(root)
    if comparison.same_kind:
        city = regions.kind(root, settings.ags) in CITY
        candidates = [a for a in candidates if (regions.kind(root, a) in CITY) == city]
    logarithm = {name for name, rule in load_rules(root)["traits"].items() if rule["logarithm"]}
    chosen = find_nearest(figures, settings.ags, candidates, comparison.n, logarithm)
    return Peers("structure", tuple(sorted([settings.ags, *chosen])), comparison.traits)


def find_nearest(
    figures: Protected, ags: str, among: list[str], n: int, logarithm: set[str] | None = None
) -> list[str]:
    """Return the `n` Kreise of `among` most similar to `ags`, nearest first; see the module.

    figures: traits of all Kreise, as `load_traits` returns them. logarithm: traits compared on a
    log scale. A Kreis without a figure for a trait is no peer. Raises DataError if `ags` itself has
    none.
    """
    table = figures.frame.pivot(index="ags", columns="indicator", values="value").dropna()
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


def load_traits(
    root: Path, year: int, as_of: str | None = None, names: tuple[str, ...] = ()
) -> Protected:
    """Load the traits (`names`, or all) of every Kreis of Germany for a report of `year`.

    Column `indicator` is the trait. Each has its newest period in which nearly all Kreise have a
    figure.
    """
    declared = load_rules(root)
    parts = [
        _load_trait(root, name, declared, year, as_of)
        for name in names or tuple(declared["traits"])
    ]
    frame = pd.concat(parts, ignore_index=True)
    return disclosure.protect(Values(frame), disclosure.load_rules(root))


def _find_cities(root: Path, figures: Protected, fewest: int) -> list[str]:
    frame = figures.frame
    large = frame.loc[frame["value"] >= fewest, "ags"].astype(str)
    return [a for a in large if regions.kind(root, a) in CITY]


def _load_trait(
    root: Path, name: str, declared: Rules, year: int, as_of: str | None
) -> pd.DataFrame:
    fewest = declared["complete"] * len(regions.kreise(root))
    best: pd.DataFrame | None = None
    for source in declared["traits"][name]["sources"]:
        table, measure = source["table"], source["measure"]
        frame = _load_figures(root, table, measure, as_of, _stamp(root, table))
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
def _load_figures(
    root: Path, name: str, measure: str, as_of: str | None, _state: object
) -> pd.DataFrame:
    """Load one measure for all Kreise and periods; shared, do not modify it."""
    table = fact_files.load(root, name, regions.kreise(root))
    frame = fact_files.select_newest(table, as_of)
    is_wanted = ~np.isnan(frame["value"].to_numpy()) & categories.is_among(
        frame["measure"], {measure}
    )
    for dimension in table.dimensions:
        is_wanted &= categories.is_among(frame[dimension], {TOTAL})
    figures: pd.DataFrame = frame[is_wanted]
    years = np.array([int(period[:4]) for period in figures["period"].cat.categories])
    return figures.assign(year=years[figures["period"].cat.codes])


def _stamp(root: Path, name: str) -> object:
    """Return the mtimes of a table's facts and of its declared errors."""
    files = (fact_files.tables(root).get(name), root / f"data/corrections/{name}.yml")
    return tuple(p.stat().st_mtime_ns if p and p.is_file() else 0 for p in files)
