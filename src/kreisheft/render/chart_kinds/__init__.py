"""Kinds of charts, one module each; `participation.chart_kinds` has those of what people answer.

A kind has ``template(...) -> Spec``, drawn with Altair once per process, with places for what
varies; ``fill(...) -> Spec``, which fills it for one figure; and ``draw()``, which draws every form
of it beforehand. A figure imports its kind by name, so that a chapter runs anew only if a kind that
it shows has changed.
"""

import pkgutil
from importlib import import_module
from types import ModuleType


def draw(folder: ModuleType) -> None:
    """Draw every kind in a folder of kinds, so that processes forked later have them."""
    for kind in pkgutil.iter_modules(folder.__path__):
        import_module(f"{folder.__name__}.{kind.name}").draw()
