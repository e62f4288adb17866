"""The indicators on the first page, and the words of that page.

In: ``data/catalogue/start.yml``. Out: `Headlines`. Mistakes are a DataError with their lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kreisheft.catalogue import catalogue
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if


@dataclass(frozen=True)
class Headlines:
    """The content of ``start.yml``.

    entries: title → indicators; the first with a recent figure is shown
    words: texts of the page; short: id of a verdict or reason → its short text
    """

    entries: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    short: Mapping[str, str]


def load(root: Path) -> Headlines:
    """Read the file. Raises DataError with the line of every unknown indicator."""
    document = yaml_files.load(root / "data/catalogue/start.yml", "start", root)
    indicators, content = catalogue.load(root).indicators, document.content
    raise_if(
        Problem(
            document.where("headlines", number, "indicators", place),
            f"unknown indicator {name!r}",
            "use an id of data/catalogue/<field>.yml",
        )
        for number, entry in enumerate(content["headlines"])
        for place, name in enumerate(entry["indicators"])
        if name not in indicators
    )
    entries = {entry["title"]: tuple(entry["indicators"]) for entry in content["headlines"]}
    return Headlines(entries, content["words"], content["short"])


def check(root: Path) -> list[Problem]:
    """Report every mistake in the file."""
    return yaml_files.collect([lambda: load(root)])
