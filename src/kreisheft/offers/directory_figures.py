"""The directory on its page: plain lists by place first, a search form for those with scripts.

In: a `Context` of the whole book. Out: one `Block`. Without scripts the form stays hidden and the
lists are everything; ``book/assets/angebote.js`` shows the form, reads the index of `search_files`
and shows copies of the very cards of these lists. All words come from the vocabulary.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, Value, bullet_list, definition_list, element, join, link
from kreisheft.offers import directory, freshness, search_files
from kreisheft.offers.directory import Directory
from kreisheft.offers.offer import TRANSLATED, Offer
from kreisheft.offers.vocabulary import Vocabulary, key
from kreisheft.render.figure import Block, note

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

_FLAGS = ("free", "childcare", "online", "barrier_free")


def block(ctx: Context) -> Block:
    """Search form and lists; a note how to add offers if there are none."""
    listing = directory.of(ctx)
    day = freshness.edition_day(ctx.root, ctx.params, ctx.year, listing.offers)
    return build_block(listing, day, ctx.params.ags, ctx.params.kreis)


def build_block(listing: Directory, day: date, ags: str, kreis: str) -> Block:
    """As `block`, from a directory and a day."""
    ui = listing.words.words["page"]
    offers = search_files.select_findable(listing, day)
    if not offers:
        return note(ui["nothing"].format(kreis=kreis))
    hints = [ui["day"].format(day=_write_day(day.isoformat()))]
    hints += [ui["examples"]] if any(o.yes("example") for o in offers) else []
    parts = [
        *(element("p", hint, class_="kh-hinweis") for hint in reversed(hints)),
        _form(offers, listing.words),
        _results(ui),
        _downloads(ui),
        _places(offers, day, listing.words, ags),
    ]
    markup = element("div", *parts, class_="kh-angebote", id="kh-angebote")
    return Block(markup, "\n".join(o.get("name") for o in offers))


def _form(offers: list[Offer], words: Vocabulary) -> Markup:
    ui = words.words["page"]
    messages = ("count_one", "count_many", "count_none", "count_first", "more")
    selects = [
        _select(name, label, column, offers, words)
        for name, label, column in (
            ("ort", ui["place"], "ags"),
            ("feld", ui["field"], "field"),
            ("gruppe", ui["target_group"], "target_groups"),
            ("sprache", ui["language"], "languages"),
        )
    ]
    boxes = [_box(f, ui[f]) for f in _FLAGS]
    boxes.append(_box("stale", ui["stale"].format(days=words.words["days"]["stale"])))
    legend = element("legend", ui["search"], class_="kh-nur-vorlesen")
    return element(
        "form",
        _query(ui),
        *selects,
        _labelled_field("alter", ui["age"], "input", type="number", min=0, max=120),
        element("fieldset", legend, *boxes, class_="kh-feld-breit"),
        element("p", element("button", ui["reset"], type="reset"), class_="kh-feld-breit"),
        class_="kh-angebote-suche d-print-none",
        role="search",
        hidden=True,
        aria_label=ui["search"],
        **{f"data_{m}": ui[m] for m in messages},
    )


def _query(ui: dict[str, str]) -> Markup:
    field = element(
        "input",
        id="kh-a-q",
        # Not "q": the theme empties every field of that name on every page.
        name="wort",
        type="search",
        autocomplete="off",
        spellcheck="false",
        aria_describedby="kh-a-q-hinweis",
    )
    label = element("label", ui["query"], for_="kh-a-q")
    hint = element("small", ui["query_hint"], id="kh-a-q-hinweis")
    return element("p", label, field, hint, class_="kh-feld kh-feld-breit")


def _labelled_field(
    name: str, label: str, kind: str, *contents: Markup, **attributes: Value
) -> Markup:
    """A field of the form below its label."""
    key = f"kh-a-{name}"
    field = element(kind, *contents, id=key, name=name, **attributes)
    return element("p", element("label", label, for_=key), field, class_="kh-feld")


def _select(name: str, label: str, column: str, offers: list[Offer], words: Vocabulary) -> Markup:
    """A list of the values that an offer has; places in the alphabet, the rest as catalogued."""
    present = {v for o in offers for v in o.many(column)}
    valid = [v for v in words.lists[column] if v in present]
    if column == "ags":
        # Everything that holds for the whole Kreis is found in each of its places.
        valid = [v for v in valid if len(v) == 8]
    if column in ("ags", "languages"):
        valid.sort(key=lambda v: key(words.label(column, v)))
    options = [element("option", words.label(column, v), value=v) for v in valid]
    every = element("option", words.words["page"]["any"], value="")
    return _labelled_field(name, label, "select", every, *options)


def _box(name: str, label: str) -> Markup:
    return element("label", element("input", type="checkbox", name=name, value=1), " ", label)


def _results(ui: dict[str, str]) -> Markup:
    buttons = [
        element("button", ui[word], type="button", data_tut=does)
        for does, word in (("csv", "save_csv"), ("json", "save_json"), ("print", "print"))
    ]
    more = element("button", type="button", data_tut="more", hidden=True)
    return element(
        "section",
        element("h3", ui["results"], id="kh-a-treffer"),
        element("p", class_="kh-zahl-der-treffer", role="status", aria_live="polite"),
        element("p", *buttons, class_="kh-werkzeuge d-print-none"),
        element("ul", class_="kh-angebotsliste"),
        element("p", more, class_="d-print-none"),
        class_="kh-angebote-treffer",
        hidden=True,
        aria_labelledby="kh-a-treffer",
    )


def _downloads(ui: dict[str, str]) -> Markup:
    links = (
        link(address, ui[word], download=True)
        for address, word in ((search_files.CSV, "all_csv"), (search_files.JSON, "all_json"))
    )
    text = ui["downloads"]
    return element("p", text, " ", join(links, " · "), class_="kh-downloads d-print-none")


def _places(offers: list[Offer], day: date, words: Vocabulary, ags: str) -> Markup:
    """One list per place; what was not checked for a year lies closed at the end."""
    ui = words.words["page"]
    fresh = [o for o in offers if freshness.state(o, day, words) != "stale"]
    old = [o for o in offers if o not in fresh]
    named = words.lists["ags"]
    order = [ags, *sorted((a for a in named if a != ags), key=lambda a: key(named[a]))]
    jumps = element("p", join((link(f"#ort-{a}", named[a]) for a in order), " · "))
    hint = element("p", ui["print_hint"])
    parts = [element("nav", jumps, hint, class_="d-print-none", aria_label=ui["places"])]
    seen, nothing = set[str](), element("p", ui["none_here"], class_="kh-leer")
    for place in order:
        of_place = [o for o in fresh if place in o.many("ags")]
        body = _cards(of_place, day, words, seen) if of_place else nothing
        if place != ags:
            body += element("p", link(f"#ort-{ags}", ui["also"]))
        head = element("h3", named[place], id=f"ort-{place}")
        jump = link(f"#liste-{place}", ui["print_one"].format(place=named[place]))
        back = element("a", ui["back"], class_="kh-zurueck", href="#kh-angebote")
        jumps = element("p", jump, " ", back, class_="kh-druckliste d-print-none")
        parts.append(element("section", head, jumps, body, class_="kh-ort", id=f"liste-{place}"))
    if old:
        title = element("summary", ui["old"].format(n=len(old)))
        cards = _cards(old, day, words, seen)
        parts.append(element("details", title, cards, class_="kh-tabelle kh-alt"))
    return element("div", *parts, class_="kh-angebote-orte")


def _cards(offers: list[Offer], day: date, words: Vocabulary, seen: set[str]) -> Markup:
    cards = (_card(offer, day, words, seen) for offer in offers)
    return element("ul", *cards, class_="kh-angebotsliste")


def _card(offer: Offer, day: date, words: Vocabulary, seen: set[str]) -> Markup:
    """One offer. In its second place it has no id of its own."""
    ui = words.words["page"]
    where = ", ".join(words.label("ags", a) for a in offer.many("ags"))
    entries = [
        (ui["who"], _who(offer, words)),
        (words.columns["languages"], _languages(offer, words)),
        (words.columns["schedule"], _times(offer)),
        (words.columns["application_process"], offer.get("application_process")),
        (words.columns["fees_description"], _fees(offer, words)),
        (ui["address"], _address(offer)),
        (ui["contact"], _contact(offer)),
    ]
    flags = [words.columns[f] for f in _FLAGS if offer.yes(f)]
    paused = offer.get("status") == "temporarily closed"
    flags += [ui["paused"]] if paused else []
    state = freshness.state(offer, day, words)
    checked = ui["stale_mark" if state == "stale" else state].format(
        day=_write_day(offer.get("assured_date"))
    )
    key = None if offer.id in seen else f"angebot-{offer.id}"
    seen.add(offer.id)
    about = (offer.get("organization"), where, words.label("field", offer.get("field")))
    return element(
        "li",
        element("h4", offer.get("name")),
        element("p", join(about, " · "), class_="kh-traeger"),
        *_texts(offer),
        bullet_list(flags, class_="kh-merkmale") if flags else "",
        definition_list(entries),
        element("p", checked, class_=f"kh-geprueft kh-geprueft-{state}"),
        class_="kh-angebot",
        id=key,
    )


def _texts(offer: Offer) -> list[Markup]:
    """Description, plain-language title, and every translation in its own language."""
    parts = [element("p", offer.get(c)) for c in ("alternate_name", "description") if offer.get(c)]
    for column in offer.cells:
        translated = TRANSLATED.fullmatch(column)
        if translated:
            parts.append(element("p", offer.get(column), lang=translated[2], dir="auto"))
    return parts


def _who(offer: Offer, words: Vocabulary) -> str:
    ui, low, high = words.words["page"], offer.get("minimum_age"), offer.get("maximum_age")
    groups = [
        words.label("target_groups", g)
        for g in words.lists["target_groups"]
        if g in offer.many("target_groups")
    ]
    kind = "age_both" if low and high else "age_from" if low else "age_to" if high else ""
    groups += [ui[kind].format(low=low, high=high)] if kind else []
    level = offer.get("language_level")
    if level:
        groups.append(ui["language_level"].format(level=words.label("language_level", level)))
    return "; ".join(groups)


def _languages(offer: Offer, words: Vocabulary) -> str:
    named = ", ".join(words.label("languages", v) for v in offer.many("languages"))
    if named and offer.yes("interpretation_services"):
        named = words.words["page"]["with_interpreter"].format(languages=named)
    return named


def _times(offer: Offer) -> str:
    days = " – ".join(_write_day(offer.get(c)) for c in ("valid_from", "valid_to") if offer.get(c))
    return "; ".join(t for t in (offer.get("schedule"), days) if t)


def _fees(offer: Offer, words: Vocabulary) -> str:
    return offer.get("fees_description") or (words.columns["free"] if offer.yes("free") else "")


def _address(offer: Offer) -> str:
    # A town alone stands among the places already.
    if not (offer.get("address_1") or offer.get("postal_code")):
        return ""
    town = f"{offer.get('postal_code')} {offer.get('city')}".strip()
    return ", ".join(t for t in (offer.get("address_1"), town) if t)


def _contact(offer: Offer) -> Markup:
    phone, mail, url = (offer.get(c) for c in ("phone", "email", "url"))
    dialled = "".join(c for c in phone if c in "+0123456789")
    department = offer.get("contact_department")
    parts = [department] if department else []
    parts += [link(f"tel:{dialled}", phone)] if phone else []
    parts += [link(f"mailto:{mail}", mail)] if mail else []
    parts += [link(url, url, rel="noreferrer")] if url else []
    return join(parts, " · ")


def _write_day(day: str) -> str:
    return ".".join(reversed(day.split("-")))
