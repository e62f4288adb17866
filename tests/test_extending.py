"""docs/extending.md: what it names exists, and every example in it is run.

An example is put into a folder beside the package's own, where the registry finds it.
"""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import vl_convert
import yaml
from frames import ROOT, book, indicator, protected, pruned, values
from projects import copy_of_project

from kreisheft import Chapter
from kreisheft.catalogue import params, thresholds
from kreisheft.core.errors import DataError
from kreisheft.deliveries import readers
from kreisheft.editions import plan, preload
from kreisheft.findings.judgement import OPEN
from kreisheft.papers import formats, paper_files
from kreisheft.papers.manuscript import Heading, Manuscript, Paragraph, Sheet, plain
from kreisheft.participation import collection
from kreisheft.participation.intake import questions, systems
from kreisheft.protected import disclosure
from kreisheft.render.figure import Figure

TEXT = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^In `([^`]+)`[^\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = dict(EXAMPLE.findall(TEXT))
PYTHON = [name for name in EXAMPLES if name.endswith(".py")]
CACHES = (readers.known, formats.load_formats, systems.load_systems)

Put = Callable[[str], ModuleType]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """Put the example of a file beside the modules of its folder, and import it."""
    before = set(sys.modules)

    def _put(name: str) -> ModuleType:
        path = Path(name)
        package = importlib.import_module(".".join(path.parts[1:-1]))
        (tmp_path / "beside").mkdir()
        (tmp_path / "beside" / path.name).write_text(EXAMPLES[name], encoding="utf-8")
        found = [*package.__path__, str(tmp_path / "beside")]
        monkeypatch.setattr(package, "__path__", found)
        for cache in CACHES:
            cache.cache_clear()
        return importlib.import_module(f"{package.__name__}.{path.stem}")

    yield _put
    for name in set(sys.modules) - before:
        if name.rpartition(".")[2] in {Path(p).stem for p in PYTHON}:
            del sys.modules[name]
    for cache in CACHES:
        cache.cache_clear()


def added(root: Path, name: str, after: str = "") -> None:
    """Add the example of a data file, at its end or below the line that begins with `after`."""
    path = root / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next((i + 1 for i, x in enumerate(lines) if after and x.startswith(after)), len(lines))
    lines.insert(at, EXAMPLES[name])
    path.write_text("".join(lines), encoding="utf-8")


def test_every_example_is_of_a_file_that_is_not_there_yet() -> None:
    blocks = re.findall(r"^```\w+$", TEXT, re.MULTILINE)

    assert len(EXAMPLES) == len(blocks)
    assert [name for name in PYTHON if (ROOT / name).exists()] == []


def test_what_it_names_exists() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r"`([\w.]+/[\w./]+|_toc\.yml)`", prose)
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", prose) if "://" not in link]
    there = [*(ROOT / n for n in named if n not in EXAMPLES), *(ROOT / "docs" / n for n in linked)]

    assert len(there) > 20
    assert [path for path in there if not path.exists()] == []


@pytest.mark.parametrize("name", PYTHON)
@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_an_example_is_written_as_the_package_is(name: str, command: list[str]) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [ruff, *command, "--stdin-filename", ROOT / name, "-"],
        input=EXAMPLES[name],
        text=True,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_reader_reads_what_it_recognises(put: Put, tmp_path: Path) -> None:
    pipes = put("src/kreisheft/deliveries/readers/pipes.py")
    (tmp_path / "x.txt").write_text(pipes.READER.example)

    table = readers.read(tmp_path / "x.txt", ())

    assert "pipes" in readers.formats()
    assert list(table.rows["ags"]) == ["05562", "05754"]
    assert list(table.texts[0]) == ["118", "90"]
    taken = [n for n, one in readers.known().items() if one.recognises(b"%pipes\n1|2|3\n")]
    assert taken == ["pipes"]
    with pytest.raises(DataError, match="row 2: has 2 cells, not 3"):
        pipes.read(b"%pipes\n05562|2024\n", "x.txt")


def test_the_chart_is_drawn_beforehand_and_filled(put: Put) -> None:
    dots = put("src/kreisheft/render/chart_kinds/group_dots.py")
    shown = protected({"value": 10.4}, {"value": 29.6, "group": "auslaender"})

    preload.draw_charts()
    spec = dots.fill(shown, indicator(), "Ein Satz.", book())

    assert dots.template.cache_info().hits == 1
    svg = vl_convert.vegalite_to_svg({**spec, "width": 400}, format_locale="de-DE")
    assert svg.count("Ausländer") >= 1
    assert "@" not in str(spec["encoding"])


def test_the_publication_is_written_and_asks_for_its_label(put: Put, tmp_path: Path) -> None:
    put("src/kreisheft/papers/formats/txt.py")
    root = pruned(tmp_path / "project")
    paper = Manuscript(
        *("Vorlage", "Kreis", "2025-01-31"),
        (Heading(1, "Eins"), Paragraph(plain("Satz.")), Sheet("T", ("a",), (("1",),), (True,))),
    )

    missing = [problem.what for problem in paper_files.check(root)]
    added(root, "data/catalogue/publikationen.yml", "  submission_docx")

    assert missing == ["submission_txt has no label for the first page"]
    assert paper_files.check(root) == []
    assert "Sitzungsvorlage (Text)" in paper_files.links(root, ["druck/sitzungsvorlage.txt"])
    written = formats.load_formats()["txt"].write(root, paper, {}, {})
    assert written.decode() == "Vorlage\nKreis\n\nEins\nSatz.\na\n1\n"
    assert formats.media_types()[".txt"] == "text/plain"


def test_the_survey_system_knows_its_structure_and_its_answers(put: Put, tmp_path: Path) -> None:
    put("src/kreisheft/participation/intake/systems/umfrago.py")
    root = pruned(tmp_path / "project")
    added(root, "data/catalogue/beteiligung.yml")
    (tmp_path / "s.txt").write_text("umfrago;Ankommen\nf1;Woher?;Amt|Freunde\n")

    system, asked = systems.read(tmp_path / "s.txt")
    words = collection.words(root)[system.name]
    found = system.columns(asked, words)
    known = system.headings(found, words)

    assert (system.name, asked.title) == ("umfrago", "Ankommen")
    assert questions.locate_headings(["Abgeschickt", "F1"], known) == {
        0: questions.SUBMITTED,
        1: "f1",
    }
    assert questions.code(found["f1"], "freunde") == "2"


def test_the_chapter_about_the_whole_book_is_planned_and_shows_its_figure(tmp_path: Path) -> None:
    root = copy_of_project(tmp_path / "project")
    name = "notebooks/thema_arbeit_und_sprache.ipynb"
    template = (root / "notebooks/vergleich.ipynb").read_text(encoding="utf-8")
    (root / name).write_text(template, encoding="utf-8")
    added(root, "_toc.yml", "      - file: notebooks/vergleich")

    first, call = EXAMPLES[name].splitlines()
    known = {"Chapter": lambda *given: Chapter(*given, root=root)}
    known |= {"kreis": "recklinghausen", "year": 2025}
    exec(first, known)

    assert Path(name).stem in params.whole_book(root)
    assert isinstance(eval(call, known), Figure)
    listed = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    files = [entry["file"] for entry in listed["parts"][0]["chapters"]]
    assert files.index(f"notebooks/{Path(name).stem}") == files.index("notebooks/vergleich") + 1
    place = plan.Place(root, params.load(root, "recklinghausen"), 2025, tmp_path)
    assert plan.find_entry(place, Path(name).stem, "")[1].address == Path(name).stem


def test_the_rule_of_judgement_judges(put: Put) -> None:
    rule = put("src/kreisheft/findings/doubling.py")
    rules = thresholds.load(ROOT)

    def verdict(*figures: float) -> str:
        rows = [{"year": 2020 + n, "value": value} for n, value in enumerate(figures)]
        return str(rule.doubling(protected(*rows), "insgesamt", rules).verdict)

    assert verdict(5.0, 7.0, 10.0) == "doubled"
    assert verdict(5.0, 7.0, 9.9) == "not_doubled"
    assert verdict(5.0, 10.0) == OPEN


def test_the_rule_of_disclosure_hides_more(tmp_path: Path) -> None:
    root = pruned(tmp_path / "project")
    four = values({"value": 4, "concept": "AUSL"})
    before = disclosure.protect(four, disclosure.load_rules(root))
    added(root, "data/rules/disclosure.yml")
    after = disclosure.protect(four, disclosure.load_rules(root))

    assert [before.has_number, after.has_number] == [True, False]
