"""An edition made of what was kept: damaged as it may be, its pages come out the same."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import copy_of_project

from kreisheft.core import cache
from kreisheft.editions import keep_values, unchanged
from kreisheft.engine import kept_chapters

COMMAND = "from kreisheft.cli.main import main; main()"


def build(root: Path) -> tuple[dict[str, str], str]:
    """Hashes of the site that one command builds, and what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "build", "guetersloh", "--year", "2025"],
        env={**os.environ, "KREISHEFT_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    site = root / "build/site"
    pages = {
        p.relative_to(site).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in site.rglob("*")
        if p.is_file()
    }
    return pages, done.stderr


def damage(number: int, content: bytes) -> bytes:
    """One byte, half of it, or all of it."""
    at = len(content) // 2
    other = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    return (other, content[:at], b"")[number % 3]


@pytest.mark.kernel
@pytest.mark.site
def test_damaged_entries_of_every_kind_are_made_anew_and_the_pages_are_right(
    tmp_path: Path,
) -> None:
    root = copy_of_project(tmp_path / "project")
    params = root / "params/guetersloh.yml"
    text = params.read_text(encoding="utf-8")
    fields = "fields:\n  - arbeit\n  - wohnen\n  - recht\n"
    params.write_text(re.sub(r"fields:\n(  - .*\n)+", fields, text), encoding="utf-8")
    before, _ = build(root)
    damaged = set()
    for kind in sorted(p for p in cache.folder(root).iterdir() if p.is_dir()):
        # All figures and chapters; of what is many, some.
        every = 1 if kind.name in (keep_values.KEPT.folder, kept_chapters.KEPT.folder) else 7
        for number, path in enumerate(sorted(kind.glob("*/*"))[::every]):
            path.write_bytes(damage(number, path.read_bytes()))
            damaged.add(kind.name)
    for name in ("site", "guetersloh", "values"):
        shutil.rmtree(root / "build" / name)

    after, said = build(root)

    assert after == before
    told = {match[1] for match in re.finditer(rf"/{cache.FOLDER}/(\w+)/\S+: damaged;", said)}
    # Without a site nobody asks whether anything changed.
    assert told == damaged - {unchanged.KEPT.folder}
    assert {"tables", "documents", "figures", "chapters", "drawings", "library", "data"} < damaged
