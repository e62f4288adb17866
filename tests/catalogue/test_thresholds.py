"""Thresholds as a file: read, refused with lines, printed."""

from pathlib import Path

import pytest
from frames import ROOT, change, pruned

from kreisheft.catalogue import catalogue, thresholds
from kreisheft.core.errors import DataError
from kreisheft.editions import checks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


def told(root: Path) -> str:
    """What is wrong with the file."""
    with pytest.raises(DataError) as caught:
        thresholds.load(root)
    return str(caught.value)


def test_the_thresholds_of_the_project_are_sound() -> None:
    assert thresholds.check(ROOT) == []


def test_every_unit_of_the_catalogue_has_a_threshold() -> None:
    """A unit added tomorrow would otherwise be judged by nobody."""
    units = {i.unit for i in catalogue.load(ROOT).indicators.values()}

    assert units - set(thresholds.load(ROOT).units) == set()


def test_counts_have_neither_gap_nor_place() -> None:
    """What is a mere count says the catalogue, what is judged apart says the rule: one and all."""
    units = catalogue.load(ROOT).texts["units"]
    scales = thresholds.load(ROOT).units

    assert {u for u in scales if not scales[u].far} == {u for u in units if units[u].get("counts")}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("points: 3", "points: 2", "line 8", "3 or more"),
        ("long: 5}", "long: 1}", "line 6", "windows.long"),
        ("far: 1.5", "far: 1.05", "line 19", "far is not above even"),
        ("  qm:", "  quadrat:", "line", "unknown unit 'quadrat'"),
        ("age: 5", "age: 1", "line 11", "2 or more"),
        ("{regions: 3,", "{regions: 2,", "line 22", "two are no comparison"),
        ("quarters: 2}", "quarters: 4}", "line 22", "1 to 3"),
        ("waves: {even: 5}", "waves: {even: 0}", "line 24", "percentage points"),
        ("limited: 0.15", "unsure: 0.15", "line", "unknown status 'unsure'"),
        ("age: 5", "age: five", "line 11", "age"),
    ],
)
def test_a_mistake_is_told_with_its_line(root: Path, old, new, line, said) -> None:
    change(root / "data/rules/judgement.yml", old, new)
    message = told(root)

    assert "data/rules/judgement.yml, line" in message
    assert line in message
    assert said in message


def test_all_mistakes_come_at_once(root: Path) -> None:
    change(root / "data/rules/judgement.yml", "far: 1.5", "far: 1.0")
    change(root / "data/rules/judgement.yml", "limited: 0.15", "unsure: 0.15")

    assert len(thresholds.check(root)) == 2


def test_check_finds_a_mistake_in_the_thresholds(root: Path) -> None:
    change(root / "data/rules/judgement.yml", "far: 1.5", "far: 1.0")

    assert any("judgement.yml" in str(p) for p in checks.problems(root))


def test_a_changed_threshold_is_printed_changed(root: Path) -> None:
    """The method page shows the file that is calculated with."""
    words = catalogue.load(root).texts
    before = thresholds.format_table(thresholds.load(root), words)
    change(root / "data/rules/judgement.yml", "age: 5", "age: 7")
    after = thresholds.format_table(thresholds.load(root), words)

    changed = set(after.splitlines()) - set(before.splitlines())
    assert [line.split("|")[2].strip() for line in changed] == ["7"]


def test_every_threshold_is_printed_the_german_way() -> None:
    text = thresholds.format_table(thresholds.load(ROOT), catalogue.load(ROOT).texts)

    assert "| 1,96 |" in text
    assert "Prozentpunkte) | 1 |" in text
