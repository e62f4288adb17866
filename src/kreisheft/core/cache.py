"""What is kept below ``build/kept``: made once, taken from there while all it was made from stays.

In: a `Kind`, and parts that decide about the content, name → hash or text. The code that makes it
and the installed packages always count as well, so there is no key without them. Out: the content
as it was made. An entry is whole or not there, and has its own hash: a damaged one is made anew,
with a line on stderr, and so is one that another user could have written, as pickles run what they
say. Beyond `LIMIT` what was used longest ago goes. The folder may be deleted at any time.
"""

import functools
import hashlib
import json
import os
import pickle
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NewType, TypeVar

from kreisheft.core import code_hashes, project

FOLDER = "kept"
#: Largest size of all kinds together, in bytes.
LIMIT = 2_000_000_000
#: So much of the limit may come in before it is looked after again; to list all takes a while.
SLACK = 0.01
#: File with a sign for every `UNIT` bytes that came in since: several may add at a time.
ADDED = "added"
UNIT = 1024

#: Address of an entry below the folder: ``drawings/3f/3f2a…``.
Key = NewType("Key", str)
Made = TypeVar("Made")


@dataclass(frozen=True)
class Kind:
    """Entries that the same code makes. code: its modules, as `code_hashes.of` takes them."""

    folder: str
    code: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.code:
            raise ValueError(f"kind {self.folder} names no code")

    def parts(self, given: Mapping[str, str]) -> dict[str, str]:
        """Add code and packages to the parts; the code that an entry names counts, too."""
        code = given.get("code", "") + code_hashes.of(self.code)
        return {**given, "code": code, "packages": code_hashes.environment()}

    def key(self, given: Mapping[str, str]) -> Key:
        """Return the address of the entry that is made from these parts, in whatever order."""
        text = json.dumps(self.parts(given), sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Key(f"{self.folder}/{digest[:2]}/{digest}")


def folder(root: Path) -> Path:
    """Where a project has all of it."""
    return project.build_folder(root) / FOLDER


def kept(root: Path, key: Key, make: Callable[[], bytes]) -> bytes:
    """Return the entry, else what `make` returns, and keep that; what it raises is raised."""
    content = find(root, key)
    if content is None:
        content = make()
        put(root, key, content)
    return content


def kept_object(root: Path, key: Key, make: Callable[[], Made]) -> Made:
    """Do as `kept` with any object that can be pickled; each call returns one of its own."""
    content = find(root, key)
    if content is not None:
        made: Made = pickle.loads(content)
        return made
    made = make()
    put(root, key, pack(made))
    return made


def pack(made: object) -> bytes:
    """Return the content of an entry that is an object."""
    return pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL)


def find(root: Path, key: Key) -> bytes | None:
    """Return the entry; None if there is none that is sound. One that was read is the last to go.

    Nothing is found for an audit, see `project.ANEW_VARIABLE`.
    """
    if os.environ.get(project.ANEW_VARIABLE):
        return None
    path = folder(root) / key
    content = read(path)
    if content is not None:
        use(root, key)
    return content


def read(path: Path) -> bytes | None:
    """Return the content of an entry, or of a second name of it, if it is sound; else None."""
    try:
        with path.open("rb") as file:
            states = (os.fstat(file.fileno()), path.parent.stat())
            digest, _, content = file.read().partition(b"\n")
    except OSError:
        return None
    if not all(map(_is_own, states)):
        _warn(f"{path.parents[1]}: others may write there; chown or delete it")
        return None
    # A disk that was full or failed must not become a page.
    if digest != hashlib.sha256(content).hexdigest().encode():
        _warn(f"{path}: damaged")
        return None
    return content


def head(path: Path) -> bytes:
    """Return what tells an entry from another without reading it; empty if there is none."""
    with suppress(OSError), path.open("rb") as file:
        return file.readline()
    return b""


def put(root: Path, key: Key, content: bytes) -> None:
    """Keep an entry. Where nothing can be written, everything is only slower."""
    if os.environ.get(project.ANEW_VARIABLE):
        return
    path = folder(root) / key
    body = hashlib.sha256(content).hexdigest().encode() + b"\n" + content
    with suppress(OSError):
        # Nobody else can come between, whatever the user lets others do elsewhere.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        project.write(path, body, 0o600)
        with (folder(root) / ADDED).open("ab") as file:
            file.write(b"." * -(-len(body) // UNIT))


def use(root: Path, key: Key) -> bool:
    """Say whether there is an entry; one that was used is the last to go."""
    with suppress(OSError):
        os.utime(folder(root) / key)
        return True
    return False


def prune(root: Path) -> None:
    """Keep all below the limit, give or take `SLACK`: what was used longest ago goes."""
    added = folder(root) / ADDED
    with suppress(OSError):
        if added.stat().st_size * UNIT >= LIMIT * SLACK:
            _prune(folder(root))
            added.write_bytes(b"")


def _prune(top: Path) -> None:
    # Ten thousand entries: pathlib would take ten times as long as the system itself.
    kinds = [entry.path for entry in os.scandir(top) if entry.is_dir()]
    shelves = [entry.path for kind in kinds for entry in os.scandir(kind)]
    entries = [(entry.stat(), entry.path) for shelf in shelves for entry in os.scandir(shelf)]
    oldest_first = sorted((state.st_mtime_ns, state.st_size, path) for state, path in entries)
    total = sum(size for _, size, _ in oldest_first)
    for _, size, path in oldest_first:
        if total <= LIMIT:
            return
        Path(path).unlink(missing_ok=True)
        total -= size


def _is_own(state: os.stat_result) -> bool:
    """Whether nobody but this user can have written a file, or into a folder."""
    if sys.platform == "win32":
        return True
    return state.st_uid == os.geteuid() and not state.st_mode & 0o022


@functools.cache
def _warn(complaint: str) -> None:
    # In a chapter it would stand on the page.
    if not os.environ.get(project.BOOK_VARIABLE):
        print(f"kreisheft: {complaint}; what was kept is made anew", file=sys.stderr, flush=True)
