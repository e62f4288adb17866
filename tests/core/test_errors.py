"""Errors that travel between processes."""

import pickle
from pathlib import Path

from kreisheft.core.errors import DataError, Problem, unknown
from kreisheft.engine.chapter_job import Job
from kreisheft.engine.failures import FailedError


def test_problems_found_in_another_process_come_back_whole() -> None:
    error = DataError([Problem("b.yml", "is wrong", "mend it"), Problem("a.yml", "x", "y")])

    again = pickle.loads(pickle.dumps(error))

    assert again.problems == error.problems
    assert str(again) == str(error)


def test_a_table_of_failed_chapters_comes_back_whole_from_another_process() -> None:
    job = Job(Path("arbeit.ipynb"), Path("build/a.ipynb"), {"year": 2024}, "Arbeit")
    error = FailedError([(job, Problem("arbeit (2024)", "cell 6: KeyError: 'x'", "open it"))], 7)

    again = pickle.loads(pickle.dumps(error))

    assert str(again) == str(error)
    assert "1 of 7 chapters failed" in str(again)


def test_what_is_written_alike_comes_before_the_long_list() -> None:
    error = unknown("indicator", "arbeitslosenqote", ["anerkennung", "arbeitslosenquote"])

    assert str(error) == (
        "unknown indicator 'arbeitslosenqote'. Did you mean 'arbeitslosenquote'?"
        " Valid: anerkennung, arbeitslosenquote"
    )


def test_a_number_means_no_other_number() -> None:
    assert str(unknown("report year", 2023, [2024, 2025])) == (
        "unknown report year 2023. Valid: 2024, 2025"
    )
