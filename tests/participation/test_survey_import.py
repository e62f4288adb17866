"""Answers of persons become counts, and nothing of a person is left."""

import json
from pathlib import Path

import limesurvey
import pytest
from click.testing import CliRunner
from frames import ROOT as REPOSITORY
from frames import pruned
from limesurvey import MARKS, export, in_words, lss, persons, tabs, write_mapping

from kreisheft.catalogue import params
from kreisheft.chapters.chapter import Chapter
from kreisheft.cli.main import main
from kreisheft.core import schema_line
from kreisheft.core.errors import DataError
from kreisheft.participation import collection
from kreisheft.participation.intake import mapping_draft, survey_import, systems

ALL = persons()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pruned(tmp_path / "project")


def run(root: Path, answers: bytes, *, asked: bytes = b"", write: bool = True, **changes):
    """Import an export with the mapping of `limesurvey`."""
    folder = root.parent
    (folder / "a.csv").write_bytes(answers)
    (folder / "s.lss").write_bytes(asked or lss())
    mapping = write_mapping(folder / "m.yml", **changes)
    settings = params.load(root, "recklinghausen")
    return survey_import.run(
        root, settings, folder / "a.csv", folder / "s.lss", mapping, write=write
    )


def counts(root: Path) -> str:
    folder = root / "data/beteiligung/recklinghausen/umfragen"
    return (folder / "ankommen_2024.csv").read_text(encoding="utf-8")


# --- the export of 2,000 answers ----------------------------------------------------------------


def test_complete_answers_are_counted(root: Path) -> None:
    report = run(root, export(ALL))

    # A tenth was not sent off; one cell holds a formula instead of an answer.
    valid = [r for r in ALL if r["submitdate"] and r["q2[SQ001]"] in limesurvey.SCALE]
    n, agreed = len(valid), sum(r["q2[SQ001]"] == "A5" for r in valid)
    assert (report.wave.head["answered"], report.incomplete) == (1800, 200)
    assert f"kurs,insgesamt,insgesamt,{n},A5,{agreed}\n" in counts(root)
    assert collection.check(root) == []


def test_nothing_of_a_person_is_written_shown_or_told(root: Path, monkeypatch) -> None:
    """Every byte of facts, page and output is searched."""
    folder = root.parent
    (folder / "a.csv").write_bytes(export(ALL))
    (folder / "s.lss").write_bytes(lss())
    mapping = write_mapping(folder / "m.yml")
    monkeypatch.setenv("KREISHEFT_ROOT", str(root))
    command = ["participation", "import", str(folder / "a.csv"), "--kreis", "recklinghausen"]
    command += ["--structure", str(folder / "s.lss"), "--mapping", str(mapping), "--write"]

    told = CliRunner().invoke(main, command)

    chapter = Chapter("beteiligung", "recklinghausen", 2025, root=root)
    sections = ("steps", "surveys", "interviews", "workshops", "outcomes")
    blocks = [chapter.participation(s)._repr_mimebundle_() for s in sections]
    kept = b"".join(p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file())
    everything = kept.decode("utf-8", "replace") + json.dumps(blocks) + told.output
    everything += repr(collection.load(root, "recklinghausen"))
    assert told.exit_code == 0
    assert "1800 answers counted" in told.output
    assert "Ankommen im Kreis" in everything
    assert [m for m in MARKS if m.lower() in everything.lower()] == []


@pytest.mark.kernel
def test_nothing_of_a_person_is_in_the_executed_notebook(root: Path) -> None:
    import papermill

    run(root, export(ALL))
    output = root.parent / "beteiligung.ipynb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KREISHEFT_ROOT", str(root))
        patch.setenv("KREISHEFT_BOOK", "1")
        papermill.execute_notebook(
            REPOSITORY / "notebooks/beteiligung.ipynb",
            output,
            {"kreis": "recklinghausen", "year": 2025},
            kernel_name="python3",
            progress_bar=False,
        )

    content = output.read_text(encoding="utf-8")
    assert "Ankommen im Kreis" in content
    assert [m for m in MARKS if m.lower() in content.lower()] == []


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", ","), ("utf-16-le", ";")],
)
def test_every_spelling_of_a_file_is_counted_alike(root: Path, encoding, delimiter) -> None:
    run(root, export(ALL))
    first = counts(root)

    run(root, export(ALL, encoding, delimiter, ends="\n"))

    assert counts(root) == first


def test_full_texts_and_codes_are_counted_alike(root: Path) -> None:
    run(root, export(ALL))
    first = counts(root)
    headings = {
        "submitdate": "Datum Abgeschickt",
        "q1": "q1. Ihre Rolle",
        "q2[SQ001]": "Wie sehr stimmen Sie zu? [Ich finde leicht einen Sprachkurs.]",
        "q2[SQ002]": "77X8X2SQ002",
        "q3[SQ001]": "q3_SQ001",
    }

    run(root, export(in_words(ALL), headings=headings))

    assert counts(root) == first


@pytest.mark.parametrize("asked", [lss(3), lss(5), tabs()], ids=["lss 3", "lss 5", "txt"])
def test_every_structure_is_read_alike(root: Path, asked: bytes) -> None:
    run(root, export(ALL))
    first = counts(root)

    run(root, export(ALL), asked=asked)

    assert counts(root) == first


def test_an_excel_export_is_counted_alike(root: Path) -> None:
    import openpyxl

    run(root, export(ALL))
    first, book = counts(root), openpyxl.Workbook()
    book.active.append(limesurvey.HEADINGS)
    for row in ALL:
        # Excel refuses a formula that cannot be; the cell is odd either way.
        book.active.append([row[h].replace("=", "-") for h in limesurvey.HEADINGS])
    path = root.parent / "a.xlsx"
    book.save(path)

    run(root, path.read_bytes())

    assert counts(root) == first


def test_a_survey_that_was_taken_in_begins_with_its_schema(root: Path) -> None:
    run(root, export(ALL))

    name = "data/beteiligung/recklinghausen/umfragen/ankommen_2024.yml"
    assert (root / name).read_text(encoding="utf-8").startswith(schema_line.text("survey", name))


# --- what is told -------------------------------------------------------------------------------


def test_an_odd_cell_is_told_by_row_and_column_only(root: Path) -> None:
    report = run(root, export(ALL))

    (odd,) = report.odd
    assert odd.where == "a.csv, row 6, column 16 (q2[SQ001])"
    assert "cmd" not in str(report)


def test_a_file_without_headings_is_refused_without_a_word_of_it(root: Path) -> None:
    data = export(ALL).split(b"\r\n", 1)[1]

    with pytest.raises(DataError) as told:
        run(root, data)

    assert "none of the headings" in str(told.value)
    assert [m for m in MARKS if m.lower() in str(told.value).lower()] == []


def test_many_odd_cells_mean_that_the_files_do_not_fit(root: Path) -> None:
    odd = [{**r, "q1": f"{limesurvey.MARK}{i}"} if i % 20 == 0 else r for i, r in enumerate(ALL)]

    with pytest.raises(DataError) as told:
        run(root, export(odd))

    assert "do not fit" in str(told.value)
    assert limesurvey.MARK not in str(told.value)
    assert not (root / "data/beteiligung").exists()


def test_a_row_with_an_open_quotation_mark_is_left_out_and_told(root: Path) -> None:
    data = export(ALL[:500]).decode("utf-8-sig")
    lines = data.replace('"de"', '"de', 1)

    report = run(root, lines.encode())

    assert report.odd
    assert report.wave.head["answered"] >= 440


def test_without_write_nothing_is_kept(root: Path) -> None:
    run(root, export(ALL), write=False)

    assert not (root / "data/beteiligung").exists()


def test_a_few_late_answers_are_refused(root: Path) -> None:
    """The difference of two published versions would be their answers."""
    run(root, export(ALL[:1000]))

    with pytest.raises(DataError, match="they would be known"):
        run(root, export(ALL[:1003]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": [{"column": "q4", "id": "frei", "field": "sprache"}]}, "free text"),
        ({"items": [{"column": "email", "id": "mail", "field": "sprache"}]}, "no column 'email'"),
        ({"items": [{"column": "q1", "id": "rollen", "field": "verkehr"}]}, "unknown field"),
        ({"responsible": "amt@example.org"}, "address of mail"),
        ({"to": "2024-02-01"}, "ends before it begins"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(root: Path, changes, said) -> None:
    with pytest.raises(DataError, match=said):
        run(root, export(ALL), **changes)


def test_an_entity_in_a_structure_is_refused(root: Path) -> None:
    evil = lss().replace(
        b"<document>", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hosts">]><document>', 1
    )

    with pytest.raises(DataError, match="is not XML that can be read"):
        run(root, export(ALL), asked=evil)


def test_markup_in_a_label_never_reaches_the_page(root: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> &lt;!--&lt;script&gt;"
    run(root, export(ALL), asked=lss(evil=evil))

    found = Chapter("beteiligung", "recklinghausen", 2025, root=root).participation("surveys")

    markup = found._repr_mimebundle_()["text/html"]
    assert "<script>" not in markup
    assert "<img src=x" not in markup
    assert "<!--" not in markup


def test_a_draft_names_closed_questions_and_reads_no_answer(tmp_path: Path, root: Path) -> None:
    (tmp_path / "s.lss").write_bytes(lss())
    system, asked = systems.read(tmp_path / "s.lss")

    text = mapping_draft.text(system, asked, collection.words(root)[system.name])

    assert text.startswith(schema_line.text("survey_mapping", "mapping.yml"))
    assert "column: q2[SQ001]" in text
    assert "column: q4" not in text
    assert "#   q4\n" in text
