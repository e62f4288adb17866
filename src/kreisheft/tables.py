"""Tables as plain objects, and their accessible HTML.

In: `Protected`. Out: `Table`: caption, heads and rows of finished German text. Everything a page
shows as a table is a `Table`; everything in it can later be checked as one set of objects.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from kreisheft import texts
from kreisheft.catalogue import Catalogue, Indicator
from kreisheft.comparison import Ring
from kreisheft.model import Protected


@dataclass(frozen=True)
class Table:
    """One table; the first column names the row. Cells are text, `links` maps a cell to an address."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: bool = True


def html(table: Table) -> str:
    """Write the table with caption, scopes, and a container that scrolls by keyboard."""
    kind = ' class="kh-zahl"' if table.numeric else ""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in table.heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td{kind}>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in table.rows
    )
    return (
        f'<div class="kh-scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
        f'<table class="kh-table"><caption>{escape(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def series(shown: Protected, indicator: Indicator, caption: str, book: Catalogue) -> Table:
    """Periods down, groups across; a break starts with a row of its own."""
    frame = shown.frame
    groups = in_order(frame["group"], indicator, book)
    heads = (_head(book, "year"), *(_with_unit(book.label(g), indicator, book) for g in groups))
    rows: list[tuple[str, ...]] = []
    marked: set[int] = set()
    for at, part in frame.sort_values(["year", "period"]).groupby("period", sort=False):
        cuts = [b for t in sorted(set(part["table"])) for b in book.breaks_of(t)]
        for cut in cuts:
            before = bool(rows)
            if before and cut.year <= part["year"].iloc[0] and cut.year not in marked:
                mark = book.texts["ui"]["break_mark"].format(label=cut.label)
                rows.append((mark, *("" for _ in groups)))
            marked |= {cut.year} if cut.year <= part["year"].iloc[0] else set()
        found = part.set_index("group")
        rows.append((texts.period(str(at)), *(_at(found, g, indicator, book) for g in groups)))
    return Table(caption, heads, tuple(rows))


def by_group(shown: Protected, indicator: Indicator, caption: str, book: Catalogue) -> Table:
    """One row per comparison group of the newest period."""
    found = shown.frame.set_index("group")
    rows = tuple(
        (book.label(g), _at(found, g, indicator, book))
        for g in in_order(shown.frame["group"], indicator, book)
    )
    value = _with_unit(_head(book, "value"), indicator, book)
    return Table(caption, (_head(book, "group"), value), rows)


def by_region(
    shown: Protected,
    indicator: Indicator,
    caption: str,
    names: dict[str, str],
    head: str,
    book: Catalogue,
) -> Table:
    """One row per region, in the alphabet: an order by value would be a ranking."""
    frame = shown.frame.assign(name=shown.frame["ags"].map(names)).sort_values("name")
    rows = tuple(
        (row.name, texts.cell(row.value, row.status, indicator.unit, book))
        for row in frame[["name", "value", "status"]].itertuples(index=False, name="Row")
    )
    value = _with_unit(_head(book, "value"), indicator, book)
    return Table(caption, (_head(book, head), value), rows)


def rings(
    found: Sequence[tuple[Indicator, Ring]], caption: str, name: str, book: Catalogue
) -> Table:
    """One row per indicator: own value, number of Kreise, quartiles."""
    heads = (
        "indicator",
        "group",
        "period",
        "own",
        "n",
        "minimum",
        "p25",
        "median",
        "p75",
        "maximum",
    )
    rows = []
    for indicator, one in found:
        write: Callable[[float], str] = lambda v, u=indicator.unit: texts.number(v, u, book)  # type: ignore[misc]
        numbers = (one.minimum, one.p25, one.median, one.p75, one.maximum)
        rows.append(
            (
                indicator.title,
                book.label(one.group),
                texts.period(one.period),
                write(one.own),
                str(one.n),
                *(write(v) for v in numbers),
            )
        )
    return Table(caption, tuple(_head(book, h).format(name=name) for h in heads), tuple(rows))


def in_order(groups: "pd.Series[str]", indicator: Indicator, book: Catalogue) -> list[str]:
    """Groups as the catalogue lists them, the rest by label."""
    listed = [g for shown in indicator.target_groups.values() for g in shown]
    rank = {g: i for i, g in reversed(list(enumerate(listed)))}
    present = sorted(set(groups), key=lambda g: (rank.get(g, len(rank) + 99), g))
    return present


def _at(found: pd.DataFrame, group: str, indicator: Indicator, book: Catalogue) -> str:
    if group not in found.index:
        return str(book.texts["status"]["none"])
    row = found.loc[group]
    return texts.cell(row["value"], row["status"], indicator.unit, book)


def _head(book: Catalogue, key: str) -> str:
    return str(book.texts["columns"][key])


def _with_unit(label: str, indicator: Indicator, book: Catalogue) -> str:
    return f"{label} ({book.texts['units'][indicator.unit]['axis']})"
