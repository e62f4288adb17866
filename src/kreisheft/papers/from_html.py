"""Executed notebooks and written pages as blocks of a manuscript.

In: an executed notebook, or Markdown as the book's pages are written in. Out: blocks. What only a
screen can use (forms, buttons, scripts, what is hidden) is left out, and so are links to other
pages; their words stay.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from textwrap import dedent

from lxml import html
from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.token import Token
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
    blocks: list[Block] = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            blocks += markdown("".join(cell["source"]))
        for output in cell.get("outputs", []):
            blocks += fragment("".join(output.get("data", {}).get("text/html", "")))
    return tuple(blocks)


def markdown(text: str) -> tuple[Block, ...]:
    """Blocks of a written page, whose ``{{ names }}`` are filled in already."""
    return fragment(_reader().render(text))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable("table")
    plugins = (colon_fence_plugin, deflist_plugin, front_matter_plugin, myst_block_plugin)
    for plugin in (*plugins, substitution_plugin):
        reader.use(plugin)
    # mypy knows the method's type for one class of renderers only.
    reader.add_render_rule("colon_fence", _directive)
    reader.add_render_rule("myst_target", _skip)
    return reader


def _directive(
    self: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    """A directive of MyST: a glossary is its list, everything else a box."""
    name = DIRECTIVE.match(tokens[index].info.strip())
    content = tokens[index].content
    if name and name[1] == "glossary":
        return _glossary(content)
    return f'<div class="{BOXES[0]}">{_reader().render(content)}</div>'


def _skip(*_: object) -> str:
    """Render nothing: paper has no use for anchors."""
    return ""


def _glossary(content: str) -> str:
    """A list of terms as Sphinx reads it: a line per term, below it indented what it means."""
    entries: list[tuple[str, list[str]]] = []
    for line in content.splitlines():
        if line[:1].strip():
            entries.append((line, []))
        elif entries:
            entries[-1][1].append(line)
    rendered = [
        (_reader().renderInline(t), _reader().render(dedent("\n".join(d)))) for t, d in entries
    ]
    return f"<dl>{''.join(f'<dt>{term}</dt><dd>{text}</dd>' for term, text in rendered)}</dl>"


def fragment(markup: str) -> tuple[Block, ...]:
    """Blocks of a piece of HTML."""
    if not markup.strip():
        return ()
    return tuple(_blocks(html.fragment_fromstring(f"<div>{markup}</div>")))


def _blocks(parent: HtmlElement) -> Iterator[Block]:
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


def _block(node: HtmlElement) -> Iterator[Block]:
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
        yield from _details(node)
    elif tag == "figure":
        yield from _figure(node)
    elif tag == "hr":
        return
    else:
        yield from _blocks(node)


def _details(node: HtmlElement) -> list[Block]:
    """Blocks of a ``details``; without its summary where that repeats the caption of a table."""
    blocks = list(_blocks(node))
    captions = {b.caption for b in blocks if isinstance(b, Sheet)}
    repeated = (
        isinstance(blocks[0], Paragraph) and read(blocks[0].text) in captions if blocks else 0
    )
    return blocks[1:] if repeated else blocks


def _figure(node: HtmlElement) -> list[Block]:
    """Sentence, drawing, table, source: on paper the drawing comes before its figures."""
    blocks = list(_blocks(node))
    tables = [i for i, b in enumerate(blocks) if isinstance(b, Sheet)]
    charts = [b for b in blocks if isinstance(b, Chart)]
    if not tables:
        return blocks
    rest = [b for b in blocks if not isinstance(b, Chart)]
    return [*rest[: tables[0]], *charts, *rest[tables[0] :]]


def _is_shown(node: HtmlElement) -> bool:
    if not isinstance(node.tag, str) or node.tag in SILENT or node.get("hidden") is not None:
        return False
    return not SCREEN & set((node.get("class") or "").split())


def _chart(node: HtmlElement) -> Iterator[Chart]:
    for picture in node.iter("img"):
        key = picture.get("data-bild")
        if key:
            figure = next(node.iterancestors("figure"), None)
            captions = [] if figure is None else [_plain(c) for c in figure.iter("caption")]
            alt = _squeeze(picture.get("alt") or "")
            yield Chart(key, alt, captions[0] if captions else alt)


def _sheet(node: HtmlElement) -> Sheet:
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


def _terms(node: HtmlElement) -> Iterator[tuple[Text, tuple[Block, ...]]]:
    """Pairs of term and description; a group of them may stand in a div."""
    term: list[Run] = []
    description: list[Block] = []
    for part in node.iter("dt", "dd"):
        if part.getparent() is not node and part.getparent().getparent() is not node:
            continue
        if part.tag == "dt":
            if description:
                yield tuple(term), tuple(description)
                term, description = [], []
            term += [*([Run(", ")] if term else []), *_inside(part)]
        else:
            description += _blocks(part)
    if term or description:
        yield tuple(term), tuple(description)


def _loose(runs: Iterable[Run], style: str = "") -> Iterator[Paragraph]:
    text = _trim(runs)
    if text:
        yield Paragraph(text, style)


def _trim(runs: Iterable[Run]) -> Text:
    """Join runs of the same style; drop double blanks and those at the ends."""
    joined: list[Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        text = run.text
        if before is None or before.text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if not text:
            continue
        if before and (before.bold, before.italic, before.href) == (run.bold, run.italic, run.href):
            joined[-1] = Run(before.text + text, run.bold, run.italic, run.href)
        else:
            joined.append(Run(text, run.bold, run.italic, run.href))
    if joined:
        last = joined[-1]
        joined[-1] = Run(last.text.rstrip(), last.bold, last.italic, last.href)
    return tuple(run for run in joined if run.text)


def _inside(node: HtmlElement) -> list[Run]:
    """Runs of an element's content, for elements that hold text only."""
    runs = _runs_of(node.text)
    for child in node:
        if _is_shown(child):
            runs += _runs(child)
        runs += _runs_of(child.tail)
    return runs


def _runs(node: HtmlElement) -> list[Run]:
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


def _plain(node: HtmlElement) -> str:
    return _squeeze("".join(run.text for run in _inside(node)))


def _squeeze(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()
