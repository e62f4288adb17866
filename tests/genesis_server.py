"""A GENESIS service on this machine: it plays a script of answers and notes what it was asked.

The layouts and texts are those of the real services, the figures are invented.
"""

import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

NUMBER = "99999-01-01-4"
JOB = f"{NUMBER}_673843136"
#: Half past midnight of the next day in Germany.
DATE = "Tue, 10 Mar 2026 23:30:00 GMT"

CLASSIC = """Tabelle: 99999-01-01-4
Erfundene Bevölkerung nach Geschlecht;;;
Erfundene Statistik;;;
Bevölkerungsstand (Anzahl);;;
;;;Insgesamt
2024-12-31;DG;Deutschland;100
2024-12-31;05562;    Recklinghausen, Kreis;-
__________
"© Statistische Ämter des Bundes und der Länder, Deutschland, 2026.
Dieses Werk ist lizenziert unter der Datenlizenz Deutschland - Namensnennung - Version 2.0."
Stand: 10.03.2026 / 16:30:59
""".encode()

FLAT = (
    "\ufeffstatistics_code;statistics_label;time_code;time_label;time;1_variable_code;"
    "1_variable_label;1_variable_attribute_code;1_variable_attribute_label;value;value_unit;"
    "value_variable_code;value_variable_label\n"
    "99999;Erfundene Statistik;STAG;Stichtag;2024-12-31;KREISE;Kreise;05562;"
    "Recklinghausen, Kreis;.;Anzahl;BEVX;Personen\n"
).encode()

PAGE = b"\xef\xbb\xbf<!DOCTYPE html>\n<html><body>Ups, ein Fehler!</body></html>"

TOO_LARGE = (
    "Die Tabelle ist zu gross, um im Dialog abgerufen zu werden. Bitte nutzen sie den Webservice "
    "mit dem Parameter job=true (REST) um eine Verarbeitung im Hintergrund zu starten."
)
ORDERED = (
    "Der Bearbeitungsauftrag wurde erstellt. Die Tabelle kann in Kürze als Ergebnis mit folgendem "
    f"Namen abgerufen werden: {JOB}"
)
NOTHING = "Es gibt keine Objekte zum angegebenen Selektionskriterium"
NOT_ALLOWED = (
    "Sie sind nicht berechtigt diesen Service aufzurufen oder der Header Ihres Requests enthält "
    "nicht alle notwendigen Angaben, sodass Ihre Zugangsdaten nicht erkannt werden."
)
WRONG_LOGIN = (
    "Ein Fehler ist aufgetreten. (Bitte prüfen und korrigieren Sie Ihren Nutzernamen oder Ihren "
    "Token bzw. das Passwort.)"
)


@dataclass(frozen=True)
class Scripted:
    """One answer. length: a wrong Content-Length; silent: it never comes."""

    body: bytes = b""
    http: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    silent: bool = False


@dataclass(frozen=True)
class Asked:
    """A request that came in. path: below the service's address."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str]
    raw: str


@dataclass
class Server:
    """Where the service is, and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


def packed(data: bytes = FLAT) -> bytes:
    """A flat delivery as it comes: one file in a ZIP, named after the time of the request."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{NUMBER}_1773175772751_de_flat.csv"), data)
    return buffer.getvalue()


def status(code: int, text: str, http: int = 200, **more: Any) -> Scripted:
    """A status in its envelope; `more` are parts of the envelope, such as List."""
    body = {
        "Ident": {"Service": "data", "Method": "tablefile"},
        "Status": {"Code": code, "Content": text, "Type": "Information"},
        "Parameter": {"username": "********************", "password": "********************"},
        "Object": None,
        "List": None,
        **more,
    }
    return Scripted(json.dumps(body, ensure_ascii=False).encode(), http, JSON)


def bare(code: int, text: str, http: int) -> Scripted:
    """A status without an envelope, as refused credentials are answered."""
    body = {"Code": code, "Content": text, "Type": "ERROR"}
    return Scripted(json.dumps(body, ensure_ascii=False).encode(), http, JSON)


JSON = {"Content-Type": "application/json;charset=UTF-8"}
ZIP = {"Content-Type": "application/zip", "Content-Disposition": "attachment; filename=x.zip"}
CSV = {"Content-Type": "text/csv"}

CATALOGUED = status(0, "erfolgreich", List=[{"Code": NUMBER, "Content": "Erfundene Tabelle"}])
READY = status(0, "erfolgreich", List=[{"Code": JOB, "Content": "Erfundene Tabelle"}])
NOT_READY = status(104, NOTHING)


@contextmanager
def serving(*script: Scripted) -> Iterator[Server]:
    """Answer one request after the other with `script`, the last one as often as it is asked."""
    silence = threading.Event()
    rest = list(script)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            with lock:
                server.asked.append(
                    Asked(
                        self.command,
                        self.path.removeprefix("/rest/2020/"),
                        dict(self.headers),
                        dict(parse_qsl(raw, keep_blank_values=True)),
                        raw,
                    )
                )
                answer = rest.pop(0) if len(rest) > 1 else rest[0]
            if answer.silent:
                silence.wait(60)
                return
            self.send_response_only(answer.http)
            length = len(answer.body) if answer.length is None else answer.length
            headers = {"Date": DATE, "Content-Length": str(length), **answer.headers}
            for name, value in headers.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server = Server(f"http://127.0.0.1:{listener.server_port}/rest/2020/")
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            silence.set()
            listener.shutdown()
            thread.join()
