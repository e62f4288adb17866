"""What the warm process has in hand before anybody asks: imports, drawings, data of every chapter.

`engine.warm` calls this by its name, in the process that all chapters and builds of pages are
forked from. Nothing here may start a thread.
"""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

from kreisheft.render import chart_kinds

#: What a build of pages imports late. Not a11y_pygments: it has everything log to stderr.
PAGES = (
    *("jupyter_book.cli.main", "jupyter_book.sphinx", "myst_nb.sphinx_", "myst_nb.sphinx_ext"),
    *("myst_parser.sphinx_ext.main", "sphinx.cmd.build", "sphinx_book_theme", "jinja2.sandbox"),
    *("sphinx_comments", "sphinx_external_toc"),
)
#: What notebooks import by name, and what their figures need.
CHAPTERS = (
    *("kreisheft.chapters.chapter", "kreisheft.chapters.indicator_page"),
    *("kreisheft.chapters.strategy_chapter", "kreisheft.render.chart_kinds"),
)

#: Folders of kinds of charts, drawn beforehand.
CHARTS = ("kreisheft.render.chart_kinds", "kreisheft.participation.chart_kinds")


def load(root: str) -> None:
    """Import what chapters and builds of pages import; read what every chapter reads.

    root: the project; empty: read nothing.
    """
    import soupsieve
    import sphinx.application

    for name in (*CHAPTERS, *PAGES, *sphinx.application.builtin_extensions):
        import_module(name)
    # As the theme does first on every page: its patterns are made when they are first used.
    soupsieve.compile("li.toctree-l1 > details")
    draw_charts()
    if root:
        # A mistake in the data is told by who needs it, not by a process that nobody sees.
        with suppress(Exception):
            _read(Path(root))


def draw_charts() -> None:
    """Draw every kind of chart: Altair takes up to 80 ms for one, filling it less than one."""
    for folder in CHARTS:
        chart_kinds.draw(import_module(folder))


def _read(root: Path) -> None:
    from kreisheft.catalogue import catalogue, params, thresholds
    from kreisheft.facts import passports, regions
    from kreisheft.participation import collection
    from kreisheft.practice import practice_entries
    from kreisheft.protected import disclosure, peers
    from kreisheft.strategy import document

    catalogue.load(root)
    regions.load(root)
    for table in sorted(passports.load(root)):
        passports.find(root, table)
    passports.sources(root)
    for kreis, ags in params.kreise(root).items():
        if ags in params.reporting_kreise(root):
            params.load(root, kreis)
            collection.load(root, kreis)
    practice_entries.load_all(root)
    collection.words(root)
    for kreis in document.kreise(root):
        document.load(root, kreis)
    thresholds.load(root)
    peers.load_rules(root)
    disclosure.load_rules(root)
