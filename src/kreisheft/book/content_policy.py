"""What a page may do in a reader's browser: the Content-Security-Policy and what it forbids.

In: finished HTML of an edition or of an entry page. Out: the same with the policy in its head, and
a list of what the policy would block. A page with an inline script is not made to work, it fails:
a script that nobody wrote into ``book/assets`` came in through a text.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

#: `self` covers file:// in Chromium too, so one policy serves the web and a folder on a stick.
#: No unsafe-eval (Vega reads expressions with its interpreter), no unsafe-inline, not even a hash.
#: frame-ancestors has no effect in a page and belongs into the headers of the web server.
DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # the theme's style sheet has its arrows as data
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
)
TAG = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(DIRECTIVES)}">'
#: What a web server sends with every file; docs/publishing.md has them for three servers. Only a
#: header can say who may frame a page.
HEADERS = {
    "Content-Security-Policy": "; ".join((*DIRECTIVES, "frame-ancestors 'self'")),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # A browser asks whether a file is still the same; without this it guesses.
    "Cache-Control": "no-cache",
}
#: It holds for what follows it, so it stands before everything that loads.
HEAD = re.compile(r"<meta charset=\"?[\w-]+\"? ?/?>", re.IGNORECASE)
#: A block of data, not a program.
DATA = ("application/json", "application/ld+json")
#: Attributes that hold an address.
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset")
#: Elements that fetch what their address names.
LOADING = ("script", "img", "link", "source", "video", "audio", "track", "input")
FOREIGN = ("iframe", "object", "embed", "base", "frame", "applet", "portal")


def add_policy(page: str) -> str:
    """Return the page with the policy as the first thing after its encoding, once."""
    return page if TAG in page else HEAD.sub(lambda m: f"{m[0]}\n    {TAG}", page, count=1)


def find_faults(page: str) -> list[str]:
    """List what the policy would block in the page, and elements that no text may contain."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    missing = [] if TAG in page else ["has no Content-Security-Policy"]
    return missing + reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.found += _check_element(tag, attributes)
        self.found += _check_attributes(tag, attributes)

    handle_startendtag = handle_starttag

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks for them, and it takes a tenth of the time."""
        return j


def _check_element(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag == "script" and "src" not in attributes and attributes.get("type") not in DATA:
        yield "has a script inside the page"
    if tag == "style":
        yield "has a style sheet inside the page"
    if tag in FOREIGN:
        yield f"has <{tag}>"


def _check_attributes(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        if name.startswith("on"):
            yield f"<{tag}> has the script {name}"
        elif name == "style":
            yield f"<{tag}> has a style of its own"
        elif name in ADDRESSES:
            # Browsers read over blanks and control characters in the name of a scheme.
            scheme = re.sub(r"[\x00-\x20]", "", value).lower()
            if scheme.startswith(("javascript:", "vbscript:")):
                yield f"<{tag}> leads to a script"
            elif tag in LOADING and urlsplit(value).netloc:
                yield f"<{tag}> loads from {urlsplit(value).netloc}"
