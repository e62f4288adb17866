"""Who must look at which entry: a working list, and a mail and a form per provider. Files only.

In: the directory and the day that counts as today. Out: file name → content; the command writes
them below ``build/offers`` and nothing is ever sent.
"""

from collections.abc import Sequence
from datetime import date

from kreisheft.catalogue import params
from kreisheft.offers import freshness, offer, offer_rows
from kreisheft.offers.directory import Directory
from kreisheft.offers.offer import Offer

#: In the form of a provider the entries keep their id; these columns are not theirs to fill.
NOT_ASKED = ("source", "licence", "last_modified", "example", "assured_date")
URGENT = ("stale", "amber", "ends")


def list_due(listing: Directory, day: date) -> list[tuple[str, Offer]]:
    """Reason and offer of all that need a check, most urgent and oldest first."""
    due_offers = [
        (reason, o) for o in listing.offers if (reason := freshness.reason(o, day, listing.words))
    ]
    return sorted(due_offers, key=lambda f: (URGENT.index(f[0]), f[1].get("assured_date"), f[1].id))


def files(listing: Directory, day: date, kreis_name: str) -> dict[str, bytes]:
    """Working list, and per provider mail and form; a provider without mailbox gets a form only."""
    due_offers = list_due(listing, day)
    words, columns = listing.words, listing.words.columns
    heads = ("reason", "days", "mailbox", "assured_date", "organization", "name", "id")
    rows = [
        (
            reason,
            str(freshness.age(o, day)),
            _mailbox(o),
            *(o.get(c) for c in ("assured_date", "organization", "name", "id")),
        )
        for reason, o in due_offers
    ]
    named = [str(columns.get(h, h)) for h in heads]
    contents = {"arbeitsliste.csv": offer_rows.write(named, rows, ";")}
    providers: dict[str, list[Offer]] = {}
    for _, entry in due_offers:
        providers.setdefault(entry.get("organization"), []).append(entry)
    slugs: dict[str, int] = {}
    for organization, offers in sorted(providers.items()):
        slug = params.slug(organization) or "traeger"
        slugs[slug] = slugs.get(slug, 0) + 1
        slug += f"_{slugs[slug]}" if slugs[slug] > 1 else ""
        form = f"{slug}.csv"
        contents[form] = _form(offers, listing)
        mailboxes = sorted({_mailbox(o) for o in offers} - {""})
        mail = words.words["mail"]
        if mailboxes:
            entries = [
                mail["entry"].format(name=o.get("name"), day=write_day(o.get("assured_date")))
                for o in offers
            ]
            subject = mail["subject"].format(kreis=kreis_name, n=len(offers))
            body = mail["body"].format(
                kreis=kreis_name,
                organization=organization,
                list="\n".join(entries),
                form=form,
                confirm=mail["confirm"],
                id=columns["id"],
            )
            text = f"To: {', '.join(mailboxes)}\nSubject: {subject}\n\n{body}"
            contents[f"{slug}.txt"] = text.encode()
    return contents


def write_day(day: str) -> str:
    """``2026-01-31`` → ``31.01.2026``."""
    return ".".join(reversed(day.split("-")))


def _mailbox(entry: Offer) -> str:
    return entry.get("assurer_email") or entry.get("email")


def _form(offers: Sequence[Offer], listing: Directory) -> bytes:
    """One row per entry under German heads; semicolons, for a German Excel."""
    columns = [c for c in listing.words.columns if c not in NOT_ASKED]
    extra = offer.order_columns(
        {c for o in offers for c in o.cells} - set(listing.words.columns), listing.words
    )
    heads = [*(listing.words.columns[c] for c in columns), *extra]
    rows = [
        ["", *(_cell(o, c, listing) for c in (*columns, *extra))] for o in sorted(offers, key=_name)
    ]
    return offer_rows.write([listing.words.words["mail"]["confirm"], *heads], rows, ";")


def _name(entry: Offer) -> str:
    return entry.get("name")


def _cell(entry: Offer, column: str, listing: Directory) -> str:
    """A cell with German words instead of ids; the import reads both."""
    if column in offer.ONE or column in offer.MANY:
        labels = [listing.words.label(column, v) for v in entry.get(column).split("; ") if v]
        return "; ".join(labels)
    if column in offer.DAYS:
        return write_day(entry.get(column))
    return {"yes": "ja", "no": "nein"}.get(entry.get(column), entry.get(column))
