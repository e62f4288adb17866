"""How a passport turns columns of an official table into measures and dimensions.

In: entries of ``rows``, ``columns`` and ``mapped`` of a passport that has passed its schema. Out:
the rules `Row`, `Column` and `Mapped`; docs/formats.md explains every key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

from kreisheft.facts import labels


class RowEntry(TypedDict, total=False):
    """One of ``rows`` in YAML: ``key`` and ``only``, or ``dimension``, ``labels`` and ``key``."""

    key: str
    only: list[str]
    dimension: str
    labels: str | dict[str, str | None]


class MappedEntry(TypedDict):
    """``mapped`` in YAML."""

    region: str
    width: NotRequired[int]
    cut: NotRequired[int]
    period: NotRequired[str]
    since: NotRequired[str]
    delimiter: NotRequired[str]
    decimal: NotRequired[str]


#: One of ``columns`` in YAML: ``header``, ``measure``, ``concept``, and dimension → its value.
ColumnEntry = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Row:
    """A classifier. labels: ``age``, ``code``, ``nation`` or label → id (None: leave the row out).

    key: variable code or column name, "" where the format knows places only (classic and its
    workbook). dimension "": a column that is no dimension; only: its labels whose rows are kept,
    all if there are none.
    """

    dimension: str
    labels: str | Mapping[str, str | None]
    key: str = ""
    only: tuple[str, ...] = ()

    def value(self, label: str) -> str | None:
        """Return the id of `label`, None if its rows are left out; KeyError if it is unknown."""
        if self.only and label not in self.only:
            return None
        if isinstance(self.labels, str):
            value = labels.GRAMMARS[self.labels](label)
            if value is None:
                raise KeyError(label)
            return value
        return self.labels[label]


@dataclass(frozen=True)
class Column:
    """Value columns whose header fits one of `headers` (fnmatch) hold `measure`."""

    headers: tuple[str, ...]
    measure: str
    dimensions: Mapping[str, str]
    concept: str


@dataclass(frozen=True)
class Mapped:
    """Column map of a ready-made CSV; see `mapped.read`."""

    region: str
    width: int = 0
    cut: int | None = None
    period: str = ""
    constant_period: str = ""
    since: str = ""
    delimiter: str = ","
    decimal: str = "."


def read_row(entry: RowEntry | Literal["skip"]) -> Row:
    """Read one of ``rows``; ``skip`` is a classifier that is no dimension."""
    if entry == "skip":
        return Row("", "code")
    if "only" in entry:
        return Row("", "code", entry["key"], tuple(entry["only"]))
    return Row(entry["dimension"], entry["labels"], entry.get("key", ""))


def read_column(entry: ColumnEntry, concept: str) -> Column:
    """Read one of ``columns``. concept: the table's, for an entry that names none."""
    headers = entry["header"]
    fixed = ("header", "measure", "concept")
    return Column(
        headers=(headers,) if isinstance(headers, str) else tuple(headers),
        measure=str(entry["measure"]),
        dimensions={key: str(value) for key, value in entry.items() if key not in fixed},
        concept=str(entry.get("concept", concept)),
    )
