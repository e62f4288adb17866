"""One small edition, built as every other, with figures made here for tests in a browser.

Its figures are examples, one with every text as hostile as an analyst could type it.
"""

from pathlib import Path

import nbformat
import pytest
from bound import build_html
from frames import DATTELN as OTHER
from frames import MARL, a_break, book, indicator, protected

from kreisheft.book import chart_images
from kreisheft.book.edition_pages import Edition, Page
from kreisheft.book.site import Card, assemble
from kreisheft.book.staging import stage
from kreisheft.core.markup import Markup
from kreisheft.core.project import BOOK_VARIABLE
from kreisheft.render import tables
from kreisheft.render.chart_kinds import group_bars, trend_lines
from kreisheft.render.charts import CONFIG
from kreisheft.render.figure import Figure, note
from kreisheft.render.tables import Table

ROOT = Path(__file__).parents[1]
HOSTILE = (
    "</script><script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "<svg onload=window.ran=1>",
    "javascript:window.ran=1",
)
EVIL = " ".join(HOSTILE)
HEADS = ("Jahr", "Beispiel A", "Beispiel B", "Tabelle")
#: A picture that is finished in the page and follows no choice.
MAP = (
    '<div class="kh-karte"><svg viewBox="0 0 64 64" role="img" aria-label="Karte: Beispiel">'
    '<path d="M8 8h48v48h-48z" fill="#7fb2dc"></path></svg>'
    '<p class="kh-legende-titel">Prozent</p></div>'
)
#: Numbers as the book writes them; the third row parts the series.
ROWS = (
    ("2011", "1.234,5", "−3,2", "T1"),
    ("2012", "999,0", "geheim", "T1"),
    ("Bruch: Beispiel", "", "", ""),
    ("2013", "–", "+0,4", "T2"),
    ("2014", "20,0 (Schätzung)", "12,0", "T2"),
    ("2015", "–", "30.06.2015 (Tag)", "T2"),
    ("2016", "–", "2016", "T2"),
)


def spec(title: str, width: object = "container") -> dict[str, object]:
    values = [{"j": 2011 + i, "w": 10.5 * i, "g": title} for i in range(4)]
    encoding = {
        "x": {"field": "j", "type": "quantitative", "title": None, "axis": {"format": "d"}},
        "y": {"field": "w", "type": "quantitative", "title": title},
        "color": {"field": "g", "type": "nominal", "title": title, "legend": {"orient": "top"}},
        "tooltip": [{"field": "g", "type": "nominal", "title": title}],
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "mark": {"type": "point", "size": 400, "filled": True},
        "encoding": encoding,
        "width": width,
        "height": 200,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "description": title,
        "config": CONFIG,
    }


def figures() -> list[Figure]:
    good = Table("Beispiel im Zeitverlauf", HEADS, ROWS, words=("Tabelle",))
    plain = Table("Beispiel ohne Diagramm", HEADS, ROWS, words=("Tabelle",))
    rows = ((EVIL, "1,0"), ("=1+1", "2,0"), ("c", EVIL))
    bad = Table(EVIL, (EVIL, f"{EVIL} 2"), rows, axes={EVIL: "gruppe"})
    return [
        Figure("f-gut", "Ein Satz.", good, "Diagramm: Beispiel", "Quelle: Beispiel", spec("Quote")),
        Figure("f-boese", EVIL, bad, f"Diagramm: {EVIL}", EVIL, spec(EVIL)),
        Figure("f-tabelle", "Nur eine Tabelle.", plain, "", "Quelle: Beispiel"),
        *choices(),
    ]


def choices() -> list[Figure]:
    """Lines, bars and a table of regions from which a reader may choose."""
    words, quote = book(breaks=(a_break(2015, label="Neu"),)), indicator()
    source = "Quelle: Beispielamt (dl-de/by-2-0), t1, Stand 01.02.2025"
    groups = {"insgesamt": 10.0, "frauen": 20.0, "maenner": 30.0}
    rows = [
        # One figure is hidden: women in 2013.
        {
            "year": year,
            "group": g,
            "value": None if (year, g) == (2013, "frauen") else v + year - 2011,
        }
        for year in range(2011, 2019)
        for g, v in groups.items()
    ]
    shown = protected(*rows)
    lines = tables.series(shown, quote, "Quote im Zeitverlauf", words)
    drawn = trend_lines.fill(shown, quote, "Die Quote steigt.", words)
    last = protected(*rows[-3:])
    bars = tables.by_group(last, quote, "Quote nach Gruppen", words)
    columns = group_bars.fill(last, quote, "Männer haben die höchste.", words)
    near = protected(*({**row, "ags": a} for row in rows[:9] for a in (MARL, OTHER)))
    places = tables.by_place(
        near, quote, "Quote nach Gebiet", {MARL: "Marl", OTHER: "Datteln"}, words
    )
    return [
        Figure("f-quote-verlauf", "Die Quote steigt.", lines, "Diagramm: Verlauf", source, drawn),
        Figure(
            "f-quote-gruppen", "Männer liegen vorn.", bars, "Diagramm: Gruppen", source, columns
        ),
        Figure("f-quote-gebiete", "", places, "", source, drawing=Markup(MAP)),
    ]


def notebook(path: Path, heading: str, outputs: list[str]) -> Path:
    cells = [nbformat.v4.new_markdown_cell(f"# {heading}\n\n## Beispiele", id="kopf")]
    for i, markup in enumerate(outputs):
        data = {"text/html": markup, "text/plain": "x"}
        output = nbformat.v4.new_output("display_data", data)
        cells.append(nbformat.v4.new_code_cell("figure", outputs=[output], id=f"c{i}"))
    language = {"name": "python", "pygments_lexer": "python"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": language})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)
    return path


def built(folder: Path) -> Path:
    """A site with one edition of three pages; return its folder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(BOOK_VARIABLE, "1")
        outputs = [one.html() for one in figures()] + [note(EVIL).markup]
    pages = (
        Page("start", notebook(folder / "s.ipynb", "Start", []), "Start"),
        Page("quellen", notebook(folder / "q.ipynb", "Quellen", []), "Quellen"),
        Page("arbeit/gesamt", notebook(folder / "a.ipynb", "Arbeit", outputs), "Arbeit", EVIL),
        Page("arbeit/ukraine", notebook(folder / "u.ipynb", "Ukraine", []), "Ukraine", "Ukraine"),
    )
    files = chart_images.draw_files(folder, chart_images.read_specs(page.source for page in pages))
    edition = Edition("beispiel", "Kreis Beispiel", 2024, 1, pages)
    stage(edition, ROOT, folder / "staged")
    build_html(folder / "staged", folder / "html", files)
    card = Card("beispiel", 2024, 1, f"Kreis Beispiel {EVIL}")
    assemble(folder / "site", [(card, folder / "html")], ROOT)
    return folder / "site"
