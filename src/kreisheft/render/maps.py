"""Maps in classes, as a picture inside the page: no script, and no colour without number and word.

In: `Protected` with at most one row per region, and their outlines. Out: HTML with the picture and
its legend, which names the regions of every class. A hidden figure is hatched and says so; its
region has neither value nor class anywhere in the markup, and no class is made from it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.core.markup import Markup, Value, element, link
from kreisheft.facts.stages import Protected
from kreisheft.render import sentences
from kreisheft.render.map_outlines import Area, Ground

#: Light to dark in one hue, told apart in grey too.
COLOURS = ("#eaf2f9", "#b9d6eb", "#7fb2dc", "#3f80bb", "#124a80")
#: Which of them a map of so many classes takes.
TAKEN = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
MOST = max(TAKEN)
EMPTY, EDGE = "#f3f3f3", "#42535e"
#: Sizes in units of the picture; a letter is about half as wide as high.
NUMBER, WORD, LETTER = 22, 16, 0.56
#: A map of more regions has smaller numbers, and no name but the own one.
FEW, SMALL = 30, 15
#: Looks of a number or name: legible on every colour.
INK: dict[str, Value] = {
    "fill": "#12222c",
    "stroke": "#fff",
    "stroke_width": 4,
    "paint_order": "stroke",
    "text_anchor": "middle",
}
HIDDEN = ("hidden", "hidden_below_3")
#: Parts of the legend beside the classes: hidden, and without a figure. They are in ids of pages.
SECRET, WITHOUT = "geheim", "ohne"


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


@dataclass(frozen=True)
class Part:
    """One entry of the legend: a class, the hidden regions, or those without a figure.

    sign: what stands on its regions. text: its bounds, or the word.
    """

    id: str
    fill: str
    sign: str
    text: str


def html(
    protected: Protected, indicator: Indicator, ground: Ground, labels: Labels, book: Catalogue
) -> Markup:
    """HTML of picture and legend.

    protected: at most one row per region of `ground`; a region without one has no figure.
    """
    words = book.texts["maps"]
    rows = {ags: (value, status) for ags, value, status in protected.rows("ags", "value", "status")}
    figures = {area.ags: rows.get(area.ags, (math.nan, "none")) for area in ground.areas}
    lowest = bounds([value for value, _ in figures.values() if not math.isnan(value)])
    classes = _classes(lowest, indicator, book)
    secret = Part(SECRET, f"url(#{labels.key}-x)", "", str(book.texts["status"]["hidden"]))
    without = Part(WITHOUT, EMPTY, "", str(words["without"]))
    placed: dict[str, Part] = {}
    texts: dict[str, str] = {}
    for ags, (value, status) in figures.items():
        name = labels.names[ags]
        if math.isnan(value):
            placed[ags] = secret if status in HIDDEN else without
            reason = book.texts["status"][status] if status in HIDDEN else without.text
            texts[ags] = words["other"].format(name=name, status=reason)
        else:
            placed[ags] = classes[sum(value >= low for low in lowest[1:-1])]
            written = sentences.number(value, indicator.unit, book)
            written += str(book.texts["marks"].get(status, ""))
            number = placed[ags].sign
            texts[ags] = words["region"].format(name=name, value=written, number=number)
    parts = classes if set(placed.values()) - {secret, without} else []
    parts += [part for part in (secret, without) if part in placed.values()]
    picture = _picture(ground, placed, texts, labels, hatched=secret in parts)
    title = words["legend"].format(unit=book.texts["units"][indicator.unit]["axis"])
    items = [
        _item(part, [labels.names[a] for a in placed if placed[a] == part], labels, words["empty"])
        for part in parts
    ]
    head = element("p", title, class_="kh-legende-titel")
    legend = element("ul", *items, class_="kh-legende")
    return element("div", picture, head, legend, class_="kh-karte")


def bounds(values: Sequence[float]) -> list[float]:
    """Bounds of up to five classes of one width, from the lowest bound to the highest.

    The width is 1, 2, 2.5 or 5 times a power of ten; a class has its lower bound and not its upper
    one. Equal widths rank nobody, unlike classes with as many regions each.
    """
    if not values or min(values) == max(values):
        return [*values[:1], *values[:1]] or [0.0, 0.0]
    low, high = min(values), max(values)
    power = math.floor(math.log10((high - low) / MOST))
    steps = (m * 10.0**p for p in (power, power + 1) for m in (1.0, 2.0, 2.5, 5.0))
    spans = ((step, math.floor(low / step), math.floor(high / step) + 1) for step in steps)
    step, first, last = next(span for span in spans if span[2] - span[1] <= MOST)
    return [round(i * step, 9) for i in range(first, last + 1)]


def _classes(lowest: Sequence[float], indicator: Indicator, book: Catalogue) -> list[Part]:
    key = "single" if lowest[0] == lowest[-1] else "class"
    written = [sentences.number(v, indicator.unit, book, suffix=False) for v in lowest]
    return [
        Part(
            f"k{i + 1}",
            COLOURS[colour],
            str(i + 1),
            book.texts["maps"][key].format(low=written[i], high=written[i + 1]),
        )
        for i, colour in enumerate(TAKEN[len(lowest) - 1])
    ]


def _picture(
    ground: Ground,
    placed: Mapping[str, Part],
    texts: Mapping[str, str],
    labels: Labels,
    *,
    hatched: bool,
) -> Markup:
    few, shapes, marks = len(ground.areas) <= FEW, [], []
    # The own region is drawn last: its border and name lie over all others.
    for area in sorted(ground.areas, key=lambda candidate: candidate.ags == labels.own):
        part, own = placed[area.ags], area.ags == labels.own
        address, text = labels.links.get(area.ags, f"#{labels.key}-{part.id}"), texts[area.ags]
        title = element("title", text)
        shape = element("path", title, class_=f"kh-{part.id}", fill=part.fill, d=area.path)
        edge = "kh-eigen" if own else None
        shapes.append(link(address, shape, aria_label=text, class_=edge))
        sign = part.text if part.id == SECRET and few else part.sign
        name = labels.names[area.ags] if few or own else ""
        marks.append(_mark(area, sign, name, few=few, always=own))
    return element(
        "svg",
        _hatching(labels.key) if hatched else "",
        element("g", *shapes, fill_rule="evenodd", stroke=EDGE, stroke_width=1),
        element("g", *marks, aria_hidden="true", **INK),
        viewBox=f"0 0 {ground.width} {ground.height}",
        role="group",
        aria_label=labels.name,
        # For the style sheet: many regions, small words.
        class_=None if few else "kh-viele",
    )


def _mark(area: Area, sign: str, name: str, *, few: bool, always: bool) -> Markup:
    """Sign of the class, and below it the name where it fits; always: the name even if not."""
    (x, y), mark = area.at, Markup()
    size = NUMBER if few and sign.isdigit() else SMALL
    below = name and (always or area.room >= len(name) * WORD * LETTER)
    if sign:
        at = y - 4 if below else y + size // 3
        mark = element("text", sign, x=x, y=at, font_size=size, font_weight=700)
    if below:
        mark += element("text", name, class_="kh-ort-name", x=x, y=y + WORD, font_size=WORD)
    return mark


def _hatching(key: str) -> Markup:
    pattern = element(
        "pattern",
        element("path", fill="#fff", d="M0 0h9v9h-9z"),
        element("path", fill=EDGE, d="M0 0h3v9h-3z"),
        id=f"{key}-x",
        width=9,
        height=9,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern)


def _item(part: Part, names: Sequence[str], labels: Labels, empty: str) -> Markup:
    """A line of the legend: patch with its sign, bounds or word, and the regions."""
    patch = element("path", fill=part.fill, stroke=EDGE, d="M1 1h30v20h-30z")
    sign = element("text", part.sign, x=16, y=17, font_size=16, font_weight=700, **INK)
    picture = element("svg", patch, sign, viewBox="0 0 32 22", aria_hidden="true")
    regions = ", ".join(sorted(names)) or empty
    text = element("span", element("strong", part.text), f": {regions}")
    key = f"{labels.key}-{part.id}"
    return element("li", picture, text, id=key, class_=f"kh-{part.id}")
