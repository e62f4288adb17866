"""A Konzept as data: every mistake with its line, and what an edition may tell of it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from frames import MARL, ROOT, pruned
from konzepte import AIM, DECISION, GOAL, MEASURE, part, write

from kreisheft.catalogue import params
from kreisheft.editions import checks
from kreisheft.strategy import document, warnings

REPORT = {"state": "running", "date": "2024-11-01", "evidence": "Bericht"}
FACT = {"when": "2017-02-10", "text": "Ein Workshop.", "source": {"name": "Kreis"}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


def settings(root: Path, **changes: Any) -> params.Params:
    return replace(params.load(root, "recklinghausen"), **changes)


def test_the_files_of_the_project_are_sound() -> None:
    assert document.check(ROOT) == []
    assert document.kreise(ROOT) == ["guetersloh", "mettmann", "recklinghausen"]


def test_only_recklinghausen_has_invented_content() -> None:
    found = {k: document.load(ROOT, k) for k in document.kreise(ROOT)}

    assert {k for k, all_ in found.items() for one in all_ if one.example} == {"recklinghausen"}
    assert not any(one.decision for one in found["recklinghausen"])


def test_a_sound_konzept_has_no_problem(root: Path) -> None:
    write(root)

    assert document.check(root) == []
    (found,) = document.load(root, "recklinghausen")
    assert [g.id for g in found.goals_of(found.aims[0])] == ["quote_senken"]
    assert [m.id for m in found.measures_of(found.goals)] == ["beratung"]
    assert found.goals[0].field == "arbeit"


@pytest.mark.parametrize(
    ("changes", "at", "said"),
    [
        # no measure without owner, period and indicator
        ({"measures": [part(MEASURE, "owner")]}, "measures.0", "'owner' is a required property"),
        ({"measures": [part(MEASURE, "until")]}, "measures.0", "'until' is a required property"),
        ({"measures": [part(MEASURE, "outcome")]}, "measures.0", "'outcome' is a required"),
        ({"measures": [part(MEASURE, outcome=[])]}, "measures.0.outcome", "ids, at least one"),
        # ids exist
        ({"measures": [part(MEASURE, goals=["x"])]}, "measures.0.goals.0", "unknown goal 'x'"),
        ({"measures": [part(MEASURE, outcome=["x"])]}, "measures.0.outcome.0", "indicator 'x'"),
        ({"measures": [part(MEASURE, where=["05754"])]}, "measures.0.where.0", "not of this Kreis"),
        ({"goals": [part(GOAL, aim="x")]}, "goals.0.aim", "unknown aim 'x'"),
        ({"goals": [part(GOAL, indicator="x")]}, "goals.0.indicator", "unknown indicator 'x'"),
        ({"goals": [part(GOAL, group="mit_mh")]}, "goals.0.group", "no group 'mit_mh'"),
        ({"goals": [part(GOAL, target_group="ukraine")]}, "goals.0.target_group", "does not serve"),
        ({"goals": [part(GOAL, indicator="sgb2_quote")]}, "goals.0.indicator", "of the field"),
        ({"aims": [part(AIM, field="verkehr")]}, "aims.0.field", "unknown field 'verkehr'"),
        ({"aims": [part(AIM, action_field="x")]}, "aims.0.action_field", "unknown field of action"),
        ({"aims": [AIM, part(AIM, id="b")]}, "aims.1", "no goal serves 'b'"),
        # years, days and ways
        ({"goals": [part(GOAL, target={"year": 2020, "value": 9})]}, "goals.0.target.year", "base"),
        ({"goals": [part(GOAL, target={"year": 2030, "value": 30.0})]}, "goals.0.target", "is the"),
        (
            {"goals": [part(GOAL, target={"year": 2030, "value": 31})]},
            "goals.0.target",
            "other way",
        ),
        ({"measures": [part(MEASURE, until="2019")]}, "measures.0.until", "before since"),
        (
            {"measures": [part(MEASURE, since="2020-02-30")]},
            "measures.0.since",
            "no day 2020-02-30",
        ),
        (
            {"measures": [part(MEASURE, status=[REPORT, REPORT])]},
            "measures.0.status.1.date",
            "not the later one",
        ),
        (
            {"measures": [part(MEASURE, status=[{**REPORT, "date": "2052-01-01"}])]},
            "measures.0.status.0.date",
            "lies in the future",
        ),
        # results
        (
            {"measures": [part(MEASURE, status=[{**REPORT, "state": "done"}])]},
            "measures.0.status",
            "done without a result",
        ),
        ({"measures": [part(MEASURE, result="Gut.")]}, "measures.0.result", "measure is running"),
        # where it is from
        ({"decision": None}, "", "where the aims are from"),
        ({"example": True}, "decision", "an example with a decision"),
        ({"goals": [GOAL, GOAL]}, "goals.1.id", "is used twice"),
        ({"facts": [part(FACT, "source")]}, "facts.0", "'source' is a required property"),
        ({"measures": [part(MEASURE, owner="a@b.de")]}, "measures.0.owner", "private person"),
        ({"goals": None}, "", "'goals' is a dependency"),
    ],
)
def test_a_mistake_is_told_with_its_line(root: Path, changes, at, said) -> None:
    write(root, **changes)

    told = [p for p in document.check(root) if said in f"{p.what} {p.next}"]
    assert told, document.check(root)
    assert re.match(r"data/konzept/recklinghausen/konzept.yml, line \d+, column \d+", told[0].where)
    assert at in told[0].where


def test_all_mistakes_of_all_files_come_at_once(root: Path) -> None:
    write(root, goals=[part(GOAL, indicator="x")], measures=[part(MEASURE, goals=["y"])])
    write(root, kreis="guetersloh", decision=None)

    # unknown indicator, unknown goal; a municipality of another Kreis, no decision
    assert len(document.check(root)) == 4


def test_a_folder_that_is_no_kreis_is_told(root: Path) -> None:
    write(root, kreis="reklinghausen")

    assert "'reklinghausen' is no Kreis" in str(document.check(root)[0])


def test_an_id_is_unique_over_both_files(root: Path) -> None:
    write(root)
    write(root, chapter="antirassismus")

    assert "'quote_senken' is used twice" in " ".join(p.what for p in document.check(root))


def test_the_check_of_everything_reads_them(root: Path, monkeypatch) -> None:
    monkeypatch.setattr(checks.compute_values, "check", lambda _: [])
    write(root, measures=[part(MEASURE, goals=["x"])])

    assert [p.what for p in checks.problems(root)] == ["unknown goal 'x'"]


def test_evidence_is_read_and_handed_on(root: Path) -> None:
    write(root, goals=[part(GOAL, belege=["ws-3"])], measures=[part(MEASURE, belege=["b1"])])

    (found,) = document.load(root, "recklinghausen")
    assert (found.goals[0].belege, found.measures[0].belege) == (("ws-3",), ("b1",))


# --- what an edition may tell ---------------------------------------------------------------------


def test_examples_are_left_out_where_params_want_none(root: Path) -> None:
    write(root, example=True, decision=None, facts=[FACT])

    (found,) = document.of_edition(root, settings(root, examples=False), 2025)
    assert (found.aims, found.goals, found.measures) == ((), (), ())
    assert [fact.text for fact in found.facts] == ["Ein Workshop."]


def test_without_examples_and_facts_there_is_nothing(root: Path) -> None:
    write(root, example=True, decision=None)

    assert document.of_edition(root, settings(root, examples=False), 2025) == ()
    assert len(document.of_edition(root, settings(root), 2025)) == 1


def test_an_edition_before_the_konzept_has_none(root: Path) -> None:
    write(root)

    assert document.of_edition(root, settings(root), 2016) == ()


def test_a_past_edition_knows_no_later_report(root: Path) -> None:
    reports = [{**REPORT, "state": "planned", "date": "2020-06-01"}, REPORT]
    write(root, measures=[part(MEASURE, status=reports)])

    def state(year: int) -> str:
        (found,) = document.of_edition(root, settings(root), year)
        return found.measures[0].status[-1].state

    assert (state(2020), state(2024), state(2025)) == ("planned", "running", "running")


def test_a_measure_of_which_nothing_was_known_is_left_out(root: Path) -> None:
    write(root)

    (found,) = document.of_edition(root, settings(root), 2020)
    assert found.measures == ()


def test_a_result_belongs_to_the_edition_that_knows_the_end(root: Path) -> None:
    reports = [{**REPORT, "date": "2020-06-01"}, {**REPORT, "state": "done", "date": "2025-02-01"}]
    write(root, measures=[part(MEASURE, status=reports, result="Gut.")])

    results = [
        document.of_edition(root, settings(root), y)[0].measures[0].result for y in (2024, 2025)
    ]
    assert results == ["", "Gut."]


def test_an_as_of_date_is_the_horizon(root: Path) -> None:
    write(root)

    found = document.of_edition(root, settings(root, as_of={2025: "2024-10-31"}), 2025)
    assert found[0].measures == ()


def test_a_part_has_only_what_was_asked_for(root: Path) -> None:
    found = document.of_edition(ROOT, settings(ROOT), 2025)

    (school,) = document.select_part(found, field="schule")
    assert {aim.field for aim in school.aims} == {"schule"}
    assert {m.id for m in school.measures} == {"uebergang"}
    assert document.select_part(found, indicator="angebotsmiete") == ()


# --- what is to be looked into --------------------------------------------------------------------


def kinds(root: Path, day: str, **changes: Any) -> list[str]:
    write(root, measures=[part(MEASURE, **changes)])
    (found,) = document.load(root, "recklinghausen")
    return [flag.kind for flag in warnings.flags(found.measures[0], day)]


@pytest.mark.parametrize(
    ("day", "changes", "told"),
    [
        ("2025-11-01", {}, []),  # the report is of 2024-11-01: a year to the day
        ("2025-11-02", {}, ["stale"]),
        ("", {}, []),
        ("2025-01-01", {"resources": {"euro": 5000}}, ["unbacked"]),
        ("2025-01-01", {"resources": {"euro": 5000}, "beschlussvorbehalt": True}, ["reserved"]),
        ("2025-01-01", {"resources": {"euro": 5000}, "decision": DECISION}, []),
        ("2025-01-01", {"resources": {"euro": 0}}, []),
        ("2025-01-01", {"until": "2024"}, ["ended"]),
        ("2025-06-30", {"until": "2025-06"}, []),
        ("2025-07-01", {"until": "2025-06"}, ["ended"]),
        ("2025-01-01", {"milestones": [{"title": "Büro", "due": "2024-06"}]}, ["overdue"]),
        (
            "2025-01-01",
            {"milestones": [{"title": "Büro", "due": "2024-06", "done": "2024-07"}]},
            [],
        ),
        (
            "2030-01-01",
            {"status": [{**REPORT, "state": "done"}], "result": "Gut."},
            [],
        ),
    ],
)
def test_what_is_to_be_looked_into(root: Path, day, changes, told) -> None:
    assert kinds(root, day, **changes) == told


def test_the_command_line_names_file_and_line() -> None:
    told = warnings.list_warnings(ROOT, "recklinghausen")

    assert any("konzept.yml, line" in t and "no report since 2024-03-20" in t for t in told)
    assert any("antirassismus.yml, line" in t and "not measurable" in t for t in told)


def test_a_municipality_may_have_a_measure(root: Path) -> None:
    write(root, measures=[part(MEASURE, where=[MARL])])

    assert document.check(root) == []
