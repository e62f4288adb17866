"""A browser for tests: what a page asks for, complains about and is forbidden is written down."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Even a request by mistake leaves no trace elsewhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass
class Watched:
    """What a page did that it must not do."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that tests/chromium.sh has made sure of."""
    names = [os.environ.get("KREISHEFT_CHROMIUM", ""), *NAMES]
    binary = next((path for name in names if name and (path := shutil.which(name))), None)
    if binary is None:
        pytest.fail("no Chromium: run  sh tests/chromium.sh  or leave out -m browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=binary, args=list(OPTIONS))
        yield browser
        browser.close()


@contextmanager
def watched(
    browser: Browser, width: int = 1280, scheme: str = "light", script: bool = True, **more: Any
) -> Iterator[Watched]:
    """Open a page that may only read own files, and write down everything else it tries."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="de-DE",
        **more,
    )
    page = context.new_page()
    seen = Watched(page)

    def note(request: Request) -> None:
        own = ("file:", "data:", "blob:", "http://127.0.0.1:")
        if not request.url.startswith(own):
            seen.foreign.append(request.url)

    def failed(request: Request) -> None:
        # What is still under way is given up when the test goes on to the next page.
        if request.failure != "net::ERR_ABORTED":
            seen.errors.append(f"not loaded: {request.url}")

    # Told by the page itself: a blocked style leaves no trace on the console of every browser.
    page.expose_function("khVerstoss", lambda what: seen.errors.append(f"blocked: {what}"))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (e) => "
        "khVerstoss(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"
    )
    page.on("request", note)
    page.on("requestfailed", failed)
    loud = ("error", "warning")
    page.on("console", lambda m: seen.errors.append(m.text) if m.type in loud else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    yield seen
    context.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; the address ends without a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
