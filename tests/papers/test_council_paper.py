"""The Sitzungsvorlage: its settings and mistakes, its head, committees and impacts."""

from pathlib import Path

import pytest
from frames import ROOT, change, pruned

from kreisheft.catalogue import params
from kreisheft.core.errors import DataError
from kreisheft.editions import checks
from kreisheft.papers import council_paper
from kreisheft.papers.manuscript import Heading, Items, Manuscript, Paragraph, Sheet, read

FILE = f"{council_paper.FOLDER}/recklinghausen/{council_paper.FILE}"
WORDS = council_paper.words(ROOT)
CONTENT = council_paper.load(ROOT, "recklinghausen") or {}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pruned(tmp_path)
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text((ROOT / FILE).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def made(**changed: object) -> Manuscript:
    content = {key: value for key, value in {**CONTENT, **changed}.items() if value is not None}
    subtitle = "Kreis X · Berichtsjahr 2024 · Ausgabe 2024.1"
    return council_paper.compose(content, WORDS, (), ("Bericht",), subtitle, "2025-03-01")


def headings(paper: Manuscript) -> list[str]:
    return [b.text for b in paper.blocks if isinstance(b, Heading)]


def test_the_parts_come_in_the_usual_order() -> None:
    assert headings(made())[1:] == [
        "Beratungsfolge",
        "Auswirkungen",
        "Anlass der Vorlage",
        "Sachverhaltsdarstellung",
        "Anlagen",
    ]


def test_a_proposal_stands_before_the_occasion() -> None:
    found = headings(made(proposal="Der Kreistag nimmt Kenntnis."))

    assert found.index("Beschlussvorschlag") == found.index("Anlass der Vorlage") - 1


def test_the_head_leaves_out_what_is_not_known() -> None:
    head = next(b for b in made(number=None, reference=None).blocks if isinstance(b, Sheet))

    assert [row[0] for row in head.rows] == [
        "Art der Vorlage",
        "Öffentlichkeit",
        "Fachbereich",
        "Datum",
    ]
    assert ("Datum", "03.11.2025") in head.rows


def test_an_impact_is_marked_by_box_and_word() -> None:
    boxes = [b for b in made().blocks if isinstance(b, Sheet)][2]

    assert boxes.heads == ("Auswirkung", "ja", "nein", "noch nicht zu übersehen")
    assert boxes.rows[2] == ("organisatorisch", "☐ ja", "☐ nein", "☒ noch nicht zu übersehen")


def test_an_example_says_so_before_everything_else() -> None:
    told = [repr(b) for b in made().blocks]

    assert "Beispiel, kein Beschluss" in told[1]
    assert "Beispiel, kein Beschluss" not in repr(made(example=None).blocks)


def test_annexes_are_the_publications_and_what_the_kreis_adds() -> None:
    listed = next(b for b in made(annexes=["Karte"]).blocks if isinstance(b, Items))
    texts = [read(i[0].text) for i in listed.items if isinstance(i[0], Paragraph)]

    assert listed.ordered
    assert texts == ["Bericht", "Karte"]


def test_a_kreis_without_the_file_has_no_paper(root: Path) -> None:
    assert council_paper.load(root, "guetersloh") is None


def test_an_edition_shows_it_for_its_year_only_and_no_example_where_none_is_wanted() -> None:
    settings = params.load(ROOT, "recklinghausen")
    without = params.Params(**{**vars(settings), "examples": False})

    assert council_paper.of_edition(ROOT, settings, 2024) == CONTENT
    assert council_paper.of_edition(ROOT, settings, 2020) is None
    assert council_paper.of_edition(ROOT, without, 2024) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: Kenntnisnahme\nn", "kind: Gruß\nn", "Kenntnisnahme"),
        ("year: 2024", "year: 2019", "2019 is no report year of recklinghausen"),
        ("personell: nein", "personell: vielleicht", "offen"),
        ("date: 2025-11-03", "date: 3.11.2025", "a day, e.g. 2025-11-03"),
        ("department: Beispiel", "department: a@b.de Beispiel", "never a person or a mail address"),
    ],
)
def test_a_mistake_is_told_with_its_line(root: Path, old: str, new: str, told: str) -> None:
    change(root / FILE, old, new)

    with pytest.raises(DataError, match="line ") as caught:
        council_paper.load(root, "recklinghausen")
    assert told in str(caught.value)


def test_a_folder_that_is_no_kreis_is_told(root: Path) -> None:
    (root / FILE).parent.rename(root / council_paper.FOLDER / "nirgends")

    assert "'nirgends' is no Kreis" in str(council_paper.check(root)[0])


def test_the_check_of_the_project_reads_it() -> None:
    assert council_paper.check(ROOT) == []
    assert "council_paper" in vars(checks)
