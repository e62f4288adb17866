"""What a verdict says of inputs and packages, and what the lock of an edition lists."""

from pathlib import Path
from typing import Any

import pytest
from frames import pruned
from projects import REPOSITORY

from kreisheft.catalogue import params
from kreisheft.core import packages
from kreisheft.editions import publish, verify
from kreisheft.editions.make_edition import Made

NOW = {"docutils": "0.20.1", "pandas": "2.3.0", "python": "3.11.7", "new-one": "1.0"}
THEN = {"docutils": "0.21.2", "pandas": "2.3.0", "python": "3.11.7", "gone-one": "0.9"}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """An edition of one page."""
    monkeypatch.setattr(packages, "versions", lambda: NOW)
    page = tmp_path / "html/index.html"
    page.parent.mkdir()
    page.write_text("<p>Seite</p>", encoding="utf-8")
    return Made(params.load(REPOSITORY, "recklinghausen"), 2016, 1, tmp_path)


def different_lock(**more: Any) -> dict[str, Any]:
    other = {"notebooks": {}, "pages": {"index.html": "another"}}
    return {"made": other, "inputs": {"_toc.yml": "a", "_config.yml": "a"}} | more


def test_a_changed_package_is_named_with_both_versions(made: Made) -> None:
    locked = different_lock(environment=THEN)

    told = str(verify._compare(locked, made, (), locked["inputs"]))

    assert "packages that changed since it was published: 3\n" in told
    assert "  docutils 0.21.2 → 0.20.1\n" in told
    assert "  gone-one 0.9 → (none)\n  new-one (none) → 1.0" in told


def test_a_lock_without_packages_is_said_to_have_none(made: Made) -> None:
    locked = different_lock()
    now = {"_toc.yml": "a", "_config.yml": "b", "data/angebote/x/angebote.csv": "c"}

    told = str(verify._compare(locked, made, (), now))

    assert told.endswith(verify.OLD)
    assert "inputs that changed since it was published: 1\n  _config.yml\n" in told


def test_the_same_pages_are_identical_whatever_is_installed(made: Made) -> None:
    locked = different_lock(environment=THEN) | {"made": publish.fingerprint(made)}

    verdict = verify._compare(locked, made, (), locked["inputs"])

    assert (verdict.identical, str(verdict)) == (True, "recklinghausen 2016.1: identical")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path / "project")


@pytest.mark.parametrize(
    "name",
    [
        "data/angebote/guetersloh/angebote.csv",
        "data/beteiligung/recklinghausen/umfrage.yml",
        "data/templates/wohnen.csv",
        "data/konzept/recklinghausen/konzept.yml",
        "params/guetersloh.yml",
        "book/druck/heft.typ",
        "requirements.lock",
    ],
)
def test_the_lock_lists_every_kind_of_input(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x\n", encoding="utf-8")
    before = publish.hash_inputs(root)
    (root / name).write_text("y\n", encoding="utf-8")

    after = publish.hash_inputs(root)

    assert {n for n in after if after[n] != before[n]} == {name}


@pytest.mark.parametrize(
    "name",
    [
        "data/eigene/lieferung.csv",
        "notebooks/werkstatt/entwurf.ipynb",
        "notebooks/.ipynb_checkpoints/arbeit-checkpoint.ipynb",
        "book/locale/de/LC_MESSAGES/sphinx.mo",
        "build/tables/x.pickle",
    ],
)
def test_the_lock_leaves_out_what_no_build_reads(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x\n", encoding="utf-8")

    assert name not in publish.hash_inputs(root)


def test_the_lock_lists_the_code_that_runs(root: Path) -> None:
    code = Path(publish.__file__).parents[1]

    listed = publish.hash_inputs(root)

    assert {f"src/kreisheft/{p.relative_to(code).as_posix()}" for p in code.rglob("*.py")} == {
        name for name in listed if name.endswith(".py")
    }
    assert "src/kreisheft/schemas/params.yml" in listed
