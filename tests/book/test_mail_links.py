"""Mails about a page or a figure that are begun already, and none where nobody wants any."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from frames import ROOT

from kreisheft.book import content_policy, mail_links
from kreisheft.catalogue import statement

TEXTS = statement.load(ROOT)["feedback"]
WORDS = mail_links.settings(
    TEXTS, {"feedback": "post@beispiel.example"}, "Kreis Beispiel", "2024.1", "beispiel/2024.1"
)
PAGE = """<title>Arbeit &amp; mehr</title><article>
<figure class="kh-figure" id="f-quote"><caption>Quote: &quot;A&quot; &lt;b&gt;</caption>
</figure></article><ul class="kh-fusslinks d-print-none"></ul></body>"""


def mails(page: str) -> list[tuple[str, dict[str, list[str]]]]:
    found = mail_links.add_links(page, "arbeit/gesamt", WORDS)
    links = re.findall(r'<a href="(mailto:[^"]*)"', found)
    parts = [urlsplit(unescape(link)) for link in links]
    return [(part.path, parse_qs(part.query)) for part in parts]


def test_without_an_address_a_page_stays_as_it_is() -> None:
    assert mail_links.settings(TEXTS, {"name": "x"}, "K", "2024.1", "k/2024.1") == {}
    assert mail_links.add_links(PAGE, "arbeit/gesamt", {}) == PAGE


def test_the_mail_about_a_figure_names_figure_edition_and_address() -> None:
    (to, figure), (_, page) = mails(PAGE)

    assert to == "post@beispiel.example"
    assert figure["subject"] == ['Hinweis: Quote: "A" <b>, Ausgabe 2024.1']
    lines = figure["body"][0].split("\r\n")
    assert "Ausgabe: Kreis Beispiel 2024.1" in lines
    assert 'Abbildung: Quote: "A" <b>' in lines
    assert "Adresse: beispiel/2024.1/arbeit/gesamt.html#f-quote" in lines
    assert page["subject"] == ["Hinweis: Arbeit & mehr, Ausgabe 2024.1"]
    assert "Abbildung" not in page["body"][0]


def test_links_break_no_markup_and_the_policy_lets_them_through() -> None:
    found = mail_links.add_links(PAGE, "arbeit/gesamt", WORDS)

    assert content_policy.find_faults(content_policy.TAG + found) == []
    assert (
        'aria-label="Hinweis zu dieser Abbildung per E-Mail: Quote: &quot;A&quot; &lt;b&gt;"'
        in found
    )
    assert found.count("hinweis.js") == 1
