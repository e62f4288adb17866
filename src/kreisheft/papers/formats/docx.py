"""DOCX, for papers that others go on writing."""

from collections.abc import Mapping
from pathlib import Path

from kreisheft.papers.manuscript import Manuscript, Words
from kreisheft.papers.paper_format import PaperFormat


def write(_: Path, paper: Manuscript, _drawings: Mapping[str, bytes], _words: Words) -> bytes:
    """Write a manuscript without drawings."""
    from kreisheft.papers import docx_files

    return docx_files.write(paper)


FORMAT = PaperFormat(
    ending="docx",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    kinds=("submission",),
    write=write,
)
