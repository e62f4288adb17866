"""Formats of publications, one module each, named after the ending of its files.

A module has a ``FORMAT``: see `paper_format.PaperFormat`. It imports what it writes with only when
it writes: libraries for print take a fifth of what a build imports, and few builds print.
"""

import pkgutil
from functools import cache
from importlib import import_module

from kreisheft.papers.paper_format import PaperFormat


@cache
def load_formats() -> dict[str, PaperFormat]:
    """Ending → format, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").FORMAT for name in names}


def media_types() -> dict[str, str]:
    """Ending with its point → what a server calls such a file."""
    return {
        f".{ending}": paper_format.media_type for ending, paper_format in load_formats().items()
    }
