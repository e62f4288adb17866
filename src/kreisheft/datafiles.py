"""Files of data of editions, kept per field by what they were made from.

In: field → key of what its files hold (`Inputs.of_data`). Out: address → content. One changed
figure makes the files of one field anew.
"""

import os
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kreisheft import field_values, released
from kreisheft.engine import pool, store
from kreisheft.params import Params

Keys = Mapping[str, str]


def keep(root: Path, editions: Sequence[tuple[Params, int, Keys]], workers: int) -> None:
    """Make what the store does not have; editions: settings, report year, keys of the fields.

    Not while pages are bound: what computes with figures has threads, and cannot be forked again.
    """
    missing = [
        _Files(root, settings, year, field, key)
        for settings, year, keys in editions
        for field, key in keys.items()
        if store.read(root / store.FOLDER, key) is None
    ]
    for _, result in pool.each(_made, missing, workers, str(root)):
        if isinstance(result, Exception):
            raise result


def of(root: Path, settings: Params, year: int, rev: int, keys: Keys) -> dict[str, bytes]:
    """Return what lies beside the pages of an edition, see `released.files`."""
    made: dict[str, bytes] = {}
    for field, key in keys.items():
        found = store.read(root / store.FOLDER, key)
        made |= pickle.loads(found) if found else _made(_Files(root, settings, year, field, key))
    return released.files(root, settings, year, rev, made)


@dataclass(frozen=True)
class _Files:
    root: Path
    settings: Params
    year: int
    field: str
    key: str


def _made(one: _Files) -> dict[str, bytes]:
    os.environ[field_values.FOLDER] = str(one.root / "build/values" / one.settings.kreis)
    found = released.of_field(one.root, one.settings, one.year, one.field)
    store.write(one.root / store.FOLDER, one.key, pickle.dumps(found))
    return found
