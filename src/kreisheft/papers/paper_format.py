"""What makes a module of `papers.formats` a format of publications: its constant ``FORMAT``.

CONTRIBUTING.md says how to add one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kreisheft.core import cache
from kreisheft.papers.manuscript import Manuscript, Words

#: Project, manuscript, ``charts/<id>.svg`` → SVG, what pages say themselves → content of the file.
Write = Callable[[Path, Manuscript, Mapping[str, bytes], Words], bytes]
#: Project, manuscript, drawings → what else decides about the bytes, by names of its own.
Parts = Callable[[Path, Manuscript, Mapping[str, bytes]], Mapping[str, str]]


def nothing_else(*_: object) -> Mapping[str, str]:
    """Only manuscript, words of the pages, code and packages decide about the bytes."""
    return {}


@dataclass(frozen=True)
class PaperFormat:
    """One format of publications.

    ending: of its files, and the name of the module. kinds: publications that are made in it.
    Its label on the first page stands in ``data/catalogue/publikationen.yml``.
    """

    ending: str
    media_type: str
    kinds: tuple[str, ...]
    write: Write
    parts: Parts = nothing_else

    @cached_property
    def kept(self) -> cache.Kind:
        """Its files below ``build/kept``, made by the code of this format alone."""
        return cache.Kind("papers", (f"papers.formats.{self.ending}",))

    def label(self, kind: str) -> str:
        """Key of the label of a kind of publication in this format; PDF needs no addition."""
        return kind if self.ending == "pdf" else f"{kind}_{self.ending}"
