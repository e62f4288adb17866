"""The chart library for readers' browsers, as one local file.

Vega, Vega-Lite and Vega-Embed come out of `vl_convert`, so nothing is fetched from anywhere.
"""

import hashlib
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from kreisheft.core import project
from kreisheft.engine import code_hashes

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


@cache
def tools(module: str) -> str:
    """One hash of what a module of this package makes with `vl_convert`: of its code, of every
    installed package, and of the file of the library, which holds the scripts and the fonts.
    """
    # The record has the hash of each file; to read all of the library would take longer than it.
    record = distribution("vl-convert-python").read_text("RECORD")
    parts = (code_hashes.of((module,)), code_hashes.environment(), record)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def bundle(folder: Path) -> bytes:
    """Return the library as one script that defines ``vegaEmbed``; made once, kept in `folder`."""
    path = folder / f"{tools('book.chart_library')}.js"
    if not path.is_file():
        import vl_convert  # half a second, and only for the first edition

        # Unwrapped, its thousands of names are global and it does not draw from file://.
        library = vl_convert.javascript_bundle(GLOBALS, VEGA_LITE)
        script = f"{NOTICE}(() => {{\n{library}\n}})();\n"
        project.write(path, script.encode())
    return path.read_bytes()
