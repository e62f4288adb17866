"""The server for this machine and those of docs/publishing.md: the same headers everywhere."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest
from frames import ROOT

from kreisheft.book import content_policy, serve
from kreisheft.core.errors import UsageError

GUIDE = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")


def block(language: str, containing: str = "") -> str:
    found = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return next(text for text in found if containing in text)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shown = ("index.html", "a/index.html", "b/x.js", "b/x.new", "b/chart.svg")
    for name in (*shown, ".geheim", "b/.x/y.txt"):
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "aussen.txt").write_text("outside")
    return tmp_path / "site"


@pytest.fixture
def asked(site: Path) -> Iterator[HTTPConnection]:
    with serve.make_server(site, 0, {".new": "text/new"}) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        yield connection
        connection.close()
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/a/", 200, "text/html; charset=utf-8"),
        ("/b/x.js", 200, "text/javascript; charset=utf-8"),
        ("/b/chart.svg", 200, "image/svg+xml"),
        ("/b/x.new", 200, "text/new"),
        ("/b/", 404, "text/html;charset=utf-8"),
        ("/.geheim", 404, "text/html;charset=utf-8"),
        ("/b/.x/y.txt", 404, "text/html;charset=utf-8"),
        ("/../aussen.txt", 404, "text/html;charset=utf-8"),
        ("/%2e%2e/aussen.txt", 404, "text/html;charset=utf-8"),
    ],
)
def test_every_answer_has_the_headers_and_only_the_site_is_given_out(
    asked: HTTPConnection, path: str, status: int, kind: str
) -> None:
    asked.putrequest("GET", path, skip_accept_encoding=True)
    asked.endheaders()
    answer = asked.getresponse()
    text = answer.read()

    assert (answer.status, answer.headers["Content-Type"]) == (status, kind)
    assert {name: answer.headers[name] for name in content_policy.HEADERS} == content_policy.HEADERS
    assert answer.headers["Server"] == "kreisheft"
    assert b"outside" not in text


def test_only_this_machine_is_served(site: Path) -> None:
    with serve.make_server(site, 0, {}) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_without_a_site_or_a_free_port_the_command_says_what_next(site: Path) -> None:
    with pytest.raises(UsageError, match="make one with: kreisheft build"):
        serve.make_server(site / "a/nowhere", 0, {})
    with (
        serve.make_server(site, 0, {}) as server,
        pytest.raises(UsageError, match="take another one"),
    ):
        serve.make_server(site, server.server_port, {})


# --- the guide ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nginx", "apache", "caddy"])
def test_the_guide_sends_the_same_headers(language: str) -> None:
    text = block(language)
    missing = [
        name
        for name, value in content_policy.HEADERS.items()
        if name != "Cache-Control" and f'{name} "{value}"' not in text
    ]

    assert missing == []
    assert "Cache-Control" in text
    assert "immutable" in text


@pytest.mark.skipif(not shutil.which("rsync"), reason="no rsync here")
def test_a_deploy_swaps_the_whole_site_and_can_be_taken_back(site: Path, tmp_path: Path) -> None:
    script, target = tmp_path / "deploy.sh", tmp_path / "srv"
    script.write_text(block("sh", "deploy.sh"))
    target.mkdir()

    for text in ("one", "two"):
        (site / "index.html").write_text(text)
        subprocess.run(["sh", str(script), str(site), str(target)], check=True)

    assert sorted(p.name for p in target.iterdir()) == ["0001", "0002", "now"]
    assert (target / "now/index.html").read_text() == "two"
    assert (target / "0001/index.html").read_text() == "one"
    unchanged = [target / number / "b/x.js" for number in ("0001", "0002")]
    assert len({path.stat().st_ino for path in unchanged}) == 1
    back = (
        block("sh", "now.next &&").replace("0007", "0001").replace("/srv/integration", str(target))
    )
    subprocess.run(["sh", "-c", back], check=True)
    assert (target / "now/index.html").read_text() == "one"
