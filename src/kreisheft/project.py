"""Where the project lies, and writing that is whole or not at all."""

import os
from pathlib import Path

from kreisheft.errors import UsageError

#: Set by the engine for the kernels it starts; elsewhere the project is found from the folder.
ROOT_VARIABLE = "KREISHEFT_ROOT"
#: Set by the engine: figures are written for the book, not for JupyterLab.
BOOK_VARIABLE = "KREISHEFT_BOOK"


def root(start: Path | None = None) -> Path:
    """Folder with ``_toc.yml`` and ``params``, from the environment or upwards from `start`."""
    named = os.environ.get(ROOT_VARIABLE)
    begin = Path(named) if named else (start or Path.cwd())
    for folder in (begin, *begin.resolve().parents):
        if (folder / "_toc.yml").is_file() and (folder / "params").is_dir():
            return folder.resolve()
    raise UsageError(f"no kreisheft project at or above {begin}; call this inside the repository")


def write(path: Path, content: bytes) -> bool:
    """Write under a temporary name, then rename; leave a file with the same bytes untouched.

    Returns whether the file was written: Sphinx takes a newer time stamp for a change.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
    return True
