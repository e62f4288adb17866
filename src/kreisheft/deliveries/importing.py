"""Import a delivery: recognise, read, map, check, then write facts and passport, all or nothing."""

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from kreisheft.core.errors import DataError, Problem, UsageError, raise_if, unknown
from kreisheft.deliveries import control_totals, mapping, passport_draft, readers
from kreisheft.deliveries.readers.table import Table
from kreisheft.deliveries.report import Report, list_some
from kreisheft.facts import cells, fact_files, passports, regions
from kreisheft.facts.passports import Passport

#: Stand of facts whose file and passport say none, until it is known whether they are new.
_UNKNOWN = "9999-12-31"


def import_file(
    root: Path,
    path: Path,
    *,
    table: str | None = None,
    stand: str | None = None,
    show: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Turn the delivery at `path` into facts under `root`.

    table: needed only where several passports fit a file without a table number. stand: ISO day,
    for a file that does not say its own. show: called with the report before anything is written.
    Raises DataError with all problems; then nothing was written. The same delivery twice changes
    nothing.
    """
    report, files = _examine(root, path, table, stand)
    show(report)
    raise_if(report.problems)
    fact_files.write(files)
    return report


def check(root: Path, path: Path, *, table: str | None = None, stand: str | None = None) -> Report:
    """Report what the delivery at `path` is and what an import would do; nothing is written.

    Mistakes are in the report's `problems`. Raises DataError for a file that is of
    no known format, or damaged.
    """
    return _examine(root, path, table, stand)[0]


def draft(root: Path, path: Path, *, source: str, table: str = "") -> str:
    """Return the text of a passport for the delivery at `path`; see `passport_draft.draft`.

    source: a key of sources.yml. table: its number, for a file that does not say its own.
    """
    producers = passports.sources(root)
    if source not in producers:
        raise unknown("source", source, producers)
    delivery = readers.read(path, ())
    number = delivery.number or table
    if not number:
        raise UsageError(f"{path} does not say its number; give one with --table")
    return passport_draft.draft(delivery, number=number, source=source)


def _examine(
    root: Path, path: Path, table: str | None, stand: str | None
) -> tuple[Report, dict[Path, str]]:
    all_passports = passports.load(root)
    raise_if(readers.unread(root, all_passports.values()))
    if table is not None and table not in all_passports:
        raise unknown("table", table, all_passports)
    candidates = [p for p in all_passports.values() if table in (None, p.table)]
    delivery = readers.read(path, candidates)
    report = Report(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        format=delivery.format,
        table=delivery.number,
        title=delivery.title,
        stand=delivery.stand or "",
        periods=_periods(delivery),
        cells=delivery.cells,
    )
    files: dict[Path, str] = {}
    try:
        passport = _passport(delivery, all_passports, candidates, table, path)
        _fill(root, path, delivery, passport, stand, report, files)
    except DataError as error:
        report.problems += error.problems
        files.clear()
    return report, files


def _fill(
    root: Path,
    path: Path,
    delivery: Table,
    passport: Passport,
    stand: str | None,
    report: Report,
    files: dict[Path, str],
) -> None:
    """Complete `report`, and add the files to write to `files`."""
    report.table, report.title = passport.table, passport.title
    report.rounding, report.noise = passport.rounding, passport.noise
    report.stand = _stand(delivery, passport, stand, report.sha256, path)
    # Files without a footer name no licence year; producers then ask for that of retrieval.
    report.attribution_year = delivery.licence_year or int((report.stand or _UNKNOWN)[:4])
    legend = passports.sources(root)[passport.source].signs
    mapped = mapping.map_facts(delivery, passport, str(path), report.stand or _UNKNOWN, legend)
    report.skipped, report.repeated = mapped.skipped, mapped.repeated
    raise_if(mapping.find_problems(mapped, passport, str(path)))
    frame, report.ignored = _select_current(root, mapped.frame, passport, str(path))
    report.facts, report.elsewhere = len(frame), len(mapped.frame) - len(frame)
    report.periods = sorted(set(frame["period"]))
    report.levels = _levels(root, frame)
    report.missing = _missing(root, frame, passport)
    statuses = cells.split(frame["cell"])["status"]
    report.statuses = dict(sorted(Counter(statuses).items()))
    compared = control_totals.compare(frame, passport, str(path))
    report.totals = compared.compared
    raise_if(compared.problems)
    # A file without a Stand of its own gets a new one whenever it is fetched, unchanged or not.
    since = None if delivery.stand else fact_files.find_unchanged_stand(root, passport.table, frame)
    if since is not None:
        report.stand = since
        return
    if not report.stand:
        next_ = "give the day of retrieval with --stand YYYY-MM-DD"
        raise DataError([Problem(str(path), "says no Stand", next_)])
    target, content, revisions = fact_files.merge(root, passport.table, frame, passport.across)
    report.revisions = [
        {str(k): str(v) for k, v in row.items()} for row in revisions.to_dict("records")
    ]
    report.changed = not target.exists() or target.read_text(encoding="utf-8") != content
    if report.changed:
        files[target] = content
    if report.sha256 not in {d.sha256 for d in passport.deliveries}:
        files[passport.path] = _add_delivery(passport.path, report)


def _periods(delivery: Table) -> list[str]:
    stacked = set(map(str, delivery.rows["period"].cat.categories))
    return sorted((stacked | {h.period for h in delivery.heads}) - {""})


def _passport(
    delivery: Table,
    all_passports: dict[str, Passport],
    candidates: list[Passport],
    table: str | None,
    path: Path,
) -> Passport:
    """Return the passport of a table that was read: by its number, else by what is in it."""
    draft = f"kreisheft passport {path.name} drafts one; see docs/formats.md"
    if delivery.number:
        if table is not None and table != delivery.number:
            what = f"is table {delivery.number}, not {table}"
            raise DataError([Problem(str(path), what, f"import it as {delivery.number}")])
        if delivery.number not in all_passports:
            raise DataError([Problem(str(path), f"table {delivery.number} has no passport", draft)])
        passport = all_passports[delivery.number]
        if delivery.format not in passport.formats:
            what = f"is {delivery.format}, the passport knows {', '.join(passport.formats)}"
            next_ = f"add it to 'format' of {passport.path.name}, and what it needs to 'rows'"
            raise DataError([Problem(str(path), what, next_)])
        return passport
    fitting = [p for p in candidates if readers.fits(delivery, p)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        numbers = ", ".join(p.table for p in fitting)
        raise UsageError(f"{path}: fits several tables; say which with --table: {numbers}")
    statistic = f" of statistic {delivery.statistic}" if delivery.statistic else ""
    what = (
        f"no passport fits this {delivery.format} file{statistic} with the variables "
        f"{', '.join(delivery.classifiers) or 'none'} "
        f"and the measures {', '.join(delivery.headers)}"
    )
    raise DataError([Problem(str(path), what[:600], draft)])


def _stand(delivery: Table, passport: Passport, given: str | None, sha256: str, path: Path) -> str:
    """Return the Stand: the file's own, the given, the recorded, the passport's, or ""."""
    recorded = {d.sha256: d.stand for d in passport.deliveries}
    day = delivery.stand or given or recorded.get(sha256) or passport.stand
    if given and delivery.stand and given != delivery.stand:
        what = f"says Stand {delivery.stand}, not {given}"
        raise DataError([Problem(str(path), what, "leave --stand out")])
    return day


def _select_current(
    root: Path, frame: pd.DataFrame, passport: Passport, where: str
) -> tuple[pd.DataFrame, list[str]]:
    """Select the facts of current regions; also return former keys that the passport asks for."""
    frame = _first_keys(root, frame)
    keys = mapping.select_fitting(map(str, frame["ags"].cat.categories), passport.regions)
    current = set(regions.load(root)["ags"])
    former = set(regions.former(root)["ags"])
    unknown_keys = sorted(set(keys) - current - former)
    if unknown_keys:
        next_ = "add them to data/regions/regions.csv, or to changes.csv with their successors"
        what = f"holds keys that are no known region: {list_some(unknown_keys)}"
        raise DataError([Problem(where, what, next_)])
    kept = frame["ags"].isin(current.intersection(keys))
    frame = frame[kept].reset_index(drop=True)
    frame["ags"] = frame["ags"].cat.remove_unused_categories()
    return frame, sorted(former.intersection(keys))


def _first_keys(root: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Give regions that have two keys their first one, unless the file has that as well."""
    present = list(map(str, frame["ags"].cat.categories))
    second = {k: v for k, v in regions.aliases(root).items() if k in present and v not in present}
    return frame.assign(ags=frame["ags"].cat.rename_categories(second))


def _levels(root: Path, frame: pd.DataFrame) -> dict[str, int]:
    kinds = regions.load(root).set_index("ags")["kind"]
    counts = Counter(kinds.reindex(frame["ags"].cat.categories))
    return {kind: counts[kind] for kind in regions.KINDS if counts[kind]}


def _missing(root: Path, frame: pd.DataFrame, passport: Passport) -> list[str]:
    keys = regions.load(root)["ags"].tolist()
    present = set(frame["ags"])
    absent = set(mapping.select_fitting(keys, passport.regions)) - present
    # A kreisfreie Stadt is its own municipality and is printed once, with five digits.
    return sorted(k for k in absent if not (k.endswith("000") and k[:5] in present))


def _add_delivery(path: Path, report: Report) -> str:
    """Return the passport's text with the delivery added; comments stay."""
    content = path.read_text(encoding="utf-8").rstrip("\n")
    if content.endswith("deliveries: []"):
        content = content.removesuffix(" []")
    periods = ", ".join(f'"{p}"' for p in report.periods)
    return (
        f"{content}\n"
        f"  - {{stand: {report.stand}, sha256: {report.sha256}, "
        f"attribution_year: {report.attribution_year},\n"
        f"     periods: [{periods}], cells: {report.facts}}}\n"
    )
