"""The templates for a Kreis's own figures, and the page that explains them."""

import re
from pathlib import Path

import pytest
import yaml
from projects import REPOSITORY, copy_of_project

from kreisheft import Chapter
from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError
from kreisheft.deliveries import importing
from kreisheft.deliveries.readers import tidy
from kreisheft.deliveries.report import Report
from kreisheft.editions import checks
from kreisheft.facts import fact_files

TEMPLATES = REPOSITORY / "data/templates"
FIELDS = list(yaml.safe_load((REPOSITORY / "data/catalogue/fields.yml").read_text())["fields"])
PAGE = (REPOSITORY / "docs/own-figures.md").read_text(encoding="utf-8")
PRODUCER, SOURCES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def passport(field: str) -> dict:
    return yaml_files.load(TEMPLATES / f"{field}.yml", "passport").content


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose sources know the Kreis, as the page says."""
    root = copy_of_project(tmp_path_factory.mktemp("own") / "project")
    with (root / "data/sources/sources.yml").open("a", encoding="utf-8") as file:
        file.write(PRODUCER)
    (root / "data/sources/eigene").mkdir()
    return root


def imported(root: Path, field: str, text: str) -> Report:
    """Import `text` with the passport of the template."""
    table = passport(field)["table"]
    target = root / f"data/sources/eigene/{table}.yml"
    target.write_text((TEMPLATES / f"{field}.yml").read_text(encoding="utf-8"), encoding="utf-8")
    own = root / f"{field}.csv"
    own.write_text(text, encoding="utf-8")
    return importing.import_file(root, own, stand="2025-03-31")


def replaced(field: str) -> str:
    """The template with a figure of the Kreis in the place of each example."""
    text = (TEMPLATES / f"{field}.csv").read_text(encoding="utf-8")
    return text.replace("00000;", "05562;").replace(";Beispiel", ";")


def test_there_is_a_template_for_every_field() -> None:
    files = {f"{field}.{ending}" for field in FIELDS for ending in ("csv", "yml")}

    ring = {"vergleichsring.csv", "vergleichsring.yml"}
    assert {path.name for path in TEMPLATES.iterdir() if path.is_file()} == files | ring


@pytest.mark.parametrize("field", FIELDS)
def test_a_passport_of_a_template_is_valid_and_not_public(field: str) -> None:
    content = passport(field)

    assert (content["format"], content["public"], content["deliveries"]) == ("tidy", False, [])
    assert content["table"] == f"eigene-{field.replace('_', '-')}"


@pytest.mark.parametrize("field", FIELDS)
def test_a_template_has_the_columns_of_its_passport(field: str) -> None:
    head = (TEMPLATES / f"{field}.csv").read_text(encoding="utf-8").splitlines()[0]
    dimensions = [row["key"] for row in passport(field)["rows"]]

    assert head == ";".join(["ags", "period", "measure", *dimensions, "value", "bemerkung"])


@pytest.mark.parametrize("field", FIELDS)
def test_the_examples_of_a_template_are_not_imported(field: str) -> None:
    path = TEMPLATES / f"{field}.csv"
    examples = path.read_text(encoding="utf-8").count("\n") - 1

    with pytest.raises(DataError, match="is an example of the template") as caught:
        tidy.read(path.read_bytes(), "own.csv")

    assert len([p for p in caught.value.problems if "example" in p.what]) == examples >= 2


def test_a_measure_belongs_to_one_template() -> None:
    """Else a file would fit two passports."""
    measures = [measure for field in FIELDS for measure in passport(field)["measures"]]

    assert sorted(set(measures)) == sorted(measures)


@pytest.mark.parametrize("field", FIELDS)
def test_a_filled_template_is_imported(project: Path, field: str) -> None:
    report = imported(project, field, replaced(field))

    assert report.table == passport(field)["table"]
    assert report.facts == replaced(field).count("\n") - 1


def test_the_indicator_of_the_page_gets_its_figure(tmp_path: Path) -> None:
    """210 of 600 children are 35 %."""
    root = copy_of_project(tmp_path / "project")
    with (root / "data/sources/sources.yml").open("a", encoding="utf-8") as file:
        file.write(PRODUCER)
    (root / "data/sources/eigene").mkdir()
    head = "ags;period;measure;geschlecht;staat;familiensprache;value"
    row = "05562;2024;sprachstand_{};insgesamt;insgesamt;insgesamt;{}"
    rows = [row.format("untersuchte_kinder", 600), row.format("foerderbedarf", 210)]
    imported(root, "sprache", "\n".join([head, *rows, ""]))
    catalogue = root / "data/catalogue/sprache.yml"
    entry = re.compile(r"(  sprachfoerderbedarf:\n(?:    .*\n)*?)    missing: .*\n")
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(entry.sub(lambda m: m[1] + SOURCES, text), encoding="utf-8")

    figure = Chapter("sprache", "recklinghausen", 2025, root=root).trend("sprachfoerderbedarf")

    assert checks.problems(root) == []
    assert "35,0\N{NO-BREAK SPACE}%" in figure.sentence


def test_a_correction_is_a_later_stand(project: Path) -> None:
    head = "ags;period;measure;geschlecht;value"
    row = "05562;2024;mandate_befragte;insgesamt;{}"
    imported(project, "teilhabe", f"{head}\n{row.format(40)}\n")
    corrected = project / "corrected.csv"
    corrected.write_text(f"{head}\n{row.format(41)}\n", encoding="utf-8")

    importing.import_file(project, corrected, stand="2025-06-30")

    known = fact_files.load(project, "eigene-teilhabe")
    assert sorted(set(known.frame["stand"])) == ["2025-03-31", "2025-06-30"]
