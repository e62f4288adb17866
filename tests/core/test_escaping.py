"""Text of data in Markdown: shown as it is, whatever is in it."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kreisheft.core.escaping import plain

SIGNS = "ab1 .-+#=*_`~[](){}<>&$|!\\\"'\N{LATIN SMALL LETTER A WITH DIAERESIS}"


def shown(text: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(plain(text))


@given(st.text(alphabet=SIGNS, min_size=1, max_size=30).filter(str.strip))
def test_any_text_is_one_paragraph_that_shows_its_signs(text: str) -> None:
    [inner] = re.findall(r"\A<p>(.*)</p>\n\Z", shown(text), re.DOTALL)

    assert "<" not in inner
    assert unescape(inner) == " ".join(text.split())


@pytest.mark.parametrize("text", ["Arbeitslosenquote", "SGB-II-Quote (Kinder)", "50 % und mehr"])
def test_ordinary_titles_stay_as_they_are(text: str) -> None:
    assert plain(text) == text
