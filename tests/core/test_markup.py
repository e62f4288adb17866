"""HTML as a type: what is text is escaped, what is markup is not, and nothing else writes any."""

import json

from kreisheft.core.markup import (
    Markup,
    bullet_list,
    definition_list,
    element,
    fill_in,
    join,
    link,
)


def test_text_in_an_element_is_escaped_and_markup_is_not() -> None:
    inner = element("b", "a < b")
    assert element("p", inner, " & c") == "<p><b>a &lt; b</b> &amp; c</p>"


def test_quotation_marks_are_escaped_as_the_standard_library_does() -> None:
    assert Markup.escape("\"'") == "&quot;&#x27;"
    assert Markup("{} {x}").format("'", x='"') == "&#x27; &quot;"
    assert Markup("") + "'" == "&#x27;"


def test_attributes_stand_in_the_order_given_under_their_names_in_html() -> None:
    made = element("td", class_="x", data_kopf="y", aria_label="z", viewBox="0 0")
    assert made == '<td class="x" data-kopf="y" aria-label="z" viewBox="0 0"></td>'


def test_true_is_an_attribute_without_value_and_none_or_false_is_no_attribute() -> None:
    assert element("p", hidden=True, lang=None, inert=False) == "<p hidden></p>"


def test_nought_and_empty_text_are_values() -> None:
    assert element("p", tabindex=0, title="") == '<p tabindex="0" title=""></p>'


def test_markup_in_an_attribute_cannot_end_it() -> None:
    made = element("p", title=Markup('<q lang="de">'))
    assert made == '<p title="&lt;q lang=&quot;de&quot;&gt;"></p>'


def test_an_element_without_content_has_an_end_unless_html_knows_none() -> None:
    assert element("ul") + element("br") + element("img", alt="") == '<ul></ul><br><img alt="">'


def test_a_shape_ends_in_itself_unless_it_has_a_title() -> None:
    assert element("path", d="M0 0") == '<path d="M0 0"/>'
    assert element("path", element("title", "a")) == "<path><title>a</title></path>"


def test_parts_and_what_stands_between_them_are_escaped() -> None:
    assert join(["<", element("br")], " & ") == "&lt; &amp; <br>"


def test_a_text_with_places_takes_markup_and_escapes_itself_and_all_other_text() -> None:
    made = fill_in("{title} & {day}", title=element("b", "x"), day="<1>")
    assert made == "<b>x</b> &amp; &lt;1&gt;"


def test_a_link_names_its_address_first() -> None:
    assert link("a?b&c", "d", download=True) == '<a href="a?b&amp;c" download>d</a>'


def test_a_list_has_an_item_per_part() -> None:
    assert bullet_list(["<", "b"], class_="k") == '<ul class="k"><li>&lt;</li><li>b</li></ul>'


def test_a_definition_of_which_nothing_is_said_is_left_out() -> None:
    rows = [("a", "<"), ("b", ""), ("c", element("q", "d"))]
    assert definition_list(rows) == "<dl><dt>a</dt><dd>&lt;</dd><dt>c</dt><dd><q>d</q></dd></dl>"


def test_a_notebook_keeps_markup_as_any_text() -> None:
    assert json.dumps({"text/html": element("p", "ä")}, ensure_ascii=False) == (
        '{"text/html": "<p>ä</p>"}'
    )
