"""What each chapter reads, as hashes with names: the part of a job's key that is data.

A chapter of a field reads its figures (rows of its target group up to its year), its entries of the
catalogue, the passports of their tables, and what every chapter reads. A chapter about the whole
book reads that of all fields; the page of an indicator only its own. Figures count as values, not
as files: a fact that changes no figure of a chapter does not run it again.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from kreisheft import catalogue, field_values, hashes, indicators, params, peers
from kreisheft.engine import code
from kreisheft.params import Params

#: Files of the catalogue that no chapter reads.
UNREAD = {"glossar.yml"}


class Inputs:
    """Hashes for the chapters of one Kreis; values come from where `field_values` keeps them."""

    def __init__(self, root: Path, settings: Params, found: pd.DataFrame):
        self.root, self.settings, self.found = root, settings, found
        self.book = catalogue.load(root)
        self._fields: dict[tuple[str, int, str | None], dict[str, str]] = {}
        self._compared: dict[int, dict[str, str]] = {}
        data = root / "data"
        fields = {f"{field}.yml" for field in self.book.fields} | UNREAD
        shared = [p for p in (data / "catalogue").glob("*.yml") if p.name not in fields]
        reporting = repr(params.reporting(root))
        self._common = {
            "params": hashes.text(repr(settings) + reporting),
            "texts of the catalogue": hashes.files(shared),
            "regions": hashes.files((data / "regions").glob("*.*")),
            "rules": hashes.files((data / "rules").glob("*.yml")),
            "producers": hashes.files([data / "sources/sources.yml"]),
            "templates of deliveries": hashes.files((data / "templates").glob("*")),
            "concept": hashes.files(p for p in (data / "konzept").glob("**/*") if p.is_file()),
        }

    def of(self, name: str, year: int, target_group: str) -> dict[str, str]:
        """Parts of a chapter; name: a field, an indicator, or a chapter about the whole book."""
        if name in self.book.indicators:
            return self._common | self._of_indicator(name, year)
        if name in self.book.fields:
            return self._common | self._of_field(name, year, target_group) | self._peers(year)
        parts = self._common | self._peers(year)
        for field in self.settings.fields:
            parts |= self._of_field(field, year, None)
        parts["tables of the comparison"] = self._structure()
        parts["coverage"] = hashes.text(self.found.to_csv())
        offers = self.root / "data/angebote" / self.settings.kreis
        parts["offers"] = hashes.files(p for p in offers.glob("**/*") if p.is_file())
        return parts

    @classmethod
    def of_data(cls, root: Path, settings: Params, year: int) -> dict[str, str]:
        """Parts of the files of data of an edition."""
        own = cls(root, settings, pd.DataFrame({"year": [], "field": [], "ids": []}))
        parts = own._common | own._peers(year) | {"code": code.of(("released",))}
        for field in settings.fields:
            parts |= own._of_field(field, year, None)
        return parts

    def _of_field(self, field: str, year: int, target_group: str | None) -> dict[str, str]:
        key = (field, year, target_group)
        if key not in self._fields:
            self._fields[key] = self._read_field(*key)
        return self._fields[key]

    def _read_field(self, field: str, year: int, target_group: str | None) -> dict[str, str]:
        values = self._values(field, year)
        frame = values.protected.frame
        rows = frame["year"] <= year
        if target_group:
            rows &= frame["target_group"] == target_group
        chosen = self.book.of_field(field)
        now = self.found[(self.found["year"] == year) & (self.found["field"] == field)]
        pages = sorted({i for ids in now["ids"] for i in ids})
        return {
            f"entries of {field}": hashes.files([self.root / "data/catalogue" / f"{field}.yml"]),
            f"figures of {field}": values.digest(rows) + hashes.text(repr(pages)),
            f"passports of {field}": self._passports(indicators.needed_tables(chosen)),
        }

    def _of_indicator(self, name: str, year: int) -> dict[str, str]:
        entry = self.book.indicators[name]
        values = self._values(entry.field, year)
        frame = values.protected.frame
        rows = (frame["year"] <= year) & (frame["indicator"] == name)
        return {
            f"entry of {name}": hashes.text(repr(entry)),
            f"figures of {name}": values.digest(rows),
            f"passports of {name}": self._passports(indicators.needed_tables([entry])),
        }

    def _values(self, field: str, year: int) -> field_values.FieldValues:
        return field_values.of(self.root, self.settings, field, self.settings.as_of.get(year))

    def _passports(self, tables: Iterable[str]) -> str:
        sources = self.root / "data/sources"
        return hashes.files(p for t in sorted(tables) for p in sources.glob(f"*/{t}.yml"))

    def _peers(self, year: int) -> dict[str, str]:
        if year not in self._compared:
            chosen = peers.choose(self.root, self.settings, year)
            self._compared[year] = {"peers": hashes.text(repr(chosen))}
        return self._compared[year]

    def _structure(self) -> str:
        tables = sorted(peers.tables(self.root))
        files = [p for t in tables for p in (self.root / "data").glob(f"*/*/{t}.*")]
        return hashes.files([*files, *(self.root / "data/corrections").glob("*")])


def of_values(root: Path, settings: Params, field: str, as_of: str | None) -> str:
    """One hash of all that the figures of a field are made from, for `field_values.keep`."""
    known = (settings.kreis, settings.report_years, as_of, repr(settings.comparison))
    keys = sorted(field_values.region_keys(root, settings))
    return hashes.text(repr((known, keys)) + hashes.files(field_values.files(root, field)))


def chapter_of(parameters: Mapping[str, str | int], template: str) -> str:
    """What `Inputs.of` calls a job: its indicator, its field, or its template."""
    return str(parameters.get(params.INDICATOR) or parameters.get("field") or template)
