"""A drafted passport, once its open places are filled, imports every figure of its table."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core import schema_line
from kreisheft.core.errors import DataError
from kreisheft.deliveries import mapping, passport_draft
from kreisheft.deliveries.readers import classic, decoding, flat, open_sdg, tidy
from kreisheft.deliveries.readers.table import Head, Table
from kreisheft.facts import passports
from kreisheft.facts.passports import Passport

OFFICIAL = Path(__file__).parents[1] / "official"
FILLED = {"concept": "GESAMT", "period": "2024", "stand": "2025-01-31", "region": "05562"}


def table(
    headers: list[str], labels: list[str] = (), *, format: str = "classic", **other: object
) -> Table:
    """One row per label (or one row), one value column per header; the figures are 1, 2, 3, …"""
    count = max(len(labels), 1)
    rows = pd.DataFrame(
        {
            "line": range(1, count + 1),
            "ags": pd.Categorical(["05562"] * count),
            "period": pd.Categorical(["2024"] * count),
            "header": pd.Categorical([""] * count),
            **({"k1": pd.Categorical(labels, categories=labels)} if labels else {}),
        }
    )
    figures = [[str(row * len(headers) + n) for n in range(len(headers))] for row in range(count)]
    given: dict[str, object] = {
        "format": format,
        "positional": format == "classic",
        "number": "",
        "statistic": "",
        "title": "Erfunden: eine Tabelle",
        "stand": "2025-01-31",
        "licence_year": None,
        "notes": "",
        "classifiers": ("k1",) if labels else (),
        "rows": rows,
        "heads": tuple(Head(str(n), h) for n, h in enumerate(headers)),
        "texts": pd.DataFrame(figures, dtype="str"),
        "names": {},
    }
    return Table(**{**given, **other})  # type: ignore[arg-type]


def drafted(found: Table) -> str:
    return passport_draft.draft(found, number="1-1", source="eigene")


def filled(written: str) -> str:
    """Write something allowed into every open place."""
    for key, value in FILLED.items():
        written = re.sub(rf'^{key}: "\?\?\?"', f'{key}: "{value}"', written, flags=re.MULTILINE)
    return written.replace(': "???"', ": Anzahl")


def passport(folder: Path, found: Table) -> Passport:
    path = folder / "data/sources/eigene/1-1.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(filled(drafted(found)), encoding="utf-8")
    return passports.read(folder, path)


def content(found: Table) -> dict:
    return yaml.safe_load(drafted(found))


def test_every_header_is_a_measure_with_its_unit() -> None:
    found = content(table(["Arbeitslose / Ausländer/-innen / Anzahl", "Quote / Prozent"]))

    assert found["measures"] == {"arbeitslose_auslaender_innen": "Anzahl", "quote": "Prozent"}
    assert found["columns"][1] == {"header": "Quote / Prozent", "measure": "quote"}


def test_headers_that_would_get_one_name_are_told_apart() -> None:
    found = content(table(["Gäste", "Gaeste", "Gäste!"]))

    assert list(found["measures"]) == ["gaeste", "gaeste_2", "gaeste_3"]


def test_wildcards_in_a_header_mean_themselves(tmp_path: Path) -> None:
    known = passport(tmp_path, table(["Quote*", "Quote**", "Quote [neu]?"]))

    assert [known.column(h).measure for h in ("Quote*", "Quote**")] == ["quote", "quote_2"]


@pytest.mark.parametrize(
    ("labels", "meaning"),
    [
        (["unter 3 Jahre", "3 bis unter 6 Jahre", "Insgesamt"], "age"),
        (["ST475", "ST166", ""], "nation"),
        (["frauen", "maenner", "insgesamt"], "code"),
        (
            ["Männer", "Insgesamt", "Total", "–"],
            {"Männer": "maenner", "Insgesamt": "insgesamt", "Total": "total", "–": "wert"},
        ),
    ],
)
def test_labels_get_a_grammar_or_ids(labels: list[str], meaning: object) -> None:
    assert content(table(["Zahl"], labels))["rows"][0]["labels"] == meaning


def test_ages_are_called_age() -> None:
    assert content(table(["Zahl"], ["unter 3 Jahre"]))["rows"][0]["dimension"] == "alter"


def test_a_column_that_repeats_its_neighbour_is_skipped() -> None:
    one = table(["Zahl"], ["A", "B"])
    rows = one.rows.assign(k2=pd.Categorical(["Äpfel", "Birnen"]))
    two = table(["Zahl"], ["A", "B"], rows=rows, classifiers=("k1", "k2"))

    assert content(two)["rows"][1] == "skip"


def test_levels_of_regions_become_patterns() -> None:
    rows = table(["Zahl"], ["a", "b", "c"]).rows.assign(
        ags=pd.Categorical(["05562032", "DG", "05562"])
    )

    found = content(table(["Zahl"], ["a", "b", "c"], rows=rows))

    assert found["regions"] == ["DG", "?????", "????????"]


def test_what_the_file_does_not_say_is_asked() -> None:
    rows = table(["Zahl"]).rows.assign(ags=pd.Categorical([""]), period=pd.Categorical([""]))

    found = content(table(["Zahl"], rows=rows, stand=None))

    assert {k for k, v in found.items() if v == "???"} == {"concept", "period", "stand", "region"}


def test_every_open_place_is_marked() -> None:
    rows = table(["Zahl"]).rows.assign(ags=pd.Categorical([""]), period=pd.Categorical([""]))
    written = drafted(table(["Zahl / Anzahl"], rows=rows, stand=None)).splitlines()[2:]

    assert [line for line in written if "???" in line and passport_draft.MARK not in line] == []


def test_a_draft_begins_with_the_schema_of_passports() -> None:
    written = drafted(table(["Zahl / Anzahl"]))

    assert written.startswith(schema_line.text("passport", "data/sources/eigene/1-1.yml"))


def test_an_unfilled_draft_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data/sources/eigene/1-1.yml"
    path.parent.mkdir(parents=True)
    path.write_text(drafted(table(["Zahl / Anzahl"])), encoding="utf-8")

    with pytest.raises(DataError, match="concept"):
        passports.read(tmp_path, path)


SDG = b"Year,Series,Units,Sex,Value\n2023,Quote,%,Frauen,1.5\n2023,Quote,%,,2\n2024,Zahl,,,3\n"
OWN = b"ags;period;measure;art;value\n05562;2024;kinder;insgesamt;1\n05562;2024;kinder;neu;2\n"


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(
            classic.read(decoding.load(OFFICIAL / "classic.csv"), "classic.csv"), id="classic"
        ),
        pytest.param(flat.read(decoding.load(OFFICIAL / "flat.csv"), "flat.csv"), id="flat"),
        pytest.param(open_sdg.read(SDG, "data/indicator_1-1.csv"), id="open_sdg"),
        pytest.param(tidy.read(OWN, "own.csv"), id="tidy"),
    ],
)
def test_an_import_with_the_draft_has_a_fact_for_every_cell(tmp_path: Path, found: Table) -> None:
    known = passport(tmp_path, found)

    mapped = mapping.map_facts(found, known, "file", "2025-01-31")

    assert (mapped.skipped, mapped.repeated) == (0, 0)
    assert len(mapped.frame) == found.cells


TEXT = st.text(st.sampled_from("aäß1 /-*?[]:#'\",{}\n–%"), max_size=8).map(lambda t: t.strip())
HEADERS = st.lists(TEXT, min_size=1, max_size=5, unique=True).filter(lambda hs: all(hs))
LABELS = st.lists(
    st.one_of(TEXT, st.sampled_from(["Insgesamt", "Total", "", "unter 3 Jahre", "ST475", "yes"])),
    max_size=5,
    unique=True,
)


@given(HEADERS, LABELS, st.sampled_from(["classic", "flat"]))
def test_no_header_and_no_label_breaks_a_draft(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], labels: list[str], format: str
) -> None:
    found = table(headers, labels, format=format)
    known = passport(tmp_path_factory.mktemp("draft"), found)

    mapped = mapping.map_facts(found, known, "file", "2025-01-31")

    assert len(mapped.frame) == found.cells
