"""Files of data of editions, kept per field by what they were made from.

In: field → key of what its files hold (`Inputs.of_data`). Out: address → content. One changed
figure makes the files of one field anew.
"""

import os
import pickle
from collections.abc import Mapping
from pathlib import Path

from kreisheft.catalogue.params import Params
from kreisheft.engine import store
from kreisheft.protected import field_values, open_data

Keys = Mapping[str, str]


def is_kept(root: Path, key: str) -> bool:
    """Whether the store has the files of this key."""
    return store.read(store.folder(root), key) is not None


def make(root: Path, settings: Params, year: int, field: str, key: str) -> dict[str, bytes]:
    """Make a field's files of data in an edition, and keep them under the key."""
    os.environ[field_values.FOLDER] = str(field_values.folder_of(root, settings))
    found = open_data.field_files(root, settings, year, field)
    store.write(store.folder(root), key, pickle.dumps(found))
    return found


def of(root: Path, settings: Params, year: int, rev: int, keys: Keys) -> dict[str, bytes]:
    """Return what lies beside the pages of an edition, see `open_data.files`."""
    made: dict[str, bytes] = {}
    for field, key in keys.items():
        found = store.read(store.folder(root), key)
        made |= pickle.loads(found) if found else make(root, settings, year, field, key)
    return open_data.files(root, settings, year, rev, made)
