"""What was read is kept: the same as from the text, and never what an older one said."""

from contextlib import suppress
from pathlib import Path

import pytest

from kreisheft.core import cache, project, yaml_files
from kreisheft.core.errors import DataError
from kreisheft.facts import fact_files

CHECKOUT = Path(__file__).parents[2]
TABLE = "1-1"
TEXT = """stand,period,ags,personen concept=AUSL
2025-01-31,2024,05562,7
2025-01-31,2024,05754,8
"""
CORRECTION = """corrections:
  - ags: "05562"
    period: "2024"
    measure: personen
    found: "7"
    action: drop
    reason: Die Zahl ist um das Zehnfache zu klein.
    declared: 2026-11-22
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / f"data/facts/q/{TABLE}.csv", TEXT)
    write(tmp_path / f"data/sources/q/{TABLE}.yml", "")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def kept(root: Path, kind: cache.Kind = fact_files.KEPT) -> list[Path]:
    return sorted((cache.folder(root) / kind.folder).glob("*/*"))


def values(root: Path) -> list[float]:
    return fact_files.load(root, TABLE).frame["value"].fillna(-1).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("keys", [None, {"05562", "05", "DG"}])
def test_what_was_kept_is_what_the_text_says(tmp_path: Path, keys: set[str] | None) -> None:
    """All tables of the project, to the last category."""
    (tmp_path / "data").symlink_to(CHECKOUT / "data")
    for table in sorted(fact_files.tables(tmp_path)):
        read, again = (fact_files.load(tmp_path, table, keys).frame for _ in range(2))
        assert read.equals(again)
        assert read.dtypes.tolist() == again.dtypes.tolist(), "names of categories, in order"
    assert len(kept(tmp_path)) == len(fact_files.tables(tmp_path))


def test_what_was_kept_is_read_instead_of_the_text(root: Path, monkeypatch) -> None:
    first = values(root)
    monkeypatch.setattr(fact_files.layout, "read", None)

    assert values(root) == first == [7, 8]


def test_regions_that_are_not_asked_for_leave_no_category(root: Path) -> None:
    frame = fact_files.load(root, TABLE, {"05754"}).frame

    assert frame["value"].tolist() == [8]
    assert frame["ags"].cat.categories.tolist() == ["05754"]


def test_a_changed_figure_is_read(root: Path) -> None:
    assert values(root) == [7, 8]
    write(root / f"data/facts/q/{TABLE}.csv", TEXT.replace(",8", ",9"))

    assert values(root) == [7, 9]


def test_a_declared_error_is_put_right_though_the_text_is_the_same(root: Path) -> None:
    assert values(root) == [7, 8]
    write(root / f"data/corrections/{TABLE}.yml", CORRECTION)

    assert values(root) == [-1, 8]


def test_who_writes_to_facts_changes_nobody_elses(root: Path) -> None:
    frame = fact_files.load(root, TABLE).frame
    frame.loc[:, "value"] = 0

    assert values(root) == [7, 8]


def test_facts_that_cannot_be_read_are_not_kept(root: Path) -> None:
    write(root / f"data/facts/q/{TABLE}.csv", "stand,period\n")

    for _ in range(2):
        with pytest.raises(DataError):
            fact_files.load(root, TABLE)
    assert kept(root) == []


def test_where_nothing_can_be_written_facts_are_read_all_the_same(root: Path) -> None:
    write(root / "build", "a file in the place of the folder")

    assert values(root) == [7, 8]


def test_for_an_audit_nothing_that_was_kept_is_read(root: Path, monkeypatch) -> None:
    values(root)
    monkeypatch.setenv(project.ANEW_VARIABLE, "1")
    monkeypatch.setattr(fact_files.layout, "read", None)

    with pytest.raises(TypeError):
        values(root)


def test_a_document_that_was_kept_is_the_one_that_was_read(tmp_path: Path) -> None:
    """All of the catalogue, with the place of every key."""
    (tmp_path / "data").symlink_to(CHECKOUT / "data")
    for path in sorted((tmp_path / "data/catalogue").glob("*.yml")):
        schema = path.stem if (yaml_files.SCHEMAS / path.name).is_file() else "indicators"
        with suppress(DataError):
            first = again(path, schema, tmp_path)
            kept_one = again(path, schema, tmp_path)
            assert kept_one is not first
            assert vars(kept_one) == vars(first)
    assert len(kept(tmp_path, yaml_files.KEPT)) > 15


def again(path: Path, schema: str, root: Path) -> yaml_files.Document:
    """Read as a new process does."""
    yaml_files._checked.forget()
    return yaml_files.load(path, schema, root)


def test_a_document_with_a_mistake_is_not_kept(tmp_path: Path) -> None:
    write(tmp_path / "params/x.yml", "report_years: heute\n")
    for _ in range(2):
        with pytest.raises(DataError):
            again(tmp_path / "params/x.yml", "params", tmp_path)

    assert kept(tmp_path, yaml_files.KEPT) == []


def test_a_stricter_schema_is_asked_though_the_text_is_the_same(tmp_path, monkeypatch) -> None:
    write(tmp_path / "a.yml", "- 1\n")
    schemas = tmp_path / "schemas"
    monkeypatch.setattr(yaml_files, "SCHEMAS", schemas)
    for kind, sound in (("array", True), ("object", False)):
        write(schemas / "it.yml", f"type: {kind}\n")
        for known in (yaml_files._schema, yaml_files.schema, yaml_files._validator):
            known.cache_clear()
        if sound:
            again(tmp_path / "a.yml", "it", tmp_path)
    with pytest.raises(DataError, match="object"):
        again(tmp_path / "a.yml", "it", tmp_path)
