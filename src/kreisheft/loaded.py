"""Facts of a table as they were loaded last: to read the text again takes thirty times as long.

In ``build/tables``, one file per table, named after a hash of all that it was made from. Whatever
is found there may be deleted at any time; what cannot be read is made anew.
"""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kreisheft import project
from kreisheft.model import Facts

FOLDER = "build/tables"


def once(root: Path, table: str, key: str, load: Callable[[], Facts]) -> Facts:
    """Return what was kept of the table under this key, else what `load` returns, and keep that.

    Each call returns facts of its own. Nothing is kept of facts that `load` does not return.
    """
    if os.environ.get(project.ANEW_VARIABLE):
        return load()
    path = root / FOLDER / f"{table}-{key}.pickle"
    # Written by `_keep` on this machine; a disk that was full may have left half of it.
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        found: Facts = pickle.loads(path.read_bytes())
        return found
    found = load()
    # Where nothing can be written, it is only slower.
    with suppress(OSError):
        _keep(path, found)
    return found


def _keep(path: Path, facts: Facts) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may have read the table at the same time: each writes a file of its own.
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(pickle.dumps(facts, protocol=pickle.HIGHEST_PROTOCOL))
    temporary.replace(path)
    for other in path.parent.iterdir():
        if other != path and other.stem.rpartition("-")[0] == facts.table:
            other.unlink(missing_ok=True)
