"""Make a published edition again and compare it with its lock.

In: Kreis and year; the newest published revision is taken. Out: a `Verdict`. Values are compared
cell by cell, notebooks and pages by their bytes, inputs by their hashes, so that a difference
comes with its likely cause.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kreisheft.catalogue import params
from kreisheft.core.errors import UsageError
from kreisheft.editions import checks, make_edition, publish
from kreisheft.protected import open_data

#: Lines of one kind that are printed; the rest is counted.
MOST = 40


@dataclass(frozen=True)
class Verdict:
    """What a rerun found. Each change is one finished line."""

    edition: str
    values: tuple[str, ...]
    pages: tuple[str, ...]
    inputs: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every value, notebook and page is the same to the byte."""
        return not (self.values or self.pages)

    def __str__(self) -> str:
        if self.identical:
            return f"{self.edition}: identical"
        lines = [f"{self.edition}: different"]
        for head, found in (
            ("figures that changed", self.values),
            ("pages and notebooks that changed", self.pages),
            ("inputs that changed since it was published", self.inputs),
        ):
            lines.append(f"{head}: {len(found)}")
            lines += [f"  {line}" for line in found[:MOST]]
            lines += [f"  … and {len(found) - MOST} more"] if len(found) > MOST else []
        return "\n".join(lines)


def verify(root: Path, kreis: str, year: int) -> Verdict:
    """Rerun the newest published revision of an edition; UsageError if there is none."""
    settings = params.load(root, kreis)
    params.require_year(settings, year)
    rev = publish.newest_revision(root, kreis, year)
    if not rev:
        raise UsageError(f"{kreis} {year} is not published; call  kreisheft publish {kreis} {year}")
    checks.require(root)
    locked = publish.read_lock(root, kreis, year, rev)
    folder = root / "editions" / kreis / f"{year}.{rev}"
    before = (folder / "values.csv").read_bytes()
    [made] = make_edition.make(root, kreis, [(year, rev)], root / "build/verify", printed=True)
    return Verdict(
        edition=f"{kreis} {year}.{rev}",
        values=_changed_values(before, open_data.csv(root, settings, year)),
        pages=_changed_files(locked["made"], publish.fingerprint(made)),
        inputs=_changed_hashes(locked["inputs"], publish.inputs(root, kreis)),
    )


def _changed_values(before: bytes, after: bytes) -> tuple[str, ...]:
    old, new = (
        pd.read_csv(io.BytesIO(text), dtype=str, keep_default_na=False).set_index(open_data.KEY)
        for text in (before, after)
    )
    both = old.merge(
        new, how="outer", left_index=True, right_index=True, suffixes=("_old", "_new")
    ).fillna("(none)")
    lines = []
    for key, (_, row) in zip(both.index.to_list(), both.iterrows(), strict=True):
        parts = [
            f"{column} {row[f'{column}_old']} → {row[f'{column}_new']}"
            for column in ("value", "status", "table", "stand")
            if row[f"{column}_old"] != row[f"{column}_new"]
        ]
        if parts:
            lines.append(f"{' / '.join(key)}: {', '.join(parts)}")
    return tuple(lines)


def _changed_files(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]
) -> tuple[str, ...]:
    return tuple(line for kind in after for line in _changed_hashes(before[kind], after[kind]))


def _changed_hashes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    lines = []
    for name in sorted({*before, *after}):
        if name not in after:
            lines.append(f"{name} (gone)")
        elif name not in before:
            lines.append(f"{name} (new)")
        elif before[name] != after[name]:
            lines.append(name)
    return tuple(lines)
