"""A form that a provider sent back: checked, shown as a difference, merged on demand.

The first column says per row: still right, changed, or ended. The day of the answer becomes the
date of the last check. A row without an answer is no check and changes nothing.
"""

from datetime import date
from pathlib import Path

from kreisheft.catalogue import params
from kreisheft.core.errors import DataError, Problem
from kreisheft.offers import directory, feed_mapping, offer, offer_rows
from kreisheft.offers.feed_mapping import Rules
from kreisheft.offers.intake import offers_import
from kreisheft.offers.intake.offers_import import Report
from kreisheft.offers.offer import Row
from kreisheft.offers.vocabulary import key


def run(
    root: Path, settings: params.Params, path: Path, day: date, *, write: bool = False
) -> tuple[Report, list[str]]:
    """Compare a returned form with the directory; return report and ids without an answer."""
    listing = directory.load(root, settings, examples=True)
    mail = listing.words.words["mail"]
    records = offer_rows.read(path)
    asked = next((c for c in records.columns if key(c) == key(mail["confirm"])), None)
    if asked is None:
        what = f"has no column {mail['confirm']!r}"
        fix = "use the form that  kreisheft offers remind  wrote"
        raise DataError([Problem(path.name, what, fix)])
    answers = {key(word): name for name, word in mail["answers"].items()}
    by_id = {o.id: o for o in listing.offers}
    used, unused = feed_mapping.map_columns(records, Rules(), listing.words)
    read, silent = [], []
    for record, row in feed_mapping.map_rows(records, Rules(), listing.words):
        word = record.cells.get(asked, "").strip()
        given = answers.get(key(word), "")
        old = by_id.get(row.cells.get("id", "").strip())
        if not word and old:
            silent.append(old.id)
            continue
        cells = {**row.cells, "assured_date": day.isoformat()}
        if old and given in ("confirmed", "ended"):
            # Said of what we have, whatever a spreadsheet made of the cells.
            cells = {c: old.get(c) for c in used} | {"assured_date": day.isoformat()}
        if given == "ended":
            cells["status"] = "defunct"
        entry, problems = offer.read(Row(cells, row.where), listing.words)
        if word and not given:
            fix = f"write one of {', '.join(mail['answers'].values())}"
            problems.append(Problem(f"{record.place}, column {asked!r}", f"{word[:40]!r}", fix))
        if row.cells.get("id", "").strip() and not old:
            what = f"unknown id {row.cells['id']!r}"
            problems.append(Problem(row.where("id"), what, "leave it empty for a new offer"))
        read.append((record, entry, problems))
    columns = {*used, "assured_date", "status"}
    unknown = [c for c in unused if c != asked]
    report = offers_import.merge_rows(
        root, settings, listing, path, records, read, columns, unknown, write=write
    )
    return report, silent
