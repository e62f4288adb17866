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
    return wrap_scrolling(table.caption, heads, rows, data_quer=table.across or None)


def wrap_scrolling(
    caption: str,
    heads: Iterable[Markup],
    rows: Iterable[Markup],
    class_: str = "kh-table",
    **attributes: str | None,
) -> Markup:
    """HTML of a table from finished heads and rows, in a container that scrolls by keyboard."""
    head, body = element("thead", element("tr", *heads)), element("tbody", *rows)
    table = element("table", element("caption", caption), head, body, class_=class_, **attributes)
    return element("div", table, class_="kh-scroll", tabindex=0, role="region", aria_label=caption)


def column_head(text: str, **attributes: str | None) -> Markup:
    """Head of a column."""
    return element("th", text, scope="col", **attributes)


def row_head(text: str) -> Markup:
    """Head of a row."""
    return element("th", text, scope="row")


def series(protected: Protected, indicator: Indicator, caption: str, book: Catalogue) -> Table:
    """Periods down, groups across, then the table each row is from; a break is a row of its own."""
    groups = order_groups(set(protected.column("group")), indicator, book)
    labels = [book.label(g) for g in groups]
    named = [_with_unit(label, indicator, book) for label in labels]
    year_head, table_head = _head(book, "year"), _head(book, "table")
    heads = (year_head, *named, table_head)
    none = str(book.texts["status"]["none"])
    rows: list[tuple[str, ...]] = []
    cuts = sentences.breaks_within(protected, book)
    cells_by_period: dict[tuple[int, str], dict[str, str]] = {}
    behind: dict[tuple[int, str], set[str]] = {}
    columns = ("year", "period", "group", "value", "status", "table")
    for year, at, group, value, status, source in protected.rows(*columns):
        cell = sentences.cell(value, status, indicator.unit, book)
        cells_by_period.setdefault((year, at), {})[group] = cell
        behind.setdefault((year, at), set()).add(source)
    for (year, at), cells in sorted(cells_by_period.items()):
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


def by_group(protected: Protected, indicator: Indicator, caption: str, book: Catalogue) -> Table:
    """One row per comparison group of the newest period."""
    cells = {
        group: sentences.cell(value, status, indicator.unit, book)
        for group, value, status in protected.rows("group", "value", "status")
    }
    rows = tuple((book.label(g), cells[g]) for g in order_groups(cells, indicator, book))
    head, value = _head(book, "group"), _with_unit(_head(book, "value"), indicator, book)
    return Table(caption, (head, value), rows, axes={head: "gruppe"})


def by_region(
    protected: Protected,
    indicator: Indicator,
    caption: str,
    names: dict[str, str],
    head: str,
    book: Catalogue,
) -> Table:
    """One row per region, sorted by name: an order by value would be a ranking."""
    figures = protected.rows("ags", "value", "status")
    rows = tuple(
        (names[ags], sentences.cell(value, status, indicator.unit, book))
        for ags, value, status in sorted(figures, key=lambda row: names[row[0]])
    )
    place, value = _head(book, head), _with_unit(_head(book, "value"), indicator, book)
    return Table(caption, (place, value), rows, axes={place: "ort"})


def by_place(
    protected: Protected,
    indicator: Indicator,
    caption: str,
    names: Mapping[str, str],
    book: Catalogue,
) -> Table:
    """One row per region and group, one column per period, newest first; a break is in its head.

    names: regions in the order of the rows; one without a row of figures is left out.
    """
    frame = protected.frame.assign(at=protected.frame["period"].astype(str))
    heads: dict[str, str] = {}
    cuts = sentences.breaks_within(protected, book)
    for at, year in sorted(set(zip(frame["at"], frame["year"], strict=True)), key=_year_first):
        heads[at] = sentences.period(at, book)
        while cuts and cuts[0][0] <= year:
            mark = book.texts["ui"]["break_mark"].format(label=cuts.pop(0)[1].label)
            heads[at] = f"{heads[at]} ({mark})"
    none, rows = str(book.texts["status"]["none"]), []
    for ags, name in names.items():
        of_place = frame[frame["ags"] == ags]
        for group in order_groups(of_place["group"], indicator, book):
            part = of_place[of_place["group"] == group]
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
    protected: Protected, indicator: Indicator, caption: str, names: dict[str, str], book: Catalogue
) -> Table:
    """One row per peer, ordered by name or code, one column per period, oldest first.

    names has all peers; one without a figure has a row that says so.
    """
    figures = protected.rows("ags", "period", "value", "status")
    periods = sorted({at for _, at, _, _ in figures})
    cells = {
        (ags, at): sentences.cell(value, status, indicator.unit, book)
        for ags, at, value, status in figures
    }
    none = str(book.texts["status"]["none"])
    rows = tuple(
        (name, *(cells.get((ags, at), none) for at in periods))
        for ags, name in sorted(names.items(), key=lambda pair: pair[1])
    )
    heads = {
        _with_unit(sentences.period(at, book), indicator, book): sentences.period(at, book)
        for at in periods
    }
    member = _head(book, "member")
    axes = {member: "ort"}
    return Table(caption, (member, *heads), rows, axes=axes, across="jahr", values=heads)


def members(
    protected: Protected,
    declared: Mapping[str, Mapping[str, Any]],
    caption: str,
    names: dict[str, str],
    book: Catalogue,
) -> Table:
    """One row per peer, sorted by name; one column per trait, with its period in the head.

    declared: trait → `title` and `unit`.
    """
    frame = protected.frame.astype({"ags": str, "period": str, "status": str})
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
        for ags, name in sorted(names.items(), key=lambda pair: pair[1])
    )
    return Table(caption, tuple(heads), rows)


def rings(
    placed: Sequence[tuple[Indicator, Ring]], caption: str, name: str, book: Catalogue
) -> Table:
    """One row per indicator and period: own value, its quarter, number of peers, quartiles.

    A period that a break parts from the row above says so.
    """
    keys = ("indicator", "period", "own", "quarter", "n", *_SPREAD)
    rows = []
    above: tuple[str, str] | None = None
    for indicator, ring in placed:
        at = sentences.period(ring.period, book)
        if above and above[0] == indicator.id and above[1] != ring.segment:
            at = str(book.texts["ui"]["after_break"]).format(period=at)
        above = indicator.id, ring.segment
        numbers = (ring.minimum, ring.p25, ring.median, ring.p75, ring.maximum)
        written = [sentences.number(v, indicator.unit, book) for v in (ring.own, *numbers)]
        title = title_of_group(indicator, ring.group, book)
        quarter = str(book.texts["quarter_names"][ring.quarter])
        rows.append((title, at, written[0], quarter, str(ring.n), *written[1:]))
    heads = tuple(_head(book, h).format(name=name) for h in keys)
    return Table(caption, heads, tuple(rows), words=(_head(book, "quarter"),))


def title_of_group(indicator: Indicator, group: str, book: Catalogue) -> str:
    """Title of an indicator, followed by the group it is about unless that is the total."""
    label = book.label(group)
    return indicator.title if group == TOTAL else f"{indicator.title}: {label}"


def order_groups(groups: Iterable[str], indicator: Indicator, book: Catalogue) -> list[str]:
    """Each group once: first those the catalogue lists for the indicator, then the rest by id."""
    catalogued = [g for of_target in indicator.target_groups.values() for g in of_target]
    rank = {g: i for i, g in reversed(list(enumerate(catalogued)))}
    return sorted(set(groups), key=lambda g: (rank.get(g, len(rank) + 99), g))


def _year_first(period: tuple[str, int]) -> tuple[int, str]:
    return period[1], period[0]


def _head(book: Catalogue, key: str) -> str:
    return str(book.texts["columns"][key])


def _with_unit(label: str, indicator: Indicator, book: Catalogue) -> str:
    return f"{label} ({book.texts['units'][indicator.unit]['axis']})"
