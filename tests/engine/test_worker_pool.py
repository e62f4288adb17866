"""Workers leave nothing behind, take nobody with them, and do without a warm process."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tasks

from kreisheft.engine import warm, worker_pool

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="forking is dependable on Linux only"),
]

SCRIPT = """
import signal, sys, time, threading
# A shell that runs the tests in the background has switched Ctrl-C off for all of them.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {tests!r})
import tasks
from pathlib import Path
from kreisheft.engine import warm, worker_pool
{body}
"""


def script(folder: Path, body: str, **environment: str) -> subprocess.Popen[str]:
    """Start a script in a process of its own; all its descendants have a variable to be found."""
    path = folder / "script.py"
    path.write_text(
        SCRIPT.format(tests=str(Path(__file__).parents[1]), body=body), encoding="utf-8"
    )
    return subprocess.Popen(
        [sys.executable, str(path)],
        env={**os.environ, "KREISHEFT_MARK": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def marked(folder: Path) -> list[str]:
    """Living processes that a script started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state = (path / "stat").read_text().rpartition(")")[2].split()[0]
            started = str(folder).encode() in (path / "environ").read_bytes()
        except OSError:
            continue
        if started and state != "Z":
            found.append(path.name)
    return found


def gone(folder: Path, seconds: float) -> bool:
    """Whether no process of a script is left, soon enough."""
    end = time.monotonic() + seconds
    while marked(folder) and time.monotonic() < end:
        time.sleep(0.1)
    return marked(folder) == []


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def workers() -> list[str]:
    """Living children of the warm process; those of its children die with them."""
    server: Any = warm._server
    stats = [read(path).rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
    return [s[1] for s in stats if s and s[0] != "Z" and s[1] == str(server._forkserver_pid)]


def read(path: Path) -> str:
    """A file of the system, which may be gone."""
    try:
        return path.read_text()
    except OSError:
        return ""


def test_two_hundred_notebooks_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    trivial = tasks.notebook(
        tmp_path / "a.ipynb", ["import tempfile\nkept = tempfile.TemporaryDirectory()", "1"]
    )
    # The warm process starts, and what is loaded once is loaded.
    list(worker_pool.each(tasks.memory, [trivial], 1))
    files, entries = open_files(), {p.name for p in tmp_path.iterdir()}

    found = [size for _, (_, size) in worker_pool.each(tasks.memory, [trivial] * 200, 1)]

    assert open_files() == files
    assert {p.name for p in tmp_path.iterdir()} == entries
    assert workers() == []
    assert max(found[180:]) < 1.2 * max(found[:20])


def test_a_kill_of_the_caller_leaves_no_process(tmp_path: Path) -> None:
    busy = "import subprocess\nsubprocess.Popen(['sleep', '600'])\nprint(1)\nwhile True: pass"
    paths = [str(tasks.notebook(tmp_path / f"{n}.ipynb", [busy])) for n in "ab"]
    body = f"list(worker_pool.each(tasks.run, [(Path(p), {{}}) for p in {paths}], 2))"
    caller = script(tmp_path, body)
    end = time.monotonic() + 120
    # The caller, two workers, two cells, two sleepers; the warm process is of an older environment.
    while len(marked(tmp_path)) < 7 and time.monotonic() < end:
        time.sleep(0.2)
    assert len(marked(tmp_path)) >= 7
    caller.kill()
    caller.communicate()

    assert gone(tmp_path, 30)


def test_a_kill_of_papermill_leaves_no_process(tmp_path: Path) -> None:
    busy = "import subprocess\nsubprocess.Popen(['sleep', '600'])\nwhile True: pass"
    path = tasks.notebook(tmp_path / "a.ipynb", [busy])
    caller = script(tmp_path, f"tasks.execute(Path({str(path)!r}))")
    end = time.monotonic() + 120
    while len(marked(tmp_path)) < 3 and time.monotonic() < end:
        time.sleep(0.2)
    assert len(marked(tmp_path)) >= 3
    caller.kill()
    caller.communicate()

    assert gone(tmp_path, 30)


def test_an_interrupt_of_the_caller_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    path = tasks.notebook(tmp_path / "a.ipynb", ["while True: pass"])
    body = f"list(worker_pool.each(tasks.run, [(Path({str(path)!r}), {{}})], 1))"
    # The address of a socket has at most 108 signs, and the folder of this test is long.
    with TemporaryDirectory() as folder:
        caller = script(tmp_path, body, TMPDIR=folder)
        end = time.monotonic() + 120
        while len(marked(tmp_path)) < 4 and time.monotonic() < end:
            time.sleep(0.2)
        caller.send_signal(signal.SIGINT)
        _, errors = caller.communicate(timeout=120)

        assert gone(tmp_path, 30)
        assert "KeyboardInterrupt" in errors
        assert list(Path(folder).iterdir()) == []


def test_a_task_whose_worker_dies_is_tried_again_and_others_go_on(tmp_path: Path) -> None:
    jobs = [(tmp_path / "died", n) for n in range(4)]

    assert sorted(worker_pool.each(tasks.die_once, jobs, 2)) == [(n, n) for n in range(4)]


def test_a_worker_gets_tasks_of_one_kind_only() -> None:
    kinds = ["a", "b", "a", "b", "a", "b"]

    found = dict(worker_pool.each(tasks.who, list(range(6)), 1, kinds=kinds))

    own = {kind: {found[n] for n in range(6) if kinds[n] == kind} for kind in "ab"}
    assert (len(own["a"]), len(own["b"])) == (1, 1)
    assert own["a"] != own["b"]


def test_workers_of_a_standing_kind_stay_for_the_next_tasks_and_then_leave() -> None:
    with worker_pool.keep_standing("stays"):
        [first, other] = dict(worker_pool.each(tasks.who, [0, 1], 1, kinds=["stays", ""])).values()
        [again] = dict(worker_pool.each(tasks.who, [0], 1, kinds=["stays"])).values()
        [new] = dict(worker_pool.each(tasks.who, [0], 1)).values()
        assert len(workers()) == 1

    assert first == again
    assert len({first, other, new}) == 3
    assert workers() == []


def test_a_standing_worker_that_died_meanwhile_is_replaced() -> None:
    with worker_pool.keep_standing("stays"):
        [first] = dict(worker_pool.each(tasks.who, [0], 1, kinds=["stays"])).values()
        os.kill(first, signal.SIGKILL)
        [again] = dict(worker_pool.each(tasks.who, [0], 1, kinds=["stays"])).values()

    assert again != first
    assert workers() == []


def test_a_task_that_kills_every_worker_is_told_and_others_go_on() -> None:
    found = dict(worker_pool.each(tasks.always_die, [0, 1, 2], 2))

    assert (found[0], found[2]) == (0, 2)
    assert isinstance(found[1], worker_pool.WorkerError)
    assert str(found[1]) == "its process ended (-9)"


def test_what_cannot_be_sent_back_is_told_in_words() -> None:
    found = dict(worker_pool.each(tasks.fail, [0, 1], 1))

    assert "pickle" in str(found[0])
    assert str(found[1]) == "Unhappy: 1 and 2"


def test_signals_that_come_while_one_is_answered_do_a_worker_no_harm() -> None:
    process, connection = worker_pool.start(tasks.spin, "")
    try:
        connection.send(0.0)
        assert connection.recv() == 0.0  # it listens to signals now
        connection.send(1.0)
        end = time.monotonic() + 0.8
        while time.monotonic() < end:
            os.kill(process.pid, signal.SIGIO)
            time.sleep(0.00002)

        assert connection.recv() == 1.0
    finally:
        worker_pool.end([(process, connection)])


def test_whoever_stops_listening_ends_the_workers() -> None:
    results = worker_pool.each(tasks.wait, [0, 600], 2)
    next(results)
    before = len(workers())
    results.close()

    assert (before, workers()) == (2, [])


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str], str]:
    """Make what a warm process imports go wrong; return the search path for that."""

    def make(code: str) -> str:
        (tmp_path / "ipywidgets.py").write_text(
            "import os\nif os.environ.get('KREISHEFT_WARM') is not None:\n"
            + "".join(f"    {line}\n" for line in code.split("\n")),
            encoding="utf-8",
        )
        return os.pathsep.join([str(tmp_path), *filter(None, sys.path)])

    return make


@pytest.mark.parametrize(
    ("code", "told", "limit"),
    [
        ("import os; os._exit(7)", "it does not start", 60),
        (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
            "it has 2 threads",
            60,
        ),
        ("import time; time.sleep(600)", "it does not start", 1),
    ],
    ids=["an end", "a second thread", "no answer"],
)
def test_an_unfit_warm_process_is_told_and_given_up(
    tmp_path: Path, broken: Callable[[str], str], code: str, told: str, limit: int
) -> None:
    """Whatever goes wrong when it starts, nothing hangs."""
    body = f"warm.START = {limit}\nfor _ in 'ab': print(warm.fork(print, ()), warm.is_available())"
    caller = script(tmp_path, body, PYTHONPATH=broken(code))
    out, errors = caller.communicate(timeout=300)

    assert out == "None False\n" * 2
    assert errors.count("kreisheft: no warm process, plain kernels do the work") == 1
    assert told in errors
    assert gone(tmp_path, 30)


def test_without_a_warm_process_plain_kernels_do_the_work(
    tmp_path: Path, broken: Callable[[str], str]
) -> None:
    path = tasks.notebook(tmp_path / "a.ipynb", ["1 + 1"])
    body = f"""
if __name__ == "__main__":
    for _, (_, done) in worker_pool.each(tasks.run, [(Path({str(path)!r}), {{}})], 1):
        print(done.cells[0].outputs[0].data, warm.is_available())
"""
    caller = script(tmp_path, body, PYTHONPATH=broken("raise RuntimeError('on purpose')"))
    out, errors = caller.communicate(timeout=300)

    assert out == "{'text/plain': '2'} False\n"
    assert errors.count("kreisheft: no warm process, plain kernels do the work") == 1
    assert "RuntimeError: on purpose" in errors
    assert gone(tmp_path, 30)


def test_a_script_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    path = tasks.notebook(tmp_path / "a.ipynb", ["1"])
    caller = script(tmp_path, f"print('once'); tasks.execute(Path({str(path)!r})); print('done')")
    out, errors = caller.communicate(timeout=300)

    assert (out, errors) == ("once\ndone\n", "")


def test_the_warm_process_reads_changed_files_again(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "a.yml"
    server: Any = warm._server
    seen = []
    for text in ("a: 1", "a: 1", "a: 12"):
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        assert dict(worker_pool.each(tasks.wait, [0], 1, str(tmp_path))) == {0: 0}
        seen.append(server._forkserver_pid)

    assert seen[0] == seen[1] != seen[2]


def test_where_forking_is_not_dependable_a_plain_kernel_does_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "is_available", lambda: False)
    path = tasks.notebook(tmp_path / "a.ipynb", ["1 + 1", "import os; os._exit(3)"])
    found = dict(worker_pool.each(tasks.run, [(path, {})], 1))

    assert found[0][1] == "DeadKernelError"
    saved = path.with_suffix(".out.ipynb").read_text(encoding="utf-8")
    assert "papermill-error-cell" in saved
    assert "In [2]" in saved
