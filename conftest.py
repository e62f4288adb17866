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
def _names_of_examples(doctest_namespace: dict[str, Any]) -> None:
    from frames import ROOT, protected, values

    doctest_namespace |= {"ROOT": ROOT, "np": np, "pd": pd}
    doctest_namespace |= {"values": values, "protected": protected}
