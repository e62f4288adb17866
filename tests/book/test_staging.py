"""Staging, strict build and site, on miniature editions."""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import altair
import pytest
import yaml
from bound import build_html
from small_books import edition, notebook, tree

from kreisheft.book import chart_library, site
from kreisheft.book.edition_pages import Page
from kreisheft.book.site import Card, assemble
from kreisheft.book.staging import stage, write_beside
from kreisheft.core.errors import DataError

ROOT = Path(__file__).parents[2]
LIST = "<!--kh-ausgaben--><!--/kh-ausgaben-->"


# --- staging ------------------------------------------------------------------------------------


def test_staged_toc_puts_the_pages_of_a_chapter_below_its_first(tmp_path: Path) -> None:
    stage(edition(tmp_path / "notebooks"), ROOT, tmp_path / "staged")
    toc = yaml.safe_load((tmp_path / "staged" / "_toc.yml").read_text(encoding="utf-8"))
    assert toc["root"] == "index"
    parts = {part["caption"]: part["chapters"] for part in toc["parts"]}
    assert parts["Überblick"] == [{"file": "ueberblick/gesamt", "title": "Überblick"}]
    assert parts["Handlungsfelder"] == [
        {
            "file": "arbeit/gesamt",
            "title": "Arbeit und Wirtschaft",
            "sections": [{"file": "arbeit/ukraine", "title": "Ukraine"}],
        }
    ]
    assert {"file": "quellen", "title": "Quellen"} in parts["Methoden und Quellen"]
    assert {"file": "impressum"} in parts["Über dieses Heft"]


def test_every_page_of_the_toc_exists_and_nothing_else_is_a_page(tmp_path: Path) -> None:
    stage(edition(tmp_path / "notebooks"), ROOT, tmp_path / "staged")
    staged = tmp_path / "staged"
    text = (staged / "_toc.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"file: (\S+)", text)) | {"index"}
    pages = {p.relative_to(staged).with_suffix("").as_posix() for p in staged.rglob("*.md")}
    pages |= {p.relative_to(staged).with_suffix("").as_posix() for p in staged.rglob("*.ipynb")}
    assert named == pages


def test_files_of_data_are_staged_where_the_book_copies_them_beside_its_pages(
    tmp_path: Path,
) -> None:
    stage(edition(tmp_path / "notebooks"), ROOT, tmp_path / "staged")
    write_beside({"daten/arbeit.csv": b"id\n"}, ROOT, tmp_path / "staged")
    stage(edition(tmp_path / "notebooks"), ROOT, tmp_path / "staged")

    assert (tmp_path / "staged/extra/daten/arbeit.csv").read_bytes() == b"id\n"


def test_a_file_that_lies_beside_the_pages_no_more_is_deleted(tmp_path: Path) -> None:
    write_beside({"daten/arbeit.csv": b"id\n"}, ROOT, tmp_path)
    write_beside({"daten/schule.csv": b"id\n"}, ROOT, tmp_path)

    assert [path.name for path in tmp_path.rglob("*.csv")] == ["schule.csv"]


def test_staging_again_writes_nothing_and_drops_what_is_gone(tmp_path: Path) -> None:
    made = edition(tmp_path / "notebooks")
    staged = tmp_path / "staged"
    stage(made, ROOT, staged)
    for path in staged.rglob("*"):
        os.utime(path, (1, 1))
    stage(made, ROOT, staged)
    assert {path.stat().st_mtime for path in staged.rglob("*") if path.is_file()} == {1.0}
    stage(replace(made, pages=made.pages[:2]), ROOT, staged)
    assert not (staged / "arbeit" / "ukraine.ipynb").exists()
    assert not (staged / "ueberblick").exists()


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (Page("kultur/gesamt", Path("x.ipynb"), "Kultur"), "has no place in the book"),
        (Page("arbeit/gesamt", Path("x.ipynb"), "Arbeit"), "second page at 'arbeit/gesamt'"),
        (Page("Arbeit/gesamt", Path("x.ipynb"), "Arbeit"), "cannot be the address"),
        (Page("../arbeit", Path("x.ipynb"), "Arbeit"), "cannot be the address"),
        (Page("search", Path("x.ipynb"), "Suche"), "cannot be the address"),
        (Page("methoden", Path("x.ipynb"), "Methoden"), "share an address"),
        (Page("arbeit/x", Path("nowhere.ipynb"), "Arbeit"), "notebook is missing"),
    ],
)
def test_a_wrong_page_is_told_and_nothing_is_staged(
    tmp_path: Path, page: Page, message: str
) -> None:
    made = edition(tmp_path / "notebooks")
    with pytest.raises(DataError, match=re.escape(message)):
        stage(replace(made, pages=(*made.pages, page)), ROOT, tmp_path / "staged")
    assert not (tmp_path / "staged").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('caption: "Überblick"', "caption: 2023", "put it in quotes"),
        ("file: book/methoden", "file: book/nowhere", "book/nowhere.md does not exist"),
        ("root: notebooks/start", "root: 7", "no 'root' page"),
        ("root: notebooks/start", "root: notebooks/arbeit", "which comes first"),
        ("format: jb-book", "format: [", "restore or mend the file"),
    ],
)
def test_a_wrong_toc_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copyfile(ROOT / "_config.yml", tmp_path / "_config.yml")
    text = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "_toc.yml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        stage(edition(tmp_path / "notebooks"), tmp_path, tmp_path / "staged")


def test_every_template_of_the_toc_exists() -> None:
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    missing = [
        name for name in re.findall(r"notebooks/\w+", toc) if not (ROOT / f"{name}.ipynb").is_file()
    ]
    assert missing == []


def test_the_bundled_library_is_the_one_altair_writes_for(tmp_path: Path) -> None:
    assert altair.SCHEMA_VERSION.startswith(f"v{chart_library.VEGA_LITE}.")
    code = chart_library.bundle(tmp_path).decode()
    assert "window.vegaEmbed" in code
    assert chart_library.bundle(tmp_path).decode() == code


# --- build ----------------------------------------------------------------------------------------


@pytest.mark.site
def test_the_same_pages_give_the_same_bytes_wherever_they_are_built(tmp_path: Path) -> None:
    def build(place: str) -> dict[str, bytes]:
        made = edition(tmp_path / place / "notebooks")
        stage(made, ROOT, tmp_path / place / "staged")
        assert build_html(tmp_path / place / "staged", tmp_path / place / "html")
        return tree(tmp_path / place / "html")

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(build, ["one", "a longer name/two"])
    assert one == two
    assert "arbeit/ukraine.html" in one
    assert not build_html(tmp_path / "one" / "staged", tmp_path / "one" / "html"), "nothing changed"
    page = one["arbeit/ukraine.html"].decode()
    assert 'aria-current="page">Ukraine</a>' in page
    assert 'href="gesamt.html">alle</a>' in page
    assert "Monitoring beobachtet; es misst nicht die Wirkung von Maßnahmen." in page
    assert "charts.js" not in page, "a page without a chart loads no chart library"


@pytest.mark.site
def test_a_warning_fails_the_build_and_the_last_good_pages_stay(tmp_path: Path) -> None:
    made = edition(tmp_path / "notebooks")
    stage(made, ROOT, tmp_path / "staged")
    good = tmp_path / "html"
    good.mkdir()
    (good / "index.html").write_text("the last good one")
    notebook(made.pages[2].source, "# Arbeit\n\n[kein Ziel](nirgends.md)")
    notebook(made.pages[4].source, "# Überblick\n\n{doc}`auch/nicht`")
    stage(made, ROOT, tmp_path / "staged")
    with pytest.raises(DataError) as caught:
        build_html(tmp_path / "staged", good)
    assert tree(good) == {"index.html": b"the last good one"}
    told = [(p.where.split(":")[0], p.what) for p in caught.value.problems]
    assert [where for where, _ in told] == ["arbeit/gesamt.ipynb", "ueberblick/gesamt.ipynb"]
    assert "nirgends.md" in told[0][1]
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != ".html.sphinx") == [
        "html",
        "html.log",
        "notebooks",
        "staged",
    ]


# --- site -----------------------------------------------------------------------------------------


def built(folder: Path, pages: dict[str, str]) -> Path:
    for address, text in {"index": "", **pages}.items():
        path = folder / f"{address}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<html lang='de'>{LIST}{text}</html>", encoding="utf-8")
    return folder


def card(year: int, rev: int = 1, kreis: str = "recklinghausen") -> Card:
    return Card(kreis, year, rev, f"Kreis {kreis.title()}")


def links(page: Path) -> list[Path]:
    found = re.findall(r'(?:href|url)=?"?([^"#]+\.html)"', page.read_text(encoding="utf-8"))
    return [(page.parent / href).resolve() for href in found]


def test_every_page_leads_to_the_same_page_of_the_other_editions(tmp_path: Path) -> None:
    new = built(tmp_path / "new", {"arbeit/gesamt": "", "arbeit/ukraine": ""})
    old = built(tmp_path / "old", {"arbeit/gesamt": ""})
    assemble(tmp_path / "site", [(card(2024), new), (card(2016), old)], ROOT)
    kreis = tmp_path / "site" / "recklinghausen"
    assert links(kreis / "2024.1/arbeit/gesamt.html") == [
        kreis / "2024.1/arbeit/gesamt.html",
        kreis / "2016.1/arbeit/gesamt.html",
        tmp_path / "site/index.html",
    ]
    text = (kreis / "2016.1/arbeit/gesamt.html").read_text(encoding="utf-8")
    assert re.findall(r'aria-current="true">(\d+)', text) == ["2016"]
    assert re.findall(r">(\d{4})<", text) == ["2024", "2016"]


def test_all_links_of_the_entry_pages_lead_somewhere(tmp_path: Path) -> None:
    html = built(tmp_path / "html", {})
    cards = [card(2024), card(2024, 2), card(2016), card(2024, 1, "guetersloh")]
    assemble(tmp_path / "site", [(one, html) for one in cards], ROOT)
    for page in (tmp_path / "site").rglob("*.html"):
        for target in links(page):
            assert target.is_file(), f"{page} leads to {target}"
    leads = (tmp_path / "site/recklinghausen/2024/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=../2024.2/index.html"' in leads


def test_what_another_edition_lacks_leads_to_the_nearest_page_it_has(tmp_path: Path) -> None:
    new = {"arbeit/gesamt": "", "arbeit/ukraine": "", "kennzahl/quote": "", "recht/ukraine": ""}
    old = {"arbeit/gesamt": "", "kennzahlen": ""}
    editions = [
        (card(2024), built(tmp_path / "new", new)),
        (card(2016), built(tmp_path / "old", old)),
    ]

    assemble(tmp_path / "site", editions, ROOT)

    kreis = tmp_path / "site" / "recklinghausen"
    led = {name: links(kreis / f"2024.1/{name}.html")[1] for name in new}
    assert led == {
        "arbeit/gesamt": kreis / "2016.1/arbeit/gesamt.html",
        "arbeit/ukraine": kreis / "2016.1/arbeit/gesamt.html",
        "kennzahl/quote": kreis / "2016.1/kennzahlen.html",
        "recht/ukraine": kreis / "2016.1/index.html",
    }


def test_an_older_edition_says_so_on_every_page_and_leads_to_the_newest(tmp_path: Path) -> None:
    html = built(tmp_path / "html", {"arbeit/gesamt": "", "kennzahl/quote": ""})
    cards = [card(2016), card(2020), card(2024, 1), card(2024, 2)]

    assemble(tmp_path / "site", [(one, html) for one in cards], ROOT)

    kreis = tmp_path / "site" / "recklinghausen"
    for page in ("index", "arbeit/gesamt", "kennzahl/quote"):
        old = (kreis / f"2016.1/{page}.html").read_text(encoding="utf-8")
        assert "Sie lesen eine ältere Ausgabe (2016)." in old
        assert links(kreis / f"2016.1/{page}.html")[-1] == kreis / f"2024.2/{page}.html"
        new = (kreis / f"2024.2/{page}.html").read_text(encoding="utf-8")
        assert "kh-ueberholt" not in new


def test_the_next_chapter_is_about_the_same_target_group(tmp_path: Path) -> None:
    def page(address: str, title: str, group: str = "") -> Page:
        return Page(address, notebook(tmp_path / f"{address}.ipynb", f"# {title}"), title, group)

    pages = (
        page("start", "Start"),
        page("quellen", "Quellen"),
        page("arbeit/gesamt", "Arbeit", "alle"),
        page("arbeit/ukraine", "Ukraine", "Ukraine"),
        page("sprache/gesamt", "Sprache", "alle"),
        page("wohnen/gesamt", "Wohnen", "alle"),
        page("wohnen/ukraine", "Ukraine", "Ukraine"),
    )

    stage(replace(edition(tmp_path), pages=pages), ROOT, tmp_path / "staged")

    config = yaml.safe_load((tmp_path / "staged/_config.yml").read_text(encoding="utf-8"))
    found = config["sphinx"]["config"]["html_context"]["kh_folge"]
    assert found == {
        "arbeit/gesamt": [None, ["sprache/gesamt", "Sprache"]],
        "sprache/gesamt": [["arbeit/gesamt", "Arbeit"], ["wohnen/gesamt", "Wohnen"]],
        "wohnen/gesamt": [["sprache/gesamt", "Sprache"], []],
        "arbeit/ukraine": [[], ["wohnen/ukraine", "Wohnen: Ukraine"]],
        "wohnen/ukraine": [["arbeit/ukraine", "Arbeit: Ukraine"], []],
    }


def test_an_older_revision_says_so(tmp_path: Path) -> None:
    html = built(tmp_path / "html", {"arbeit/gesamt": ""})
    assemble(tmp_path / "site", [(card(2024, 1), html), (card(2024, 2), html)], ROOT)
    kreis = tmp_path / "site" / "recklinghausen"
    old = (kreis / "2024.1/arbeit/gesamt.html").read_text(encoding="utf-8")
    assert "kh-ueberholt" in old
    assert "../../2024.2/arbeit/gesamt.html" in old
    assert "kh-ueberholt" not in (kreis / "2024.2/arbeit/gesamt.html").read_text(encoding="utf-8")


def test_a_new_edition_joins_those_that_are_there(tmp_path: Path) -> None:
    html = built(tmp_path / "html", {})
    assemble(tmp_path / "one", [(card(2024), html), (card(2016), html)], ROOT)
    assemble(tmp_path / "two", [(card(2016), html)], ROOT)
    before = (tmp_path / "two/recklinghausen/2016.1/index.html").read_bytes()
    assemble(tmp_path / "two", [(card(2024), html)], ROOT)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert [(c.year, c.rev) for c in site.list_cards(tmp_path / "two")] == [(2024, 1), (2016, 1)]
    after = (tmp_path / "two/recklinghausen/2016.1/index.html").read_bytes()
    assert before != after
    assert site.drop_list(before) == site.drop_list(after) == (html / "index.html").read_bytes()


def test_without_a_good_edition_the_site_stays(tmp_path: Path) -> None:
    html = built(tmp_path / "html", {})
    assemble(tmp_path / "site", [(card(2024), html)], ROOT)
    before = tree(tmp_path / "site")
    with pytest.raises(DataError, match="is not a built edition"):
        assemble(tmp_path / "site", [(card(2016), tmp_path / "nowhere")], ROOT)
    assert tree(tmp_path / "site") == before


def test_a_replacement_cut_off_half_way_is_undone(tmp_path: Path) -> None:
    html = built(tmp_path / "html", {})
    assemble(tmp_path / "site", [(card(2016), html)], ROOT)
    (tmp_path / "site").rename(tmp_path / ".site.0123456789ab.old")
    assemble(tmp_path / "site", [(card(2024), html)], ROOT)
    assert [c.year for c in site.list_cards(tmp_path / "site")] == [2024, 2016]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has what the entry pages are made of."""
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copyfile(ROOT / "_config.yml", tmp_path / "_config.yml")
    return tmp_path


def test_an_edition_that_lies_there_as_it_was_left_is_not_written_again(project: Path) -> None:
    editions = [(card(y), built(project / f"html{y}", {"a/b": ""})) for y in (2016, 2024)]
    for _ in range(2):
        assemble(project / "build/site", editions, project)
    page = "recklinghausen/{}.1/a/b.html"
    before = [(project / "build/site" / page.format(y)).stat().st_mtime_ns for y in (2016, 2024)]
    (editions[1][1] / "a/b.html").write_text(f"<html>{LIST}another</html>", encoding="utf-8")

    assemble(project / "build/site", editions, project)

    after = [(project / "build/site" / page.format(y)).stat().st_mtime_ns for y in (2016, 2024)]
    assert [one == two for one, two in zip(before, after, strict=True)] == [True, False]


@pytest.mark.parametrize(
    "change",
    [
        lambda site, html: (html / "a/b.html").write_text(f"<html>{LIST}another</html>"),
        lambda site, html: (html / "a/b.html").unlink(),
        lambda site, html: built(html, {"c/d": "", "e/f": ""}),
        lambda site, html: (site / "recklinghausen/2016.1/a/b.html").write_text("tampered with"),
        lambda site, html: (site / "recklinghausen/2016.1/a/b.html").unlink(),
        lambda site, html: shutil.rmtree(site / "recklinghausen/2024.1"),
        lambda site, html: shutil.rmtree(site),
    ],
)
def test_after_any_change_the_site_is_the_one_made_anew(project: Path, change: Any) -> None:
    texts = {"a/b": "", "c/d": ""}
    editions = [(card(y), built(project / f"html{y}", texts)) for y in (2016, 2024)]
    assemble(project / "build/site", editions, project)
    change(project / "build/site", project / "html2016")

    assemble(project / "build/site", editions, project)
    assemble(project / "fresh", editions, project)

    assert tree(project / "build/site") == tree(project / "fresh")


# --- what the pages rely on -----------------------------------------------------------------------


def test_the_catalogue_covers_what_the_theme_says() -> None:
    """Every sentence of the theme's own German catalogue that a page can show is in ours."""
    own = (ROOT / "book/locale/de/LC_MESSAGES/sphinx.po").read_text(encoding="utf-8")
    theme = files("pydata_sphinx_theme") / "theme" / "pydata_sphinx_theme"
    used = ["components/theme-switcher.html", "components/prev-next.html", "layout.html"]
    for name in used:
        for message in re.findall(r"_\([\"']([^\"']+)[\"']\)", (theme / name).read_text()):
            assert f'msgid "{message}"' in own, f"{name}: {message}"
