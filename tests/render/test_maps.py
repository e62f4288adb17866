"""Maps: classes of one width, number and name beside the colour, nothing of what is hidden."""

import re

import pytest
from frames import DATTELN, MARL, book, indicator, protected
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.render import maps
from kreisheft.render.map_outlines import Area, Ground
from kreisheft.render.maps import Labels

BOOK, QUOTE = book(), indicator()
DORSTEN = "05562012"
NAMES = {MARL: "Marl", DATTELN: "Datteln", DORSTEN: "Dorsten"}
GROUND = Ground(640, 300, tuple(Area(a, "M0 0l9 0 0 9z", (50, 50), 200) for a in sorted(NAMES)))
LINKS = {ags: f"../kommunen.html#gemeinde-{ags}" for ags in NAMES}


def drawn(*rows: dict, own: str = "", links: dict[str, str] = LINKS) -> str:
    labels = Labels("f-quote", "Diagramm: Quote", NAMES, links, own)
    return maps.html(protected(*rows), QUOTE, GROUND, labels, BOOK).replace("\xa0", " ")


def told(page: str) -> list[str]:
    return re.findall(r'<a [^>]*aria-label="([^"]*)"', page)


def legend(page: str) -> list[str]:
    items = re.findall(r"<span>(.*?)</span></li>", page)
    return [re.sub(r"<[^>]+>", "", item) for item in items]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([13.9, 31.0], [10, 15, 20, 25, 30, 35]),
        ([0.0, 10.0], [0, 2.5, 5, 7.5, 10, 12.5]),
        ([7.0, 7.0], [7, 7]),
        ([-3.0, 4.0], [-4, -2, 0, 2, 4, 6]),
        ([], [0, 0]),
    ],
)
def test_bounds_are_round_numbers(values: list[float], expected: list[float]) -> None:
    assert maps.bounds(values) == expected


@given(st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 1)), min_size=2, unique=True))
def test_every_value_lies_in_one_of_five_classes(values: list[float]) -> None:
    found = maps.bounds(values)

    assert len(found) <= 6
    assert found[0] <= min(values)
    assert max(values) < found[-1]


def test_a_region_says_its_value_and_the_number_of_its_class() -> None:
    page = drawn({"ags": MARL, "value": 12.0}, {"ags": DATTELN, "value": 31.0})

    assert told(page) == [
        "Datteln: 31,0 %, Klasse 5",
        "Dorsten: keine Angabe",
        "Marl: 12,0 %, Klasse 1",
    ]


def test_the_legend_names_bounds_and_regions_of_every_class() -> None:
    page = drawn({"ags": MARL, "value": 12.0}, {"ags": DATTELN, "value": 31.0})

    assert legend(page) == [
        "10,0 bis unter 15,0: Marl",
        "15,0 bis unter 20,0: keine",
        "20,0 bis unter 25,0: keine",
        "25,0 bis unter 30,0: keine",
        "30,0 bis unter 35,0: Datteln",
        "keine Angabe: Dorsten",
    ]


def test_a_hidden_region_is_hatched_and_says_so_and_nothing_else() -> None:
    rows = ({"ags": MARL, "value": 12.0}, {"ags": DORSTEN, "value": None, "status": "hidden"})

    page = drawn(*rows, {"ags": DATTELN, "value": 31.0})

    assert "Dorsten: geheim" in told(page)
    assert legend(page)[-1] == "geheim: Dorsten"
    assert 'fill="url(#f-quote-x)"' in page
    assert '<pattern id="f-quote-x"' in page


def test_what_is_hidden_changes_no_byte_of_the_map() -> None:
    shown = [{"ags": MARL, "value": 12.0}, {"ags": DATTELN, "value": 31.0}]
    secret = {"ags": DORSTEN, "value": None, "status": "hidden"}

    # A Protected has no value for it; not even its numerator may have left a trace.
    pages = {drawn(*shown, {**secret, "numerator": n, "denominator": 9}) for n in (1, 2)}

    assert len(pages) == 1


def test_all_hidden_leaves_no_class() -> None:
    page = drawn(*({"ags": a, "value": None, "status": "hidden"} for a in NAMES))

    assert legend(page) == ["geheim: Datteln, Dorsten, Marl"]


def test_a_region_is_a_link_to_its_profile_or_to_its_class() -> None:
    row = {"ags": MARL, "value": 12.0}

    assert f'href="../kommunen.html#gemeinde-{MARL}"' in drawn(row)
    assert 'href="#f-quote-k1"' in drawn(row, links={})
    assert 'id="f-quote-k1"' in drawn(row, links={})


def test_the_own_region_is_drawn_last() -> None:
    page = drawn({"ags": MARL, "value": 12.0}, own=DATTELN)

    assert told(page)[-1].startswith("Datteln")
    assert page.count("kh-eigen") == 1


def test_a_map_has_neither_script_nor_style() -> None:
    page = drawn({"ags": MARL, "value": 12.0})

    assert "<script" not in page
    assert "style=" not in page


def test_markup_in_a_name_is_shown_and_not_run() -> None:
    names = {**NAMES, MARL: "<b>Marl</b>"}
    shown = protected({"ags": MARL, "value": 12.0})

    page = maps.html(shown, QUOTE, GROUND, Labels("f", "<i>", names, {}), BOOK)

    assert "<b>" not in page
    assert "<i>" not in page
