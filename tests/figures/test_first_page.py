"""The first page: what is newest and not too old, with what the chapters say of it."""

import re
from pathlib import Path

import pytest
from frames import ROOT, change, pruned

from kreisheft.catalogue import first_page_entries
from kreisheft.chapters.chapter import Chapter
from kreisheft.facts.stages import Protected
from kreisheft.figures import first_page, judgements


@pytest.fixture(scope="module")
def start() -> Chapter:
    return Chapter("start", "recklinghausen", 2025, root=ROOT)


@pytest.fixture(scope="module")
def page(start: Chapter) -> str:
    return start.front().markup


def test_the_file_of_headlines_is_sound() -> None:
    assert first_page_entries.check(ROOT) == []


def test_an_unknown_indicator_is_told_with_its_line(tmp_path: Path) -> None:
    root = pruned(tmp_path)
    change(root / "data/catalogue/start.yml", "[foerderschulquote]", "[foerderschulqote]")

    (problem,) = first_page_entries.check(root)

    assert "start.yml, line" in problem.where
    assert "foerderschulqote" in problem.what


def test_there_are_about_a_dozen_rows(page: str) -> None:
    assert 10 <= page.count('<th scope="row"') <= 15


def test_unemployment_has_the_official_figure_and_its_gap(page: str) -> None:
    row = next(r for r in page.split("<tr ") if "Arbeitslosenquote" in r)

    assert "23,5" in row
    assert "+14,8 Prozentpunkte" in row
    assert "deutlich im Rückstand" in row


def test_every_row_leads_to_its_chapter_and_its_indicator(page: str) -> None:
    rows = page.split("<tbody")[1].split('<tr role="row">')[1:]

    for row in rows:
        assert re.search(r'href="kennzahl/\w+\.html"', row)
        assert re.search(r'href="\w+/gesamt\.html"', row)


def test_what_has_no_recent_figure_is_named_and_no_row(page: str) -> None:
    left_out = re.search(r'class="kh-leer">([^<]*)', page)

    assert left_out
    assert "Berufsabschluss" in left_out[1]
    assert "<strong>Berufsabschluss</strong>" not in page


def test_the_next_indicator_stands_in_for_one_without_a_recent_figure(page: str) -> None:
    row = next(r for r in page.split("<tr ") if "<strong>Existenzsicherung" in r)

    assert "Mindestsicherungsquote" in row


def test_the_first_page_says_what_the_chapter_says(start: Chapter, page: str) -> None:
    work = Chapter("arbeit", "recklinghausen", 2025, root=ROOT)
    judged = judgements.assess(work, work.entry("arbeitslosenquote"))

    assert judged is not None
    assert judged.level == judgements.assess(start, start.entry("arbeitslosenquote")).level


def test_the_summary_counts_every_row_once(page: str) -> None:
    summary = re.search(r'class="kh-satz">Von (\d+) Kennzahlen sind (.*?)\.<', page)

    assert summary
    parts = [int(n) for n in re.findall(r"\d+", summary[2])]
    assert sum(parts) == int(summary[1]) == page.count('<th scope="row"')


def test_a_verdict_never_stands_without_symbol_and_word(page: str) -> None:
    for text in re.findall(r'class="kh-urteil[^>]*>([^<]*)<', page):
        assert re.match(r"\S+ \w", text)


def test_a_headline_holds_protected_figures_only(start: Chapter) -> None:
    found = first_page._headline(start, "Arbeit", ["arbeitslosenquote"])

    assert found is not None
    assert isinstance(found.own_rows, Protected)
