"""The stages of a number, as types: Facts → Values → Protected, or Released.

A stage is a frozen wrapper around one tidy DataFrame with fixed columns. Nothing else travels on
the frame: what a table or an indicator means is looked up by its id in passports and catalogue.

Facts      made by `fact_files.load` from `data/facts/`, after the importers in `deliveries`
Values     made by `compute_values.compute`
Protected  made by `disclosure.protect` and by nothing else (held by tests/test_architecture.py)
Released   the same for files of data, made by `disclosure.release` and by nothing else
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import pandas as pd

from kreisheft.core import categories

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
#: A hidden figure keeps its row, loses its numbers, and says `hidden`. `error` is what judgements
#: need of numerator and denominator, rounded so that it does not give them; see `standard_error`.
PROTECTED_COLUMNS = (*(c for c in VALUE_COLUMNS if c not in ("numerator", "denominator")), "error")


def _require(frame: pd.DataFrame, columns: tuple[str, ...], stage: str) -> None:
    if frame.columns.tolist() != list(columns):
        raise TypeError(f"{stage} needs the columns {columns}, got {tuple(frame.columns)}")


def with_number(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that have a value; three times as fast as `dropna` on the small frames of a chapter."""
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
    """Stage 3: figures with numerator and denominator still attached; never shown to anyone."""

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        _require(self.frame, VALUE_COLUMNS, "Values")


class Narrowed:
    """Figures of one stage, and ways to read the few rows of them that a chapter looks at.

    On a frame of a few hundred rows pandas takes longer to hand out a column than Python takes to
    go through it, and a chapter looks at the same rows a dozen times. So a `part` takes its columns
    from where they are, once, and gets a frame only if somebody asks for one.
    """

    COLUMNS: ClassVar[tuple[str, ...]]

    def __init__(self, frame: pd.DataFrame) -> None:
        _require(frame, self.COLUMNS, type(self).__name__)
        self.frame = frame
        self._whole: Self | None = None
        self._places: Any = None

    @classmethod
    def of_columns(cls, columns: Mapping[str, Any]) -> Self:
        """Figures of this stage from one array per column, texts as objects."""
        if tuple(columns) != cls.COLUMNS:
            raise TypeError(f"{cls.__name__} needs the columns {cls.COLUMNS}, got {[*columns]}")
        found = object.__new__(cls)
        found._whole = found._places = None
        found.taken = dict(columns)
        return found

    def part(self, places: Any) -> Self:
        """Return some of the rows as figures of the same stage; places: their numbers."""
        found = object.__new__(type(self))
        found._whole = self._whole or self
        found._places = places if self._whole is None else self._places[places]
        return found

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
        """Return the first row by column, numbers as those of Python."""
        return {name: self.column(name)[:1].tolist()[0] for name in self.COLUMNS}

    def column(self, name: str) -> Any:
        """Return one column as an array."""
        if name not in self.taken:
            self.taken[name] = (
                self._whole.column(name)[self._places]
                if self._whole
                else self.frame[name].to_numpy()
            )
        return self.taken[name]

    def rows(self, *names: str) -> list[tuple[Any, ...]]:
        """Return some columns as one tuple per row, numbers as those of Python."""
        lists = []
        for name in names:
            if name not in self._lists:
                self._lists[name] = self.column(name).tolist()
            lists.append(self._lists[name])
        return list(zip(*lists, strict=True))

    @cached_property
    def taken(self) -> dict[str, Any]:
        """Columns that were asked for, as arrays."""
        return {}

    @cached_property
    def _lists(self) -> dict[str, list[Any]]:
        return {}


class Protected(Narrowed):
    """Stage 4: figures that may be printed; a hidden one has status ``hidden`` and no value."""

    COLUMNS = PROTECTED_COLUMNS


class Released(Narrowed):
    """Stage 4 for files of data: protected figures, and what they are made of where that is open.

    A hidden figure has neither value nor numerator nor denominator.
    """

    COLUMNS = VALUE_COLUMNS
