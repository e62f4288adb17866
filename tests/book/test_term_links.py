"""Terms linked where they stand: once a page, in prose only, the longest name first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.book import term_links


def term(anchor: str, *names: str, unless: tuple[str, ...] = ()) -> dict[str, object]:
    return {"anchor": anchor, "names": names, "sentence": f"Satz <{anchor}>.", "unless": unless}


TERMS = term_links.prepare(
    [
        term("quote", "Quote"),
        term("sgb", "SGB II"),
        term("quote-sgb", "SGB-II-Quote", "Quote nach SGB II"),
        term("stand", "Stand", unless=("Stand der Dinge",)),
        term("auslaender", "Ausländerin", "Ausländer"),
    ]
)


def page(body: str) -> str:
    return f'<html><body><article class="bd-article">{body}</article><p>Quote</p></body></html>'


def linked(body: str, address: str = "arbeit/gesamt") -> list[str]:
    found = term_links.add_links(page(body), address, TERMS)
    return re.findall(r'class="kh-begriff"[^>]*>([^<]*)</a>', found)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Die Quote und die Quoten.</p>", ["Quote"]),
        ("<p>Quoten, <em>Ausländern</em>.</p>", ["Quoten", "Ausländern"]),
        ("<p>Die SGB-II-Quote.</p>", ["SGB-II-Quote"]),
        ("<p>Quote nach SGB II</p>", ["Quote nach SGB II"]),
        ("<p>Arbeitslosenquote, Quotenregelung, Quote-X</p>", []),
        ("<p>Stand der Dinge</p><p>am Stand</p>", ["Stand"]),
        ("<h2>Quote</h2><p><a href='x'>Quote</a></p>", []),
        ("<figure><p>Quote</p></figure><table><tr><td>Quote</td></tr></table>", []),
        ('<script type="application/json">{"a":"Quote"}</script><!-- Quote -->', []),
        ('<p title="Quote">x</p>', []),
    ],
)
def test_a_term_is_linked_once_in_prose(body: str, words: list[str]) -> None:
    assert linked(body) == words


@pytest.mark.parametrize("address", ["begriffe", "angebote"])
def test_some_pages_stay_as_they_are(address: str) -> None:
    assert linked("<p>Quote</p>", address) == []


def test_link_and_sentence_fit_the_depth_of_the_page_and_are_escaped() -> None:
    found = term_links.add_links(page("<p>Quote</p>"), "arbeit/gesamt", TERMS)

    assert 'href="../begriffe.html#quote" aria-describedby="e-quote"' in found
    assert 'id="e-quote" hidden>Satz &lt;quote&gt;.</span>' in found
    assert found.count('<script defer src="../_static/begriffe.js"></script>') == 1
    assert found.endswith(
        '<p>Quote</p><script defer src="../_static/begriffe.js"></script>\n</body></html>'
    )


def test_without_terms_a_page_loads_no_script() -> None:
    assert term_links.add_links(page("<p>x</p>"), "arbeit/gesamt", TERMS) == page("<p>x</p>")
    assert term_links.add_links(page("Quote"), "a", term_links.prepare([])) == page("Quote")


@given(st.lists(st.sampled_from(["Quote", "SGB II", " ", "<b>", "</b>", "&amp;", "Stand"])))
def test_nothing_of_a_page_is_lost(parts: list[str]) -> None:
    body = "".join(parts)
    found = term_links.add_links(page(body), "arbeit/gesamt", TERMS)
    plain = re.sub(
        r'<span class="kh-erklaerung".*?</span>|</?a\b[^>]*>|<script.*</script>\n', "", found
    )

    assert plain == page(body)
