"""Periods of all kinds: which facts may hold, in which order, and that no page shows them raw."""

import json
import re

import pytest
from frames import MARL, RE, ROOT, indicator, protected

from kreisheft.catalogue import catalogue, thresholds
from kreisheft.deliveries.readers.table import parse_period
from kreisheft.facts import periods
from kreisheft.findings import comparison_ring
from kreisheft.render import sentences, tables
from kreisheft.render.chart_kinds import peer_strip

BOOK = catalogue.load(ROOT)
RULES = thresholds.load(ROOT)
QUOTE = indicator()
RAW = re.compile(r"\d{4}-\d{2}|P\d+M|M\.\d{4}")
YEARS = ("2022-08P12M", "2023-08P12M")
ROWS = [
    {"ags": ags, "group": group, "period": at, "year": int(at[:4]), "value": n + int(at[3])}
    for at in YEARS
    for n, ags in enumerate((RE, "05111", "05112", "05113", "05114"))
    for group in ("insgesamt", "auslaender")
]


def of(*groups: str, ags: str = "", at: str = ""):
    return protected(
        *(
            row
            for row in ROWS
            if row["group"] in groups and ags in ("", row["ags"]) and at in ("", row["period"])
        )
    )


@pytest.mark.parametrize(
    "text", ["2024", "2024-12-31", "2023-08P12M", "2023-10P6M", "2024-01P3M", "2024-02P1M"]
)
def test_facts_may_hold_it_and_an_import_keeps_it(text: str) -> None:
    assert periods.FORM.fullmatch(text)
    assert parse_period(text) == text


@pytest.mark.parametrize("text", ["24", "2024-13P6M", "2024-00P6M", "2024-10P0M", "2024-10P", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    assert not periods.FORM.fullmatch(text)
    assert parse_period(text) is None


def test_semesters_stand_in_the_order_of_time() -> None:
    rows = [
        {"ags": RE, "period": f"{y}-{m}P6M", "year": y, "value": 1}
        for m, y in (("10", 2023), ("04", 2023), ("10", 2022))
    ]
    table = tables.series(protected(*rows), QUOTE, "", BOOK)

    assert [row[0] for row in table.rows] == [
        "Oktober 2022 bis März 2023",
        "April bis September 2023",
        "Oktober 2023 bis März 2024",
    ]


def test_no_table_shows_a_period_raw() -> None:
    names = {RE: "Recklinghausen", "05111": "Düsseldorf"}
    own = of("insgesamt", "auslaender", ags=RE)
    ring = comparison_ring.build_ring(of("insgesamt", at=YEARS[1]), RE)
    assert ring
    made = [
        tables.series(own, QUOTE, "", BOOK),
        tables.by_place(own, QUOTE, "", names, BOOK),
        tables.by_member(of("insgesamt"), QUOTE, "", names, BOOK),
        tables.rings([(QUOTE, ring)], "", "Recklinghausen", BOOK),
    ]
    for table in made:
        said = tables.html(table)
        assert "August 2023 bis Juli 2024" in said
        assert not RAW.search(said)


def test_no_sentence_shows_a_period_raw() -> None:
    ring = comparison_ring.build_ring(of("insgesamt", at=YEARS[1]), RE)
    assert ring
    local = protected({"ags": MARL, "period": YEARS[1], "year": 2023, "value": 5})
    told = [
        sentences.trend(of("insgesamt", ags=RE), QUOTE, 2024, BOOK, RULES),
        sentences.groups(of("insgesamt", "auslaender", ags=RE, at=YEARS[1]), QUOTE, BOOK),
        sentences.municipalities(local, QUOTE, {MARL: "Marl"}, BOOK),
        sentences.place_in_ring(ring, QUOTE, "Recklinghausen", "Kreise", BOOK, RULES),
    ]
    for sentence in told:
        assert "August 2023 bis Juli 2024" in sentence
        assert not RAW.search(sentence)


def test_no_chart_shows_a_period_raw() -> None:
    found = [comparison_ring.build_ring(of("insgesamt", at=at), RE) for at in YEARS]
    names = {row["ags"]: row["ags"] for row in ROWS}
    spec = peer_strip.fill(of("insgesamt"), QUOTE, [r for r in found if r], names, RE, "", BOOK)
    said = json.dumps(spec, ensure_ascii=False)

    assert "August 2022 bis Juli 2023" in said
    assert not RAW.search(said)
