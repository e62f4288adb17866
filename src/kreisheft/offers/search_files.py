"""Files beside the page of offers: the index that its search reads, and the directory as data.

In: the directory of a Kreis and the as-of date of an edition. Out: address in the edition →
content, for `book.beside`. The index is a script and no JSON file, because a page that was opened
from a folder may not fetch; it holds columns, so that equal cells lie side by side and pack well.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kreisheft.catalogue.params import Params
from kreisheft.offers import directory, freshness, offer, offer_rows
from kreisheft.offers.directory import Directory
from kreisheft.offers.offer import Offer

INDEX = "daten/angebote.js"
CSV = "daten/angebote.csv"
JSON = "daten/angebote.json"
#: Mailboxes for questions and the course of funding are for those who keep the directory.
INTERNAL = ("assurer_email",)
#: Columns whose German words are found as well.
_WORDED = ("field", "category", "target_groups", "languages", "ags")


def files(root: Path, settings: Params, year: int) -> dict[str, bytes]:
    """Index and downloads of an edition; nothing if no offer is recorded."""
    listing = directory.load(root, settings)
    day = freshness.edition_day(root, settings, year, listing.offers)
    offers = select_findable(listing, day)
    if not offers:
        return {}
    return {
        INDEX: write_script(offers, day, listing),
        CSV: write_csv(offers, listing),
        JSON: write_json(offers, listing),
    }


def select_findable(listing: Directory, day: date) -> list[Offer]:
    """Offers that readers can find on `day`, stale ones too, in the order of the directory."""
    return [o for o in listing.offers if freshness.is_shown(o, day)]


def write_script(offers: Sequence[Offer], day: date, listing: Directory) -> bytes:
    """Index of the search as a script: one assignment."""
    words = listing.words
    columns = _columns(offers, listing)
    data: dict[str, list[str]] = {c: [o.get(c) for o in offers] for c in columns}
    data["state"] = [freshness.state(o, day, words) for o in offers]
    used = {c: {v for o in offers for v in o.many(c)} for c in _WORDED}
    labels = {c: {v: words.label(c, v) for v in sorted(used[c])} for c in _WORDED}
    index: dict[str, object] = {
        "columns": columns,
        "data": data,
        "labels": labels,
        "synonyms": words.words["synonyms"],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # U+2028 and U+2029 end a line in old engines; </script> would end a script that is inlined.
    for sign, spelled in (("\u2028", "\\u2028"), ("\u2029", "\\u2029"), ("</", "<\\/")):
        text = text.replace(sign, spelled)
    return f"window.kreisheftAngebote={text};\n".encode()


def write_csv(offers: Sequence[Offer], listing: Directory) -> bytes:
    """Write the directory as a file that  kreisheft offers import  reads again."""
    columns = _columns(offers, listing)
    return offer_rows.write(columns, [[o.get(c) for c in columns] for o in offers])


def write_json(offers: Sequence[Offer], listing: Directory) -> bytes:
    """Write the directory as a list of objects with HSDS names; several values are lists."""
    rows = [
        {
            c: (list(o.many(c)) if c in offer.MANY else o.get(c))
            for c in _columns(offers, listing)
            if o.get(c)
        }
        for o in offers
    ]
    return (json.dumps({"services": rows}, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(offers: Sequence[Offer], listing: Directory) -> list[str]:
    return offer.order_columns({c for o in offers for c in o.cells} - set(INTERNAL), listing.words)
