"""Which values a cell of an offer may have, and the German words for them.

In: ``data/catalogue/angebote.yml`` and the names of fields and municipalities. Out: `Vocabulary`.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kreisheft.catalogue import catalogue
from kreisheft.core import hashes, yaml_files
from kreisheft.core.project import keep_newest
from kreisheft.facts import regions

#: ä, ae and a are one letter, and so on: as Lucene's German normalisation, so that one spelling
#: finds all. ``ue`` stays behind a vowel or q (neue, Frauen, Quelle).
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_VOWELS = "aeiouyq"


#: ``data/catalogue/angebote.yml``, checked by its schema.
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    """Allowed values and words.

    words: the whole file; lists: column → value → German word, for every column with fixed values.
    """

    words: Words
    lists: Mapping[str, Mapping[str, str]]

    @property
    def columns(self) -> Mapping[str, str]:
        """Column → its German name, in the order of files."""
        columns: Mapping[str, str] = self.words["columns"]
        return columns

    def label(self, column: str, value: str) -> str:
        """German word of a value; the value itself where there is none."""
        return self.lists.get(column, {}).get(value, value)


def load(root: Path, kreis: str = "") -> Vocabulary:
    """Read the words; with the AGS of a Kreis its municipalities are the places of an offer."""
    return _load(root, kreis, hashes.states([root / "data/catalogue", root / "data/regions"]))


@keep_newest(8)
def _load(root: Path, kreis: str, _states: str) -> Vocabulary:
    words = yaml_files.load(root / "data/catalogue/angebote.yml", "offers", root).content
    lists = {
        key: {str(k): str(v) for k, v in words[key].items()}
        for key in (
            "organization_type",
            "category",
            "target_groups",
            "status",
            "language_level",
            "languages",
        )
    }
    book = catalogue.load(root)
    lists["field"] = {key: str(field["title"]) for key, field in book.fields.items()}
    places = sorted(regions.municipalities(root, kreis)) if kreis else []
    # A kreisfreie Stadt is its own only municipality.
    named = places if len(places) > 1 else []
    everywhere = {kreis: str(words["page"]["everywhere"])} if kreis else {}
    lists["ags"] = everywhere | {ags: regions.name(root, ags) for ags in named}
    return Vocabulary(words, lists)


def fold(text: str) -> str:
    """Fold spellings of one German word to one: Müller, Mueller, Muller → ``muller``.

    ``book/assets/offers.js`` does the same; a test compares the two.
    """
    lower = unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", lower)
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Mc", "Me"))
    letters: list[str] = []
    for i, letter in enumerate(plain):
        before = plain[i - 1] if i else ""
        after_umlaut = letter == "e" and before in ("a", "o", "u") and before != ""
        if after_umlaut and (before != "u" or i < 2 or plain[i - 2] not in _VOWELS):
            continue
        letters.append(letter)
    return "".join(letters)


def key(text: str) -> str:
    """Fold a text to letters and digits with one blank between words."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
