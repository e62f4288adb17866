"""Which chapter a name means in a command."""

from pathlib import Path

import pytest
from frames import ROOT

from kreisheft.catalogue import params
from kreisheft.core.errors import UsageError
from kreisheft.editions import plan

PLACE = plan.Place(ROOT, params.load(ROOT, "recklinghausen"), 2024, Path("nowhere"))


@pytest.mark.parametrize(
    ("name", "group", "address"),
    [
        ("bevoelkerung", "eingewanderte", "bevoelkerung/eingewanderte"),
        ("bevoelkerung", "", "bevoelkerung/gesamt"),
        ("kennzahl/bevoelkerung", "", "kennzahl/bevoelkerung"),
        ("arbeitslosenquote", "", "kennzahl/arbeitslosenquote"),
        ("kennzahl/arbeitslosenquote", "", "kennzahl/arbeitslosenquote"),
        ("ueberblick", "", "ueberblick"),
    ],
)
def test_a_name_means_the_field_before_the_indicator(name: str, group: str, address: str) -> None:
    assert plan.find_entry(PLACE, name, group)[1].address == address


@pytest.mark.parametrize("name", ["kennzahl/bevoelkerung", "arbeitslosenquote"])
def test_an_indicator_has_no_target_group(name: str) -> None:
    with pytest.raises(UsageError, match="leave out 'eingewanderte'"):
        plan.find_entry(PLACE, name, "eingewanderte")


def test_an_unknown_indicator_is_told() -> None:
    with pytest.raises(UsageError, match="unknown indicator 'nirgends'"):
        plan.find_entry(PLACE, "kennzahl/nirgends", "")


@pytest.mark.parametrize("name", ["kennzahl/bevoelkerung", "bevoelkerung"])
def test_the_command_that_runs_a_chapter_again_means_the_same_chapter(name: str) -> None:
    job, page = plan.find_entry(PLACE, name, "")
    _, _, again, _, _, *group = job.again.split()

    assert plan.find_entry(PLACE, again, *(group or [""]))[1].address == page.address
