"""Tables as plain objects, and their accessible HTML.

In: `Protected`. Out: `Table`: caption, heads and rows of finished German text. Everything a page
shows as a table is a `Table`; everything in it can later be checked as one set of objects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.core.markup import Markup, element, link
from kreisheft.facts.stages import TOTAL, Protected
from kreisheft.findings.comparison_ring import Ring
from kreisheft.render import sentences

_SPREAD = ("minimum", "p25", "median", "p75", "maximum")


@dataclass(frozen=True)
class Table:
    """One table; the first column names the row, all cells are finished text.

    words: heads of columns that hold words; the others hold numbers and are set right-aligned
    links: row's name → address that it leads to
    axes: head of a column → what its cells are: ``jahr``, ``gruppe`` or ``ort``
    across: what the columns in `values` are, one of the same
    values: head of a column → the year, group or place that it stands for

    What is in `axes` and `values` a reader can choose from (book/assets/auswahl.js); the chart
    beside has a parameter of the same name.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    across: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def html(table: Table) -> Markup:
    """Write the table with caption, scopes, and a container that scrolls by keyboard."""
    kinds = [None if h in table.words else "kh-zahl" for h in table.heads[1:]]
    heads = [
        column_head(h, class_=k, data_achse=table.axes.get(h), data_wert=table.values.get(h))
        for h, k in zip(table.heads, (None, *kinds), strict=True)
    ]
    rows = [
        element(
            "tr",
            row_head(link(table.links[first], first) if first in table.links else first),
            *(element("td", cell, class_=k) for cell, k in zip(rest, kinds, strict=True)),
        )
        for first, *rest in table.rows
    ]
    return scrolling(table.caption, heads, rows, data_quer=table.across or None)


def scrolling(
    caption: str,
    heads: Iterable[Markup],
    rows: Iterable[Markup],
    class_: str = "kh-table",
    **attributes: str | None,
) -> Markup:
    """A table of finished heads and rows, in a container that scrolls by keyboard."""
    head, body = element("thead", element("tr", *heads)), element("tbody", *rows)
    table = element("table", element("caption", caption), head, body, class_=class_, **attributes)
    return element("div", table, class_="kh-scroll", tabindex=0, role="region", aria_label=caption)


def column_head(text: str, **attributes: str | None) -> Markup:
    """Head of a column."""
    return element("th", text, scope="col", **attributes)


def row_head(text: str) -> Markup:
    """Head of a row."""
    return element("th", text, scope="row")


def series(shown: Protected, indicator: Indicator, caption: str, book: Catalogue) -> Table:
    """Periods down, groups across, then the table each row is from; a break is a row of its own."""
    groups = in_order(set(shown.column("group")), indicator, book)
    labels = [book.label(g) for g in groups]
    named = [_with_unit(label, indicator, book) for label in labels]
    year_head, table_head = _head(book, "year"), _head(book, "table")
    heads = (year_head, *named, table_head)
    none = str(book.texts["status"]["none"])
    rows: list[tuple[str, ...]] = []
    cuts = sentences.breaks_within(shown, book)
    found: dict[tuple[int, str], dict[str, str]] = {}
    behind: dict[tuple[int, str], set[str]] = {}
    columns = ("year", "period", "group", "value", "status", "table")
    for year, at, group, value, status, source in shown.rows(*columns):
        cell = sentences.cell(value, status, indicator.unit, book)
        found.setdefault((year, at), {})[group] = cell
        behind.setdefault((year, at), set()).add(source)
    for (year, at), cells in sorted(found.items()):
        while cuts and cuts[0][0] <= year:
            mark = book.texts["ui"]["break_mark"].format(label=cuts.pop(0)[1].label)
            rows.append((mark, *("" for _ in groups), ""))
        made_of = ", ".join(sorted(behind[year, at]))
        rows.append((sentences.period(at, book), *(cells.get(g, none) for g in groups), made_of))
    return Table(
        caption,
        heads,
        tuple(rows),
        words=(table_head,),
        axes={year_head: "jahr"},
        across="gruppe",
        values=dict(zip(named, labels, strict=True)),
    )


def by_group(shown: Protected, indicator: Indicator, caption: str, book: Catalogue) -> Table:
    """One row per comparison group of the newest period."""
    found = {
        group: sentences.cell(value, status, indicator.unit, book)
        for group, value, status in shown.rows("group", "value", "status")
    }
    rows = tuple((book.label(g), found[g]) for g in in_order(found, indicator, book))
    head, value = _head(book, "group"), _with_unit(_head(book, "value"), indicator, book)
    return Table(caption, (head, value), rows, axes={head: "gruppe"})


def by_region(
    shown: Protected,
    indicator: Indicator,
    caption: str,
    names: dict[str, str],
    head: str,
    book: Catalogue,
) -> Table:
    """One row per region, in the alphabet: an order by value would be a ranking."""
    found = shown.rows("ags", "value", "status")
    rows = tuple(
        (names[ags], sentences.cell(value, status, indicator.unit, book))
        for ags, value, status in sorted(found, key=lambda row: names[row[0]])
    )
    place, value = _head(book, head), _with_unit(_head(book, "value"), indicator, book)
    return Table(caption, (place, value), rows, axes={place: "ort"})


def by_place(
    shown: Protected, indicator: Indicator, caption: str, names: Mapping[str, str], book: Catalogue
) -> Table:
    """One row per region and group, one column per period, newest first; a break is in its head.

    names: regions in the order of the rows; one without a row of figures is left out.
    """
    frame = shown.frame.assign(at=shown.frame["period"].astype(str))
    heads: dict[str, str] = {}
    cuts = sentences.breaks_within(shown, book)
    for at, year in sorted(set(zip(frame["at"], frame["year"], strict=True)), key=_by_year):
        heads[at] = sentences.period(at, book)
        while cuts and cuts[0][0] <= year:
            mark = book.texts["ui"]["break_mark"].format(label=cuts.pop(0)[1].label)
            heads[at] = f"{heads[at]} ({mark})"
    none, rows = str(book.texts["status"]["none"]), []
    for ags, name in names.items():
        own = frame[frame["ags"] == ags]
        for group in in_order(own["group"], indicator, book):
            part = own[own["group"] == group]
            written = zip(part["at"], part["value"], part["status"], strict=True)
            cells = {at: sentences.cell(v, s, indicator.unit, book) for at, v, s in written}
            rows.append((name, book.label(group), *(cells.get(at, none) for at in heads)))
    # The newest first: the table is wide, and its beginning is what a reader sees.
    rows = [(*row[:2], *reversed(row[2:])) for row in rows]
    first = (_head(book, "region"), _head(book, "group"))
    return Table(
        caption,
        (*first, *reversed(heads.values())),
        tuple(rows),
        words=first,
        axes=dict(zip(first, ("ort", "gruppe"), strict=True)),
        across="jahr",
        values={head: sentences.period(at, book) for at, head in heads.items()},
    )


def by_member(
    shown: Protected, indicator: Indicator, caption: str, names: dict[str, str], book: Catalogue
) -> Table:
    """One row per peer, ordered by name or code, one column per period, oldest first.

    names has all peers; one without a figure has a row that says so.
    """
    found = shown.rows("ags", "period", "value", "status")
    periods = sorted({at for _, at, _, _ in found})
    cells = {
        (ags, at): sentences.cell(value, status, indicator.unit, book)
        for ags, at, value, status in found
    }
    none = str(book.texts["status"]["none"])
    rows = tuple(
        (name, *(cells.get((ags, at), none) for at in periods))
        for ags, name in sorted(names.items(), key=lambda one: one[1])
    )
    heads = {
        _with_unit(sentences.period(at, book), indicator, book): sentences.period(at, book)
        for at in periods
    }
    member = _head(book, "member")
    axes = {member: "ort"}
    return Table(caption, (member, *heads), rows, axes=axes, across="jahr", values=heads)


def members(
    shown: Protected,
    declared: Mapping[str, Mapping[str, Any]],
    caption: str,
    names: dict[str, str],
    book: Catalogue,
) -> Table:
    """One row per peer in the alphabet, one column per trait with the period it is of."""
    frame = shown.frame.astype({"ags": str, "period": str, "status": str})
    heads, cells = [_head(book, "member")], {}
    for trait, rule in declared.items():
        part = frame[frame["indicator"] == trait]
        at = sentences.period(max(part["period"], default=""), book)
        axis = book.texts["units"][rule["unit"]]["axis"]
        heads.append(f"{rule['title']}, {at} ({axis})")
        for ags, value, status in zip(part["ags"], part["value"], part["status"], strict=True):
            cells[ags, trait] = sentences.cell(value, status, rule["unit"], book)
    none = str(book.texts["status"]["none"])
    rows = tuple(
        (name, *(cells.get((ags, trait), none) for trait in declared))
        for ags, name in sorted(names.items(), key=lambda one: one[1])
    )
    return Table(caption, tuple(heads), rows)


def rings(
    found: Sequence[tuple[Indicator, Ring]], caption: str, name: str, book: Catalogue
) -> Table:
    """One row per indicator and period: own value, its quarter, number of peers, quartiles.

    A period that a break parts from the row above says so.
    """
    keys = ("indicator", "period", "own", "quarter", "n", *_SPREAD)
    rows = []
    above: tuple[str, str] | None = None
    for indicator, one in found:
        at = sentences.period(one.period, book)
        if above and above[0] == indicator.id and above[1] != one.segment:
            at = str(book.texts["ui"]["after_break"]).format(period=at)
        above = indicator.id, one.segment
        numbers = (one.minimum, one.p25, one.median, one.p75, one.maximum)
        written = [sentences.number(v, indicator.unit, book) for v in (one.own, *numbers)]
        title = named(indicator, one.group, book)
        quarter = str(book.texts["quarter_names"][one.quarter])
        rows.append((title, at, written[0], quarter, str(one.n), *written[1:]))
    heads = tuple(_head(book, h).format(name=name) for h in keys)
    return Table(caption, heads, tuple(rows), words=(_head(book, "quarter"),))


def named(indicator: Indicator, group: str, book: Catalogue) -> str:
    """Title of an indicator with the group it is about, unless that is everyone."""
    label = book.label(group)
    return indicator.title if group == TOTAL else f"{indicator.title}: {label}"


def in_order(groups: Iterable[str], indicator: Indicator, book: Catalogue) -> list[str]:
    """Groups as the catalogue lists them, the rest by label."""
    listed = [g for shown in indicator.target_groups.values() for g in shown]
    rank = {g: i for i, g in reversed(list(enumerate(listed)))}
    present = sorted(set(groups), key=lambda g: (rank.get(g, len(rank) + 99), g))
    return present


def _by_year(period: tuple[str, int]) -> tuple[int, str]:
    return period[1], period[0]


def _head(book: Catalogue, key: str) -> str:
    return str(book.texts["columns"][key])


def _with_unit(label: str, indicator: Indicator, book: Catalogue) -> str:
    return f"{label} ({book.texts['units'][indicator.unit]['axis']})"
