"""Whether a build would change anything, by the state of files alone, in a fraction of a second.

After a build, a mark is kept under its request and the states of all files that it read and wrote.
While there is such a mark, there is nothing to do. Imports nothing heavy, or it would not be fast.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from kreisheft.core import cache, hashes, packages, project
from kreisheft.core.cache import Key

#: What a build reads, beside the packages; the name of an edition has its newest revision.
READ = (*project.READ, "editions")
WRITTEN = "build/site"
KEPT = cache.Kind("unchanged", ("editions.unchanged",))


def since(root: Path, request: Sequence[str]) -> bool:
    """Say whether the last build with this request read and wrote what is there now."""
    return cache.find(root, _key(root, request, read(root))) is not None


def remember(root: Path, request: Sequence[str], before: str) -> None:
    """Keep a mark after a build that was done; those of other sites before it do not hold.

    before: `read` when the build began. What changed since then was perhaps not read.
    """
    cache.put(root, _key(root, request, before), b"")


def read(root: Path) -> str:
    """One hash of the states of all that a build reads."""
    package = Path(__file__).parents[1]
    files = [root / name for name in READ]
    if root not in package.parents:
        files.append(package)
    return hashes.text(f"{sys.version} {packages.versions()} {hashes.states(files)}")


def _key(root: Path, request: Sequence[str], before: str) -> Key:
    written = hashes.states([root / WRITTEN])
    return KEPT.key({"request": " ".join(request), "read": before, "written": written})
