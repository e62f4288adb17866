"""What examples in docstrings can use: the project, numpy, pandas and the small frames of tests.

Fixtures of tests are in tests/conftest.py, which pytest does not load for examples in src.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

#: Runs when Python starts, and only for the audit.
collect_ignore = ["tests/audit/sitecustomize.py"]


@pytest.fixture(autouse=True)
def _names_of_examples(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    if not isinstance(request.node, pytest.DoctestItem):
        return
    from frames import ROOT, indicator, protected, values

    from kreisheft.catalogue import thresholds

    doctest_namespace |= {"ROOT": ROOT, "np": np, "pd": pd, "rules": thresholds.load(ROOT)}
    doctest_namespace |= {"values": values, "protected": protected, "indicator": indicator}
