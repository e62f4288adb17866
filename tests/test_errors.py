"""Errors that travel between processes."""

import pickle

from kreisheft.errors import DataError, Problem


def test_problems_found_in_another_process_come_back_whole() -> None:
    error = DataError([Problem("b.yml", "is wrong", "mend it"), Problem("a.yml", "x", "y")])

    again = pickle.loads(pickle.dumps(error))

    assert again.problems == error.problems
    assert str(again) == str(error)
