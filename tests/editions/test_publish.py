"""A small edition published, verified, changed: what a reviewer does in an afternoon."""

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from click.testing import CliRunner, Result
from projects import REPOSITORY, copy_of_project

from kreisheft.cli.main import main
from kreisheft.engine import run_jobs

pytestmark = [pytest.mark.kernel, pytest.mark.site]

FACTS = "data/facts/regionalstatistik/13211-02-05-4.csv"
FIGURE = ",2025,05754,11055,4357,659,163,1010,2624,4384,5.5,5.1,5.1,5.1,11.8,"


def call(root: Path, *arguments: str) -> Result:
    """Run the command inside the project copy."""
    return CliRunner().invoke(main, list(arguments), env={"KREISHEFT_ROOT": str(root)})


def tree(folder: Path) -> dict[str, str]:
    """Hash of every file below a folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a book of two fields for Kreis Gütersloh."""
    copy = copy_of_project(tmp_path_factory.mktemp("small") / "project")
    params = copy / "params/guetersloh.yml"
    text = params.read_text(encoding="utf-8")
    text = re.sub(r"fields:\n(  - .*\n)+", "fields:\n  - arbeit\n  - diskriminierung\n", text)
    params.write_text(text.replace("[2016, 2020, 2024, 2025]", "[2025]"), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def published(root: Path) -> Path:
    """The same project after its edition was published."""
    result = call(root, "publish", "guetersloh", "2025")
    assert result.exit_code == 0, result.output
    return root


def test_publish_writes_lock_values_and_pages(published: Path) -> None:
    folder = published / "editions/guetersloh/2025.1"

    values = (folder / "values.csv").read_text(encoding="utf-8")

    assert (folder / "lock.json").is_file()
    assert "arbeitslosenquote,gesamt,auslaender,05754,2025,11.8,value,13211-02-05-4" in values
    assert (published / "build/site/guetersloh/2025.1/arbeit/gesamt.html").is_file()


def test_the_files_of_data_are_on_the_site_and_in_the_lock(published: Path) -> None:
    names = {"daten/arbeit.csv", "daten/arbeit.json", "daten/datapackage.json"}
    folder = published / "build/site/guetersloh/2025.1"
    lock = json.loads((published / "editions/guetersloh/2025.1/lock.json").read_text("utf-8"))

    hashes = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names}

    assert {n: lock["made"]["pages"][n] for n in names} == hashes


class Audited(NamedTuple):
    """A call of verify in a process of its own, beside a build folder where all is wrong.

    opened: files of the project and of the package, as the lock names them. before, after: what
    was kept.
    """

    done: subprocess.CompletedProcess[str]
    opened: set[str]
    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="module")
def audited(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """The published edition verified, every process asked which files it opens."""
    build, kept = published / "build", published / "kept"
    build.rename(kept)
    shutil.copytree(kept, build)
    poison(build)
    before = tree(build)
    log = tmp_path_factory.mktemp("audit") / "opened"
    paths = [Path(__file__).parents[1].joinpath("audit"), REPOSITORY / "src"]
    environment = {
        **os.environ,
        "KREISHEFT_ROOT": str(published),
        "KREISHEFT_AUDIT": str(log),
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
    }
    command = "from kreisheft.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "verify", "guetersloh", "2025"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    after = tree(build)
    shutil.rmtree(build)
    kept.rename(build)
    return Audited(done, opened(published, log), before, after)


def poison(build: Path) -> None:
    """Put something else into every file that is kept, so that nobody could but notice."""
    wrong = pickle.dumps("wrong")
    entry = hashlib.sha256(wrong).hexdigest().encode() + b"\n" + wrong
    for path in (build / "kept").glob("*/*/*"):
        path.write_bytes(entry)
    # Kernels would run this.
    start = build / "ipython/profile_default/startup/wrong.py"
    start.parent.mkdir(parents=True, exist_ok=True)
    start.write_text("raise SystemExit", encoding="utf-8")


def opened(root: Path, log: Path) -> set[str]:
    """Names of opened files below the project and the package, but for what Python compiled."""
    found = set()
    for text in set(log.read_text(encoding="utf-8").split("\0")):
        path = Path(text)
        for place, top in (("", root), ("src/kreisheft", REPOSITORY / "src/kreisheft")):
            if path.is_relative_to(top) and path.is_file() and path.suffix != ".pyc":
                found.add(Path(place, path.relative_to(top)).as_posix())
    return found


def test_verify_says_identical_whatever_was_kept(audited: Audited) -> None:
    told = (audited.done.returncode, audited.done.stdout.strip())

    assert told == (0, "guetersloh 2025.1: identical"), audited.done.stderr


def test_verify_neither_reads_nor_changes_what_was_kept(audited: Audited) -> None:
    # Its lock is nothing that is kept.
    assert {name for name in audited.opened if name.startswith("build/")} <= {"build/.lock"}
    assert audited.after == audited.before


def test_every_file_that_a_build_opens_is_in_the_lock(published: Path, audited: Audited) -> None:
    lock = json.loads((published / "editions/guetersloh/2025.1/lock.json").read_text("utf-8"))
    read = {name for name in audited.opened if not name.startswith(("build/", "editions/"))}

    assert {
        FACTS,
        "_toc.yml",
        "notebooks/arbeit.ipynb",
        "src/kreisheft/render/sentences.py",
    } <= read
    assert read - set(lock["inputs"]) == set()


def test_publishing_the_same_again_is_refused(published: Path) -> None:
    result = call(published, "publish", "guetersloh", "2025")

    assert result.exit_code == 2
    assert "nothing changed since guetersloh 2025.1" in result.output


def test_verify_names_a_changed_figure_and_the_pages_it_touches(published: Path) -> None:
    path = published / FACTS
    before = path.read_text(encoding="utf-8")
    assert before.count(FIGURE) == 1
    path.write_text(before.replace(FIGURE, FIGURE.replace("11.8", "12.8")), encoding="utf-8")

    result = call(published, "verify", "guetersloh", "2025")
    path.write_text(before, encoding="utf-8")

    assert result.exit_code == 1
    assert (
        "arbeitslosenquote / gesamt / auslaender / 05754 / 2025: value 11.8 → 12.8" in result.stdout
    )
    assert "arbeit/gesamt.html" in result.stdout
    assert "arbeit/eingewanderte.html" in result.stdout
    assert "daten/arbeit.csv" in result.stdout
    assert "diskriminierung/gesamt.html" not in result.stdout
    assert FACTS in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("11.8", "11;8", "column 'arbeitslosenquote staatsangehoerigkeit=auslaender"),
        ("05754,", "05999,", "column 'ags'"),
    ],
)
def test_damaged_facts_stop_the_build_and_leave_the_site(
    published: Path, old: str, new: str, place: str
) -> None:
    site = tree(published / "build/site")
    path = published / FACTS
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(FIGURE, FIGURE.replace(old, new)), encoding="utf-8")

    result = call(published, "build", "guetersloh")
    path.write_text(before, encoding="utf-8")

    assert result.exit_code == 1
    assert re.search(rf"{re.escape(FACTS)}, row \d+, {place}", result.output), result.output
    assert tree(published / "build/site") == site


def test_a_failing_chapter_is_named_with_its_cell_and_leaves_the_site(published: Path) -> None:
    site = tree(published / "build/site")
    template = published / "notebooks/arbeit.ipynb"
    before = template.read_text(encoding="utf-8")
    template.write_text(before.replace("arbeit.about()", "arbeit.trend(1/0)"), encoding="utf-8")

    result = call(published, "build", "guetersloh")
    template.write_text(before, encoding="utf-8")

    assert result.exit_code == 1
    assert re.search(r"arbeit \(guetersloh, 2025, gesamt\) +\d+ +ZeroDivisionError", result.output)
    assert "gesamt.fehler.ipynb" in result.output
    assert tree(published / "build/site") == site


def test_one_entry_and_one_line_make_a_new_figure(root: Path) -> None:
    entry = """
  junge_arbeitslose:
    code: ARB99
    title: Arbeitslosenquote der Jüngeren
    definition: Registrierte Arbeitslose unter 25 Jahren je 100 Erwerbspersonen dieses Alters.
    numerator: Arbeitslose unter 25 Jahren
    unit: prozent
    direction: lower
    concept: AUSL
    target_groups: {gesamt: [insgesamt]}
    sources:
      - table: 13211-02-05-4
        kind: published
        value: {measure: arbeitslosenquote, alter: "15-24"}
"""
    catalogue, template = root / "data/catalogue/arbeit.yml", root / "notebooks/arbeit.ipynb"
    before = catalogue.read_text(encoding="utf-8"), template.read_text(encoding="utf-8")
    catalogue.write_text(before[0] + entry, encoding="utf-8")
    notebook = nbformat.reads(before[1], as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell('arbeit.trend("junge_arbeitslose")'))
    template.write_text(nbformat.writes(notebook), encoding="utf-8")
    values = {"kreis": "guetersloh", "year": 2025, "target_group": "gesamt"}
    job = run_jobs.Job(template, root / "build/neu.ipynb", values, "Arbeit")

    run_jobs.run([job], root, 1)
    catalogue.write_text(before[0], encoding="utf-8")
    template.write_text(before[1], encoding="utf-8")

    assert "f-junge-arbeitslose-verlauf" in job.output.read_text(encoding="utf-8")
