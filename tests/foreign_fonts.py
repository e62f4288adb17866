"""A machine that has fonts of its own, for drawings and papers that must not look at them."""

from pathlib import Path

from kreisheft.papers import pdf_files

OURS, THEIRS = "Source Sans Pro", "Liberation Sans"


def settings(folder: Path) -> str:
    """Return a file for ``FONTCONFIG_FILE``: below `folder` it finds one other Liberation Sans.

    It is narrower than the real one, and has signs that the real one lacks.
    """
    place = folder / "fonts"
    place.mkdir(parents=True)
    content = (pdf_files.fonts()[0].parent / "SourceSansPro-Regular.ttf").read_bytes()
    # The names are as long as each other, so what follows them in the file stays where it is.
    for spelling in ("latin-1", "utf-16-be"):
        content = content.replace(OURS.encode(spelling), THEIRS.encode(spelling))
    (place / "Foreign.ttf").write_bytes(content)
    path = folder / "fonts.conf"
    path.write_text(f"<fontconfig><dir>{place}</dir></fontconfig>", encoding="utf-8")
    return str(path)
