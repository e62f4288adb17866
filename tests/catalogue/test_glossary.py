"""The glossary: its file and mistakes, the page made of it, and the terms of a chapter."""

import re
from pathlib import Path

import pytest
import yaml
from frames import ROOT, pruned
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import catalogue, glossary
from kreisheft.catalogue.glossary import Term
from kreisheft.core.errors import DataError, UsageError
from kreisheft.editions import checks

FILE = "data/catalogue/glossar.yml"
KNOWN = glossary.load(ROOT)
EMPTY = Term("stand", "Stand", (), "Tag einer Lieferung.", (), (), (), "", (), ())


def term(name: str, *also: str, unless: tuple[str, ...] = (), definition: str = "") -> Term:
    """A term with nothing but its words."""
    return Term("x", name, also, definition, (), (), (), "", (), unless)


def added(root: Path, text: str) -> list[str]:
    """Problems after one more entry at the end of the file."""
    path = root / FILE
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return [str(p) for p in glossary.check(root)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path)


# --- the file -----------------------------------------------------------------------------------


def test_the_glossary_of_the_project_is_sound() -> None:
    assert glossary.check(ROOT) == []


def test_every_concept_of_the_catalogue_is_explained() -> None:
    """All but the one that means everyone."""
    explained = {t.concept for t in KNOWN.terms.values()}

    assert set(catalogue.load(ROOT).concepts) - explained == {"GESAMT"}


def test_every_term_has_a_law_or_a_source_or_is_coined_here() -> None:
    own = yaml.safe_load((ROOT / FILE).read_text(encoding="utf-8"))["terms"]
    bare = {t.id for t in KNOWN.terms.values() if not t.laws and not t.source}

    assert {key for key in own if own[key].get("own")} == bare


def test_every_school_form_and_status_that_figures_are_split_by_is_explained() -> None:
    words = {word for t in KNOWN.terms.values() for word in (t.term, *t.also)}
    split = ["hauptschule", "realschule", "gesamtschule", "gymnasium", "foerderschule"]
    split += ["mehrere_bildungsgaenge", "tageseinrichtung", "tagespflege", "berufsschule"]
    book = catalogue.load(ROOT)

    assert [book.groups[g] for g in split if book.groups[g] not in words] == []


def test_every_law_is_used() -> None:
    laws = yaml.safe_load((ROOT / FILE).read_text(encoding="utf-8"))["laws"]
    used = {title for t in KNOWN.terms.values() for _, _, title in t.laws}

    assert {law["title"] for law in laws.values()} == used


@pytest.mark.parametrize(
    ("law", "url"),
    [
        ("§ 60a AufenthG", "https://www.gesetze-im-internet.de/aufenthg_2004/__60a.html"),
        ("Art. 16a GG", "https://www.gesetze-im-internet.de/gg/art_16a.html"),
        ("§ 4 Abs. 3 StAG", "https://www.gesetze-im-internet.de/stag/__4.html"),
        ("§ 41 SGB XII", "https://www.gesetze-im-internet.de/sgb_12/__41.html"),
        ("§ 8 SGB IV", "https://www.gesetze-im-internet.de/sgb_4/__8.html"),
        ("MZG", "https://www.gesetze-im-internet.de/mzg/"),
    ],
)
def test_a_legal_basis_leads_to_its_paragraph(law: str, url: str) -> None:
    found = {text: address for t in KNOWN.terms.values() for text, address, _ in t.laws}

    assert found[law] == url


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("    related: [nirgends]", "'nirgends' is not another term"),
        ("    related: [neu]", "'neu' is not another term"),
        ("    concept: MH", "unknown concept 'MH'"),
        ("    indicators: [quote]", "unknown indicator 'quote'"),
        ("    also: [duldung]", "'duldung' stands at 'duldung' already"),
        ("    law: [§ 1 XYZ]", "'§ 1 XYZ' ends on no known law"),
        ("    law: [AsylG]", "'AsylG' names no paragraph"),
        ("    wort: x", "unknown key 'wort'"),
    ],
)
def test_a_mistake_is_told_with_its_line(root: Path, line: str, said: str) -> None:
    lines = (root / FILE).read_text(encoding="utf-8").count("\n")
    text = f"  neu:\n    term: Neues\n    definition: Ein Wort nur für diese Prüfung.\n{line}\n"
    found = added(root, text + "    own: true\n")

    assert len(found) == 1
    assert said in found[0]
    number = int(re.search(r"line (\d+)", found[0])[1])
    assert lines < number <= lines + 5


def test_a_term_without_any_backing_is_refused(root: Path) -> None:
    found = added(root, "  neu:\n    term: Neues\n    definition: Ein Wort nur zur Prüfung.\n")

    assert "law, source, or own: true" in found[0]


def test_all_mistakes_come_at_once(root: Path) -> None:
    text = "    definition: Ein Wort nur für diese Prüfung.\n    own: true\n"
    found = added(root, f"  a:\n    term: Quote\n{text}  b:\n    term: Median\n{text}")

    assert len(found) == 2


def test_check_finds_a_mistake_in_the_glossary(root: Path) -> None:
    added(root, "  neu:\n    term: Neues\n    definition: Ein Wort nur zur Prüfung.\n")

    assert any("glossar.yml" in p.where for p in checks.problems(root))


# --- the page -----------------------------------------------------------------------------------


def test_every_link_of_the_page_has_an_anchor() -> None:
    text = glossary.format_glossary(ROOT)
    anchors = re.findall(r"^  \((begriff-[a-z0-9-]+)\)=$", text, re.MULTILINE)
    links = set(re.findall(r"\(#(begriff-[a-z0-9-]+)\)", text))

    assert len(anchors) == len(set(anchors)) == len(KNOWN.terms) >= 45
    assert links - set(anchors) == set()


def test_a_term_stands_with_law_and_other_words() -> None:
    text = glossary.format_glossary(ROOT)
    (entry,) = re.findall(r"^Duldung\n(?:  .*\n|\n)+", text, re.MULTILINE)

    assert "(begriff-duldung)=" in entry
    assert "  Auch: Geduldete, Aussetzung der Abschiebung\n" in entry
    address = "https://www.gesetze-im-internet.de/aufenthg_2004/__60a.html"
    assert f'  Rechtsgrundlage: [§ 60a AufenthG]({address} "Aufenthaltsgesetz")\n' in entry
    assert "[Aufenthaltsgestattung](#begriff-aufenthaltsgestattung)" in entry


def test_the_order_is_that_of_the_alphabet_with_umlauts() -> None:
    """Ä like ae: Ausländische Herkunft before Ausgabe would be the order of code points."""
    terms = [t.term for t in KNOWN.terms.values()]

    assert terms.index("Ausgabe") < terms.index("Ausländische Herkunft")
    assert terms.index("Flüchtling") < terms.index("Förderschule")
    assert terms[0] == "Abschiebungsverbot"
    assert terms[-1] == "Zuwanderungsgeschichte"


def test_each_letter_leads_to_its_first_term() -> None:
    letters = glossary.format_glossary(ROOT).split("\n")[0]

    assert "[A](#begriff-abschiebungsverbot) · [B](" in letters
    assert letters.count("](#") == len({t.term[0] for t in KNOWN.terms.values()})


def test_the_page_has_a_place_for_the_glossary() -> None:
    assert "{{ glossar }}" in (ROOT / "book/begriffe.md").read_text(encoding="utf-8")
    assert "    glossar:" in (ROOT / "_config.yml").read_text(encoding="utf-8")


# --- in a chapter -------------------------------------------------------------------------------


def test_a_chapter_names_its_terms_with_one_sentence_each() -> None:
    found = glossary.terms_in_chapter(ROOT, "arbeit")

    assert found["Langzeitarbeitslose"] == "Arbeitslose, die ein Jahr und länger arbeitslos sind."
    assert found["Erwerbspersonen"] == "Erwerbstätige und Erwerbslose zusammen."
    assert "Duldung" not in found
    assert "Stand" not in found  # only as "Stand der Dinge"


def test_the_chapter_on_law_explains_its_statuses() -> None:
    found = glossary.terms_in_chapter(ROOT, "recht")

    assert {"Duldung", "Schutzstatus", "Schutzsuchende", "Einbürgerungsquote"} <= set(found)


def test_a_chapter_about_the_whole_book_has_only_its_prose() -> None:
    assert "Quartil" in glossary.terms_in_chapter(ROOT, "vergleich")


def test_an_unknown_chapter_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown chapter 'verkehr'.*arbeit"):
        glossary.terms_in_chapter(ROOT, "verkehr")


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (("Quote",), "die Quoten der Kreise", True),
        (("Quote",), "die Arbeitslosenquote", False),
        (("Zensus",), "Zensusdaten", False),
        (("SGB II",), "nach dem SGB III", False),
        (("SGB II",), "die SGB II-Quote", False),
        (("Ausländerin, Ausländer",), "viele Ausländer", True),
        (("Kindertageseinrichtung", "Kita"), "eine Kita besuchen", True),
        (("Stand",), "Stand der Dinge", True),
    ],
)
def test_a_word_is_found_as_a_word(words: tuple[str, ...], text: str, found: bool) -> None:
    assert glossary.occurs(term(*words), text) is found


def test_a_phrase_that_means_something_else_does_not_count() -> None:
    stand = term("Stand", unless=("Stand der Dinge",))

    assert not glossary.occurs(stand, "## Stand der Dinge")
    assert glossary.occurs(stand, "Stand der Dinge, Stand der Lieferung")


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ("Tag einer Lieferung. Mehr dazu.", "Tag einer Lieferung."),
        ("Wer am 31. Oktober hier lebte. Mehr.", "Wer am 31. Oktober hier lebte."),
        ("Ein Satz.", "Ein Satz."),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_end_it(definition, sentence) -> None:
    assert term("Wort", definition=definition).sentence == sentence


def test_every_first_sentence_of_the_project_is_whole() -> None:
    """An abbreviation with a full stop would cut it."""
    broken = [
        t.term
        for t in KNOWN.terms.values()
        if not t.sentence.endswith(".") or re.search(r"\b(?:Abs|bzw|vgl|usw|ggf)\.", t.definition)
    ]

    assert broken == []


@given(st.text(alphabet="abc -.", max_size=30))
def test_what_occurs_in_a_text_occurs_in_a_longer_one(text: str) -> None:
    assert glossary.occurs(EMPTY, f"{text} Stand {text}")


def test_a_template_that_is_no_notebook_is_told_to_who_asks_for_its_terms(
    tmp_path: Path,
) -> None:
    path = tmp_path / "notebooks/arbeit.ipynb"
    path.parent.mkdir()
    path.write_text('{"cells": [\n<<<<<<< HEAD', encoding="utf-8")

    with pytest.raises(DataError, match=r"notebooks/arbeit\.ipynb, line 2, column 1"):
        glossary.terms_in_chapter(tmp_path, "arbeit")
