"""The charts of executed notebooks as SVG files: for print, for readers without scripts.

In: the specifications that `figure` wrote into the notebooks. Out: ``charts/<id>.svg`` of an
edition, the same bytes for the same specification, whatever fonts the machine has. Drawn in
processes of their own, which load the library once, never in the kernel of a notebook; a drawing
that is in the cache is not made again. After the build `place_drawings` writes into each page where
its drawings are and how large.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from kreisheft.book.chart_library import VEGA_LITE, record
from kreisheft.core import cache, hashes
from kreisheft.core.cache import Key
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.core.markup import element
from kreisheft.core.project import keep_newest
from kreisheft.engine import worker_pool

#: Where an edition keeps them, beside the chart library.
FOLDER = "charts"
#: Width they are drawn for; a narrower window scales them or scrolls.
WIDTH = 640
#: As book/assets/charts.js draws, so that nothing moves when a live chart takes the place.
PADDING = 10
SPEC = re.compile(
    r'<script type="application/json" data-for="(chart-[0-9a-f]{12})">(.*?)</script>', re.DOTALL
)
#: Words are measured with the font vl_convert brings along; Arial and Helvetica are as wide. With
#: the font of the reader's system they would run into each other.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
#: Names the file that says where fonts lie.
FONTS = "FONTCONFIG_FILE"
#: What `figure` leaves for a drawing; only after the build it is known how deep the page lies.
PLACE = re.compile(r'<img class="kh-bild" data-bild="(chart-[0-9a-f]{12})"')
SIZE = re.compile(r'<svg [^>]*?\bwidth="(\d+)" height="(\d+)"')
#: So many charts are drawn by one process before a second one is worth its start.
TOGETHER = 16
#: Charts as SVG files.
KEPT = cache.Kind("drawings", ("book.chart_images",))
#: What the processes are called that draw: the library takes as long to start as for ten charts.
KIND = "drawings"
#: Names in English, of no use inside a picture.
SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
#: A drawing may be opened by itself, outside the policy of a page: nothing in it may run or load.
ELEMENTS = frozenset(
    (
        *("svg", "g", "path", "rect", "line", "circle", "text", "tspan", "defs", "clipPath"),
        *("linearGradient", "radialGradient", "stop", "title"),
    )
)


def read_specs(notebooks: Iterable[Path]) -> dict[str, str]:
    """Return the specification of every chart in the executed notebooks, by the chart's id."""
    specs: dict[str, str] = {}
    for path in notebooks:
        specs |= _read_specs(path, hashes.states([path]))
    return dict(sorted(specs.items()))


# Asked twice for every notebook of an edition, and again after each change of one.
@keep_newest(4096)
def _read_specs(path: Path, _state: str) -> dict[str, str]:
    specs: dict[str, str] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            markup = output.get("data", {}).get("text/html", "")
            specs |= SPEC.findall(markup if isinstance(markup, str) else "".join(markup))
    return specs


def draw_files(root: Path, texts: Mapping[str, str], workers: int = 2) -> dict[str, bytes]:
    """Draw each specification (id → JSON text); return the files of the edition by address.

    Raises DataError with every chart that cannot be drawn or that holds more than a drawing.
    """
    calls = plan_tasks(root, texts)
    problems: list[Problem] = []
    for _, result in worker_pool.each(worker_pool.call, calls, workers, str(root)) if calls else ():
        if isinstance(result, Exception):
            raise result
        problems += result
    raise_if(problems)
    contents = {name: cache.find(root, _key(texts[name])) for name in sorted(texts)}
    return {
        f"{FOLDER}/{n}.svg": content or _draw_or_raise(n, texts[n])
        for n, content in contents.items()
    }


def plan_tasks(root: Path, texts: Mapping[str, str]) -> list[Callable[[], list[Problem]]]:
    """Return calls that draw the missing charts, `TOGETHER` each; a call returns its problems."""
    missing = [chart for chart in texts.items() if cache.find(root, _key(chart[1])) is None]
    parts = [missing[at : at + TOGETHER] for at in range(0, len(missing), TOGETHER)]
    return [partial(draw, root, part) for part in parts]


def draw(root: Path, charts: Iterable[tuple[str, str]]) -> list[Problem]:
    """Draw charts (id, specification), and keep them; return what is wrong with any."""
    problems: list[Problem] = []
    for name, text in charts:
        try:
            cache.put(root, _key(text), _draw_or_raise(name, text))
        except DataError as error:
            problems += error.problems
    return problems


def _key(text: str) -> Key:
    return KEPT.key({"specification": text, "library": record()})


def _draw_or_raise(name: str, text: str) -> bytes:
    with _hide_fonts():
        drawing, what = _draw(text)
    fix = "mend the chart or the text in it; src/kreisheft/render/charts.py makes it"
    raise_if([Problem(name, what, fix)] if what else [])
    return drawing.encode()


@contextmanager
def _hide_fonts() -> Iterator[None]:
    """Let `vl_convert` find the fonts that it brings along and none of the machine.

    Those would be taken for signs that its own lack, or, named alike, instead of them. It looks for
    them once, when a process first draws; where the system has no fontconfig, nothing hides them.
    """
    before = os.environ.get(FONTS)
    with TemporaryDirectory(prefix="kreisheft-") as empty:
        settings = Path(empty) / "fonts.conf"
        # Without any folder it would look into those that are usual.
        settings.write_text(element("fontconfig", element("dir", empty)), "utf-8")
        os.environ[FONTS] = str(settings)
        try:
            yield
        finally:
            del os.environ[FONTS]
            if before is not None:
                os.environ[FONTS] = before


def read_sizes(html: Path) -> dict[str, tuple[str, str]]:
    """Return width and height of each drawing of a built edition, by the chart's id."""
    sizes = {}
    for path in sorted((html / FOLDER).glob("chart-*.svg")):
        size = SIZE.match(path.read_text(encoding="utf-8"))
        if size:
            sizes[path.stem] = (size[1], size[2])
    return sizes


def place_drawings(page: str, depth: int, sizes: Mapping[str, tuple[str, str]]) -> str:
    """Give the drawings of a page that lies `depth` folders deep their address and size.

    A drawing that the edition does not have keeps its place and stays invisible.
    """

    def place(match: re.Match[str]) -> str:
        key = match[1]
        if key not in sizes:
            return f"{match[0]} hidden"
        width, height = sizes[key]
        source = f"{'../' * depth}{FOLDER}/{key}.svg"
        return (
            f'<img class="kh-bild" src="{source}" width="{width}" height="{height}" '
            'loading="lazy" decoding="async"'
        )

    return PLACE.sub(place, page)


def _draw(text: str) -> tuple[str, str]:
    """Drawing and complaint; one of them is empty. Runs in a worker."""
    import vl_convert  # in each worker once; the rest of the package does without

    spec = json.loads(text)
    config = spec.get("config", {})
    fonts = {"font": FONT, "text": {**config.get("text", {}), "font": FONT}}
    look = {"width": WIDTH, "padding": PADDING, "config": {**config, **fonts}}
    try:
        drawing = vl_convert.vegalite_to_svg(
            {**spec, **look},
            vl_version=VEGA_LITE,
            format_locale="de-DE",
            time_format_locale="de-DE",
        )
    except ValueError as error:
        return "", f"cannot be drawn: {' '.join(str(error).split())[:200]}"
    drawing = SPOKEN.sub("", drawing)
    title = element("title", spec.get("description", ""))
    drawing = re.sub(
        r"(<svg )([^>]*>)", lambda m: f'{m[1]}lang="de" {m[2]}{title}', drawing, count=1
    )
    more = _more_than_a_drawing(drawing)
    return ("", more) if more else (drawing, "")


def _more_than_a_drawing(drawing: str) -> str:
    for node in ElementTree.fromstring(drawing).iter():
        tag = node.tag.rpartition("}")[2]
        if tag not in ELEMENTS:
            return f"draws with <{tag}>, which may run or load something"
        for name, value in node.attrib.items():
            plain = name.rpartition("}")[2].lower()
            if plain.startswith("on") or (plain == "href" and not value.startswith("#")):
                return f"has the attribute {plain}, which may run or load something"
    return ""
