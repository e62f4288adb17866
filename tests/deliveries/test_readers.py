"""Readers: each is found by lying in the folder, and knows its own files from those of others."""

import re
import shutil
from itertools import product
from pathlib import Path

import pytest
from workbooks import workbook

from kreisheft.core.errors import DataError
from kreisheft.deliveries import importing, readers
from kreisheft.deliveries.readers.reader import Reader

READERS = readers.known()
DOCS = Path(__file__).parents[2] / "docs/formats.md"
OFFICIAL = Path(__file__).parents[1] / "official"


def example(reader: Reader) -> bytes:
    """The reader's small file."""
    given = reader.example
    return given.encode() if isinstance(given, str) else workbook(given)


def line(reader: Reader) -> str:
    """The reader's line in the table of docs/formats.md."""
    file, what, number, seen = reader.row
    return f"| {file} | `{reader.format}`: {what} | {number} | {seen} |"


@pytest.mark.parametrize("name", READERS)
def test_a_format_is_called_like_the_module_that_reads_it(name: str) -> None:
    path = Path(readers.__path__[0]) / f"{name}.py"

    assert path.is_file()
    assert READERS[name].format == name


@pytest.mark.parametrize("name", READERS)
def test_the_example_of_a_reader_is_recognised_and_read(name: str) -> None:
    table = READERS[name].read(example(READERS[name]), f"data/indicator_1.{name}")

    assert READERS[name].recognises(example(READERS[name]))
    assert table.format == name
    assert table.cells > 0


@pytest.mark.parametrize(("mine", "other"), list(product(READERS, READERS)))
def test_no_reader_takes_the_file_of_another_that_is_not_asked_before_it(
    mine: str, other: str
) -> None:
    if mine != other and other not in READERS[mine].after:
        assert not READERS[mine].recognises(example(READERS[other]))


def test_a_workbook_that_names_the_bundesagentur_belongs_to_the_office_of_its_sheet() -> None:
    sheets = READERS["genesis_workbook"].example
    assert not isinstance(sheets, str)
    quoting = {n: [*rows, ["Quelle: Bundesagentur für Arbeit"]] for n, rows in sheets.items()}
    found = [name for name, one in READERS.items() if one.recognises(workbook(quoting))]

    assert found == ["genesis_workbook", "ba_workbook"]


def test_a_reader_is_asked_after_those_that_it_names() -> None:
    order = list(READERS)
    before = [(first, name) for name, reader in READERS.items() for first in reader.after]

    assert before
    assert [(a, b) for a, b in before if order.index(a) > order.index(b)] == []


@pytest.mark.parametrize("name", READERS)
def test_the_documents_list_every_format(name: str) -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert line(READERS[name]) in text.splitlines(), (
        f"put into docs/formats.md: {line(READERS[name])}"
    )


def test_the_documents_list_no_format_that_is_gone() -> None:
    row = re.compile(r"^\|[^|]*\| `(\w+)`: [^|]*\|[^|]*\|[^|]*\|$", re.MULTILINE)
    named = row.findall(DOCS.read_text(encoding="utf-8"))

    assert sorted(named) == list(readers.formats())


def test_a_file_of_no_format_is_told_what_all_readers_take(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b\n1;2\n")

    with pytest.raises(DataError) as caught:
        readers.read(tmp_path / "x.csv", ())

    assert [r.words for r in READERS.values() if r.words not in str(caught.value)] == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a passport of a format that nobody reads."""
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "data/sources/erfunden/99999-01-01-4.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("format: classic", "format: clasic"), encoding="utf-8")
    return tmp_path


def test_a_passport_with_a_format_that_nobody_reads_is_told_with_its_line(root: Path) -> None:
    [problem] = readers.check(root)

    assert "99999-01-01-4.yml" in problem.where
    assert "5" in problem.where.rpartition("99999-01-01-4.yml")[2]
    assert "no reader has the format 'clasic'" in problem.what
    assert "classic, flat, " in problem.next


def test_an_import_beside_a_passport_that_nobody_can_use_is_refused(root: Path) -> None:
    with pytest.raises(DataError) as caught:
        importing.check(root, OFFICIAL / "classic.csv")

    assert "no reader has the format 'clasic'" in str(caught.value)
