"""One row of the directory, its files, and how old an entry is."""

from datetime import date
from pathlib import Path

import pytest
from directories import DAY, KREIS, LEAST, REPOSITORY, made, words
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import params
from kreisheft.core.errors import DataError
from kreisheft.offers import directory, freshness, offer, offer_rows, vocabulary
from kreisheft.offers.offer import Row

HEAD = "id,name,organization,field,target_groups,ags,email,assured_date"
GOOD = "cafe-1,Sprachcafé,Verein,sprache,neuzugewanderte,05562032,cafe@example.org,2026-03-01"


def problems(**cells: str) -> list[str]:
    row = Row({**LEAST, **cells}, lambda column: f"list.csv, row 7, column {column!r}")
    return [f"{p.where}: {p.what}" for p in offer.read(row, words())[1]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in (
        "data/catalogue",
        "data/regions",
        "data/templates",
        "data/sources",
        "data/rules",
        "params",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(REPOSITORY / name)
    (root / "_toc.yml").symlink_to(REPOSITORY / "_toc.yml")
    (root / "data/angebote/recklinghausen").mkdir(parents=True)
    return root


def write(root: Path, *rows: str, name: str = "angebote.csv") -> None:
    path = root / "data/angebote/recklinghausen" / name
    path.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")


def test_an_offer_with_the_least_there_must_be_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"name": ""}, "name is empty"),
        ({"assured_date": ""}, "assured_date is empty"),
        ({"field": "sport"}, "unknown field 'sport'"),
        ({"ags": "05754008"}, "unknown ags '05754008'"),
        ({"target_groups": "neuzugewanderte; alle Welt"}, "unknown target_groups 'alle Welt'"),
        ({"languages": "de; klingonisch"}, "unknown languages 'klingonisch'"),
        ({"email": "cafe at example.org"}, "'cafe at example.org' cannot be read"),
        ({"url": "javascript:alert(1)"}, "'javascript:alert(1)' cannot be read"),
        ({"phone": "auf Anfrage"}, "'auf Anfrage' cannot be read"),
        ({"email": ""}, "no way to get in touch: phone, email, url, address_1 are all empty"),
        ({"assured_date": "31.02.2026"}, "'31.02.2026' is no day"),
        ({"minimum_age": "achtzehn"}, "'achtzehn' is no age"),
        ({"minimum_age": "20", "maximum_age": "10"}, "minimum_age 20 is above maximum_age 10"),
        (
            {"valid_from": "2026-05-01", "valid_to": "2026-04-01"},
            "ends 2026-04-01 before it begins 2026-05-01",
        ),
        ({"free": "vielleicht"}, "'vielleicht' is neither yes nor no"),
        ({"name": "=HYPERLINK(1)"}, "'=HYPERLINK(1)' looks like a formula"),
        ({"name": "SprachcafÃ©Ã¼"}, "'SprachcafÃ©Ã¼' was read in a wrong encoding"),
        ({"name": "Sprach\x07café"}, "holds a control character"),
        ({"description": "x" * 301}, "301 characters, at most 300"),
        ({"description_uk": "Приклад"}, "has no name_uk beside it"),
        ({"name_xx": "?"}, "unknown column 'name_xx'"),
        ({"example": "yes"}, "an example must begin with 'Beispiel'"),
        (
            {"example": "yes", "name": "Beispiel", "email": "a@stadt.de"},
            "'stadt.de' may belong to somebody",
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(cells: dict[str, str], told: str) -> None:
    (found,) = problems(**cells)

    assert found.startswith("list.csv, row 7, column '")
    assert told in found


def test_cells_may_be_written_as_an_analyst_writes_them() -> None:
    own = made(
        {
            "field": "Sprache",
            "target_groups": "offen für alle | Frauen",
            "ags": "5562032",
            "languages": "Ukrainisch; de",
            "free": "ja",
            "assured_date": "1.3.2026",
        }
    )

    cells = own.offers[0].cells
    assert cells["field"] == "sprache"
    assert cells["target_groups"] == "alle; frauen"
    assert cells["ags"] == "05562032"
    assert cells["languages"] == "de; uk"
    assert (cells["free"], cells["assured_date"]) == ("yes", "2026-03-01")


def test_a_place_may_be_named() -> None:
    assert made({"ags": "Haltern am See"}).offers[0].get("ags") == "05562016"


def test_every_mistake_of_all_files_is_told_at_once(project: Path) -> None:
    write(project, GOOD, GOOD.replace("sprache", "sport"), ",,,,,,,")
    write(project, GOOD.replace("cafe-1", "x").replace("Sprachcafé", "="), name="b.csv")

    told = [str(p) for p in directory.check(project)]

    assert any("recklinghausen/angebote.csv, row 3, column 'field'" in t for t in told)
    assert any("recklinghausen/angebote.csv, row 3: id 'cafe-1' stands in" in t for t in told)
    assert any("recklinghausen/b.csv, row 2, column 'id'" in t for t in told)
    assert any("recklinghausen/b.csv, row 2, column 'name'" in t for t in told)


def test_an_offer_in_yaml_is_found_and_its_mistake_has_a_line(project: Path) -> None:
    path = project / "data/angebote/recklinghausen/hand.yml"
    entry = {**LEAST, "name": "Nähtreff", "target_groups": "[alle, frauen]", "ags": "Marl"}
    text = "offers:\n- " + "\n  ".join(f"{c}: {v}" for c, v in entry.items()) + "\n"
    path.write_text(text, encoding="utf-8")
    settings = params.load(project, "recklinghausen")

    assert [o.get("name") for o in directory.load(project, settings).offers] == ["Nähtreff"]

    path.write_text(text.replace("field: sprache", "field: sport"), encoding="utf-8")
    with pytest.raises(DataError, match=r"hand.yml, line 5, column 3 \(offers.0.field\)"):
        directory.load(project, settings)


def test_the_same_offer_twice_is_refused(project: Path) -> None:
    write(project, GOOD, GOOD.replace("cafe-1", "cafe-2").replace("Sprachcafé", "SPRACHCAFE"))

    (problem,) = directory.check(project)
    assert "'SPRACHCAFE' of 'Verein' stands in" in problem.what


def test_a_folder_of_no_kreis_is_refused(project: Path) -> None:
    (project / "data/angebote/entenhausen").mkdir()

    assert [p.what for p in directory.check(project)] == ["is no Kreis"]


def test_examples_can_be_switched_off() -> None:
    settings = params.load(REPOSITORY, "recklinghausen")

    shown = directory.load(REPOSITORY, settings).offers
    assert 12 <= len(shown) <= 20
    assert directory.load(REPOSITORY, settings, examples=False).offers == ()


def test_examples_of_the_repository_are_labelled_and_name_nobody() -> None:
    settings = params.load(REPOSITORY, "recklinghausen")

    for one in directory.load(REPOSITORY, settings).offers:
        assert one.get("name").startswith("Beispiel: ")
        assert one.get("organization").startswith("Beispiel: ")
        assert one.get("email").endswith("@example.org")


def test_what_is_saved_is_read_again_as_it_was(project: Path) -> None:
    own = made(
        {"name": "- Treff, offen", "description": 'Sagt "ja", sagt er', "phone": "+49 2361 123"},
        {"name": "Nähen", "name_uk": "Шиття"},
    )
    directory.save(project, "recklinghausen", own.offers, own.words)

    again = directory.load(project, params.load(project, "recklinghausen"))

    assert {o.id: o.cells for o in again.offers} == {o.id: o.cells for o in own.offers}


def test_no_cell_of_a_written_file_is_a_formula() -> None:
    content = offer_rows.write(["phone"], [["+49 2361 1"], ["=1+1"], ["-x"], ["@y"]]).decode()

    assert content.splitlines()[1:] == ["'+49 2361 1", "'=1+1", "'-x", "'@y"]


@pytest.mark.parametrize(
    ("checked", "state"),
    [("2025-09-11", "fresh"), ("2025-09-10", "amber"), ("2025-03-10", "amber"),
     ("2025-03-09", "stale")],
)  # fmt: skip
def test_amber_begins_after_180_days_and_stale_after_365(checked: str, state: str) -> None:
    """From 10 September 2025 to 10 March 2026 are 181 days."""
    (one,) = made({"assured_date": checked}).offers

    assert freshness.state(one, DAY, words()) == state


@pytest.mark.parametrize(
    ("cells", "shown"),
    [({}, True), ({"status": "temporarily closed"}, True), ({"status": "defunct"}, False),
     ({"valid_to": "2026-03-10"}, True), ({"valid_to": "2026-03-09"}, False),
     ({"assured_date": "2026-03-11"}, False)],
)  # fmt: skip
def test_readers_see_what_runs_on_the_day(cells: dict[str, str], shown: bool) -> None:
    assert freshness.is_shown(made(cells).offers[0], DAY) is shown


def test_an_edition_counts_to_its_as_of_date() -> None:
    from dataclasses import replace

    settings = params.load(REPOSITORY, "recklinghausen")
    dated = replace(settings, as_of={2025: "2026-01-31"})

    assert freshness.edition_day(REPOSITORY, dated, 2025, ()) == date(2026, 1, 31)
    assert freshness.edition_day(REPOSITORY, settings, 2025, made().offers) >= date(2026, 2, 26)


def test_check_reads_the_directory(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kreisheft.editions import checks

    for slow in (checks.fact_files, checks.passports, checks.compute_values, checks.regions):
        monkeypatch.setattr(slow, "check", lambda root: [])
    write(project, GOOD.replace("2026-03-01", "gestern"))

    assert [p.what for p in checks.problems(project)] == ["'gestern' is no day"]


def test_a_key_without_quotes_in_yaml_is_told_how_to_write(project: Path) -> None:
    """YAML takes 05562032 for an octal number."""
    path = project / "data/angebote/recklinghausen/hand.yml"
    path.write_text("offers:\n- ags: 05562032\n", encoding="utf-8")

    (problem,) = directory.check(project)
    assert problem.where.endswith("hand.yml, line 2, column 3 (offers.0.ags)")
    assert 'in quotes, "05562032"' in problem.next


def test_without_places_of_its_own_an_offer_is_for_the_whole_kreis() -> None:
    """A kreisfreie Stadt is its own only municipality; elsewhere than in NRW there are none."""
    assert list(vocabulary.load(REPOSITORY, "05111").lists["ags"]) == ["05111"]
    assert list(vocabulary.load(REPOSITORY, KREIS).lists["ags"])[:2] == ["05562", "05562004"]


@pytest.mark.parametrize(
    ("a", "b"),
    [("Müller", "Mueller"), ("Müller", "Muller"), ("Straße", "STRASSE"), ("Café", "cafe"),
     ("Nähen", "Naehen"), ("Brötchen", "Broetchen"), ("BRU\u0308CKE", "Brücke")],
)  # fmt: skip
def test_spellings_of_a_word_are_one(a: str, b: str) -> None:
    assert vocabulary.fold(a) == vocabulary.fold(b)


@pytest.mark.parametrize("word", ["neue", "frauen", "quelle", "steuer"])
def test_ue_behind_a_vowel_or_q_is_no_umlaut(word: str) -> None:
    assert vocabulary.fold(word) == word


LETTERS = st.text("abcdeghilmnorstuäöüß", min_size=1, max_size=12)


@given(LETTERS)
def test_a_word_and_its_spelling_without_umlauts_fold_alike(word: str) -> None:
    spelled = word
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ß", "ss")):
        spelled = spelled.replace(umlaut, letters)

    # ue is read as ü only where it can be one, so ü keeps its sign here.
    assert vocabulary.fold(spelled) == vocabulary.fold(word) or "e" in word


@given(LETTERS, st.integers(1, 12))
def test_the_beginning_of_a_word_begins_its_folding(word: str, length: int) -> None:
    assert vocabulary.fold(word).startswith(vocabulary.fold(word[:length]))


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more_for_words_without_e(text: str) -> None:
    once = vocabulary.fold(text.replace("e", "").replace("E", ""))

    assert "e" in once or vocabulary.fold(once) == once
