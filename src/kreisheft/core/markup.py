"""HTML as a type of its own: text becomes `Markup` by being escaped, and in no other way.

In: text, and `Markup` that is finished. Out: `Markup`. What takes finished HTML says so in its
signature, and mypy refuses a plain ``str``; joining strings or an f-string gives a plain ``str``.
``Markup("...")`` is for literals: a test finds every call with anything else.
"""

import html
from collections.abc import Iterable
from typing import Any, Self

import markupsafe

#: What an attribute may be.
Value = str | float | None
#: Elements that have no end.
VOID = frozenset(("br", "hr", "img", "input"))
#: Elements of a drawing that end in themselves where they are empty.
SHAPES = frozenset(("circle", "path"))


class Markup(markupsafe.Markup):
    """Finished HTML. Its methods (`format`, `join`, ``+``) escape every argument that is text."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        """Escape as the standard library does: its ``&quot;`` and ``&#x27;`` stand in all pages."""
        return cls(s if hasattr(s, "__html__") else html.escape(str(s)))


def element(name: str, /, *contents: str, **attributes: Value) -> Markup:
    """Write an element; contents that are text are escaped, attributes always.

    attributes: in the order given. ``class_`` is ``class``, ``aria_label`` is ``aria-label``; True
    is a name without a value, None or False is none at all.
    """
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}"
    if name in VOID:
        return Markup(f"{start}>")
    if name in SHAPES and not contents:
        return Markup(f"{start}/>")
    return Markup(f"{start}>{joined(contents)}</{name}>")


def link(address: str, /, *contents: str, **attributes: Value) -> Markup:
    """Write an element ``a`` that leads to `address`."""
    return element("a", *contents, href=address, **attributes)


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Join parts, escaping those that are text, and so what stands between them."""
    return Markup.escape(between).join(parts)


def filled(text: str, **values: object) -> Markup:
    """Fill the places ``{name}`` of a text with text or markup; all that is text is escaped."""
    return Markup.escape(text).format(**values)


def bullet_list(items: Iterable[str], **attributes: Value) -> Markup:
    """Write a list with one item per part."""
    return element("ul", *(element("li", item) for item in items), **attributes)


def definition_list(rows: Iterable[tuple[str, str]]) -> Markup:
    """Write a list of names and what they are, without those of which nothing is said."""
    said = (element("dt", name) + element("dd", text) for name, text in rows if text)
    return element("dl", *said)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    # Markup too: what is fit to stand between elements may hold quotation marks.
    name, text = key.rstrip("_").replace("_", "-"), html.escape(str(value))
    return f" {name}" if value is True else f' {name}="{text}"'
