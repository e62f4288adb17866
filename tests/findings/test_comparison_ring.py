"""The Kreis among its peers."""

import pytest
from frames import GT, ME, RE, protected
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.findings.comparison_ring import assign_codes, build_ring, select_coded

OTHERS = ("05111", "05112", "05113", "05114", "05116")


def among(*figures: float | None, own: float | None) -> object:
    rows = [{"ags": a, "value": v} for a, v in zip(OTHERS, figures, strict=False)]
    return build_ring(protected({"ags": RE, "value": own}, *rows), RE)


def test_quartiles_are_those_of_type_7() -> None:
    """1, 2, 3, 4, 10: the quarters fall on 2, 3 and 4."""
    found = among(1, 2, 4, 10, own=3)

    assert (found.minimum, found.p25, found.median, found.p75, found.maximum) == (1, 2, 3, 4, 10)


def test_a_quartile_between_two_figures_is_interpolated() -> None:
    """1, 2, 3, 4: a quarter of the way is 1 + 0.75."""
    assert among(2, 3, 4, own=1).p25 == 1.75


@pytest.mark.parametrize(("own", "quarter"), [(1, 0), (2, 0), (3, 1), (4, 2), (9, 3)])
def test_quarters_count_from_the_lowest_value(own: float, quarter: int) -> None:
    """Beside 1, 2, 3, 4, 9 without the own one."""
    rest = [v for v in (1, 2, 3, 4, 9) if v != own]

    assert among(*rest, own=own).quarter == quarter


def test_the_kreis_itself_is_one_of_the_n() -> None:
    assert among(1, 2, own=3).n == 3


def test_hidden_figures_do_not_count() -> None:
    assert among(1, None, None, own=3).n == 2


def test_without_an_own_figure_there_is_no_ring() -> None:
    assert among(1, 2, 3, 4, own=None) is None


def test_rings_of_two_tables_differ_in_their_segment() -> None:
    one, other = (build_ring(protected({"table": table}), RE) for table in ("t1", "t2"))

    assert one.segment != other.segment


# --- who is named -------------------------------------------------------------------------------


def test_members_get_codes_and_the_own_kreis_its_name() -> None:
    assert select_coded([RE, *OTHERS], RE, []) == sorted(OTHERS)


def test_who_agrees_is_named() -> None:
    assert select_coded([RE, *OTHERS], RE, [OTHERS[0], OTHERS[1]]) == sorted(OTHERS[2:])


def test_two_who_do_not_agree_are_not_left_to_be_found_by_elimination() -> None:
    """Five others, three agree: two codes would be as good as names."""
    assert select_coded([RE, *OTHERS], RE, OTHERS[:3]) == sorted(OTHERS)


def test_one_who_does_not_agree_is_not_left_alone() -> None:
    """Five others, four agree: a single code is the name of the fifth."""
    assert select_coded([RE, *OTHERS], RE, OTHERS[:4]) == sorted(OTHERS)


def test_three_who_do_not_agree_are_enough_for_codes() -> None:
    assert select_coded([RE, *OTHERS], RE, OTHERS[:2]) == sorted(OTHERS[2:])


def test_where_all_agree_nobody_needs_a_code() -> None:
    assert select_coded([RE, *OTHERS], RE, OTHERS) == []


def test_codes_are_letters() -> None:
    shown = protected({"ags": GT, "value": 1}, {"ags": ME, "value": 2})

    assert sorted(assign_codes(shown, [GT, ME]).values()) == ["A", "B"]


def test_after_z_comes_aa() -> None:
    members = [f"05{i:03}" for i in range(28)]
    shown = protected(*({"ags": a, "value": i} for i, a in enumerate(members)))

    assert set(assign_codes(shown, members).values()) >= {"A", "Z", "AA", "AB"}


@given(st.permutations(OTHERS))
def test_a_code_belongs_to_figures_whoever_has_them(members: list[str]) -> None:
    """Members who swap their figures swap their codes: a code tells nothing of its own."""
    shown = protected(*({"ags": a, "value": i} for i, a in enumerate(members)))

    found = assign_codes(shown, members)

    first = assign_codes(protected(*({"ags": a, "value": i} for i, a in enumerate(OTHERS))), OTHERS)
    assert [found[a] for a in members] == [first[a] for a in OTHERS]


def test_codes_are_no_ranking() -> None:
    members = [f"05{i:03}" for i in range(26)]
    shown = protected(*({"ags": a, "value": i} for i, a in enumerate(members)))

    by_value = [assign_codes(shown, members)[a] for a in members]

    assert by_value != sorted(by_value)
    assert by_value != sorted(by_value, reverse=True)
