"""What a reader makes of a figure: a choice, a link, a file, a frame; on one small edition."""

import csv
import io
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Watched, served, watched
from miniature import ROOT
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

CHAPTER = "beispiel/2024.1/arbeit/gesamt.html"
LINES, BARS, PLACES = "f-quote-verlauf", "f-quote-gruppen", "f-quote-gebiete"
SOURCE = "Beispielamt (dl-de/by-2-0), t1, Stand 01.02.2025"


@pytest.fixture
def seen(browser: Browser) -> Iterator[Watched]:
    with watched(browser, accept_downloads=True) as one:
        yield one
        assert (one.foreign, one.errors) == ([], [])


def opened(seen: Watched, site: Path, query: str = "") -> Tab:
    seen.page.goto(f"{site.as_uri()}/{CHAPTER}{query}")
    seen.page.wait_for_selector("html.kh-bereit")
    return seen.page


def drawer(page: Tab, figure: str, name: str) -> None:
    page.locator(f"#{figure} summary", has_text=name).click()


def shown(page: Tab, figure: str) -> list[list[str]]:
    """Every cell of the table that a reader sees, heads first."""
    return page.locator(f"#{figure} tr:visible").evaluate_all(
        "(rows) => rows.map((r) => [...r.cells].filter((c) => !c.hidden).map((c) => c.textContent))"
    )


def drawn(page: Tab, figure: str) -> list[str]:
    """The words of the living chart."""
    chart = page.locator(f"#{figure} .kh-gezeichnet")
    chart.wait_for()
    page.wait_for_timeout(200)
    return chart.locator(".kh-lebend text").all_text_contents()


def query(page: Tab) -> str:
    """Asked of the page itself: `page.url` hears of a new address a moment later."""
    return unquote(str(page.evaluate("location.search"))[1:])


def saved(page: Tab, figure: str, kind: str) -> tuple[str, bytes]:
    if not page.locator(f"#{figure} details[open]", has_text="Herunterladen").count():
        drawer(page, figure, "Herunterladen")
    with page.expect_download() as found:
        page.locator(f"#{figure}").get_by_role("button", name=kind, exact=True).click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


# --- choosing ------------------------------------------------------------------------------------


def test_ticked_groups_are_left_in_table_and_chart(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    drawer(page, LINES, "Auswahl")
    for name in ("Frauen", "Männer"):
        page.locator(f"#{LINES}").get_by_role("checkbox", name=name).check()

    assert shown(page, LINES)[0] == ["Jahr", "Frauen (Prozent)", "Männer (Prozent)", "Tabelle"]
    words = drawn(page, LINES)
    assert "Männer" in words
    assert "insgesamt" not in words


def test_years_narrow_rows_and_axis_and_a_break_at_the_edge_goes(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small)
    drawer(page, LINES, "Auswahl")
    page.locator(f"#{LINES}").get_by_label("von").select_option("2015")
    page.locator(f"#{LINES}").get_by_label("bis").select_option("2016")

    assert [row[0] for row in shown(page, LINES)] == ["Jahr", "2015", "2016"]
    words = drawn(page, LINES)
    assert sorted(word for word in words if word.startswith("20") and len(word) == 4) == [
        "2015",
        "2016",
    ]
    assert "Neu" not in words


def test_a_break_between_chosen_years_stays(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=jahr:2014-2015")

    assert [row[0] for row in shown(page, LINES)] == ["Jahr", "2014", "Bruch: Neu", "2015"]


def test_fewer_bars_make_a_lower_chart(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    page.locator(f"#{BARS}").scroll_into_view_if_needed()
    drawn(page, BARS)
    height = "document.querySelector('#f-quote-gruppen .kh-lebend svg').clientHeight"
    before = page.evaluate(height)
    drawer(page, BARS, "Auswahl")
    page.locator(f"#{BARS}").get_by_role("checkbox", name="Frauen").check()

    assert "Männer" not in drawn(page, BARS)
    assert page.evaluate(height) == before - 2 * 26


def test_places_groups_and_years_of_one_table_are_chosen_together(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small, "?quote-gebiete=ort:marl;gruppe:frauen,maenner;jahr:2011,2013")

    assert shown(page, PLACES) == [
        ["Gebiet", "Gruppe", "2013", "2011"],
        ["Marl", "Frauen", "geheim", "20,0"],
        ["Marl", "Männer", "32,0", "30,0"],
    ]


def test_what_is_shown_is_written_and_said(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    drawer(page, LINES, "Auswahl")
    page.locator(f"#{LINES}").get_by_role("checkbox", name="Frauen").check()
    page.locator(f"#{LINES}").get_by_label("von").select_option("2017")

    told = page.locator(f"#{LINES} .kh-gewaehlt").text_content() or ""
    assert told.startswith("Gezeigt wird nur: Jahr: 2017 bis 2018; Gruppe: Frauen.")
    said = page.get_by_role("status").inner_text()
    assert said == "Jahr: 2017 bis 2018; Gruppe: Frauen. 2 von 9 Zeilen."


def test_everything_is_shown_again_by_one_press(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen;jahr:2012-2013")
    page.get_by_role("button", name="Alles zeigen").click()

    assert len(shown(page, LINES)) == 10
    assert query(page) == ""
    assert page.evaluate("document.activeElement.textContent") == "Auswahl"


def test_a_choice_is_made_with_the_keyboard_alone(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    page.locator(f"#{LINES} summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # from
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")  # to
    page.keyboard.press("Tab")  # first group
    page.keyboard.press("Space")

    assert query(page) == "quote-verlauf=gruppe:insgesamt;jahr:2012-"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "frauen"


def test_a_hidden_figure_stays_hidden_however_one_chooses(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen;jahr:2013-2013")

    assert shown(page, LINES)[1] == ["2013", "geheim", "t1"]


# --- the address ---------------------------------------------------------------------------------


def test_choices_of_several_figures_are_in_the_address_and_survive_a_reload(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small)
    drawer(page, LINES, "Auswahl")
    page.locator(f"#{LINES}").get_by_label("von").select_option("2016")
    drawer(page, BARS, "Auswahl")
    page.locator(f"#{BARS}").get_by_role("checkbox", name="Männer").check()
    page.locator(f"#{LINES}").get_by_role("button", name="Tabelle", exact=True).click()
    assert query(page) == "quote-verlauf=jahr:2016-;zeigt:tabelle&quote-gruppen=gruppe:maenner"
    page.reload()
    page.wait_for_selector("html.kh-bereit")

    assert [row[0] for row in shown(page, LINES)] == ["Jahr", "2016", "2017", "2018"]
    assert [row[0] for row in shown(page, BARS)] == ["Gruppe", "Männer"]
    assert not page.locator(f"#{LINES} .kh-chart").is_visible()


def test_the_back_button_takes_back_one_choice(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    drawer(page, BARS, "Auswahl")
    for name in ("Männer", "Frauen"):
        page.locator(f"#{BARS}").get_by_role("checkbox", name=name).check()
    page.go_back()

    assert [row[0] for row in shown(page, BARS)] == ["Gruppe", "Männer"]
    assert not page.locator(f"#{BARS}").get_by_role("checkbox", name="Frauen").is_checked()


def test_what_this_edition_does_not_have_is_told_and_the_rest_holds(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen,riesen;jahr:1900-1910;farbe:rot")

    told = page.locator(f"#{LINES} .kh-hinweis").text_content() or ""
    assert "1900-1910, riesen, farbe" in told
    assert shown(page, LINES)[0] == ["Jahr", "Frauen (Prozent)", "Tabelle"]
    assert len(shown(page, LINES)) == 10


@pytest.mark.parametrize("query", ["?quote-verlauf=%", "?=&&quote-verlauf", "?quote-verlauf=:;;,"])
def test_a_broken_address_shows_everything(seen: Watched, small: Path, query: str) -> None:
    page = opened(seen, small, query)

    assert len(shown(page, LINES)) == 10


def test_a_link_leads_to_the_figure_as_it_is_shown(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-gruppen=gruppe:frauen&quote-verlauf=jahr:2016-")
    drawer(page, LINES, "Teilen")
    link = page.locator(f"#{LINES}").get_by_role("textbox", name="Link").input_value()

    assert link == f"{small.as_uri()}/{CHAPTER}?quote-verlauf=jahr:2016-#{LINES}"


# --- files ---------------------------------------------------------------------------------------


def test_csv_has_the_view_with_german_signs_and_says_where_it_is_from(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen;jahr:2012-2013")
    name, content = saved(page, LINES, "CSV")

    assert name == "quote-verlauf-auswahl-2024.1.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[:3] == [
        ["Jahr", "Frauen (Prozent)", "Tabelle"],
        ["2012", "21,0", "t1"],
        ["2013", "geheim", "t1"],
    ]
    about = dict(rows[4:])
    assert about["Quelle"] == SOURCE
    assert about["Auswahl"] == "Jahr: 2012 bis 2013; Gruppe: Frauen"
    assert about["Ausgabe"].endswith("Ausgabe 2024.1")
    assert "dl-de/by-2-0" in about["Lizenz"]


def test_csv_takes_thousands_away_and_keeps_marked_numbers_as_they_are(
    seen: Watched, small: Path
) -> None:
    _, content = saved(opened(seen, small), "f-gut", "CSV")

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][1:3] == ["1234,5", "-3,2"]
    assert rows[4][1:3] == ["–", "0,4"]
    assert rows[5][1] == "20,0 (Schätzung)"


def test_no_cell_of_a_file_is_a_formula(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    _, content = saved(page, "f-boese", "CSV")
    _, book = saved(page, "f-boese", "Excel (XLSX)")

    assert b"\n'=1+1;" in content
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0] for c in row]
    [cell] = [c for c in cells if c.value == "=1+1"]
    assert cell.data_type != "f" or b"<f>" not in book
    assert b"<f>" not in book


def test_json_has_numbers_as_numbers_and_signs_as_words(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen;jahr:2012-2013")
    content = json.loads(saved(page, LINES, "JSON")[1])

    assert content["zeilen"] == [[2012, 21, "t1"], [2013, "geheim", "t1"]]
    assert content["spalten"] == ["Jahr", "Frauen (Prozent)", "Tabelle"]
    assert content["quelle"] == SOURCE


def test_a_workbook_has_the_whole_table_with_numbers_and_signs(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen;jahr:2012-2013")
    name, content = saved(page, LINES, "Excel (XLSX)")
    sheet, about = openpyxl.load_workbook(io.BytesIO(content)).worksheets

    assert name == "quote-verlauf-2024.1.xlsx"
    assert sheet.max_row == 10
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[1] == [2011, 10, 20, 30, "t1"]
    assert rows[3] == [2013, 12, "geheim", 32, "t1"]
    assert sheet["B2"].number_format == "0.0"
    assert dict(about.values)["Quelle"] == SOURCE


def test_a_marked_number_is_a_number_that_shows_its_mark(seen: Watched, small: Path) -> None:
    _, content = saved(opened(seen, small), "f-gut", "Excel (XLSX)")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]

    assert (sheet["B2"].value, sheet["B2"].number_format) == (1234.5, "#,##0.0")
    assert (sheet["B6"].value, sheet["B6"].number_format) == (20, '0.0" (Schätzung)"')
    assert sheet["C2"].value == -3.2
    assert sheet["C7"].value == "30.06.2015 (Tag)"


def test_pictures_show_the_view_with_its_source(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen")
    _, drawing = saved(page, LINES, "SVG")
    _, pixels = saved(page, LINES, "PNG")

    texts = [node.text or "" for node in ElementTree.fromstring(drawing).iter()]
    assert "Frauen" in texts
    assert "Männer" not in texts
    assert any(SOURCE[:20] in text for text in texts)
    assert any("Ausgabe 2024.1" in text for text in texts)
    assert not re.search(rb"aria-|<script|onload", drawing)
    size = ElementTree.fromstring(drawing)
    assert struct.unpack(">II", pixels[16:24]) == (
        2 * int(size.get("width", "")),
        2 * int(size.get("height", "")),
    )


def test_the_same_view_gives_the_same_bytes(seen: Watched, small: Path) -> None:
    kinds = ("CSV", "JSON", "SVG", "Excel (XLSX)")
    first, second = (
        [saved(opened(seen, small, "?quote-gruppen=gruppe:frauen"), BARS, kind) for kind in kinds]
        for _ in range(2)
    )

    assert first == second


def test_a_file_from_a_folder_does_not_name_the_folder(seen: Watched, small: Path) -> None:
    _, content = saved(opened(seen, small), BARS, "CSV")

    assert b"file:" not in content
    assert small.name.encode() not in content


def test_a_drawing_that_is_finished_stays_whole_and_says_so(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-gebiete=ort:marl")
    drawer(page, PLACES, "Herunterladen")

    told = page.locator(f"#{PLACES} .kh-gewaehlt").inner_text()
    assert "Das Bild zeigt weiterhin alles." in told
    assert page.locator(f"#{PLACES} .kh-fest svg").is_visible()
    buttons = page.locator(f"#{PLACES} .kh-fach[open] button").all_inner_texts()
    assert buttons == ["CSV", "JSON", "Excel (XLSX)"]


def test_a_frame_shows_a_drawing_that_is_finished(seen: Watched, small: Path) -> None:
    page = opened(seen, small, f"?einbetten={PLACES}")

    assert page.locator("figure:visible").evaluate_all("(all) => all.map((f) => f.id)") == [PLACES]
    assert page.locator(f"#{PLACES} .kh-fest svg").is_visible()


# --- frames --------------------------------------------------------------------------------------


def test_a_frame_shows_one_figure_its_source_and_the_way_to_the_report(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small, f"?einbetten={LINES}&quote-verlauf=gruppe:frauen;zeigt:tabelle")

    assert page.locator("figure:visible").evaluate_all("(all) => all.map((f) => f.id)") == [LINES]
    assert page.locator("nav:visible, h2:visible, .bd-sidebar-primary:visible").count() == 0
    assert SOURCE in page.locator(f"#{LINES} .kh-quelle").inner_text()
    assert page.locator(".kh-herkunft").inner_text().endswith("Ausgabe 2024.1. Zum Bericht")
    link = page.get_by_role("link", name="Zum Bericht").get_attribute("href")
    assert link
    assert link.endswith(f"{CHAPTER}?quote-verlauf=gruppe:frauen;zeigt:tabelle#{LINES}")


def test_a_frame_for_a_figure_that_is_not_there_shows_the_chapter_and_says_so(
    seen: Watched, small: Path
) -> None:
    page = opened(seen, small, "?einbetten=f-nichts")

    assert "„f-nichts“" in page.locator(".kh-hinweis").first.inner_text()
    assert page.locator("h1").is_visible()


def test_the_code_frames_this_edition_on_a_page_of_another_host(
    seen: Watched, small: Path, tmp_path: Path
) -> None:
    with served(small) as start, served(tmp_path) as other:
        seen.page.goto(f"{start}/{CHAPTER}?quote-verlauf=gruppe:frauen")
        seen.page.wait_for_selector("html.kh-bereit")
        drawer(seen.page, LINES, "Teilen")
        code = seen.page.locator(f"#{LINES}").get_by_role("textbox", name="Code").input_value()
        assert f'src="{start}/beispiel/2024.1/' in code
        (tmp_path / "fremd.html").write_text(f"<!doctype html><title>x</title>{code}")
        (tmp_path / "favicon.ico").write_bytes(b"")
        seen.page.goto(f"{other}/fremd.html")
        frame = seen.page.frame_locator("iframe")
        frame.locator(f"#{LINES} .kh-gezeichnet").wait_for()

        assert frame.locator("figure:visible").count() == 1
        assert frame.locator(f"#{LINES} th:visible", has_text="Männer").count() == 0


# --- for everyone --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("more", ["", f"&einbetten={LINES}"])
def test_axe_finds_nothing_when_everything_is_open(
    browser: Browser, small: Path, scheme: str, more: str
) -> None:
    with watched(browser, scheme=scheme) as seen:
        page = opened(seen, small, f"?quote-verlauf=gruppe:frauen,riesen{more}")
        for summary in page.locator(f"#{LINES} summary, #{PLACES} summary:visible").all():
            summary.click()
        drawn(page, LINES)
        found = Axe().run(page).response["violations"]

        assert [(f["id"], [n["html"][:160] for n in f["nodes"]]) for f in found] == []


@pytest.mark.parametrize("width", [320, 768])
def test_open_drawers_never_scroll_the_page_sideways(
    browser: Browser, small: Path, width: int
) -> None:
    with watched(browser, width=width) as seen:
        page = opened(seen, small)
        for summary in page.locator(".kh-figure summary").all():
            summary.click()

        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_chart_follows_the_dark_view_and_paper_stays_light(browser: Browser, small: Path) -> None:
    with watched(browser, scheme="dark") as seen:
        page = opened(seen, small)
        page.locator(f"#{LINES}").scroll_into_view_if_needed()
        drawn(page, LINES)
        look = "(n) => getComputedStyle(n).filter"
        living, picture = (page.locator(f"#{LINES} {s}") for s in (".kh-lebend svg", ".kh-bild"))

        fixed = page.locator(f"#{PLACES} .kh-fest svg")
        looks = {one.evaluate(look) for one in (living, picture, fixed)}

        assert looks == {"invert(1) hue-rotate(180deg)"}
        page.emulate_media(media="print")
        assert {one.evaluate(look) for one in (picture, fixed)} == {"none"}


def test_paper_shows_what_was_chosen(seen: Watched, small: Path) -> None:
    page = opened(seen, small, "?quote-verlauf=gruppe:frauen")
    drawn(page, LINES)
    page.emulate_media(media="print")

    assert page.locator(f"#{LINES} .kh-lebend").is_visible()
    assert not page.locator(f"#{LINES} .kh-bild").is_visible()
    assert page.locator(f"#{LINES} .kh-gewaehlt").is_visible()
    assert not page.locator(f"#{LINES} summary").first.is_visible()


def test_a_figure_far_away_is_not_laid_out(seen: Watched, small: Path) -> None:
    page = opened(seen, small)
    laid = "(n) => n.checkVisibility({ contentVisibilityAuto: true })"

    assert page.locator("#f-gut table").evaluate(laid)
    assert not page.locator(f"#{PLACES} table").evaluate(laid)


def test_every_word_comes_from_the_catalogue(browser: Browser, small: Path) -> None:
    text = (ROOT / "book/assets/worte.js").read_text("utf-8")
    other = re.sub(r'(\w+): "[^"]*"', r'\1: "<\1>"', text).replace("<sprache>", "en")
    with watched(browser) as seen:
        seen.page.route("**/worte.js", lambda route: route.fulfill(body=other))
        page = opened(seen, small)
        bar = page.locator(f"#{LINES} .kh-leiste")
        for summary in bar.locator("summary").all():
            summary.click()
        words = bar.locator("summary, button, legend, label, p").all_inner_texts()
        from_table = {"insgesamt", "Frauen", "Männer", "Jahr"}
        own = {w.strip() for text in words for w in text.splitlines()} - from_table - {""}

        assert {w for w in own if not re.fullmatch(r"(<\w+>|\d{4}|\s)+", w)} == set()
