"""Kinds of charts: what a reader may choose, and colours on both grounds."""

import re
from pathlib import Path

import pytest

from kreisheft.render.chart_kinds import group_bars, peer_strip, trend_lines
from kreisheft.render.chart_parts import COLOURS, OTHERS, OWN

STYLE = (Path(__file__).parents[2] / "book/assets/kreisheft.css").read_text("utf-8")
KINDS = {
    "trend": (lambda: trend_lines.template(True), ["gruppe", "jahr"]),
    "bars": (group_bars.template, ["gruppe"]),
    "strip": (peer_strip.template, ["jahr", "ort"]),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: (lighter + 0.05) / (darker + 0.05)."""
    weights = (0.2126, 0.7152, 0.0722)
    light = [sum(w * p for w, p in zip(weights, linear(c), strict=True)) for c in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def turned(colour: str) -> str:
    """Filter Effects Module 1: invert(1), then hue-rotate(180deg)."""
    r, g, b = (1 - int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    rows = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))
    parts = (min(1, max(0, x * r + y * g + z * b)) for x, y, z in rows)
    return "#" + "".join(f"{round(255 * p):02x}" for p in parts)


def ground(mode: str) -> str:
    block = STYLE[STYLE.index(f'html[data-theme="{mode}"]') :]
    [name] = re.findall(r"--pst-color-background: (#\w{6})", block[: block.index("}")]) or [
        "#ffffff"
    ]
    return name


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_may_choose_and_at_first_nothing_is_chosen(kind: str) -> None:
    draw, names = KINDS[kind]

    given = {p["name"]: p["value"] for p in draw()["params"]}

    assert {name: given[name] for name in names} == dict.fromkeys(names)


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_is_used_by_the_drawing(kind: str) -> None:
    draw, names = KINDS[kind]
    drawn = {k: v for k, v in draw().items() if k != "params"}

    assert [name for name in names if f"indexof({name}, " not in repr(drawn)] == []


def test_the_legend_of_lines_names_only_who_is_shown() -> None:
    line = trend_lines.template(False)["layer"][0]["encoding"]["color"]

    assert line["legend"]["values"] == {"expr": "gruppe || alle"}
    assert line["scale"]["domain"] == ["@order"]


def test_the_filter_of_the_dark_view_turns_black_to_white_and_keeps_hues() -> None:
    assert turned("#000000") == "#ffffff"
    assert turned("#ffffff") == "#000000"
    red, green, blue = (int(turned("#0072b2")[i : i + 2], 16) for i in (1, 3, 5))
    assert blue > green > red


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("colour", [*COLOURS, OWN])
def test_a_colour_that_means_something_is_seen_on_both_grounds(colour: str, mode: str) -> None:
    """WCAG 1.4.11 asks for 3:1; two of Okabe and Ito have less on white, where shapes help."""
    shown = turned(colour) if mode == "dark" else colour
    least = 2.0 if mode == "light" else 3.0

    assert contrast(shown, ground(mode)) >= least


def test_the_other_members_are_seen_in_the_dark() -> None:
    assert contrast(turned(OTHERS), ground("dark")) >= 3
