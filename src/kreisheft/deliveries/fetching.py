"""Fetch a table from a statistical database over its official service; see docs/fetch.md.

Comes before stage 1: what is returned is a delivery, which `importing` reads like any other
file. It is the only place of the package that uses a network, and nothing is kept of a request.
"""

import importlib
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kreisheft.core.errors import DataError, Problem, UsageError, unknown
from kreisheft.deliveries import genesis_api
from kreisheft.deliveries.http_service import Login, Service, is_loopback
from kreisheft.facts import passports


@dataclass(frozen=True)
class Source:
    """A database. account: page to register at; numbers: how its table numbers look."""

    url: str
    account: str
    numbers: str
    jobs: bool = True


#: Keys as in data/sources/sources.yml. Addresses are compared letter by letter: `genesisws` of
#: Regionalstatistik is lower case. GENESIS-Online left www-genesis.destatis.de in 2026.
SOURCES: Mapping[str, Source] = {
    "regionalstatistik": Source(
        "https://www.regionalstatistik.de/genesisws/rest/2020/",
        "https://www.regionalstatistik.de/genesis/online",
        r"\d{5}-[\dA-Z]{1,2}-\d.*|AI.+",
    ),
    "destatis": Source(
        "https://genesis.destatis.de/genesisWS/rest/2020/",
        "https://genesis.destatis.de/datenbank/online/",
        r"\d{5}-\d{4}",
    ),
    "zensus2022": Source(
        "https://ergebnisse.zensus2022.de/api/rest/2020/",
        "https://ergebnisse.zensus2022.de/datenbank/online/",
        r"\d{4}[A-Z]-\d.{3}",
        jobs=False,
    ),
    "landesdatenbank_nrw": Source(
        "https://www.landesdatenbank.nrw.de/ldbnrwws/rest/2020/",
        "https://www.landesdatenbank.nrw.de/",
        r"\d{5}-\d{2}[a-z]+",
    ),
}

#: Format of a passport → what the service calls it. Classic names its number and Stand itself.
FORMATS: Mapping[str, str] = {"classic": "datencsv", "flat": "ffcsv"}

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Za-z-]{3,19}")
_REGIONS = re.compile(r"(?:([A-Z][A-Z0-9-]{1,7})=)?([0-9A-Z*]+(?:,[0-9A-Z*]+)*)")


@dataclass(frozen=True)
class Answer:
    """A delivery.

    name: for a file that holds it; data: the bytes as sent; stand: the day it was sent, None where
    the format names its own Stand.
    """

    name: str
    data: bytes
    stand: str | None


def sources() -> tuple[str, ...]:
    """Return the databases that can be asked."""
    return tuple(SOURCES)


def fetch_with_passport(
    root: Path,
    table: str,
    source: str | None = None,
    years: tuple[int, int] | None = None,
    regions: str | None = None,
    **options: Any,
) -> Answer:
    """Fetch `table` in the first format that its passport under `root` knows; see `fetch`.

    source: needed only for a table without a passport whose number does not tell it. Raises
    UsageError for a source that cannot be asked and a passport whose formats none can send.
    """
    passport = passports.load(root).get(table)
    if passport is None:
        return fetch(table, source=source, years=years, regions=regions, **options)
    if source not in (None, passport.source):
        raise UsageError(f"table {table} is of {passport.source}, not of {source}")
    if passport.source not in SOURCES:
        raise UsageError(
            f"{passport.source} of table {table} cannot be asked, only {', '.join(SOURCES)}; "
            "use kreisheft import FILE"
        )
    formats = [name for name in passport.formats if name in FORMATS]
    if not formats:
        raise UsageError(
            f"the passport of {table} knows {', '.join(passport.formats)}, the service sends "
            f"{', '.join(FORMATS)}; use kreisheft import FILE"
        )
    return fetch(
        table,
        source=passport.source,
        format=formats[0],
        years=years,
        regions=regions,
        **options,
    )


def parse_years(text: str | None) -> tuple[int, int] | None:
    """Return first and last year of ``2015-2024`` or ``2024``; UsageError for other text."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text) if text else None
    if text and match is None:
        raise UsageError(f"years {text!r}: give the first and the last, such as 2015-2024")
    return (int(match[1]), int(match[2] or match[1])) if match else None


def fetch(
    table: str,
    *,
    source: str | None = None,
    format: str = "flat",
    years: tuple[int, int] | None = None,
    regions: str | None = None,
    job: str = "",
    environment: Mapping[str, str] = os.environ,
    wait: Callable[[float], None] = time.sleep,
    say: Callable[[str], None] = lambda text: None,
) -> Answer:
    """Return `table` as `source` sends it.

    source: a key of SOURCES, found by the number's look if None. format: a key of FORMATS. years:
    first and last. regions: keys with commas, `*` for the rest of a key, and before them the
    variable where the table has several: ``05562,05754`` or ``KREISE=05*``. Without years and
    regions the service selects by itself, mostly everything. job: a result ordered before.
    environment, wait, say: credentials are looked up there; sleeps; tells what takes a while.

    Raises UsageError for a wrong argument, DataError if credentials are missing or wrong and if
    the service cannot be reached, refuses, or has no such table. No error shows credentials.
    """
    chosen = _source(table, source)
    selection = {"format": FORMATS[format], **_years(years), **_regions(regions)}
    if job and not re.fullmatch(rf"{re.escape(table)}_\d+", job):
        raise UsageError(f"{job!r} is no result of {table}, such as {table}_123456789")
    service = Service(
        name=chosen,
        url=address(chosen, environment),
        account=SOURCES[chosen].account,
        variable=_variable(chosen),
        login=login(chosen, environment),
        jobs=SOURCES[chosen].jobs,
        wait=wait,
        say=say,
    )
    reply = genesis_api.table(service, table, selection, job)
    ending = "zip" if reply.data.startswith(b"PK") else "csv"
    return Answer(f"{table}.{ending}", reply.data, None if format == "classic" else reply.day)


def login(source: str, environment: Mapping[str, str]) -> Login:
    """Return the credentials for `source`: each from its variable, else from the keyring.

    Variables KREISHEFT_<SOURCE>_USER, _PASSWORD, _TOKEN; keyring service ``kreisheft-<source>``,
    entries user, password, token. User name and password come before a token: only they may order.
    """
    variable, account = _variable(source), SOURCES[source].account
    credentials = {}
    for name in ("USER", "PASSWORD", "TOKEN"):
        value = environment.get(f"{variable}_{name}", "").strip()
        credentials[name] = value or _keyring(source, name.lower())
    where = f"credentials for {source}"
    if bool(credentials["USER"]) != bool(credentials["PASSWORD"]):
        lacking = "PASSWORD" if credentials["USER"] else "USER"
        raise DataError([Problem(where, "are incomplete", f"set {variable}_{lacking}")])
    if not any(credentials.values()):
        next_ = (
            f"set {variable}_USER and {variable}_PASSWORD, or {variable}_TOKEN, or store them: "
            f"keyring set kreisheft-{source} token; accounts are free: {account}"
        )
        raise DataError([Problem(where, "are missing", next_)])
    for name, value in credentials.items():
        # A library's own complaint would print the value.
        if not all(0x20 <= ord(c) < 0x7F or 0xA0 <= ord(c) < 0x100 for c in value):
            what = f"{name} holds a character that a header field cannot carry"
            raise DataError([Problem(where, what, f"choose another one at {account}")])
    return Login(credentials["USER"] or credentials["TOKEN"], credentials["PASSWORD"])


def address(source: str, environment: Mapping[str, str]) -> str:
    """Return the address of `source`, from KREISHEFT_<SOURCE>_URL if it is set.

    Without encryption only this machine is allowed: credentials travel in every request.
    """
    name = f"{_variable(source)}_URL"
    url = environment.get(name, "").strip() or SOURCES[source].url
    try:
        parts = urlsplit(url)
        is_valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_valid = False
    if not is_valid or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        what, next_ = "is no address of a service", f"such as {SOURCES[source].url}"
    elif parts.username or parts.password:
        what, next_ = "holds credentials", f"put them into {_variable(source)}_USER, _PASSWORD"
    elif parts.scheme == "http" and not is_loopback(url):
        what, next_ = "is not encrypted", "write https; http is only for this machine"
    else:
        return url.rstrip("/") + "/"
    raise DataError([Problem(name, what, next_)])


def _variable(source: str) -> str:
    return f"KREISHEFT_{source.upper()}"


def _keyring(source: str, entry: str) -> str:
    """Return an entry of the system's keyring, "" if there is none, or no keyring."""
    try:
        keyring = importlib.import_module("keyring")
        return str(keyring.get_password(f"kreisheft-{source}", entry) or "").strip()
    except Exception:  # not installed, locked, no desktop: each system fails in its own way
        return ""


def _source(table: str, source: str | None) -> str:
    if source is not None and source not in SOURCES:
        raise unknown("source", source, SOURCES)
    if not _NUMBER.fullmatch(table):
        raise UsageError(f"{table!r} is no number of a table, such as 12411-01-01-4")
    if source is not None:
        return source
    for name, entry in SOURCES.items():
        if re.fullmatch(entry.numbers, table):
            return name
    raise UsageError(f"say with --source who has {table!r}: {', '.join(SOURCES)}")


def _years(years: tuple[int, int] | None) -> dict[str, str]:
    if years is None:
        return {}
    first, last = years
    if not 1900 <= first <= last <= 2100:
        raise UsageError(f"years {first}-{last}: give the first and the last, such as 2015-2024")
    return {"startyear": str(first), "endyear": str(last)}


def _regions(regions: str | None) -> dict[str, str]:
    if regions is None:
        return {}
    match = _REGIONS.fullmatch(regions)
    if match is None:
        raise UsageError(f"regions {regions!r}: give keys, such as 05562,05754 or KREISE=05*")
    variable = {"regionalvariable": match[1]} if match[1] else {}
    return {**variable, "regionalkey": match[2]}
