"""Formats of publications: each is found by lying in the folder, and has a label for readers."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from frames import ROOT
from projects import copy_of_project

from kreisheft.papers import formats, paper_files
from kreisheft.papers.manuscript import Heading, Manuscript

ENDINGS = list(formats.load_formats())
WORDS = (ROOT / "data/catalogue/publikationen.yml").read_text(encoding="utf-8")
PAPER = Manuscript("Titel", "Kreis", "2025-01-31", (Heading(1, "Eins"),))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_format_is_called_like_its_module_and_its_files(ending: str) -> None:
    assert (Path(formats.__path__[0]) / f"{ending}.py").is_file()
    assert formats.load_formats()[ending].ending == ending


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_format_is_for_publications_that_there_are(ending: str) -> None:
    kinds = formats.load_formats()[ending].kinds

    assert kinds
    assert set(kinds) <= set(paper_files.KINDS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_manuscript_gives_the_same_bytes(ending: str) -> None:
    one = formats.load_formats()[ending]

    first = one.write(ROOT, PAPER, {}, yaml.safe_load(WORDS)["pages"])

    assert first
    assert one.write(ROOT, PAPER, {}, yaml.safe_load(WORDS)["pages"]) == first


def test_what_files_are_made_with_is_imported_only_when_they_are_made() -> None:
    code = (
        "import sys; from kreisheft.papers import formats; formats.load_formats();"
        "print({'typst', 'docx', 'pikepdf'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_a_publication_without_a_label_is_told(tmp_path: Path) -> None:
    root = copy_of_project(tmp_path / "project")
    path = root / "data/catalogue/publikationen.yml"
    path.write_text(path.read_text("utf-8").replace("  submission_docx:", "  other:"), "utf-8")

    [problem] = paper_files.check(root)

    assert problem.what == "submission_docx has no label for the first page"


def test_every_publication_of_the_project_has_a_label() -> None:
    assert paper_files.check(ROOT) == []
