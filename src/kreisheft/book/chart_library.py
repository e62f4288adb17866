"""The chart library for readers' browsers, as one local file.

Vega, Vega-Lite and Vega-Embed come out of `vl_convert`, so nothing is fetched from anywhere.
"""

from importlib.metadata import version
from pathlib import Path

from kreisheft.core import project

#: Must be the version whose specifications Altair writes (tests/test_book.py compares).
VEGA_LITE = "6.4"

#: The name the loader of the charts expects.
GLOBALS = "window.vegaEmbed = vegaEmbed;"

#: The licence wants its notice kept with every copy.
NOTICE = """\
/* Vega, Vega-Lite, Vega-Embed and their parts.
   Copyright (c) University of Washington Interactive Data Lab and contributors, BSD-3-Clause;
   parts from D3, copyright (c) Mike Bostock, ISC. */
"""


def bundle(cache: Path) -> bytes:
    """Return the library as one script that defines ``vegaEmbed``; made once, kept in `cache`."""
    path = cache / f"vega-lite-{VEGA_LITE}-{version('vl-convert-python')}.js"
    if not path.is_file():
        import vl_convert  # half a second, and only for the first edition

        # Unwrapped, its thousands of names are global and it does not draw from file://.
        library = vl_convert.javascript_bundle(GLOBALS, VEGA_LITE)
        code = f"{NOTICE}(() => {{\n{library}\n}})();\n"
        project.write_among_others(path, code.encode())
    return path.read_bytes()
