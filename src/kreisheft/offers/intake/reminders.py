"""Who must look at which entry: a working list, and a mail and a form per provider. Files only.

In: the directory and the day that counts as today. Out: file name → content; `commands` writes
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


def due(own: Directory, day: date) -> list[tuple[str, Offer]]:
    """Entries to look at with the reason, most urgent and oldest first."""
    found = [(reason, o) for o in own.offers if (reason := freshness.reason(o, day, own.words))]
    return sorted(found, key=lambda f: (URGENT.index(f[0]), f[1].get("assured_date"), f[1].id))


def files(own: Directory, day: date, kreis_name: str) -> dict[str, bytes]:
    """Working list, and per provider mail and form; a provider without mailbox gets a form only."""
    listed = due(own, day)
    words, columns = own.words, own.words.columns
    heads = ("reason", "days", "mailbox", "assured_date", "organization", "name", "id")
    rows = [
        (
            reason,
            str(freshness.age(o, day)),
            _mailbox(o),
            *(o.get(c) for c in ("assured_date", "organization", "name", "id")),
        )
        for reason, o in listed
    ]
    named = [str(columns.get(h, h)) for h in heads]
    found = {"arbeitsliste.csv": offer_rows.write(named, rows, ";")}
    providers: dict[str, list[Offer]] = {}
    for _, one in listed:
        providers.setdefault(one.get("organization"), []).append(one)
    taken: dict[str, int] = {}
    for organization, offers in sorted(providers.items()):
        slug = params.slug(organization) or "traeger"
        taken[slug] = taken.get(slug, 0) + 1
        slug += f"_{taken[slug]}" if taken[slug] > 1 else ""
        form = f"{slug}.csv"
        found[form] = _form(offers, own)
        mailboxes = sorted({_mailbox(o) for o in offers} - {""})
        mail = words.words["mail"]
        if mailboxes:
            entries = [
                mail["entry"].format(name=o.get("name"), day=german(o.get("assured_date")))
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
            found[f"{slug}.txt"] = text.encode()
    return found


def german(day: str) -> str:
    """``2026-01-31`` → ``31.01.2026``."""
    return ".".join(reversed(day.split("-")))


def _mailbox(one: Offer) -> str:
    return one.get("assurer_email") or one.get("email")


def _form(offers: Sequence[Offer], own: Directory) -> bytes:
    """One row per entry under German heads; semicolons, for a German Excel."""
    columns = [c for c in own.words.columns if c not in NOT_ASKED]
    extra = offer.order({c for o in offers for c in o.cells} - set(own.words.columns), own.words)
    heads = [*(own.words.columns[c] for c in columns), *extra]
    rows = [
        ["", *(_cell(o, c, own) for c in (*columns, *extra))] for o in sorted(offers, key=_name)
    ]
    return offer_rows.write([own.words.words["mail"]["confirm"], *heads], rows, ";")


def _name(one: Offer) -> str:
    return one.get("name")


def _cell(one: Offer, column: str, own: Directory) -> str:
    """German words instead of ids; both are read again."""
    if column in offer.ONE or column in offer.MANY:
        labels = [own.words.label(column, v) for v in one.get(column).split("; ") if v]
        return "; ".join(labels)
    if column in offer.DAYS:
        return german(one.get(column))
    return {"yes": "ja", "no": "nein"}.get(one.get(column), one.get(column))
