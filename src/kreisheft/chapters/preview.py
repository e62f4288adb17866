"""The analysts' preview: a chapter for a Kreis, year and target group chosen with widgets.

In: the project around the notebook. Out: widgets and, below them, the template's cells executed
with the chosen parameters, exactly as the engine would. Never part of a published page.
"""

import ast
from pathlib import Path

import ipywidgets as widgets
from IPython.display import Markdown, display

from kreisheft.catalogue import catalogue, params
from kreisheft.core import project
from kreisheft.engine import template


def show(kreis: str = "recklinghausen", field: str = "arbeit") -> widgets.VBox:
    """Build the preview; `kreis` and `field` are what it starts with."""
    root = project.root()
    book = catalogue.load(root)
    labels = book.texts["columns"]
    settings = params.load(root, kreis)
    choices = {
        "kreis": widgets.Dropdown(options=list(params.kreise(root)), value=kreis),
        "field": widgets.Dropdown(
            options=[(f["title"], key) for key, f in book.fields.items()], value=field
        ),
        "year": widgets.Dropdown(options=settings.report_years, value=settings.report_years[-1]),
        "target_group": widgets.Dropdown(
            options=[(g["title"], key) for key, g in book.target_groups.items()]
        ),
    }
    for name, widget in choices.items():
        widget.description = labels[name]
        widget.layout = widgets.Layout(width="32rem")

    def renew(change: dict[str, str]) -> None:
        years = params.load(root, change["new"]).report_years
        choices["year"].options = years
        choices["year"].value = years[-1]

    choices["kreis"].observe(renew, names="value")
    output = widgets.interactive_output(lambda **values: run(root, **values), choices)
    return widgets.VBox([*choices.values(), output])


def run(root: Path, field: str, **parameters: str | int) -> None:
    """Display the template of `field` cell by cell, with `parameters` instead of its defaults."""
    names: dict[str, object] = dict(parameters)
    for cell in template.load(root / "notebooks" / f"{field}.ipynb", root):
        if cell.kind == "markdown":
            display(Markdown(cell.source))
        elif "parameters" not in cell.tags:
            _execute(cell.source, names)


def _execute(source: str, names: dict[str, object]) -> None:
    """Run the statements and display the last expression, as a notebook does."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<template>", "exec"), names)
    if isinstance(last, ast.Expr):
        display(eval(compile(ast.Expression(last.value), "<template>", "eval"), names))
