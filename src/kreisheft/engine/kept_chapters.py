"""Which executed chapters may be kept, how each was made last, and whether a rerun is the same.

`LAST` records how each output was made: an output that is still as it was left is not even read,
and `explain_rerun` says which part of a key changed.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from kreisheft.core import cache, hashes, project
from kreisheft.core.cache import Key

#: Executed chapters, and what runs them beside what their own cells import.
KEPT = cache.Kind("chapters", ("engine.chapter_job", "engine.fork_engine", "engine.kernel_shell"))
LAST = "outputs.json"
#: Seconds between two looks whether anything changed; a kill costs no more than that.
PAUSE = 0.5
#: Of so many kept chapters an audit runs one again.
AUDITED = 10


class Shelf:
    """Puts chapters into the cache while nothing they read changed since their keys were made.

    If somebody changes a sentence while a build runs, the old page must not be kept under the new
    key, nor the new page under the old one.
    """

    def __init__(self, root: Path, steady: Callable[[], bool] | None):
        self._root, self._steady = root, steady
        self._waiting: list[tuple[Key, bytes]] = []
        self._next = 0.0
        #: Keys of what was kept.
        self.kept: set[Key] = set()

    def put(self, key: Key, content: bytes) -> None:
        """Keep a chapter, now or with one of the next."""
        self._waiting.append((key, content))
        if self._steady is None or time.monotonic() >= self._next:
            self.flush()

    def flush(self) -> None:
        """Keep what was put here, or drop it."""
        if self._steady is None or not self._waiting or self._steady():
            for key, content in self._waiting:
                cache.put(self._root, key, content)
                self.kept.add(key)
        self._waiting.clear()
        self._next = time.monotonic() + PAUSE


class Made(NamedTuple):
    """How an output was made last: the parts of its key, and the state of the file (`hashes`)."""

    parts: Mapping[str, str]
    state: str = ""

    def is_left(self, parts: Mapping[str, str], path: Path) -> bool:
        """Say whether the file was made of these parts and has not changed since."""
        return self.parts == parts and self.state == hashes.states([path])


def read_last(root: Path) -> dict[str, Made]:
    """Output → how it was made last; empty if that is not known."""
    try:
        entries = json.loads((cache.folder(root) / LAST).read_text(encoding="utf-8"))
        return {name: Made(*made) for name, made in entries.items()}
    except (OSError, ValueError, TypeError):
        return {}


def remember(root: Path, made: Mapping[str, Made]) -> None:
    """Add outputs to what `read_last` returns."""
    text = json.dumps({**read_last(root), **made}, sort_keys=True, ensure_ascii=False)
    project.write(cache.folder(root) / LAST, text.encode())


def explain_rerun(made: Made | None, now: Mapping[str, str]) -> str:
    """Say in words which parts of a key changed since `made`."""
    if made is None:
        return "first time"
    before = made.parts
    names = sorted({n for n in {*before, *now} if before.get(n) != now.get(n)})
    return f"{', '.join(names)} changed" if names else "is not kept"


def is_audited(key: str, seed: int) -> bool:
    """Whether an audit with this seed runs a kept chapter again: one of ten, by its key."""
    return int(hashlib.sha256(f"{seed} {key}".encode()).hexdigest()[:8], 16) % AUDITED == 0


def find_difference(kept: bytes, made: bytes) -> str:
    """The first cell in which two chapters differ, in words; empty if they are the same."""
    if kept == made:
        return ""
    cells = [json.loads(text)["cells"] for text in (kept, made)]
    for number, (old, new) in enumerate(zip_longest(*cells)):
        if old is None or new is None:
            return f"{len(cells[0])} cells were kept, {len(cells[1])} were made"
        for part in ("source", "outputs", "metadata", "execution_count"):
            if old.get(part) != new.get(part):
                return f"{part} of cell {number + 1} differs"
    return "something beside the cells differs"
