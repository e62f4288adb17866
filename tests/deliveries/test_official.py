"""Trimmed originals of the statistical offices: tests/official/README.md says what was cut.

A workbook lies there as the parts of its archive and is zipped here: text that a reviewer can read
and a diff can show, and still the very XML that the office's software wrote.
"""

import importlib.util
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from kreisheft.deliveries import importing, mapping, readers
from kreisheft.deliveries.report import Report
from kreisheft.facts import cells, fact_files, passports
from kreisheft.facts.passports import Passport

CHECKOUT = Path(__file__).parents[2]
OFFICIAL = Path(__file__).parents[1] / "official"
EXTRACTS = OFFICIAL / "extracts"
RE, GT, MS = "05562", "05754", "05515"
MOST_BYTES = 20_000


class Extract(NamedTuple):
    """Format, table, Stand (of the footer, or else of the passport), and encoding of an extract."""

    format: str
    table: str
    stand: str
    encoding: str


KNOWN = {
    "1000A-0000_2022.csv": Extract("flat", "1000A-0000", "2026-03-10", "utf-8-sig"),
    "1000A-2022_2022.csv": Extract("flat", "1000A-2022", "2026-03-10", "utf-8-sig"),
    "12111-01-01-4_2011.csv": Extract("flat_wide", "12111-01-01-4", "2017-10-10", "utf-8"),
    "12211-0001_2024.csv": Extract("flat", "12211-0001", "2026-03-10", "utf-8-sig"),
    "12411-01-01-4_2024_de.csv": Extract("flat", "12411-01-01-4", "2026-03-10", "utf-8-sig"),
    "12411-01-01-4_2024_en.csv": Extract("flat", "12411-01-01-4", "2026-03-10", "utf-8-sig"),
    "12411-03-03-4_2024_rest.csv": Extract("classic", "12411-03-03-4", "2025-12-16", "utf-8"),
    "12531-0043_2024.csv": Extract("flat", "12531-0043", "2026-03-10", "utf-8-sig"),
    "12711-04-02-4_2019_xlsx": Extract("genesis_workbook", "12711-04-02-4", "2023-11-10", "utf-8"),
    "13211-02-05-4_2015-2020.csv": Extract("classic", "13211-02-05-4", "2021-08-17", "cp1252"),
    "22542-06i_2024.csv": Extract("classic", "22542-06i", "2025-12-23", "cp1252"),
    "22811-01i_2023.csv": Extract("classic", "22811-01i", "2025-12-18", "cp1252"),
    "22811-05i_2024.csv": Extract("classic", "22811-05i", "2026-01-02", "cp1252"),
    "zensus2022-regionaltabelle_xlsx": Extract(
        "zensus_workbook", "zensus2022-regionaltabelle", "2024-06-25", "utf-8"
    ),
}

A, D = {"staatsangehoerigkeit": "auslaender"}, {"staatsangehoerigkeit": "deutsche"}
M, W = {"geschlecht": "maenner"}, {"geschlecht": "frauen"}
EINSEITIG = {"einwanderungsgeschichte": "einseitig"}
MIT = {"einwanderungsgeschichte": "mit"}
UKRAINE = {"staat": "166", "schutzstatus": "anerkannt"}
BEFORE = "bevoelkerung_fortschreibung_2022_06_30"
#: Extract, region, period, measure, dimensions (others: insgesamt), figure or status of its sign:
#: read off the extracts by eye, three of each.
FIGURES: list[tuple[str, str, str, str, dict[str, str], float | str]] = [
    ("1000A-0000_2022.csv", "05562032", "2022-05-15", "bevoelkerung", {}, 115216),
    ("1000A-0000_2022.csv", "05754008", "2022-05-15", "bevoelkerung", {}, 99344),
    ("1000A-0000_2022.csv", "DG", "2022-05-15", "bevoelkerung", {}, 82719540),
    ("1000A-2022_2022.csv", "05", "2022-05-15", "bevoelkerung", MIT, 4420111),
    ("1000A-2022_2022.csv", "05", "2022-05-15", "bevoelkerung", {**MIT, "alter": "80+"}, 163321),
    ("1000A-2022_2022.csv", "05", "2022-05-15", "bevoelkerung", EINSEITIG, 371468),
    ("12111-01-01-4_2011.csv", RE, "2011-05-09", "bevoelkerung", {}, 619382),
    ("12111-01-01-4_2011.csv", MS, "2011-05-09", "bevoelkerung", A, 21111),
    ("12111-01-01-4_2011.csv", GT, "2011-05-09", "bevoelkerung", {**D, **W}, 164580),
    ("12211-0001_2024.csv", "DG", "2024", "erwerbslose", {}, 1516),
    ("12211-0001_2024.csv", "DG", "2024", "erwerbslose", {"alter": "75+"}, "unreliable"),
    ("12211-0001_2024.csv", "DG", "2024", "erwerbstaetige", {"alter": "00-14"}, "not_applicable"),
    ("12411-01-01-4_2024_de.csv", RE, "2024-12-31", "bevoelkerung", {}, 621305),
    ("12411-01-01-4_2024_de.csv", GT, "2024-12-31", "bevoelkerung", M, 181577),
    ("12411-01-01-4_2024_de.csv", MS, "2024-12-31", "bevoelkerung", W, 160795),
    ("12411-01-01-4_2024_en.csv", RE, "2024-12-31", "bevoelkerung", {}, 621305),
    ("12411-01-01-4_2024_en.csv", GT, "2024-12-31", "bevoelkerung", M, 181577),
    ("12411-01-01-4_2024_en.csv", MS, "2024-12-31", "bevoelkerung", W, 160795),
    ("12411-03-03-4_2024_rest.csv", RE, "2024-12-31", "bevoelkerung", A, 88626),
    ("12411-03-03-4_2024_rest.csv", GT, "2024-12-31", "bevoelkerung", {"alter": "00-02"}, 10229),
    ("12411-03-03-4_2024_rest.csv", "05", "2024-12-31", "bevoelkerung", {**D, **M}, 7394669),
    ("12531-0043_2024.csv", RE, "2024-12-31", "schutzsuchende", {**UKRAINE, **W}, 4095),
    ("12531-0043_2024.csv", GT, "2024-12-31", "schutzsuchende", {**UKRAINE, **M}, 1800),
    ("12531-0043_2024.csv", MS, "2024-12-31", "schutzsuchende", {**UKRAINE, **W}, 1900),
    ("12711-04-02-4_2019_xlsx", RE, "2019", "zuzuege", {"alter": "00-17"}, 3914),
    ("12711-04-02-4_2019_xlsx", GT, "2019", "fortzuege", M, 11803),
    ("12711-04-02-4_2019_xlsx", "DG", "2019", "zuzuege", {}, 4379825),
    ("13211-02-05-4_2015-2020.csv", RE, "2020", "arbeitslose", A, 8699),
    ("13211-02-05-4_2015-2020.csv", RE, "2018", "arbeitslosenquote", A, "hidden"),
    ("13211-02-05-4_2015-2020.csv", GT, "2019", "arbeitslosenquote", W, 4.1),
    ("22542-06i_2024.csv", RE, "2024", "gruppen", {"rechtsgrundlage": "heimerziehung"}, 54),
    (
        "22542-06i_2024.csv",
        RE,
        "2024",
        "gruppen",
        {"rechtsgrundlage": "jugendsozialarbeit"},
        "zero",
    ),
    ("22542-06i_2024.csv", MS, "2024", "gruppen", {"rechtsgrundlage": "tagesgruppe"}, 2),
    ("22811-01i_2023.csv", RE, "2023", "mindestsicherungsquote", {}, 13.2),
    ("22811-01i_2023.csv", MS, "2023", "mindestsicherungsquote", {}, 8.9),
    ("22811-01i_2023.csv", "05754008", "2023", "mindestsicherungsquote", {}, 9.0),
    ("22811-05i_2024.csv", RE, "2024", "mindestsicherung_empfaenger", {}, 80155),
    ("22811-05i_2024.csv", GT, "2024", "mindestsicherung_empfaenger", {"leistung": "sgb2"}, 18986),
    (
        "22811-05i_2024.csv",
        MS,
        "2024",
        "mindestsicherung_empfaenger",
        {"leistung": "asylblg"},
        1735,
    ),
    ("zensus2022-regionaltabelle_xlsx", RE, "2022-05-15", "bevoelkerung", {}, 618350),
    ("zensus2022-regionaltabelle_xlsx", GT, "2022-05-15", BEFORE, {}, 370123),
    ("zensus2022-regionaltabelle_xlsx", "05562032", "2022-05-15", "bevoelkerung", {}, 115216),
]


def parts(name: str) -> list[Path]:
    """Return the files that an extract consists of."""
    path = EXTRACTS / name
    return [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the delivery of an extract, its parts zipped if it is a workbook."""
    folder = tmp_path_factory.mktemp("workbooks")

    @cache
    def path(name: str) -> Path:
        if (EXTRACTS / name).is_file():
            return EXTRACTS / name
        book = folder / f"{name}.xlsx"
        with zipfile.ZipFile(book, "w") as archive:
            for part in parts(name):
                archive.write(part, part.relative_to(EXTRACTS / name).as_posix())
        return book

    return path


@pytest.fixture(scope="module")
def report(delivery: Callable[[str], Path]) -> Callable[[str], Report]:
    """Return what an import of an extract would do to the facts of the checkout."""
    return cache(lambda name: importing.check(CHECKOUT, delivery(name)))


@pytest.fixture(scope="module")
def facts(delivery: Callable[[str], Path]) -> Callable[[str], pd.DataFrame]:
    """Return the facts of an extract, `value` and `status` of each cell beside it."""

    @cache
    def frame(name: str) -> pd.DataFrame:
        _, number, stand, _ = KNOWN[name]
        table = readers.read(delivery(name), known().values())
        long = mapping.map_facts(table, known()[number], name, stand).frame
        return long.assign(**cells.split(long["cell"]))

    return frame


@cache
def known() -> dict[str, Passport]:
    return passports.load(CHECKOUT)


@cache
def count_cells() -> Callable[..., int]:
    """Return the count of value cells that knows nothing of our readers."""
    path = CHECKOUT / "benchmarks" / "lossless.py"
    spec = importlib.util.spec_from_file_location("lossless", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.counted


def look_up(
    frame: pd.DataFrame, ags: str, period: str, measure: str, chosen: dict[str, str]
) -> list[float | str]:
    """Return the figures of a long frame at one place, a sign as its status."""
    wanted = frame[(frame.ags == ags) & (frame.period == period) & (frame.measure == measure)]
    fixed = {"ags", "period", "measure", "cell", "value", "status", "concept", "stand"}
    for dimension in set(frame.columns) - fixed:
        wanted = wanted[wanted[dimension] == chosen.get(dimension, "insgesamt")]
    rows = zip(wanted.value, wanted.status, strict=True)
    return [value if status == "value" else str(status) for value, status in rows]


def test_every_extract_is_tested_and_explained() -> None:
    explained = (OFFICIAL / "README.md").read_text(encoding="utf-8")

    assert sorted(path.name for path in EXTRACTS.iterdir()) == sorted(KNOWN)
    assert [name for name in KNOWN if f"`{name}`" not in explained] == []


@pytest.mark.parametrize("name", KNOWN)
def test_an_extract_is_small(name: str) -> None:
    assert max(part.stat().st_size for part in parts(name)) < MOST_BYTES


@pytest.mark.parametrize("name", KNOWN)
def test_an_extract_keeps_encoding_and_line_ends_of_the_office(name: str) -> None:
    contents = [part.read_bytes() for part in parts(name)]

    found = set()
    for content in contents:
        try:
            text = content.decode("utf-8")
            found.add("utf-8-sig" if text.startswith("\ufeff") else "utf-8")
        except UnicodeDecodeError:
            found.add("cp1252")
    assert found == {KNOWN[name].encoding}
    if name.endswith(".csv"):
        assert [b"\r" in content for content in contents] == [False]


@pytest.mark.parametrize("name", KNOWN)
def test_an_extract_is_recognised_as_what_it_is(name: str, report: Callable[[str], Report]) -> None:
    found = report(name)

    assert (found.format, found.table, found.stand) == KNOWN[name][:3]


# The offices' software names no default style and writes page headers that openpyxl, which only
# counts here, cannot parse.
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize("name", KNOWN)
def test_every_value_cell_of_an_extract_is_a_fact(
    name: str, delivery: Callable[[str], Path], report: Callable[[str], Report]
) -> None:
    table = readers.read(delivery(name), known().values())

    found = report(name)

    there = count_cells()(delivery(name), table)
    assert found.facts > 0
    assert found.facts + found.elsewhere + found.repeated + found.skipped == there


@pytest.mark.parametrize("name", KNOWN)
def test_an_extract_says_nothing_but_what_the_committed_facts_say(
    name: str, report: Callable[[str], Report]
) -> None:
    found = report(name)

    assert (found.problems, found.revisions, found.changed) == ([], [], False)


@pytest.mark.parametrize(("name", "ags", "period", "measure", "chosen", "figure"), FIGURES)
def test_a_figure_of_an_extract_is_read_and_committed(
    name: str,
    ags: str,
    period: str,
    measure: str,
    chosen: dict[str, str],
    figure: float | str,
    facts: Callable[[str], pd.DataFrame],
) -> None:
    _, number, stand, _ = KNOWN[name]

    committed = fact_files.load(CHECKOUT, number).frame

    committed = committed[committed.stand == stand]
    assert look_up(facts(name), ags, period, measure, chosen) == [figure]
    assert look_up(committed, ags, period, measure, chosen) == [figure]


def test_every_extract_has_three_figures() -> None:
    counts = {name: sum(row[0] == name for row in FIGURES) for name in KNOWN}

    assert counts == dict.fromkeys(KNOWN, 3)


def test_german_and_english_labels_give_the_same_facts(
    facts: Callable[[str], pd.DataFrame],
) -> None:
    german, english = (
        facts(f"12411-01-01-4_2024_{language}.csv").set_index(["ags", "geschlecht"])["value"]
        for language in ("de", "en")
    )

    assert len(german) == 9
    assert german.to_dict() == english.to_dict()
