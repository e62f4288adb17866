"""Books of five pages, to be staged and built."""

from pathlib import Path

import nbformat

from kreisheft.book.edition_pages import Edition, Page


def notebook(path: Path, text: str) -> Path:
    cells = [nbformat.v4.new_markdown_cell(text, id="prosa")]
    language = {"name": "python", "pygments_lexer": "python"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": language})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(book), encoding="utf-8")
    return path


def edition(folder: Path, year: int = 2024) -> Edition:
    def page(address: str, title: str, group: str = "") -> Page:
        return Page(address, notebook(folder / f"{address}.ipynb", f"# {title}"), title, group)

    pages = (
        page("start", "Start"),
        page("quellen", "Quellen"),
        page("arbeit/gesamt", "Arbeit und Wirtschaft", "alle"),
        page("arbeit/ukraine", "Ukraine", "Ukraine"),
        page("ueberblick/gesamt", "Überblick"),
    )
    return Edition("recklinghausen", "Kreis Recklinghausen", year, 1, pages)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
