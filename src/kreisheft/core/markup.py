"""HTML as a type of its own: text becomes `Markup` by being escaped, and in no other way.

In: text, and `Markup` that is finished. Out: `Markup`. What takes finished HTML says so in its
signature, and mypy refuses a plain ``str``; joining strings or an f-string gives a plain ``str``.
``Markup("...")`` is for literals: a test finds every call with anything else.
"""

import html
from collections.abc import Iterable
from functools import cache
from typing import Self

import markupsafe

#: What an attribute may be.
Value = str | float | bool | None
#: Elements that have no end.
VOID = frozenset(("br", "hr", "img", "input"))
#: Elements of a drawing that end in themselves where they are empty.
SHAPES = frozenset(("circle", "path"))


class Markup(markupsafe.Markup):
    """Finished HTML. Its methods (`format`, `join`, ``+``) escape every argument that is text."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: object, /) -> Self:
        """Escape as the standard library does: its ``&quot;`` and ``&#x27;`` stand in all pages."""
        return str.__new__(cls, _escape(s))


def element(name: str, /, *contents: str, **attributes: Value) -> Markup:
    """Write an element; contents that are text are escaped, attributes always.

    attributes: in the order given. ``class_`` is ``class``, ``aria_label`` is ``aria-label``; True
    is a name without a value, None or False is none at all.
    """
    start = f"<{name}{''.join([_attribute(key, value) for key, value in attributes.items()])}"
    if name in VOID:
        return _trust(f"{start}>")
    if name in SHAPES and not contents:
        return _trust(f"{start}/>")
    return _trust(f"{start}>{''.join(map(_escape, contents))}</{name}>")


def link(address: str, /, *contents: str, **attributes: Value) -> Markup:
    """Write an element ``a`` that leads to `address`."""
    return element("a", *contents, href=address, **attributes)


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Join parts, escaping those that are text, and so what stands between them."""
    return _trust(_escape(between).join(map(_escape, parts)))


def fill_in(text: str, **values: object) -> Markup:
    """Fill the places ``{name}`` of a text with text or markup; all that is text is escaped."""
    return Markup.escape(text).format(**values)


def bullet_list(items: Iterable[str], **attributes: Value) -> Markup:
    """Write a list with one item per part."""
    return element("ul", *(element("li", item) for item in items), **attributes)


def definition_list(rows: Iterable[tuple[str, str]]) -> Markup:
    """Write a list of names and what they are, without those of which nothing is said."""
    entries = (element("dt", name) + element("dd", text) for name, text in rows if text)
    return element("dl", *entries)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {_name(key)}"
    # Markup too: what is fit to stand between elements may hold quotation marks.
    return f' {_name(key)}="{html.escape(str(value))}"'


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _escape(part: object) -> str:
    # Most is text; to ask each for `__html__` and make markup of it takes ten times as long.
    if type(part) is str:
        return html.escape(part)
    return str.__str__(part) if isinstance(part, markupsafe.Markup) else html.escape(str(part))


def _trust(text: str) -> Markup:
    return str.__new__(Markup, text)
