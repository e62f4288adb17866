"""The report of an import, as text for people and as JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from kreisheft.core.errors import Problem

_MANY = 200


@dataclass
class Report:
    """What an import found in one delivery.

    levels:    region level → number of regions kept;  missing: expected regions that are not there
    ignored:   keys left out because they are no current region
    statuses:  status → number of cells kept
    cells:     value cells of the file = skipped + repeated + elsewhere + facts
    skipped:   left out by the passport;  repeated: say again what another cell says
    elsewhere: of regions that the passport does not keep
    totals:    printed totals that were compared with their parts
    revisions: key columns, old, old_stand, new
    """

    file: str
    sha256: str
    format: str
    table: str
    title: str
    stand: str = ""
    attribution_year: int = 0
    periods: list[str] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    rounding: int = 1
    noise: int = 0
    totals: int = 0
    cells: int = 0
    skipped: int = 0
    repeated: int = 0
    elsewhere: int = 0
    facts: int = 0
    revisions: list[dict[str, str]] = field(default_factory=list)
    changed: bool = False
    problems: list[Problem] = field(default_factory=list)

    def json(self) -> str:
        """Return everything as JSON, keys in the order above."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.table or '(no table number)'}: {self.title}"
        yield f"format {self.format}, Stand {self.stand or 'unknown'}, {_span(self.periods)}"
        if not self.facts:
            yield f"{self.cells} value cells, no facts"
            return
        yield f"regions: {_counts(self.levels)}"
        if self.missing:
            yield f"missing regions: {list_some(self.missing)}"
        if self.ignored:
            yield f"no current regions, left out: {list_some(self.ignored)}"
        parts = {
            "facts": self.facts,
            "of regions not kept": self.elsewhere,
            "repeated": self.repeated,
            "skipped": self.skipped,
        }
        yield f"{self.cells} value cells = {' + '.join(f'{n} {w}' for w, n in parts.items())}"
        yield f"signs: {_counts(self.statuses)}"
        rounded = "not rounded" if self.rounding == 1 else f"rounded to {self.rounding}"
        noisy = f", noise up to {self.noise}" if self.noise else ""
        yield f"{rounded}{noisy}; {self.totals} printed totals compared with their parts"
        yield from self._revised()

    def _revised(self) -> Iterator[str]:
        if self.revisions:
            yield f"{len(self.revisions)} figures revised:"
        for entry in self.revisions[:_MANY]:
            key = " ".join(v for k, v in entry.items() if k not in ("old", "old_stand", "new"))
            yield f"  {key}: {entry['old']} ({entry['old_stand']}) → {entry['new']}"
        if len(self.revisions) > _MANY:
            yield f"  … and {len(self.revisions) - _MANY} more, all with --json"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items())


def _span(periods: list[str]) -> str:
    if len(periods) < 4:
        return f"periods {', '.join(periods) or 'unknown'}"
    return f"{len(periods)} periods from {periods[0]} to {periods[-1]}"


def list_some(keys: list[str]) -> str:
    """Format the number of keys and the first of them."""
    first = ", ".join(keys[:12])
    return f"{len(keys)} ({first}{', …' if len(keys) > 12 else ''})"
