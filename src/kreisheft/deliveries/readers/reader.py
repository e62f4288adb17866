"""What makes a module of this folder the reader of a format: its constant ``READER``.

A module without one helps others. CONTRIBUTING.md says how to add a reader.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kreisheft.deliveries.readers.table import Table

#: A small file of the format: its text, or for a workbook the rows of its sheets by their names.
Example = str | Mapping[str, Sequence[Sequence[object]]]


@dataclass(frozen=True)
class Reader:
    """One format of deliveries.

    format: its name in passports, that of the module; words: what a message calls such files.
    recognises: whether a file, by its content, is one; read: its `Table`, for a content and the
    name for messages. after: formats that are asked first, as such a file may look like this one.
    row: file, what it is, where its number and Stand are, what was seen of it, for docs/formats.md.
    """

    format: str
    words: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], Table]
    row: tuple[str, str, str, str]
    example: Example
    after: tuple[str, ...] = ()
