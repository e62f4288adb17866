"""Show a built site on this machine, with the headers that a public web server should send.

In: the folder of a site. Only this machine can reach it. A folder without a start page is not
listed, and nothing outside the site's folder or hidden in it is given out.
"""

import io
import os
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from socketserver import BaseServer
from typing import BinaryIO

from kreisheft.book import content_policy
from kreisheft.core.errors import UsageError

LOOPBACK = "127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    """Gives out files with `content_policy.HEADERS`."""

    # HTTP/1.1 keeps a connection open: a page with twenty files needs one.
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }

    def __init__(
        self,
        request: socket,
        client_address: tuple[str, int],
        server: BaseServer,
        *,
        directory: str,
        types: Mapping[str, str],
    ) -> None:
        self.extensions_map = {**self.extensions_map, **types}
        super().__init__(request, client_address, server, directory=directory)

    def end_headers(self) -> None:
        """Every answer has them, refusals too."""
        for name, value in content_policy.HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Refuse what is hidden: notes of a build, files of git."""
        if any(part.startswith(".") for part in self.path.split("?")[0].split("/")):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """No list of files: readers find everything from the start page."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def version_string(self) -> str:
        """Only what it is, not which version of what."""
        return "kreisheft"

    def log_message(self, *_: object) -> None:
        """Whoever looks at pages needs no line for each file."""


def make_server(folder: Path, port: int, types: Mapping[str, str]) -> ThreadingHTTPServer:
    """Return a server of the site in `folder`, bound already; port 0 takes a free one.

    types: what files with further endings are called, by ending with its point.

    Raises UsageError if there is no site, or if the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise UsageError(f"no site in {folder}; make one with: kreisheft build recklinghausen")
    try:
        return ThreadingHTTPServer(
            (LOOPBACK, port), partial(Handler, directory=str(folder), types=types)
        )
    except OSError as error:
        raise UsageError(f"port {port}: {error.strerror}; take another one with --port") from None
