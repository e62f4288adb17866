"""Stage 5 as it leaves a notebook: sentence, chart, table and source in one block of HTML.

In the book (the engine sets KREISHEFT_BOOK) the chart is its specification as JSON, drawn by
``book/assets/charts.js``, with a place for the picture that `chart_images` makes of it; for an
analyst in JupyterLab it is an SVG, so that nothing is loaded from anywhere. Ids depend on nothing
but the content, so two runs give the same bytes.
"""

import hashlib
import json
import os
from dataclasses import dataclass

from kreisheft.core import project
from kreisheft.core.markup import Markup, element
from kreisheft.render import tables
from kreisheft.render.charts import Spec
from kreisheft.render.tables import Table


@dataclass(frozen=True)
class Figure:
    """One figure. `spec` is None where a table says it all.

    name: what the chart is called for a reader who does not see it; the sentence is read anyway
    """

    id: str
    sentence: str
    table: Table
    name: str
    source: str
    spec: Spec | None = None
    #: A picture that is finished HTML, such as a map; there is then no `spec`.
    drawing: Markup | None = None

    def html(self) -> Markup:
        """The whole block: see the contract in ``docs/decisions/0004-figure-html-contract.md``."""
        table = tables.html(self.table)
        if self.spec or self.drawing:
            table = element("div", table, class_="kh-tabelle")
        parts = [element("p", self.sentence, class_="kh-satz")] if self.sentence else []
        # Filled with buttons by the scripts of book/assets; without them it takes no room.
        parts += [element("div", class_="kh-leiste"), table]
        if self.drawing:
            parts.append(element("div", self.drawing, class_="kh-chart kh-fest"))
        elif self.spec:
            parts.append(_chart(self.spec, self.name))
        if self.source:
            parts.append(element("figcaption", self.source, class_="kh-quelle"))
        return element("figure", *parts, class_="kh-figure", id=self.id)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.sentence or self.table.caption}


@dataclass(frozen=True)
class Block:
    """HTML without figures: parameter box, notes, definitions. `text` is its plain reading."""

    markup: Markup
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        # What mypy could not see through the words of the catalogue is escaped here at the latest.
        return {"text/html": Markup.escape(self.markup), "text/plain": self.text}


def note(text: str) -> Block:
    """One paragraph that says why there is no figure."""
    return Block(element("p", text, class_="kh-leer"), text)


def _chart(spec: Spec, name: str) -> Markup:
    if not os.environ.get(project.BOOK_VARIABLE):
        # 50 MB of native code that the book does not need.
        import vl_convert

        svg = vl_convert.vegalite_to_svg({**spec, "width": 640}, format_locale="de-DE")
        return element("div", Markup(svg), class_="kh-chart")
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # Neither may end the element or begin a comment in it.
    text = text.replace("</", "<\\/").replace("<!", "\\u003c!")
    key = f"chart-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    picture = element("img", class_="kh-bild", data_bild=key, alt=name)
    data = element("script", Markup(text), type="application/json", data_for=key)
    return element("div", picture, class_="kh-chart", id=key) + data
