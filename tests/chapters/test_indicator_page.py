"""Pages of single indicators, the list of them all, and the links between them and the chapters."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import yaml
from frames import MARL, RE, ROOT, book, indicator, protected

from kreisheft.book import edition_pages, staging
from kreisheft.catalogue import params
from kreisheft.chapters.chapter import Chapter
from kreisheft.chapters.indicator_page import Portrait
from kreisheft.core.errors import DataError
from kreisheft.editions import plan
from kreisheft.engine import run_jobs
from kreisheft.figures import definitions
from kreisheft.protected import coverage
from kreisheft.render import tables
from kreisheft.render.figure import Figure

YEAR = 2024


@pytest.fixture(scope="module")
def rate() -> Portrait:
    return Portrait("arbeitslosenquote", "recklinghausen", YEAR, root=ROOT)


@pytest.fixture(scope="module")
def work() -> Chapter:
    return Chapter("arbeit", "recklinghausen", YEAR, root=ROOT)


# --- which pages there are ----------------------------------------------------------------------


def test_an_indicator_has_a_page_from_its_first_figure_on() -> None:
    shown = protected(
        {"ags": MARL, "year": 2019}, {"ags": MARL, "year": 2018, "value": float("nan")}
    )
    since = coverage.first_years(shown, [RE, MARL])

    assert since == {("quote", "gesamt"): 2019}
    assert coverage.indicators_with_page(since, ["gesamt"], 2018) == set()
    assert coverage.indicators_with_page(since, ["gesamt"], 2019) == {"quote"}


def test_a_figure_elsewhere_or_for_another_target_group_makes_no_page() -> None:
    since = coverage.first_years(protected({"ags": "05", "year": 2019}), [RE, MARL])
    other = coverage.first_years(protected({"target_group": "ukraine"}), [RE])

    assert since == {}
    assert coverage.indicators_with_page(other, ["gesamt"], 2030) == set()


# --- one page -----------------------------------------------------------------------------------


def test_a_portrait_reads_only_the_tables_of_its_indicator(rate: Portrait) -> None:
    assert set(rate.passports) == {"13211-02-05-4", "inkar-kreise"}


@pytest.mark.parametrize("name", ["arbeitslosenquote", "beschaeftigungsquote"])
def test_figures_are_hidden_as_in_the_chapter(work: Chapter, name: str) -> None:
    """Disclosure looks at each indicator alone: the page must not show what the chapter hides."""
    alone = Portrait(name, "recklinghausen", YEAR, root=ROOT).whole.frame
    figures = work.values("arbeit").protected.frame
    rows = (figures["indicator"] == name) & (figures["year"] <= YEAR)
    field = figures[rows & figures["ags"].isin(work.near)]
    text = [f.astype(str).reset_index(drop=True) for f in (alone, field)]

    assert text[0].equals(text[1])


def test_target_groups_with_the_same_figures_are_told_once(rate: Portrait) -> None:
    assert {g: same for g, (_, same) in rate.views.items()} == {"gesamt": ["eingewanderte"]}
    assert rate.trends().markup.count("<figure") == 1


def test_target_groups_with_other_figures_have_figures_with_keys_of_their_own() -> None:
    page = Portrait("staatsangehoerigkeiten", "recklinghausen", YEAR, root=ROOT)
    keys = re.findall(r'<figure[^>]* id="([^"]+)"', page.trends().markup + page.around().markup)

    assert len(page.views) == 2
    assert len(set(keys)) == len(keys) == 4


def test_counts_that_may_not_meet_are_tables_apart() -> None:
    page = Portrait("anteil_migrationshintergrund", "recklinghausen", YEAR, root=ROOT)

    captions = re.findall(r"<caption>([^<]+)<", page.around().markup)

    assert [c.rpartition(", ")[2] for c in captions] == [
        "Migrationshintergrund (Zensus 2011)",
        "Migrationshintergrund (Zensus 2022)",
    ]


def test_the_page_says_what_the_catalogue_says(rate: Portrait) -> None:
    assert "registrierte Arbeitslose der Gruppe" in rate.definition().markup
    assert "Ein niedrigerer Wert ist günstiger." in rate.definition().markup
    sets = rate.sets()
    assert isinstance(sets, Figure)
    assert ("Niedersachsen", "IM_Data, Dezember 2025", "5-3-2") in sets.table.rows
    assert [row[0] for row in rate.sources().table.rows] == ["13211-02-05-4", "inkar-kreise"]


def test_links_of_a_page_lead_to_its_chapters_and_files(rate: Portrait) -> None:
    links = re.findall(r'href="([^"]+)"', rate.intro().markup + rate.downloads().markup)

    assert links == [
        "../arbeit/gesamt.html",
        "../arbeit/eingewanderte.html",
        "../daten/arbeit.csv",
        "../daten/arbeit.json",
    ]


def test_the_largest_page_stays_small() -> None:
    page = Portrait("auslaendische_schueler", "recklinghausen", YEAR, root=ROOT)

    assert len(page.around().markup.encode()) < 100_000


# --- the table of regions -----------------------------------------------------------------------


def test_regions_are_rows_and_periods_columns_the_newest_first() -> None:
    shown = protected(
        {"ags": RE, "year": 2023, "value": 12.5},
        {"ags": RE, "year": 2024, "value": 13.0, "status": "provisional"},
        {"ags": MARL, "year": 2024, "value": float("nan")},
    )
    made = tables.by_place(shown, indicator(), "Quote", {RE: "Kreis", MARL: "Marl"}, book())

    assert made.heads == ("Gebiet", "Gruppe", "2024", "2023")
    assert made.rows == (
        ("Kreis", "insgesamt", "13,0 (vorläufig)", "12,5"),
        ("Marl", "insgesamt", "geheim", "–"),
    )


def test_a_linked_row_is_escaped() -> None:
    table = tables.Table("x", ("a", "b"), (("A & B", "1"),), links={"A & B": "k/a.html"})

    assert '<a href="k/a.html">A &amp; B</a>' in tables.html(table)


# --- links and the book -------------------------------------------------------------------------


def test_no_link_between_chapters_list_and_pages_is_dead(work: Chapter) -> None:
    """The kernel links exactly the pages that the edition makes."""
    settings = params.load(ROOT, "recklinghausen")
    place = plan.Place(ROOT, settings, YEAR, Path("nowhere"))
    chapters = plan.list_chapters(place, coverage.matrix(ROOT, settings))
    pages = {page.address for _, page in chapters}
    listed = Chapter("kennzahlen", "recklinghausen", YEAR, root=ROOT)

    made = {f"{a}.html" for a in pages if a.startswith("kennzahl/")}
    assert set(re.findall(r'href="([^"]+)"', listed.register().markup)) == made
    near = set(re.findall(r'href="../([^"]+)"', work.about().markup))
    assert near == {a for a in made if a[9:-5] in {i.id for i in work.indicators}}


def test_a_page_leads_only_to_chapters_of_the_edition() -> None:
    settings = params.load(ROOT, "recklinghausen")
    found = coverage.matrix(ROOT, settings)
    now = found[found["year"] == YEAR]
    chapters = {(f, g) for f, g, n in now[["field", "target_group", "indicators"]].values if n}
    for name in ("arbeitslosenquote", "staatsangehoerigkeiten", "anteil_migrationshintergrund"):
        page = Portrait(name, "recklinghausen", YEAR, root=ROOT)

        assert {(page.field, group) for group in page.target_groups} <= chapters


def test_every_indicator_of_the_book_is_in_the_list() -> None:
    listed = Chapter("kennzahlen", "recklinghausen", YEAR, root=ROOT)
    markup = listed.register().markup

    assert [i.code for i in listed.indicators if i.code not in markup] == []
    assert "data/templates/sprache.csv" in markup


def test_a_whole_book_page_links_without_going_up(work: Chapter) -> None:
    listed = Chapter("kennzahlen", "recklinghausen", YEAR, root=ROOT)
    one = work.book.indicator("arbeitslosenquote")

    assert definitions.address(listed, one) == "kennzahl/arbeitslosenquote.html"
    assert definitions.address(work, one) == "../kennzahl/arbeitslosenquote.html"


def miniature(folder: Path) -> edition_pages.Edition:
    """An edition of the list and two pages below it."""
    pages = []
    for address, below in (
        ("start", ""),
        ("kennzahlen", ""),
        ("kennzahl/a", "kennzahlen"),
        ("kennzahl/b", "kennzahlen"),
    ):
        source = folder / f"{address}.ipynb"
        source.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(), source)
        pages.append(edition_pages.Page(address, source, address, below=below))
    return edition_pages.Edition("recklinghausen", "Kreis Recklinghausen", YEAR, 1, tuple(pages))


def test_pages_of_indicators_stand_below_the_list_and_keep_the_sidebar_short(
    tmp_path: Path,
) -> None:
    staging.stage(miniature(tmp_path / "notebooks"), ROOT, tmp_path / "staged")
    toc = yaml.safe_load((tmp_path / "staged/_toc.yml").read_text(encoding="utf-8"))
    config = yaml.safe_load((tmp_path / "staged/_config.yml").read_text(encoding="utf-8"))

    found = [c for part in toc["parts"] for c in part["chapters"] if c["file"] == "kennzahlen"]
    assert [s["file"] for s in found[0]["sections"]] == ["kennzahl/a", "kennzahl/b"]
    flat = config["sphinx"]["config"]["html_context"]["kh_flach"]
    assert flat == ["kennzahl/a", "kennzahl/b", "kennzahlen"]


def test_a_page_below_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    made = miniature(tmp_path / "notebooks")

    with pytest.raises(DataError, match="stands below 'kennzahlen', which the edition does not"):
        staging.stage(
            replace(made, pages=(made.pages[0], *made.pages[2:])), ROOT, tmp_path / "staged"
        )


@pytest.mark.kernel
def test_the_template_runs_for_recklinghausen(tmp_path: Path) -> None:
    values = {"kreis": "recklinghausen", "year": YEAR, "kennzahl": "arbeitslosenquote"}
    output = tmp_path / "kennzahl/arbeitslosenquote.ipynb"
    before = dict(os.environ)
    try:
        job = run_jobs.Job(ROOT / "notebooks/kennzahl.ipynb", output, values, "Arbeitslosenquote")
        run_jobs.run([job], ROOT, 1)
    finally:
        os.environ.clear()
        os.environ.update(before)
    text = output.read_text(encoding="utf-8")

    assert json.loads(text)["cells"][0]["source"] in (
        "# Arbeitslosenquote",
        ["# Arbeitslosenquote"],
    )
    assert "25,3" in text
    assert "kh-chart" in text
