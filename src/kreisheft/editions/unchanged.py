"""Whether a build would change anything: asked of the file system alone, in a fraction of a second.

After a build, a hash of the states of everything it read and of what it wrote is kept, by request.
Stays it the same, there is nothing to do. Imports nothing heavy, for that is the point.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kreisheft.core import hashes, packages, project

#: What a build reads, beside the packages; the name of an edition has its newest revision.
READ = (*project.READ, "editions")
WRITTEN = "build/site"
KEPT = "build/unchanged.json"


def since(root: Path, request: Sequence[str]) -> bool:
    """Say whether the last build with this request read and wrote what is there now."""
    return _kept(root).get(" ".join(request)) == _state(root, read(root))


def remember(root: Path, request: Sequence[str], before: str) -> None:
    """Keep the state after a build that was done; those of other sites before it do not hold.

    before: `read` when the build began. What changed since then was perhaps not read.
    """
    content = json.dumps({" ".join(request): _state(root, before)})
    project.write(root / KEPT, content.encode())


def read(root: Path) -> str:
    """One hash of the states of all that a build reads."""
    package = Path(__file__).parents[1]
    files = [root / name for name in READ]
    if root not in package.parents:
        files.append(package)
    return hashes.text(f"{sys.version} {packages.versions()} {hashes.states(files)}")


def _kept(root: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((root / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _state(root: Path, before: str) -> str:
    return hashes.text(f"{before} {hashes.states([root / WRITTEN])}")
