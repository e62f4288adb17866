"""The Sitzungsvorlage: the paper with which an edition is put before the committees.

In: ``data/konzept/<kreis>/sitzungsvorlage.yml``, and the edition's table of headline figures. Out:
a `Manuscript`. Head, committees and impacts are of the usual kind; the figures are those of the
edition. DataError names every problem of the file with its line.
"""

from collections.abc import Sequence
from pathlib import Path

from kreisheft.catalogue import params
from kreisheft.catalogue.params import Params
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem, raise_if
from kreisheft.core.yaml_files import Document
from kreisheft.papers import from_html
from kreisheft.papers.manuscript import (
    Block,
    Box,
    Heading,
    Items,
    Manuscript,
    Paragraph,
    Sheet,
    Words,
    plain,
)

FOLDER, FILE = "data/konzept", "sitzungsvorlage.yml"
WORDS = "data/catalogue/publikationen.yml"
ANSWERS = ("ja", "nein", "offen")


def words(root: Path) -> Words:
    """What publications say beside the text of an edition; DataError with all problems."""
    content: Words = yaml_files.load(root / WORDS, "publications", root).content
    return content


def load(root: Path, kreis: str) -> Words | None:
    """The settings of a Kreis, None if it has none."""
    path = root / FOLDER / kreis / FILE
    if not path.is_file():
        return None
    document = yaml_files.load(path, "submission", root)
    raise_if(_list_problems(document, root, kreis))
    content: Words = document.content
    return content


def check(root: Path) -> list[Problem]:
    """Problems of the words and of the files of all Kreise."""
    kreise = sorted(path.parent.name for path in (root / FOLDER).glob(f"*/{FILE}"))
    return yaml_files.collect(
        [lambda: words(root), *(lambda kreis=k: load(root, kreis) for k in kreise)]
    )


def of_edition(root: Path, settings: Params, year: int) -> Words | None:
    """As `load`, but None for another report year, or for an example where params want none."""
    settings_of_paper = load(root, settings.kreis)
    if settings_of_paper is None or settings_of_paper["year"] != year:
        return None
    return settings_of_paper if settings.examples or not settings_of_paper.get("example") else None


def compose(
    content: Words,
    words: Words,
    figures: Sequence[Block],
    annexes: Sequence[str],
    subtitle: str,
    day: str,
) -> Manuscript:
    """Compose the paper. words: of publications. figures: table and source of the edition.

    annexes: titles of those that the edition adds. day: as-of date of the edition.
    """
    ui = words["submission"]
    blocks: list[Block] = [Heading(1, content["subject"])]
    if content.get("example"):
        blocks.append(Box((Paragraph(plain(ui["example"], bold=True)),)))
    blocks += [_head(content, ui), Heading(2, ui["committees"]), _committees(content, ui)]
    blocks += [Heading(2, ui["impacts"]), _impacts(content, ui)]
    if "proposal" in content:
        blocks += [Heading(2, ui["proposal"]), *from_html.markdown(content["proposal"])]
    blocks += [Heading(2, ui["occasion"]), *from_html.markdown(content["occasion"])]
    blocks += [Heading(2, ui["facts"]), *from_html.markdown(content["facts"])]
    if figures:
        name = subtitle.rpartition(" ")[2]
        blocks += [Paragraph(plain(ui["figures"].format(edition=name))), *figures]
    all_annexes = [*annexes, *content.get("annexes", ())]
    items = tuple((Paragraph(plain(text)),) for text in all_annexes)
    blocks += [Heading(2, ui["annexes"]), Items(items, ordered=True)]
    title = f"{words['titles']['submission']}: {content['subject']}"
    return Manuscript(title, subtitle, day, tuple(blocks), kind="paper")


def _head(content: Words, ui: Words) -> Sheet:
    rows = {
        "number": content.get("number"),
        "kind": content["kind"],
        "public": ui["open" if content["public"] else "closed"],
        "department": content["department"],
        "date": _write_day(content.get("date", "")),
        "reference": content.get("reference"),
    }
    return _sheet(ui["head"], [(ui[key], value) for key, value in rows.items() if value])


def _committees(content: Words, ui: Words) -> Sheet:
    rows = [
        (committee["name"], _write_day(committee.get("date", "")), committee["decision"])
        for committee in content["committees"]
    ]
    return _sheet(ui["committee"], rows)


def _impacts(content: Words, ui: Words) -> Sheet:
    """One row per area; the answer is marked by a box and by the word beside it."""
    crossed, empty = ui["boxes"]
    rows = [
        (
            title,
            *(
                f"{crossed if given == answer else empty} {ui['answers'][answer]}"
                for answer in ANSWERS
            ),
        )
        for area, title in ui["areas"].items()
        if (given := content["impacts"].get(area))
    ]
    return _sheet((ui["impact"], *(ui["answers"][a] for a in ANSWERS)), rows)


def _sheet(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Sheet:
    return Sheet("", tuple(heads), tuple(rows), (False,) * len(heads))


def _write_day(day: str) -> str:
    return ".".join(reversed(day.split("-")))


def _list_problems(document: Document, root: Path, kreis: str) -> list[Problem]:
    if kreis not in params.kreise(root):
        fix = "name the folder like the Kreis in commands, e.g. recklinghausen"
        return [Problem(document.where(), f"{kreis!r} is no Kreis", fix)]
    years = params.load(root, kreis).report_years
    year = document.content["year"]
    if year in years:
        return []
    fix = f"use one of {', '.join(map(str, years))}"
    return [Problem(document.where("year"), f"{year} is no report year of {kreis}", fix)]
