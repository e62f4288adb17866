"""A staged project made into HTML, as `binding` does it with a whole edition."""

from collections.abc import Mapping
from pathlib import Path

from projects import REPOSITORY

from kreisheft import book, builder


def build_html(staged: Path, html: Path, files: Mapping[str, bytes] | None = None) -> bool:
    """Build and finish the pages, with `files` beside them; say whether anything changed."""
    builder.pages(staged, html)
    book.beside(files or {}, REPOSITORY, staged)
    return builder.finish(staged, html)
