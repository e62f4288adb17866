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
    """Hold a form against the directory; return the report and the ids without an answer."""
    own = directory.load(root, settings, examples=True)
    mail = own.words.words["mail"]
    found = offer_rows.read(path)
    asked = next((c for c in found.columns if key(c) == key(mail["confirm"])), None)
    if asked is None:
        what = f"has no column {mail['confirm']!r}"
        fix = "use the form that  kreisheft offers remind  wrote"
        raise DataError([Problem(path.name, what, fix)])
    answers = {key(word): name for name, word in mail["answers"].items()}
    known = {o.id: o for o in own.offers}
    used, unused = feed_mapping.columns(found, Rules(), own.words)
    read, silent = [], []
    for record, row in feed_mapping.rows(found, Rules(), own.words):
        word = record.cells.get(asked, "").strip()
        given = answers.get(key(word), "")
        old = known.get(row.cells.get("id", "").strip())
        if not word and old:
            silent.append(old.id)
            continue
        cells = {**row.cells, "assured_date": day.isoformat()}
        if old and given in ("confirmed", "ended"):
            # Said of what we have, whatever a spreadsheet made of the cells.
            cells = {c: old.get(c) for c in used} | {"assured_date": day.isoformat()}
        if given == "ended":
            cells["status"] = "defunct"
        one, problems = offer.read(Row(cells, row.where), own.words)
        if word and not given:
            fix = f"write one of {', '.join(mail['answers'].values())}"
            problems.append(Problem(f"{record.place}, column {asked!r}", f"{word[:40]!r}", fix))
        if row.cells.get("id", "").strip() and not old:
            what = f"unknown id {row.cells['id']!r}"
            problems.append(Problem(row.where("id"), what, "leave it empty for a new offer"))
        read.append((record, one, problems))
    columns = {*used, "assured_date", "status"}
    shown = [c for c in unused if c != asked]
    report = offers_import.settle(
        root, settings, own, path, found, read, columns, shown, write=write
    )
    return report, silent
