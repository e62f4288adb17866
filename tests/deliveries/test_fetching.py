"""Fetching: bytes as sent, second tries, orders, clear refusals, and credentials nowhere."""

import io
import logging
import re
import socket
import sys
import traceback
import types
import zipfile
from pathlib import Path

import genesis_server as answers
import pytest
import yaml
from frames import ROOT
from genesis_server import JOB, NUMBER, Scripted, Server, packed, serving, status
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core.errors import DataError, KreisheftError, UsageError
from kreisheft.deliveries import fetching, http_service

DELIVERIES = ROOT.parent / "shared/raw/regionalstatistik/2021-2026"
USER, PASSWORD, TOKEN = "Muster-Kennung", "geheim&Wort", "0123456789abcdef0123456789abcdef"
PAIR = {"KREISHEFT_REGIONALSTATISTIK_USER": USER, "KREISHEFT_REGIONALSTATISTIK_PASSWORD": PASSWORD}
FILE = Scripted(packed(), headers=answers.ZIP)


class Log:
    """What was waited and said."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.said: list[str] = []


def ask(server: Server | str, log: Log | None = None, **changes: object) -> fetching.Answer:
    """Fetch from `server`, without sleeping."""
    log = log or Log()
    url = server if isinstance(server, str) else server.url
    name = str(changes.get("source", "regionalstatistik"))
    login = changes.pop("login", PAIR)
    assert isinstance(login, dict)
    options = {
        "table": NUMBER,
        "source": name,
        "environment": {f"KREISHEFT_{name.upper()}_URL": url, **login},
        "wait": log.waited.append,
        "say": log.said.append,
        **changes,
    }
    return fetching.fetch(**options)  # type: ignore[arg-type]


def refused(server: Server | str, log: Log | None = None, **changes: object) -> str:
    with pytest.raises(DataError) as error:
        ask(server, log, **changes)
    return str(error.value)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring of whoever runs the tests stays closed."""
    monkeypatch.setitem(sys.modules, "keyring", None)


# --- the answer ---------------------------------------------------------------------------------


def test_a_classic_table_comes_byte_by_byte() -> None:
    with serving(Scripted(answers.CLASSIC, headers=answers.CSV)) as server:
        answer = ask(server, format="classic")

    assert (answer.name, answer.data) == (f"{NUMBER}.csv", answers.CLASSIC)


def test_a_flat_table_comes_in_its_zip() -> None:
    with serving(FILE) as server:
        answer = ask(server)

    assert (answer.name, answer.data) == (f"{NUMBER}.zip", packed())


def test_stand_is_the_german_day_of_the_answer() -> None:
    """Half past eleven in Greenwich is past midnight in Germany."""
    with serving(FILE) as server:
        answer = ask(server)

    assert answer.stand == "2026-03-11"


def test_a_classic_table_gets_no_stand_for_it_names_its_own() -> None:
    with serving(Scripted(answers.CLASSIC)) as server:
        answer = ask(server, format="classic")

    assert answer.stand is None


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_without_a_readable_date_there_is_no_stand(date: str) -> None:
    with serving(Scripted(packed(), headers={"Date": date})) as server:
        answer = ask(server)

    assert answer.stand is None


def test_a_table_in_an_envelope_is_taken_out() -> None:
    envelope = status(0, "erfolgreich", Object={"Content": answers.CLASSIC.decode()})
    with serving(envelope) as server:
        answer = ask(server, format="classic")

    assert answer.data == answers.CLASSIC


@pytest.mark.skipif(not DELIVERIES.is_dir(), reason="no official deliveries here")
@pytest.mark.parametrize(
    ("table", "file", "format"),
    [
        ("12411-03-03-4", "12411-03-03-4_2024_datencsv.csv", "classic"),
        ("12411-01-01-4", "12411-01-01-4__0__12411-01-01-4_1773175772751_de_flat.csv", "flat"),
        ("12411-01-01-4", "12411-01-01-4__2__12411-01-01-4_1773175790049_en_flat.csv", "flat"),
    ],
    ids=["classic", "flat German", "flat English"],
)
def test_an_official_delivery_comes_byte_by_byte(table: str, file: str, format: str) -> None:
    delivered = (DELIVERIES / file).read_bytes()
    body = packed(delivered) if format == "flat" else delivered
    with serving(Scripted(body)) as server:
        answer = ask(server, table=table, format=format)

    assert answer.data == body


# --- the request --------------------------------------------------------------------------------


def test_the_request_is_a_form_with_credentials_in_the_header_only() -> None:
    with serving(FILE) as server:
        ask(server)
    [request] = server.asked

    assert (request.method, request.path) == ("POST", "data/tablefile")
    assert (request.headers["username"], request.headers["password"]) == (USER, PASSWORD)
    assert "Authorization" not in request.headers
    assert "geheim" not in request.raw + request.path


def test_nothing_is_left_out_of_the_table() -> None:
    """A compressed table has no rows and columns without figures."""
    with serving(FILE) as server:
        ask(server, years=(2015, 2024), regions="KREISE=05562,05*")

    assert server.asked[0].form == {
        "name": NUMBER,
        "area": "all",
        "compress": "false",
        "language": "de",
        "format": "ffcsv",
        "startyear": "2015",
        "endyear": "2024",
        "regionalvariable": "KREISE",
        "regionalkey": "05562,05*",
        "job": "false",
    }


def test_a_token_stands_in_for_the_user_name() -> None:
    with serving(FILE) as server:
        ask(server, login={"KREISHEFT_REGIONALSTATISTIK_TOKEN": TOKEN})
    [request] = server.asked

    assert (request.headers["username"], request.headers["password"]) == (TOKEN, "")


def test_no_proxy_sees_an_address_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serving(FILE) as server:
        answer = ask(server)

    assert answer.data == packed()


def test_a_redirect_is_not_followed() -> None:
    """The header fields would go to whoever is named there."""
    with serving(FILE) as other:
        location = {"Location": other.url.replace("127.0.0.1", "localhost") + "data/tablefile"}
        with serving(Scripted(http=307, headers=location)) as server:
            message = refused(server)

    assert "sends the request on to http://localhost" in message
    assert other.asked == []


# --- second tries -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "pause"),
    [
        (Scripted(http=503), 2.0),
        (Scripted(answers.PAGE, http=500), 2.0),
        (Scripted(http=429, headers={"Retry-After": "0"}), 0.0),
        (Scripted(http=429, headers={"Retry-After": "17"}), 17.0),
        (Scripted(http=503, headers={"Retry-After": "Tue, 10 Mar 2026 23:30:05 GMT"}), 5.0),
        (Scripted(http=503, headers={"Retry-After": "soon"}), 2.0),
        (Scripted(packed(), length=len(packed()) + 100), 2.0),
        (Scripted(packed(), length=len(packed()) - 10), 2.0),
        (status(6, "Anzahl der parallelen Requests: 11"), 2.0),
    ],
    ids=["503", "500", "429", "429 in 17 s", "503 until", "503 soon", "cut", "cut ZIP", "code 6"],
)
def test_what_may_pass_is_asked_again(first: Scripted, pause: float) -> None:
    log = Log()
    with serving(first, FILE) as server:
        answer = ask(server, log)

    assert (answer.data, log.waited) == (packed(), [pause])
    assert len(log.said) == 1


def test_pauses_double_and_end() -> None:
    log = Log()
    with serving(Scripted(http=502)) as server:
        message = refused(server, log)

    assert (len(server.asked), log.waited) == (4, [2.0, 4.0, 8.0])
    assert "answers with HTTP 502, 4 times" in message


def test_nobody_waits_for_an_hour() -> None:
    log = Log()
    with serving(Scripted(http=503, headers={"Retry-After": "3600"})) as server:
        message = refused(server, log)

    assert log.waited == []
    assert "asks to wait 3600 seconds" in message


def test_a_service_that_says_nothing_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_service, "TIMEOUT", (1.0, 0.3))
    log = Log()
    with serving(Scripted(silent=True), FILE) as server:
        answer = ask(server, log)

    assert (answer.data, log.waited) == (packed(), [2.0])


# --- orders -------------------------------------------------------------------------------------

LARGE, ORDERED = status(98, answers.TOO_LARGE), status(99, answers.ORDERED)


def test_a_table_too_large_is_ordered_and_awaited() -> None:
    log = Log()
    with serving(LARGE, ORDERED, answers.NOT_READY, answers.READY, FILE) as server:
        answer = ask(server, log)

    assert answer.data == packed()
    assert server.paths == [
        "data/tablefile",
        "data/tablefile",
        "catalogue/results",
        "catalogue/results",
        "data/resultfile",
    ]
    assert [request.form.get("job") for request in server.asked[:2]] == ["false", "true"]
    assert server.asked[-1].form["name"] == JOB
    assert log.waited == [5.0]
    assert log.said == [
        f"regionalstatistik: {NUMBER} is too large to be sent at once; ordering it",
        f"regionalstatistik: waiting for {JOB}, 0 seconds so far",
    ]


def test_a_result_that_is_listed_and_not_there_yet_is_awaited() -> None:
    with serving(LARGE, ORDERED, answers.READY, answers.NOT_READY, answers.READY, FILE) as server:
        answer = ask(server)

    assert answer.data == packed()


def test_an_order_has_a_limit_and_says_how_to_go_on() -> None:
    log = Log()
    with serving(LARGE, ORDERED, answers.NOT_READY) as server:
        message = refused(server, log)

    assert 1800 <= sum(log.waited) <= 1830
    assert f"--job {JOB}" in message


def test_a_result_ordered_before_is_fetched_without_a_new_order() -> None:
    with serving(answers.READY, FILE) as server:
        ask(server, job=JOB)

    assert server.paths == ["catalogue/results", "data/resultfile"]


def test_a_token_may_not_order() -> None:
    with serving(LARGE, ORDERED) as server:
        message = refused(server, login={"KREISHEFT_REGIONALSTATISTIK_TOKEN": TOKEN})

    assert len(server.asked) == 1
    assert "KREISHEFT_REGIONALSTATISTIK_PASSWORD" in message


def test_the_zensus_database_takes_no_orders() -> None:
    login = {"KREISHEFT_ZENSUS2022_USER": USER, "KREISHEFT_ZENSUS2022_PASSWORD": PASSWORD}
    with serving(LARGE, ORDERED) as server:
        message = refused(server, source="zensus2022", login=login)

    assert len(server.asked) == 1
    assert "--regions" in message


def test_a_table_too_large_even_to_be_ordered_is_told() -> None:
    with serving(LARGE) as server:
        message = refused(server)

    assert "is too large even to be ordered" in message


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "denial",
    [
        answers.bare(2, answers.WRONG_LOGIN, 404),
        answers.bare(2, answers.WRONG_LOGIN, 200),
        answers.bare(15, answers.NOT_ALLOWED, 401),
        status(15, answers.NOT_ALLOWED),
        Scripted(answers.PAGE, http=403),
    ],
    ids=["code 2, 404", "code 2, 200", "code 15, 401", "code 15, envelope", "403"],
)
def test_refused_credentials_say_what_to_set_and_where_to_register(denial: Scripted) -> None:
    log = Log()
    with serving(denial) as server, pytest.raises(DataError) as error:
        ask(server, log)

    assert error.value.exit_code == 1
    assert "refuses the credentials" in str(error.value)
    assert "KREISHEFT_REGIONALSTATISTIK_USER" in str(error.value)
    assert "https://www.regionalstatistik.de/genesis/online" in str(error.value)
    assert (len(server.asked), log.waited) == (1, [])


@pytest.mark.parametrize("code", [90, 104])
def test_an_unknown_table_is_named(code: int) -> None:
    with serving(status(code, answers.NOTHING), status(104, answers.NOTHING)) as server:
        message = refused(server)

    assert f"regionalstatistik has no table {NUMBER}" in message
    assert server.paths == ["data/tablefile", "catalogue/tables"]


def test_a_selection_without_figures_is_no_unknown_table() -> None:
    with serving(status(104, answers.NOTHING), answers.CATALOGUED) as server:
        message = refused(server, years=(1950, 1951), regions="05562")

    assert "has no figures for startyear 1950, endyear 1951, regionalkey 05562" in message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (status(25, "Mindestens ein Parameter enthält ungültige Werte"), "status 25: Mindestens"),
        (status(0, "erfolgreich"), "status 0: erfolgreich"),
        (Scripted(answers.PAGE), "answers with a web page"),
        (Scripted(answers.PAGE, http=404), "answers with HTTP 404"),
        (Scripted(http=204), "answers with HTTP 204"),
        (Scripted(b"\n"), "the answer is empty"),
        (Scripted(b'{"Status": {"Code": 98, "Con'), "an answer that cannot be read"),
        (Scripted(b'{"Status": "Wartung"}'), "an answer that cannot be read"),
        (Scripted(b'{"Status": {"Code": null}}'), "an answer that cannot be read"),
        (Scripted(b"{" * 100_000), "an answer that cannot be read"),
    ],
    ids=[
        "parameter",
        "no table",
        "page",
        "page 404",
        "204",
        "empty",
        "cut",
        "word",
        "null",
        "deep",
    ],
)
def test_an_answer_that_is_no_table_is_refused(answer: Scripted, words: str) -> None:
    with serving(answer) as server:
        message = refused(server)

    assert words in message
    assert "→" in message


def test_an_order_that_fails_is_told() -> None:
    with serving(LARGE, ORDERED, status(7, "Der Auftrag wurde abgebrochen")) as server:
        message = refused(server)

    assert "status 7: Der Auftrag wurde abgebrochen" in message


def test_offline_is_told_at_once() -> None:
    log = Log()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody answers
        message = refused(f"http://127.0.0.1:{taken.getsockname()[1]}/", log)

    assert log.waited == []
    assert "cannot reach 127.0.0.1: offline?" in message
    assert "kreisheft import FILE" in message


def test_failing_encryption_is_told_at_once() -> None:
    log = Log()
    with serving(FILE) as server:
        message = refused(server.url.replace("http:", "https:"), log)

    assert (log.waited, server.asked) == ([], [])
    assert "cannot set up encryption with 127.0.0.1" in message


@given(st.binary(max_size=300), st.sampled_from([200, 201, 401, 404, 418]))
def test_any_answer_is_bytes_or_a_refusal(body: bytes, http: int) -> None:
    with serving(Scripted(body, http)) as server:
        try:
            answer = ask(server)
        except DataError:
            return

    assert (answer.data, http) == (body, 200)


# --- credentials nowhere ------------------------------------------------------------------------


def failures(secrets: list[str]) -> dict[str, Scripted]:
    """Answers of a service that repeats what it was given, and others that break off."""
    echo = f"Nutzer {' '.join(secrets)} {secrets[0].upper()}"
    location = {"Location": f"https://{':'.join(secrets)}@x.example/"}
    return {
        "echo": status(99999, echo),
        "denied": answers.bare(2, echo, 404),
        "server error": Scripted(echo.encode(), http=500),
        "redirect": Scripted(http=302, headers=location),
        "cut": Scripted(packed(), length=10_000),
        "page": Scripted(answers.PAGE + echo.encode()),
        "missing": status(104, echo),
        "silent": Scripted(silent=True),
    }


@pytest.mark.parametrize("login", [PAIR, {"KREISHEFT_REGIONALSTATISTIK_TOKEN": TOKEN}])
@pytest.mark.parametrize("failure", [*failures(["x"]), "offline", "proxy", "address"])
def test_no_message_trace_or_log_holds_credentials(
    failure: str,
    login: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(http_service, "TIMEOUT", (1.0, 0.02))
    caplog.set_level(logging.DEBUG)
    secrets = list(login.values())
    log = Log()
    with serving(failures(secrets).get(failure, FILE)) as server:
        url = server.url
        if failure == "offline":
            url = "http://127.0.0.1:1/"
        elif failure == "proxy":
            url = "https://x.invalid/"
            monkeypatch.setenv("HTTPS_PROXY", f"http://{':'.join(secrets)}@127.0.0.1:1")
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
        elif failure == "address":
            url = f"https://{':'.join(secrets)}@x.example/"
        with pytest.raises(KreisheftError) as error:
            ask(url, log, login=login)

    seen = "".join(
        [
            str(error.value),
            repr(error.value),
            "".join(traceback.format_exception(error.value)),
            *log.said,
            caplog.text,
            *capfd.readouterr(),
        ]
    ).lower()
    assert [s for s in secrets if s.lower() in seen] == []
    assert error.value.__context__ is None, "the cause holds the request"


def test_nothing_that_holds_credentials_shows_them() -> None:
    login = http_service.Login(USER, PASSWORD)
    whole = http_service.Service("x", "https://x.example/", "a", "V", login)

    shown = f"{login} {login!r} {whole} {whole!r}"

    assert not re.search("Muster|geheim", shown)


def test_the_service_s_words_are_quoted_without_credentials() -> None:
    login = http_service.Login(USER, PASSWORD)

    assert login.hide(f"Nutzer {USER.upper()}:\n {PASSWORD}!") == "Nutzer ***: ***!"


# --- where credentials come from ----------------------------------------------------------------


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring in memory."""
    entries: dict[tuple[str, str], str] = {}
    module = types.ModuleType("keyring")
    module.get_password = lambda service, entry: entries.get((service, entry))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    return entries


def test_credentials_may_come_from_the_keyring(keyring: dict[tuple[str, str], str]) -> None:
    keyring["kreisheft-destatis", "token"] = TOKEN

    login = fetching.login("destatis", {})

    assert (login.user, login.password) == (TOKEN, "")


def test_a_variable_goes_before_the_keyring(keyring: dict[tuple[str, str], str]) -> None:
    keyring["kreisheft-destatis", "user"] = "other"
    keyring["kreisheft-destatis", "password"] = PASSWORD

    login = fetching.login("destatis", {"KREISHEFT_DESTATIS_USER": USER})

    assert (login.user, login.password) == (USER, PASSWORD)


def test_a_locked_keyring_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(service: str, entry: str) -> str:
        raise RuntimeError("locked")

    module = types.ModuleType("keyring")
    module.get_password = locked  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)

    with pytest.raises(DataError, match="are missing"):
        fetching.login("destatis", {})


def test_user_name_and_password_go_before_a_token() -> None:
    login = fetching.login(
        "regionalstatistik", {**PAIR, "KREISHEFT_REGIONALSTATISTIK_TOKEN": TOKEN}
    )

    assert (login.user, login.password) == (USER, PASSWORD)


def test_missing_credentials_say_what_to_set_and_where_to_register() -> None:
    with pytest.raises(DataError) as error:
        fetching.login("zensus2022", {})

    assert "KREISHEFT_ZENSUS2022_TOKEN" in str(error.value)
    assert "keyring set kreisheft-zensus2022 token" in str(error.value)
    assert "https://ergebnisse.zensus2022.de" in str(error.value)


def test_credentials_of_one_source_are_not_those_of_another() -> None:
    with pytest.raises(DataError, match="are missing"):
        fetching.login("destatis", PAIR)


@pytest.mark.parametrize(("given", "lacking"), [("USER", "PASSWORD"), ("PASSWORD", "USER")])
def test_half_a_login_is_told(given: str, lacking: str) -> None:
    with pytest.raises(DataError, match=f"set KREISHEFT_DESTATIS_{lacking}$"):
        fetching.login("destatis", {f"KREISHEFT_DESTATIS_{given}": "x"})


@pytest.mark.parametrize("bad", ["a\nb", "a\x7fb", "10 €", "a\x00b"])
def test_what_no_header_field_can_carry_is_refused_and_not_printed(bad: str) -> None:
    with pytest.raises(DataError) as error:
        fetching.login("destatis", {"KREISHEFT_DESTATIS_TOKEN": bad})

    assert "TOKEN holds a character" in str(error.value)
    assert bad not in str(error.value)


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", fetching.sources())
def test_every_source_has_an_encrypted_address(source: str) -> None:
    assert re.fullmatch(r"https://[\w.]+/\w+/rest/2020/", fetching.address(source, {}))


def test_sources_are_producers_of_the_project() -> None:
    known = yaml.safe_load((ROOT / "data/sources/sources.yml").read_text(encoding="utf-8"))

    assert set(fetching.sources()) - set(known["sources"]) == set()


@pytest.mark.parametrize(
    "url", ["http://localhost:8/x", "http://127.0.0.1/", "http://[::1]:8", "https://x.example"]
)
def test_an_address_can_be_set(url: str) -> None:
    assert fetching.address("destatis", {"KREISHEFT_DESTATIS_URL": url}) == url.rstrip("/") + "/"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("http://x.example/", "is not encrypted"),
        ("http://127.0.0.1.x.example/", "is not encrypted"),
        ("https://me:secret@x.example/", "holds credentials"),
        ("ftp://x.example/", "is no address"),
        ("https://x.example/?a=b", "is no address"),
        ("https://x.example:99999/", "is no address"),
        ("https://[::1/", "is no address"),
        ("regionalstatistik.de", "is no address"),
    ],
)
def test_an_address_that_cannot_be_trusted_is_refused(url: str, what: str) -> None:
    with pytest.raises(DataError, match=what) as error:
        fetching.address("destatis", {"KREISHEFT_DESTATIS_URL": url})

    assert "secret" not in str(error.value)


# --- which table, from where --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "source"),
    [
        ("12411-01-01-4", "regionalstatistik"),
        ("71327-Z-02", "regionalstatistik"),
        ("AI-Z1-2011", "regionalstatistik"),
        ("12531-0043", "destatis"),
        ("1000A-2022", "zensus2022"),
        ("12521-03i", "landesdatenbank_nrw"),
    ],
)
def test_a_number_tells_its_source(table: str, source: str) -> None:
    with pytest.raises(DataError, match=f"credentials for {source}: are missing"):
        fetching.fetch(table, environment={})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": "eurostat"}, "Valid: regionalstatistik, destatis"),
        ({"table": "12*", "source": "destatis"}, "is no number of a table"),
        ({"table": "../etc/passwd"}, "is no number of a table"),
        ({"table": "ABCDE"}, "say with --source"),
        ({"years": (2024, 2015)}, "years 2024-2015"),
        ({"years": (15, 24)}, "years 15-24"),
        ({"regions": "Recklinghausen"}, "give keys"),
        ({"regions": "05562; 05754"}, "give keys"),
        ({"job": "12531-0043_1"}, "is no result of 99999-01-01-4"),
    ],
)
def test_a_wrong_argument_says_what_is_right(changes: dict[str, object], words: str) -> None:
    options = {"table": NUMBER, "environment": PAIR, **changes}

    with pytest.raises(UsageError, match=re.escape(words)):
        fetching.fetch(**options)  # type: ignore[arg-type]


def run(server: Server, table: str, **changes: object) -> fetching.Answer:
    """Fetch a table of this project from `server`."""
    environment = {"KREISHEFT_REGIONALSTATISTIK_URL": server.url, **PAIR}
    return fetching.fetch_with_passport(ROOT, table, environment=environment, **changes)  # type: ignore[arg-type]


def test_the_passport_says_who_has_a_table_and_in_which_format() -> None:
    with serving(Scripted(answers.CLASSIC)) as server:
        answer = run(server, "21111-02-06-4")

    assert server.asked[0].form["format"] == "datencsv"
    assert answer.stand is None


def test_a_table_without_a_passport_is_fetched_flat() -> None:
    with serving(FILE) as server:
        run(server, NUMBER)

    assert server.asked[0].form["format"] == "ffcsv"


@pytest.mark.parametrize(
    ("table", "source", "words"),
    [
        ("12411-03-03-4", "destatis", "is of regionalstatistik, not of destatis"),
        ("inkar-kreise", None, "inkar of table inkar-kreise cannot be asked"),
    ],
)
def test_a_passport_that_cannot_be_fetched_is_told(
    table: str, source: str | None, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        fetching.fetch_with_passport(ROOT, table, source)


def test_a_zip_from_the_service_is_what_the_importers_unpack(tmp_path: Path) -> None:
    with serving(FILE) as server:
        answer = ask(server)

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [answers.FLAT]
