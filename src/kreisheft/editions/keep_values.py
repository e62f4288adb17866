"""The figures of a Kreis that are kept, and those computed anew because what they rest on changed.

A field's figures are kept beside a key of all that they are made from, see `key`. `tasks` says
which are to be computed, each as a call that may run in any process; `figures` runs them.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tqdm import tqdm

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.params import Params
from kreisheft.core import hashes, project
from kreisheft.engine import code_hashes, worker_pool
from kreisheft.protected import field_values


def key(root: Path, settings: Params, field: str, as_of: str | None) -> str:
    """One hash of all that the figures of a field are made from.

    Also of the code that makes them: they are kept longer than a process.
    """
    used = code_hashes.of(("protected.field_values",)) + code_hashes.environment()
    years = (settings.report_years, sorted(settings.as_of.items()), as_of)
    known = (settings.kreis, settings.ags, settings.land, years, repr(settings.comparison))
    keys = sorted(field_values.region_keys(root, settings))
    files = hashes.files(root, field_values.files(root, field))
    return hashes.text(repr((known, keys)) + files + used)


def tasks(root: Path, settings: Params, fields: Sequence[str] = ()) -> list[Callable[[], None]]:
    """Calls that compute and keep the figures that changed, one per field and as-of date.

    fields: empty for all, those too that the book leaves out: chapters about all read them.
    """
    found: list[Callable[[], None]] = []
    for as_of in sorted({settings.as_of.get(y) for y in settings.report_years}, key=str):
        for field in fields or catalogue.load(root).fields:
            stamp = _stamp(root, settings, field, as_of)
            if not stamp.is_file() or stamp.read_text() != key(root, settings, field, as_of):
                stamp.unlink(missing_ok=True)
                found.append(partial(_renew, root, settings, field, as_of))
    return found


@contextmanager
def figures(
    root: Path, settings: Params, workers: int, fields: Sequence[str] = ()
) -> Iterator[Path]:
    """Bring the figures of fields of a Kreis up to date, for the block; see `tasks`.

    Yields their folder. Within the block `field_values.load` reads them, here and in every kernel.
    """
    waiting = tasks(root, settings, fields)
    with tqdm(total=len(waiting), desc="figures", unit="", disable=len(waiting) < 2) as bar:
        for _, result in worker_pool.each(
            worker_pool.call, waiting, workers, str(root), meanwhile=True
        ):
            if isinstance(result, Exception):
                raise result
            bar.update()
    folder = field_values.folder_of(root, settings)
    before = os.environ.get(field_values.FOLDER)
    os.environ[field_values.FOLDER] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            del os.environ[field_values.FOLDER]
        else:
            os.environ[field_values.FOLDER] = before


def _renew(root: Path, settings: Params, field: str, as_of: str | None) -> None:
    before = key(root, settings, field, as_of)
    field_values.save(root, settings, field, as_of, field_values.folder_of(root, settings))
    # What changed while it was read is perhaps not in there.
    if key(root, settings, field, as_of) == before:
        project.write(_stamp(root, settings, field, as_of), before.encode())


def _stamp(root: Path, settings: Params, field: str, as_of: str | None) -> Path:
    return field_values.folder_of(root, settings) / f"{field}-{as_of or 'neueste'}.key"
