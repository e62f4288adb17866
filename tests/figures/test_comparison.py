"""The comparison ring in a chapter: codes, two years, and who is withheld."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from frames import GT, ME, RE, ROOT
from projects import REPOSITORY, copy_of_project

from kreisheft.catalogue.params import Comparison
from kreisheft.chapters.chapter import Chapter
from kreisheft.deliveries import importing
from kreisheft.figures import comparison
from kreisheft.render.figure import Block, Figure

GUIDE = (REPOSITORY / "docs/comparison.md").read_text(encoding="utf-8")
PRODUCER, ENTRY = (
    re.sub(r"^   ", "", block, flags=re.MULTILINE)
    for block in re.findall(r"^   ```yaml\n(.*?)^   ```$", GUIDE, re.MULTILINE | re.DOTALL)
)
MEMBERS = (RE, GT, ME, "03241", "05911", "06611")


@pytest.fixture(scope="module")
def book() -> Chapter:
    return Chapter("vergleich", "recklinghausen", 2025, root=ROOT)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project into which six members have delivered, as docs/comparison.md says."""
    root = copy_of_project(tmp_path_factory.mktemp("ring") / "project")
    for name, lines in (("sources/sources.yml", PRODUCER), ("catalogue/sprache.yml", ENTRY)):
        with (root / "data" / name).open("a", encoding="utf-8") as file:
            file.write(lines)
    template = (root / "data/templates/vergleichsring.yml").read_text(encoding="utf-8")
    (root / "data/sources/ring").mkdir()
    (root / "data/sources/ring/ring-sprachstand.yml").write_text(template, encoding="utf-8")
    head, *rows = (root / "data/templates/vergleichsring.csv").read_text("utf-8").splitlines()
    own = [
        row.replace("00000", ags).replace(";640;", f";{640 + i};").replace(";Beispiel", ";")
        for i, ags in enumerate(MEMBERS)
        for row in rows
    ]
    (root / "ring.csv").write_text("\n".join([head, *own]) + "\n", encoding="utf-8")
    importing.import_file(root, root / "ring.csv", stand="2022-03-31")
    return root


def ring_of(root: Path, **wanted: object) -> Figure:
    """What the chapter shows of the members' own deliveries."""
    chapter = Chapter("vergleich", "recklinghausen", 2025, root=root)
    wanted = {"kreise": MEMBERS, "years": (2020, 2021), **wanted}
    chapter.params = replace(chapter.params, comparison=Comparison(**wanted))
    found = chapter.comparison("sprachstand_im_ring")
    assert isinstance(found, Figure)
    return found


def test_members_bear_codes_with_their_own_deliveries(project: Path) -> None:
    found = ring_of(project)

    assert [row[0] for row in found.table.rows] == [
        *(f"Mitglied {code}" for code in "ABCDE"),
        "Recklinghausen",
    ]


def test_no_name_of_a_coded_member_is_anywhere_in_the_figure(project: Path) -> None:
    text = ring_of(project).html()

    for name in ("Gütersloh", "Mettmann", "Hannover", "Bochum", "Kassel", *MEMBERS[1:]):
        assert name not in text


def test_who_agrees_is_named_with_its_own_delivery(project: Path) -> None:
    found = ring_of(project, named=(GT, ME))

    assert [row[0] for row in found.table.rows][:2] == ["Gütersloh", "Mettmann"]


def test_two_years_of_a_delivery_stand_side_by_side(project: Path) -> None:
    """640 of 1,210 and 690 of 1,290 are 52.9 and 53.5 percent."""
    found = ring_of(project)

    assert found.table.heads[1:] == ("2020 (Prozent)", "2021 (Prozent)")
    assert found.table.rows[-1] == ("Recklinghausen", "52,9", "53,5")


def test_under_five_members_nothing_is_shown(project: Path) -> None:
    chapter = Chapter("vergleich", "recklinghausen", 2025, root=project)
    chapter.params = replace(chapter.params, comparison=Comparison(kreise=MEMBERS[:4]))

    found = chapter.comparison("sprachstand_im_ring")

    assert isinstance(found, Block)
    assert found.text.startswith("Kein Vergleich: nur 4")


def test_figures_of_open_tables_are_named_beside_coded_ones(project: Path) -> None:
    chapter = Chapter("vergleich", "recklinghausen", 2025, root=project)
    chapter.params = replace(chapter.params, comparison=Comparison(kreise=MEMBERS))

    found = chapter.comparison("auslaenderanteil")

    assert isinstance(found, Figure)
    assert [row[0] for row in found.table.rows] == [
        "Bochum",
        "Gütersloh",
        "Kassel",
        "Mettmann",
        "Recklinghausen",
        "Region Hannover",
    ]


def test_the_years_of_params_stand_beside_the_newest(book: Chapter) -> None:
    found = book.comparison("auslaenderanteil")

    assert isinstance(found, Figure)
    assert [head[:10] for head in found.table.heads[1:]] == [
        "2020 (Proz",
        "2021 (Proz",
        "31.12.2024",
    ]


def test_an_edition_knows_no_comparison_year_after_its_own() -> None:
    early = Chapter("vergleich", "recklinghausen", 2016, root=ROOT)

    assert isinstance(early.rings(years=True), Block)


def test_a_peer_without_a_figure_keeps_its_row() -> None:
    """The tables of the Bundesagentur, here for 2021, lack the Main-Kinzig-Kreis, 06435."""
    chapter = Chapter("arbeit", "kassel", 2025, root=ROOT)

    found = chapter.comparison("auslaenderanteil_arbeitslose")

    assert isinstance(found, Figure)
    column = found.table.heads.index("2021 (Prozent)")
    assert [row[0] for row in found.table.rows if row[column] == "–"] == ["Main-Kinzig-Kreis"]


def test_a_kreis_and_a_city_of_one_name_are_told_apart_in_a_table() -> None:
    chapter = Chapter("vergleich", "kassel", 2025, root=ROOT)

    names = [row[0] for row in chapter.members().table.rows]

    assert {"Stadt Kassel", "Landkreis Kassel"} <= set(names)
    assert len(set(names)) == len(names) == 26


def test_rings_of_all_indicators_have_at_least_five_peers(book: Chapter) -> None:
    found = book.rings()

    assert isinstance(found, Figure)
    column = found.table.heads.index("mit Angabe")
    assert min(int(row[column]) for row in found.table.rows) >= 5


def test_a_kreis_without_municipalities_says_so_instead_of_a_map() -> None:
    chapter = Chapter("bevoelkerung", "region_hannover", 2024, root=ROOT)

    found = chapter.municipalities("auslaenderanteil")

    assert isinstance(found, Block)
    assert "keine Zahl auf Gemeindeebene" in found.text


def test_the_words_for_the_peers_name_the_size_of_cities() -> None:
    chapter = Chapter("vergleich", "muenster", 2025, root=ROOT)
    chapter.params = replace(chapter.params, comparison=Comparison(cities_from=100_000))

    assert comparison.peers_in_words(chapter) == "Städte ab 100.000 Einwohnerinnen und Einwohnern"
