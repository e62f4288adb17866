"""The directory on its page: plain lists by place first, a search form for those with scripts.

In: a `Context` of the whole book. Out: one `Block`. Without scripts the form stays hidden and the
lists are everything; ``book/assets/angebote.js`` shows the form, reads the index that `index` wrote
and shows copies of the very cards of these lists. All words come from the vocabulary.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

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
        "".join(f'<p class="kh-hinweis">{escape(h)}</p>' for h in reversed(hints)),
        _form(shown, own.words),
        _results(ui),
        _downloads(ui),
        _places(shown, day, own.words, ags),
    ]
    markup = f'<div class="kh-angebote" id="kh-angebote">{"".join(parts)}</div>'
    return Block(markup, "\n".join(o.get("name") for o in shown))


def _form(shown: list[Offer], words: Vocabulary) -> str:
    ui = words.words["page"]
    messages = ("count_one", "count_many", "count_none", "count_first", "more")
    data = "".join(f' data-{m.replace("_", "-")}="{escape(ui[m])}"' for m in messages)
    selects = "".join(
        _select(name, label, column, shown, words)
        for name, label, column in (
            ("ort", ui["place"], "ags"),
            ("feld", ui["field"], "field"),
            ("gruppe", ui["target_group"], "target_groups"),
            ("sprache", ui["language"], "languages"),
        )
    )
    boxes = "".join(_box(f, ui[f]) for f in _FLAGS)
    stale = _box("stale", ui["stale"].format(days=words.words["days"]["stale"]))
    return (
        f'<form class="kh-angebote-suche d-print-none" role="search" hidden'
        f' aria-label="{escape(ui["search"])}"{data}>'
        f'<p class="kh-feld kh-feld-breit"><label for="kh-a-q">{escape(ui["query"])}</label>'
        # Not "q": the theme empties every field of that name on every page.
        '<input id="kh-a-q" name="wort" type="search" autocomplete="off" spellcheck="false"'
        ' aria-describedby="kh-a-q-hinweis">'
        f'<small id="kh-a-q-hinweis">{escape(ui["query_hint"])}</small></p>'
        f"{selects}"
        f'<p class="kh-feld"><label for="kh-a-alter">{escape(ui["age"])}</label>'
        '<input id="kh-a-alter" name="alter" type="number" min="0" max="120"></p>'
        f'<fieldset class="kh-feld-breit"><legend class="kh-nur-vorlesen">'
        f"{escape(ui['search'])}</legend>{boxes}{stale}</fieldset>"
        f'<p class="kh-feld-breit"><button type="reset">{escape(ui["reset"])}</button></p></form>'
    )


def _select(name: str, label: str, column: str, shown: list[Offer], words: Vocabulary) -> str:
    """A list of the values that an offer has; places in the alphabet, the rest as catalogued."""
    present = {v for o in shown for v in o.many(column)}
    valid = [v for v in words.lists[column] if v in present]
    if column == "ags":
        # Everything that holds for the whole Kreis is found in each of its places.
        valid = [v for v in valid if len(v) == 8]
    if column in ("ags", "languages"):
        valid.sort(key=lambda v: key(words.label(column, v)))
    options = "".join(
        f'<option value="{escape(v)}">{escape(words.label(column, v))}</option>' for v in valid
    )
    every = f'<option value="">{escape(words.words["page"]["any"])}</option>'
    return (
        f'<p class="kh-feld"><label for="kh-a-{name}">{escape(label)}</label>'
        f'<select id="kh-a-{name}" name="{name}">{every}{options}</select></p>'
    )


def _box(name: str, label: str) -> str:
    return f'<label><input type="checkbox" name="{name}" value="1"> {escape(label)}</label>'


def _results(ui: dict[str, str]) -> str:
    buttons = "".join(
        f'<button type="button" data-tut="{does}">{escape(ui[word])}</button>'
        for does, word in (("csv", "save_csv"), ("json", "save_json"), ("print", "print"))
    )
    return (
        '<section class="kh-angebote-treffer" hidden aria-labelledby="kh-a-treffer">'
        f'<h3 id="kh-a-treffer">{escape(ui["results"])}</h3>'
        '<p class="kh-zahl-der-treffer" role="status" aria-live="polite"></p>'
        f'<p class="kh-werkzeuge d-print-none">{buttons}</p><ul class="kh-angebotsliste"></ul>'
        '<p class="d-print-none"><button type="button" data-tut="more" hidden></button></p>'
        "</section>"
    )


def _downloads(ui: dict[str, str]) -> str:
    links = " · ".join(
        f'<a href="{address}" download>{escape(ui[word])}</a>'
        for address, word in ((search_files.CSV, "all_csv"), (search_files.JSON, "all_json"))
    )
    return f'<p class="kh-downloads d-print-none">{escape(ui["downloads"])} {links}</p>'


def _places(shown: list[Offer], day: date, words: Vocabulary, ags: str) -> str:
    """One list per place; what was not checked for a year lies closed at the end."""
    ui = words.words["page"]
    fresh = [o for o in shown if freshness.state(o, day, words) != "stale"]
    old = [o for o in shown if o not in fresh]
    named = words.lists["ags"]
    order = [ags, *sorted((a for a in named if a != ags), key=lambda a: key(named[a]))]
    jumps = " · ".join(f'<a href="#ort-{a}">{escape(named[a])}</a>' for a in order)
    parts = [
        f'<nav class="d-print-none" aria-label="{escape(ui["places"])}"><p>{jumps}</p>'
        f"<p>{escape(ui['print_hint'])}</p></nav>"
    ]
    seen: set[str] = set()
    for place in order:
        own = [o for o in fresh if place in o.many("ags")]
        cards = "".join(_card(o, day, words, seen) for o in own)
        body = f'<ul class="kh-angebotsliste">{cards}</ul>' if own else ""
        body = body or f'<p class="kh-leer">{escape(ui["none_here"])}</p>'
        if place != ags:
            body += f'<p><a href="#ort-{ags}">{escape(ui["also"])}</a></p>'
        jump = ui["print_one"].format(place=named[place])
        parts.append(
            f'<section class="kh-ort" id="liste-{place}"><h3 id="ort-{place}">'
            f"{escape(named[place])}</h3>"
            f'<p class="kh-druckliste d-print-none"><a href="#liste-{place}">{escape(jump)}</a> '
            f'<a class="kh-zurueck" href="#kh-angebote">{escape(ui["back"])}</a></p>'
            f"{body}</section>"
        )
    if old:
        cards = "".join(_card(o, day, words, seen) for o in old)
        title = escape(ui["old"].format(n=len(old)))
        parts.append(
            f'<details class="kh-tabelle kh-alt"><summary>{title}</summary>'
            f'<ul class="kh-angebotsliste">{cards}</ul></details>'
        )
    return f'<div class="kh-angebote-orte">{"".join(parts)}</div>'


def _card(one: Offer, day: date, words: Vocabulary, seen: set[str]) -> str:
    """One offer. In its second place it has no id of its own."""
    ui = words.words["page"]
    where = ", ".join(words.label("ags", a) for a in one.many("ags"))
    entries = [
        (ui["who"], _who(one, words)),
        (words.columns["languages"], _languages(one, words)),
        (words.columns["schedule"], escape(_times(one))),
        (words.columns["application_process"], escape(one.get("application_process"))),
        (words.columns["fees_description"], escape(_fees(one, words))),
        (ui["address"], escape(_address(one))),
        (ui["contact"], _contact(one)),
    ]
    items = "".join(f"<dt>{escape(k)}</dt><dd>{v}</dd>" for k, v in entries if v)
    flags = [words.columns[f] for f in _FLAGS if one.yes(f)]
    paused = one.get("status") == "temporarily closed"
    flags += [ui["paused"]] if paused else []
    marks = "".join(f"<li>{escape(f)}</li>" for f in flags)
    marks = f'<ul class="kh-merkmale">{marks}</ul>' if marks else ""
    found = freshness.state(one, day, words)
    told = ui["stale_mark" if found == "stale" else found].format(
        day=_german(one.get("assured_date"))
    )
    mark = "" if one.id in seen else f' id="angebot-{escape(one.id)}"'
    seen.add(one.id)
    return (
        f'<li class="kh-angebot"{mark}><h4>{escape(one.get("name"))}</h4>'
        f'<p class="kh-traeger">{escape(one.get("organization"))} · {escape(where)} · '
        f"{escape(words.label('field', one.get('field')))}</p>"
        f"{_texts(one)}{marks}<dl>{items}</dl>"
        f'<p class="kh-geprueft kh-geprueft-{found}">{escape(told)}</p></li>'
    )


def _texts(one: Offer) -> str:
    """Description, plain-language title, and every translation in its own language."""
    parts = [
        f"<p>{escape(one.get(c))}</p>" for c in ("alternate_name", "description") if one.get(c)
    ]
    for column in one.cells:
        found = TRANSLATED.fullmatch(column)
        if found:
            text = escape(one.get(column))
            parts.append(f'<p lang="{found[2]}" dir="auto">{text}</p>')
    return "".join(parts)


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
    return escape("; ".join(groups))


def _languages(one: Offer, words: Vocabulary) -> str:
    named = ", ".join(words.label("languages", v) for v in one.many("languages"))
    if named and one.yes("interpretation_services"):
        named = words.words["page"]["with_interpreter"].format(languages=named)
    return escape(named)


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


def _contact(one: Offer) -> str:
    phone, mail, url = (one.get(c) for c in ("phone", "email", "url"))
    dialled = "".join(c for c in phone if c in "+0123456789")
    parts = [escape(one.get("contact_department"))]
    parts += [f'<a href="tel:{dialled}">{escape(phone)}</a>'] if phone else []
    parts += [f'<a href="mailto:{escape(mail)}">{escape(mail)}</a>'] if mail else []
    parts += [f'<a href="{escape(url)}" rel="noreferrer">{escape(url)}</a>'] if url else []
    return " · ".join(p for p in parts if p)


def _german(day: str) -> str:
    return ".".join(reversed(day.split("-")))
