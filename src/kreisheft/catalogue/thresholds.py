"""Thresholds of all judgements: from which size on a difference counts; and their table.

In: ``data/rules/judgement.yml``. Out: `Rules`; the table of the method page, made from the same
file. No public source prescribes such numbers, so they are declared in one place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from babel.numbers import format_decimal

from kreisheft.catalogue import catalogue
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.project import read_once
from kreisheft.core.yaml_files import Document
from kreisheft.facts.stages import WITH_NUMBER


@dataclass(frozen=True)
class Scale:
    """Thresholds of a unit, in that unit.

    noise: smallest change that counts; even: largest gap that is no difference; far: smallest gap
    that is large. If the last two are zero, groups and Kreise are not compared in this unit.
    """

    noise: float
    even: float = 0.0
    far: float = 0.0


@dataclass(frozen=True)
class Rules:
    """Thresholds; the comments of ``data/rules/judgement.yml`` explain each."""

    short: int
    long: int
    points: int
    age: int
    peers: int
    relative: float
    z: float
    ratio_even: float
    ratio_far: float
    contrast_regions: int
    contrast_quarters: int
    waves_even: int
    path_full: float
    path_near: float
    units: Mapping[str, Scale]
    error_classes: Mapping[str, float]

    def is_old(self, year: int, report_year: int) -> bool:
        """Say whether a figure of `year` is too old for the report of `report_year`."""
        return report_year - year > self.age


@read_once
def load(root: Path) -> Rules:
    """Read ``data/rules/judgement.yml``. Raises DataError with the line of every mistake."""
    document = yaml_files.load(root / "data/rules/judgement.yml", "judgement", root)
    raise_if(_find_mistakes(document, catalogue.load(root).texts["units"]))
    content = document.content
    return Rules(
        short=content["windows"]["short"],
        long=content["windows"]["long"],
        points=content["points"],
        age=content["age"],
        peers=content["peers"],
        relative=content["noise"]["relative"],
        z=content["noise"]["z"],
        ratio_even=content["ratio"]["even"],
        ratio_far=content["ratio"]["far"],
        contrast_regions=content["contrast"]["regions"],
        contrast_quarters=content["contrast"]["quarters"],
        waves_even=content["waves"]["even"],
        path_full=content["path"]["full"],
        path_near=content["path"]["near"],
        units={unit: Scale(**scale) for unit, scale in content["units"].items()},
        error_classes=dict(content["error_classes"]),
    )


def check(root: Path) -> list[Problem]:
    """Report every mistake in the rules."""
    return yaml_files.collect([lambda: load(root)])


def format_table(rules: Rules, texts: Mapping[str, Any]) -> str:
    """Format all thresholds as a Markdown table of two columns, for the method page."""
    words: Mapping[str, str] = texts["thresholds"]
    rows = [
        f"| {words[key].format(**filled)} | {value} |" for key, filled, value in _rows(rules, texts)
    ]
    return "\n".join([f"| {words['rule']} | {words['value']} |", "|---|---|", *rows])


def _rows(rules: Rules, texts: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str], str]]:
    for key in ("short", "long", "age"):
        yield key, {}, str(getattr(rules, key))
    for key in ("points", "peers"):
        yield key, {}, str(getattr(rules, key))
    yield "relative", {}, _format_number(100 * rules.relative)
    for key in ("z", "ratio_even", "ratio_far"):
        yield key, {}, _format_number(getattr(rules, key))
    for key in ("contrast_regions", "contrast_quarters", "waves_even"):
        yield key, {}, str(getattr(rules, key))
    for key in ("path_full", "path_near"):
        yield key, {}, _format_number(100 * getattr(rules, key))
    for unit, scale in rules.units.items():
        name = {"unit": str(texts["units"][unit]["gap"] or texts["units"][unit]["axis"])}
        yield "noise", name, _format_number(scale.noise)
        if not scale.far:
            continue
        yield "even", name, _format_number(scale.even)
        yield "far", name, _format_number(scale.far)
    for status, share in rules.error_classes.items():
        mark = str(texts["marks"].get(status, status)).strip()
        yield "error_class", {"mark": mark}, _format_number(100 * share)


def _format_number(value: float) -> str:
    text: str = format_decimal(value, format="#,##0.##", locale="de_DE")
    return text


class _RulesEntry(TypedDict):
    windows: dict[str, int]
    ratio: dict[str, float]
    path: dict[str, float]
    units: dict[str, dict[str, float]]
    error_classes: dict[str, float]


def _find_mistakes(document: Document, units: Mapping[str, object]) -> list[Problem]:
    content: _RulesEntry = document.content
    problems: list[Problem] = []

    def need(right: bool, what: str, hint: str, *at: str) -> None:
        if not right:
            problems.append(Problem(document.where(*at), what, hint))

    windows, ratio = content["windows"], content["ratio"]
    longer = windows["long"] > windows["short"]
    need(longer, "long is not longer than short", "write more years", "windows", "long")
    need(ratio["far"] > ratio["even"], "far is not above even", "write more", "ratio", "far")
    path = content["path"]
    need(path["full"] > path["near"], "near is not below full", "write less", "path", "near")
    for unit, scale in content["units"].items():
        known = f"known: {', '.join(units)}"
        need(unit in units, f"unknown unit {unit!r}", known, "units", unit)
        apart = "far" not in scale or scale["far"] > scale["even"]
        need(apart, "far is not above even", "write more", "units", unit, "far")
    for status in content["error_classes"]:
        known = f"known: {', '.join(WITH_NUMBER)}"
        need(status in WITH_NUMBER, f"unknown status {status!r}", known, "error_classes", status)
    return problems
