"""Installed packages: which versions count, and that every kept thing is kept for these only."""

import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from projects import REPOSITORY

from kreisheft.book import finish_pages, mail_links, site, sphinx_build, term_links
from kreisheft.catalogue import params
from kreisheft.core import packages, yaml_files
from kreisheft.editions import (
    bind_edition,
    checks,
    dependencies,
    keep_data,
    keep_values,
    unchanged,
)
from kreisheft.engine import kept_chapters, run_jobs
from kreisheft.facts import fact_files
from kreisheft.papers import council_paper, formats, paper_files
from kreisheft.papers.manuscript import Manuscript

CACHED: tuple[Any, ...] = (packages.digest,)
SETTINGS = params.load(REPOSITORY, "recklinghausen")
NO_PAGES = pd.DataFrame({"year": [], "field": [], "ids": []})


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Leave the record of a package before all others, as a virtual environment would."""

    def install_record(record: str) -> None:
        (tmp_path / "packages" / record).mkdir(parents=True)
        monkeypatch.syspath_prepend(str(tmp_path / "packages"))
        _forget()

    yield install_record
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for one in CACHED:
        one.cache_clear()


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    folder = tmp_path / "staged"
    folder.mkdir()
    (folder / term_links.FILE).write_text("[]", encoding="utf-8")
    (folder / mail_links.FILE).write_text("{}", encoding="utf-8")
    (folder / "seite.md").write_text("# Seite\n", encoding="utf-8")
    return folder


def test_versions_are_those_that_an_import_finds(install: Callable[[str], None]) -> None:
    install("docutils-0.20.1.dist-info")

    found = packages.versions()

    assert found["docutils"] == "0.20.1"
    assert found["python"] == platform.python_version()
    assert list(found) == sorted(found)


@pytest.mark.parametrize("record", ["Neues_Paket-1.0.dist-info", "neues_paket-1.0-py3.egg-info"])
def test_a_package_has_one_name_however_it_was_installed(
    record: str, install: Callable[[str], None]
) -> None:
    install(record)

    assert packages.versions()["neues-paket"].startswith("1.0")


def test_a_record_without_version_hides_no_other(install: Callable[[str], None]) -> None:
    before = packages.versions()["kreisheft"]

    install("kreisheft.egg-info")

    assert packages.versions()["kreisheft"] == before != ""


def _job(staged: Path) -> object:
    template = REPOSITORY / "notebooks/arbeit.ipynb"
    job = run_jobs.Job(template, staged / "out.ipynb", {"kreis": "x", "year": 2024}, "Arbeit")
    return kept_chapters.KEPT.key(run_jobs._parts(job))


def _data(_: Path) -> object:
    own = dependencies.Inputs(REPOSITORY, SETTINGS, NO_PAGES)
    # Figures are not what this is about.
    own._of_field = lambda *_: {}  # type: ignore[method-assign]
    return keep_data.KEPT.key(own.of_data("wohnen", 2024))


def _paper(_: Path) -> object:
    paper, pdf = Manuscript("Bericht", "", "2024-01-01", ()), formats.load_formats()["pdf"]
    words = council_paper.words(REPOSITORY)
    return pdf.kept.key(paper_files._parts(REPOSITORY, pdf, paper, {}, words))


def _bound(staged: Path) -> object:
    return bind_edition._stamp(bind_edition.Binding(REPOSITORY, SETTINGS, 2024, 1, staged, (), {}))


#: Whatever is kept below build/, and what says for how long it holds.
KEYS: dict[str, Callable[[Path], object]] = {
    "executed chapters": _job,
    "figures": lambda _: keep_values.make_key(REPOSITORY, SETTINGS, "wohnen", None),
    "files of data": _data,
    "papers": _paper,
    "what Sphinx knows of pages": sphinx_build._skeleton,
    "pages of Sphinx": lambda staged: sphinx_build._digest(staged, beside=False),
    "pages with what lies beside": sphinx_build._digest,
    "finished pages": lambda _: finish_pages.KEPT.key({}),
    "bound editions": _bound,
    "lists of editions": lambda staged: site._digest_lists(staged, REPOSITORY, []),
    "tables": lambda _: fact_files.KEPT.key({}),
    "documents": lambda _: yaml_files.KEPT.key({}),
    "checks": lambda _: checks._marks(
        REPOSITORY, [checks._Check(REPOSITORY, checks.REST, checks.REST)]
    ),
    "nothing changed": lambda _: unchanged.read(REPOSITORY),
}


@pytest.mark.parametrize("kept", KEYS)
def test_whatever_is_kept_is_not_used_with_another_version_of_a_package(
    kept: str, staged: Path, install: Callable[[str], None]
) -> None:
    before = KEYS[kept](staged)
    assert KEYS[kept](staged) == before

    install("docutils-0.20.1.dist-info")

    assert KEYS[kept](staged) != before
