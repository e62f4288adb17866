"""Import a delivery: recognise, read, map, check, and write facts and passport, all or nothing."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kreisheft import facts, regions
from kreisheft.errors import DataError, Problem, UsageError, raise_if, unknown
from kreisheft.sources import classic, flat, mapped, mapping, passports, text
from kreisheft.sources.passports import Passport
from kreisheft.sources.table import Table


@dataclass(frozen=True)
class Report:
    """What an import found.

    regions:  how many regions are in the facts of this delivery
    missing:  regions the passport expects and the delivery does not have
    ignored:  keys left out because they are no current region
    statuses: status → number of cells
    cells:    facts of this delivery; changed: whether the facts file changed
    """

    table: str
    title: str
    stand: str
    sha256: str
    attribution_year: int
    periods: tuple[str, ...]
    regions: int
    missing: tuple[str, ...]
    ignored: tuple[str, ...]
    statuses: dict[str, int]
    cells: int
    changed: bool

    def __str__(self) -> str:
        signs = ", ".join(f"{count} {status}" for status, count in sorted(self.statuses.items()))
        lines = [
            f"{self.table}: {self.title}",
            f"Stand {self.stand}, periods {', '.join(self.periods)}, {self.regions} regions",
            f"{self.cells} facts ({signs})",
            *([f"missing regions: {', '.join(self.missing)}"] if self.missing else []),
            "written" if self.changed else "nothing new, nothing written",
        ]
        return "\n".join(lines)


def import_file(
    root: Path,
    path: Path,
    *,
    table: str | None = None,
    stand: str | None = None,
    write: bool = True,
) -> Report:
    """Turn the delivery at `path` into facts under `root`.

    table: needed only where several passports fit a file without a table number. stand: ISO day,
    for a file that does not say its own. write=False reads and checks only. Raises DataError with
    all problems; then nothing was written.
    """
    found, passport = recognise(root, path, table)
    sha256 = hashlib.sha256(text.raw(path)).hexdigest()
    day = _stand(found, passport, stand, sha256, path)
    frame = mapping.facts(found, passport, str(path), day)
    frame, ignored = _current(root, frame, str(path))
    raise_if(_empty(frame, passport, str(path)))
    raise_if(mapping.broken_totals(frame, passport, str(path)))
    target, content = facts.merge(root, passport.table, frame)
    changed = not target.exists() or target.read_text(encoding="utf-8") != content
    periods = tuple(sorted(set(frame["period"])))
    report = Report(
        table=passport.table,
        title=passport.title,
        stand=day,
        sha256=sha256,
        # Files without a footer name no licence year; producers then ask for that of retrieval.
        attribution_year=found.licence_year or int(day[:4]),
        periods=periods,
        regions=frame["ags"].nunique(),
        missing=_missing(root, frame, passport),
        ignored=ignored,
        statuses=dict(sorted(Counter(frame["status"]).items())),
        cells=len(frame),
        changed=changed,
    )
    if write:
        files = {target: content} if changed else {}
        if sha256 not in {d.sha256 for d in passport.deliveries}:
            files[passport.path] = _with_delivery(passport.path, report)
        facts.write(files)
    return report


def recognise(root: Path, path: Path, table: str | None = None) -> tuple[Table, Passport]:
    """Read the delivery at `path` and find its passport, by content and never by file name."""
    known = passports.load(root)
    if table is not None and table not in known:
        raise unknown("table", table, known)
    content = text.decode(path)
    if classic.recognises(content):
        found = classic.read(path)
        if table is not None and table != found.number:
            what = f"is table {found.number}, not {table}"
            raise DataError([Problem(f"{path}, row 1", what, f"import it as {found.number}")])
        if found.number not in known:
            what = f"table {found.number} has no passport"
            next_ = f"write data/sources/<source>/{found.number}.yml, see docs/formats.md"
            raise DataError([Problem(f"{path}, row 1", what, next_)])
        return found, known[found.number]
    wanted = [p for p in known.values() if table in (None, p.table)]
    if flat.recognises(content):
        found = flat.read(path)
        return found, _only([p for p in wanted if _fits(found, p)], path, found.statistic)
    fitting = [p for p in wanted if mapped.fits(content, p)]
    passport = _only(fitting, path, "")
    return mapped.read(path, passport), passport


def _fits(found: Table, passport: Passport) -> bool:
    """Say whether a flat file has the statistic, variables and measures of `passport`."""
    if "flat" not in passport.formats or passport.statistic != found.statistic:
        return False
    variables = {row.key for row in passport.rows if row.key}
    try:
        for header in found.cells["header"].unique():
            passport.column(str(header))
    except KeyError:
        return False
    return variables == set(found.classifiers)


def _only(fitting: list[Passport], path: Path, statistic: str) -> Passport:
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        numbers = ", ".join(p.table for p in fitting)
        raise UsageError(f"{path}: fits several tables; say which: {numbers}")
    what = f"no passport fits this flat file of statistic {statistic}"
    if not statistic:
        what = "is none of the known formats: classic CSV ('Tabelle: …'), flat CSV, mapped CSV"
    next_ = "write a passport that declares its columns, see docs/formats.md"
    raise DataError([Problem(f"{path}, row 1", what, next_)])


def _stand(found: Table, passport: Passport, given: str | None, sha256: str, path: Path) -> str:
    """Return the Stand: the file's own, the given one, the one recorded, the passport's."""
    recorded = {d.sha256: d.stand for d in passport.deliveries}
    day = found.stand or given or recorded.get(sha256) or passport.stand
    if not day:
        what = "says no Stand"
        next_ = "give the day of retrieval as Stand (YYYY-MM-DD)"
        raise DataError([Problem(str(path), what, next_)])
    if given and found.stand and given != found.stand:
        what = f"says Stand {found.stand}, not {given}"
        raise DataError([Problem(str(path), what, "leave the Stand out")])
    return day


def _current(root: Path, frame: pd.DataFrame, where: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the facts of current regions, and the keys that were left out."""
    known = set(regions.load(root)["ags"])
    former = set(regions.ignored(root)["ags"])
    found = set(frame["ags"])
    raise_if(
        Problem(
            f"{where}, region {ags}",
            "is no known region",
            "add it to data/regions/regions.csv, or to ignored.csv with the reason",
        )
        for ags in sorted(found - known - former)
    )
    return frame[frame["ags"].isin(known)], tuple(sorted(found & former))


def _empty(frame: pd.DataFrame, passport: Passport, where: str) -> list[Problem]:
    problems = []
    if frame.empty:
        what = f"has no region that fits {', '.join(passport.regions)}"
        problems.append(Problem(where, what, "choose the regions of the passport, download again"))
    elif (frame["status"] == "not_loaded").all():
        what = "has '-' in every cell of these regions: the figures are not published yet"
        problems.append(Problem(where, what, "download it again when the office has loaded them"))
    if (frame["period"] == "").any():
        next_ = f"declare 'period' in {passport.path.name}"
        problems.append(Problem(where, "does not say its time", next_))
    return problems


def _missing(root: Path, frame: pd.DataFrame, passport: Passport) -> tuple[str, ...]:
    known = regions.load(root)["ags"].tolist()
    found = set(frame["ags"])
    absent = set(mapping.fitting(known, passport.regions)) - found
    # A kreisfreie Stadt is its own municipality and is printed once, with five digits.
    return tuple(sorted(k for k in absent if not (k.endswith("000") and k[:5] in found)))


def _with_delivery(path: Path, report: Report) -> str:
    """Return the passport's text with the delivery added; comments stay."""
    content = path.read_text(encoding="utf-8").rstrip("\n")
    if content.endswith("deliveries: []"):
        content = content.removesuffix(" []")
    periods = ", ".join(f'"{p}"' for p in report.periods)
    return (
        f"{content}\n"
        f"  - {{stand: {report.stand}, sha256: {report.sha256}, "
        f"attribution_year: {report.attribution_year},\n"
        f"     periods: [{periods}], cells: {report.cells}}}\n"
    )
