"""PDF, in which every publication is made."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kreisheft.papers import manuscript
from kreisheft.papers.manuscript import Chart, Manuscript
from kreisheft.papers.paper_format import PaperFormat


def write(
    root: Path, one: Manuscript, drawn: Mapping[str, bytes], words: Mapping[str, Any]
) -> bytes:
    """Set a manuscript with its drawings."""
    from kreisheft.papers import pdf_files

    return pdf_files.pdf(root, one, drawn, words)


def parts(root: Path, one: Manuscript, drawn: Mapping[str, bytes]) -> dict[str, str]:
    """Drawings that the manuscript names, template and letters."""
    from kreisheft.papers import pdf_files

    charts = sorted({b.id for b in manuscript.every(one.blocks) if isinstance(b, Chart)})
    pictures = {k: drawn.get(f"charts/{k}.svg", b"") for k in charts}
    looks = {p.name: p.read_bytes() for p in sorted((root / pdf_files.FOLDER).iterdir())}
    return {
        "drawings": repr({k: _sha(content) for k, content in pictures.items()}),
        "template": repr({k: _sha(content) for k, content in looks.items()}),
        "letters": " ".join(_sha(path.read_bytes()) for path in pdf_files.fonts()),
    }


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


FORMAT = PaperFormat(
    ending="pdf",
    media_type="application/pdf",
    kinds=("report", "chapter", "management", "tables", "submission"),
    write=write,
    parts=parts,
)
