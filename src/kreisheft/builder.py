"""Build a staged edition with Jupyter Book, strictly: any warning of Sphinx is a failure.

Runs in a process of its own, so editions can be built side by side. The HTML folder is replaced
only after a build without any warning.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from kreisheft import drawings, folders, policy
from kreisheft.errors import DataError, Problem

#: Packages that decide about the bytes of a page.
TOOLS = (
    "jupyter-book",
    "sphinx",
    "sphinx-book-theme",
    "pydata-sphinx-theme",
    "myst-nb",
    "pygments",
)
#: Own modules that write into finished pages, for the same reason.
FINISHING = (drawings, policy)
#: Written into the HTML folder; says from which staged files it was made.
STAMP = ".staged"
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


def build_html(staged: Path, html: Path) -> bool:
    """Make `html` the built book of the project in `staged`; return False if it already is.

    The log stays beside it in ``<html>.log``. Raises DataError with every warning of Sphinx as a
    problem; `html` is then what it was before.
    """
    stamp = _digest(staged)
    if (html / STAMP).is_file() and (html / STAMP).read_text() == stamp:
        return False
    work = folders.fresh(html)
    log = html.with_name(f"{html.name}.log")
    command = [
        *(sys.executable, "-c", "from jupyter_book.cli.main import main; main()"),
        *("build", "-n", "-W", "--keep-going", "--all", "--path-output", str(work), str(staged)),
    ]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    problems = _problems(done.stdout + done.stderr, staged, log)
    built = work / "_build" / "html"
    if done.returncode or problems or not (built / "index.html").is_file():
        shutil.rmtree(work)
        raise DataError(problems or [_unexplained(done.stderr, log)])
    for pattern in SURPLUS:
        for path in list(built.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    problems = _finish(built)
    if problems:
        shutil.rmtree(work)
        raise DataError(problems)
    (built / STAMP).write_text(stamp)
    ready = html.with_name(f".{html.name}.ready")
    shutil.rmtree(ready, ignore_errors=True)
    built.rename(ready)
    shutil.rmtree(work)
    folders.replace(html, ready)
    return True


def _finish(built: Path) -> list[Problem]:
    """Put drawings and policy on every page; say which page the policy would break."""
    known, problems = drawings.sizes(built), []
    for path in sorted(built.rglob("*.html")):
        address = path.relative_to(built)
        page = path.read_text(encoding="utf-8")
        page = policy.applied(drawings.placed(page, len(address.parts) - 1, known))
        path.write_text(page, encoding="utf-8")
        where, step = address.as_posix(), "take it out of the text, notebook or template"
        problems += [Problem(where, what, step) for what in dict.fromkeys(policy.faults(page))]
    return problems


def _digest(staged: Path) -> str:
    digest = hashlib.sha256(" ".join(f"{tool} {version(tool)}" for tool in TOOLS).encode())
    for module in FINISHING:
        digest.update(Path(str(module.__file__)).read_bytes())
    for path in sorted(staged.rglob("*")):
        # Sphinx compiles the catalogue in place.
        if path.is_file() and path.suffix != ".mo":
            digest.update(f"\n{path.relative_to(staged).as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _environment() -> dict[str, str]:
    # Messages in one language and without colours, and no order that depends on the hash seed.
    fixed = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    kept = {k: v for k, v in os.environ.items() if k not in ("SOURCE_DATE_EPOCH", "FORCE_COLOR")}
    return kept | fixed


def _problems(output: str, staged: Path, log: Path) -> list[Problem]:
    found = []
    for line in output.splitlines():
        match = WARNING.match(re.sub(r"\x1b\[[0-9;]*m", "", line).strip())
        if match:
            where = (match["where"] or "book").replace(f"{staged}{os.sep}", "")
            found.append(Problem(where, match["what"], f"mend the page; whole log: {log.name}"))
    return found


def _unexplained(output: str, log: Path) -> Problem:
    last = [line.strip() for line in output.splitlines() if line.strip(" =-")]
    return Problem("book", f"Jupyter Book failed: {' '.join(last[-3:])}", f"read {log}")
