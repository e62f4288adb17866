"""Lists, feeds and forms that come in, and reminders that go out."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from directories import KREIS, REPOSITORY, made, many, words
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import params
from kreisheft.cli.main import main
from kreisheft.core.errors import DataError
from kreisheft.offers import directory, feed_mapping, feeds, offer_rows, search_files
from kreisheft.offers.intake import merge, offers_import, provider_answers, reminders

HEAD = "name,organization,field,target_groups,ags,email,assured_date"
FEEDS = REPOSITORY / "tests/feeds"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in ("data/catalogue", "data/regions", "data/templates", "data/sources", "params"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(REPOSITORY / name)
    (root / "_toc.yml").symlink_to(REPOSITORY / "_toc.yml")
    directory.save(root, "recklinghausen", made({"name": "Nähtreff"}).offers, words())
    return root


def settings(root: Path) -> params.Params:
    return params.load(root, "recklinghausen")


def names(root: Path) -> list[str]:
    return [o.get("name") for o in directory.load(root, settings(root)).offers]


def row(i: int, **cells: str) -> str:
    own = {
        "name": f"Treff {i}",
        "organization": "Verein",
        "field": "sprache",
        "target_groups": "alle",
        "ags": "05562032",
        "email": f"treff{i}@example.org",
        "assured_date": "2026-03-01",
    }
    return ",".join({**own, **cells}.values())


#: Ten ways to be wrong.
WRONG = (
    {"field": "sport"},
    {"name": ""},
    {"ags": "Entenhausen"},
    {"email": "nirgends"},
    {"assured_date": "neulich"},
    {"target_groups": ""},
    {"organization": "=cmd"},
    {"name": 'offen "nach vorn'},
    {"name": "zu,viele,Kommas,hier"},
    {"target_groups": "alle;niemand"},
)


def test_a_hundred_malformed_rows_each_get_an_error_and_no_good_one_is_lost(project: Path) -> None:
    rows = []
    for i in range(100):
        rows += [row(2 * i), row(2 * i + 1, **WRONG[i % 10])]
    path = project / "liste.csv"
    path.write_text("\n".join((HEAD, *rows)), encoding="utf-8")

    report = offers_import.run(project, settings(project), path, write=True)

    assert report.bad == 100
    assert {f"row {3 + 2 * i}" for i in range(100)} == {
        p.where.split(", ")[1] for p in report.problems
    }
    assert sorted(names(project)) == sorted(["Nähtreff", *(f"Treff {2 * i}" for i in range(100))])
    assert report.rejects
    assert len(offer_rows.read(report.rejects).rows) == 100


def test_rejected_rows_are_mended_and_imported_from_their_own_file(project: Path) -> None:
    path = project / "liste.csv"
    path.write_text("\n".join((HEAD, row(1), row(2, field="sport"))), encoding="utf-8")
    rejects = offers_import.run(project, settings(project), path, write=True).rejects
    assert rejects == project / "liste.rejected.csv"
    assert "unknown field 'sport'" in rejects.read_text("utf-8")

    rejects.write_text(rejects.read_text("utf-8").replace(",sport,", ",Sprache,"), "utf-8")
    report = offers_import.run(project, settings(project), rejects, write=True)

    assert (report.bad, report.unused) == (0, ())
    assert names(project) == ["Nähtreff", "Treff 1", "Treff 2"]


def test_without_write_nothing_changes(project: Path) -> None:
    before = {p: p.read_bytes() for p in project.rglob("*.csv")}
    path = project / "liste.csv"
    path.write_text("\n".join((HEAD, row(1), row(2, field="sport"))), encoding="utf-8")

    report = offers_import.run(project, settings(project), path)

    assert str(report.difference).splitlines()[0].startswith("+ Treff 1 (Verein)")
    assert {p: p.read_bytes() for p in project.rglob("*.csv")} == {
        **before,
        path: path.read_bytes(),
    }


def test_importing_twice_changes_nothing_the_second_time(project: Path) -> None:
    path = project / "liste.csv"
    path.write_text("\n".join((HEAD, row(1), row(2))), encoding="utf-8")
    offers_import.run(project, settings(project), path, write=True)

    again = offers_import.run(project, settings(project), path, write=True).difference

    assert (again.changes, again.same, again.kept) == ((), 2, 1)


def test_a_column_that_is_not_there_keeps_its_value_and_an_empty_one_takes_it(
    project: Path,
) -> None:
    directory.save(
        project,
        "recklinghausen",
        made({"name": "Treff", "phone": "02361 1234", "schedule": "montags"}).offers,
        words(),
    )
    path = project / "liste.csv"
    path.write_text("id,name,organization,field,target_groups,ags,email,assured_date,schedule\n"
                    "angebot-0,Treff,Begegnungsverein,sprache,neuzugewanderte,05562032,"
                    "cafe@example.org,2026-03-01,\n", encoding="utf-8")  # fmt: skip

    (change,) = offers_import.run(project, settings(project), path).difference.changes

    assert change.cells == (("schedule", "montags", ""),)
    assert change.offer.get("phone") == "02361 1234"


def test_a_list_in_excel_with_german_heads_and_a_mapping_file(project: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["Angebot", "Anbieter", "Themenfeld", "Ort", "Zielgruppe", "Tel.", "geprüft", "Chef"]
    )
    sheet.append(["Deutsch am Abend", "VHS", "Deutsch lernen", "Marl", "neu hier", "02365 1234",
                  date(2026, 2, 3), "Vorname Nachname"])  # fmt: skip
    book.save(project / "liste.xlsx")

    report = offers_import.run(
        project,
        settings(project),
        project / "liste.xlsx",
        REPOSITORY / "data/templates/angebote/liste.yml",
        write=True,
    )

    assert report.problems == ()
    assert report.unused == ("Chef",)
    (one,) = [o for o in directory.load(project, settings(project)).offers if o.get("phone")]
    assert one.cells == {
        "id": one.id, "name": "Deutsch am Abend", "organization": "VHS", "field": "sprache",
        "category": "sprachkurs", "target_groups": "neuzugewanderte", "ags": "05562024",
        "phone": "02365 1234", "status": "active", "assured_date": "2026-02-03",
        "source": "Liste des Integrationszentrums",
    }  # fmt: skip


def test_a_mapping_to_an_unknown_column_has_a_line(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.write_text("columns:\n  Titel: titel\n", encoding="utf-8")

    with pytest.raises(DataError, match="line 2, column 3"):
        feed_mapping.load(path, words())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_of_any_spelling_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f'name{delimiter}ags\n"Nähen\nund Kochen"{delimiter}Marl\n'
    (tmp_path / "x.csv").write_bytes(text.replace("\n", "\r\n").encode(encoding))

    (record,) = offer_rows.read(tmp_path / "x.csv").rows
    assert record.place == "x.csv, row 2"
    assert record.cells == {"name": "Nähen\nund Kochen", "ags": "Marl"}


def test_a_quotation_mark_out_of_place_costs_its_own_line_only(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(
        'name,ags,x\na,1,\n"b,2,\nc,3,\nd",4,5\ne,5,\n', encoding="utf-8"
    )

    found = offer_rows.read(tmp_path / "x.csv")

    assert [r.cells["name"] for r in found.rows] == ["a", "c", "e"]
    assert [p.where for _, p in found.broken] == ["x.csv, row 3", "x.csv, row 5"]


def test_integreat_becomes_offers_with_what_a_mapping_adds(project: Path) -> None:
    rules = project / "m.yml"
    rules.write_text(
        "fixed: {assured_date: 2026-02-01, target_groups: alle, organization: Stadt}\n"
        "values: {field: {Beratung: soziales}, category: {Beratung: beratung}}\n",
        encoding="utf-8",
    )

    report = offers_import.run(
        project, settings(project), FEEDS / "integreat_locations.json", rules, write=True
    )

    assert [p.what for p in report.problems] == ["unknown ags 'Entenhausen'"]
    found = {o.id: o for o in directory.load(project, settings(project)).offers}
    one = found["integreat-4711"]
    assert one.get("name") == "Beispiel-Beratungsstelle"
    assert one.get("description") == "Beratung für Neuzugewanderte & ihre Familien."
    assert one.get("ags") == "05562020"
    assert one.get("url") == "https://www.example.org/?a=1&copy=2"
    assert (one.get("last_modified"), one.get("assured_date")) == ("2026-01-15", "2026-02-01")
    assert one.get("languages") == ""
    assert found["integreat-4712"].get("status") == "temporarily closed"


def test_a_change_in_integreat_is_no_check(project: Path) -> None:
    report = offers_import.run(project, settings(project), FEEDS / "integreat_locations.json")

    assert "assured_date is empty" in {p.what for p in report.problems}


def test_hsds_services_become_offers(project: Path) -> None:
    rules = project / "m.yml"
    rules.write_text("values: {field: {Sprachförderung: sprache}, target_groups: {Sprachförderung:"
                     " mit_migrationshintergrund}, category: {Sprachförderung: sprachkurs}}\n",
                     encoding="utf-8")  # fmt: skip

    report = offers_import.run(project, settings(project), FEEDS / "hsds_services.json", rules)

    assert report.problems == ()
    (change,) = report.difference.changes
    cells = change.offer.cells
    assert cells["id"] == "ac148810-d857-441c-9679-408f346de14b"
    assert (cells["organization"], cells["field"]) == ("Beispiel-Sprachschule", "sprache")
    assert (cells["languages"], cells["ags"]) == ("de; uk", "05562024")
    assert (cells["minimum_age"], cells["assured_date"]) == ("18", "2026-02-10")
    assert cells["phone"] == "02365 12345"


def test_a_script_in_a_feed_becomes_no_text() -> None:
    assert feeds.plain("<p>a<script>alert(1)</script> &amp; b</p>", 99) == "a & b"


def test_something_else_in_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"type": "FeatureCollection"}')

    with pytest.raises(DataError, match="no list of services or locations"):
        feeds.read(tmp_path / "x.json")


def test_the_download_of_the_page_is_imported_as_the_same_directory(tmp_path: Path) -> None:
    own = many(40)
    (tmp_path / "angebote.csv").write_bytes(search_files.write_csv(own.offers, own))
    found = offer_rows.read(tmp_path / "angebote.csv")

    from kreisheft.offers import offer

    read = [
        offer.read(r, words())
        for _, r in feed_mapping.map_rows(found, feed_mapping.Rules(), words())
    ]

    assert [o.cells for o, _ in read] == [dict(o.cells) for o in own.offers]
    assert [p for _, problems in read for p in problems] == []


TEXT = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), max_size=20
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_cells_survive_a_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(offer_rows.write(["a", "b"], [list(r) for r in rows]))

    found = [tuple(r.cells.values()) for r in offer_rows.read(path).rows]

    guarded = [tuple(f"'{c}" if c[:1] in tuple("=+-@") else c for c in r) for r in rows]
    assert found == [r for r in guarded if any(c.strip() for c in r)]


def test_an_offer_without_id_gets_the_same_one_each_time() -> None:
    first, other = made({"name": "A"}, {"name": "B"}).offers

    assert merge.make_id(first) == merge.make_id(made({"name": "Ä", "phone": "02361 99"}).offers[0])
    assert merge.make_id(first) != merge.make_id(other)


DIRECTORY = (
    {"name": "Frisch", "assured_date": "2026-02-01"},
    {"name": "Halb alt", "assured_date": "2025-08-01", "assurer_email": "pflege@example.org"},
    {"name": "Alt", "assured_date": "2024-08-01"},
    {"name": "Endet", "organization": "Büro", "project_end": "2026-03-31"},
    {"name": "Beendet", "assured_date": "2024-01-01", "status": "defunct"},
)


def test_the_working_list_names_what_is_due_and_why() -> None:
    found = reminders.list_due(made(*DIRECTORY), date(2026, 3, 10))

    assert [(why, o.get("name")) for why, o in found] == [
        ("stale", "Alt"), ("amber", "Halb alt"), ("ends", "Endet")
    ]  # fmt: skip


def test_each_provider_gets_one_mail_and_one_form() -> None:
    files = reminders.files(made(*DIRECTORY), date(2026, 3, 10), "Kreis Recklinghausen")

    assert sorted(files) == [
        "arbeitsliste.csv", "begegnungsverein.csv", "begegnungsverein.txt", "buero.csv", "buero.txt"
    ]  # fmt: skip
    mail = files["begegnungsverein.txt"].decode()
    assert mail.startswith("To: cafe@example.org, pflege@example.org\nSubject: ")
    assert "- Alt (zuletzt geprüft am 01.08.2024)" in mail
    assert "Frisch" not in mail


def form(project: Path, *answers: str) -> Path:
    own = directory.load(project, settings(project))
    files = reminders.files(own, date(2026, 3, 10), "Kreis")
    lines = files["begegnungsverein.csv"].decode("utf-8-sig").splitlines()
    path = project / "begegnungsverein.csv"
    rows = [f"{a}{line}" for a, line in zip(answers, lines[1:], strict=True)]
    path.write_text("\n".join([lines[0], *rows]), encoding="cp1252")
    return path


def test_a_form_that_comes_back_renews_changes_and_ends(project: Path) -> None:
    old = [
        {"name": n, "assured_date": "2024-08-01"}
        for n in ("A-Treff", "B-Treff", "C-Treff", "D-Treff")
    ]
    directory.save(project, "recklinghausen", made(*old).offers, words())
    path = form(project, "ja", "geändert", "beendet", "")
    path.write_text(path.read_text("cp1252").replace("B-Treff", "B-Café"), "cp1252")

    report, silent = provider_answers.run(
        project, settings(project), path, date(2026, 3, 12), write=True
    )

    assert report.problems == ()
    found = {o.id: o for o in directory.load(project, settings(project)).offers}
    assert found["angebot-0"].get("assured_date") == "2026-03-12"
    assert found["angebot-1"].get("name") == "B-Café"
    assert found["angebot-2"].get("status") == "defunct"
    assert silent == ["angebot-3"]
    assert found["angebot-3"].get("assured_date") == "2024-08-01"


def test_an_answer_that_is_none_and_an_unknown_id_are_told(project: Path) -> None:
    own = made({"name": "A", "assured_date": "2024-08-01"})
    directory.save(project, "recklinghausen", own.offers, words())
    path = form(project, "vielleicht")
    text = path.read_text("cp1252")
    foreign = text.splitlines()[1].replace("vielleicht", "ja").replace("angebot-0", "fremd-1")
    path.write_text(f"{text}\n{foreign}", "cp1252")

    report, _ = provider_answers.run(project, settings(project), path, date(2026, 3, 12))

    told = [p.what for p in report.problems]
    assert "'vielleicht'" in told
    assert "unknown id 'fremd-1'" in told


def test_a_mailbox_that_looks_like_a_person_is_named(project: Path) -> None:
    path = project / "liste.csv"
    path.write_text("\n".join((HEAD, row(1, email="erika.muster@example.org"))), encoding="utf-8")

    assert offers_import.run(project, settings(project), path).personal == (
        "erika.muster@example.org",
    )


def test_the_command_shows_then_writes_and_says_1_if_rows_are_left(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KREISHEFT_ROOT", str(project))
    path = project / "liste.csv"
    path.write_text("\n".join((HEAD, row(1), row(2, field="sport"))), encoding="utf-8")
    command = ["offers", "import", str(path), "--kreis", "recklinghausen"]

    look = CliRunner().invoke(main, command)
    assert look.exit_code == 1
    assert "1 row(s) cannot be taken" in look.stdout
    assert names(project) == ["Nähtreff"]

    assert CliRunner().invoke(main, [*command, "--write"]).exit_code == 1
    assert names(project) == ["Nähtreff", "Treff 1"]


def test_remind_writes_files_and_forgets_those_of_before(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KREISHEFT_ROOT", str(project))
    folder = project / "build/offers/recklinghausen/2027-04-01"
    folder.mkdir(parents=True)
    (folder / "weg.txt").write_text("alt")

    done = CliRunner().invoke(main, ["offers", "remind", "recklinghausen", "--today", "2027-04-01"])

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("1 entries to check, 1 forms, 1 mails in ")
    assert sorted(p.name for p in folder.iterdir()) == [
        "arbeitsliste.csv", "begegnungsverein.csv", "begegnungsverein.txt"
    ]  # fmt: skip


def test_a_wrong_day_is_a_wrong_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KREISHEFT_ROOT", str(project))

    done = CliRunner().invoke(main, ["offers", "remind", "recklinghausen", "--today", "heute"])

    assert done.exit_code == 2
    assert "'heute' is no day" in done.stderr


def test_the_recorded_answers_say_that_they_are_written_by_hand() -> None:
    for path in sorted(FEEDS.glob("*.json")):
        assert "Beispiel" in json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
    assert KREIS == "05562"
