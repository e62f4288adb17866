"""A copy of the project to work on, and one real book made in it for the whole session.

Tests may run in several processes (``-n``): what is made for the session is made by the process
that needs it first, and the others wait for it and only read it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from projects import copy_of_project
from xdist.scheduler import LoadScopeScheduling

from kreisheft.editions import publish

# Speed is measured in benchmarks/; a busy machine must not fail a property, and the same commit has
# the same verdict everywhere: examples are drawn from the test's own text.
settings.register_profile(
    "kreisheft",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("kreisheft")

#: First and last report year of the default book: all fields, all target groups.
YEARS = (2016, 2025)


#: Modules whose tests are long and need nothing of each other: any process may take any of them.
SINGLE = ("test_incremental", "test_worker_pool", "test_site_browser")


class Modules(LoadScopeScheduling):  # type: ignore[misc]
    """Gives the tests of a module to one process, which makes once what they share.

    Groups of pytest-xdist (`--dist loadgroup`) would say the same, but pytest 9.2 sees none.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return nodeid if Path(module).stem in SINGLE else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Modules:
    """Decide which process takes which test."""
    return Modules(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests begin first."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    # One process makes the book, the other has kernels to look after; the book's pages come then.
    if item.get_closest_marker("kernel"):
        return 0 if "built_site" in getattr(item, "fixturenames", ()) else 1
    return 2 if item.get_closest_marker("site") or item.get_closest_marker("browser") else 3


def once(
    factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder for all processes of this run; the first one makes it."""
    if worker == "master":
        folder = factory.mktemp(name)
        make(folder)
        return folder
    folder = factory.getbasetemp().parent / name
    failed = folder.with_suffix(".failed")
    with FileLock(folder.with_suffix(".lock")):
        if failed.exists():
            pytest.fail(f"another process could not make {name}: {failed.read_text('utf-8')}")
        if not folder.exists():
            folder.mkdir()
            try:
                make(folder)
            except BaseException as error:
                failed.write_text(f"{type(error).__name__}: {error}", "utf-8")
                raise
    return folder


@pytest.fixture(scope="session")
def project_copy(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The default project, untouched by tests."""
    return once(tmp_path_factory, worker_id, "project", copy_of_project)


@pytest.fixture(scope="session")
def built_site(
    project_copy: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Path:
    """Folder of the site of Kreis Recklinghausen, made by real kernels and Sphinx.

    KREISHEFT_SITE names one that is built already, for whoever works on these tests.
    """
    if "KREISHEFT_SITE" in os.environ:
        return Path(os.environ["KREISHEFT_SITE"])

    def make(_: Path) -> None:
        publish.build(project_copy, ["recklinghausen"], YEARS, os.cpu_count() or 2)

    once(tmp_path_factory, worker_id, "book", make)
    return project_copy / "build/site"


@pytest.fixture(scope="session")
def site_pages(built_site: Path) -> list[Path]:
    pages = sorted(built_site.rglob("*.html"))
    assert pages, f"no pages in {built_site}"
    return pages


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a process that need one."""
    from browsing import chromium  # only then: most runs do without Playwright

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Folder of a site with one edition of three pages."""
    from miniature import built

    return once(tmp_path_factory, worker_id, "small", built) / "site"
