"""Executed notebooks and written pages as blocks of a manuscript.

In: an executed notebook, or Markdown as the book's pages are written in. Out: blocks. What only a
screen can use (forms, buttons, scripts, what is hidden) is left out, and so are links to other
pages; their words stay.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from lxml import html
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.substitution import substitution_plugin

from kreisheft.papers.manuscript import (
    Block,
    Box,
    Chart,
    Heading,
    Items,
    Paragraph,
    Run,
    Sheet,
    Terms,
    Text,
    read,
)

#: What paper has no use for.
SILENT = frozenset(
    (
        *("script", "style", "template", "noscript", "svg", "nav", "dialog", "form"),
        *("button", "input", "select", "option", "datalist"),
    )
)
#: Classes of what only a screen shows.
SCREEN = frozenset(("d-print-none", "kh-ansicht", "kh-nur-bildschirm"))
INLINE = frozenset(
    (
        *("a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "label", "mark"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var", "dfn", "wbr"),
    )
)
STYLES = {
    "kh-satz": "lead",
    "kh-frage": "question",
    "kh-leer": "note",
    "kh-hinweis": "note",
    "kh-quelle": "source",
}
BOXES = ("kh-parameter",)
DIRECTIVE = re.compile(r"\{([\w-]+)\}")


def notebook(path: Path) -> tuple[Block, ...]:
    """Prose and outputs of an executed notebook, in order."""
    found: list[Block] = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            found += markdown("".join(cell["source"]))
        for output in cell.get("outputs", []):
            found += fragment("".join(output.get("data", {}).get("text/html", "")))
    return tuple(found)


def markdown(text: str) -> tuple[Block, ...]:
    """A written page; ``{{ names }}`` are filled in before."""
    return fragment(_reader().render(text))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable("table")
    plugins = (colon_fence_plugin, deflist_plugin, front_matter_plugin, myst_block_plugin)
    for plugin in (*plugins, substitution_plugin):
        reader.use(plugin)
    # mypy knows the method's type for one class of renderers only.
    reader.add_render_rule("colon_fence", _directive)
    reader.add_render_rule("myst_target", _unseen)
    return reader


def _directive(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A directive of MyST: a glossary is its list, everything else a box."""
    name = DIRECTIVE.match(tokens[index].info.strip())
    content = tokens[index].content
    if name and name[1] == "glossary":
        return _glossary(content)
    return f'<div class="{BOXES[0]}">{_reader().render(content)}</div>'


def _unseen(*_: Any) -> str:
    """Paper has no use for the anchor of a link."""
    return ""


def _glossary(content: str) -> str:
    """A list of terms as Sphinx reads it: a line per term, below it indented what it means."""
    entries: list[tuple[str, list[str]]] = []
    for line in content.splitlines():
        if line[:1].strip():
            entries.append((line, []))
        elif entries:
            entries[-1][1].append(line)
    told = [(_reader().renderInline(t), _reader().render(dedent("\n".join(d)))) for t, d in entries]
    return f"<dl>{''.join(f'<dt>{term}</dt><dd>{text}</dd>' for term, text in told)}</dl>"


def fragment(markup: str) -> tuple[Block, ...]:
    """A piece of HTML."""
    if not markup.strip():
        return ()
    return tuple(_blocks(html.fragment_fromstring(f"<div>{markup}</div>")))


def _blocks(parent: Any) -> Iterator[Block]:
    """Blocks of an element; text between them becomes paragraphs."""
    loose: list[Run] = _runs_of(parent.text)
    for node in parent:
        if _is_shown(node):
            if node.tag in INLINE:
                loose += _runs(node)
            else:
                yield from _loose(loose)
                loose = []
                yield from _block(node)
        loose += _runs_of(node.tail)
    yield from _loose(loose)


def _block(node: Any) -> Iterator[Block]:
    classes = set((node.get("class") or "").split())
    tag = node.tag
    if re.fullmatch(r"h[1-6]", tag):
        yield Heading(int(tag[1]), _plain(node))
    elif tag in ("p", "figcaption", "summary", "legend", "caption"):
        style = next((STYLES[c] for c in sorted(classes) if c in STYLES), "")
        yield from _loose(_inside(node), style)
    elif tag in ("ul", "ol"):
        items = tuple(tuple(_blocks(item)) for item in node if item.tag == "li")
        yield Items(tuple(item for item in items if item), ordered=tag == "ol")
    elif tag == "dl":
        yield Terms(tuple(_terms(node)))
    elif tag == "table":
        yield _sheet(node)
    elif "kh-chart" in classes:
        yield from _chart(node)
    elif classes & set(BOXES) or tag == "blockquote":
        yield Box(tuple(_blocks(node)))
    elif tag == "details":
        yield from _opened(node)
    elif tag == "figure":
        yield from _figure(node)
    elif tag == "hr":
        return
    else:
        yield from _blocks(node)


def _opened(node: Any) -> list[Block]:
    """What opens on a screen; its line goes where it only repeats the caption of a table."""
    found = list(_blocks(node))
    captions = {b.caption for b in found if isinstance(b, Sheet)}
    repeated = isinstance(found[0], Paragraph) and read(found[0].text) in captions if found else 0
    return found[1:] if repeated else found


def _figure(node: Any) -> list[Block]:
    """Sentence, drawing, table, source: on paper the drawing comes before its figures."""
    found = list(_blocks(node))
    tables = [i for i, b in enumerate(found) if isinstance(b, Sheet)]
    charts = [b for b in found if isinstance(b, Chart)]
    if not tables:
        return found
    rest = [b for b in found if not isinstance(b, Chart)]
    return [*rest[: tables[0]], *charts, *rest[tables[0] :]]


def _is_shown(node: Any) -> bool:
    if not isinstance(node.tag, str) or node.tag in SILENT or node.get("hidden") is not None:
        return False
    return not SCREEN & set((node.get("class") or "").split())


def _chart(node: Any) -> Iterator[Chart]:
    for picture in node.iter("img"):
        key = picture.get("data-bild")
        if key:
            figure = next(node.iterancestors("figure"), None)
            captions = [] if figure is None else [_plain(c) for c in figure.iter("caption")]
            alt = _squeezed(picture.get("alt") or "")
            yield Chart(key, alt, captions[0] if captions else alt)


def _sheet(node: Any) -> Sheet:
    caption = next((_plain(c) for c in node.iter("caption")), "")
    rows = [[c for c in row if c.tag in ("th", "td")] for row in node.iter("tr")]
    heads, body = (rows[0], rows[1:]) if rows else ([], [])
    width = max(map(len, rows), default=0)
    numbers = [False] * width
    for row in rows:
        for i, cell in enumerate(row):
            numbers[i] |= "kh-zahl" in (cell.get("class") or "").split()
    filled = [tuple(_plain(c) for c in row) + ("",) * (width - len(row)) for row in body]
    return Sheet(caption, tuple(_plain(c) for c in heads), tuple(filled), tuple(numbers))


def _terms(node: Any) -> Iterator[tuple[Text, tuple[Block, ...]]]:
    """Pairs of term and description; a group of them may stand in a div."""
    term: list[Run] = []
    told: list[Block] = []
    for part in node.iter("dt", "dd"):
        if part.getparent() is not node and part.getparent().getparent() is not node:
            continue
        if part.tag == "dt":
            if told:
                yield tuple(term), tuple(told)
                term, told = [], []
            term += [*([Run(", ")] if term else []), *_inside(part)]
        else:
            told += _blocks(part)
    if term or told:
        yield tuple(term), tuple(told)


def _loose(runs: Iterable[Run], style: str = "") -> Iterator[Paragraph]:
    text = _trimmed(runs)
    if text:
        yield Paragraph(text, style)


def _trimmed(runs: Iterable[Run]) -> Text:
    """Runs with single blanks, none at the ends, pieces of the same looks as one."""
    found: list[Run] = []
    for run in runs:
        before = found[-1] if found else None
        text = run.text
        if before is None or before.text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if not text:
            continue
        if before and (before.bold, before.italic, before.href) == (run.bold, run.italic, run.href):
            found[-1] = Run(before.text + text, run.bold, run.italic, run.href)
        else:
            found.append(Run(text, run.bold, run.italic, run.href))
    if found:
        last = found[-1]
        found[-1] = Run(last.text.rstrip(), last.bold, last.italic, last.href)
    return tuple(run for run in found if run.text)


def _inside(node: Any) -> list[Run]:
    """Runs of an element's content, for elements that hold text only."""
    found = _runs_of(node.text)
    for child in node:
        if _is_shown(child):
            found += _runs(child)
        found += _runs_of(child.tail)
    return found


def _runs(node: Any) -> list[Run]:
    if node.tag == "br":
        return [Run("\n")]
    address = node.get("href") or ""
    address = address if address.startswith(("https://", "http://", "mailto:")) else ""
    bold, italic = node.tag in ("strong", "b"), node.tag in ("em", "i", "cite")
    return [
        Run(r.text, r.bold or bold, r.italic or italic, r.href or address) for r in _inside(node)
    ]


def _runs_of(text: str | None) -> list[Run]:
    squeezed = re.sub(r"[ \t\r\n]+", " ", text or "")
    return [Run(squeezed)] if squeezed else []


def _plain(node: Any) -> str:
    return _squeezed("".join(run.text for run in _inside(node)))


def _squeezed(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()
