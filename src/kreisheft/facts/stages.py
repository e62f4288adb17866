"""The stages of a number, as types: Facts → Values → Protected, or Released.

A stage is a frozen wrapper around one tidy DataFrame with fixed columns. Nothing else travels on
the frame: what a table or an indicator means is looked up by its id in passports and catalogue.

Facts      made by `fact_files.load` from `data/facts/`, which `deliveries` fills
Values     made by `compute_values.compute`
Protected  made only by `disclosure.protect` (tests/test_architecture.py checks this)
Released   the same for files of data, made only by `disclosure.release`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import pandas as pd

from kreisheft.core import categories

#: One-dimensional array of numbers, texts or booleans.
Array: TypeAlias = np.ndarray[Any, Any]

#: Columns every facts file has, before and after its own dimensions.
FACT_HEAD = ("ags", "period", "measure")
FACT_TAIL = ("value", "status", "concept", "stand")

#: The id of every dimension's total, and of the group that is everyone.
TOTAL = "insgesamt"

#: What a cell or an official sign means. Those with a number come first; see `cells`.
WITH_NUMBER = (
    "value",  # a figure
    "zero",  # "-" where the source says: exactly nothing
    "summed",  # our own sum of the Kreise, where a table has no row for the Land
    "revised",  # "r" the source has changed it since
    "provisional",  # "p" the source will change it
    "estimated",  # "s" the source has estimated it
    "limited",  # "( )" of limited reliability, says the source
    "corrected",  # a declared error of the source, put right; see data/corrections
)
STATUSES = (
    *WITH_NUMBER,
    "hidden",  # "." unknown or secret
    "hidden_below_3",  # "*" of the Bundesagentur: 1 or 2
    "not_applicable",  # "x" the cell makes no sense
    "unreliable",  # "/" too uncertain
    "pending",  # "..." comes later
    "missing",  # "–" not available
    "source_error",  # a declared error of the source, left out; see data/corrections
    "not_loaded",  # "-" in every cell of a region: dissolved, or not yet delivered
)

#: Columns of a Values frame; one row per indicator × target group × group × region × period.
VALUE_COLUMNS = (
    "indicator",
    "target_group",
    "group",
    "ags",
    "period",
    "year",
    "value",
    "numerator",
    "denominator",
    "status",
    "published",
    "table",
    "segment",
    "stand",
    "concept",
)
#: A hidden figure keeps its row with the status `hidden` and no number. `error` is the standard
#: error, coarsened so that numerator and denominator cannot be computed from it.
PROTECTED_COLUMNS = (*(c for c in VALUE_COLUMNS if c not in ("numerator", "denominator")), "error")


def _require(frame: pd.DataFrame, columns: tuple[str, ...], stage: str) -> None:
    if frame.columns.tolist() != list(columns):
        raise TypeError(f"{stage} needs the columns {columns}, got {tuple(frame.columns)}")


def select_with_number(frame: pd.DataFrame) -> pd.DataFrame:
    """Select the rows that have a value; three times as fast as `dropna` on small frames."""
    return frame[frame["value"].notna()]


@dataclass(frozen=True)
class Facts:
    """Stage 2: one official table, tidy.

    table:  its number, e.g. ``13211-02-05-4``
    frame:  ags, period, measure, <dimensions>, value (float, NaN without number), status, concept,
            stand; keys (everything but value and status) are unique
    """

    table: str
    frame: pd.DataFrame

    def __post_init__(self) -> None:
        columns = tuple(self.frame.columns)
        if columns[:3] != FACT_HEAD or columns[-4:] != FACT_TAIL:
            raise TypeError(f"Facts {self.table} have the columns {columns}")

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The table's own dimensions, e.g. ``("staatsangehoerigkeit", "geschlecht")``."""
        return tuple(self.frame.columns[3:-4])


@dataclass(frozen=True)
class Values:
    """Stage 3: figures with numerator and denominator, one row per key; never shown to anyone."""

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        _require(self.frame, VALUE_COLUMNS, "Values")


class Figures:
    """Figures of one stage, with fast access to the few rows that a chapter reads.

    On a frame of a few hundred rows pandas takes longer to return a column than Python takes to
    iterate over it, and a chapter reads the same rows a dozen times. So a `part` takes each column
    from its whole once, as an array, and builds a DataFrame only when `frame` is read.
    """

    COLUMNS: ClassVar[tuple[str, ...]]

    def __init__(self, frame: pd.DataFrame) -> None:
        _require(frame, self.COLUMNS, type(self).__name__)
        self.frame = frame
        self._whole: Self | None = None
        self._places: Array = np.arange(0)

    @classmethod
    def of_columns(cls, columns: Mapping[str, Array]) -> Self:
        """Build figures from one array per column, texts as objects.

        Only `disclosure` may call it.
        """
        if tuple(columns) != cls.COLUMNS:
            raise TypeError(f"{cls.__name__} needs the columns {cls.COLUMNS}, got {[*columns]}")
        figures = object.__new__(cls)
        figures._whole, figures._places = None, np.arange(0)
        figures.taken = dict(columns)
        return figures

    def part(self, places: Array) -> Self:
        """Select rows by their numbers, counted from 0, as figures of the same stage."""
        selected = object.__new__(type(self))
        selected._whole = self._whole or self
        selected._places = places if self._whole is None else self._places[places]
        return selected

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All columns, rows numbered from 0."""
        if not self._whole:
            return categories.plain(self.taken)
        frame = self._whole.frame.take(self._places)
        frame.index = pd.RangeIndex(len(frame))
        return frame

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._places if self._whole else self.column("indicator"))

    @property
    def has_number(self) -> bool:
        """Whether any row has a value."""
        values = self.column("value")
        return bool((values == values).any())

    def first(self) -> dict[str, Any]:
        """Return the first row as column → value, with plain Python numbers."""
        return {name: self.column(name)[:1].tolist()[0] for name in self.COLUMNS}

    def column(self, name: str) -> Array:
        """Return one column as an array."""
        if name not in self.taken:
            self.taken[name] = (
                self._whole.column(name)[self._places]
                if self._whole
                else self.frame[name].to_numpy()
            )
        return self.taken[name]

    def rows(self, *names: str) -> list[tuple[Any, ...]]:
        """Return these columns as one tuple per row, with plain Python numbers."""
        lists = []
        for name in names:
            if name not in self._lists:
                self._lists[name] = self.column(name).tolist()
            lists.append(self._lists[name])
        return list(zip(*lists, strict=True))

    @cached_property
    def taken(self) -> dict[str, Array]:
        """Columns that were read before, as arrays."""
        return {}

    @cached_property
    def _lists(self) -> dict[str, list[Any]]:
        return {}


class Protected(Figures):
    """Stage 4: figures that may be printed; a hidden one has status ``hidden`` and no value."""

    COLUMNS = PROTECTED_COLUMNS


class Released(Figures):
    """Stage 4 for files of data: protected figures, and what they are made of where that is open.

    A hidden figure has neither value nor numerator nor denominator.
    """

    COLUMNS = VALUE_COLUMNS
