"""Commands given at once: they wait for each other, and nobody waits for the dead."""

import ctypes
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner
from frames import ROOT, pruned
from projects import copy_of_project

from kreisheft.book import site
from kreisheft.cli import main
from kreisheft.core import build_lock, project
from kreisheft.core.errors import DataError
from kreisheft.editions import build_site

pytestmark = pytest.mark.slow

#: Holds build/ until nobody listens any more.
HOLD = """
import sys
from pathlib import Path
from kreisheft.core import build_lock
with build_lock.hold_build(Path.cwd()) as waited:
    print("waited" if waited else "held at once", flush=True)
    sys.stdin.read()
"""
#: A shell that runs the tests in the background has switched Ctrl-C off for all of them.
COMMAND = """
import signal
from kreisheft.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
#: Linux: what root alone may, and how to give it up for good.
OVERRIDE, DROP = 1, 24


def start(root: Path, text: str, *arguments: str) -> "subprocess.Popen[str]":
    """Run Python in a project, as somebody whom the system may deny something."""
    pipe = subprocess.PIPE
    program = [sys.executable, "-c", text, *arguments]
    return subprocess.Popen(
        program, cwd=root, stdin=pipe, stdout=pipe, stderr=pipe, text=True, preexec_fn=plain_user
    )


def plain_user() -> None:
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(DROP, OVERRIDE, 0, 0, 0)


def is_free(root: Path) -> bool:
    with (root / "build/.lock").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "params").mkdir()
    (tmp_path / "_toc.yml").touch()
    return tmp_path


# --- who waits for whom -------------------------------------------------------------------------


def test_the_second_says_at_once_for_whom_it_waits_and_goes_on_after_it(root: Path) -> None:
    with start(root, HOLD, "build", "recklinghausen") as first:
        assert first.stdout.readline() == "held at once\n"
        with start(root, HOLD) as second:
            said = second.stderr.readline()
            first.stdin.close()
            went_on = second.stdout.readline()
            second.stdin.close()

    who = rf"`-c build recklinghausen` \(process {first.pid}, since \d\d:\d\d\)"
    assert re.fullmatch(rf"waiting for {who} to finish; Ctrl-C to give up\n", said)
    assert went_on == "waited\n"


def test_a_killed_holder_blocks_nobody(root: Path) -> None:
    with start(root, HOLD) as first:
        first.stdout.readline()
        with start(root, HOLD) as waiting:
            waiting.stderr.readline()
            first.kill()
            assert waiting.stdout.readline() == "waited\n"
            waiting.kill()
    with start(root, HOLD) as third:
        said = third.communicate("")

    assert said == ("held at once\n", "")


def test_who_waits_can_give_up(root: Path) -> None:
    with build_lock.hold_build(root), start(root, COMMAND, "chapter", "arbeit", "x", "1") as other:
        other.stderr.readline()
        other.send_signal(signal.SIGINT)
        _, said = other.communicate()

    assert other.returncode == main.STOPPED
    assert "Traceback" not in said


def test_the_lock_of_a_build_folder_that_was_deleted_is_not_taken_for_it(root: Path) -> None:
    with start(root, HOLD) as first:
        first.stdout.readline()
        with start(root, HOLD) as second:
            second.stderr.readline()
            shutil.rmtree(root / "build")
            first.stdin.close()
            second.stdout.readline()

            assert not is_free(root)
            second.stdin.close()


def test_watching_holds_the_lock_only_while_it_builds(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def pause(said: str) -> None:
        if "Waiting for a change" in said:
            seen.append(is_free(root))
            raise KeyboardInterrupt

    monkeypatch.setattr(build_site, "_once", lambda *_: seen.append(is_free(root)))
    monkeypatch.setattr(build_site, "_states", lambda _: iter(["a"]))
    with pytest.raises(KeyboardInterrupt):
        build_site.watch(root, build_site.Request(("x",)), pause, pause, pytest.fail)

    assert seen == [False, True]


@pytest.mark.parametrize(
    "command",
    [
        "build recklinghausen",
        "chapter arbeit recklinghausen 2024",
        "print recklinghausen 2024",
        "publish recklinghausen 2024",
        "verify recklinghausen 2024",
        "offers remind recklinghausen --today 2026-03-02",
    ],
)
def test_a_command_that_writes_to_build_holds_the_lock(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise InterruptedError("for the lock")

    monkeypatch.setattr(build_lock, "hold_build", asked)
    given = CliRunner().invoke(main.main, command.split(), env={project.ROOT_VARIABLE: str(ROOT)})

    assert isinstance(given.exception, InterruptedError)


# --- sites --------------------------------------------------------------------------------------


def edition(folder: Path) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(site.EMPTY.decode(), encoding="utf-8")
    return folder


def test_two_projects_that_publish_to_one_site_lose_neither_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is stopped in the middle until the second has begun."""
    target, began, linked = tmp_path / "site", Event(), site.swap_folder.link_files
    cards = [site.Card("a", 2024, 1, "Kreis A"), site.Card("b", 2024, 1, "Kreis B")]
    html = edition(tmp_path / "html")

    def slow(*where: Path, hidden: bool = True) -> None:
        began.set()
        time.sleep(0.2)
        linked(*where, hidden=hidden)

    monkeypatch.setattr(site.swap_folder, "link_files", slow)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(site.assemble, target, [(cards[0], html)], ROOT)
        began.wait()
        two = pool.submit(site.assemble, target, [(cards[1], html)], ROOT)

    assert [one.result(), two.result()] == [None, None]
    assert site.list_cards(target) == cards


def test_a_page_of_the_site_that_somebody_reads_is_not_written_into(tmp_path: Path) -> None:
    target, html = tmp_path / "site", edition(tmp_path / "html")
    site.assemble(target, [(site.Card("a", 2024, 1, "Kreis A"), html)], ROOT)
    read = tmp_path / "read.html"
    os.link(target / "index.html", read)
    before = read.read_bytes()

    site.assemble(target, [(site.Card("b", 2024, 1, "Kreis B"), html)], ROOT)

    assert read.read_bytes() == before
    assert (target / "index.html").read_bytes() != before


# --- folders of somebody else -------------------------------------------------------------------


def test_folders_that_cannot_be_written_are_named_all_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kept", "site", "values"):
        (root / "build" / name).mkdir(parents=True)
    monkeypatch.setattr(build_lock.os, "access", lambda path, _: path.name in ("build", "site"))

    with pytest.raises(DataError) as error, build_lock.hold_build(root):
        pass

    assert str(error.value) == (
        "build/kept: cannot be written\n    → chown or delete build/\n"
        "build/values: cannot be written\n    → chown or delete build/"
    )


@pytest.mark.parametrize("denied", ["build", "build/values", "."])
def test_a_folder_of_another_user_is_told_without_a_traceback(root: Path, denied: str) -> None:
    if denied != ".":
        (root / denied).mkdir(parents=True)
    (root / denied).chmod(0o555)
    with start(root, COMMAND, "chapter", "arbeit", "recklinghausen", "2024") as given:
        _, said = given.communicate()
    (root / denied).chmod(0o755)

    assert given.returncode == 1
    assert re.match(r"kreisheft: 1 problem\(s\):\n\S*build\S*: .+\n    → chown or delete", said)
    assert "Traceback" not in said


def test_a_check_needs_to_write_nothing(tmp_path: Path) -> None:
    root = pruned(tmp_path)
    (root / "build/kept").mkdir(parents=True)
    (root / "build/kept").chmod(0o000)
    (root / "build").chmod(0o555)
    with start(root, COMMAND, "check") as given:
        _, said = given.communicate()
    (root / "build").chmod(0o755)
    (root / "build/kept").chmod(0o755)

    assert "Permission" not in said
    assert "Traceback" not in said
    assert list((root / "build/kept").iterdir()) == []


# --- real builds --------------------------------------------------------------------------------


def of_site(root: Path) -> dict[str, bytes]:
    folder = root / "build/site"
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.kernel
@pytest.mark.site
def test_two_builds_at_once_make_what_one_makes(tmp_path: Path) -> None:
    root = copy_of_project(tmp_path / "project")
    params = root / "params/guetersloh.yml"
    text = params.read_text(encoding="utf-8")
    text = re.sub(r"fields:\n(  - .*\n)+", "fields:\n  - arbeit\n", text)
    params.write_text(text.replace("[2016, 2020, 2024, 2025]", "[2024, 2025]"), encoding="utf-8")
    with (
        start(root, COMMAND, "build", "guetersloh", "--year", "2024") as one,
        start(root, COMMAND, "build", "guetersloh", "--year", "2025") as two,
        ThreadPoolExecutor(2) as pool,
    ):
        said = [text for _, text in pool.map(subprocess.Popen.communicate, (one, two))]
    both = of_site(root)
    for path in (root / "build").iterdir():
        # To check all facts again would take longer than the rest.
        if path.is_dir() and path.name != "kept":
            shutil.rmtree(path)
    with start(root, COMMAND, "build", "guetersloh") as alone:
        alone.communicate()

    assert (one.returncode, two.returncode) == (0, 0), said
    assert "".join(said).count("waiting for `-c build guetersloh --year 202") == 1
    assert both == of_site(root)
