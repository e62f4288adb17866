"""List every table with its measures and dimensions, for those who write catalogue entries.

python -m kreisheft.deliveries.make_tables_doc > docs/tables.md
"""

import sys
from pathlib import Path

from kreisheft.facts import fact_files, passports
from kreisheft.facts.passports import Passport
from kreisheft.facts.stages import TOTAL

_MANY = 30
_HEAD = """# Tables

Every official table in `data/facts`, with what a selection may name. A dimension that a selection
leaves out means `insgesamt`.
Made by `python -m kreisheft.deliveries.make_tables_doc > docs/tables.md`.
"""


def text(root: Path) -> str:
    """Return the overview as Markdown, sorted by source and number."""
    all_passports = passports.load(root)
    parts = [_HEAD]
    for source in sorted({p.source for p in all_passports.values()}):
        parts.append(f"## {source}\n")
        parts += [_table(root, p) for p in all_passports.values() if p.source == source]
    return "\n".join(parts)


def _table(root: Path, passport: Passport) -> str:
    frame = fact_files.load(root, passport.table).frame
    units = ", ".join(f"`{m}` ({unit})" for m, unit in passport.measures.items())
    periods = sorted(set(frame["period"]))
    span = periods[0] if len(periods) == 1 else f"{periods[0]} … {periods[-1]} ({len(periods)})"
    lines = [
        f"### {passport.table}: {passport.title}\n",
        f"* measures: {units}",
        f"* periods: {span}; regions: {', '.join(passport.regions)}",
        f"* concept: {', '.join(sorted(set(frame['concept'])))}; rounding: {passport.rounding}",
    ]
    for dimension in passport.dimensions:
        values = sorted(set(frame[dimension]), key=lambda v: (v != TOTAL, v))
        listed = " ".join(values) if len(values) <= _MANY else f"{len(values)} keys"
        lines.append(f"* `{dimension}`: {listed}")
    if passport.note:
        lines.append(f"* {passport.note.strip()}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text(Path.cwd()))
