"""Take a list or a feed into the directory: look first, write on demand, lose nothing.

Without ``write`` the difference and all problems are reported and nothing changes. With it the good
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
    listing = directory.load(root, settings, examples=True)
    given = feed_mapping.load(rules, listing.words) if rules else Rules()
    if path.suffix.lower() == ".json":
        kind, records = feeds.read(path)
        basic = feed_mapping.load(root / f"data/templates/angebote/{kind}.yml", listing.words)
        given = feed_mapping.join_rules(basic, given)
    else:
        records = offer_rows.read(path)
    used, unused = feed_mapping.map_columns(records, given, listing.words)
    read = [
        (record, *offer.read(row, listing.words))
        for record, row in feed_mapping.map_rows(records, given, listing.words)
    ]
    columns = {*used, *given.fixed}
    return merge_rows(root, settings, listing, path, records, read, columns, unused, write=write)


def merge_rows(
    root: Path,
    settings: Params,
    listing: Directory,
    path: Path,
    records: Records,
    read: Sequence[tuple[Record, Offer, list[Problem]]],
    columns: set[str],
    unused: Sequence[str],
    *,
    write: bool,
) -> Report:
    """Compare rows with the directory; if `write`, merge those without problems.

    read: record, offer and problems of every row; columns: those of ours that the file has.
    """
    rejected: list[tuple[Record, list[Problem]]] = [(r, [p]) for r, p in records.broken]
    good: list[tuple[Record, Offer]] = []
    for record, entry, problems in read:
        if problems:
            rejected.append((record, problems))
        else:
            good.append((record, entry))
    placed = [(entry, record.place) for record, entry in good]
    difference, twice = merge.compare(listing.offers, placed, columns, listing.words)
    rejected += [(good[i][0], [problem]) for i, problem in twice]
    rejects = None
    if write:
        directory.save(
            root,
            settings.kreis,
            merge.merge(listing.offers, difference),
            listing.words,
        )
        rejects = _write_rejects(path, records, rejected)
    wrong = tuple(p for _, ps in rejected for p in ps)
    personal = tuple(sorted({a for _, entry in good for a in _personal_addresses(entry)}))
    unknown = tuple(c for c in unused if c not in OWN)
    return Report(difference, wrong, unknown, personal, rejects, len(rejected))


def _write_rejects(
    path: Path, records: Records, bad: list[tuple[Record, list[Problem]]]
) -> Path | None:
    # Mending and importing the file of rejects again must not pile up endings.
    stem = path.stem.removesuffix(".rejected")
    target = path.with_name(f"{stem}.rejected.csv")
    if not bad:
        return None
    columns = [c for c in records.columns if c not in OWN]
    rows = [
        [record.place, " | ".join(f"{p.where.rpartition(', ')[2]}: {p.what}" for p in problems)]
        + [record.cells.get(c, "") for c in columns]
        for record, problems in bad
    ]
    project.write(target, offer_rows.write([*OWN, *columns], rows))
    return target


def _personal_addresses(entry: Offer) -> list[str]:
    """Mail addresses that look like first.last@; data protection asks for an office mailbox."""
    addresses = []
    for column in ("email", "assurer_email"):
        first, dot, last = entry.get(column).partition("@")[0].partition(".")
        if dot and first.isalpha() and last.isalpha():
            addresses.append(entry.get(column))
    return addresses
