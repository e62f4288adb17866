"""Kept chapters are never wrong: stopped, killed, audited and failing builds come out the same."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bound import build_html
from click.testing import CliRunner
from frames import ROOT
from small_books import edition, notebook, tree

from kreisheft.book import sphinx_build, staging
from kreisheft.cli import main
from kreisheft.core import cache, swap_folder
from kreisheft.core.errors import DataError
from kreisheft.editions import publish
from kreisheft.engine import run_jobs
from kreisheft.engine.kept_chapters import KEPT

pytestmark = pytest.mark.kernel

#: Moments at which the miniature build is killed; KREISHEFT_KILLS=50 takes fifty.
KILLS = int(os.environ.get("KREISHEFT_KILLS", "10"))
NUMBERS = range(6)
#: A build of its own process, as `kreisheft build` would run these chapters.
RUN = """
import json, signal, sys
from pathlib import Path
from kreisheft.engine import run_jobs
# A shell that runs the tests in the background has switched Ctrl-C off for all of them.
signal.signal(signal.SIGINT, signal.default_int_handler)
root = Path(sys.argv[1])
jobs = [
    run_jobs.Job(root / f"t{n}.ipynb", root / f"out/{n}.ipynb", {"n": n}, f"T{n}", {"data": "1"})
    for n in range(6)
]
try:
    found = run_jobs.run(jobs, root, 2, keep=True)
except KeyboardInterrupt as stop:
    print(stop)
    sys.exit(130)
print(sum(outcome.ran for outcome in found))
"""


def template(path: Path, *cells: str) -> Path:
    first = nbformat.v4.new_code_cell("n = 0", id="p", metadata={"tags": ["parameters"]})
    rest = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(cells)]
    title = nbformat.v4.new_markdown_cell("# Titel", id="t")
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[title, first, *rest], metadata=metadata), path)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Six tiny templates, each a quarter of a second long."""
    (tmp_path / "build").mkdir()
    for n in NUMBERS:
        template(tmp_path / f"t{n}.ipynb", "import time; time.sleep(0.25)", "print(n * 7)")
    return tmp_path


def jobs(root: Path, data: str = "1") -> list[run_jobs.Job]:
    return [
        run_jobs.Job(
            root / f"t{n}.ipynb",
            root / f"out/{n}.ipynb",
            {"n": n},
            f"T{n}",
            {"data": data},
            f"kreisheft chapter t{n}",
        )
        for n in NUMBERS
    ]


def outputs(root: Path) -> dict[str, bytes]:
    # What a process leaves that was killed while it wrote is hidden, and nobody's.
    found = (p for p in sorted((root / "out").iterdir()) if not p.name.startswith("."))
    return {p.name: p.read_bytes() for p in found}


def ran(found: list[run_jobs.Outcome]) -> list[bool]:
    return [outcome.ran for outcome in found]


def of_project(root: Path) -> list[int]:
    """Processes that work in the project's folder, or were told of it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(root).encode() in told and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def gone(root: Path) -> bool:
    """Whether no process of the project is left, after a moment."""
    for _ in range(100):
        if not of_project(root):
            return True
        time.sleep(0.1)
    return False


def start(root: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


# --- kept, audited ------------------------------------------------------------------------------


def test_only_what_changed_runs_again_and_the_rest_comes_back(root: Path) -> None:
    run_jobs.run(jobs(root), root, keep=True)
    first = outputs(root)
    (root / "out/3.ipynb").unlink()
    (root / "out/4.ipynb").write_text("damaged")
    template(root / "t5.ipynb", "print(n * 8)")

    found = run_jobs.run(jobs(root), root, keep=True)

    assert ran(found) == [False] * 5 + [True]
    assert found[5].why == "template changed"
    assert {n: b for n, b in outputs(root).items() if n != "5.ipynb"} == {
        n: b for n, b in first.items() if n != "5.ipynb"
    }
    assert b"40" in outputs(root)["5.ipynb"]


def test_an_output_that_lies_there_as_it_was_left_is_not_read_again(
    root: Path, monkeypatch
) -> None:
    run_jobs.run(jobs(root), root, keep=True)
    (root / "out/3.ipynb").touch()
    read: list[str] = []
    found = cache.find
    monkeypatch.setattr(cache, "find", lambda r, key: read.append(key) or found(r, key))

    assert ran(run_jobs.run(jobs(root), root, keep=True)) == [False] * 6
    assert read == [KEPT.key(run_jobs._parts(jobs(root)[3]))]


def test_without_its_entry_an_output_that_lies_there_is_made_anew(root: Path) -> None:
    run_jobs.run(jobs(root), root, keep=True)
    key = KEPT.key(run_jobs._parts(jobs(root)[3]))
    (cache.folder(root) / key).unlink()

    found = run_jobs.run(jobs(root), root, keep=True)

    assert ran(found) == [False] * 3 + [True] + [False] * 2
    assert found[3].why == "is not kept"


def test_an_audit_finds_what_was_kept_wrongly_and_says_where(root: Path, monkeypatch) -> None:
    monkeypatch.setattr(run_jobs.kept_chapters, "AUDITED", 1)
    run_jobs.run(jobs(root), root, keep=True)
    [same, *_] = run_jobs.run(jobs(root), root, keep=True, audit=0)
    key = KEPT.key(run_jobs._parts(jobs(root)[2]))
    good = cache.find(root, key) or b""
    cache.put(root, key, good.replace(b"14", b"15"))

    with pytest.raises(DataError) as failed:
        run_jobs.run(jobs(root), root, keep=True, audit=0)

    assert (same.ran, same.why) == (True, "audited: the same")
    [problem] = failed.value.problems
    assert problem.where == "t2 (2)"
    assert problem.what == "is not what was kept: outputs of cell 5 differs"


def test_an_audit_reads_nothing_that_was_kept_and_what_runs_after_it_does(
    root: Path, monkeypatch
) -> None:
    monkeypatch.setattr(run_jobs.kept_chapters, "AUDITED", 1)
    told = "import os; print(os.environ['KREISHEFT_ANEW'] or 'kept')"
    template(root / "t0.ipynb", told)
    template(root / "t1.ipynb", told)
    [first, second] = jobs(root)[:2]
    given = {"workers": 1, "keep": True}
    run_jobs.run([first], root, **given)

    with pytest.raises(DataError, match="is not what was kept"):
        run_jobs.run([first, second], root, audit=0, **given)
    assert "kept" in outputs(root)["1.ipynb"].decode()


def test_what_several_chapters_read_is_read_where_they_are_forked_from(root: Path) -> None:
    told = "import os; print(os.environ.get('SHARED'))"
    template(root / "t0.ipynb", told)
    template(root / "t1.ipynb", told)
    shared, failing = (replace(jobs(root)[n], before=f) for n, f in enumerate((share, fail)))

    run_jobs.run([shared, failing], root, 1)

    assert b"with the next" in outputs(root)["0.ipynb"]
    assert b"with the next" in outputs(root)["1.ipynb"], "its own failure is the chapter's to tell"


def share(_: Path) -> None:
    """Leave something for all that are forked after."""
    os.environ["SHARED"] = "with the next"


def fail(_: Path) -> None:
    """Damaged data, for example."""
    raise ValueError


def test_what_ran_while_its_data_changed_is_not_kept(root: Path) -> None:
    run_jobs.run(jobs(root), root, keep=True, steady=lambda: False)

    assert ran(run_jobs.run(jobs(root), root, keep=True)) == [True] * 6


# --- failing chapters ---------------------------------------------------------------------------


def test_failing_chapters_leave_the_others_done_and_end_in_a_table(root: Path) -> None:
    template(root / "t1.ipynb", "1 / 0")
    template(root / "t4.ipynb", "print(n)", "raise ValueError('zu wenig')")

    with pytest.raises(DataError) as failed:
        run_jobs.run(jobs(root), root, keep=True)

    lines = str(failed.value).splitlines()
    assert lines[0] == "2 of 6 chapters failed; the others are done"
    assert [line.split() for line in lines[1:4]] == [
        ["chapter", "cell", "error", "run", "it", "alone"],
        [
            "t1",
            "(1)",
            "3",
            "ZeroDivisionError:",
            "division",
            "by",
            "zero",
            *["kreisheft", "chapter", "t1"],
        ],
        ["t4", "(4)", "4", "ValueError:", "zu", "wenig", *["kreisheft", "chapter", "t4"]],
    ]
    assert lines[4].strip() == "→ open out/1.fehler.ipynb"
    assert sorted(outputs(root)) == [
        "0.ipynb",
        "1.fehler.ipynb",
        "2.ipynb",
        "3.ipynb",
        "4.fehler.ipynb",
        "5.ipynb",
    ]
    template(root / "t1.ipynb", "print(1)")
    template(root / "t4.ipynb", "print(1)")
    found = run_jobs.run(jobs(root), root, keep=True)
    assert ran(found) == [False, True, False, False, True, False]


# --- stopped and killed -------------------------------------------------------------------------


def test_ctrl_c_says_how_to_go_on_and_leaves_nothing_half(root: Path) -> None:
    process = start(root)
    for _ in range(3000):
        if list((root / "out").glob("[0-9].ipynb")):
            break
        time.sleep(0.02)

    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=300)

    done = list((root / "out").iterdir())
    assert process.returncode == 130
    assert said == f"stopped; {len(done)} of 6 chapters are kept, call again to go on\n"
    assert all(len(nbformat.read(path, as_version=4).cells) == 5 for path in done)
    assert gone(root)
    assert ran(run_jobs.run(jobs(root), root, keep=True)).count(False) == len(done)


def test_ctrl_c_while_a_chapter_is_written_waits_until_it_is_counted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_jobs.project.write

    def interrupted(path: Path, content: bytes) -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        return whole(path, content)

    monkeypatch.setattr(run_jobs.project, "write", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    # A second thread, as bars have one, takes a signal that the first one blocks.
    over = threading.Event()
    threading.Thread(target=over.wait).start()
    try:
        with pytest.raises(run_jobs.StoppedError, match="1 of 6 chapters are kept"):
            run_jobs.run(jobs(root), root, 1)
    finally:
        over.set()
        signal.signal(signal.SIGINT, before)

    assert [path.name for path in (root / "out").iterdir()] == ["0.ipynb"]


def test_a_stopped_command_exits_130_with_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise run_jobs.StoppedError(3, 9)

    monkeypatch.setattr(publish, "build", stopped)
    result = CliRunner().invoke(main.main, ["build", "recklinghausen", "--audit"])

    assert result.exit_code == 130
    assert "stopped; 3 of 9 chapters are kept, call again to go on" in result.stderr


def test_after_a_kill_at_any_moment_the_next_build_ends_with_the_same_bytes(root: Path) -> None:
    run_jobs.run(jobs(root), root)
    expected = outputs(root)
    began = time.monotonic()
    said, _ = start(root).communicate()
    assert said == "6\n"
    whole = time.monotonic() - began
    chance = random.Random(1)
    for _ in range(KILLS):
        for path in [*(root / "out").iterdir(), *(root / "build/kept").rglob("*")]:
            if path.is_file():
                path.unlink()
        process = start(root)
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.kill()
        process.communicate()

        run_jobs.run(jobs(root), root, keep=True)

        assert {n: b for n, b in outputs(root).items() if "fehler" not in n} == expected


# --- pages --------------------------------------------------------------------------------------

#: A build of its own process, to be killed.
BUILD = """
import sys
from pathlib import Path
from kreisheft.book import sphinx_build
sphinx_build.build_pages(Path(sys.argv[1]), Path(sys.argv[2]))
sphinx_build.finish(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def staged(folder: Path, texts: dict[str, str], without: str = "") -> Path:
    """The miniature book with other texts, staged where it was before."""
    made = edition(folder / "notebooks")
    for address, text in texts.items():
        notebook(folder / f"notebooks/{address}.ipynb", text)
    pages = tuple(page for page in made.pages if page.address != without)
    staging.stage(replace(made, pages=pages), ROOT, folder / "staged")
    return folder / "staged"


CHANGES = [
    ({"arbeit/gesamt": "# Arbeit und Wirtschaft\n\nEin neuer Satz."}, ""),
    ({"arbeit/gesamt": "# Arbeit und Wirtschaft\n\n## Ein neuer Abschnitt\n\nText."}, ""),
    ({}, "arbeit/ukraine"),
]


@pytest.mark.site
def test_pages_built_one_change_after_another_are_those_of_a_whole_build(tmp_path: Path) -> None:
    build_html(staged(tmp_path / "a", {}), tmp_path / "a/html")
    for number, (texts, without) in enumerate(CHANGES):
        built = build_html(staged(tmp_path / "a", texts, without), tmp_path / "a/html")
        fresh = tmp_path / f"whole{number}"
        build_html(staged(fresh, texts, without), fresh / "html")

        assert built
        assert tree(tmp_path / "a/html") == tree(fresh / "html"), (texts, without)


@pytest.mark.site
def test_a_killed_build_leaves_the_old_pages_and_the_next_is_whole(tmp_path: Path) -> None:
    html = tmp_path / "a/html"
    build_html(staged(tmp_path / "a", {}), html)
    old = tree(html)
    source = staged(tmp_path / "a", CHANGES[0][0])
    process = subprocess.Popen([sys.executable, "-c", BUILD, str(source), str(html)])
    skeleton = tmp_path / "a/.html.sphinx" / sphinx_build.SKELETON
    while skeleton.exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.3)
    process.kill()
    assert process.wait() == -signal.SIGKILL, "it was done before it was killed"
    left = tree(html)

    build_html(source, html)
    staged(tmp_path / "b", CHANGES[0][0])
    build_html(tmp_path / "b/staged", tmp_path / "b/html")

    assert left == old
    assert tree(html) == tree(tmp_path / "b/html")


LEFT = "0123456789ab"


def test_a_folder_left_by_a_replacement_that_was_cut_off_is_no_obstacle(tmp_path: Path) -> None:
    for name in ("html", f".html.{LEFT}.old", f".html.{LEFT}.new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)

    with swap_folder.replace(tmp_path / "html") as new:
        (new / "x").write_text("neu")

    assert tree(tmp_path) == {"html/x": b"neu"}


def test_a_folder_that_was_put_aside_and_not_replaced_is_the_last_good_one(tmp_path: Path) -> None:
    (tmp_path / f".html.{LEFT}.old").mkdir()
    (tmp_path / f".html.{LEFT}.old/x").write_text("gut")

    with pytest.raises(ValueError, match="falsch"), swap_folder.replace(tmp_path / "html"):
        int("falsch")

    assert tree(tmp_path) == {"html/x": b"gut"}


def test_a_folder_that_cannot_be_put_in_its_place_leaves_the_last_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html/x").write_text("gut")
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.name.endswith(".new"):
            raise OSError("the disk is full")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="full"), swap_folder.replace(tmp_path / "html"):
        pass

    assert tree(tmp_path) == {"html/x": b"gut"}
