"""Files of data of editions, kept per field by what they were made from.

In: field → key of what its files hold (`Inputs.of_data`). Out: address → content. One changed
figure makes the files of one field anew.
"""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from kreisheft.catalogue.params import Params
from kreisheft.core import cache
from kreisheft.core.cache import Key
from kreisheft.protected import field_values, open_data

#: Files of data of one field.
KEPT = cache.Kind("data", ("protected.open_data",))
Keys = Mapping[str, Key]


def make(root: Path, settings: Params, year: int, field: str, key: Key) -> dict[str, bytes]:
    """Return a field's files of data in an edition, made only if they are not kept."""
    os.environ[field_values.FOLDER] = str(field_values.folder_of(root, settings))
    return cache.kept_object(root, key, partial(open_data.field_files, root, settings, year, field))


def collect(root: Path, settings: Params, year: int, rev: int, keys: Keys) -> dict[str, bytes]:
    """Return what lies beside the pages of an edition, see `open_data.files`."""
    files: dict[str, bytes] = {}
    for field, key in keys.items():
        files |= make(root, settings, year, field, key)
    return open_data.files(root, settings, year, rev, files)
