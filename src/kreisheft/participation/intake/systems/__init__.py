"""Survey systems, one module each: what they export as structure, and how they write answers.

A module has a ``SYSTEM``: see `survey_system.SurveySystem`.
"""

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers import decoding
from kreisheft.participation.intake.questions import Structure
from kreisheft.participation.intake.survey_system import SurveySystem


@cache
def load_systems() -> dict[str, SurveySystem]:
    """Name → system, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").SYSTEM for name in names}


def read(path: Path, language: str = "") -> tuple[SurveySystem, Structure]:
    """Read a structure; language: of the texts, else German, else the first one.

    DataError for a file that no system has exported, or that is not well-formed.
    """
    data = decoding.load(path)
    for system in load_systems().values():
        if system.recognises(data):
            return system, system.read(data, path.name, language)
    exports = "; ".join(f"{system.name}: {system.export}" for system in load_systems().values())
    raise DataError(
        [Problem(path.name, "is not the structure of a survey", f"export it, {exports}")]
    )
