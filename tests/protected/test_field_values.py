"""Figures of a field computed once: the same as those computed for each year by itself."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from frames import ROOT, TABLE, change, pruned

from kreisheft.catalogue import catalogue, params
from kreisheft.core import code_hashes
from kreisheft.editions import keep_values
from kreisheft.protected import disclosure, field_values
from kreisheft.values import compute_values

pytestmark = pytest.mark.slow

FIELDS = ("arbeit", "recht", "schule", "wohnen")


@pytest.fixture(scope="module")
def settings() -> params.Params:
    return params.load(ROOT, "recklinghausen")


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with texts as texts: which categories a column could have says nothing."""
    texts = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(texts, str)).reset_index(drop=True)


@pytest.mark.parametrize("field", FIELDS)
def test_rows_up_to_an_earlier_year_are_those_computed_for_it(field: str, settings) -> None:
    whole = field_values.compute(ROOT, settings, field, None)
    book = catalogue.load(ROOT)
    chosen = book.of_field(field)
    known = field_values.passports_of(ROOT, chosen)
    keys = field_values.region_keys(ROOT, settings)
    found = compute_values.load_inputs(ROOT, book, known, chosen, keys)
    alone = compute_values.compute(found, chosen, 2020)
    rules = disclosure.load_rules(ROOT)
    shown = disclosure.protect(alone, rules).frame
    released = disclosure.release(alone, rules, field_values.open_figures(chosen, known)).frame

    for expected, frame in ((shown, whole.protected.frame), (released, whole.released.frame)):
        assert len(expected) > 100
        pd.testing.assert_frame_equal(plain(frame[frame["year"] <= 2020]), plain(expected))


def test_what_is_kept_is_what_is_computed(tmp_path: Path, settings, monkeypatch) -> None:
    monkeypatch.setenv("KREISHEFT_BUILD", str(tmp_path))
    with keep_values.provide_figures(ROOT, settings, 1, ["wohnen"]):
        kept = field_values.load(ROOT, settings, "wohnen", None)
        again = field_values.load(ROOT, settings, "wohnen", None)
    made = field_values.compute(ROOT, settings, "wohnen", None)

    assert kept is again
    assert kept is not made
    pd.testing.assert_frame_equal(kept.protected.frame, made.protected.frame)
    pd.testing.assert_frame_equal(kept.released.frame, made.released.frame)
    assert (kept.digests == made.digests).all()


def test_a_digest_tells_rows_apart(settings) -> None:
    values = field_values.compute(ROOT, settings, "wohnen", None)
    years = values.protected.frame["year"]

    found = {values.digest(int(year)) for year in sorted(years.unique())}

    assert len(found) == years.nunique()


def test_figures_of_regions_are_the_rows_that_a_mask_would_leave(settings) -> None:
    values = field_values.compute(ROOT, settings, "arbeit", None)
    name, ags = "arbeitslosenquote", {"05562", "05", "05754"}
    whole = values.by_indicator()[name].frame

    for group in ("gesamt", "eingewanderte", ""):
        found = values.of_regions(name, 2020, group, ags).frame
        mask = whole["ags"].isin(ags) & (whole["year"] <= 2020)
        mask &= whole["target_group"].eq(group) if group else True
        assert mask.any()
        pd.testing.assert_frame_equal(found, whole[mask].reset_index(drop=True))


def test_figures_of_regions_nobody_knows_are_none(settings) -> None:
    values = field_values.compute(ROOT, settings, "arbeit", None)

    assert values.of_regions("arbeitslosenquote", 2020, "gesamt", {"99"}).count == 0
    assert values.of_regions("gibt_es_nicht", 2020, "gesamt", {"05562"}).count == 0


# --- the key ------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose only figures are one indicator of one table."""
    pruned(tmp_path)
    book = catalogue.load(ROOT)
    for field in book.fields:
        (tmp_path / f"data/catalogue/{field}.yml").write_text(
            f"field: {field}\nindicators: {{}}\n", encoding="utf-8"
        )
    (tmp_path / "data/catalogue/bevoelkerung.yml").write_text(
        """\
field: bevoelkerung
indicators:
  anteil:
    code: BEV90
    title: Anteil
    definition: Anteil der einen an den anderen.
    numerator: die einen
    unit: prozent
    direction: context
    concept: MH_ZENSUS11
    target_groups: {gesamt: [insgesamt]}
    sources:
      - {table: AI-Z1-2011, kind: published, value: {measure: anteil_migrationshintergrund}}
""",
        encoding="utf-8",
    )
    breaks = tmp_path / "data/catalogue/breaks.yml"
    breaks.write_text("breaks: []\n", encoding="utf-8")
    (tmp_path / "data/corrections").mkdir()
    return tmp_path


def key(root: Path, **changes: object) -> str:
    settings = replace(params.load(root, "recklinghausen"), **changes)
    return keep_values.make_key(root, settings, "bevoelkerung", None)


def append(name: str) -> object:
    def write(root: Path) -> None:
        with (root / name).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")

    return write


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        (lambda r: change(r / f"data/facts/{TABLE}.csv", "05562,44.1", "05562,44.2"), True),
        (append(f"data/sources/{TABLE}.yml"), True),
        (append("data/catalogue/bevoelkerung.yml"), True),
        (append("data/catalogue/breaks.yml"), True),
        (append("data/rules/disclosure.yml"), True),
        (append("data/sources/sources.yml"), True),
        (lambda r: (r / "data/corrections/neu.yml").write_text("a: 1"), True),
        (append("data/catalogue/texts.yml"), False),
        (append("data/catalogue/glossar.yml"), False),
        (append("data/catalogue/arbeit.yml"), False),
        (append("data/rules/judgement.yml"), False),
    ],
    ids=lambda x: "" if callable(x) else str(x),
)
def test_the_key_is_made_of_what_figures_are_made_of(root: Path, what, counts: bool) -> None:
    before = key(root)
    what(root)

    assert (key(root) != before) == counts


def test_years_and_days_of_params_are_part_of_the_key(root: Path) -> None:
    """The newest year that uses the newest deliveries decides how far figures go."""
    found = {
        key(root),
        key(root, as_of={2025: "2025-01-01"}),
        key(root, report_years=(2016, 2020)),
        key(root, land="09"),
    }

    assert len(found) == 4


def test_the_code_that_computes_is_part_of_the_key(root: Path, monkeypatch) -> None:
    before = key(root)
    monkeypatch.setattr(code_hashes, "of", lambda modules, _="": f"other {modules}")

    assert key(root) != before
