"""Between a run and the store: what may be kept of it, and what a rerun shows of what was kept."""

import hashlib
import json
import time
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

from kreisheft.engine import store

#: Seconds between two looks whether anything changed; a kill costs no more than that.
PAUSE = 0.5
#: Of so many kept chapters an audit runs one again.
AUDITED = 10


class Shelf:
    """Puts chapters into the store while nothing they read changed since their keys were made.

    Who changes a sentence while a build runs must not find the page of before under the key of
    after, or the other way round.
    """

    def __init__(self, folder: Path | None, steady: Callable[[], bool] | None):
        self._folder, self._steady = folder, steady
        self._waiting: list[tuple[str, bytes]] = []
        self._next = 0.0
        #: Keys of what was kept, and how many bytes that is.
        self.kept: set[str] = set()
        self.added = 0

    def put(self, key: str, content: bytes) -> None:
        """Keep a chapter, now or with one of the next."""
        self._waiting.append((key, content))
        if self._steady is None or time.monotonic() >= self._next:
            self.flush()

    def flush(self) -> None:
        """Keep what was put here, or drop it."""
        steady = self._steady is None or not self._waiting or self._steady()
        if steady and self._folder:
            for key, content in self._waiting:
                store.write(self._folder, key, content)
                self.kept.add(key)
                self.added += len(content)
        self._waiting.clear()
        self._next = time.monotonic() + PAUSE


def audited(key: str, seed: int) -> bool:
    """Whether an audit with this seed runs a kept chapter again: one of ten, by its key."""
    return int(hashlib.sha256(f"{seed} {key}".encode()).hexdigest()[:8], 16) % AUDITED == 0


def difference(kept: bytes, made: bytes) -> str:
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
