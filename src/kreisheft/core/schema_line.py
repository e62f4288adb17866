"""The first line of a YAML file names its schema: editors complete and check keys by it.

    # yaml-language-server: $schema=../src/kreisheft/schemas/params.yml

The address is relative to the file, as the language server wants it. Called with names of files,
the module holds each against the schema that it names and prints every problem: the hook that
looks at YAML before a commit. What a schema cannot see, `kreisheft check` tells.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem

SCHEMAS = "src/kreisheft/schemas"
NAMED = re.compile(rf"# yaml-language-server: \$schema=(?:\.\./)*{SCHEMAS}/(\w+)\.yml\n")


def text(schema: str, name: str) -> str:
    """Return the line with its line feed. name: of the file, relative to the project's folder."""
    up = "../" * len(PurePosixPath(name).parent.parts)
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/{schema}.yml\n"


def check(root: Path, names: Iterable[str]) -> Iterator[Problem]:
    """Every problem of files, named relative to `root`, that their first line or schema tells."""
    schemas = sorted(p.stem for p in yaml_files.SCHEMAS.glob("*.yml"))
    for name in names:
        with (root / name).open(encoding="utf-8", errors="replace") as file:
            line = file.readline()
        match = NAMED.fullmatch(line)
        if not match or match[1] not in schemas:
            example = f"begin it with '{text('<schema>', name).strip()}'; schemas: "
            yield Problem(f"{name}, line 1", "names no schema", example + ", ".join(schemas))
            continue
        if line != (right := text(match[1], name)):
            yield Problem(f"{name}, line 1", "the schema is not there", f"write {right.strip()}")
        try:
            yaml_files.load(root / name, match[1], root)
        except DataError as error:
            yield from error.problems


if __name__ == "__main__":
    problems = list(check(Path.cwd(), sys.argv[1:]))
    print(*problems, sep="\n", end="\n" if problems else "")
    sys.exit(bool(problems))
