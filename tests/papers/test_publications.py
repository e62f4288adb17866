"""All publications of an edition as files: which there are, kept by content, linked by address."""

import json
from pathlib import Path

import pytest
from frames import ROOT
from projects import copy_of_project

from kreisheft.book.edition_pages import Edition, Page
from kreisheft.catalogue import params
from kreisheft.core.errors import UsageError
from kreisheft.papers import paper_files, pdf_files

WHOLE = ("ueberblick", "managementfassung")
FIELDS = ("arbeit/gesamt", "arbeit/eingewanderte", "sprache/gesamt")
SETTINGS = params.load(ROOT, "recklinghausen")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("druck") / "project")


def edition(root: Path, year: int = 2024, text: str = "Ein Satz.") -> Edition:
    pages = []
    for address in (*WHOLE, *FIELDS):
        path = root / "build" / f"{address.replace('/', '-')}.ipynb"
        path.parent.mkdir(exist_ok=True)
        cells = [{"cell_type": "markdown", "source": [f"# {address}\n\n{text}"]}]
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        group = "Eingewanderte" if address.endswith("eingewanderte") else ""
        pages.append(Page(address, path, address, group))
    return Edition("recklinghausen", "Kreis Recklinghausen", year, 1, tuple(pages))


def names(root: Path, year: int = 2024, **wanted: object) -> set[str]:
    made = paper_files.make(root, SETTINGS, edition(root, year), {}, **wanted)  # type: ignore[arg-type]
    return {address.removeprefix("druck/") for address in made}


def test_an_edition_has_every_kind_and_a_file_per_chapter(root: Path) -> None:
    assert {name for name in names(root) if name.endswith((".pdf", ".docx"))} == {
        "bericht.pdf",
        "managementfassung.pdf",
        "datensammlung.pdf",
        "sitzungsvorlage.pdf",
        "sitzungsvorlage.docx",
        "arbeit-gesamt.pdf",
        "arbeit-eingewanderte.pdf",
        "sprache-gesamt.pdf",
    }


def test_a_year_without_a_paper_has_none(root: Path) -> None:
    assert names(root, 2020, kinds=["submission"]) == set()


def test_kind_field_and_group_narrow_what_is_made(root: Path) -> None:
    assert names(root, kinds=["report"], group="eingewanderte") == {"bericht-eingewanderte.pdf"}
    assert names(root, field="arbeit") == {"arbeit-gesamt.pdf", "arbeit-eingewanderte.pdf"}
    assert names(root, kinds=["chapter"], group="gesamt") == {
        "arbeit-gesamt.pdf",
        "sprache-gesamt.pdf",
    }


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"kinds": ["roman"]}, "Valid: report, chapter, management, tables, submission"),
        ({"group": "alle"}, "Valid: gesamt, eingewanderte"),
        ({"field": "kochen"}, "no chapter kochen"),
    ],
)
def test_what_there_is_not_is_refused(root: Path, wanted: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        names(root, **wanted)


def test_what_did_not_change_is_not_set_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = paper_files.make(root, SETTINGS, edition(root), {}, field="arbeit")
    monkeypatch.setattr(pdf_files, "write", lambda *_: b"again")

    again = paper_files.make(root, SETTINGS, edition(root), {}, field="arbeit")
    other = paper_files.make(root, SETTINGS, edition(root, text="Ein anderer."), {}, field="arbeit")

    assert again == first
    assert set(other.values()) == {b"again"}


def test_a_changed_template_sets_everything_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper_files.make(root, SETTINGS, edition(root), {}, field="arbeit")
    looks = root / pdf_files.FOLDER / pdf_files.TEMPLATE
    looks.write_text(looks.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr(pdf_files, "write", lambda *_: b"again")

    made = paper_files.make(root, SETTINGS, edition(root), {}, field="arbeit")
    assert set(made.values()) == {b"again"}


def test_links_lead_to_what_there_is_and_to_nothing_else() -> None:
    assert paper_files.links(ROOT, []) == ""
    assert paper_files.links(ROOT, ["druck/bericht.pdf", "druck/arbeit-gesamt.pdf"]) == (
        "<p><strong>Zum Herunterladen und Drucken</strong></p>"
        '<ul class="kh-druck"><li><a href="druck/bericht.pdf">Bericht (PDF)</a></li></ul>'
    )
