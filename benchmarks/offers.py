"""How fast the search of offers answers in Chromium, and how large its index is.

    .venv/bin/python benchmarks/offers.py [number of offers]

Writes a page of generated offers to a temporary folder, opens it from there, types, and prints
milliseconds from key to painted answer, and sizes. Nothing of the machine but Chromium is used.
"""

import gzip
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browsing import chromium
from directories import many, write_page

from kreisheft.offers import search_files

TYPED = ("deutschkurs", "muetter", "kurs", "hilfe bei", "brücke freundeskreis", "xyz", "b")
#: Time of the handler alone, and until the next frame is painted.
MEASURE = """async ([text]) => {
  const field = document.getElementById("kh-a-q"), times = [];
  for (let i = 1; i <= text.length; i++) {
    const start = performance.now();
    field.value = text.slice(0, i);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const handled = performance.now() - start;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push([handled, performance.now() - start]);
  }
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return times;
}"""


def main(count: int) -> None:
    with TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        path = write_page(folder, many(count))
        script = (folder / search_files.INDEX).read_bytes()
        packed = len(gzip.compress(script, 6))
        html = path.read_bytes()
        print(f"{count} offers; index {len(script):,} bytes, {packed:,} gzipped;", end=" ")
        print(f"page {len(html):,} bytes, {len(gzip.compress(html, 6)):,} gzipped")
        page = browser.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector("form:not([hidden])")
        found = [time for text in TYPED for time in page.evaluate(MEASURE, [text])]
        for what, times in zip(("handler", "to paint"), zip(*found, strict=True), strict=True):
            ordered = sorted(times)
            middle, high = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
            print(f"{what}: median {middle:.1f} ms, 95 % {high:.1f} ms, most {ordered[-1]:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
