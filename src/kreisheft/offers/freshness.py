"""How old an entry is, counted from its last check to a given day; never from a clock.

fresh: up to 180 days (``data/catalogue/angebote.yml`` says how many); amber: longer; stale: over
365 days, left out of the default search.
"""

from datetime import date, timedelta
from pathlib import Path

from kreisheft.catalogue.params import Params
from kreisheft.facts import passports
from kreisheft.offers.offer import Offer
from kreisheft.offers.vocabulary import Vocabulary

#: Of these a reader hears; inactive and defunct ones are kept for the record only.
SHOWN = ("active", "temporarily closed")


def age(offer: Offer, day: date) -> int:
    """Days since the last check."""
    checked = offer.day("assured_date")
    return (day - checked).days if checked else 10**6


def state(offer: Offer, day: date, words: Vocabulary) -> str:
    """``fresh``, ``amber`` or ``stale``."""
    days, limits = age(offer, day), words.words["days"]
    if days > limits["stale"]:
        return "stale"
    return "amber" if days > limits["amber"] else "fresh"


def is_shown(offer: Offer, day: date) -> bool:
    """Whether readers see an offer on `day`: not inactive, not ended, checked by then."""
    end = offer.day("valid_to")
    return offer.get("status") in SHOWN and age(offer, day) >= 0 and (end is None or end >= day)


def current(offers: tuple[Offer, ...], day: date, words: Vocabulary) -> list[Offer]:
    """Offers that a reader sees by default: shown and not stale."""
    return [o for o in offers if is_shown(o, day) and state(o, day, words) != "stale"]


def reason(offer: Offer, day: date, words: Vocabulary, ahead: int = 30) -> str:
    """Why an offer needs a check: ``stale``, ``amber`` or ``ends``; empty if it needs none.

    ahead: an end within so many days counts.
    """
    if offer.get("status") not in SHOWN:
        return ""
    freshness = state(offer, day, words)
    if freshness != "fresh":
        return freshness
    ends = [offer.day(c) for c in ("valid_to", "project_end")]
    return "ends" if any(e and e <= day + timedelta(days=ahead) for e in ends) else ""


def edition_day(root: Path, settings: Params, year: int, offers: tuple[Offer, ...]) -> date:
    """As-of date of an edition: that of params, or the newest Stand or check there is.

    An edition without an as-of date uses the newest deliveries, so their day is its day.
    """
    if year in settings.as_of:
        return date.fromisoformat(settings.as_of[year])
    stands = [d.stand for p in passports.load(root).values() for d in p.deliveries]
    checked = [o.get("assured_date") for o in offers]
    # A Stand may be a month or a year only; its first day will do.
    return date.fromisoformat(max(f"{s}-01-01"[:10] for s in (*stands, *checked, "1990-01-01")))
