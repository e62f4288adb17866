"""What a Konzept leans on, both ways: links to evidence, and what became of it."""

from pathlib import Path

import pytest
from frames import ROOT, pruned
from konzepte import AIM, GOAL, MEASURE, part, write

from kreisheft import Chapter
from kreisheft.catalogue import params
from kreisheft.strategy import document, evidence_links, promises

YEAR = 2025


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


def test_evidence_leads_to_the_goals_and_measures_that_lean_on_it(root: Path) -> None:
    goal, measure = part(GOAL, belege=["a", "b"]), part(MEASURE, belege=["a"])
    write(root, aims=[AIM], goals=[goal], measures=[measure])

    found = evidence_links.outcomes(root, params.load(root, "recklinghausen"), YEAR)

    assert set(found) == {"a", "b"}
    assert [title for title, _ in found["a"]] == [goal["title"], measure["title"]]
    assert found["b"][0][1] == f"konzept.html#{evidence_links.anchor('ziel', goal['id'])}"


def test_an_unknown_piece_of_evidence_is_told_with_its_line(root: Path) -> None:
    write(root, aims=[AIM], goals=[part(GOAL, belege=["gibt_es_nicht"])], measures=[MEASURE])

    [problem] = evidence_links.check(root)

    assert problem.where.startswith("data/konzept/recklinghausen/konzept.yml, line ")
    assert "gibt_es_nicht" in problem.what


def test_the_project_leans_on_nothing_unknown() -> None:
    assert evidence_links.check(ROOT) == []


def test_an_example_is_called_one_and_ends_without_a_dot() -> None:
    found = evidence_links.links(
        Chapter("konzept", "recklinghausen", YEAR, root=ROOT), ["bsp_k_lotsen"]
    )

    assert found == (
        '<a href="beteiligung.html#beleg-bsp-k-lotsen">'
        "Sprachlotsinnen und Sprachlotsen begleiten zu Terminen (Beispiel)</a>"
    )


def test_what_an_edition_does_not_show_is_not_linked() -> None:
    chapter = Chapter("konzept", "guetersloh", YEAR, root=ROOT)

    assert evidence_links.links(chapter, ["bsp_k_lotsen"]) == ""


def test_every_promise_of_an_example_is_marked_in_the_short_version() -> None:
    found = promises.list_promises(Chapter("managementfassung", "recklinghausen", YEAR, root=ROOT))
    lines = [name for one in found.values() for name, _ in (*one.goals, *one.measures)]

    assert len(lines) > 5
    assert [name for name in lines if not name.endswith("(Beispiel, kein Beschluss)")] == []


def test_a_kreis_without_a_konzept_promises_nothing() -> None:
    chapter = Chapter("managementfassung", "guetersloh", YEAR, root=ROOT)

    assert document.of_edition(ROOT, chapter.params, YEAR)[0].aims == ()
    assert promises.list_promises(chapter) == {}
