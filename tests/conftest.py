"""A copy of the project to work on, and one real book made in it for the whole session."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from projects import copy_of_project

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


@pytest.fixture(scope="session")
def project_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default project, untouched by tests."""
    return copy_of_project(tmp_path_factory.mktemp("book") / "project")


@pytest.fixture(scope="session")
def built_site(project_copy: Path) -> Path:
    """Folder of the site of Kreis Recklinghausen, made by real kernels and Sphinx.

    KREISHEFT_SITE names one that is built already, for whoever works on these tests.
    """
    if "KREISHEFT_SITE" in os.environ:
        return Path(os.environ["KREISHEFT_SITE"])
    start = publish.build(project_copy, ["recklinghausen"], YEARS, os.cpu_count() or 2)
    return start.parent


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests that need one."""
    from browsing import chromium  # only then: most runs do without Playwright

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a site with one edition of three pages."""
    from miniature import built

    return built(tmp_path_factory.mktemp("small"))
