"""Properties of the readers of CSV: what is written is read, and damage is never a wrong figure."""

import codecs
import random
from types import ModuleType
from typing import NamedTuple

import layouts
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from layouts import Cells, Sample, Style

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import classic, columns, flat, flat_wide, genesis_variables
from kreisheft.deliveries.readers.table import Table, tidy_label
from kreisheft.facts import signs

#: Characters of figures, keys and times: when they change places, nobody can see it.
FIGURES = b"0123456789,.-/x()+"
READERS = {"classic": classic, "flat": flat, "flat_wide": flat_wide}

small = layouts.classic_samples(st.sampled_from(layouts.WORDS))


class Delivery(NamedTuple):
    """A file, its reader, what it holds, and how its classifiers are called."""

    reader: ModuleType
    content: bytes
    cells: Cells
    names: tuple[str, ...]


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    """Draw a file of one of the three layouts."""
    name = draw(st.sampled_from(sorted(READERS)))
    if name == "classic":
        sample, style = _fitting(draw(small), draw(layouts.styles))
        content = layouts.classic(sample, style).encode("utf-8")
        return Delivery(classic, content, _expected(sample, style), sample.names)
    sample = draw(layouts.flat_samples())
    write = getattr(layouts, name)
    content = write(sample, quality=draw(st.booleans())).encode("utf-8")
    cells = sample.cells(genesis_variables.measures(sample.columns))
    return Delivery(READERS[name], content, cells, sample.names)


def _fitting(sample: Sample, style: Style) -> tuple[Sample, Style]:
    """Leave one period where a style cannot print more."""
    return (sample if style.fits_many else layouts.first_period(sample)), style


def _expected(sample: Sample, style: Style) -> Cells:
    cells = sample.cells(layouts.headers(sample))
    if style.keyed:
        return cells
    return {(tidy_label(layouts.KREISE[key[0]]), *key[1:]): text for key, text in cells.items()}


# --- what is written is read --------------------------------------------------------------------


@given(layouts.classic_samples(), layouts.styles)
def test_a_classic_table_is_read_as_it_was_written(sample: Sample, style: Style) -> None:
    sample, style = _fitting(sample, style)

    table = classic.read(layouts.classic(sample, style).encode(), "x.csv")

    assert layouts.found(table) == _expected(sample, style)


@given(layouts.flat_samples(), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_a_flat_table_is_read_as_it_was_written(
    sample: Sample, quality: bool, english: bool, shuffler: random.Random
) -> None:
    assume(not english or layouts.shows_english(sample))
    head, *rows = layouts.flat(sample, quality=quality, english=english).splitlines()
    shuffler.shuffle(rows)

    table = flat.read("\n".join([head, *rows, ""]).encode("utf-8-sig"), "x.csv")

    assert layouts.found(table) == sample.cells(genesis_variables.measures(sample.columns))


@given(layouts.flat_samples(), st.booleans(), st.booleans())
def test_a_wide_table_is_read_as_it_was_written(
    sample: Sample, quality: bool, english: bool
) -> None:
    assume(not english or layouts.shows_english(sample))
    content = layouts.flat_wide(sample, quality=quality, english=english)

    table = flat_wide.read(content.encode(), "x.csv")

    assert layouts.found(table) == sample.cells(genesis_variables.measures(sample.columns))


@given(deliveries(), st.sampled_from(["cp1252", "utf-8-sig", "crlf", "no final newline"]))
def test_another_encoding_or_line_end_changes_nothing(delivery: Delivery, change: str) -> None:
    reader, content, cells, _ = delivery
    assume(change != "no final newline" or reader is classic)
    changed = {
        "cp1252": content.decode().encode("cp1252"),
        "utf-8-sig": codecs.BOM_UTF8 + content,
        "crlf": content.replace(b"\n", b"\r\n"),
        "no final newline": content[:-1],
    }[change]

    table = reader.read(changed, "x.csv")

    assert reader.recognises(changed)
    assert layouts.found(table) == cells


# --- damage -------------------------------------------------------------------------------------


def read(reader: ModuleType, content: bytes) -> Table | None:
    """Read a damaged file; None if it is refused. No other exception may come out."""
    try:
        return reader.read(content, "x.csv")
    except DataError as error:
        problems = error.problems
    assert all(p.where.startswith("x.csv") and p.what and p.next for p in problems)
    return None


def wrong(table: Table, delivery: Delivery) -> dict[tuple[str, ...], set[str]]:
    """Figures of a damaged file that would be believed, and differ from those of the whole one.

    A passport refuses a header, a label, a variable or a region that it does not know, a figure
    that is there twice with two values, and text that is neither figure nor sign.
    """
    cells = delivery.cells
    texts: dict[tuple[str, ...], set[str]] = {}
    for (key, text), _ in layouts.listed(table):
        texts.setdefault(key, set()).add(text)
    known = [{key[place] for key in cells} for place in range(len(next(iter(cells))))]
    if table.classifiers != delivery.names or any(
        key[place] not in known[place] for key in texts for place in range(len(key)) if place != 1
    ):
        return {}
    return {
        key: found
        for key, found in texts.items()
        if len(found) == 1
        and found != {cells.get(key)}
        and signs.read(next(iter(found))) is not None
    }


@settings(max_examples=150)
@given(deliveries(), st.floats(0, 1, exclude_max=True))
def test_a_file_that_is_cut_anywhere_is_refused(delivery: Delivery, place: float) -> None:
    reader, content, cells, _ = delivery
    cut = content[: int(place * len(content))]

    table = read(reader, cut)

    if table is not None and reader is classic:
        assert cut == content[:-1]
        assert layouts.found(table) == cells
    elif table is not None:
        # Flat files have no end of their own: whole rows at the end are not missed.
        assert cut.endswith(b"\n")
        assert layouts.found(table).items() <= cells.items()


@settings(max_examples=150)
@given(deliveries(), st.data())
def test_bytes_that_change_places_give_no_wrong_figure(
    delivery: Delivery, data: st.DataObject
) -> None:
    reader, content, *_ = delivery
    at = data.draw(st.integers(0, len(content) - 2))
    pair = content[at : at + 2]
    assume(not set(pair) & set(FIGURES))
    swapped = content[:at] + pair[::-1] + content[at + 2 :]

    table = read(reader, swapped)

    assert table is None or wrong(table, delivery) == {}


@settings(max_examples=150)
@given(
    deliveries(), st.data(), st.sampled_from([b'"', b"\0", b"\x1a", b";", b"\n", b"\r", b"\xff"])
)
def test_a_byte_too_much_gives_no_wrong_figure(
    delivery: Delivery, data: st.DataObject, byte: bytes
) -> None:
    reader, content, *_ = delivery
    at = data.draw(st.integers(0, len(content)))
    # A line break within a day of the preamble leaves a year.
    assume(not set(content[at - 1 : at + 1]) <= set(FIGURES) or byte != b"\n")
    damaged = content[:at] + byte + content[at:]

    table = read(reader, damaged)

    assert table is None or wrong(table, delivery) == {}


@settings(max_examples=150)
@given(deliveries(), st.data())
def test_a_byte_too_little_gives_no_wrong_figure(delivery: Delivery, data: st.DataObject) -> None:
    reader, content, *_ = delivery
    at = data.draw(st.integers(0, len(content) - 1))
    assume(content[at] not in FIGURES)

    table = read(reader, content[:at] + content[at + 1 :])

    assert table is None or wrong(table, delivery) == {}


@settings(max_examples=150)
@given(deliveries(), st.data(), st.booleans())
def test_a_line_too_much_or_too_little_gives_no_wrong_figure(
    delivery: Delivery, data: st.DataObject, double: bool
) -> None:
    reader, content, *_ = delivery
    lines = content.split(b"\n")[:-1]
    at = data.draw(st.integers(0, len(lines) - 1))
    target = data.draw(st.integers(0, len(lines)))
    moved = (
        [*lines[:target], lines[at], *lines[target:]] if double else lines[:at] + lines[at + 1 :]
    )

    table = read(reader, b"\n".join([*moved, b""]))

    assert table is None or wrong(table, delivery) == {}


@given(deliveries(), st.data())
def test_a_header_within_the_data_is_refused(delivery: Delivery, data: st.DataObject) -> None:
    reader, content, *_ = delivery
    lines = content.split(b"\n")[:-1]
    first = (
        next(i for i, line in enumerate(lines) if line.startswith(b";")) if reader is classic else 0
    )
    last = next((i for i, line in enumerate(lines) if line.startswith(b"____")), len(lines))
    target = data.draw(st.integers(first + 1 + (reader is classic) * 8, max(last, first + 9)))
    assume(target <= last and not lines[target - 1].startswith(b";"))

    table = read(reader, b"\n".join([*lines[:target], lines[first], *lines[target:], b""]))

    assert table is None


@given(deliveries(), st.sampled_from(["latin-1", "cp1252"]))
def test_text_that_was_read_in_a_wrong_encoding_is_refused(
    delivery: Delivery, encoding: str
) -> None:
    reader, content, *_ = delivery
    assume(not content.isascii())

    table = read(reader, content.decode(encoding).encode("utf-8"))

    assert table is None


@settings(max_examples=30)
@given(deliveries())
def test_a_file_with_another_ones_end_is_refused(
    delivery: Delivery,
) -> None:
    reader, content, *_ = delivery

    table = read(reader, content + content)

    assert table is None


# --- size ---------------------------------------------------------------------------------------


def test_a_million_rows_are_read() -> None:
    regions = [f"{i:05}" for i in range(1000)]
    head = (
        "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;"
        "1_variable_label;1_variable_attribute_code;1_variable_attribute_label;2_variable_code;"
        "2_variable_label;2_variable_attribute_code;2_variable_attribute_label;value;value_unit;"
        "value_variable_code;value_variable_label\n"
    )
    block = "".join(
        f"1;S;JAHR;Jahr;YEAR;KREISE;K;{key};N;GES;G;{sex};x;{n};Anzahl;BEV;B\n"
        for n, key in enumerate(regions)
        for sex in ("", "GESM", "GESW", "GESD")
    )
    years = [str(year) for year in range(1800, 2050)]
    content = (head + "".join(block.replace("YEAR", year) for year in years)).encode()

    table = flat.read(content, "x.csv")

    assert table.cells == 1_000_000
    assert pytest.approx(table.texts[0].astype(int).sum()) == 250 * 4 * sum(range(1000))


def test_a_large_file_shows_its_progress(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = Sample(("05562",), ("2024",), (), ((),), (("BEVSTD", "Anzahl"),), ("7",))
    monkeypatch.setattr(columns, "LARGE", 10)

    flat.read(layouts.flat(sample).encode(), "x.csv")

    assert "B/s" in capsys.readouterr().err
