"""The chart library for readers' browsers, as one local file.

Vega, Vega-Lite and Vega-Embed come out of `vl_convert`, so nothing is fetched from anywhere.
"""

import functools
from importlib.metadata import distribution
from pathlib import Path

from kreisheft.core import cache, hashes

#: Must be the version whose specifications Altair writes (tests/book/test_staging.py compares).
VEGA_LITE = "6.4"

#: The name the loader of the charts expects.
GLOBALS = "window.vegaEmbed = vegaEmbed;"

#: The licence wants its notice kept with every copy.
NOTICE = """\
/* Vega, Vega-Lite, Vega-Embed and their parts.
   Copyright (c) University of Washington Interactive Data Lab and contributors, BSD-3-Clause;
   parts from D3, copyright (c) Mike Bostock, ISC. */
"""
#: The library as one script.
KEPT = cache.Kind("library", ("book.chart_library",))


@functools.cache
def record() -> str:
    """One hash of the files of `vl_convert`, which holds the scripts and the fonts."""
    # It has the hash of each file; to read all of the library would take longer than it.
    return hashes.text(str(distribution("vl-convert-python").read_text("RECORD")))


def bundle(root: Path) -> bytes:
    """Return the library as one script that defines ``vegaEmbed``; made once for a project."""
    return cache.kept(root, KEPT.key({"library": record()}), _bundle)


def _bundle() -> bytes:
    import vl_convert  # half a second, and only for the first edition

    # Unwrapped, its thousands of names are global and it does not draw from file://.
    library = vl_convert.javascript_bundle(GLOBALS, VEGA_LITE)
    return f"{NOTICE}(() => {{\n{library}\n}})();\n".encode()
