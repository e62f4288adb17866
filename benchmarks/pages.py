"""What a reader waits for: a chapter page of ours beside the same chapter in plain Jupyter Book.

python benchmarks/pages.py SITE NOTEBOOK: an edition's folder of a built site, and the executed
notebook of its chapter ``arbeit/gesamt``. The plain page has the same sentences, tables and charts,
made with the settings that ``jupyter-book create`` writes and Altair's default renderer. Its chart
library comes from the same server as everything else (else it could not be loaded here); what it
would ask of other hosts besides (MathJax, require.js) fails at once and costs it nothing.
Chromium, network and processor slowed down as Lighthouse does for a phone: 1.6 Mbit/s, 150 ms,
processor four times slower. Median of five.
"""

import gzip
import json
import re
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import altair
import nbformat
import vl_convert
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browsing import chromium

from kreisheft.book import serve
from kreisheft.book.chart_library import VEGA_LITE

RUNS = 5
PACKED = (".html", ".js", ".css", ".svg", ".json")
FIGURE = re.compile(r'<figure class="kh-figure".*?</figure>', re.DOTALL)
SPEC = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
SENTENCE = re.compile(r'<p class="kh-satz">(.*?)</p>', re.DOTALL)
#: Noted in the page itself, frame by frame: when the first table and the first chart can be seen.
WATCH = """
window.khMass = {blockiert: 0};
new PerformanceObserver((list) => { for (const entry of list.getEntries())
  khMass.blockiert += Math.max(0, entry.duration - 50);
}).observe({type: "longtask", buffered: true});
const seen = (node) => node && node.getBoundingClientRect().height > 20;
const look = () => {
  const now = performance.now();
  const table = document.querySelector("article table, main table");
  if (!khMass.tabelle && seen(table)) khMass.tabelle = now;
  const picture = document.querySelector("img.kh-bild");
  if (!khMass.bild && picture && picture.complete && picture.naturalWidth) khMass.bild = now;
  const live = document.querySelector(".kh-gezeichnet svg, .vega-embed canvas, .vega-embed svg");
  if (!khMass.diagramm && seen(live)) khMass.diagramm = now;
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


class Packing(serve.Handler):
    """As web servers do: texts go packed."""

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        if path.suffix not in PACKED or not path.is_file():
            return super().send_head()
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        # Not the policy: it would stop the plain page, which has its scripts inside.
        super(serve.SimpleHTTPRequestHandler, self).end_headers()
        return BytesIO(content)


def plain(notebook: Path, folder: Path) -> Path:
    """Build the chapter as anybody would: tables and Altair charts in a plain Jupyter Book."""
    book = nbformat.read(notebook, as_version=4)
    altair.renderers.enable("default")
    for cell in book.cells:
        outputs = []
        for output in cell.get("outputs", []):
            markup = output.get("data", {}).get("text/html", "")
            markup = markup if isinstance(markup, str) else "".join(markup)
            figures = FIGURE.findall(markup)
            for figure in figures:
                parts = [f"<p>{t}</p>" for t in SENTENCE.findall(figure)] + TABLE.findall(figure)
                outputs += [nbformat.v4.new_output("display_data", {"text/html": "".join(parts)})]
                for text in SPEC.findall(figure):
                    spec = json.loads(text.replace("<\\/", "</"))
                    data = altair.renderers.get()(spec)
                    data = data[0] if isinstance(data, tuple) else data
                    outputs.append(nbformat.v4.new_output("display_data", data))
            if not figures:
                outputs.append(output)
        if cell.cell_type == "code":
            cell.outputs = outputs
    source = folder / "book"
    subprocess.run(["jupyter-book", "create", str(source)], check=True, capture_output=True)
    nbformat.write(book, source / "arbeit.ipynb")
    (source / "_toc.yml").write_text("format: jb-book\nroot: intro\nchapters:\n- file: arbeit\n")
    config = source / "_config.yml"
    config.write_text(
        config.read_text().replace("execute_notebooks: force", 'execute_notebooks: "off"')
    )
    subprocess.run(["jupyter-book", "build", str(source)], check=True, capture_output=True)
    html = source / "_build/html"
    (html / "cdn.js").write_text(vl_convert.javascript_bundle(vl_version=VEGA_LITE))
    (html / "leer.js").write_text("")
    page = html / "arbeit.html"
    text = page.read_text(encoding="utf-8")
    # Altair loads three files one after another; the bundle stands for all three.
    text = re.sub(r'"https://cdn\.jsdelivr\.net/npm/"', '"/npm/"', text)
    text = re.sub(r'"https://cdn\.jsdelivr\.net/npm/vega@[^"]*"', '"cdn.js"', text)
    text = re.sub(r'"https://cdn\.jsdelivr\.net/npm/vega-[^"]*"', '"leer.js"', text)
    page.write_text(text, encoding="utf-8")
    return html


def measured(browser: Browser, address: str) -> dict[str, float]:
    """One visit with an empty cache, until nothing more happens."""
    context = browser.new_context(viewport={"width": 412, "height": 823}, locale="de-DE")
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    slow = {"latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[float] = []
    asked: list[str] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_timeout(2_000)
    before = {"requests": len(asked), "kB": sum(sizes) / 1000}
    # To the first chart: ours is fetched when it comes near.
    page.evaluate(
        "document.querySelector('.kh-chart, .vega-embed, [id^=altair-viz]')?.scrollIntoView()"
    )
    page.wait_for_timeout(8_000)
    found = page.evaluate("khMass")
    context.close()
    foreign = [
        url
        for url in asked
        if not url.startswith((address.rsplit("/", 3)[0][:21], "data:", "blob:"))
    ]
    return {
        "requests before scrolling": before["requests"],
        "kB gzipped before scrolling": before["kB"],
        "requests": len(asked),
        "of them to other hosts": len(foreign),
        "kB gzipped": sum(sizes) / 1000,
        "first table, s": found.get("tabelle", 0) / 1000,
        "first picture of a chart, s": found.get("bild", 0) / 1000,
        "first live chart, s": found.get("diagramm", 0) / 1000,
        "main thread blocked, s": found["blockiert"] / 1000,
    }


def main() -> None:
    """Print one table."""
    site, notebook = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        pages = {
            "ours": (site.parents[1], f"{site.parent.name}/{site.name}/arbeit/gesamt.html"),
            "plain": (plain(notebook, Path(folder)), "arbeit.html"),
        }
        results = {}
        for name, (root, address) in pages.items():
            with ThreadingHTTPServer(
                ("127.0.0.1", 0), partial(Packing, directory=str(root))
            ) as server:
                Thread(target=server.serve_forever, daemon=True).start()
                start = f"http://127.0.0.1:{server.server_port}/{address}"
                runs = [measured(browser, start) for _ in range(RUNS)]
                server.shutdown()
            results[name] = {k: statistics.median(run[k] for run in runs) for k in runs[0]}
    print("| what | ours | plain Jupyter Book |\n| --- | --- | --- |")
    for key in results["ours"]:
        print(f"| {key} | {results['ours'][key]:.3g} | {results['plain'][key]:.3g} |")


if __name__ == "__main__":
    main()
