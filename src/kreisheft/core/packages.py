"""Python and the installed packages: what a result rests on beside the files of a project."""

import hashlib
import platform
import sys
from functools import cache
from pathlib import Path

#: Folders and files in which an installer leaves name and version of a package.
RECORDS = ("*.dist-info", "*.egg-info")


def versions() -> dict[str, str]:
    """Return package → version, sorted by name, and that of Python as ``python``.

    Read from the names of records alone, which is quick. Of two versions the one counts that an
    import would find.
    """
    version_of = {"python": platform.python_version()}
    for folder in map(Path, sys.path):
        records = [r for names in RECORDS for r in folder.glob(names)] if folder.is_dir() else []
        for record in sorted(records):
            # A sign that is a hyphen in the name of a package is none in that of its record.
            name, _, version = record.stem.partition("-")
            # What setuptools leaves beside a source has none.
            if version:
                version_of.setdefault(name.lower().replace("_", "-"), version)
    return dict(sorted(version_of.items()))


@cache
def digest() -> str:
    """One hash of the interpreter and of every installed package with its version.

    Asked once: what is imported stays when another version is installed.
    """
    return hashlib.sha256(f"{sys.version} {versions()}".encode()).hexdigest()
