"""PDF, in which every publication is made."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kreisheft.papers import manuscript
from kreisheft.papers.manuscript import Chart, Manuscript, Words
from kreisheft.papers.paper_format import PaperFormat


def write(root: Path, paper: Manuscript, drawings: Mapping[str, bytes], words: Words) -> bytes:
    """Set a manuscript with its drawings."""
    from kreisheft.papers import pdf_files

    return pdf_files.write(root, paper, drawings, words)


def parts(root: Path, paper: Manuscript, drawings: Mapping[str, bytes]) -> dict[str, str]:
    """Drawings that the manuscript names, template and letters."""
    from kreisheft.papers import pdf_files

    charts = sorted({b.id for b in manuscript.walk(paper.blocks) if isinstance(b, Chart)})
    pictures = {k: drawings.get(f"charts/{k}.svg", b"") for k in charts}
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
