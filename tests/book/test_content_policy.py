"""What a page may do: the policy stands first, and what it forbids is found before publishing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.book import content_policy

HEAD = '<html><head><meta charset="utf-8" /><script src="a.js"></script></head>'


def page(body: str) -> str:
    return content_policy.add_policy(f"{HEAD}<body>{body}</body></html>")


def test_the_policy_stands_before_everything_that_loads() -> None:
    made = page("")

    assert made.index("utf-8") < made.index("Content-Security-Policy") < made.index("<script")


def test_applied_twice_it_stands_there_once() -> None:
    assert content_policy.add_policy(page("x")) == page("x")


@pytest.mark.parametrize("word", ["unsafe", "http", "*", "blob:"])
def test_the_policy_has_no_hole(word: str) -> None:
    assert word not in " ".join(content_policy.DIRECTIVES)


@pytest.mark.parametrize(
    "body",
    [
        '<p class="x">Text</p><a href="https://www.destatis.de">Quelle</a>',
        '<script type="application/json" data-for="c">{"a": "onload=1"}</script>',
        '<script defer src="../_static/charts.js"></script>',
        '<img src="charts/chart-0.svg" alt="&lt;script&gt;">',
        '<a href="daten/arbeit.csv">CSV</a><form action="search.html"></form>',
    ],
)
def test_what_the_book_is_made_of_is_allowed(body: str) -> None:
    assert content_policy.find_faults(page(body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>alert(1)</script>", "has a script inside the page"),
        ("<script type=module>alert(1)</script>", "has a script inside the page"),
        ('<img src=x onerror="alert(1)">', "<img> has the script onerror"),
        ("<svg/onload=alert(1)>", "<svg> has the script onload"),
        ('<a href="java\nscript:alert(1)">', "<a> leads to a script"),
        ('<a href="&#106;avascript:alert(1)">', "<a> leads to a script"),
        ('<p style="color:red">', "<p> has a style of its own"),
        ("<style>p{}</style>", "has a style sheet inside the page"),
        ("<iframe src=x></iframe>", "has <iframe>"),
        ("<base href=/>", "has <base>"),
        ('<script src="https://cdn.example/x.js">', "<script> loads from cdn.example"),
        ('<img src="//cdn.example/x.png">', "<img> loads from cdn.example"),
    ],
)
def test_what_the_policy_blocks_is_named(body: str, fault: str) -> None:
    assert content_policy.find_faults(page(body)) == [fault]


def test_a_page_without_policy_is_named() -> None:
    assert content_policy.find_faults(HEAD) == ["has no Content-Security-Policy"]


@given(st.text())
def test_any_text_that_is_escaped_is_only_text(text: str) -> None:
    from html import escape

    assert content_policy.find_faults(page(f'<p title="{escape(text)}">{escape(text)}</p>')) == []
