"""Links by which readers write about a page or a figure: an e-mail that is begun already.

In: a finished page and what the mail says, as `settings` gives it. Out: the page with a link in its
footer and one below each figure; unchanged where params names no address. The mail names figure,
edition and address; ``book/assets/hinweis.js`` adds the view that the reader has chosen.
"""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import quote

from kreisheft.core.markup import Markup, element, link

#: What the mail says, in a staged edition; not published by itself.
FILE = "feedback.json"
FIGURE = re.compile(r'(<figure class="kh-figure" id="([^"]+)">)(.*?)(</figure>)', re.DOTALL)
CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
FOOTER = '<ul class="kh-fusslinks'
SCRIPT = '<script defer src="{up}_static/hinweis.js"></script>\n'


def settings(
    texts: Mapping[str, str], publisher: Mapping[str, str], kreis: str, edition: str, folder: str
) -> dict[str, str]:
    """What a mail of this edition says; empty if nobody wants mail.

    texts: ``feedback`` of ``data/catalogue/erklaerung.yml``. folder: where the edition lies.
    """
    if "feedback" not in publisher:
        return {}
    return {**texts, "to": publisher["feedback"], "kreis": kreis, "edition": edition, "at": folder}


def add_links(page: str, address: str, words: Mapping[str, str]) -> str:
    """Return the page at `address` (``arbeit/gesamt``) with its links."""
    title_match = TITLE.search(page)
    if not words or not title_match or FOOTER not in page:
        return page
    title = _text(title_match[1])

    def below(match: re.Match[str]) -> str:
        caption = CAPTION.search(match[3])
        name = _text(caption[1]) if caption else match[2]
        mail = _link(words["figure"], title, f"{address}.html#{match[2]}", words, name)
        return f"{match[1]}{match[3]}{mail}{match[4]}"

    page = FIGURE.sub(below, page)
    mail = _link(words["page"], title, f"{address}.html", words)
    page = page.replace(FOOTER, f"{mail}{FOOTER}", 1)
    up = "../" * address.count("/")
    return page.replace("</body>", SCRIPT.format(up=up) + "</body>", 1)


def _link(label: str, title: str, place: str, words: Mapping[str, str], figure: str = "") -> Markup:
    values = {
        "title": title,
        "caption": figure,
        "kreis": words["kreis"],
        "edition": words["edition"],
        "address": f"{words['at']}/{place}",
    }
    lines = [words["ask"], "", "", words["page_line"]]
    lines += [words["figure_line"]] if figure else []
    lines += [words["edition_line"], words["address_line"]]
    subject = words["subject"].format(**{**values, "title": figure or title})
    body = "\r\n".join(line.format(**values) for line in lines)
    # The address has been checked; it is the only part of the link that is not encoded.
    mail = f"mailto:{words['to']}?subject={quote(subject)}&body={quote(body)}"
    spoken = f"{label}: {figure}" if figure else None
    text = link(mail, label, aria_label=spoken, data_ansicht=words["view_line"])
    return element("p", text, class_="kh-hinweis-post d-print-none")


def _text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())
