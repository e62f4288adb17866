"""The command that builds the site: not at all if nothing changed, once, or after every change.

In: what was asked for. Out: ``build/site``. Imports nothing heavy before something is to be built.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from kreisheft.core import build_lock, hashes, packages
from kreisheft.core.errors import KreisheftError
from kreisheft.editions import unchanged

#: Seconds between two looks; an editor that writes several files is waited for.
PAUSE = 0.4
Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What to build, see `publish.build`; no year: all."""

    kreise: tuple[str, ...]
    years: tuple[int, ...] = ()
    workers: int = 2
    scheduler: str = ""
    audit: int | None = None
    printed: bool = False

    @property
    def site(self) -> list[str]:
        """What the site depends on, as `unchanged` keeps it."""
        return [*self.kreise, *map(str, self.years), *["--print"] * self.printed]


def once(root: Path, request: Request, say: Say, tell: Say, before: str = "") -> Path:
    """Build if something changed since the last build; return the start page.

    Waits until no other command writes to ``build/``. say: is told what takes a while. tell: is
    called with a line for each chapter. before: `unchanged.read` of a moment ago.
    """
    with build_lock.hold_build(root, say) as waited:
        # What it was before somebody else built need not be what it is now.
        before = unchanged.read(root) if waited or not before else before
        return _once(root, request, say, tell, before)


def _once(root: Path, request: Request, say: Say, tell: Say, before: str) -> Path:
    start = root / unchanged.WRITTEN / "index.html"
    if start.is_file() and request.audit is None and unchanged.since(root, request.site):
        say("Nothing changed since the last build.")
        return start
    from kreisheft.engine import warm

    # It imports while this process does.
    warm.start(root)
    from kreisheft.editions import publish

    say("Reading and checking all data ...")
    publish.build(
        root,
        request.kreise,
        request.years,
        request.workers,
        tell,
        request.scheduler,
        before=before,
        audit=request.audit,
        printed=request.printed,
    )
    unchanged.remember(root, request.site, before)
    return start


def watch(
    root: Path, request: Request, say: Say, tell: Say, failed: Callable[[KreisheftError], None]
) -> None:
    """Build now and after every change; ends by Ctrl-C only.

    What was imported and read once stays, and so does what draws charts: a small change is seen
    soon. A mistake ends one build and not the watching: it goes to `failed`. When this package or
    an installed one changes, the command begins anew.
    """
    from kreisheft.book import chart_images
    from kreisheft.engine import warm, worker_pool

    program = _program()
    with worker_pool.keep_standing(chart_images.KIND):
        for state in _states(root):
            if _program() != program:
                os.execv(sys.executable, [sys.executable, *sys.argv])
            began = time.monotonic()
            try:
                once(root, request, say, tell, state)
            except KreisheftError as error:
                failed(error)
            say(f"{time.monotonic() - began:.1f} s. Waiting for a change; Ctrl-C ends.")
            # If nothing had changed, nothing was made ready; now there is time for it.
            warm.start(root)
            import_module("kreisheft.editions.publish")


def _program() -> tuple[str, dict[str, str]]:
    """What runs: the state of this package, and the versions of the others."""
    return hashes.states([Path(__file__).parents[1]]), packages.versions()


def _states(root: Path) -> Iterator[str]:
    """Yield the state of what a build reads, and each later one that is the same in two looks."""
    yielded, before = "", unchanged.read(root)
    while True:
        if before != yielded:
            yielded = before
            yield yielded
        now = unchanged.read(root)
        while now != before:
            time.sleep(PAUSE)
            before, now = now, unchanged.read(root)
        time.sleep(PAUSE if before == yielded else 0)
