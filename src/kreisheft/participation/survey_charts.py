"""Labels of several lines in charts of what people answered."""

from collections.abc import Sequence

#: A label of an axis in lines.
LINES = "split(datum.label, '\\n')"


def in_lines(text: str, width: int = 34) -> str:
    """Break a label into lines for an axis, at plain blanks only."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def height(labels: Sequence[str], least: int) -> int:
    """Room for bars whose labels have several lines."""
    most = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(least, 16 * most + 8)
