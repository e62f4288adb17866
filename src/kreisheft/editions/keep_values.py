"""The figures of a Kreis that are kept, and those computed anew because what they rest on changed.

A field's figures are kept by all that they are made from, see `make_key`. `plan_tasks` returns the
calls that compute what is missing, in any process; `provide_figures` makes them and puts all
figures into one folder, where chapters find them.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tqdm import tqdm

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.params import Params
from kreisheft.core import cache, hashes, swap_folder
from kreisheft.core.cache import Key
from kreisheft.engine import worker_pool
from kreisheft.protected import field_values

#: Figures of one field.
KEPT = cache.Kind("figures", ("protected.field_values",))
#: A field, and the newest Stand that its figures may use.
Asked = tuple[str, str | None]


def make_key(root: Path, settings: Params, field: str, as_of: str | None) -> Key:
    """Return the key of all that the figures of a field are made from."""
    years = (settings.report_years, sorted(settings.as_of.items()), as_of)
    own = (settings.kreis, settings.ags, settings.land, years, repr(settings.comparison))
    parts = {
        "settings": repr(own),
        "regions": repr(sorted(field_values.region_keys(root, settings))),
        "files": hashes.files(root, field_values.files(root, field)),
    }
    return KEPT.key(parts)


def plan_tasks(
    root: Path, settings: Params, fields: Sequence[str] = ()
) -> list[Callable[[], None]]:
    """Calls that compute and keep the figures that changed, one per field and as-of date.

    fields: empty for all, those too that the book leaves out: chapters about all read them.
    """
    return _tasks(root, settings, _keys(root, settings, fields))


@contextmanager
def provide_figures(
    root: Path, settings: Params, workers: int, fields: Sequence[str] = ()
) -> Iterator[Path]:
    """Bring the figures of fields of a Kreis up to date, for the block; see `plan_tasks`.

    Yields their folder. Within the block `field_values.load` reads them, here and in every kernel.
    """
    keys = _keys(root, settings, fields)
    waiting = _tasks(root, settings, keys)
    with tqdm(total=len(waiting), desc="figures", unit="", disable=len(waiting) < 2) as bar:
        for _, result in worker_pool.each(
            worker_pool.call, waiting, workers, str(root), meanwhile=True
        ):
            if isinstance(result, Exception):
                raise result
            bar.update()
    folder = _fill(root, settings, keys)
    before = os.environ.get(field_values.FOLDER)
    os.environ[field_values.FOLDER] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            del os.environ[field_values.FOLDER]
        else:
            os.environ[field_values.FOLDER] = before


def _keys(root: Path, settings: Params, fields: Sequence[str]) -> dict[Asked, Key]:
    dates = sorted({settings.as_of.get(y) for y in settings.report_years}, key=str)
    asked = [(f, as_of) for as_of in dates for f in fields or catalogue.load(root).fields]
    return {one: make_key(root, settings, *one) for one in asked}


def _tasks(root: Path, settings: Params, keys: Mapping[Asked, Key]) -> list[Callable[[], None]]:
    missing = [asked for asked, entry in keys.items() if cache.find(root, entry) is None]
    return [partial(_renew, root, settings, *asked) for asked in missing]


def _renew(root: Path, settings: Params, field: str, as_of: str | None) -> None:
    before = make_key(root, settings, field, as_of)
    values = field_values.compute_to_keep(root, settings, field, as_of)
    # What changed while it was read is perhaps not in there.
    if make_key(root, settings, field, as_of) == before:
        cache.put(root, before, cache.pack(values))


def _fill(root: Path, settings: Params, keys: Mapping[Asked, Key]) -> Path:
    """Let the folder of figures have these and no others; what could not be kept is missing."""
    folder = field_values.folder_of(root, settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    for asked, entry in keys.items():
        with suppress(FileNotFoundError):
            swap_folder.link(
                cache.folder(root) / entry, folder / field_values.name_of(settings, *asked)
            )
    return folder
