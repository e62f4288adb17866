"""A copy of the project, made of everything a book is made from."""

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent


def copy_of_project(target: Path) -> Path:
    """Copy what a book is made from; the code is the installed one and only linked."""
    for name in ("data", "notebooks", "book", "params"):
        shutil.copytree(REPOSITORY / name, target / name)
    for name in ("_config.yml", "_toc.yml", "requirements.lock"):
        shutil.copy(REPOSITORY / name, target / name)
    (target / "src").symlink_to(REPOSITORY / "src")
    return target
