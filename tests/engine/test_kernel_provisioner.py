"""The kernel ``kreisheft`` is ipykernel, only sooner; what speaks Jupyter's protocol has it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import tasks
from frames import ROOT
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

import kreisheft.engine
from kreisheft.engine import warm

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="forking is dependable on Linux only"),
]


@pytest.fixture(scope="module", autouse=True)
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Jupyter finds the kernel, and nothing of the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(Path(kreisheft.engine.__file__).parent))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        yield


def run(cells: list[str], kernel: str = "kreisheft", **more: Any) -> Any:
    """Execute cells with nbclient."""
    made = [nbformat.v4.new_code_cell(s, metadata={"tags": ["raises-exception"]}) for s in cells]
    notebook = nbformat.v4.new_notebook(cells=made)
    return NotebookClient(notebook, kernel_name=kernel, **more).execute()


CELLS = [
    "print('a'); 1 + 1",
    "1 / 0",
    "await __import__('asyncio').sleep(0, 'x')",
    "import pandas\npandas.DataFrame({'a': [1]})",
    "%%capture taken\nprint('taken')",
    "taken.stdout",
    "display('one', display_id='k').update('two')",
    "import os; os.getcwd(), 'KREISHEFT_WARM' in os.environ, __name__",
]


CHART = """
from kreisheft.render.figure import Figure
from kreisheft.render.tables import Table
Figure("a", "Satz", Table("Werte", ("Jahr",), (("2024",),)), "Bild", "", {"mark": "bar"})
"""


def test_outputs_are_those_of_the_plain_kernel() -> None:
    both = [run(CELLS, kernel) for kernel in ("kreisheft", "python3")]
    for executed in both:
        nbformat.validate(executed)

    assert [c.outputs for c in both[0].cells] == [c.outputs for c in both[1].cells]


def test_a_dead_kernel_is_noticed() -> None:
    with pytest.raises(DeadKernelError):
        run(["import os; os._exit(3)"])


def test_a_slow_cell_is_stopped_and_nothing_hangs() -> None:
    began = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(["while True: pass"], timeout=1)

    assert time.monotonic() - began < 20


def test_an_interrupt_reaches_the_cell() -> None:
    executed = run(["import time\ntime.sleep(60)", "'after'"], timeout=2, interrupt_on_timeout=True)

    assert executed.cells[0].outputs[0].ename == "KeyboardInterrupt"
    assert executed.cells[1].outputs[0].data["text/plain"] == "'after'"


def test_a_kernel_starts_again_and_ends_and_takes_with_it_what_it_started() -> None:
    manager = KernelManager(kernel_name="kreisheft")
    manager.start_kernel()
    provisioner: Any = manager.provisioner
    first = provisioner.pid
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute_interactive(
        "import subprocess; p = subprocess.Popen(['sleep', '876543'])\nx = 1"
    )
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    reply = client.execute_interactive("x", silent=True)
    second = provisioner.pid
    alive = manager.is_alive()
    began = time.monotonic()
    manager.shutdown_kernel()
    client.stop_channels()

    assert (reply["content"]["ename"], alive, first != second) == ("NameError", True, True)
    assert not manager.is_alive()
    assert time.monotonic() - began < 4
    assert not any(Path(f"/proc/{pid}").exists() for pid in (first, second))
    assert b"876543" not in subprocess.run(["ps", "-eo", "args"], capture_output=True).stdout


def test_nbval_passes_with_both_kernels(tmp_path: Path) -> None:
    """Seconds of both are printed; a busy machine must not fail this.

    The warm process starts once per run: one notebook takes longer, several take less.
    """
    executed = run(CELLS[:1] + CELLS[2:4])
    for cell in executed.cells:
        cell.metadata.pop("tags")
    names = ["a.ipynb", "b.ipynb", "c.ipynb", "d.ipynb"]
    for name in names:
        nbformat.write(executed, tmp_path / name)
    took = {}
    for kernel in ("kreisheft", "python3"):
        began = time.monotonic()
        options = ["-p", "no:cacheprovider", "-q", "--nbval", "--nbval-kernel-name", kernel]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-c", os.devnull, *options, *names],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        took[kernel] = f"{time.monotonic() - began:.1f} s"
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"12 passed", done.stdout)
    print(took)


def test_the_documented_command_passes_on_a_notebook_of_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [block] = [b for b in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "--nbval" in b]
    block, notebooks = re.subn(r"build/\S+\.ipynb", str(tmp_path / "a.ipynb"), block)
    block, commands = re.subn(r"\.venv/bin/python", sys.executable, block)
    assert (notebooks, commands) == (1, 1)
    with monkeypatch.context() as patch:
        patch.setenv("KREISHEFT_BOOK", "1")
        executed = run([CHART])
    executed.cells[0].metadata.pop("tags")
    assert "application/json" in executed.cells[0].outputs[0]["data"]["text/html"]
    nbformat.write(executed, tmp_path / "a.ipynb")
    monkeypatch.delenv("JUPYTER_PATH")

    done = subprocess.run(["sh", "-ec", block], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_without_a_warm_process_ipykernel_is_started_as_always(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warm, "is_available", lambda: False)
    executed = run(["import sys; sys.argv[0].rpartition('/')[2]"])

    assert executed.cells[0].outputs[0].data["text/plain"] == "'ipykernel_launcher.py'"


def test_papermill_works_with_the_kernel(tmp_path: Path) -> None:
    path = tasks.notebook(tmp_path / "a.ipynb", ["2 + 3"])
    executed = tasks.execute(path, engine_name=None, kernel_name="kreisheft")

    assert executed.cells[0].outputs[0].data["text/plain"] == "5"
