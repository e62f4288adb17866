"""Build a staged edition with Jupyter Book, strictly: any warning of Sphinx is a failure.

Runs in a process of its own, so editions can be built side by side. First the pages, then their
finish: what lies beside them may be made meanwhile. The HTML folder is replaced only after a build
without any warning.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from jinja2 import FileSystemBytecodeCache

from kreisheft.book import finish_pages
from kreisheft.core import cache, hashes, swap_folder
from kreisheft.core.errors import DataError, Problem, raise_if
from kreisheft.engine import warm

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: In the staged project, files that stand beside the pages as they are; Sphinx does not see them.
BESIDE = "extra"
#: Written into the HTML folder, and beside what Sphinx keeps; says from which staged files it was
#: made.
STAMP = ".staged"
#: Where Sphinx puts the pages.
BUILT = "_build/html"
#: Written beside what Sphinx keeps, when it is whole; see `_skeleton`.
SKELETON = ".skeleton"
#: What Sphinx keeps, and pages as they are finished. These are folders with a stamp, no entries.
#: `search_index` is an extension of Sphinx.
SPHINX = cache.Kind("sphinx", ("book.search_index",))
PAGES = cache.Kind("pages", ("book.finish_pages",))
WARNING = re.compile(
    r"^(?:(?P<where>[^\n]*?): )?(?P<kind>WARNING|ERROR|CRITICAL|SEVERE): (?P<what>.+)$"
)
#: Of no use to a reader: what Sphinx keeps for itself, and what the theme ships but no page uses.
SURPLUS = (
    ".buildinfo",
    ".nojekyll",
    "_static/*.html",
    "_static/images",
    "_static/locales",
    "_static/scripts/fontawesome.js*",
    "_static/vendor/fontawesome/webfonts/*.ttf",
    "**/*.map",
)


def build_pages(staged: Path, html: Path) -> None:
    """Let Jupyter Book build the project in `staged` in a folder of its own beside `html`.

    Where only the contents of pages changed, Sphinx builds only these again; the bytes are those of
    a whole build. The log stays in ``<html>.log``. Raises DataError with every warning of Sphinx as
    a problem.
    """
    work, stamp = _work(html), _digest(staged, beside=False)
    if (work / STAMP).is_file() and (work / STAMP).read_text() == stamp:
        return
    skeleton = _skeleton(staged)
    whole = not (work / SKELETON).is_file() or (work / SKELETON).read_text() != skeleton
    if whole:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
    # A build that is cut off leaves pages that look finished: without these files it begins anew.
    for name in (STAMP, SKELETON):
        (work / name).unlink(missing_ok=True)
    log = html.with_name(f"{html.name}.log")
    command = ["build", "-n", "-W", "--keep-going", *(["--all"] if whole else [])]
    code = _run_jupyter_book([*command, "--path-output", str(work), str(staged)], log)
    output = log.read_text(encoding="utf-8", errors="replace")
    problems = _problems(output, staged, log)
    if code or problems or not (work / BUILT / "index.html").is_file():
        raise DataError(problems or [_explain_failure(output, log)])
    (work / SKELETON).write_text(skeleton)
    (work / STAMP).write_text(stamp)


def finish(staged: Path, html: Path, root: Path) -> bool:
    """Make `html` of what `build_pages` built and what lies beside; return False if it already is.

    root: the project that keeps finished pages. Raises DataError with everything on a page that its
    policy forbids; `html` is then what it was before.
    """
    stamp = _digest(staged)
    if (html / STAMP).is_file() and (html / STAMP).read_text() == stamp:
        return False
    with swap_folder.replace(html) as ready:
        shutil.copytree(_work(html) / BUILT, ready, dirs_exist_ok=True)
        for pattern in SURPLUS:
            for path in list(ready.glob(pattern)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if (staged / BESIDE).is_dir():
            shutil.copytree(staged / BESIDE, ready, dirs_exist_ok=True)
        raise_if(finish_pages.finish(ready, staged, root))
        (ready / STAMP).write_text(stamp)
    return True


def _work(html: Path) -> Path:
    """Where Sphinx builds, and keeps what it knows of the pages."""
    return html.with_name(f".{html.name}.sphinx")


def _run_jupyter_book(arguments: list[str], log: Path) -> int:
    """Run Jupyter Book with all it prints going to `log`; return its exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if warm.is_warm():
        # Each build in a process of its own: Sphinx changes docutils for good.
        process = get_context("fork").Process(target=_in_fork, args=(arguments, log))
        process.start()
        process.join()
        return int(process.exitcode or 0)
    start = "from jupyter_book.cli.main import main; main()"
    with log.open("wb") as stream:
        completed = subprocess.run(
            [sys.executable, "-c", start, *arguments],
            env=_environment(),
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    return completed.returncode


def _in_fork(arguments: list[str], log: Path) -> None:
    _end_with_parent()
    from jupyter_book.cli.main import main

    stream = log.open("wb", buffering=0)
    os.dup2(stream.fileno(), 1)
    os.dup2(stream.fileno(), 2)
    os.environ.clear()
    os.environ.update(_environment())
    # Jupyter Book and its table of contents are read with the reader written in Python, which takes
    # a fifth of a small build.
    yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # type: ignore[misc]
    # What came with the fork is not searched for garbage: every look copies a page of memory.
    gc.freeze()
    sys.argv = ["jupyter-book", *arguments]
    main()


def setup(app: Sphinx) -> dict[str, bool]:
    """Extension of Sphinx: keep compiled templates beside what Sphinx keeps of the pages."""
    app.connect("builder-inited", _keep_templates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _keep_templates(app: Sphinx) -> None:
    templates = getattr(app.builder, "templates", None)
    if templates is not None:
        folder = Path(app.doctreedir).with_name(".templates")
        folder.mkdir(exist_ok=True)
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def _end_with_parent() -> None:
    """Have the system end this process with its parent: the next build begins in the same folder.

    A build that is started anew, where forking is not dependable, ends by itself.
    """
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def _skeleton(staged: Path) -> str:
    """Hash what pages take from each other (names, titles, headings), and all that is no page.

    While it stays the same, a page depends on nothing but itself.
    """
    parts = _own_code()
    for name, path in _list_staged(staged, beside=False):
        page = path.suffix in (".ipynb", ".md")
        parts[name] = _headings(path) if page else hashes.content(path)
    return SPHINX.key(parts)


def _headings(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    # Headings, labels and terms of the glossary, which other pages may name.
    lines = text.splitlines()
    return "\n".join(x for x in lines if x.startswith(("#", "(", "```{", ":::{", "~~~{")))


def _own_code() -> dict[str, str]:
    """Hash this module, which says how Sphinx is called; Sphinx sees nothing of its imports."""
    return {"/sphinx_build": hashes.content(Path(__file__))}


def _digest(staged: Path, *, beside: bool = True) -> str:
    files = {name: hashes.content(path) for name, path in _list_staged(staged, beside=beside)}
    return PAGES.key(files | _own_code())


def _list_staged(staged: Path, *, beside: bool) -> Iterator[tuple[str, Path]]:
    """Name and path of every staged file; Sphinx compiles the catalogue (.mo) in place.

    beside: also of those that Sphinx does not see.
    """
    for path in sorted(p for p in staged.rglob("*") if p.is_file() and p.suffix != ".mo"):
        name = path.relative_to(staged).as_posix()
        if beside or not name.startswith(f"{BESIDE}/"):
            yield name, path


def _environment() -> dict[str, str]:
    # Messages in one language and without colours, and no order that depends on the hash seed.
    fixed = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("SOURCE_DATE_EPOCH", "FORCE_COLOR")
    }
    return inherited | fixed


def _problems(output: str, staged: Path, log: Path) -> list[Problem]:
    problems = []
    for line in output.splitlines():
        match = WARNING.match(re.sub(r"\x1b\[[0-9;]*m", "", line).strip())
        if match:
            where = (match["where"] or "book").replace(f"{staged}{os.sep}", "")
            problems.append(Problem(where, match["what"], f"mend the page; whole log: {log.name}"))
    return problems


def _explain_failure(output: str, log: Path) -> Problem:
    last = [line.strip() for line in output.splitlines() if line.strip(" =-")]
    return Problem("book", f"Jupyter Book failed: {' '.join(last[-3:])}", f"read {log}")
