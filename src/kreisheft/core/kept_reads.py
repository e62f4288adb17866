"""What was read from texts, kept as Python has it: to read it again takes many times as long.

One file per text below ``build``, named after a hash of all that it was made from. Whatever is
found there may be deleted at any time; what cannot be read is made anew.
"""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kreisheft.core import project

Read = TypeVar("Read")


def once(folder: Path, name: str, key: str, load: Callable[[], Read]) -> Read:
    """Return what `folder` has of this name and key, else what `load` returns, and keep that.

    name, key: together a file's name. Each call returns an object of its own. What `load` raises
    is raised, and nothing is kept.
    """
    if os.environ.get(project.ANEW_VARIABLE):
        return load()
    path = folder / f"{name}-{key}.pickle"
    # Written by `_keep` on this machine; a disk that was full may have left half of it.
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        found: Read = pickle.loads(path.read_bytes())
        return found
    found = load()
    # Where nothing can be written, it is only slower.
    with suppress(OSError):
        _keep(path, name, found)
    return found


def _keep(path: Path, name: str, found: object) -> None:
    project.write(path, pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
    for other in path.parent.iterdir():
        if other != path and other.stem.rpartition("-")[0] == name:
            other.unlink(missing_ok=True)
