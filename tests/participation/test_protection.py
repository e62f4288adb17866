"""No group under ten, whatever is subtracted from whatever."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisheft.participation import tally
from kreisheft.participation.intake import protection
from kreisheft.participation.tally import Count

EXCLUSIVE = {"i": True}


def people(sizes: Mapping[str | None, int]) -> list[protection.Profile]:
    return [(group,) for group, n in sizes.items() for _ in range(n)]


def shown(sizes: Mapping[str | None, int]) -> set[str | None]:
    allowed = {(0, g) for g in sizes if g}
    return {g for _, g in protection.groups(people(sizes), [], allowed, 3)}


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ({"a": 20, "b": 30}, {"a", "b"}),
        # b alone would be what is left of all.
        ({"a": 20, "b": 9, "c": 30}, {"c"}),
        # b and c together are eleven: that they are is no secret.
        ({"a": 20, "b": 5, "c": 6}, {"a"}),
        # Three who told no group would be what is left.
        ({"a": 20, "b": 30, None: 3}, {"b"}),
        ({"a": 20, "b": 30, None: 12}, {"a", "b"}),
        ({"a": 9}, set()),
    ],
)
def test_small_groups_and_what_would_reveal_them_are_hidden(sizes, left) -> None:
    assert shown(sizes) == left


def test_a_group_that_all_answered_alike_is_hidden() -> None:
    answers = (
        [frozenset("x")] * 18 + [frozenset("y")] * 2 + [frozenset("xy"[i % 2]) for i in range(60)]
    )
    profiles = people({"a": 20, "b": 30, "c": 30})

    found = protection.groups(profiles, answers, {(0, g) for g in "abc"}, 3)

    # Two of twenty answered otherwise; with b hidden, too, what is left is mixed.
    assert (0, "a") not in found
    assert len(found) == 1


def test_a_coarse_split_does_not_reveal_a_part_of_a_fine_one() -> None:
    """young = under_15 + 15_to_30, and under_15 are five."""
    sizes = {
        ("under_15", "young"): 5,
        ("15_to_30", "young"): 20,
        ("old", "old"): 30,
        ("older", "old"): 30,
    }
    profiles: list[protection.Profile] = [p for p, n in sizes.items() for _ in range(n)]
    allowed = {(i, g) for p in sizes for i, g in enumerate(p)}

    found = protection.groups(profiles, [], allowed, 3)

    assert not {(0, "15_to_30"), (1, "young")} <= found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from("xyz")), max_size=80)
)
def test_what_is_shown_passes_the_gate(persons: list[tuple[str | None, str]]) -> None:
    """Counts of the shown groups have no problem, whoever answered what."""
    profiles: list[protection.Profile] = [(g,) for g, _ in persons]
    answers = [frozenset(a) for _, a in persons]
    if len(persons) < tally.LEAST:
        return

    found = protection.groups(profiles, answers, {(0, g) for g in "abc"}, 3)

    def rows(split: str, group: str, own: list[str]) -> list[Count]:
        return [Count("i", split, group, len(own), a, own.count(a)) for a in "xyz"]

    counts = rows(tally.TOTAL, tally.TOTAL, [a for _, a in persons])
    for _, group in sorted(found, key=str):
        counts += rows("s", str(group), [a for g, a in persons if g == group])
    assert list(tally.problems(counts, EXCLUSIVE, 3)) == []


# --- the gate of files ---------------------------------------------------------------------------


def counted(n: int, *groups: tuple[str, int, int]) -> list[Count]:
    """Half yes, half no of all; of each group n and yes."""
    found = [Count("i", tally.TOTAL, tally.TOTAL, n, "y", n // 2)]
    found.append(Count("i", tally.TOTAL, tally.TOTAL, n, "n", n - n // 2))
    for name, size, yes in groups:
        found.append(Count("i", "s", name, size, "y", yes))
        found.append(Count("i", "s", name, size, "n", size - yes))
    return found


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (counted(9), "fewer than 10 persons"),
        (counted(40, ("a", 9, 4)), "fewer than 10 persons"),
        (counted(40, ("a", 20, 10), ("b", 15, 7)), "leave 9 persons or fewer"),
        (counted(40, ("a", 20, 19), ("b", 20, 1)), "gave the same answer"),
        (counted(40, ("a", 20, 10), ("b", 25, 10)), "leave 9 persons or fewer"),
        (counted(40, ("a", 20, 21)), "more persons than there are"),
    ],
)
def test_counts_that_must_not_be_seen_are_refused(counts, said) -> None:
    found = [p.what for p in tally.problems(counts, EXCLUSIVE, 3)]

    assert any(said in what for what in found)
    with pytest.raises(ValueError, match=r"persons|answer"):
        tally.admit(counts, EXCLUSIVE, 3)


def test_sound_counts_pass() -> None:
    found = tally.admit(counted(40, ("a", 20, 10), ("b", 20, 10)), EXCLUSIVE, 3)

    assert found.of("i", "s", "a") == {"y": 10, "n": 10}
    assert found.n("i") == 40
