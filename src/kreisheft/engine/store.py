"""What was executed before, by content: the hash of all that a job reads → its notebook.

A job's key is made of named parts (template, parameters, code, and what its `inputs` say), so it
can be told which of them changed. Entries are whole or not there, so a build that was killed goes
on where it was. The folder may be deleted at any time.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kreisheft.core import hashes, project

#: Its name among what a project keeps.
FOLDER = "store"
#: Largest size of the store in bytes; beyond, what was used longest ago goes.
LIMIT = 2_000_000_000
LAST = "outputs.json"
#: Bytes of chapters that were put in since the limit was looked after: a file in the folder.
ADDED = "added"
#: So much of the limit may come in before that is done again; to list the store takes a while.
SLACK = 0.01


def folder(root: Path) -> Path:
    """Where a project has it."""
    return project.build_folder(root) / FOLDER


def key(parts: Mapping[str, str]) -> str:
    """One hash of the parts; their order does not matter."""
    return hashlib.sha256(json.dumps(dict(sorted(parts.items()))).encode()).hexdigest()


def read(folder: Path, name: str) -> bytes | None:
    """The entry of a key, or None; an entry that was read is the last to go."""
    path = _path(folder, name)
    try:
        content = path.read_bytes()
        path.touch()
    except OSError:
        return None
    digest, _, body = content.partition(b"\n")
    # A disk that was full or failed must not become a page.
    return body if digest == hashlib.sha256(body).hexdigest().encode() else None


def write(folder: Path, name: str, content: bytes) -> None:
    """Keep an entry."""
    digest = hashlib.sha256(content).hexdigest().encode()
    project.write(_path(folder, name), digest + b"\n" + content)


def use(folder: Path, name: str) -> bool:
    """Say whether there is an entry of a key; one that was used is the last to go."""
    try:
        os.utime(_path(folder, name))
    except OSError:
        return False
    return True


class Made(NamedTuple):
    """How an output was made last: the parts of its key, and what the file system said of it."""

    parts: Mapping[str, str]
    state: str = ""

    def is_left(self, parts: Mapping[str, str], path: Path) -> bool:
        """Whether the file is what was made of these parts then, as the file system tells."""
        return self.parts == parts and self.state == hashes.states([path])


def last(folder: Path) -> dict[str, Made]:
    """Output → how it was made last; empty if that is not known."""
    try:
        found = json.loads((folder / LAST).read_text(encoding="utf-8"))
        return {name: Made(*made) for name, made in found.items()}
    except (OSError, ValueError, TypeError):
        return {}


def remember(folder: Path, made: Mapping[str, Made], added: int) -> None:
    """Add outputs to what `last` tells.

    added: bytes of the chapters that were put into the store. It is kept below its limit, give or
    take `SLACK`.
    """
    before = last(folder)
    whole = {**before, **made}
    if whole == before:
        return
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    project.write(folder / LAST, text.encode())
    waiting = folder / ADDED
    total = added + (int(waiting.read_text()) if waiting.is_file() else LIMIT)
    if total >= LIMIT * SLACK:
        _prune(folder)
        total = 0
    project.write(waiting, str(total).encode())


def why(made: Made | None, now: Mapping[str, str]) -> str:
    """What differs between the parts of two keys, in words."""
    if made is None:
        return "first time"
    before = made.parts
    names = sorted({n for n in {*before, *now} if before.get(n) != now.get(n)})
    return f"{', '.join(names)} changed" if names else "not in the store"


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / name


def _prune(folder: Path) -> None:
    # Ten thousand entries: pathlib would take ten times as long as the system itself.
    shelves = [entry.path for entry in os.scandir(folder) if len(entry.name) == 2]
    entries = [(one.stat(), one.path) for shelf in shelves for one in os.scandir(shelf)]
    found = sorted((state.st_mtime_ns, state.st_size, path) for state, path in entries)
    total = sum(size for _, size, _ in found)
    for _, size, path in found:
        if total <= LIMIT:
            return
        Path(path).unlink(missing_ok=True)
        total -= size
