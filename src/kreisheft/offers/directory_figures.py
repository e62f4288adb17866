"""The directory on its page: plain lists by place first, a search form for those with scripts.

In: a `Context` of the whole book. Out: one `Block`. Without scripts the form stays hidden and the
lists are everything; ``book/assets/angebote.js`` shows the form, reads the index that `index` wrote
and shows copies of the very cards of these lists. All words come from the vocabulary.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kreisheft.core.markup import Markup, Value, bullet_list, definition_list, element, joined, link
from kreisheft.offers import directory, freshness, search_files
from kreisheft.offers.directory import Directory
from kreisheft.offers.offer import TRANSLATED, Offer
from kreisheft.offers.vocabulary import Vocabulary, key
from kreisheft.render.figure import Block, note

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

_FLAGS = ("free", "childcare", "online", "barrier_free")


def block(ctx: Context) -> Block:
    """Search form and lists; or the sentence that nothing is recorded and how to add something."""
    own = directory.of(ctx)
    day = freshness.edition_day(ctx.root, ctx.params, ctx.year, own.offers)
    return made(own, day, ctx.params.ags, ctx.params.kreis)


def made(own: Directory, day: date, ags: str, kreis: str) -> Block:
    """As `block`, from a directory and a day."""
    ui = own.words.words["page"]
    shown = search_files.listed(own, day)
    if not shown:
        return note(ui["nothing"].format(kreis=kreis))
    hints = [ui["day"].format(day=_german(day.isoformat()))]
    hints += [ui["examples"]] if any(o.yes("example") for o in shown) else []
    parts = [
        *(element("p", hint, class_="kh-hinweis") for hint in reversed(hints)),
        _form(shown, own.words),
        _results(ui),
        _downloads(ui),
        _places(shown, day, own.words, ags),
    ]
    markup = element("div", *parts, class_="kh-angebote", id="kh-angebote")
    return Block(markup, "\n".join(o.get("name") for o in shown))


def _form(shown: list[Offer], words: Vocabulary) -> Markup:
    ui = words.words["page"]
    messages = ("count_one", "count_many", "count_none", "count_first", "more")
    selects = [
        _select(name, label, column, shown, words)
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
        _labelled("alter", ui["age"], "input", type="number", min=0, max=120),
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


def _labelled(name: str, label: str, kind: str, *contents: Markup, **attributes: Value) -> Markup:
    """A field of the form below its label."""
    key = f"kh-a-{name}"
    field = element(kind, *contents, id=key, name=name, **attributes)
    return element("p", element("label", label, for_=key), field, class_="kh-feld")


def _select(name: str, label: str, column: str, shown: list[Offer], words: Vocabulary) -> Markup:
    """A list of the values that an offer has; places in the alphabet, the rest as catalogued."""
    present = {v for o in shown for v in o.many(column)}
    valid = [v for v in words.lists[column] if v in present]
    if column == "ags":
        # Everything that holds for the whole Kreis is found in each of its places.
        valid = [v for v in valid if len(v) == 8]
    if column in ("ags", "languages"):
        valid.sort(key=lambda v: key(words.label(column, v)))
    options = [element("option", words.label(column, v), value=v) for v in valid]
    every = element("option", words.words["page"]["any"], value="")
    return _labelled(name, label, "select", every, *options)


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
    return element("p", text, " ", joined(links, " · "), class_="kh-downloads d-print-none")


def _places(shown: list[Offer], day: date, words: Vocabulary, ags: str) -> Markup:
    """One list per place; what was not checked for a year lies closed at the end."""
    ui = words.words["page"]
    fresh = [o for o in shown if freshness.state(o, day, words) != "stale"]
    old = [o for o in shown if o not in fresh]
    named = words.lists["ags"]
    order = [ags, *sorted((a for a in named if a != ags), key=lambda a: key(named[a]))]
    jumps = element("p", joined((link(f"#ort-{a}", named[a]) for a in order), " · "))
    hint = element("p", ui["print_hint"])
    parts = [element("nav", jumps, hint, class_="d-print-none", aria_label=ui["places"])]
    seen, nothing = set[str](), element("p", ui["none_here"], class_="kh-leer")
    for place in order:
        own = [o for o in fresh if place in o.many("ags")]
        body = _cards(own, day, words, seen) if own else nothing
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
    cards = (_card(one, day, words, seen) for one in offers)
    return element("ul", *cards, class_="kh-angebotsliste")


def _card(one: Offer, day: date, words: Vocabulary, seen: set[str]) -> Markup:
    """One offer. In its second place it has no id of its own."""
    ui = words.words["page"]
    where = ", ".join(words.label("ags", a) for a in one.many("ags"))
    entries = [
        (ui["who"], _who(one, words)),
        (words.columns["languages"], _languages(one, words)),
        (words.columns["schedule"], _times(one)),
        (words.columns["application_process"], one.get("application_process")),
        (words.columns["fees_description"], _fees(one, words)),
        (ui["address"], _address(one)),
        (ui["contact"], _contact(one)),
    ]
    flags = [words.columns[f] for f in _FLAGS if one.yes(f)]
    paused = one.get("status") == "temporarily closed"
    flags += [ui["paused"]] if paused else []
    found = freshness.state(one, day, words)
    told = ui["stale_mark" if found == "stale" else found].format(
        day=_german(one.get("assured_date"))
    )
    key = None if one.id in seen else f"angebot-{one.id}"
    seen.add(one.id)
    about = (one.get("organization"), where, words.label("field", one.get("field")))
    return element(
        "li",
        element("h4", one.get("name")),
        element("p", joined(about, " · "), class_="kh-traeger"),
        *_texts(one),
        bullet_list(flags, class_="kh-merkmale") if flags else "",
        definition_list(entries),
        element("p", told, class_=f"kh-geprueft kh-geprueft-{found}"),
        class_="kh-angebot",
        id=key,
    )


def _texts(one: Offer) -> list[Markup]:
    """Description, plain-language title, and every translation in its own language."""
    parts = [element("p", one.get(c)) for c in ("alternate_name", "description") if one.get(c)]
    for column in one.cells:
        found = TRANSLATED.fullmatch(column)
        if found:
            parts.append(element("p", one.get(column), lang=found[2], dir="auto"))
    return parts


def _who(one: Offer, words: Vocabulary) -> str:
    ui, low, high = words.words["page"], one.get("minimum_age"), one.get("maximum_age")
    groups = [
        words.label("target_groups", g)
        for g in words.lists["target_groups"]
        if g in one.many("target_groups")
    ]
    kind = "age_both" if low and high else "age_from" if low else "age_to" if high else ""
    groups += [ui[kind].format(low=low, high=high)] if kind else []
    level = one.get("language_level")
    if level:
        groups.append(ui["language_level"].format(level=words.label("language_level", level)))
    return "; ".join(groups)


def _languages(one: Offer, words: Vocabulary) -> str:
    named = ", ".join(words.label("languages", v) for v in one.many("languages"))
    if named and one.yes("interpretation_services"):
        named = words.words["page"]["with_interpreter"].format(languages=named)
    return named


def _times(one: Offer) -> str:
    days = " – ".join(_german(one.get(c)) for c in ("valid_from", "valid_to") if one.get(c))
    return "; ".join(t for t in (one.get("schedule"), days) if t)


def _fees(one: Offer, words: Vocabulary) -> str:
    return one.get("fees_description") or (words.columns["free"] if one.yes("free") else "")


def _address(one: Offer) -> str:
    # A town alone stands among the places already.
    if not (one.get("address_1") or one.get("postal_code")):
        return ""
    town = f"{one.get('postal_code')} {one.get('city')}".strip()
    return ", ".join(t for t in (one.get("address_1"), town) if t)


def _contact(one: Offer) -> Markup:
    phone, mail, url = (one.get(c) for c in ("phone", "email", "url"))
    dialled = "".join(c for c in phone if c in "+0123456789")
    department = one.get("contact_department")
    parts = [department] if department else []
    parts += [link(f"tel:{dialled}", phone)] if phone else []
    parts += [link(f"mailto:{mail}", mail)] if mail else []
    parts += [link(url, url, rel="noreferrer")] if url else []
    return joined(parts, " · ")


def _german(day: str) -> str:
    return ".".join(reversed(day.split("-")))
