"""Cells in a forked child give what a plain kernel gives, and harm nobody but themselves.

What differs from a plain kernel, and why:

- `sys.modules` holds what the warm process imported: that is what makes it fast. A missing import
  shows in a plain kernel only; therefore templates run in one, too.
- `sys.argv`, `sys.path` and `__main__.__spec__` are the warm process's, and hashes of texts are
  always those of ``PYTHONHASHSEED=0``.
- Number crunching has one thread, whatever the environment says: it was loaded before.
- No history file, no debugger, no start-up files and no configuration of the user's IPython.
- Text of C code and of subprocesses is in the outputs even where a plain kernel loses it, before
  the next text of Python; `sys.stdout.fileno()` is part of it.
- stdout and stderr of one cell change places only when 0.2 to 0.4 seconds lie between them; in a
  plain kernel 0.2.
- What a cell started ends with the notebook, at once and not after a grace period.
- The message of DeadKernelError has the exit code or the signal.
"""

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
import tasks

from kreisheft.engine import chapter_job, worker_pool

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="forking is dependable on Linux only"),
]

WIDGETS = "application/vnd.jupyter.widget-state+json"
#: Seconds for a cell, so that a kernel that hangs is told by name.
LIMIT = 120
#: Name of a claim → cell whose outputs must be those of a plain kernel.
SAME = {
    "print": "print('a'); print('b')",
    "result": "6 * 7",
    "nothing": "x = 1",
    "stderr": "import sys; print('e', file=sys.stderr)",
    "stdout before stderr": (
        "import sys; print('1'); print('2', file=sys.stderr); print('3'); sys.stderr.write('4')"
    ),
    "streams with a pause": (
        "import sys, time; print('1', file=sys.stderr); time.sleep(1); print('2'); time.sleep(1)\n"
        "print('3', file=sys.stderr)"
    ),
    "stream around display": "print('a'); display(1); print('b'); display(2)",
    "rich": (
        "class Rich:\n"
        "    def _repr_mimebundle_(self, **_):\n"
        "        return {'text/plain': 'p', 'text/html': '<b>p</b>', 'image/png': 'aGFsbG8='},"
        " {'image/png': {'width': 2}}\n"
        "Rich()"
    ),
    "svg and markdown": "from IPython.display import SVG, Markdown\n"
    "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Markdown('*m*'))",
    "bytes": "from IPython.display import Image\n"
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n1234', format='png')",
    "json with nan": "from IPython.display import JSON\nJSON({'a': [1, None, 'ä', '\\ud800'[:0]]})",
    "update": (
        "handle = display('one', display_id='kreisheft'); handle.update('two')\n"
        "display('three', display_id='kreisheft')"
    ),
    "update of an earlier cell": "handle.update('four')",
    "clear": "from IPython.display import clear_output\n"
    "print('gone'); clear_output(); print('here')",
    "clear and wait": "print('gone'); clear_output(wait=True); print('here')",
    "clear and wait, nothing": "print('stays'); clear_output(wait=True)",
    "frame": "import pandas as pd\npd.DataFrame({'a': [1.5, None], 'b': ['x', 'ü']})",
    "chart": "import altair\naltair.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a:Q')",
    "await": "import asyncio\nprint(await asyncio.sleep(0.01, 'slept'))",
    "task over cells, begun": "async def later():\n    await asyncio.sleep(0.05); return 'done'\n"
    "task = asyncio.create_task(later())",
    "task over cells": "await task",
    "async for and with": "async def numbers():\n    for i in range(3): yield i\n"
    "[i async for i in numbers()]",
    "magic": "%who_ls str",
    "line magic error": "%nosuchmagic",
    "capture": "%%capture taken\nprint('taken'); 5",
    "captured": "taken.stdout",
    "shell": "!echo ä; echo err >&2",
    "shell assigned": "lines = !printf '1\\n2'\nlines",
    "bash": "%%bash\necho out; echo err >&2",
    "bash fails": "%%bash\nexit 3",
    "env magic": "%env KREISHEFT_X=5\n!echo $KREISHEFT_X",
    "error": "def f(x):\n    return 1 / x\nf(0)",
    "error of a library": "pd.DataFrame({'a': [1]})['b']",
    "chained error": "try:\n    {}['k']\nexcept KeyError as e:\n"
    "    raise ValueError('because') from e",
    "own error": "class Own(Exception):\n    pass\nraise Own('text', 2)",
    "syntax": "1 +",
    "indentation": "  if True:\nx",
    "text, then error": "print('before'); 1 / 0",
    "exit": "import sys; sys.exit()",
    "exit with code": "sys.exit(2)",
    "keyboard": "raise KeyboardInterrupt",
    "input": "input('name')",
    "password": "import getpass; getpass.getpass()",
    "warning": "import warnings; warnings.warn('careful')",
    "deprecated": "warnings.warn('old', DeprecationWarning)",
    "log": "import logging; logging.warning('logged'); logging.info('not')",
    "pickle": "import pickle\nclass Own2:\n    pass\ntype(pickle.loads(pickle.dumps(Own2())))",
    "main": "__name__, Own2.__module__, type(__import__('__main__')).__name__",
    "source": "import inspect\nprint(inspect.getsource(f))",
    "thread": "import threading\nt = threading.Thread(target=print, args=('thread',))\n"
    "t.start(); t.join(); print('main')",
    "thread with error": "t = threading.Thread(target=lambda: 1 / 0, name='T')\n"
    "t.start(); t.join()",
    "late thread": "import time\ndef late():\n    time.sleep(0.3); print('late')\n"
    "t = threading.Thread(target=late); t.start()",
    "late thread is not this cell's": "t.join(); print('now')",
    "processes": "import multiprocessing\nmultiprocessing.current_process().name, "
    "multiprocessing.parent_process(), multiprocessing.get_start_method()",
    "memory of outputs": "_, Out[2], In[2]",
    "question mark": "f?",
    "repr fails": "class Bad:\n    def __repr__(self): raise ValueError('no repr')\nBad()",
    "stdin": "sys.stdin.read()",
    "isatty": "sys.stdout.isatty(), sys.stdout.encoding, type(sys.stdout).__mro__[1].__name__[:3]"
    "[:0], sys.stdout.errors",
    "write no text": "try:\n    sys.stdout.write(b'1')\nexcept TypeError as e:\n    print(e)",
    "surrogate": "print('\\udcff'.encode('utf-8', 'surrogateescape'))",
    "terminal": "import os; os.environ['TERM'], os.environ['PAGER'], os.environ['MPLBACKEND']",
    "cwd": "os.getcwd() == os.environ['KREISHEFT_CWD']",
    "numbers": "print(0.1 + 0.2, 10 ** 20, -0.0); float('nan')",
    "many texts": "for i in range(2000): print(i)",
    "long text": "'x' * 300_000",
    "carriage": "print('a\\rb'); print('c', end='')",
    "trailing semicolon": "5;",
    "several results": "from IPython.core.interactiveshell import InteractiveShell\n"
    "InteractiveShell.ast_node_interactivity = 'all'\n1\n2",
    "display of several": "InteractiveShell.ast_node_interactivity = 'last_expr'\ndisplay(1, 'b')",
    "displayhook": "None",
    "comm": "from comm import create_comm\nc = create_comm(target_name='none', data={'a': 1})\n"
    "c.send({'b': 2}); c.close()",
    "slider": "import ipywidgets\nipywidgets.IntSlider(3, description='w')",
    "box with bytes": "ipywidgets.VBox([ipywidgets.Label('l'), ipywidgets.Image(value=b'123')])",
    "resource": "import gc, ctypes; gc.isenabled(), threading.active_count() > 0",
}


@pytest.fixture(scope="module", autouse=True)
def quiet_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the user's IPython; chatter of plain kernels off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("PYTHONHASHSEED", "0")
        patch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        yield


def same(notebook: Any) -> Any:
    """A notebook without what differs between two runs of one kernel."""
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("papermill", None)
    number = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
    models = notebook.metadata.pop("widgets", {}).get(WIDGETS, {"state": {}})["state"].values()
    notebook.metadata["models"] = sorted(
        number.sub("id", json.dumps(m, sort_keys=True)) for m in models
    )
    text = json.dumps(notebook, sort_keys=True, ensure_ascii=False)
    text = re.sub(r"ipykernel_\d+/\d+", "ipykernel_0/0", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x0", text)
    text = re.sub(r"Thread-\d+", "Thread-0", text)
    return merged(json.loads(number.sub("id", text)))


def merged(notebook: Any) -> Any:
    """A plain kernel cuts a long text, and takes one stream before the other, now so, now so."""
    for cell in notebook["cells"]:
        whole: list[Any] = []
        for is_text, group in groupby(cell["outputs"], lambda o: o["output_type"] == "stream"):
            outputs = list(group)
            if is_text:
                names = sorted({o["name"] for o in outputs})
                texts = {n: "".join(o["text"] for o in outputs if o["name"] == n) for n in names}
                outputs = [{**outputs[0], "name": n, "text": t} for n, t in texts.items()]
            whole += outputs
        cell["outputs"] = whole
    return notebook


def saved(path: Path, **more: Any) -> Any:
    """Execute a notebook that fails; return what was saved, without the banner."""
    with pytest.raises(papermill.PapermillExecutionError):
        tasks.execute(path, execution_timeout=LIMIT, **more)
    executed = nbformat.read(path.with_suffix(".out.ipynb"), as_version=4)
    nbformat.validate(executed)
    executed.cells = [c for c in executed.cells if "papermill-error" not in str(c.metadata.tags)]
    return executed


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """All cells of SAME run by the fork engine and by a plain kernel."""
    folder = tmp_path_factory.mktemp("same")
    path = tasks.notebook(folder / "same.ipynb", list(SAME.values()), ("raises-exception",))
    os.environ["KREISHEFT_CWD"] = str(folder)
    forked = saved(path, cwd=str(folder))
    plain = saved(path, cwd=str(folder), engine_name=None)
    del os.environ["KREISHEFT_CWD"]
    return same(forked), same(plain)


@pytest.mark.parametrize("name", SAME)
def test_a_cell_gives_what_a_plain_kernel_gives(both: tuple[Any, Any], name: str) -> None:
    at = list(SAME).index(name)

    assert both[0]["cells"][at] == both[1]["cells"][at]


def test_a_notebook_has_the_metadata_that_a_plain_kernel_gives(both: tuple[Any, Any]) -> None:
    assert len(both[0]["metadata"]["models"]) > 8
    assert both[0]["metadata"] == both[1]["metadata"]


def outputs(executed: Any, at: int = -1) -> str:
    """Texts and results of a cell, in one text."""
    found = executed.cells[at].outputs
    return "".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in found)


#: Widgets that catch output; not among SAME: with a plain kernel nbclient hangs now and then
#: (jupyter/nbclient#312).
CATCHING = (
    "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    print('inside'); display(7)\nout",
    "ipywidgets.interact(lambda x: print(x), x=(0, 4));",
)


def test_what_a_widget_catches_stands_in_the_widget(tmp_path: Path) -> None:
    path = tasks.notebook(tmp_path / "w.ipynb", list(CATCHING))

    executed = tasks.execute(path, execution_timeout=LIMIT)

    states = executed.metadata["widgets"][WIDGETS]["state"].values()
    caught = [o for m in states for o in m["state"].get("outputs", ())]
    assert [o.get("text") or o["data"]["text/plain"] for o in caught] == ["inside\n", "7", "2\n"]
    assert [len(cell.outputs) for cell in executed.cells] == [1, 1]


def test_text_of_c_code_and_of_subprocesses_is_kept_in_order(tmp_path: Path) -> None:
    source = """
        import ctypes, os, subprocess, sys
        print("1")
        sys.stdout.flush()
        os.write(1, "2 ä\\n".encode())
        print("3")
        subprocess.run(["echo", "4"])
        libc = ctypes.CDLL(None)
        libc.printf(b"5\\n")
        libc.fflush(None)
        subprocess.run(["echo", "6"], stdout=sys.stdout)
        child = os.fork()
        if not child:
            print("7")
            os._exit(0)
        done = os.waitpid(child, 0)
    """
    path = tasks.notebook(tmp_path / "c.ipynb", [textwrap.dedent(source)])

    assert outputs(tasks.execute(path)) == "1\n2 ä\n3\n4\n5\n6\n7\n"


def test_a_text_split_in_the_middle_of_a_letter_is_whole(tmp_path: Path) -> None:
    source = (
        "import os, time\n_ = os.write(1, b'\\xc3'); time.sleep(0.7); _ = os.write(1, b'\\xa4')"
    )
    path = tasks.notebook(tmp_path / "c.ipynb", [source])

    assert outputs(tasks.execute(path)) == "ä"


def test_cells_may_use_processes_of_their_own(tmp_path: Path) -> None:
    source = """
        import concurrent.futures, multiprocessing, os
        with concurrent.futures.ProcessPoolExecutor(1) as forked:
            print(forked.submit(pow, 2, 3).result())
        with multiprocessing.get_context("forkserver").Pool(1) as served:
            print(served.map(abs, [-1]))
    """
    path = tasks.notebook(tmp_path / "p.ipynb", [textwrap.dedent(source)])

    assert outputs(tasks.execute(path)) == "8\n[1]\n"


def test_the_environment_of_the_caller_reaches_the_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "import os; os.environ.get('KREISHEFT_A'), os.environ.get('KREISHEFT_WARM')"
    path = tasks.notebook(tmp_path / "e.ipynb", [source])
    monkeypatch.setenv("KREISHEFT_A", "1")
    first = outputs(tasks.execute(path))
    monkeypatch.setenv("KREISHEFT_A", "2")

    assert [first, outputs(tasks.execute(path))] == ["('1', None)", "('2', None)"]


def test_workers_have_the_environment_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KREISHEFT_B", "now")

    assert list(worker_pool.each(tasks.variable, ["KREISHEFT_B"], 1)) == [(0, "now")]


#: Name of a harm → cells; the last one fails or is stopped, and how.
HARM: dict[str, tuple[str, str]] = {
    "leave at once": ("import os; os._exit(3)", "DeadKernelError"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "DeadKernelError"),
    "abort": ("import os; os.abort()", "DeadKernelError"),
    "leave, a child holds the pipe": (
        "import os, time\nif not os.fork(): time.sleep(600)\nos._exit(3)",
        "DeadKernelError",
    ),
    "busy": ("while True: pass", "CellTimeoutError"),
    "sleeping": ("print('x'); import time; time.sleep(600)", "CellTimeoutError"),
    "busy and deaf": (
        "import signal\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass",
        "CellTimeoutError",
    ),
    "error": ("1 / 0", "PapermillExecutionError"),
    "interrupt": ("raise KeyboardInterrupt", "PapermillExecutionError"),
    "exit with code": ("import sys; sys.exit(2)", "PapermillExecutionError"),
    "pipe closed by the cell": ("import os; os.closerange(3, 100)", "DeadKernelError"),
}
STAINS = """
import os, random, sys, threading, math, builtins, subprocess, numpy, pandas, json
os.chdir("/"); os.environ["STAIN"] = "1"; os.umask(0o77)
sys.modules["json"] = None; sys.path.insert(0, "/stain"); math.pi = 3; builtins.stain = 1
pandas.set_option("display.max_rows", 1); numpy.random.seed(1); random.seed(1)
sys.setrecursionlimit(555); stain = 1
subprocess.Popen(["sleep", "987654"]); os.system("sleep 987654 &")
threading.Thread(target=lambda: threading.Event().wait(), daemon=True).start()
"""
CLEAN = """
import os, sys, math, builtins, json, pandas, random, numpy, threading, pathlib
(os.getcwd() == "/", os.environ.get("STAIN"), "/stain" in sys.path, math.pi == 3,
 hasattr(builtins, "stain"), pandas.get_option("display.max_rows"), sys.getrecursionlimit(),
 "stain" in globals(), os.umask(0o22) == 0o77)
"""
RANDOM = "import random, numpy, uuid\nrandom.random(), numpy.random.random(), uuid.uuid4()"


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One worker executes all that does harm, one after the other, with good ones between."""
    folder = tmp_path_factory.mktemp("harm")
    good = tasks.notebook(folder / "good.ipynb", [CLEAN, RANDOM])
    stain = tasks.notebook(folder / "stain.ipynb", [STAINS])
    jobs: list[tuple[Path, dict[str, Any]]] = [(good, {}), (stain, {}), (good, {})]
    for name, (source, _) in HARM.items():
        path = tasks.notebook(folder / f"{name}.ipynb", ["'fine'", source, "'never'"])
        jobs += [(path, {"execution_timeout": 1}), (good, {})]
    found = dict(worker_pool.each(tasks.run, jobs, 1))
    return {
        "folder": folder,
        "workers": {worker for worker, _ in found.values()},
        "clean": [r for i, (_, r) in sorted(found.items()) if jobs[i][0] == good],
        "how": {jobs[i][0].stem: r for i, (_, r) in found.items() if jobs[i][0] != good},
    }


@pytest.mark.parametrize("name", HARM)
def test_harm_is_told_as_nbclient_tells_it(harmed: dict[str, Any], name: str) -> None:
    assert harmed["how"][name] == HARM[name][1]


@pytest.mark.parametrize("name", HARM)
def test_a_failed_notebook_is_saved_with_a_banner_at_its_failing_cell(
    harmed: dict[str, Any], name: str
) -> None:
    saved = nbformat.read(harmed["folder"] / f"{name}.out.ipynb", as_version=4)
    nbformat.validate(saved)
    banner, _, mark, failing, never = saved.cells

    assert "In [2]" in banner.source
    assert outputs(saved, 1) == "'fine'"
    assert "papermill-error-cell" in mark.source
    assert "error" in [o.output_type for o in failing.outputs]
    assert never.outputs == []


def test_what_was_printed_before_a_time_out_is_kept(harmed: dict[str, Any]) -> None:
    saved = nbformat.read(harmed["folder"] / "sleeping.out.ipynb", as_version=4)

    assert saved.cells[3].outputs[0].text == "x\n"


def test_harm_stays_in_its_notebook(harmed: dict[str, Any]) -> None:
    clean = {outputs(executed, 0) for executed in harmed["clean"]}

    assert len(harmed["workers"]) == 1
    assert len(harmed["clean"]) == len(HARM) + 2
    assert len(clean) == 1
    assert clean.pop().startswith("(False, None, False, False, False, 60, ")


def test_two_notebooks_have_different_random_numbers(harmed: dict[str, Any]) -> None:
    numbers = [n for executed in harmed["clean"] for n in outputs(executed).split(",")]

    assert len(set(numbers)) == len(numbers) == 3 * len(harmed["clean"])


@pytest.mark.parametrize("engine", ["kreisheft", None], ids=["forked", "plain"])
def test_a_chapter_that_is_too_slow_leaves_its_notebook_with_a_banner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str | None
) -> None:
    monkeypatch.setattr(chapter_job, "TIMEOUT", 1)
    # A chapter sets variables; here they shall not stay.
    for name in ("KREISHEFT_ROOT", "KREISHEFT_BOOK", "IPYTHONDIR"):
        monkeypatch.setenv(name, "")
    (tmp_path / "build").mkdir()
    path = tasks.notebook(tmp_path / "a.ipynb", ["1", "import time; time.sleep(60)"])
    job = chapter_job.Job(path, tmp_path / "b.ipynb", {}, "Titel")
    problem: Any = chapter_job.execute(chapter_job.Task(job, tmp_path, engine))
    saved = (tmp_path / "b.fehler.ipynb").read_text(encoding="utf-8")

    assert "the kernel gave up: A cell timed out" in problem.what
    assert "In [2]" in saved
    assert not job.output.exists()


def test_what_a_cell_started_ends_with_its_notebook(harmed: dict[str, Any]) -> None:
    running = [
        path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if b"987654" in read(path)
    ]

    assert running == []


def read(path: Path) -> bytes:
    """A file of the system, which may be gone."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
