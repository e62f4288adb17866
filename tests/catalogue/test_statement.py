"""Imprint, privacy and accessibility statement: what params says, and marked gaps."""

from dataclasses import replace
from typing import Any

import pytest
import yaml
from frames import ROOT
from markdown_it import MarkdownIt

from kreisheft.catalogue import params, statement

SETTINGS = params.load(ROOT, "recklinghausen")
PUBLISHER = {
    "name": "Amt <b>A</b> & *B*",
    "address": ["Beispielweg 1", "00000 Beispielstadt"],
    "email": "amt@beispiel.example",
    "phone": "+49 000 1",
    "responsible": "Stabsstelle",
    "accessibility": {"name": "Stelle C", "url": "https://beispiel.example/c"},
    "checked": "2026-03-09",
    "server": "Protokolle werden 7 Tage gespeichert.",
}
GAPS = {"herausgeber", "datenschutz_kontakt", "barriere_kontakt", "durchsetzungsstelle", "server"}


def words(publisher: dict[str, Any], land: str = "05") -> dict[str, str]:
    return statement.words(ROOT, replace(SETTINGS, publisher=publisher, land=land), "2024.1")


def rendered(text: str) -> str:
    return MarkdownIt("commonmark", {"html": False}).render(text)


def test_the_words_of_the_project_are_sound() -> None:
    assert statement.check(ROOT) == []


def test_what_nobody_said_stays_the_gap_that_the_settings_mark() -> None:
    known = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    defaults = known["parse"]["myst_substitutions"]

    left = GAPS - set(words({}, land="09"))

    assert left == GAPS
    assert all("Noch einzutragen" in defaults[name] for name in GAPS)
    assert set(words(PUBLISHER)) <= set(defaults)


def test_the_office_that_enforces_is_that_of_the_land_unless_params_names_another() -> None:
    other = {"name": "Amt", "enforcement": {"name": "Schlichtungsstelle"}}

    assert "Ombudsstelle" in words({})["durchsetzungsstelle"]
    assert words(other)["durchsetzungsstelle"] == "Schlichtungsstelle"


def test_what_people_fill_in_is_shown_as_it_is() -> None:
    shown = rendered(words(PUBLISHER)["herausgeber"])

    assert "Amt &lt;b&gt;A&lt;/b&gt; &amp; *B*<br />\nBeispielweg 1<br />" in shown
    assert '<a href="mailto:amt@beispiel.example">amt@beispiel.example</a>' in shown
    assert shown.count("<p>") == 2


@pytest.mark.parametrize(
    ("day", "told"), [("2026-03-09", "wurde am 09.03.2026"), ("", "gehört zur Ausgabe 2024.1")]
)
def test_the_statement_has_the_day_of_the_last_look_or_the_edition(day: str, told: str) -> None:
    assert told in words({"name": "x", "checked": day})["erklaerung_stand"]


def test_with_barriers_the_pages_conform_in_part_and_each_is_named() -> None:
    found, known = words({}), statement.load(ROOT)

    assert "teilweise vereinbar" in found["vereinbarkeit"]
    assert found["barrieren"].count("\n- ") + 1 == len(known["barriers"])
    assert found["geprueft"].count("\n- ") + 1 == len(known["views"])
