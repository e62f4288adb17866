"""Outputs that JupyterLab left in a template: they would be published by whoever clones.

A hook before each commit calls this file with the names of templates; a test looks at all of them.
"""

import json
import sys
from pathlib import Path

CLEAR = ".venv/bin/jupyter nbconvert --clear-output --inplace"


def has_outputs(path: Path) -> bool:
    """Whether a cell of a notebook has an output or the number of a run."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return any(cell["outputs"] or cell["execution_count"] is not None for cell in code)


if __name__ == "__main__":
    ran = [name for name in sys.argv[1:] if has_outputs(Path(name))]
    if ran:
        sys.exit(f"templates with outputs; take them out: {CLEAR} {' '.join(ran)}")
