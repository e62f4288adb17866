"""Maps in classes, as a picture inside the page: no script, and no colour without number and word.

In: `Protected` with at most one row per region, and their outlines. Out: HTML with the picture and
its legend, which names the regions of every class. A hidden figure is hatched and says so; its
region has neither value nor class anywhere in the markup, and no class is made from it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kreisheft import texts
from kreisheft.catalogue import Catalogue, Indicator
from kreisheft.model import Protected
from kreisheft.outlines import Area, Ground

#: Light to dark in one hue, told apart in grey too.
COLOURS = ("#eaf2f9", "#b9d6eb", "#7fb2dc", "#3f80bb", "#124a80")
#: Which of them a map of so many classes takes.
TAKEN = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
MOST = max(TAKEN)
#: Sizes in units of the picture; a letter is as wide as half of its size, with some air.
NUMBER, WORD, LETTER = 22, 16, 0.56
HIDDEN = ("hidden", "hidden_below_3")
EMPTY = "#f3f3f3"


@dataclass(frozen=True)
class Labels:
    """What a map says besides its figures.

    key: begin of all ids. name: of the picture. names: of the regions. links: where a region leads;
    one without goes to its class in the legend. own: the region with a thick border, or empty.
    """

    key: str
    name: str
    names: Mapping[str, str]
    links: Mapping[str, str]
    own: str = ""


def html(
    shown: Protected, indicator: Indicator, ground: Ground, labels: Labels, book: Catalogue
) -> str:
    """Picture and legend. Regions of `ground` without a row have no figure."""
    rows = {ags: rest for ags, *rest in shown.rows("ags", "value", "status")}
    figures = {area.ags: rows.get(area.ags, [math.nan, "none"]) for area in ground.areas}
    known = {ags: value for ags, (value, _) in figures.items() if not math.isnan(value)}
    lowest = bounds(list(known.values()))
    classes = {ags: sum(value >= low for low in lowest[1:-1]) for ags, value in known.items()}
    fills = [COLOURS[i] for i in TAKEN[len(lowest) - 1]]
    hatched = {a for a, (value, status) in figures.items() if a not in known and status in HIDDEN}
    body, marks = [], []
    for area in sorted(ground.areas, key=lambda one: one.ags == labels.own):
        number = classes.get(area.ags)
        value, status = figures[area.ags]
        name = labels.names[area.ags]
        if number is not None:
            fill, part = fills[number], f"k{number + 1}"
            written = texts.number(value, indicator.unit, book)
            written += str(book.texts["marks"].get(status, ""))
            told = book.texts["maps"]["region"].format(name=name, value=written, number=number + 1)
        else:
            secret = area.ags in hatched
            fill, part = (f"url(#{labels.key}-x)", "geheim") if secret else (EMPTY, "ohne")
            word = book.texts["status" if secret else "maps"][status if secret else "without"]
            told = book.texts["maps"]["other"].format(name=name, status=word)
        href = labels.links.get(area.ags, f"#{labels.key}-{part}")
        edge = ' class="kh-eigen"' if area.ags == labels.own else ""
        body.append(
            f'<a href="{escape(href)}" aria-label="{escape(told)}"{edge}><path class="kh-{part}" '
            f'fill="{fill}" d="{area.path}"><title>{escape(told)}</title></path></a>'
        )
        marks.append(_mark(area, name, number, book if area.ags in hatched else None))
    # At least the own region says its name, over all others.
    named = [_name(area, labels.names[area.ags]) for area in ground.areas if area.ags == labels.own]
    return (
        f'<div class="kh-karte"><svg viewBox="0 0 {ground.width} {ground.height}" role="group" '
        f'aria-label="{escape(labels.name)}">{_hatching(labels.key) if hatched else ""}'
        f'<g fill-rule="evenodd" stroke="#42535e" stroke-width="1">{"".join(body)}</g>'
        f'<g aria-hidden="true" text-anchor="middle" fill="#12222c" stroke="#fff" '
        f'stroke-width="4" paint-order="stroke">{"".join(marks)}{"".join(named)}</g></svg>'
        f"{_legend(figures, classes, lowest, fills, indicator, labels, book)}</div>"
    )


def bounds(values: Sequence[float]) -> list[float]:
    """Bounds of up to five classes of one width, from the lowest bound to the highest.

    The width is 1, 2, 2.5 or 5 times a power of ten; each class has its lower bound and not its
    upper one. Equal widths rank nobody, unlike classes with as many regions each.
    """
    if not values:
        return [0.0, 0.0]
    low, high = min(values), max(values)
    if low == high:
        return [low, high]
    power = math.floor(math.log10((high - low) / MOST))
    for step in (m * 10.0**p for p in (power, power + 1) for m in (1.0, 2.0, 2.5, 5.0)):
        first, last = math.floor(low / step), math.floor(high / step) + 1
        if last - first <= MOST:
            return [round(i * step, 9) for i in range(first, last + 1)]
    return [low, high]


def _mark(area: Area, name: str, number: int | None, hidden: Catalogue | None) -> str:
    """Number of the class, and the name where the region has room for it; or that it is hidden."""
    (x, y), name = area.at, escape(name)
    word = str(hidden.texts["status"]["hidden"]) if hidden else ""
    text = str(number + 1) if number is not None else word
    if not text:
        return ""
    size, below = NUMBER if number is not None else WORD, ""
    if area.room >= len(name) * WORD * LETTER:
        below = f'<text class="kh-ort-name" x="{x}" y="{y + WORD}" font-size="{WORD}">{name}</text>'
        y -= 4
    else:
        y += size // 3
    mark = f'<text x="{x}" y="{y}" font-size="{size}" font-weight="700">{escape(text)}</text>'
    return mark + below


def _name(area: Area, name: str) -> str:
    (x, y), name = area.at, escape(name)
    return f'<text x="{x}" y="{y + NUMBER + 4}" font-size="{WORD}" font-weight="700">{name}</text>'


def _hatching(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-x" width="9" height="9" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path fill="#fff" d="M0 0h9v9h-9z"/>'
        '<path fill="#42535e" d="M0 0h3v9h-3z"/></pattern></defs>'
    )


def _legend(
    figures: Mapping[str, Sequence[Any]],
    classes: Mapping[str, int],
    lowest: Sequence[float],
    fills: Sequence[str],
    indicator: Indicator,
    labels: Labels,
    book: Catalogue,
) -> str:
    """Every class with its number, bounds and regions, then what is hidden and what is missing."""
    words, items = book.texts["maps"], []
    unit = book.texts["units"][indicator.unit]["axis"]

    def write(value: float) -> str:
        return texts.number(value, indicator.unit, book, suffix=False)

    def item(part: str, fill: str, sign: str, text: str, own: Sequence[str]) -> str:
        named = ", ".join(sorted(labels.names[ags] for ags in own)) or words["empty"]
        return (
            f'<li id="{labels.key}-{part}" class="kh-{part}"><svg viewBox="0 0 32 22" '
            f'aria-hidden="true"><path fill="{fill}" stroke="#42535e" d="M1 1h30v20h-30z"/>'
            f'<text x="16" y="17" font-size="16" font-weight="700" text-anchor="middle" '
            f'fill="#12222c" stroke="#fff" stroke-width="4" paint-order="stroke">{sign}</text>'
            f"</svg><span><strong>{escape(text)}</strong>: {escape(named)}</span></li>"
        )

    for number, fill in enumerate(fills if classes else ()):
        key = "single" if lowest[0] == lowest[-1] else "class"
        text = words[key].format(low=write(lowest[number]), high=write(lowest[number + 1]))
        own = [ags for ags, at in classes.items() if at == number]
        items.append(item(f"k{number + 1}", fill, str(number + 1), text, own))
    left = {a: status for a, (_, status) in figures.items() if a not in classes}
    hidden = [a for a, status in left.items() if status in HIDDEN]
    if hidden:
        word = str(book.texts["status"]["hidden"])
        items.append(item("geheim", f"url(#{labels.key}-x)", "", word, hidden))
    without = [a for a in left if a not in hidden]
    if without:
        items.append(item("ohne", EMPTY, "", words["without"], without))
    title = escape(words["legend"].format(unit=unit))
    return f'<p class="kh-legende-titel">{title}</p><ul class="kh-legende">{"".join(items)}</ul>'
