"""Take a list or a feed into the directory: look first, write on demand, lose nothing.

Without ``write`` the difference and every mistake are told and nothing changes. With it the good
rows are merged; the bad ones go, in the columns of their own file and with the reason, into
``<file>.rejected.csv`` beside it, to be mended and imported again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kreisheft.catalogue.params import Params
from kreisheft.core import project
from kreisheft.core.errors import Problem
from kreisheft.offers import directory, feed_mapping, feeds, offer, offer_rows
from kreisheft.offers.directory import Directory
from kreisheft.offers.feed_mapping import Rules
from kreisheft.offers.intake import merge
from kreisheft.offers.intake.merge import Difference
from kreisheft.offers.offer import Offer
from kreisheft.offers.offer_rows import Record, Records

#: Columns of a file of rejects that are no cells of an offer.
OWN = ("rejected_row", "rejected_because")


@dataclass(frozen=True)
class Report:
    """What a file says, row by row; written and rejects are set after writing."""

    difference: Difference
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]
    personal: tuple[str, ...]
    rejects: Path | None = None
    bad: int = 0

    def __str__(self) -> str:
        lines = [str(self.difference)]
        if self.unused:
            lines.append(f"not used: columns {', '.join(self.unused)}")
        for hint in self.personal:
            lines.append(f"perhaps a person's mailbox, better that of an office: {hint}")
        if self.bad:
            lines.append(f"{self.bad} row(s) cannot be taken:")
            lines += [str(p) for p in self.problems]
        if self.rejects:
            lines.append(f"these rows wait in {self.rejects}: mend them, import that file")
        return "\n".join(lines)


def run(
    root: Path, settings: Params, path: Path, rules: Path | None = None, *, write: bool = False
) -> Report:
    """Compare `path` with the directory of a Kreis, and merge it if `write`.

    rules: a mapping file; feeds have one of their own in ``data/templates/angebote``, which `rules`
    adds to.
    """
    own = directory.load(root, settings, examples=True)
    given = feed_mapping.load(rules, own.words) if rules else Rules()
    if path.suffix.lower() == ".json":
        kind, found = feeds.read(path)
        basic = feed_mapping.load(root / f"data/templates/angebote/{kind}.yml", own.words)
        given = feed_mapping.joined(basic, given)
    else:
        found = offer_rows.read(path)
    used, unused = feed_mapping.columns(found, given, own.words)
    read = [
        (record, *offer.read(row, own.words))
        for record, row in feed_mapping.rows(found, given, own.words)
    ]
    columns = {*used, *given.fixed}
    return settle(root, settings, own, path, found, read, columns, unused, write=write)


def settle(
    root: Path,
    settings: Params,
    own: Directory,
    path: Path,
    found: Records,
    read: Sequence[tuple[Record, Offer, list[Problem]]],
    columns: set[str],
    unused: Sequence[str],
    *,
    write: bool,
) -> Report:
    """Compare rows that are read with the directory, and merge the good ones if `write`.

    read: record, offer and mistakes of every row; columns: which of ours the file has.
    """
    rejected: list[tuple[Record, list[Problem]]] = [(r, [p]) for r, p in found.broken]
    good: list[tuple[Record, Offer]] = []
    for record, one, problems in read:
        if problems:
            rejected.append((record, problems))
        else:
            good.append((record, one))
    placed = [(one, record.place) for record, one in good]
    difference, twice = merge.compare(own.offers, placed, columns, own.words)
    rejected += [(good[i][0], [problem]) for i, problem in twice]
    rejects = None
    if write:
        directory.save(root, settings.kreis, merge.merged(own.offers, difference), own.words)
        rejects = _reject(path, found, rejected)
    wrong = tuple(p for _, ps in rejected for p in ps)
    personal = tuple(sorted({a for _, one in good for a in _personal(one)}))
    shown = tuple(c for c in unused if c not in OWN)
    return Report(difference, wrong, shown, personal, rejects, len(rejected))


def _reject(path: Path, found: Records, bad: list[tuple[Record, list[Problem]]]) -> Path | None:
    # Mending and importing the file of rejects again must not pile up endings.
    stem = path.stem.removesuffix(".rejected")
    target = path.with_name(f"{stem}.rejected.csv")
    if not bad:
        return None
    columns = [c for c in found.columns if c not in OWN]
    rows = [
        [record.place, " | ".join(f"{p.where.rpartition(', ')[2]}: {p.what}" for p in problems)]
        + [record.cells.get(c, "") for c in columns]
        for record, problems in bad
    ]
    project.write(target, offer_rows.write([*OWN, *columns], rows))
    return target


def _personal(one: Offer) -> list[str]:
    """Addresses that look like first.last@: data protection wants the mailbox of an office."""
    found = []
    for column in ("email", "assurer_email"):
        first, dot, last = one.get(column).partition("@")[0].partition(".")
        if dot and first.isalpha() and last.isalpha():
            found.append(one.get(column))
    return found
