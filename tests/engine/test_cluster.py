"""The same jobs on a cluster: two workers of Dask on this machine, small notebooks."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from distributed import Client, LocalCluster

from kreisheft.core import code_hashes
from kreisheft.core.errors import DataError, UsageError
from kreisheft.engine import cluster, cluster_archive, cluster_worker, run_jobs

kernel = pytest.mark.kernel

FIRST = """
import os
from pathlib import Path
root = Path(os.environ["KREISHEFT_ROOT"])
with Path(log).open("a") as file:
    file.write(f"{name} {os.getppid()}\\n")
"""
THEN = """
import time
time.sleep(wait / 10)
print(name, (root / "data/zahl.txt").read_text(), Path.cwd() == root)
print(Path(os.environ["WERTE"], "wert.txt").read_text())
if name == "falsch":
    raise ValueError("eine falsche Zahl")
"""


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one template, a file of data and a kept value."""
    folder = tmp_path / "heft"
    for name, text in [
        ("_toc.yml", ""),
        ("params/x.yml", ""),
        ("data/zahl.txt", "7"),
        ("data/.versteckt", "0"),
        ("build/werte/wert.txt", "0,5"),
    ]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    tagged = {"tags": ["parameters"]}
    cells = [
        nbformat.v4.new_markdown_cell("# Titel"),
        nbformat.v4.new_code_cell('name = "a"\nlog = ""\nwait = 0', metadata=tagged),
        *(nbformat.v4.new_code_cell(source.strip()) for source in (FIRST, THEN)),
    ]
    kind = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kind})
    nbformat.write(notebook, folder / "vorlage.ipynb")
    return folder


def jobs(root: Path, names: list[str], wait: int = 0) -> list[run_jobs.Job]:
    log = str(root.parent / "log.txt")
    return [
        run_jobs.Job(
            root / "vorlage.ipynb",
            root / f"build/hefte/{name}.ipynb",
            {"name": name, "log": log, "wait": wait},
            name,
        )
        for name in names
    ]


def run(root: Path, names: list[str], scheduler: str = "", wait: int = 0) -> dict[str, bytes]:
    """Execute one job per name; what was made."""
    environment = {"WERTE": str(root / "build/werte")}
    made = jobs(root, names, wait)
    run_jobs.run(made, root, 2, environment=environment, scheduler=scheduler)
    return {job.output.stem: job.output.read_bytes() for job in made}


def logged(root: Path) -> list[str]:
    """Names of the jobs that were begun, once for each time."""
    return [line.split()[0] for line in (root.parent / "log.txt").read_text().splitlines()]


def parents(log: Path) -> set[int]:
    """Processes that started the logged jobs."""
    return {int(line.split()[1]) for line in log.read_text().splitlines()}


def above(process: int) -> list[int]:
    """A process and all its ancestors, as far as they live."""
    found = []
    while process > 1:
        found.append(process)
        try:
            state = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            break
        process = int(state.rpartition(")")[2].split()[1])
    return found


@kernel
def test_a_cluster_makes_the_same_bytes(dask: LocalCluster, root: Path) -> None:
    names = list("abcdef")
    here = run(root, names)

    there = run(root, names, dask.scheduler_address)

    assert sorted(logged(root)) == sorted(names * 2)
    assert "7 True\\n" in here["a"].decode()
    assert there == here


@kernel
@pytest.mark.skipif(not cluster_worker.warm.is_available(), reason="forks on Linux only")
def test_a_worker_forks_its_chapters_from_a_warm_process(dask: LocalCluster, root: Path) -> None:
    """Both jobs of a worker have one parent that stays, which a kernel of its own had not."""
    run(root, list("abcdefgh"), dask.scheduler_address)

    assert 1 <= len(parents(root.parent / "log.txt")) <= 2


@kernel
def test_a_failed_job_brings_its_notebook_home(dask: LocalCluster, root: Path) -> None:
    with pytest.raises(DataError) as caught:
        run(root, ["gut", "falsch"], dask.scheduler_address)

    [problem] = caught.value.problems
    assert problem.what == "cell 4: ValueError: eine falsche Zahl"
    assert problem.next == "open build/hefte/falsch.fehler.ipynb"
    assert "papermill-error" in (root / "build/hefte/falsch.fehler.ipynb").read_text()
    assert (root / "build/hefte/gut.ipynb").is_file()
    assert logged(root).count("falsch") == 1


@kernel
def test_a_worker_gets_the_files_once_and_forgets_them(dask: LocalCluster, root: Path) -> None:
    address = dask.scheduler_address
    with Client(address, set_as_default=False) as client:

        def held() -> Any:
            found = client.run(
                lambda dask_worker: (
                    sorted(
                        (p.name, p.stat().st_ctime_ns)
                        for p in Path(dask_worker.local_directory).glob("kreisheft-*/data")
                    )
                    + sorted(p.name for p in Path(dask_worker.local_directory).glob("kreisheft-*"))
                )
            )
            return list(found.values())

        with cluster.session(address):
            run(root, list("ab"), address)
            first = held()
            run(root, list("cd"), address)
            second = held()
            (root / "data/zahl.txt").write_text("8")
            changed = run(root, ["e"], address)
            third = held()
        last = held()

    # Of each worker: the state of the project, and the names of its archive and of the figures'.
    assert [len(found) for found in first] == [3, 3]
    assert second == first
    assert "e 8 True" in changed["e"].decode()
    assert [len(found) for found in third] == [3, 3]
    assert all(a != b for a, b in zip(third, first, strict=True))
    assert last == [[], []]


@kernel
def test_figures_that_the_next_jobs_do_not_need_leave_the_workers(
    dask: LocalCluster, root: Path
) -> None:
    address = dask.scheduler_address
    other = root / "build/andere"
    other.mkdir()
    (other / "wert.txt").write_text("0,7")

    def held() -> set[str]:
        with Client(address, set_as_default=False) as client:
            found = client.run(
                lambda dask_worker: [
                    p.parent.name for p in Path(dask_worker.local_directory).glob("*/wert.txt")
                ]
            )
        return {name for names in found.values() for name in names}

    with cluster.session(address):
        run(root, ["a"], address)
        before = held()
        environment = {"WERTE": str(other)}
        run_jobs.run(jobs(root, ["b"]), root, 2, environment=environment, scheduler=address)
        after = held()

    assert len(before) == len(after) == 1
    assert before != after


@kernel
@pytest.mark.skipif(not cluster_worker.warm.is_available(), reason="reads /proc")
def test_a_killed_worker_costs_only_its_jobs(dask: LocalCluster, root: Path) -> None:
    names = [f"j{n}" for n in range(8)]
    with Client(dask.scheduler_address, set_as_default=False) as client:
        victim = sorted(client.run(os.getpid).values())[0]
    log = root.parent / "log.txt"

    def kill() -> None:
        # As soon as the worker has begun a job, which then takes half a second.
        while not log.is_file() or not any(victim in above(p) for p in parents(log)):
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    made = run(root, names, dask.scheduler_address, wait=5)
    killer.join()

    assert sorted(made) == names
    counts = {name: logged(root).count(name) for name in names}
    # It had one job, its first; all others ran once.
    assert sorted(counts.values()) == [1] * 7 + [2]
    assert made == run(root, names, wait=5)


@kernel
def test_a_worker_with_other_code_is_refused(
    dask: LocalCluster, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster_worker.identity.cache_clear()
    monkeypatch.setattr(code_hashes, "of", lambda *_: "other")
    try:
        with pytest.raises(UsageError) as caught:
            run(root, ["a"], dask.scheduler_address)
    finally:
        cluster_worker.identity.cache_clear()

    message = str(caught.value)
    assert message.count("its code of kreisheft is not the one used here") == 2
    assert "install kreisheft[dask] from this commit" in message
    assert not (root.parent / "log.txt").exists()


def test_no_scheduler_is_told_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.3)

    with pytest.raises(UsageError, match=r"no scheduler at 'tcp://127\.0\.0\.1:9'.*Start one"):
        run(root, ["a"], "tcp://127.0.0.1:9")


def test_versions_that_differ_are_named() -> None:
    ours = {"code": "1", "python": "3.11.7", "pandas": "3.0.1", "altair": "6.3"}

    assert cluster_worker.complaint(dict(ours), ours) == ""
    assert cluster_worker.complaint({**ours, "code": "2", "python": "3.12.1"}, ours) == (
        "its code of kreisheft is not the one used here"
    )
    theirs = {"code": "1", "python": "3.12.1", "pandas": "3.0.1"}
    assert cluster_worker.complaint(theirs, ours) == (
        "other versions: altair missing (here 6.3), python 3.12.1 (here 3.11.7)"
    )


def test_the_identity_has_the_packages_that_chapters_need() -> None:
    assert {"python", "code", "kreisheft", "pandas", "altair", "numpy"} <= set(
        cluster_worker.identity()
    )


def test_the_same_files_are_the_same_archive(root: Path, tmp_path: Path) -> None:
    one = cluster_archive.pack(root, [root / "data", root / "_toc.yml", root / "absent"])
    os.utime(root / "data/zahl.txt", (1, 1))

    assert cluster_archive.pack(root, [root / "_toc.yml", root / "data"]) == one

    (root / "data/zahl.txt").write_text("8")
    assert cluster_archive.pack(root, [root / "_toc.yml", root / "data"])[0] != one[0]
    cluster_archive.unpack(one[1], tmp_path / "dort", one[0])
    names = sorted(p.relative_to(tmp_path / "dort").as_posix() for p in tmp_path.glob("dort/**/*"))
    assert names == ["_toc.yml", "data", "data/zahl.txt"]
    assert (tmp_path / "dort/data/zahl.txt").read_text() == "7"


def test_an_archive_that_is_not_what_was_sent_is_refused(root: Path, tmp_path: Path) -> None:
    digest, _ = cluster_archive.pack(root, [root / "data"])
    (root / "data/zahl.txt").write_text("8")
    _, other = cluster_archive.pack(root, [root / "data"])

    with pytest.raises(ValueError, match="not those that were sent"):
        cluster_archive.unpack(other, tmp_path / "dort", digest)

    assert list(tmp_path.glob("dort*")) == []
