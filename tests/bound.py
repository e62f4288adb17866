"""A staged project made into HTML, as `binding` does it with a whole edition."""

from collections.abc import Mapping
from pathlib import Path

from projects import REPOSITORY

from kreisheft.book import sphinx_build, staging


def build_html(staged: Path, html: Path, files: Mapping[str, bytes] | None = None) -> bool:
    """Build and finish the pages, with `files` beside them; say whether anything changed."""
    sphinx_build.build_pages(staged, html)
    staging.write_beside(files or {}, REPOSITORY, staged)
    return sphinx_build.finish(staged, html, html.parent)
