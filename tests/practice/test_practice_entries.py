"""Good practice: the file and its mistakes, and what of it a chapter shows."""

import re
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from frames import MARL, ROOT, pruned
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import params
from kreisheft.chapters.chapter import Chapter
from kreisheft.editions import checks
from kreisheft.practice import practice_entries, practice_figures
from kreisheft.protected.peers import Peers
from kreisheft.render.figure import Block

ENTRY: dict[str, Any] = {
    "id": "beratung",
    "title": "Beratung",
    "what": "Beratung in vielen Sprachen.",
    "who": "Integrationszentrum",
    "where": ["05562"],
    "since": "2019",
    "field": "arbeit",
    "indicators": ["arbeitslosenquote"],
    "target_groups": ["gesamt"],
    "status": "running",
    "consent": "agreed",
    "source": {"name": "Bericht", "date": "2020-03-01"},
}


def entry(*without: str, **changes: Any) -> dict[str, Any]:
    """A sound entry with some keys changed or left out."""
    return {key: value for key, value in {**ENTRY, **changes}.items() if key not in without}


def write(root: Path, *entries: dict[str, Any], kreis: str = "recklinghausen") -> None:
    """Write the file of a Kreis."""
    path = root / practice_entries.FOLDER / kreis / practice_entries.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"entries": list(entries)}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


# --- the file -----------------------------------------------------------------------------------


def test_the_entries_of_the_project_are_sound() -> None:
    assert practice_entries.check(ROOT) == []
    assert practice_entries.load(ROOT, "recklinghausen") != ()


def test_every_entry_of_the_project_is_an_example_or_has_a_source() -> None:
    assert all(e.example != bool(e.source and e.known) for e in practice_entries.load_all(ROOT))


def test_a_kreis_without_a_file_is_fine(root: Path) -> None:
    assert practice_entries.check(root) == []
    assert practice_entries.load(root, "guetersloh") == ()


def test_a_sound_entry_has_no_problem(root: Path) -> None:
    write(root, ENTRY)

    assert practice_entries.check(root) == []


@pytest.mark.parametrize(
    ("without", "changes", "at", "said"),
    [
        ([], {"indicators": ["quote"]}, "entries.0.indicators.0", "unknown indicator 'quote'"),
        ([], {"field": "verkehr"}, "entries.0.field", "unknown field 'verkehr'"),
        ([], {"field": "schule"}, "entries.0.indicators", "of the field 'schule'"),
        ([], {"target_groups": ["alle"]}, "entries.0.target_groups.0", "unknown target group"),
        ([], {"where": ["05754"]}, "entries.0.where.0", "'05754' is not of this Kreis"),
        ([], {"who": "amt@example.org"}, "entries.0.who", "never a private person"),
        (["source"], {}, "entries.0", "no source"),
        (["consent"], {}, "entries.0", "nothing says that it may be shown"),
        ([], {"example": True}, "entries.0", "an example with a source"),
        ([], {"since": "2052"}, "entries.0.since", "2052 lies in the future"),
        ([], {"until": "2018"}, "entries.0.until", "2018 is before since (2019)"),
        ([], {"since": "2019-02-30"}, "entries.0.since", "there is no day 2019-02-30"),
        ([], {"status": "ended"}, "entries.0.status", "ended without until"),
        ([], {"since": "2020-04"}, "entries.0.since", "after the day of its source"),
        ([], {"source": {"name": "Seite", "url": "https://a.de"}}, "entries.0.source", "seen"),
        ([], {"note": "x"}, "entries.0.note", "unknown key 'note'"),
    ],
)
def test_a_mistake_is_told_with_its_line(root: Path, without, changes, at, said) -> None:
    write(root, entry(*without, **changes))

    (problem,) = [p for p in practice_entries.check(root) if said in f"{p.what} {p.next}"]
    assert problem.where.startswith("data/konzept/recklinghausen/gute_praxis.yml, line")
    assert problem.where.endswith(f"({at})")


def test_all_mistakes_of_all_files_come_at_once(root: Path) -> None:
    write(root, entry("source"), entry(field="verkehr"))
    write(root, entry(where=["05754"], indicators=["quote"]), kreis="guetersloh")

    # no source, a second entry of one id, unknown field; unknown indicator, none of the field
    assert len(practice_entries.check(root)) == 5


def test_a_folder_that_is_no_kreis_is_told(root: Path) -> None:
    write(root, ENTRY, kreis="reklinghausen")

    assert "'reklinghausen' is no Kreis" in str(practice_entries.check(root)[0])


def test_the_check_of_everything_reads_good_practice(root: Path, monkeypatch) -> None:
    # The small copy has one table; that the indicators miss the others is not asked here.
    monkeypatch.setattr(checks.compute_values, "check", lambda _: [])
    write(root, entry("source"))

    assert [p.what for p in checks.problems(root)] == ["no source"]


def test_a_municipality_of_the_kreis_may_have_an_entry(root: Path) -> None:
    write(root, entry(where=[MARL]))

    assert practice_entries.load(root, "recklinghausen")[0].where == (MARL,)


def test_a_plan_may_lie_after_its_source(root: Path) -> None:
    write(root, entry(status="planned", since="2021"))

    assert practice_entries.check(root) == []


@given(
    st.dates().map(str),
    st.sampled_from([4, 7, 10]),
    st.sampled_from([4, 7, 10]),
)
def test_no_moment_lies_after_itself_however_exactly_it_is_known(day: str, one, other) -> None:
    assert not practice_entries._is_after(day[:one], day[:other])


# --- in a chapter -------------------------------------------------------------------------------


def chapter(root: Path, field: str = "arbeit", year: int = 2024, **changes: Any) -> Chapter:
    """A chapter of the Kreis Recklinghausen, compared with Gütersloh only."""
    group = changes.pop("target_group", None)
    found = copy(Chapter(field, "recklinghausen", year, group, root))
    found.params = replace(found.params, **changes)
    found.__dict__["compared"] = Peers("kreise", ("05562", "05754"))
    return found


def titles(found: Block | None) -> list[str]:
    """Headings of entries in a block."""
    return re.findall(r"<h4[^>]*>([^<]*)</h4>", found.markup) if found else []


def test_nothing_to_show_is_nothing_at_all(root: Path) -> None:
    """No heading stays behind on the page."""
    assert chapter(root).practice() is None
    assert chapter(root).practice("arbeitslosenquote") is None


def test_an_entry_stands_under_the_indicator_that_it_addresses(root: Path) -> None:
    write(root, ENTRY)
    markup = chapter(root).practice().markup

    assert markup.index("<h3>Arbeitslosenquote</h3>") < markup.index("Beratung</h4>")
    assert "<dd>seit 2019" not in markup
    assert "<dd>läuft, seit 2019</dd>" in markup
    assert "<dd>Bericht (01.03.2020)</dd>" in markup
    assert "<dd>Kreis Recklinghausen</dd>" in markup


def test_an_entry_of_two_indicators_is_told_once_and_linked(root: Path) -> None:
    write(root, entry(indicators=["arbeitslosenquote", "langzeitarbeitslose"]))
    markup = chapter(root).practice().markup

    assert titles(chapter(root).practice()) == ["Beratung"]
    assert markup.count('href="#praxis-recklinghausen-beratung"') == 1
    assert markup.count('id="praxis-recklinghausen-beratung"') == 1


def test_beside_an_indicator_stands_what_addresses_it(root: Path) -> None:
    write(root, ENTRY, entry(id="b", title="Anders", indicators=["langzeitarbeitslose"]))
    whole = chapter(root, "vergleich")

    assert titles(whole.practice("langzeitarbeitslose")) == ["Anders"]
    assert whole.practice("auslaenderanteil") is None


def test_the_own_kreis_comes_first_then_the_ring_by_name(root: Path) -> None:
    write(root, entry(title="Fremd", where=["05754"]), kreis="guetersloh")
    write(root, ENTRY, kreis="recklinghausen")

    assert titles(chapter(root).practice()) == ["Beratung", "Fremd (Kreis Gütersloh)"]


def test_a_kreis_outside_the_ring_is_not_shown(root: Path) -> None:
    write(root, entry(where=["05158"]), kreis="mettmann")

    assert chapter(root).practice() is None


def test_an_example_says_so_and_names_no_source(root: Path) -> None:
    write(root, entry("source", "consent", example=True))
    markup = chapter(root).practice().markup

    assert "<strong>Beispiel, kein Beschluss</strong>" in markup
    assert "Quelle" not in markup


def test_a_true_entry_is_not_called_an_example(root: Path) -> None:
    write(root, ENTRY)

    assert "Beispiel" not in chapter(root).practice().markup


def test_params_switch_examples_off(root: Path) -> None:
    write(root, entry("source", "consent", example=True))

    assert chapter(root).practice() is not None
    assert chapter(root, examples=False).practice() is None


def test_an_example_is_not_shown_to_other_kreise(root: Path) -> None:
    write(root, entry("source", "consent", example=True, where=["05754"]), kreis="guetersloh")

    assert chapter(root).practice() is None


def test_the_key_of_params_is_read(root: Path) -> None:
    file = root / "params/recklinghausen.yml"
    assert params.load(root, "recklinghausen").examples is True
    file.write_text(file.read_text(encoding="utf-8") + "examples: false\n", encoding="utf-8")

    assert params.load(root, "recklinghausen").examples is False


@pytest.mark.parametrize(
    ("changes", "year", "seen"),
    [
        ({}, 2016, False),  # begins in 2019
        ({}, 2020, True),
        ({"until": "2020", "status": "ended"}, 2020, True),
        ({"until": "2020", "status": "ended"}, 2024, False),
        ({"status": "planned", "since": "2026"}, 2020, True),  # known since March 2020
        ({"status": "planned", "since": "2026"}, 2016, False),
    ],
)
def test_an_edition_shows_what_its_year_knew(root: Path, changes, year, seen) -> None:
    write(root, entry(**changes))

    assert (chapter(root, year=year).practice() is not None) is seen


def test_an_edition_of_an_earlier_day_does_not_know_a_later_source(root: Path) -> None:
    write(root, ENTRY)

    assert chapter(root, as_of={2024: "2020-02-29"}).practice() is None
    assert chapter(root, as_of={2024: "2020-03-01"}).practice() is not None


def test_a_target_group_sees_what_is_meant_for_it(root: Path) -> None:
    write(root, ENTRY, entry(id="b", title="Ukraine", target_groups=["ukraine"]))

    assert titles(chapter(root, target_group="ukraine").practice()) == ["Ukraine"]
    assert titles(chapter(root).practice()) == ["Beratung", "Ukraine"]


def test_marks_of_html_in_an_entry_stay_text(root: Path) -> None:
    source = {"name": "<i>", "url": 'https://a.de/?"x', "seen": "2020-03-01"}
    write(root, entry(title="<b>", what="<script>", source=source))
    markup = chapter(root).practice().markup

    assert not re.search(r"<(?:b|i|script)>", markup)
    assert 'href="https://a.de/?&quot;x"' in markup


def test_every_chapter_of_a_field_has_a_place_for_good_practice() -> None:
    fields = Chapter("vergleich", "recklinghausen", 2025, root=ROOT).book.fields
    templates = [*fields, "wissensluecke"]
    texts = {t: (ROOT / f"notebooks/{t}.ipynb").read_text(encoding="utf-8") for t in templates}

    assert [t for t, text in texts.items() if ".practice()" not in text] == []


def test_entries_are_put_in_one_order_whatever_the_files_are_called(root: Path) -> None:
    write(root, entry(title="Z"), entry(id="a", title="A"))

    assert [e.title for e in practice_figures.select_entries(chapter(root))] == ["Z", "A"]


def test_the_example_of_contributing_is_sound(root: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (text,) = [b for b in re.findall(r"```yaml\n(.*?)```", guide, re.S) if "entries:" in b]
    path = root / practice_entries.FOLDER / "recklinghausen" / practice_entries.FILE
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    assert practice_entries.check(root) == []
