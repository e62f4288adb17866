"""The directory of one Kreis: ``data/angebote/<kreis>/*.csv`` and ``*.yml``, one row per offer.

Commands write CSV; YAML is for those who like to keep a few offers by hand. Every problem comes
with file, row or line, and column; all files are read before anything is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kreisheft.catalogue import params
from kreisheft.catalogue.params import Params
from kreisheft.core import project, yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.offers import feed_mapping, offer, offer_rows, vocabulary
from kreisheft.offers.offer import Offer, Row
from kreisheft.offers.vocabulary import Vocabulary

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: Where commands put what is new.
HOME = "angebote.csv"
FOLDER = "data/angebote"


@dataclass(frozen=True)
class Directory:
    """All offers of a Kreis, in the order of title and id, and the words for them."""

    offers: tuple[Offer, ...]
    words: Vocabulary


def load(root: Path, settings: Params, examples: bool | None = None) -> Directory:
    """Read the directory of a Kreis; empty if there is none. DataError with all problems.

    examples: whether example offers are in it; None: as params say.
    """
    words = vocabulary.load(root, settings.ags)
    offers_read, problems = _read(root, settings.kreis, words)
    raise_if(problems)
    wanted = settings.examples if examples is None else examples
    offers = [o for o in offers_read if wanted or not o.yes("example")]
    return Directory(tuple(sorted(offers, key=_rank)), words)


def of(ctx: "Context") -> Directory:
    """The directory of a chapter's Kreis, read once per chapter."""
    return ctx.keep_once("directory", lambda: load(ctx.root, ctx.params))


def check(root: Path) -> list[Problem]:
    """Problems of all directories, and folders that belong to no Kreis."""
    problems = yaml_files.collect([lambda: vocabulary.load(root)])
    kreise = params.kreise(root)
    for folder in sorted(p for p in (root / FOLDER).glob("*") if p.is_dir()):
        if folder.name not in kreise:
            fix = "name the folder as in params or commands, such as recklinghausen"
            problems.append(Problem(f"{FOLDER}/{folder.name}", "is no Kreis", fix))
        elif not problems:
            words = vocabulary.load(root, kreise[folder.name])
            problems += _read(root, folder.name, words)[1]
    return problems


def save(root: Path, kreis: str, offers: Iterable[Offer], words: Vocabulary) -> list[Path]:
    """Rewrite the CSV files of a directory; return those that changed.

    offers: all of the directory; those of a YAML file are not touched.
    """
    homes: dict[str, list[Offer]] = {}
    for entry in sorted(offers, key=_rank):
        homes.setdefault(entry.file or HOME, []).append(entry)
    written = []
    for name, of_file in sorted(homes.items()):
        if not name.endswith(".csv"):
            continue
        columns = offer.order_columns({c for o in of_file for c in o.cells}, words)
        path = root / FOLDER / kreis / name
        content = offer_rows.write(columns, [[o.get(c) for c in columns] for o in of_file])
        if project.write(path, content):
            written.append(path)
    return written


def find_twins(offers: Iterable[tuple[Offer, str]]) -> Iterator[Problem]:
    """Problems: ids and offers that occur twice. offers: each with its place in a file."""
    ids: dict[str, str] = {}
    same: dict[tuple[str, str, str], str] = {}
    for entry, place in offers:
        if entry.id and entry.id in ids:
            fix = "give one of them an id of its own"
            yield Problem(place, f"id {entry.id!r} stands in {ids[entry.id]}, too", fix)
        elif entry.twin in same:
            what = f"{entry.get('name')!r} of {entry.get('organization')!r}"
            yield Problem(
                place,
                f"{what} stands in {same[entry.twin]}, too",
                "delete one, or tell the titles apart",
            )
        ids.setdefault(entry.id, place)
        same.setdefault(entry.twin, place)


def _rank(entry: Offer) -> tuple[str, str]:
    return vocabulary.key(entry.get("name")), entry.id


def _read(root: Path, kreis: str, words: Vocabulary) -> tuple[list[Offer], list[Problem]]:
    problems: list[Problem] = []
    placed: list[tuple[Offer, str]] = []
    for path in sorted((root / FOLDER / kreis).glob("*")):
        if path.suffix not in (".csv", ".yml"):
            continue
        try:
            rows = list(_csv(path, root, words) if path.suffix == ".csv" else _yaml(path, root))
        except DataError as error:
            problems += error.problems
            continue
        for row, complaint in rows:
            if complaint:
                problems.append(complaint)
                continue
            entry, wrong = offer.read(row, words, file=path.name)
            if not row.cells.get("id", "").strip():
                fix = "give it one, or let  kreisheft offers import  do so"
                wrong.append(Problem(row.where("id"), "id is empty", fix))
            problems += wrong
            placed.append((entry, row.where("id").rpartition(", column")[0]))
    problems += find_twins(placed)
    return [entry for entry, _ in placed], problems


def _csv(path: Path, root: Path, words: Vocabulary) -> Iterator[tuple[Row, Problem | None]]:
    name = path.relative_to(root).as_posix()
    records = offer_rows.read(path, name)
    _, unused = feed_mapping.map_columns(records, feed_mapping.Rules(), words)
    raise_if(
        Problem(f"{name}, row 1", f"unknown column {c!r}", f"known: {', '.join(words.columns)}")
        for c in unused
    )
    for record, problem in records.broken:
        yield Row({}, offer_rows.locate_cells(record)), problem
    for _, row in feed_mapping.map_rows(records, feed_mapping.Rules(), words):
        yield row, None


def _yaml(path: Path, root: Path) -> Iterator[tuple[Row, Problem | None]]:
    document = yaml_files.load(path, "offers_list", root)
    for i, entry in enumerate(document.content["offers"]):
        cells = {str(column): _text(value) for column, value in entry.items()}
        yield Row(cells, lambda column, i=i: document.where("offers", i, column)), None  # type: ignore[misc]


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_text(v) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
