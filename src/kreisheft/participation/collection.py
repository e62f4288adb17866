"""All that is kept of a Kreis: surveys, interviews, workshops and published steps.

In: ``data/beteiligung/<kreis>/``. Out: a `Collection`, whole or as an edition may show it. Ids of
items, categories and cards are unique within a Kreis, for goals and measures name them; an item
that several waves of a survey asked is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kreisheft.catalogue import params
from kreisheft.catalogue.params import Params
from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.project import keep_newest, read_once
from kreisheft.participation import surveys, voices
from kreisheft.participation.surveys import Wave
from kreisheft.participation.voices import Interviews, Step, Workshop

if TYPE_CHECKING:
    from kreisheft.figures.context import Context

#: ``data/catalogue/beteiligung.yml``, checked by its schema.
Words = Mapping[str, Any]
FOLDER, WORDS = "data/beteiligung", "data/catalogue/beteiligung.yml"


@dataclass(frozen=True)
class Collection:
    """What people said, each kind oldest first."""

    waves: tuple[Wave, ...] = ()
    interviews: tuple[Interviews, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    steps: tuple[Step, ...] = ()

    def newest(self) -> list[Wave]:
        """Newest wave of every survey."""
        return list({w.survey: w for w in self.waves}.values())

    def of_survey(self, survey: str) -> list[Wave]:
        """All waves of a survey, oldest first."""
        return [w for w in self.waves if w.survey == survey]


def words(root: Path) -> Words:
    """Read ``data/catalogue/beteiligung.yml``, the words for all of it."""
    content: Words = yaml_files.load(root / WORDS, "participation", root).content
    return content


@read_once
def load(root: Path, kreis: str) -> Collection:
    """Read everything of a Kreis; empty if there is nothing. DataError with all problems."""
    # Forked processes find what was read before; the files say whether it still holds.
    judged_by = [root / "data/rules/disclosure.yml", root / "data/catalogue/fields.yml"]
    paths = [*judged_by, *sorted((root / FOLDER / kreis).rglob("*.*"))]
    return _load(root, kreis, tuple((p, (t := p.stat()).st_mtime_ns, t.st_size) for p in paths))


@keep_newest(8)
def _load(root: Path, kreis: str, _stamp: object) -> Collection:
    folder = root / FOLDER / kreis
    if not folder.is_dir():
        return Collection()
    read: dict[str, list] = {}  # type: ignore[type-arg]
    loaders = {
        "waves": lambda: surveys.load(root, folder),
        "interviews": lambda: voices.interviews(root, folder),
        "workshops": lambda: voices.workshops(root, folder),
        "steps": lambda: voices.steps(root, folder),
    }
    raise_if(
        yaml_files.collect(
            [lambda k=k, load=load: read.update({k: load()}) for k, load in loaders.items()]  # type: ignore[misc]
        )
    )
    collection = Collection(**{kind: tuple(rows) for kind, rows in read.items()})
    raise_if(_find_twins(collection, folder.relative_to(root).as_posix()))
    return collection


def of_edition(root: Path, settings: Params, year: int) -> Collection:
    """What an edition may show: what ended by its report year, examples if params want them."""
    collection, day = load(root, settings.kreis), settings.as_of.get(year, "")

    def is_shown(end: str, example: bool = False) -> bool:
        late = int(end[:4]) > year or bool(day and end > day)
        return not late and (settings.examples or not example)

    return replace(
        collection,
        waves=tuple(w for w in collection.waves if is_shown(w.end, w.example)),
        interviews=tuple(i for i in collection.interviews if is_shown(i.end, i.example)),
        workshops=tuple(w for w in collection.workshops if is_shown(w.end, w.example)),
        steps=tuple(s for s in collection.steps if is_shown(s.date)),
    )


def of_chapter(ctx: "Context") -> Collection:
    """What the edition of a chapter may show, read once per chapter."""
    return ctx.keep_once("said", lambda: of_edition(ctx.root, ctx.params, ctx.year))


def words_of(ctx: "Context") -> Words:
    """Words for what people said, read once per chapter."""
    return ctx.keep_once("words of what is said", lambda: words(ctx.root))


def check(root: Path) -> list[Problem]:
    """Problems of all Kreise, and folders that belong to no Kreis."""
    problems = yaml_files.collect([lambda: words(root)])
    kreise = params.kreise(root)
    for folder in sorted(p for p in (root / FOLDER).glob("*") if p.is_dir()):
        if folder.name not in kreise:
            fix = "name the folder as in params or commands, such as recklinghausen"
            problems.append(Problem(f"{FOLDER}/{folder.name}", "is no Kreis", fix))
            continue
        try:
            load(root, folder.name)
        except DataError as error:
            problems += error.problems
    return problems


def _find_twins(collection: Collection, where: str) -> Iterator[Problem]:
    """Problems: ids used for two things, and items whose answers differ between waves."""
    homes: dict[str, str] = {}
    asked: dict[str, tuple[str, object]] = {}
    homes_of_ids = [(i.id, f"survey {w.survey}") for w in collection.waves for i in w.items]
    homes_of_ids += [
        (c.id, f"interviews {r.id}") for r in collection.interviews for c in r.categories
    ]
    homes_of_ids += [(c.id, f"workshop {w.id}") for w in collection.workshops for c in w.cards]
    for name, home in homes_of_ids:
        if homes.setdefault(name, home) != home:
            what = f"id {name!r} stands in {homes[name]} and in {home}"
            yield Problem(where, what, "give one of them an id of its own")
    for wave in collection.waves:
        for item in wave.items:
            sides = (item.kind, [(a.id, a.side) for a in item.answers])
            before = asked.setdefault(item.id, (wave.wave, sides))
            if before[1] != sides:
                what = f"{item.id!r} has other answers in wave {wave.wave} than in {before[0]}"
                yield Problem(f"{where}/{surveys.FOLDER}", what, "give it another id")
