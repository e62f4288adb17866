"""DOCX, for papers that others go on writing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kreisheft.papers.manuscript import Manuscript
from kreisheft.papers.paper_format import PaperFormat


def write(
    _: Path, one: Manuscript, _drawn: Mapping[str, bytes], _words: Mapping[str, Any]
) -> bytes:
    """Write a manuscript without drawings."""
    from kreisheft.papers import docx_files

    return docx_files.docx_of(one)


FORMAT = PaperFormat(
    ending="docx",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    kinds=("submission",),
    write=write,
)
