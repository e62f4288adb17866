"""A statistical database as a web service: signed requests, second tries, and its statuses.

What this relies on, and where it was seen:

- Version 2020 of the service takes POST only; user name and password are header fields, and a
  token goes into the user name's. In a form or an address they are ignored, and the call runs as
  a guest. https://genesis.destatis.de/datenbank/online/docs/GENESIS-Webservices_Einfuehrung.pdf
- A refusal is JSON with a status code, mostly under HTTP 200; wrong credentials come as code 2
  (HTTP 404) or 15 (HTTP 401), outside of the usual envelope.
  https://github.com/maschinenlesbar-org/regionalstatistik-cli/blob/main/DEVELOPING.md
- Code 6 counts too many requests at a time, now and then without any:
  https://github.com/CorrelAid/pystatis/issues/147
"""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import requests

from kreisheft.core.errors import DataError, Problem

#: How often a request is sent at most, and the first pause in seconds; each next one is twice that.
TRIES = 4
PAUSE = 2.0
#: A pause that the service asks for is kept up to this long.
LONGEST_PAUSE = 300.0
#: Seconds to connect, and to wait for an answer: a table is made only when it is asked for.
TIMEOUT = (10.0, 300.0)

_LATER = "try again later"
_HOME = ZoneInfo("Europe/Berlin")
_BLANK = b"\xef\xbb\xbf \r\n\t"
_BROKEN = (
    requests.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


@dataclass(frozen=True)
class Login:
    """User name and password, or a token as user name. Shown in no repr, message or log."""

    user: str = field(repr=False)
    password: str = field(default="", repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign `request`; given as `auth`, it also keeps requests from reading .netrc."""
        request.headers.update({"username": self.user, "password": self.password})
        return request

    def hide(self, text: str) -> str:
        """Return the beginning of `text`, as the service worded it, without the credentials."""
        for secret in sorted({self.user, self.password} - {""}, key=len, reverse=True):
            text = re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE)
        return " ".join(text.split())[:300]


@dataclass(frozen=True)
class Service:
    """One database.

    account: page where an account is made and tables are looked up; variable: how the names of its
    environment variables begin; jobs: whether it makes large tables to order. wait: sleeps so many
    seconds; say: tells what takes a while.
    """

    name: str
    url: str
    account: str
    variable: str
    login: Login
    jobs: bool = True
    wait: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = lambda text: None


@dataclass(frozen=True)
class Reply:
    """What was sent. code: the status, None if `data` is a file; day: ISO, of the Date header."""

    data: bytes
    day: str | None
    code: int | None = None
    text: str = ""
    body: Mapping[str, object] = field(default_factory=dict)


class _Again(Exception):
    """A failure that may pass. after: seconds that the service asks to wait."""

    def __init__(self, what: str, next_: str = _LATER, after: float | None = None):
        super().__init__(what)
        self.what, self.next, self.after = what, next_, after


def is_loopback(url: str) -> bool:
    """Say whether `url` is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(service: Service, table: str, what: str, next_: str = _LATER) -> DataError:
    """Build the error of a request about `table`."""
    return DataError([Problem(f"{service.name}, table {table}", what, next_)])


def ask(service: Service, table: str, path: str, form: Mapping[str, str]) -> Reply:
    """Send `form` to `path` of the service, again while it fails in passing.

    table: for messages. Raises DataError if there is no answer, if it is none of this service, or
    if it refuses the credentials; every other status is the caller's. No error shows credentials.
    """
    pause = PAUSE
    for left in reversed(range(TRIES)):
        try:
            return _send(service, table, path, form)
        except _Again as again:
            failure = again
        seconds = pause if failure.after is None else failure.after
        if seconds > LONGEST_PAUSE:
            what = f"{failure.what} and asks to wait {seconds:.0f} seconds"
            raise refusal(service, table, what)
        if left:
            service.say(f"{service.name}: {failure.what}; again in {seconds:.0f} seconds")
            service.wait(seconds)
            pause *= 2
    raise refusal(service, table, f"{failure.what}, {TRIES} times", failure.next)


def _send(service: Service, table: str, path: str, form: Mapping[str, str]) -> Reply:
    failure: _Again | DataError | None = None
    with requests.Session() as session:
        # An address on this machine is not encrypted: no proxy may see the credentials.
        session.trust_env = not is_loopback(service.url)
        try:
            answer = session.post(
                service.url + path,
                data=dict(form),
                auth=service.login,
                timeout=TIMEOUT,
                # requests would send the header fields on to any other host.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            failure = _explain_failure(service, table, error)
    if failure:  # raised outside of `except`: the cause holds the request with its header fields
        raise failure
    http = answer.status_code
    if http == 429 or http >= 500:
        raise _Again(f"answers with HTTP {http}", after=_after(answer.headers))
    if answer.is_redirect:
        target = urlsplit(urljoin(service.url, answer.headers["Location"]))
        what = f"sends the request on to {target.scheme}://{target.hostname}"
        next_ = f"if that is the office, set {service.variable}_URL to its new address"
        raise refusal(service, table, service.login.hide(what), next_)
    reply = _read(answer)
    denied = reply.code in (12, 15) or (reply.code == 2 and "nutzer" in reply.text.lower())
    if denied or http in (401, 403):
        next_ = (
            f"set {service.variable}_USER and {service.variable}_PASSWORD, or "
            f"{service.variable}_TOKEN; accounts are free: {service.account}"
        )
        raise refusal(service, table, "refuses the credentials", next_)
    if reply.code == 6:
        next_ = "wait a quarter of an hour, then fetch one table at a time"
        raise _Again("counts too many requests at a time", next_)
    if reply.code is None and http != 200:
        next_ = f"check {service.variable}_URL, or {_LATER}"
        raise refusal(service, table, f"answers with HTTP {http}", next_)
    if reply.data.lstrip(_BLANK)[:9].lower().startswith((b"<!doctype", b"<html")):
        next_ = f"{_LATER}; it may be down for maintenance: {service.account}"
        raise refusal(service, table, "answers with a web page", next_)
    if reply.data.startswith(b"PK") and not zipfile.is_zipfile(io.BytesIO(reply.data)):
        raise _Again("the answer was cut off")
    return reply


def _explain_failure(
    service: Service, table: str, error: requests.RequestException
) -> _Again | DataError:
    """Word a failure in our own words: its text may hold a proxy's password."""
    host = urlsplit(service.url).hostname
    if isinstance(error, requests.exceptions.SSLError):
        next_ = "if a proxy breaks up encryption here, set REQUESTS_CA_BUNDLE to its certificate"
        return refusal(service, table, f"cannot set up encryption with {host}", next_)
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL):
        return refusal(service, table, "cannot use the proxy", "check HTTPS_PROXY")
    if isinstance(error, requests.Timeout):
        narrower = "fetch fewer years or regions: --years, --regions"
        return _Again(f"{host} did not answer in time", narrower)
    # Only where no connection came about, as there is no such name or nobody listens, is the cause
    # wrapped once more and has a reason.
    if error.args and getattr(error.args[0], "reason", None):
        next_ = (
            "check the network, and HTTPS_PROXY behind a proxy; without a network download the "
            f"table elsewhere ({service.account}) and use kreisheft import FILE"
        )
        return refusal(service, table, f"cannot reach {host}: offline?", next_)
    if isinstance(error, _BROKEN):
        return _Again("the answer was cut off")
    return refusal(service, table, f"cannot be asked ({type(error).__name__})")


def _read(answer: requests.Response) -> Reply:
    """Read the status out of an answer that is no file."""
    data, day = answer.content, _day(answer.headers)
    plain = data.lstrip(_BLANK)
    if not plain.startswith(b"{"):
        return Reply(data, day)
    try:
        body = json.loads(plain)
        status = body.get("Status", body)
        return Reply(data, day, int(status["Code"]), str(status.get("Content") or ""), body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Reply(data, day, -1, "an answer that cannot be read")


def _day(headers: Mapping[str, str]) -> str | None:
    """Return the day in Germany when the answer was sent, by the server's clock and not by ours."""
    sent = _time(headers.get("Date"))
    return sent.astimezone(_HOME).date().isoformat() if sent else None


def _after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    until, sent = _time(value), _time(headers.get("Date"))
    return max(0.0, (until - sent).total_seconds()) if until and sent else None


def _time(text: str | None) -> datetime | None:
    try:
        sent = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)
