"""One offer: the columns of a row, what each may hold, and the row read with all its mistakes.

Names are those of Open Referral HSDS where it has one. In: a `Row` of texts as somebody typed
them. Out: an `Offer` with cells in one spelling (``yes``, ``2026-01-31``, ``ar; de``), and a
`Problem` for every cell that cannot be read.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kreisheft.core.errors import Problem
from kreisheft.offers.vocabulary import Vocabulary, key

#: Columns with one value of a list.
ONE = ("organization_type", "field", "category", "status", "language_level")
#: Columns with several values, ``;`` between them.
MANY = ("target_groups", "languages", "ags")
YES_NO = ("interpretation_services", "free", "childcare", "online", "barrier_free", "example")
DAYS = ("valid_from", "valid_to", "project_end", "assured_date", "last_modified")
AGES = ("minimum_age", "maximum_age")
REQUIRED = ("name", "organization", "field", "target_groups", "ags", "assured_date")
#: One of these must be there, or nobody can come.
CONTACT = ("phone", "email", "url", "address_1")
LONGEST = {"name": 150, "alternate_name": 150, "organization": 150, "description": 300}
TRANSLATED = re.compile(r"(name|description)_([a-z]{2,3})")
ID = re.compile(r"[a-z0-9][a-z0-9-]{2,63}")
_YES, _NO = {"yes", "ja", "true", "wahr", "1", "x", "j"}, {"no", "nein", "false", "falsch", "0"}
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_URL = re.compile(r"https?://[^\s<>\"'\\]+\.[^\s<>\"'\\]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/–-]{4,24}")
_RESERVED = re.compile(r"example\.(org|com|net)$|\.example$")
#: UTF-8 that was read in another encoding, and characters that were lost.
_BROKEN = re.compile("\N{REPLACEMENT CHARACTER}|Ã[\x80-\xbf¤¶¼Ÿ]|â€")


@dataclass(frozen=True)
class Row:
    """Cells of one row as they stand in a file, and where each stands for an error message."""

    cells: Mapping[str, str]
    where: Callable[[str], str]


@dataclass(frozen=True)
class Offer:
    """One offer. cells: column → text in one spelling, empty cells left out; file: its home."""

    cells: Mapping[str, str]
    file: str = ""

    def get(self, column: str) -> str:
        """Text of a cell, empty if there is none."""
        return self.cells.get(column, "")

    def many(self, column: str) -> tuple[str, ...]:
        """Values of a cell that may hold several."""
        return tuple(v for v in self.get(column).split("; ") if v)

    def yes(self, column: str) -> bool:
        """Whether a yes-no cell says yes; silence is not yes."""
        return self.get(column) == "yes"

    def day(self, column: str) -> date | None:
        """Date of a cell."""
        return date.fromisoformat(self.get(column)) if self.get(column) else None

    @property
    def id(self) -> str:
        """Stable id."""
        return self.get("id")

    @property
    def twin(self) -> tuple[str, str, str]:
        """Key that two rows about the same offer share: title, provider, places."""
        return key(self.get("name")), key(self.get("organization")), self.get("ags")


def read(row: Row, words: Vocabulary, *, file: str = "") -> tuple[Offer, list[Problem]]:
    """Offer of a row, complete if there are no problems, and its problems. It may lack an id."""
    cells: dict[str, str] = {}
    problems: list[Problem] = []
    for column, typed in row.cells.items():
        text = _clean(typed)
        if not text:
            continue
        try:
            cells[column] = _cell(column, text, words)
        except ValueError as error:
            what, _, fix = str(error).partition(" → ")
            problems.append(Problem(row.where(column), what, fix))
    cells.setdefault("status", "active")
    wrong = {column for column in row.cells if _clean(row.cells[column])} - set(cells)
    offer = Offer(_order_cells(cells, words), file)
    problems += _check_required(offer, row, wrong)
    problems += _check_pairs(offer, row, words)
    return offer, problems


def is_column(column: str, words: Vocabulary) -> bool:
    """Whether `column` is a column of the directory, or a translation of one."""
    translated = TRANSLATED.fullmatch(column)
    return column in words.columns or bool(
        translated and translated[2] != "de" and translated[2] in words.lists["languages"]
    )


def order_columns(columns: set[str], words: Vocabulary) -> list[str]:
    """Columns in the order of the vocabulary, translations at the end."""
    return [c for c in words.columns if c in columns] + sorted(columns - set(words.columns))


def _order_cells(cells: Mapping[str, str], words: Vocabulary) -> dict[str, str]:
    return {c: cells[c] for c in order_columns(set(cells), words)}


def _clean(typed: str) -> str:
    """Normalise a cell: one line, single blanks, NFC, without the quote that guards a formula."""
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    return text[1:] if re.match(r"'[=+@-]", text) else text


def _cell(column: str, text: str, words: Vocabulary) -> str:
    if not is_column(column, words):
        raise ValueError(f"unknown column {column!r} → use one of {', '.join(words.columns)}")
    if any(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") for c in text):
        raise ValueError("holds a control character → type the cell again")
    if _BROKEN.search(text):
        raise ValueError(f"{text[:40]!r} was read in a wrong encoding → save the list as UTF-8")
    if text[0] in "=@" or (text[0] == "+" and column != "phone"):
        raise ValueError(f"{text[:40]!r} looks like a formula → write plain text")
    if column in ONE:
        return _pick_value(column, text, words)
    if column in MANY:
        parts = [p for p in re.split(r"\s*[;|]\s*", text) if p]
        if not parts:
            raise ValueError(f"{text!r} holds no value → write one")
        return "; ".join(sorted({_pick_value(column, part, words) for part in parts}))
    if column in YES_NO:
        return _yes_no(text)
    if column in DAYS:
        return _day(text)
    if column in AGES:
        if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > 120:
            raise ValueError(f"{text!r} is no age → write whole years, 0 to 120")
        return str(int(text))
    return _text(column, text)


def _text(column: str, text: str) -> str:
    patterns = {
        "id": (ID, "use a UUID, or lower-case letters, digits and hyphens"),
        "email": (_MAIL, "write one address, beratung@example.org"),
        "assurer_email": (_MAIL, "write one address, beratung@example.org"),
        "url": (_URL, "begin with https://"),
        "phone": (_PHONE, "write digits and blanks, 02361 12345 or +49 2361 12345"),
        "postal_code": (re.compile(r"[0-9]{5}"), "write five digits"),
    }
    if column in patterns and not patterns[column][0].fullmatch(text):
        raise ValueError(f"{text[:60]!r} cannot be read → {patterns[column][1]}")
    longest = LONGEST.get(column.split("_")[0] if TRANSLATED.fullmatch(column) else column, 500)
    if len(text) > longest:
        raise ValueError(f"{len(text)} characters, at most {longest} → shorten it, link the rest")
    return text


def _pick_value(column: str, text: str, words: Vocabulary) -> str:
    """Id of a value, given as its id or its German word; ValueError if unknown."""
    valid = words.lists[column]
    if text in valid:
        return text
    # A spreadsheet takes the zero from the front of a key.
    if column == "ags" and f"0{text}" in valid:
        return f"0{text}"
    named = {key(label): value for value, label in reversed(list(valid.items()))}
    value = named.get(key(text)) or {key(v): v for v in valid}.get(key(text))
    if not value:
        allowed = [f"{v} ({label})" if v != label else v for v, label in valid.items()]
        raise ValueError(f"unknown {column} {text[:60]!r} → use {', '.join(allowed)}")
    return value


def _yes_no(text: str) -> str:
    word = text.lower()
    if word not in _YES | _NO:
        raise ValueError(f"{text[:40]!r} is neither yes nor no → write yes, no or nothing")
    return "yes" if word in _YES else "no"


def _day(text: str) -> str:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            # An ISO time behind the day, as feeds have it, is of no use here.
            parsed_day = datetime.strptime(text[:10], form).date()
        except ValueError:
            continue
        rest = text[10:]
        if (not rest or re.fullmatch(r"[T ][0-9:.+Z-]+", rest)) and 1990 <= parsed_day.year <= 2100:
            return parsed_day.isoformat()
    raise ValueError(f"{text[:40]!r} is no day → write 2026-01-31 or 31.01.2026")


def _check_required(offer: Offer, row: Row, wrong: set[str]) -> Iterator[Problem]:
    for column in REQUIRED:
        if not offer.get(column) and column not in wrong:
            yield Problem(row.where(column), f"{column} is empty", "fill it in")
    if not any(offer.get(c) for c in CONTACT) and not wrong & set(CONTACT):
        what = f"no way to get in touch: {', '.join(CONTACT)} are all empty"
        yield Problem(row.where("phone"), what, "fill in one of them")


def _check_pairs(offer: Offer, row: Row, words: Vocabulary) -> Iterator[Problem]:
    """Problems of two cells that contradict each other."""
    low, high = offer.get("minimum_age"), offer.get("maximum_age")
    if low and high and int(low) > int(high):
        what = f"minimum_age {low} is above maximum_age {high}"
        yield Problem(row.where("minimum_age"), what, "exchange them")
    if offer.get("valid_to") and offer.get("valid_from") > offer.get("valid_to"):
        what = f"ends {offer.get('valid_to')} before it begins {offer.get('valid_from')}"
        yield Problem(row.where("valid_to"), what, "mend one of the days")
    for column in offer.cells:
        translated = TRANSLATED.fullmatch(column)
        if translated and translated[1] == "description" and not offer.get(f"name_{translated[2]}"):
            what = f"has no name_{translated[2]} beside it"
            yield Problem(row.where(column), what, "translate the title, too")
    if offer.yes("example"):
        if not offer.get("name").startswith(words.columns["example"]):
            what = f"an example must begin with {words.columns['example']!r}"
            yield Problem(row.where("name"), what, "label it")
        for column in ("email", "assurer_email"):
            domain = offer.get(column).partition("@")[2]
            if domain and not _RESERVED.search(domain):
                what = f"{domain!r} may belong to somebody"
                yield Problem(row.where(column), what, "use example.org in an example")
