"""Goals and measures on pages: in the field, beside the indicator, in chapters of their own."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from frames import ROOT, pruned
from konzepte import AIM, GOAL, MEASURE, part, write

from kreisheft import Chapter, Portrait, StrategyChapter
from kreisheft.catalogue import catalogue, params
from kreisheft.editions import plan
from kreisheft.protected import coverage
from kreisheft.strategy import document, evidence_links, path_figures, standing

YEAR = 2025


@pytest.fixture(scope="module")
def konzept() -> StrategyChapter:
    """The chapter of the project, with its real figures."""
    return StrategyChapter("konzept", "recklinghausen", YEAR, ROOT)


@pytest.fixture(scope="module")
def arbeit() -> Chapter:
    return Chapter("arbeit", "recklinghausen", YEAR, "gesamt", ROOT)


def without_examples(chapter: Any) -> Any:
    chapter.params = replace(chapter.params, examples=False)
    return chapter


# --- the chapter of a field -----------------------------------------------------------------------


def test_a_field_tells_leitziel_goals_with_state_and_measures(arbeit: Chapter) -> None:
    markup = arbeit.goals().markup

    assert "Leitziel: Wer zugewandert ist, findet Arbeit" in markup
    assert "hinter dem Zielpfad" in markup
    assert "Anerkennungsberatung an einem Ort" in markup
    assert 'href="../konzept.html#ziel-arbeitslosenquote"' in markup
    assert 'href="../konzept.html#massnahme-anerkennung"' in markup


def test_an_example_says_so_wherever_it_stands(arbeit: Chapter, konzept: StrategyChapter) -> None:
    page = Portrait("arbeitslosenquote", "recklinghausen", YEAR, ROOT)

    for block in (arbeit.goals(), page.goals(), konzept.summary(), konzept.goals()):
        assert "Beispiel, kein Beschluss" in block.markup


def test_without_examples_nothing_stays_behind() -> None:
    chapter = without_examples(Chapter("arbeit", "recklinghausen", YEAR, "gesamt", ROOT))
    page = without_examples(Portrait("arbeitslosenquote", "recklinghausen", YEAR, ROOT))
    whole = without_examples(StrategyChapter("konzept", "recklinghausen", YEAR, ROOT))

    assert chapter.goals() is None
    assert page.goals() is None
    told = [f().markup for f in (whole.summary, whole.history, whole.goals, whole.remarks)]
    assert "Beispiel" not in "".join(told)
    assert "Dachkonzept" in told[1]
    assert '<a href="beteiligung.html">' in told[1]


def test_a_kreis_without_a_konzept_shows_nothing() -> None:
    assert Chapter("arbeit", "guetersloh", YEAR, "gesamt", ROOT).goals() is None


def test_another_target_group_sees_its_own_goals() -> None:
    def titles(group: str) -> str:
        block = Chapter("schule", "recklinghausen", YEAR, group, ROOT).goals()
        return block.text if block else ""

    assert "Weniger Jugendliche ohne Schulabschluss" in titles("gesamt")
    assert "Weniger Jugendliche ohne Schulabschluss" not in titles("eingewanderte")
    assert "an Gymnasien" in titles("eingewanderte")


def test_the_field_of_discrimination_tells_the_plan_against_racism() -> None:
    markup = Chapter("diskriminierung", "recklinghausen", YEAR, "gesamt", ROOT).goals().markup

    assert "Konzept gegen Rassismus und Extremismus" in markup
    assert 'href="../antirassismus.html"' in markup
    assert "nicht messbar: für diese Kennzahl gibt es keine Quelle" in markup


def test_every_chapter_of_a_field_has_a_place_for_goals() -> None:
    names = [*catalogue.load(ROOT).fields, "wissensluecke", "kennzahl"]
    texts = {n: (ROOT / f"notebooks/{n}.ipynb").read_text(encoding="utf-8") for n in names}

    assert [name for name, text in texts.items() if ".goals()" not in text] == []


# --- chapters of their own ------------------------------------------------------------------------


def test_every_link_within_the_chapter_leads_somewhere(konzept: StrategyChapter) -> None:
    markup = "".join(f().markup for f in (konzept.summary, konzept.goals, konzept.remarks))
    anchors = re.findall(r'id="([^"]+)"', markup)

    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="(?:konzept.html)?#([^"]+)"', markup)) <= set(anchors)


def test_goals_and_indicators_are_linked_both_ways(konzept: StrategyChapter) -> None:
    page = Portrait("arbeitslosenquote", "recklinghausen", YEAR, ROOT)

    assert 'href="kennzahl/arbeitslosenquote.html"' in konzept.goals().markup
    assert 'href="../konzept.html#ziel-arbeitslosenquote"' in page.goals().markup


def test_a_goal_has_chart_table_sentence_and_source(konzept: StrategyChapter) -> None:
    figure = path_figures.path(konzept, konzept.standings["arbeitslosenquote"])

    assert figure.spec is not None
    assert figure.spec["datasets"]["e"][-1] == {"j": 2030, "g": "Zielpfad", "w": 18.0}
    assert "Ziel ist 18,0 % bis 2030" in figure.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert figure.table.rows[-1][0] == "2030"
    assert "13211-02-05-4" in figure.source


def test_a_break_is_the_reason_and_no_path_is_told_across(konzept: StrategyChapter) -> None:
    found = konzept.standings["mindestsicherung"].progress

    assert (found.state, found.reason) == ("open", "break")


def test_a_measure_of_two_goals_is_told_once_and_linked(konzept: StrategyChapter) -> None:
    markup = konzept.goals().markup

    assert markup.count('id="massnahme-anerkennung"') == 1
    assert markup.count('href="#massnahme-anerkennung"') == 1


def test_old_reports_and_open_decisions_are_listed(konzept: StrategyChapter) -> None:
    markup = konzept.remarks().markup

    assert "der letzte Bericht ist vom 20.03.2024" in markup
    assert "unter Beschlussvorbehalt" in markup
    assert "Mittel sind eingetragen, ein Beschluss nicht" in markup
    assert "nicht messbar" in markup


def test_the_plan_against_racism_tells_stock_and_needs() -> None:
    chapter = StrategyChapter("antirassismus", "recklinghausen", YEAR, ROOT)
    markup = chapter.action_fields().markup

    assert markup.count("Was es gibt") == markup.count("Was fehlt") == 4
    assert 'href="#ziel-meldestellen"' in markup


def test_marks_of_html_stay_text(tmp_path: Path) -> None:
    root = pruned(tmp_path)
    bad = "<b>&"
    aims = [part(AIM, text=bad * 2, field="diskriminierung")]
    told = {"indicator": "meldestellen", "target_group": "gesamt", "group": "insgesamt"}
    goals = [part(GOAL, title=bad, comment=bad, base={"year": 2020}, **told)]
    measures = [part(MEASURE, title=bad + "2", what=bad, owner=bad, output=bad)]
    write(root, aims=aims, goals=goals, measures=measures, what=bad)
    chapter = StrategyChapter("konzept", "recklinghausen", YEAR, root)

    blocks_ = [chapter.summary(), chapter.goals(), chapter.remarks()]
    assert "<b>" not in "".join(block.markup for block in blocks_)


def test_an_edition_has_the_page_only_where_there_is_something_to_tell(tmp_path: Path) -> None:
    def pages(kreis: str, year: int, **changes: Any) -> set[str]:
        settings = replace(params.load(ROOT, kreis), fields=("oeffnung",), **changes)
        place = plan.Place(ROOT, settings, year, tmp_path)
        found = coverage.matrix(ROOT, settings)
        names = {page.address for _, page in plan.list_chapters(place, found)}
        return names & set(document.CHAPTERS)

    assert pages("recklinghausen", 2025) == {"konzept", "antirassismus"}
    assert pages("recklinghausen", 2025, examples=False) == {"konzept"}
    assert pages("recklinghausen", 2020) == {"konzept"}
    assert pages("guetersloh", 2025) == {"konzept"}
    assert pages("mettmann", 2025) == {"konzept", "antirassismus"}
    assert pages("bochum", 2025) == set()


# --- for others -----------------------------------------------------------------------------------


def test_a_chapter_about_the_whole_book_gets_every_field() -> None:
    whole = Chapter("ueberblick", "recklinghausen", YEAR, root=ROOT)

    found = standing.of_field(whole, "arbeit", whole.thresholds, day="2025-12-31")

    assert [g.goal.id for g in found.goals] == ["arbeitslosenquote", "minijobs"]
    assert found.goals[0].progress.value == 23.5
    assert [m.measure.id for m in found.measures] == ["anerkennung", "sprechstunde_frauen"]
    assert "stale" in {flag.kind for flag in found.measures[0].flags}
    assert standing.of_field(whole, "wohnen", whole.thresholds).goals == ()


def test_anchors_are_plain() -> None:
    assert evidence_links.anchor("ziel", "ohne_abschluss") == "ziel-ohne-abschluss"
