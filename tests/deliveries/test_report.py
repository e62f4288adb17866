"""The default book as a reader gets it: known figures on real pages, and real notebooks behind."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from projects import REPOSITORY

from kreisheft.engine import run_jobs

TEMPLATES = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def words(page: Path) -> str:
    """Text of a page without markup, blanks folded."""
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(unescape(text).split())


@pytest.mark.site
@pytest.mark.kernel
@pytest.mark.parametrize(
    ("page", "figures"),
    [
        ("2025.1/arbeit/gesamt.html", ["23,5 %", "8,7 %", "14,8 Prozentpunkte", "2,70"]),
        ("2016.1/arbeit/gesamt.html", ["29,6 %", "10,4 %", "19,2 Prozentpunkte", "2,85"]),
        ("2025.1/bevoelkerung/gesamt.html", ["621.305", "88.626", "14,3 %", "99.345"]),
        ("2025.1/recht/gesamt.html", ["29.230"]),
        ("2025.1/bevoelkerung/ukraine.html", ["8.035"]),
    ],
)
def test_known_figures_of_recklinghausen_stand_on_their_page(
    built_site: Path, page: str, figures: list[str]
) -> None:
    text = words(built_site / "recklinghausen" / page)

    assert [f for f in figures if f not in text] == []


@pytest.mark.site
@pytest.mark.kernel
def test_a_field_without_figures_says_what_is_not_known(built_site: Path) -> None:
    page = built_site / "recklinghausen/2025.1/diskriminierung/gesamt.html"

    text, figures = words(page), page.read_text(encoding="utf-8").split("<figure ")[1:]
    drawn = [one.split('id="')[1].split('"')[0] for one in figures if 'class="kh-chart"' in one]

    assert "Was wir nicht wissen und wie man es erfährt" in text
    assert [name for name in drawn if not name.startswith("f-stimmen-")] == []


@pytest.mark.site
@pytest.mark.kernel
def test_every_chapter_but_the_gaps_shows_a_figure_with_a_number(built_site: Path) -> None:
    pages = [p for p in built_site.glob("recklinghausen/*.1/*/*.html") if p.stem != "search"]
    gaps = {"sprache", "oeffnung", "diskriminierung"}

    empty = [
        p
        for p in pages
        if p.parent.name not in gaps | {"_static"}
        and not re.search(r"kh-zahl\">.*?\d", p.read_text())
    ]

    assert empty == []


@pytest.mark.kernel
def test_a_chapter_made_again_has_the_same_bytes(
    built_site: Path, project_copy: Path, tmp_path: Path
) -> None:
    made = project_copy / "build/recklinghausen/2025.1/notebooks/arbeit/gesamt.ipynb"
    job = run_jobs.Job(
        project_copy / "notebooks/arbeit.ipynb",
        project_copy / "build/again.ipynb",
        {"kreis": "recklinghausen", "year": 2025, "target_group": "gesamt"},
        "Arbeit und Wirtschaft",
    )

    run_jobs.run([job], project_copy, 1)

    assert job.output.read_bytes() == made.read_bytes()


def nbval(notebooks: list[Path], root: Path) -> subprocess.CompletedProcess[str]:
    """Rerun executed notebooks and compare every output.

    With the kernel that starts at once: what a plain one makes of a template is asked below.
    """
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "-c"]
    kernels = {"JUPYTER_PATH": str(REPOSITORY / "src/kreisheft/engine")}
    environment = {**os.environ, **kernels, "KREISHEFT_ROOT": str(root), "KREISHEFT_BOOK": "1"}
    options = [os.devnull, "--nbval-kernel-name", "kreisheft", "--rootdir", str(root / "build")]
    return subprocess.run(
        [*command, *options, *map(str, notebooks)],
        cwd=root / "build",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.kernel
def test_nbval_reruns_an_edition_and_finds_every_output_equal(
    built_site: Path, project_copy: Path
) -> None:
    folder = project_copy / "build/recklinghausen/2016.1/notebooks"
    # Of the pages of one template with an indicator each, a few stand for all.
    pages = sorted(folder.glob("kennzahl/*.ipynb"))
    notebooks = sorted({*folder.rglob("*.ipynb")} - {*pages}) + pages[::20]

    with ThreadPoolExecutor(2) as pool:
        runs = list(
            pool.map(lambda half: nbval(half, project_copy), (notebooks[::2], notebooks[1::2]))
        )

    assert [r.stdout[-2000:] for r in runs if r.returncode] == []


@pytest.mark.kernel
def test_nbval_fails_when_a_figure_was_changed(
    built_site: Path, project_copy: Path, tmp_path: Path
) -> None:
    source = project_copy / "build/recklinghausen/2016.1/notebooks/gesundheit/gesamt.ipynb"
    changed = tmp_path / "gesamt.ipynb"
    text = source.read_text(encoding="utf-8")
    assert "4,1" in text
    changed.write_text(text.replace("4,1", "4,2"), encoding="utf-8")

    run = nbval([changed], project_copy)

    assert run.returncode == 1, run.stdout[-2000:]


#: Runs notebooks one after another, each in a plain kernel where it lies, as papermill does.
PAPERMILL = """
import sys
from pathlib import Path
import papermill
options = {"progress_bar": False, "execution_timeout": int(sys.argv[2])}
for name in sys.argv[3:]:
    there = Path(sys.argv[1], Path(name).name)
    papermill.execute_notebook(name, there, cwd=Path(name).parent, **options)
"""


def execute(notebooks: list[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run notebooks in a process of its own, and write them with their outputs into `folder`."""
    return subprocess.run(
        [sys.executable, "-c", PAPERMILL, folder, str(run_jobs.TIMEOUT), *notebooks],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.kernel
def test_every_template_draws_with_its_defaults_as_in_jupyterlab(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(
            pool.map(lambda half: execute(half, tmp_path), (TEMPLATES[::2], TEMPLATES[1::2]))
        )
    assert [run.stderr[-2000:] for run in runs if run.returncode] == []

    drawn = {t.stem: (tmp_path / t.name).read_text(encoding="utf-8") for t in TEMPLATES}

    without_chart = {name for name, text in drawn.items() if "<svg" not in text}
    assert without_chart == {
        "angebote",
        "antirassismus",
        "ueberblick",
        "schwerpunkte",
        "kommunen",
        "kennzahlen",
        "managementfassung",
        "quellen",
        "start",
    }


@pytest.mark.kernel
def test_the_preview_shows_the_chosen_chapter() -> None:
    path = REPOSITORY / "notebooks/werkstatt/vorschau.ipynb"
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=run_jobs.TIMEOUT, resources=resources)
    # nbclient's stand-in for the Output widget writes to the kernel while it waits for its answer,
    # and now and then the answer is lost (jupyter/nbclient#312). Without it, outputs stay here.
    client.comm_open_handlers.clear()

    client.execute()

    assert "f-arbeitslosenquote-verlauf" in json.dumps(notebook.cells)
