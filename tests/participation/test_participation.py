"""Interviews, workshops and steps as files; ids, evidence, and what an edition and a page show."""

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from frames import ROOT, pruned

from kreisheft.catalogue import params
from kreisheft.chapters.chapter import Chapter
from kreisheft.core.errors import DataError
from kreisheft.participation import collection, evidence, participation_figures
from kreisheft.participation.intake import list_import
from kreisheft.render.figure import Block, Figure

FOLDER = "data/beteiligung/recklinghausen"
TALKS: dict[str, Any] = {
    "title": "Gespräche",
    "from": "2023-05-02",
    "to": "2023-06-28",
    "conversations": 24,
    "roles": ["Fachkräfte"],
    "guide": ["Was hat geholfen?"],
    "responsible": "Stelle",
    "categories": [{"id": "wartezeit", "title": "Wartezeit", "field": "sprache", "named": 17}],
    "statements": [{"category": "wartezeit", "paraphrase": "Es dauert lange."}],
}
WORKSHOP: dict[str, Any] = {
    "title": "Werkstatt",
    "date": "2023-06-12",
    "place": "Marl",
    "participants": 42,
    "groups": [{"id": "klein", "title": "Wohnen"}, {"id": "gross", "title": "Sprache", "n": 16}],
    "responsible": "Stelle",
    "cards": [
        {"id": "kurse", "kind": "need", "text": "Kurse am Abend.", "field": "sprache", "dots": 9},
        {"id": "lotsen", "kind": "strength", "text": "Lotsen helfen.", "field": "oeffnung"},
    ],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project without anything that people said."""
    return pruned(tmp_path / "project")


def write(root: Path, name: str, content: dict[str, Any]) -> None:
    path = root / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def talks(root: Path, **changes: Any) -> None:
    write(root, "gespraeche/erste.yml", {**TALKS, **changes})


def workshop(root: Path, **changes: Any) -> None:
    write(root, "werkstaetten/eins.yml", {**WORKSHOP, **changes})


def told(root: Path) -> str:
    return "\n".join(str(p) for p in collection.check(root))


def text(found: Figure | Block | None) -> str:
    return str(found._repr_mimebundle_()["text/html"]) if found else ""


# --- files --------------------------------------------------------------------------------------


def test_what_the_project_has_is_sound() -> None:
    assert collection.check(ROOT) == []
    assert len(collection.load(ROOT, "recklinghausen").waves) == 2


def test_everything_of_the_project_but_steps_is_an_example() -> None:
    for kreis in ("recklinghausen", "guetersloh", "mettmann"):
        found = collection.load(ROOT, kreis)
        assert found.steps
        assert all(x.example for x in (*found.waves, *found.interviews, *found.workshops))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"statements": [{**TALKS["statements"][0], "quote": "Ja."}]}, "a quote without consent"),
        ({"statements": [{"category": "weg", "paraphrase": "Ja."}]}, "unknown category 'weg'"),
        ({"conversations": 9}, "at least 10"),
        ({"categories": [{**TALKS["categories"][0], "named": 4}]}, "leave out smaller numbers"),
        ({"categories": [{**TALKS["categories"][0], "field": "x"}]}, "unknown field 'x'"),
        ({"statements": [{"category": "wartezeit", "paraphrase": "a@b.de"}]}, "address of mail"),
        ({"title": "Fragen an 02361 123456"}, "number of a phone"),
        ({"to": "2023-05-01"}, "ends before it begins"),
    ],
)
def test_interviews_that_must_not_be_kept_are_told(root: Path, changes, said) -> None:
    talks(root, **changes)

    assert said in told(root)
    assert "a@b.de" not in told(root)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"participants": 8}, "at least 10"),
        ({"cards": [{**WORKSHOP["cards"][0], "group": "klein"}]}, "may be too small to be told"),
        ({"cards": [{**WORKSHOP["cards"][0], "group": "weg"}]}, "unknown group 'weg'"),
        ({"cards": [WORKSHOP["cards"][0]] * 2}, "is the id of two cards"),
        ({"cards": []}, "has no card"),
        ({"cards": [{**WORKSHOP["cards"][0], "kind": "wish"}]}, "strength (Stärke)"),
    ],
)
def test_workshops_that_must_not_be_kept_are_told(root: Path, changes, said) -> None:
    workshop(root, **changes)

    assert said in told(root)


def test_an_id_is_unique_within_a_kreis(root: Path) -> None:
    talks(root)
    workshop(root, cards=[{**WORKSHOP["cards"][0], "id": "wartezeit"}])

    assert "id 'wartezeit' stands in interviews erste and in workshop eins" in told(root)


def test_a_folder_that_is_no_kreis_is_told(root: Path) -> None:
    (root / "data/beteiligung/entenhausen").mkdir(parents=True)

    assert "is no Kreis" in told(root)


def test_a_changed_count_is_told(root: Path) -> None:
    shutil.copytree(ROOT / "data/beteiligung", root / "data/beteiligung")
    path = root / FOLDER / "umfragen/bsp_ankommen_2024.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    # Without this group the rest of all would be no secret: it is left out by hand.
    kept = [line for line in lines if ",fachkraft," not in line and ",ehrenamt," not in line]
    path.write_text("\n".join(kept).replace("zugewandert,67", "zugewandert,9") + "\n")

    assert "bsp_ankommen_2024.csv" in told(root)
    assert "fewer than 10 persons" in told(root)


def test_cards_of_a_workbook_are_kept_beside_their_workshop(root: Path) -> None:
    workshop(root)
    book, path = openpyxl.Workbook(), root.parent / "karten.xlsx"
    book.active.append(["Kennung", "Art", "Karte", "Handlungsfeld", "Punkte"])
    book.active.append(["flur", "Idee", "Ein Schalter für alle.", "Sprache", 4])
    book.save(path)
    settings = params.load(root, "recklinghausen")

    list_import.run(root, settings, path, "eins", write=True)

    cards = collection.load(root, "recklinghausen").workshops[0].cards
    assert [(c.id, c.kind, c.field, c.dots) for c in cards][1] == ("flur", "idea", "sprache", 4)


def test_a_list_with_a_mistake_leaves_everything_as_it_was(root: Path) -> None:
    workshop(root)
    path = root.parent / "karten.csv"
    path.write_text("id,kind,text,field\nkurse,need,Noch einmal.,sprache\n", encoding="utf-8")
    settings = params.load(root, "recklinghausen")

    with pytest.raises(DataError, match="is the id of two cards"):
        list_import.run(root, settings, path, "eins", write=True)

    assert not (root / FOLDER / "werkstaetten/eins.csv").exists()


# --- evidence -----------------------------------------------------------------------------------


def test_evidence_has_a_title_and_a_place(root: Path) -> None:
    talks(root)
    workshop(root)
    found = collection.load(root, "recklinghausen")

    named = evidence.select(found, ["kurse", "wartezeit", "unbekannt"])

    assert [(e.title, e.link) for e in named] == [
        ("Kurse am Abend.", "beteiligung.html#beleg-kurse"),
        ("Wartezeit", "beteiligung.html#beleg-wartezeit"),
    ]


def test_unknown_evidence_is_a_problem_of_who_names_it(root: Path) -> None:
    talks(root)

    used = [("ziele.yml, line 3", "wartezeit"), ("ziele.yml, line 9", "weg")]
    (problem,) = evidence.check(root, "recklinghausen", used)

    assert problem.where == "ziele.yml, line 9"


def test_outcomes_turn_the_lists_of_goals_round() -> None:
    listed = [("Ziel A", "a.html", ["x", "y"]), ("Maßnahme B", "b.html", ["x"])]

    assert evidence.invert(listed) == {
        "x": [("Ziel A", "a.html"), ("Maßnahme B", "b.html")],
        "y": [("Ziel A", "a.html")],
    }


# --- pages --------------------------------------------------------------------------------------


def test_a_page_shows_what_became_of_evidence(root: Path) -> None:
    workshop(root)
    chapter = Chapter("beteiligung", "recklinghausen", 2024, root=root)
    became = {"kurse": [("Mehr Abendkurse", "konzept.html#z1")]}

    shown, listed = (
        text(participation_figures.block(chapter, section, became))
        for section in ("workshops", "outcomes")
    )

    link = '<a href="konzept.html#z1">Mehr Abendkurse</a>'
    assert '<li id="beleg-kurse">Kurse am Abend. (Sprache; 9 Punkte)' in shown
    assert link in shown
    assert "noch kein Ziel und keine Maßnahme" in shown
    assert link in listed
    assert "Noch ohne Ziel oder Maßnahme: 1 von 2" in listed


def test_an_edition_tells_nothing_that_was_not_over(root: Path) -> None:
    workshop(root)
    settings = params.load(root, "recklinghausen")

    assert collection.of_edition(root, settings, 2020).workshops == ()
    assert len(collection.of_edition(root, settings, 2024).workshops) == 1


def test_without_examples_only_published_steps_are_left(root: Path) -> None:
    shutil.copytree(ROOT / "data/beteiligung", root / "data/beteiligung")
    with (root / "params/recklinghausen.yml").open("a", encoding="utf-8") as file:
        file.write("examples: false\n")

    chapter = Chapter("beteiligung", "recklinghausen", 2024, root=root)
    field = Chapter("sprache", "recklinghausen", 2024, "gesamt", root=root)

    sections = ("surveys", "interviews", "workshops", "outcomes")
    assert "Beispiel" not in "".join(text(chapter.participation(s)) for s in sections)
    assert "Fachtag" in text(chapter.participation("steps"))
    assert field.voices() is None


def test_a_field_shows_its_voices_to_its_first_target_group_only() -> None:
    first = Chapter("sprache", "recklinghausen", 2024, "gesamt", root=ROOT)
    other = Chapter("sprache", "recklinghausen", 2024, "ukraine", root=ROOT)

    assert "nicht repräsentativ" in text(first.voices())
    assert "Beispiel: " in text(first.voices())
    assert other.voices() is None


def test_a_survey_says_who_was_asked_and_compares_waves_and_groups() -> None:
    chapter = Chapter("beteiligung", "recklinghausen", 2024, root=ROOT)

    shown = text(chapter.participation("surveys"))

    # 56 and 92 of 156 and 187 with an opinion agreed: 36 and 48 percent.
    assert "zustimmend 36\N{NO-BREAK SPACE}% (2022, n = 156)" in shown
    assert "48\N{NO-BREAK SPACE}% (2024, n = 187), das sind 12 Prozentpunkte mehr." in shown
    assert "in der Gruppe „Zugewanderte“ (n = 64)" in shown
    assert "Verglichen werden Antwortende" in shown
    assert "Gruppen unter zehn Personen werden nicht gezeigt" in shown


def test_a_wave_after_the_report_year_is_not_compared() -> None:
    chapter = Chapter("beteiligung", "recklinghausen", 2020, root=ROOT)

    assert "keine Befragung" in text(chapter.participation("surveys"))
