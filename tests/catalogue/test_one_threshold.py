"""A threshold stands in one place: change the rule, and every page follows."""

import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from frames import ROOT, change

from kreisheft.catalogue import catalogue, thresholds
from kreisheft.chapters.chapter import Chapter
from kreisheft.figures import comparison, management_summary
from kreisheft.protected import peers
from kreisheft.render.figure import Block, Figure

pytestmark = pytest.mark.slow

RULES = "data/rules/judgement.yml"


def linked(target: Path) -> Path:
    """The project with rules of its own; everything else is that of the repository."""
    for name in ("_toc.yml", "params"):
        (target / name).symlink_to(ROOT / name)
    (target / "data").mkdir()
    for path in (ROOT / "data").iterdir():
        if path.name != "rules":
            (target / "data" / path.name).symlink_to(path)
    shutil.copytree(ROOT / "data/rules", target / "data/rules")
    return target


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Make a project in which one threshold reads otherwise."""
    known: dict[tuple[str, str], Path] = {}

    def make(old: str, new: str) -> Path:
        if (old, new) not in known:
            root = linked(tmp_path_factory.mktemp("ruled"))
            change(root / RULES, old, new)
            known[old, new] = root
        return known[old, new]

    return make


def of(root: Path, name: str, year: int = 2016, kreis: str = "recklinghausen") -> Chapter:
    return Chapter(name, kreis, year, root=root)


def text(made: Figure | Block) -> str:
    return unescape(made.markup if isinstance(made, Block) else made.html())


# In the report of 2016 unemployment is of 2016 and the Zensus of 2011. Nordrhein-Westfalen has 53
# Kreise.


@pytest.fixture
def strict(ruled: Callable[[str, str], Path]) -> Path:
    return ruled("age: 5", "age: 2")


@pytest.fixture
def many(ruled: Callable[[str, str], Path]) -> Path:
    return ruled("peers: 5", "peers: 54")


def test_the_first_page_headlines_no_figure_that_the_rule_calls_old(strict: Path) -> None:
    before, after = text(of(ROOT, "start").front()), text(of(strict, "start").front())

    assert "(09.05.2011)" in before
    assert "(09.05.2011)" not in after
    assert "Beschäftigte ohne Berufsabschluss" in after  # the next of the entry stands in


def test_the_first_page_says_how_old_is_too_old(strict: Path) -> None:
    usual = of(ROOT, "start", 2025).front()

    assert "Ohne Zahl aus den letzten fünf Jahren" in text(usual)
    assert "Ohne Zahl aus den letzten zwei Jahren" in text(of(strict, "start").front())


def test_the_overview_of_the_book_shows_no_old_figure(strict: Path) -> None:
    assert "09.05.2011" in text(of(ROOT, "ueberblick").headlines())
    assert "09.05.2011" not in text(of(strict, "ueberblick").headlines())


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("arbeit", lambda c: c.overview()),
        ("kommunen", lambda c: c.profiles()),
        ("kennzahlen", lambda c: c.register()),
    ],
)
def test_a_table_marks_what_the_rule_calls_old(strict: Path, template: str, shown) -> None:
    old = "09.05.2011 (älter als {} Jahre)"

    assert old.format("zwei") in text(shown(of(strict, template)))
    assert "älter als zwei" not in text(shown(of(ROOT, template)))


def test_judgements_and_sentences_call_the_same_figures_old(strict: Path) -> None:
    chapter, usual = of(strict, "ausbildung"), of(ROOT, "ausbildung")

    assert "die jüngste Zahl ist zu alt" in text(chapter.judgements())
    assert "zu alt" not in text(usual.judgements())
    told = "Die jüngste Zahl ist 5 Jahre älter"
    assert told in chapter.trend("ohne_berufsabschluss").sentence
    assert told not in usual.trend("ohne_berufsabschluss").sentence


def test_the_short_version_headlines_no_old_figure(strict: Path) -> None:
    def ids(root: Path) -> list[str]:
        chapter = of(root, "managementfassung")
        return [i.id for i, _ in management_summary.headlines(chapter, "ausbildung")]

    assert "ohne_berufsabschluss" in ids(ROOT)
    assert "ohne_berufsabschluss" not in ids(strict)


def test_offers_stand_beside_a_figure_that_is_not_old(strict: Path) -> None:
    assert "ohne Berufsabschluss" in text(of(ROOT, "angebote").needs())
    assert "ohne Berufsabschluss" not in text(of(strict, "angebote").needs())


def test_a_land_with_too_few_kreise_is_no_company(many: Path) -> None:
    """53 are enough for five, not for 54."""

    def way(root: Path) -> str:
        chapter = of(root, "vergleich")
        return peers.choose(root, chapter.params, 2016).way

    assert (way(ROOT), way(many)) == ("land", "structure")


def test_too_few_peers_are_neither_compared_nor_placed_nor_drawn(many: Path) -> None:
    chapter = of(many, "arbeit")

    assert "unter 54 wird keiner gezeigt" in text(chapter.comparison("arbeitslosenquote"))
    assert "zu wenige Zahlen für eine Karte" in text(chapter.kreise("arbeitslosenquote"))
    assert "Viertel" not in text(chapter.judgements())
    assert isinstance(comparison.overview(chapter), Block)


def test_the_usual_number_of_peers_is_written_as_a_word(ruled: Callable[[str, str], Path]) -> None:
    root = ruled("peers: 5", "peers: 12")

    assert catalogue.load(root).numeral(thresholds.load(root).peers) == "zwölf"


def test_three_kreise_are_no_comparison_where_four_are_asked_for(
    ruled: Callable[[str, str], Path],
) -> None:
    root = ruled("{regions: 3, quarters: 2}", "{regions: 4, quarters: 2}")

    told = "den kleinsten Abstand"
    assert told in text(of(ROOT, "arbeit").comparison("arbeitslosenquote"))
    assert told not in text(of(root, "arbeit").comparison("arbeitslosenquote"))


def test_two_waves_are_even_by_the_rule(ruled: Callable[[str, str], Path]) -> None:
    """The invented survey differs by less than five points, and by more than one."""
    root = ruled("waves: {even: 5}", "waves: {even: 1}")
    usual = text(of(ROOT, "beteiligung", 2025).participation("surveys"))
    after = text(of(root, "beteiligung", 2025).participation("surveys"))

    assert "kaum verändert" in usual
    assert "das sind 3 Prozentpunkte mehr" not in usual
    assert "das sind 3 Prozentpunkte mehr" in after
