"""A list of cards or statements that somebody sent → the CSV beside its workshop or interviews.

In: CSV or Excel with our column names or their German ones. Out: a `Report`; with `write` the CSV.
The list replaces the one before. Nothing is written if one row is wrong.
"""

from dataclasses import dataclass
from pathlib import Path

from kreisheft.catalogue import catalogue
from kreisheft.catalogue.params import Params
from kreisheft.core import project
from kreisheft.core.errors import unknown
from kreisheft.participation import collection, voice_files, voices

KINDS = {
    voices.WORKSHOPS: ("workshop", "cards"),
    voices.INTERVIEWS: ("interviews", "statements"),
}


@dataclass(frozen=True)
class Report:
    """How many rows a list has, and the file they belong to."""

    rows: int
    target: str

    def __str__(self) -> str:
        return f"{self.rows} rows for {self.target}"


def run(root: Path, settings: Params, path: Path, into: str, *, write: bool) -> Report:
    """Read a list and keep it beside ``<into>.yml``; DataError with all problems of all rows."""
    folder = root / "data/beteiligung" / settings.kreis
    homes = {p.stem: p for kind in KINDS for p in sorted((folder / kind).glob("*.yml"))}
    if into not in homes:
        raise unknown("--into", into, homes)
    home = homes[into]
    schema, kind = KINDS[home.parent.name]
    words = collection.words(root)["lists"]
    titles = {str(f["title"]).lower(): key for key, f in catalogue.load(root).fields.items()}
    rows = voice_files.read(path, path.name, schema, kind, {**titles, **words})
    target = home.with_suffix(".csv")
    content = voice_files.write(rows, kind)
    if write:
        before = target.read_bytes() if target.is_file() else None
        project.write(target, content)
        try:
            # What the rows mean together is judged where they stand.
            voices.workshops(root, folder)
            voices.interviews(root, folder)
        except Exception:
            if before is None:
                target.unlink()
            else:
                project.write(target, before)
            raise
    return Report(len(rows), target.relative_to(root).as_posix())
