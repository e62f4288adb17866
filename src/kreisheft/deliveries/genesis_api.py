"""A table of a GENESIS database, byte by byte as the office sends it, or the reason why not.

The dialogue was recorded with GENESIS-Online, version 5, and can be read in
https://github.com/CorrelAid/pystatis/blob/main/tests/cassettes/12531-0043.yaml:

    data/tablefile             98: too large to be sent at once
    data/tablefile, job=true   99: ordered; the text ends with the name of the result
    catalogue/results          104 until the result is there, then 0 and a list
    data/resultfile            a ZIP

The list of results is asked and not `catalogue/jobs`, which pystatis gave up in 0.5.4. A token may
not order (2.1.3 of the manual named in `service`); the Zensus database takes no orders
(https://github.com/CorrelAid/restatis, gen_table). 104 to `data/tablefile` means an unknown table
or a selection without figures; the catalogue tells which.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from kreisheft.core.errors import DataError
from kreisheft.deliveries.http_service import Reply, Service, ask, refusal

#: A result is looked for after 5, 7.5 … 30 seconds, for half an hour; the recorded one took 6 min.
FIRST_LOOK, LAST_LOOK, JOB_LIMIT = 5.0, 30.0, 1800.0

_DONE = (0, 22)  # 22: done, with a parameter corrected
_NO_TABLE, _TOO_LARGE, _ORDERED, _NOTHING = 90, 98, 99, 104
_NARROWER = "fetch fewer years or regions: --years, --regions"


def table(service: Service, number: str, selection: Mapping[str, str], job: str = "") -> Reply:
    """Return table `number`; `data` of the reply is what was sent.

    selection: `format` and, where wanted, startyear, endyear, regionalvariable, regionalkey.
    job: name of a result that was ordered before; it is fetched instead of a new one. A table too
    large to be sent at once is ordered and awaited. Raises DataError with the reason.
    """
    if job:
        return _result(service, number, selection, job)
    # Uncompressed: "compressed" means without rows and columns that have no figure.
    form = {"name": number, "area": "all", "compress": "false", "language": "de", **selection}
    reply = ask(service, number, "data/tablefile", {**form, "job": "false"})
    if reply.code == _TOO_LARGE:
        _check_order(service, number)
        service.say(f"{service.name}: {number} is too large to be sent at once; ordering it")
        reply = ask(service, number, "data/tablefile", {**form, "job": "true"})
    name = re.search(rf"\b{re.escape(number)}_\d+", reply.text)
    if reply.code == _ORDERED and name:
        return _result(service, number, selection, name[0])
    return _file(service, number, selection, reply)


def _result(service: Service, number: str, selection: Mapping[str, str], job: str) -> Reply:
    """Wait until the result `job` is there, and return it."""
    look = {"selection": job, "area": "user", "pagelength": "1", "language": "de"}
    get = {"name": job, "area": "all", "compress": "false", "format": selection["format"]}
    waited, pause = 0.0, FIRST_LOOK
    while True:
        if _listed(service, number, "catalogue/results", look):
            reply = ask(service, number, "data/resultfile", {**get, "language": "de"})
            if reply.code != _NOTHING:
                return _file(service, number, selection, reply)
        if waited >= JOB_LIMIT:
            what = f"result {job} is not there after {waited / 60:.0f} minutes"
            raise refusal(service, number, what, f"fetch it later with --job {job}")
        service.say(f"{service.name}: waiting for {job}, {waited:.0f} seconds so far")
        service.wait(pause)
        waited, pause = waited + pause, min(pause * 1.5, LAST_LOOK)


def _listed(service: Service, number: str, path: str, form: Mapping[str, str]) -> bool:
    """Say whether the catalogue lists what `form` selects."""
    reply = ask(service, number, path, form)
    if reply.code not in (*_DONE, _NOTHING):
        raise _status(service, number, reply)
    return bool(reply.body.get("List"))


def _check_order(service: Service, number: str) -> None:
    what = "is too large to be sent at once"
    if not service.jobs:
        raise refusal(service, number, f"{what}, and {service.name} takes no orders", _NARROWER)
    if not service.login.password:
        next_ = f"set {service.variable}_USER and {service.variable}_PASSWORD, or {_NARROWER}"
        raise refusal(service, number, f"{what}, and a token may not order it", next_)


def _file(service: Service, number: str, selection: Mapping[str, str], reply: Reply) -> Reply:
    """Return `reply` if it is a table, bare or in an envelope; raise its reason otherwise."""
    if reply.code is None:
        if not reply.data.strip():
            raise refusal(service, number, "the answer is empty")
        return reply
    envelope = reply.body.get("Object")
    content = envelope.get("Content") if isinstance(envelope, dict) else None
    if reply.code in _DONE and isinstance(content, str) and content.strip():
        return replace(reply, data=content.encode(), code=None)
    if reply.code in (_NO_TABLE, _NOTHING):
        raise _missing(service, number, selection)
    if reply.code == _TOO_LARGE:
        raise refusal(service, number, "is too large even to be ordered", _NARROWER)
    raise _status(service, number, reply)


def _missing(service: Service, number: str, selection: Mapping[str, str]) -> DataError:
    form = {"selection": number, "area": "all", "pagelength": "1", "language": "de"}
    if not _listed(service, number, "catalogue/tables", form):
        what = f"{service.name} has no table {number}"
        return refusal(service, number, what, f"look up its number: {service.account}")
    asked = ", ".join(f"{key} {value}" for key, value in selection.items() if key != "format")
    what = f"has no figures for {asked or 'what it selects by itself'}"
    return refusal(service, number, what, "choose other years or regions: --years, --regions")


def _status(service: Service, number: str, reply: Reply) -> DataError:
    what = f"status {reply.code}: {service.login.hide(reply.text) or 'without a text'}"
    return refusal(service, number, what, f"{_NARROWER}, or ask the office: {service.account}")
