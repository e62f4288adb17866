"""Files beside the page of offers: the index that its search reads, and the directory as data.

In: the directory of a Kreis and the as-of date of an edition. Out: address in the edition →
content, for `book.beside`. The index is a script and no JSON file, because a page that was opened
from a folder may not fetch; it holds columns, so that equal cells lie side by side and pack well.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

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
    own = directory.load(root, settings)
    day = freshness.edition_day(root, settings, year, own.offers)
    shown = listed(own, day)
    if not shown:
        return {}
    return {INDEX: script(shown, day, own), CSV: as_csv(shown, own), JSON: as_json(shown, own)}


def listed(own: Directory, day: date) -> list[Offer]:
    """Offers that a reader can find at all, stale ones too, in the order of the directory."""
    return [o for o in own.offers if freshness.is_shown(o, day)]


def script(shown: Sequence[Offer], day: date, own: Directory) -> bytes:
    """Write the index as one assignment."""
    words = own.words
    columns = _columns(shown, own)
    data: dict[str, list[str]] = {c: [o.get(c) for o in shown] for c in columns}
    data["state"] = [freshness.state(o, day, words) for o in shown]
    used = {c: {v for o in shown for v in o.many(c)} for c in _WORDED}
    labels = {c: {v: words.label(c, v) for v in sorted(used[c])} for c in _WORDED}
    everything: dict[str, Any] = {
        "columns": columns,
        "data": data,
        "labels": labels,
        "synonyms": words.words["synonyms"],
    }
    text = json.dumps(everything, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # U+2028 and U+2029 end a line in old engines; </script> would end a script that is inlined.
    for sign, spelled in (("\u2028", "\\u2028"), ("\u2029", "\\u2029"), ("</", "<\\/")):
        text = text.replace(sign, spelled)
    return f"window.kreisheftAngebote={text};\n".encode()


def as_csv(shown: Sequence[Offer], own: Directory) -> bytes:
    """Write the directory as a file that  kreisheft offers import  reads again."""
    columns = _columns(shown, own)
    return offer_rows.write(columns, [[o.get(c) for c in columns] for o in shown])


def as_json(shown: Sequence[Offer], own: Directory) -> bytes:
    """Write the directory as a list of objects with HSDS names; several values are lists."""
    rows = [
        {
            c: (list(o.many(c)) if c in offer.MANY else o.get(c))
            for c in _columns(shown, own)
            if o.get(c)
        }
        for o in shown
    ]
    return (json.dumps({"services": rows}, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(shown: Sequence[Offer], own: Directory) -> list[str]:
    return offer.order({c for o in shown for c in o.cells} - set(INTERNAL), own.words)
