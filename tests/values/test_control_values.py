"""Figures of the project's own facts beside values that were printed elsewhere.

Recklinghausen, Gütersloh, Mettmann. Where a value comes from stands beside it; a computed one is
worked out there from two numbers of the tables.
"""

import pytest
from frames import GT, ME, RE, real

CONTROL = [
    # printed rates of the Bundesagentur
    ("arbeitslosenquote", "auslaender", 2016, (29.6, 14.0, 17.8)),
    ("arbeitslosenquote", "insgesamt", 2016, (10.4, 4.8, 6.5)),
    ("arbeitslosenquote", "auslaender", 2025, (23.5, 11.8, 17.6)),
    # Zensus 2011, Regionalatlas
    ("anteil_migrationshintergrund", "insgesamt", 2011, (20.1, 26.8, 24.4)),
    # Regionalatlas; 2024 before rounding: 88,626 of 621,305 and so on
    ("auslaenderanteil", "insgesamt", 2010, (8.7, 8.6, 10.6)),
    ("auslaenderanteil", "insgesamt", 2011, (7.8, 8.0, 8.9)),
    ("auslaenderanteil", "insgesamt", 2022, (13.71, 15.19, 14.60)),
    ("auslaenderanteil", "insgesamt", 2024, (14.26, 15.16, 14.92)),
    # press: 695 in Kreis Mettmann in 2016, 535 in Kreis Gütersloh in 2011
    ("einbuergerungen", "insgesamt", 2016, (662, 513, 695)),
    ("einbuergerungen", "insgesamt", 2011, (995, 535, 893)),
    # 662 / 59,428; 513 / 40,798; 695 / 53,095
    ("einbuergerungsquote", "insgesamt", 2016, (1.11, 1.26, 1.31)),
    # 810 / 59,428; 422 / 40,798; 637 / 53,095
    ("einbuergerungsquote_selbes_jahr", "insgesamt", 2015, (1.36, 1.03, 1.20)),
    # INKAR 2024
    ("auslaendische_schueler", "insgesamt", 2021, (13.99, 12.22, 11.44)),
    ("auslaendische_berufsschueler", "berufsschule", 2021, (13.07, 11.91, 15.18)),
    ("schulbesuch_auslaender", "insgesamt", 2021, (94.36, 87.67, 86.04)),
    ("kinder_auslaendischer_herkunft", "insgesamt", 2018, (25.17, 33.00, 32.15)),
    ("asylbewerberleistungen", "insgesamt", 2021, (4.39, 4.22, 4.51)),
    ("sgb2_quote_insgesamt", "insgesamt", 2021, (13.86, 5.25, 9.75)),
    # Zensus 2022 against Fortschreibung: 618,350 / 616,699; 359,571 / 370,123; 488,128 / 488,980
    ("zensus_und_fortschreibung", "insgesamt", 2022, (0.27, -2.85, -0.17)),
    # Zensus 2011: 2,550 / 20,790 in Recklinghausen; 20,790 / 46,690
    ("erwerbslosenquote", "auslaender", 2011, (12.27, 6.01, 8.22)),
    ("erwerbspersonen", "auslaender", 2011, (44.53, 61.27, 57.73)),
    ("verfuegbares_einkommen", "insgesamt", 2021, (22275, 26471, 27075)),
    ("zuzuege_ueber_kreisgrenzen", "insgesamt", 2021, (23598, 18865, 20109)),
]
NAMES = tuple(sorted({name for name, *_ in CONTROL} | {"sgb2_quote"}))


@pytest.mark.parametrize(("indicator", "group", "year", "expected"), CONTROL)
def test_a_figure_is_the_one_printed_elsewhere(indicator, group, year, expected) -> None:
    frame = real(*NAMES)
    one = frame[(frame["indicator"] == indicator) & (frame["group"] == group)]
    found = one[one["year"] == year].set_index("ags")["value"]

    assert [found[k] for k in (RE, GT, ME)] == pytest.approx(list(expected), abs=0.0051)


def test_two_ways_to_one_rate_agree() -> None:
    """INKAR prints the SGB-II-Quote; here it is worked out from persons, for everyone in 2015."""
    frame = real(*NAMES)
    everyone = frame[(frame["group"] == "insgesamt") & (frame["year"] == 2015)]
    own, printed = (
        everyone[everyone["indicator"] == name].set_index("ags")["value"]
        for name in ("sgb2_quote", "sgb2_quote_insgesamt")
    )

    assert [own[k] for k in (RE, GT, ME)] == pytest.approx(
        [printed[k] for k in (RE, GT, ME)], abs=0.0051
    )


def test_a_share_on_two_population_bases_is_never_one_line() -> None:
    """2010 and 2011, and 2022 and 2024, count the population in different ways."""
    frame = real(*NAMES)
    own = frame[(frame["indicator"] == "auslaenderanteil") & (frame["group"] == "insgesamt")]
    segment = own[own["ags"] == RE].astype({"segment": str}).set_index("year")["segment"]

    assert segment[2010] != segment[2011]
    assert segment[2022] != segment[2024]
