from pathlib import Path

import pytest

from kreisheft.core.errors import DataError
from kreisheft.facts import fact_files

TABLE = "t-1"
HEAD = "stand,period,ags,alter,kinder concept=AUSL\n"
ROWS = "2020-01-01,2017,05158,insgesamt,16.93\n2020-01-01,2018,05158,insgesamt,32.15\n"
ENTRY = """\
corrections:
  - {{ags: "05158", period: "2017", measure: kinder, found: "{found}", action: {action},
     reason: Ein Wert zwischen 32 und 33 in den Nachbarjahren., declared: 2026-11-22}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("data/facts/q", "data/corrections"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / f"data/facts/q/{TABLE}.csv").write_text(HEAD + ROWS, encoding="utf-8")
    return tmp_path


def declare(root: Path, found: str = "16.93", action: str = "drop") -> None:
    path = root / f"data/corrections/{TABLE}.yml"
    path.write_text(ENTRY.format(found=found, action=action), encoding="utf-8")


def figures(root: Path) -> dict[str, tuple[str, str]]:
    frame = fact_files.load(root, TABLE).frame
    return {
        str(row.period): (str(row.value), str(row.status)) for row in frame.itertuples(index=False)
    }


def test_a_dropped_figure_is_gone_and_says_why(root: Path) -> None:
    declare(root)

    assert figures(root) == {"2017": ("nan", "source_error"), "2018": ("32.15", "value")}


def test_a_replaced_figure_is_marked(root: Path) -> None:
    declare(root, action='replace, value: "32.3"')

    assert figures(root)["2017"] == ("32.3", "corrected")


def test_the_facts_file_itself_stays_as_delivered(root: Path) -> None:
    declare(root)
    figures(root)

    assert "16.93" in (root / f"data/facts/q/{TABLE}.csv").read_text(encoding="utf-8")


def test_an_entry_that_matches_nothing_fails(root: Path) -> None:
    declare(root, found="99")

    with pytest.raises(DataError, match=r"matches no fact: .* holds 16\.93, not 99"):
        figures(root)


def test_an_entry_whose_error_the_source_has_mended_fails(root: Path) -> None:
    declare(root)
    path = root / f"data/facts/q/{TABLE}.csv"
    path.write_text(HEAD + ROWS + "2021-01-01,2017,05158,insgesamt,32.30\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"the newest delivery says 32\.30: the source has mended"):
        figures(root)


def test_an_entry_for_another_region_does_no_harm_when_only_some_are_read(root: Path) -> None:
    declare(root)

    assert fact_files.load(root, TABLE, {"05562"}).frame.empty


@pytest.mark.parametrize(
    ("action", "message"),
    [("drop, region: x", "no column region"), ("replace", "value"), ("mend", "mend")],
)
def test_a_mistake_in_the_file_is_named(root: Path, action: str, message: str) -> None:
    declare(root, action=action)

    with pytest.raises(DataError, match=message):
        figures(root)
