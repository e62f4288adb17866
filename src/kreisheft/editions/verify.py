"""Make a published edition again and compare it with its lock.

In: Kreis and year; the newest published revision is taken. Out: a `Verdict`. Values are compared
cell by cell, notebooks and pages by their bytes, inputs by their hashes, packages by their
versions, so that a difference comes with its likely cause. Nothing that earlier builds kept is
used: the edition is made of the inputs alone.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from kreisheft.catalogue import params
from kreisheft.core import packages, project
from kreisheft.core.errors import UsageError
from kreisheft.editions import checks, keep_values, make_edition, publish
from kreisheft.editions.make_edition import Made
from kreisheft.engine import warm
from kreisheft.protected import open_data

#: Lines of one kind that are printed; the rest is counted.
MOST = 40
#: Of a lock of an earlier version, which lists less.
OLD = (
    "the lock of this edition names no packages and not every input: what changed among those "
    "cannot be said; the next revision will have them"
)


@dataclass(frozen=True)
class Verdict:
    """What a rerun found. Each change is one finished line. note: what could not be compared."""

    edition: str
    values: tuple[str, ...]
    pages: tuple[str, ...]
    inputs: tuple[str, ...]
    packages: tuple[str, ...]
    note: str = ""

    @property
    def identical(self) -> bool:
        """Whether every value, notebook and page is the same to the byte."""
        return not (self.values or self.pages)

    def __str__(self) -> str:
        if self.identical:
            return "\n".join([f"{self.edition}: identical", *([self.note] if self.note else [])])
        lines = [f"{self.edition}: different"]
        for head, changes in (
            ("figures that changed", self.values),
            ("pages and notebooks that changed", self.pages),
            ("inputs that changed since it was published", self.inputs),
            ("packages that changed since it was published", self.packages),
        ):
            lines.append(f"{head}: {len(changes)}")
            lines += [f"  {line}" for line in changes[:MOST]]
            lines += [f"  … and {len(changes) - MOST} more"] if len(changes) > MOST else []
        return "\n".join([*lines, *([self.note] if self.note else [])])


def verify(root: Path, kreis: str, year: int) -> Verdict:
    """Rerun the newest published revision of an edition; UsageError if there is none."""
    # Before anything is read: a process keeps what it has.
    with project.empty_build(root) as folder:
        settings = params.load(root, kreis)
        params.require_year(settings, year)
        rev = publish.newest_revision(root, kreis, year)
        if not rev:
            step = f"call  kreisheft publish {kreis} {year}"
            raise UsageError(f"{kreis} {year} is not published; {step}")
        locked = publish.read_lock(root, kreis, year, rev)
        before = (root / "editions" / kreis / f"{year}.{rev}" / "values.csv").read_bytes()
        warm.start(root)
        checks.require(root, meanwhile=partial(keep_values.plan_tasks, root, settings))
        [made] = make_edition.make(root, kreis, [(year, rev)], folder, printed=True)
        with keep_values.provide_figures(root, settings, 1):
            values = open_data.csv(root, settings, year)
        return _compare(locked, made, _changed_values(before, values), publish.hash_inputs(root))


def _compare(
    locked: publish.Lock, made: Made, values: tuple[str, ...], inputs: Mapping[str, str]
) -> Verdict:
    old = "environment" not in locked
    before = locked["inputs"]
    listed = {name: sha for name, sha in inputs.items() if name in before or not old}
    return Verdict(
        edition=f"{made.settings.kreis} {made.year}.{made.rev}",
        values=values,
        pages=_changed_files(locked["made"], publish.fingerprint(made)),
        inputs=_changed_hashes(before, listed),
        packages=() if old else _changed_versions(locked["environment"], packages.versions()),
        note=OLD if old else "",
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


def _changed_versions(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{name} {before.get(name, '(none)')} → {after.get(name, '(none)')}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _changed_hashes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    lines = []
    for name in sorted({*before, *after}):
        if name not in after:
            lines.append(f"{name} (gone)")
        elif name not in before:
            lines.append(f"{name} (new)")
        elif before[name] != after[name]:
            lines.append(name)
    return tuple(lines)
