"""Successes, deficits and next steps: chosen by rule, in the order of the book."""

import html
import re

import pytest
from frames import ROOT, indicator

from kreisheft.catalogue import catalogue, thresholds
from kreisheft.chapters.chapter import Chapter
from kreisheft.core.errors import UsageError
from kreisheft.figures import judgements, priorities
from kreisheft.figures.judgements import Assessment
from kreisheft.findings import judgement
from kreisheft.findings.judgement import OPEN, Judgement
from kreisheft.protected import disclosure

NARROW = "\N{NO-BREAK SPACE}"
TONES = {"even": "good", "ahead": "good", "behind": "bad", "far_behind": "bad", "above": ""}


def entry(
    level: str = "even",
    gap: str = "even",
    place: str = "even",
    development: str = "even",
    *,
    reason: str = "",
    direction: str = "lower",
    alone: bool = False,
) -> Assessment:
    """An assessment from its level's verdict and the tones of the others."""
    own = Judgement("level", level, "", TONES[level])
    return Assessment(
        indicator(direction=direction),
        "auslaender",
        Judgement("level", OPEN, "alone") if alone else own,
        Judgement("development", "risen", "", development),
        Judgement("gap", OPEN, "alone") if alone else Judgement("gap", "x", reason, gap),
        Judgement("place", "quarter_1", "", place),
    )


def where(one: Assessment) -> list[str]:
    """The sections it stands in."""
    return [name for name, found in priorities.sort_by_section([one]).items() if found]


@pytest.mark.parametrize(
    ("one", "sections"),
    [
        (entry("even"), ["successes"]),
        (entry("ahead", place="bad"), ["successes"]),
        (entry("behind"), ["deficits"]),
        (entry("behind", gap="good"), ["successes", "deficits"]),
        (entry("behind", gap="bad"), ["deficits", "next"]),
        (entry("behind", reason="reference_worse"), ["deficits", "next"]),
        (entry("behind", place="bad"), ["deficits", "next"]),
        (entry("far_behind"), ["deficits", "next"]),
        (entry("far_behind", gap="good"), ["successes", "deficits", "next"]),
        (entry(alone=True, development="good"), ["successes"]),
        (entry(alone=True, place="good"), ["successes"]),
        (entry(alone=True, development="good", place="bad"), ["deficits"]),
        (entry(alone=True, development="bad", place="bad"), ["deficits", "next"]),
        (entry(alone=True), ["unjudged"]),
        (entry("above", direction="context"), []),
    ],
)
def test_an_entry_stands_where_its_judgements_put_it(one: Assessment, sections: list[str]) -> None:
    assert where(one) == sections


def test_the_order_is_that_of_the_entries_and_no_ranking() -> None:
    first, second = entry("behind", place="bad"), entry("far_behind")

    assert priorities.sort_by_section([first, second])["next"] == [first, second]


# --- words --------------------------------------------------------------------------------------


def test_every_verdict_and_reason_has_a_word() -> None:
    texts = catalogue.load(ROOT).texts
    modules = (ROOT / "src/kreisheft/findings").glob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(modules))
    quoted = set(re.findall(r'"([a-z_]+)"', source))

    known = set(texts["verdicts"]) | set(texts["reasons"])
    assert {"converging", "risen", "behind", "points", "alone", "reference_worse"} <= known & quoted
    assert set(texts["reasons"]) <= quoted


def test_a_verdict_has_symbol_and_word() -> None:
    """Nobody has to see a colour."""
    book = catalogue.load(ROOT)

    assert judgements.words(Judgement("level", "behind", "", "bad"), book) == "▼ im Rückstand"


def test_no_two_verdicts_share_symbol_or_word() -> None:
    found = list(catalogue.load(ROOT).texts["verdicts"].values())

    assert len({v["symbol"] for v in found}) == len({v["word"] for v in found}) == len(found)


def test_without_a_verdict_the_reason_is_told() -> None:
    told = judgements.words(Judgement("gap", OPEN, "points"), catalogue.load(ROOT))

    assert told == "○ nicht bewertbar: es gibt zu wenige Zahlen im Zeitraum"


# --- the project's own figures ------------------------------------------------------------------


@pytest.fixture(scope="module", params=[2016, 2025])
def chapter(request: pytest.FixtureRequest) -> Chapter:
    return Chapter("schwerpunkte", "guetersloh", request.param, root=ROOT)


@pytest.mark.parametrize("section", priorities.SECTIONS)
def test_every_entry_leads_to_a_chapter_and_shows_its_judgements(
    chapter: Chapter, section: str
) -> None:
    made = chapter.priorities(section)
    entries = priorities.sections_of_book(chapter)[section]

    assert made.markup.count("<h4><a href=") == len(entries)
    for one in entries:
        assert f'href="{one.indicator.field}/gesamt.html"' in made.markup
    for kind in ("Niveau", "Lage im Vergleich"):
        assert made.markup.count(f"<dt>{kind}</dt>") == len(entries)


def test_each_edition_has_all_three_sections(chapter: Chapter) -> None:
    assert all(priorities.sections_of_book(chapter)[s] for s in ("successes", "deficits", "next"))


def test_entries_follow_the_order_of_the_fields(chapter: Chapter) -> None:
    fields = list(chapter.params.fields)
    for found in priorities.sections_of_book(chapter).values():
        places = [fields.index(a.indicator.field) for a in found]
        assert places == sorted(places)


def test_what_has_no_direction_is_no_entry(chapter: Chapter) -> None:
    found = [a for entries in priorities.sections_of_book(chapter).values() for a in entries]

    assert "context" not in {a.indicator.direction for a in found}


def test_a_section_names_its_sources(chapter: Chapter) -> None:
    assert "Quelle: " in chapter.priorities("deficits").markup


def test_an_unknown_section_lists_the_valid_ones(chapter: Chapter) -> None:
    with pytest.raises(UsageError, match="Valid: successes, deficits, next, unjudged"):
        chapter.priorities("erfolge")


def test_the_block_of_an_indicator_tells_the_figures_behind_it() -> None:
    work = Chapter("arbeit", "guetersloh", 2016, root=ROOT)
    told = html.unescape(work.judgement("arbeitslosenquote").markup)

    assert "Ausländerinnen und Ausländer 14,0" in told
    assert "Abstand 9,2 Prozentpunkte, Verhältnis 2,92 (2016)" in told
    assert "kh-urteil-bad" in told


def test_the_last_year_is_told_beside_the_long_window() -> None:
    work = Chapter("arbeit", "guetersloh", 2016, root=ROOT)
    told = html.unescape(work.judgement("arbeitslosenquote").markup)

    assert "gestiegen (ungünstig)" in told
    assert "von 12,5 % (2011) auf 14,0 % (2016); seit 2015: ↘ gesunken" in told.replace(NARROW, " ")


def test_a_chapter_has_a_table_of_its_judgements() -> None:
    made = Chapter("arbeit", "guetersloh", 2016, root=ROOT).judgements()
    row = next(r for r in made.table.rows if r[0].startswith("Arbeitslosenquote"))

    assert made.table.heads[-3:] == ("Niveau", "Entwicklung des Abstands", "Lage im Vergleich")
    assert row[-3] == "▼▼ deutlich im Rückstand"


def test_the_course_of_recklinghausen_does_not_judge_the_census_as_a_fall() -> None:
    """8.7 in 2010, 7.8 in 2011, from the project's own facts."""
    people = Chapter("bevoelkerung", "recklinghausen", 2016, root=ROOT)
    entry = people.entry("auslaenderanteil")
    own = people.pick(entry, [people.params.ags])
    to_2011 = disclosure.select_rows(own, own.frame["year"] <= 2011)
    made = judgement.judge_development(to_2011, entry, "insgesamt", 2011, thresholds.load(ROOT))

    assert (made.verdict, made.reason) == ("open", "break")
