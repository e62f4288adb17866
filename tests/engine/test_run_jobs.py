"""Parameters that do not fit a template are errors before a kernel starts."""

from pathlib import Path

import nbformat
import pytest

from kreisheft.core.errors import DataError
from kreisheft.engine import chapter_job, run_jobs
from kreisheft.engine.template import list_calls


def template(folder: Path, source: str = 'kreis = "bochum"\nyear = 2024') -> Path:
    """A template with one parameters cell."""
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    path = folder / "vorlage.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"kreis": "herne", "year": 2020, "jahr": 2020}, "unknown parameter 'jahr'"),
        ({"kreis": "herne"}, "parameter 'year' is not given"),
        ({"kreis": "herne", "year": "2020"}, "parameter 'year' is '2020'"),
    ],
)
def test_a_wrong_parameter_is_told_and_nothing_runs(
    tmp_path: Path, parameters: dict[str, str | int], message: str
) -> None:
    job = run_jobs.Job(template(tmp_path), tmp_path / "out.ipynb", parameters, "Titel")

    with pytest.raises(DataError, match=message):
        run_jobs.run([job], tmp_path)

    assert not job.output.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = 1\nfrom kreisheft import Chapter\nb = Chapter("a", x)\nb.intro()', {"intro"}),
        ("b.intro(); b.own(1)", {"intro", "own"}),
        ("b.intro(b.own())", None),
        ("b.intro(x=b.own())", None),
        ("x = b.own()", None),
        ("x = [b.own() for b in c]", None),
        ("from kreisheft import released", None),
        ("import pandas", None),
        ("b.own().frame", None),
        ("for x in y:\n    b.intro()", None),
        ("def f(): b.own()", None),
        ("Chapter = other", None),
    ],
)
def test_what_a_notebook_calls_is_known_only_if_it_does_nothing_else(
    text: str, expected: set[str] | None
) -> None:
    assert list_calls(text) == expected


def test_a_template_needs_one_parameters_cell(tmp_path: Path) -> None:
    path = tmp_path / "ohne.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    job = run_jobs.Job(path, tmp_path / "out.ipynb", {}, "Titel")

    with pytest.raises(DataError, match="0 cells are tagged 'parameters'"):
        run_jobs.run([job], tmp_path)


def test_normalising_takes_out_times_ids_and_versions() -> None:
    cell = nbformat.v4.new_code_cell(
        "1", execution_count=7, metadata={"papermill": {"duration": 1}}
    )
    heading = nbformat.v4.new_markdown_cell("# Alt\n\nText")
    notebook = nbformat.v4.new_notebook(
        cells=[heading, cell],
        metadata={"papermill": {}, "language_info": {"name": "python", "version": "3"}},
    )

    done = chapter_job.normalise(notebook, "Neu")

    assert done.cells[0].source == "# Neu\n\nText"
    assert [c.id for c in done.cells] == ["zelle-0", "zelle-1"]
    assert done.cells[1].execution_count == 7
    assert done.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
