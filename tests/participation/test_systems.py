"""Survey systems: each is found by lying in the folder, and knows its own structure."""

from pathlib import Path

import pytest
from frames import ROOT
from limesurvey import lss, tabs

from kreisheft.core.errors import DataError
from kreisheft.participation import collection
from kreisheft.participation.intake import systems

NAMES = list(systems.load_systems())


@pytest.mark.parametrize("name", NAMES)
def test_a_system_is_called_like_its_module_and_its_words(name: str) -> None:
    assert (Path(systems.__path__[0]) / f"{name}.py").is_file()
    assert systems.load_systems()[name].name == name
    assert name in collection.words(ROOT)


@pytest.mark.parametrize("content", [lss(), tabs(), tabs().decode("utf-8-sig").encode("utf-16")])
def test_every_form_of_a_structure_is_recognised(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)

    system, asked = systems.read(tmp_path / "s")

    assert system.name == "limesurvey"
    assert "q1" in asked.questions


@pytest.mark.parametrize("content", [b"<a/>", b"q1,q2\n1,2\n"])
def test_what_no_system_exports_is_refused_with_what_all_of_them_do(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "s").write_bytes(content)

    with pytest.raises(DataError, match=r"limesurvey: Survey structure \(\.lss\)"):
        systems.read(tmp_path / "s")
