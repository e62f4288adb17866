"""Small multiples: one scale for all, no line across a break, nothing of what is hidden."""

import re

from frames import DATTELN, MARL, book, indicator, protected

from kreisheft.render import small_multiples

BOOK, QUOTE = book(), indicator()
NAMES = {DATTELN: "Datteln", MARL: "Marl"}


def row(ags: str, year: int, value: float | None, **more: object) -> dict:
    return {"ags": ags, "year": year, "period": str(year), "value": value, **more}


def drawn(*rows: dict) -> list[small_multiples.Line]:
    return small_multiples.lines(protected(*rows), "ags", NAMES)


def page(*rows: dict) -> str:
    return small_multiples.html(drawn(*rows), QUOTE, BOOK).replace("\xa0", " ")


FOUR = (row(MARL, 2019, 5), row(MARL, 2020, 10), row(DATTELN, 2019, 20), row(DATTELN, 2020, 40))


def test_lines_stand_in_the_order_of_the_names_with_the_oldest_figure_first() -> None:
    found = drawn(*reversed(FOUR))

    assert [one.name for one in found] == ["Datteln", "Marl"]
    assert [point[:2] for point in found[1].points] == [(2019, 5.0), (2020, 10.0)]


def test_one_figure_is_no_line() -> None:
    assert [one.name for one in drawn(*FOUR[:3])] == ["Marl"]


def test_a_hidden_figure_is_no_point() -> None:
    hidden = row(MARL, 2021, None, status="hidden")

    assert drawn(*FOUR, hidden) == drawn(*FOUR)


def test_all_have_the_same_scale() -> None:
    made = page(*FOUR)

    # The field goes from 108 down to 16 above, for 0 to 50: 40 lies at 34.4, 10 at 89.6.
    assert re.findall(r'cx="232" cy="([\d.]+)"', made) == ["34.4", "89.6"]
    assert made.count(">50,0 %</text>") == made.count(">0,0 %</text>") == 2


def test_no_line_crosses_a_break_and_a_dashed_one_marks_it() -> None:
    cut = (row(MARL, 2019, 5), row(MARL, 2020, 10, segment="neu"), *FOUR[2:])

    made = page(*cut)

    assert made.count("L") == 1
    assert "mit Bruch, nicht zu vergleichen" in made
    assert "V108" in made


def test_each_picture_says_its_line_in_words() -> None:
    made = page(*FOUR)

    assert 'aria-label="Marl: von 5,0 % (2019) auf 10,0 % (2020)"' in made


def test_a_year_that_only_one_has_is_left_out() -> None:
    shown = protected(row(MARL, 2018, 1), *FOUR)

    assert sorted(set(small_multiples.select_shared_years(shown, "ags").column("year"))) == [
        2019,
        2020,
    ]
