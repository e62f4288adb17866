"""Who the peers of a Kreis are."""

from dataclasses import replace
from pathlib import Path

import pytest
from frames import GT, ME, RE, ROOT, protected
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisheft.catalogue import params
from kreisheft.catalogue.params import Comparison
from kreisheft.core.errors import DataError
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.protected import peers

ALL = ("bevoelkerung", "bevoelkerungsdichte", "sgb2_quote", "auslaenderanteil")


def of(kreis: str, year: int = 2024, **wanted: object) -> peers.Peers:
    """Peers of a Kreis of the project that is compared as `wanted` says."""
    asked = replace(params.load(ROOT, kreis), comparison=Comparison(**wanted))
    return peers.choose(ROOT, asked, year)


def traits(**by_trait: dict[str, float]) -> Protected:
    rows = [
        {"indicator": trait, "ags": ags, "value": value}
        for trait, figures in by_trait.items()
        for ags, value in figures.items()
    ]
    return protected(*rows)


# --- ways to choose -----------------------------------------------------------------------------


def test_nothing_said_the_kreise_of_the_land_are_compared() -> None:
    found = of("recklinghausen")

    assert (found.way, len(found.ags)) == ("land", 53)


@pytest.mark.parametrize("kreis", ["hamburg", "berlin", "bremen"])
def test_a_land_of_fewer_than_five_kreise_has_the_most_alike_instead(kreis: str) -> None:
    found = of(kreis)

    assert (found.way, len(found.ags)) == ("structure", 16)


def test_named_peers_and_the_kreis_itself_are_compared() -> None:
    assert of("recklinghausen", kreise=(GT, ME)) == peers.Peers("kreise", (ME, RE, GT))


def test_peers_of_a_kreis_are_kreise_unless_it_says_otherwise() -> None:
    found = of("recklinghausen", traits=ALL)

    assert {regions.kind(ROOT, a) for a in found.ags} == {"kreis"}
    assert len(found.ags) == 16


def test_peers_may_lie_in_another_land() -> None:
    assert "10041" in of("recklinghausen", traits=ALL).ags


def test_cities_from_a_size_on_are_compared() -> None:
    """Münster has 300,000 inhabitants, Kiel 250,000; Kassel is asked and always there."""
    found = of("kassel_stadt", cities_from=300_000)

    assert {"05515", "11", "02", "06611"} <= set(found.ags)
    assert "01002" not in found.ags


def test_the_kreis_is_always_among_its_peers() -> None:
    for kreis in ("recklinghausen", "muenster", "hamburg"):
        ags = params.load(ROOT, kreis).ags
        for wanted in ({}, {"kreise": (GT,)}, {"traits": ALL}, {"cities_from": 500_000}):
            assert ags in of(kreis, **wanted).ags


# --- who is alike -------------------------------------------------------------------------------


def test_the_nearest_come_first() -> None:
    """One trait, 10: the neighbours are 11, 8, 20 away by 1, 2, 10."""
    shown = traits(a={RE: 10, GT: 8, ME: 11, "05111": 20})

    assert peers.find_nearest(shown, RE, [GT, ME, "05111"], 3) == [ME, GT, "05111"]


def test_every_trait_has_the_same_weight_whatever_its_unit() -> None:
    """Standardised, a thousand persons apart and one point apart are the same distance."""
    shown = traits(a={RE: 0, GT: 1000, ME: 0, "05111": 1000}, b={RE: 0, GT: 0, ME: 1, "05111": 1})

    assert peers.find_nearest(shown, RE, [GT, ME, "05111"], 3) == [ME, GT, "05111"]


def test_a_trait_by_factors_takes_half_and_double_as_equally_far() -> None:
    """100 beside 50 and 190: by differences 50 is nearer, by factors 190."""
    shown = traits(a={RE: 100, GT: 50, ME: 190})

    assert peers.find_nearest(shown, RE, [GT, ME], 1) == [GT]
    assert peers.find_nearest(shown, RE, [GT, ME], 1, {"a"}) == [ME]


def test_who_lacks_a_trait_is_nobodys_peer() -> None:
    shown = traits(a={RE: 1, GT: 1, ME: 9}, b={RE: 1, ME: 9})

    assert peers.find_nearest(shown, RE, [GT, ME], 2) == [ME]


def test_a_kreis_without_a_trait_is_told_to_name_its_peers() -> None:
    with pytest.raises(DataError, match="05562 lacks a trait"):
        peers.find_nearest(traits(a={GT: 1, ME: 2}), RE, [GT, ME], 2)


@settings(max_examples=25)
@given(st.floats(0.1, 1000), st.floats(-1000, 1000))
def test_the_unit_of_a_trait_decides_nothing(factor: float, shift: float) -> None:
    figures = {RE: 3, GT: 7, ME: 4, "05111": 12}
    other = {ags: factor * value + shift for ags, value in figures.items()}

    found = peers.find_nearest(traits(a=figures), RE, list(figures), 3)

    assert peers.find_nearest(traits(a=other), RE, list(figures), 3) == found == [ME, GT, "05111"]


# --- traits -------------------------------------------------------------------------------------


def test_nearly_every_kreis_has_every_trait() -> None:
    count = peers.load_traits(ROOT, 2024).frame.groupby("indicator")["ags"].nunique()

    assert set(count.index) == set(ALL)
    assert count.min() >= 399


def test_a_report_year_knows_no_later_trait() -> None:
    assert peers.load_traits(ROOT, 2016).frame["year"].max() <= 2016


def test_a_fact_or_a_declared_error_that_changes_changes_its_trait(tmp_path: Path) -> None:
    own = tmp_path / "data/facts/q"
    own.mkdir(parents=True)
    for name in ("regions", "rules"):
        (tmp_path / "data" / name).symlink_to(ROOT / "data" / name)
    head, period = "stand,period,ags,bevoelkerungsdichte concept=GESAMT", "2025-01-31,2023"
    rows = "\n".join(f"{period},{ags},100" for ags in regions.kreise(ROOT))
    (own / "AI002-1.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")

    def density() -> float:
        frame = peers.load_traits(tmp_path, 2024, names=("bevoelkerungsdichte",)).frame
        return float(frame.set_index("ags")["value"].get(RE, 0))

    found = [density()]
    text = f"{head}\n{rows}\n".replace(f"{RE},100", f"{RE},200")
    (own / "AI002-1.csv").write_text(text, encoding="utf-8")
    found.append(density())
    (tmp_path / "data/corrections").mkdir()
    (tmp_path / "data/corrections/AI002-1.yml").write_text(
        f'corrections:\n  - {{ags: "{RE}", period: "2023", measure: bevoelkerungsdichte, '
        'found: "200", action: drop, reason: Ein Wert von 100 davor., declared: 2026-11-22}\n',
        encoding="utf-8",
    )
    found.append(density())

    assert found == [100, 200, 0]


def test_density_of_the_most_densely_peopled_is_the_official_one() -> None:
    """Regionalatlas 2015: München 4,668 inhabitants per square kilometre."""
    frame = peers.load_traits(ROOT, 2024, None, ("bevoelkerungsdichte",)).frame
    top = frame.loc[frame["value"].idxmax()]

    assert (top["ags"], round(top["value"])) == ("09162", 4668)


def test_the_declared_traits_are_sound() -> None:
    assert peers.check(ROOT) == []


def test_a_trait_without_figures_is_told_by_its_name() -> None:
    with pytest.raises(DataError, match=r"structure.yml, bevoelkerung: no figures up to 1990"):
        peers.load_traits(ROOT, 1990)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data/rules").mkdir(parents=True)
    (tmp_path / peers.RULES).write_text("traits: {}\n", encoding="utf-8")

    assert [p.where.split(",")[0] for p in peers.check(tmp_path)] == [peers.RULES] * 2
