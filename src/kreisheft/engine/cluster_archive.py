"""Files of a project as one archive, named by what is in it: the same files, the same bytes.

The name is a hash of all names and contents. It is checked on the unpacked files, so neither the
way nor the disk can have changed them.
"""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

from kreisheft.core import swap_folder


def pack(root: Path, paths: Iterable[Path]) -> tuple[str, bytes]:
    """Pack files, and folders with all below them; return the archive's hash and its bytes.

    Names are those below `root`. Left out is what begins with a dot, and what does not exist.
    """
    found = sorted({file for path in paths for file in _files(root, path)})
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in found:
            content = file.read_bytes()
            # A fresh entry has neither owner nor time.
            entry = tarfile.TarInfo(file.relative_to(root).as_posix())
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return _digest(root, found), gzip.compress(target.getvalue(), compresslevel=1, mtime=0)


def unpack(content: bytes, folder: Path, digest: str) -> None:
    """Unpack into a folder, which is there whole or not at all; ValueError if the hash differs."""
    with swap_folder.replace(folder) as new:
        # What others could write is not read, see `cache`.
        new.chmod(0o700)
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(content))) as tar:
            tar.extractall(new, filter="data")
        if _digest(new, sorted(_files(new, new))) != digest:
            raise ValueError(f"the files of archive {digest[:12]} are not those that were sent")


def _files(root: Path, path: Path) -> Iterable[Path]:
    inside = [path] if path.is_file() else path.rglob("*")
    for file in inside:
        names = file.relative_to(root).parts
        if file.is_file() and not any(n.startswith(".") or n == "__pycache__" for n in names):
            yield file


def _digest(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()
