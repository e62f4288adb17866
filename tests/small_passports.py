"""Passports with only what a test needs."""

from pathlib import Path

from kreisheft.facts.column_rules import Column, Row
from kreisheft.facts.passports import Passport


def passport(
    *columns: Column, rows: tuple[Row, ...] = (), skip: tuple[str, ...] = (), **more: object
) -> Passport:
    fields: dict[str, object] = {
        "path": Path("t.yml"),
        "table": "t",
        "title": "",
        "source": "q",
        "formats": ("classic",),
        "concept": "AUSL",
        "public": True,
        "rounding": 1,
        "sum_to_land": False,
        "regions": ("*",),
        "measures": {},
        "totals": (),
        "deliveries": (),
    }
    return Passport(**{**fields, **more}, rows=rows, columns=columns, skip=skip)  # type: ignore[arg-type]


def column(header: str, measure: str = "m", **dimensions: str) -> Column:
    return Column((header,), measure, dimensions, "AUSL")
