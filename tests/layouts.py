"""Random tables, and the layouts of GENESIS in which they are delivered: classic, flat, flat_wide.

The writers know nothing of the readers. `Sample.cells` is what a reader must find.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from kreisheft.deliveries.readers.table import Table, parse_period, tidy_label

#: (ags, period, header, attributes) → text
Cells = Mapping[tuple[str, ...], str]

KREISE = {
    "DG": "Deutschland",
    "05": "Nordrhein-Westfalen",
    "051": "Düsseldorf, Regierungsbezirk",
    "05562": "Recklinghausen, Kreis",
    "05754": "Gütersloh, Kreis",
    "03151401": "Boldecker Land, Samtgemeinde",
    "03151401002": "Barwedel",
    "05562014": "Gladbeck, Stadt",
    "JH05158004": "Erkrath; Jugendamt",
}
WORDS = (
    "Insgesamt",
    "männlich",
    "weiblich",
    "Deutsche",
    "Ausländer(innen)",
    "unter Dreijährige",
    "Größe; in Klassen",
    'mit "Abschluss"',
    "darunter: Frauen",
)
SIGNS = ("-", ".", "x", "/", "...", "(12)", "0")
VARIABLES = {
    "GES": ("", "GESM", "GESW"),
    "NAT": ("", "NATA", "NATD"),
    "ALTGR2": ("ALT000B009", "ALT010B019"),
    "STAAG5": ("", "ST475", "ST166", "ST148"),
}
MEASURES = (("BEVSTD", "Anzahl"), ("PRS018", "%"), ("PRS018", "Anzahl"), ("EKM001", "Tsd. EUR"))
_LEVELS = {2: "DLAND", 3: "REGBEZ", 5: "KREISE", 8: "GEMEIN"}


@dataclass(frozen=True)
class Sample:
    """A table: a text for each period × region × kind × column, in this order.

    kinds:   attributes of a row: labels (classic) or codes (flat)
    columns: stacks of labels (classic) or (code, unit) (flat)
    names:   names of the attributes: k1 … or variables
    """

    regions: tuple[str, ...]
    periods: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
        """Period, region, kind and the texts of the columns."""
        keys = [(p, r, k) for p in self.periods for r in self.regions for k in self.kinds]
        width = len(self.columns)
        return [(*key, self.texts[i * width : (i + 1) * width]) for i, key in enumerate(keys)]

    def cells(self, headers: Sequence[str]) -> Cells:
        """What is to be found, if the columns have these headers."""
        return {
            (region, time, header, *kind): text
            for time, region, kind, texts in self.rows
            for header, text in zip(headers, texts, strict=True)
        }


def listed(table: Table) -> list[tuple[tuple[tuple[str, ...], str], int]]:
    """Cells of a table with their lines."""
    frame = table.rows.astype(str).itertuples(index=False)
    cells = []
    for row, texts in zip(frame, table.texts.itertuples(index=False), strict=True):
        line, ags, time, header, *attributes = row
        for head, text in zip(table.heads, texts, strict=True):
            key = (ags, time or head.period, header or head.header, *attributes)
            cells.append(((key, str(text)), int(line)))
    return cells


def found(table: Table) -> Cells:
    """Cells of a table; a cell that is there twice fails."""
    cells = [cell for cell, _ in listed(table)]
    assert len(dict(cells)) == len(cells)
    return dict(cells)


# --- random tables ------------------------------------------------------------------------------

numbers = st.one_of(
    st.integers(-99, 9_999_999).map(str),
    st.integers(0, 9999).map(lambda n: f"{n // 10},{n % 10}"),
    st.sampled_from(SIGNS),
)
labels = (
    st.text("abcdeäöüß ;\"'().,-/§é–0123456789", max_size=10)
    .map(lambda text: tidy_label(f"L{text}"))
    .filter(lambda text: parse_period(text) is None)
)
days = st.integers(1990, 2030).map(lambda year: f"{year}-12-31")
years = st.integers(1990, 2030).map(str)


@st.composite
def classic_samples(draw: st.DrawFn, label: st.SearchStrategy[str] = labels) -> Sample:
    """Draw a table of labels."""
    width = draw(st.integers(0, 2))
    kinds = st.lists(st.tuples(*[label] * width), min_size=1, max_size=3, unique=True)
    level = st.one_of(label, st.just(""))
    depth = draw(st.integers(1, 3))
    stacks = st.lists(
        st.tuples(label, *[level] * depth), min_size=1, max_size=3, unique_by=" / ".join
    )
    columns = draw(stacks.filter(_no_row_twice))
    return _filled(
        draw,
        tuple(f"k{i + 1}" for i in range(width)),
        tuple(draw(kinds)) if width else ((),),
        tuple(columns),
    )


@st.composite
def flat_samples(draw: st.DrawFn) -> Sample:
    """Draw a table of codes."""
    names = sorted(draw(st.lists(st.sampled_from(sorted(VARIABLES)), max_size=3, unique=True)))
    kind = st.tuples(*(st.sampled_from(VARIABLES[name]) for name in names))
    kinds = draw(st.lists(kind, min_size=1, max_size=4, unique=True)) if names else [()]
    columns = draw(st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3, unique=True))
    return _filled(draw, tuple(names), tuple(kinds), tuple(columns))


def _filled(
    draw: st.DrawFn,
    names: tuple[str, ...],
    kinds: tuple[tuple[str, ...], ...],
    columns: tuple[tuple[str, ...], ...],
) -> Sample:
    keys = st.lists(st.sampled_from(sorted(KREISE)), min_size=1, max_size=4, unique=True)
    times = st.lists(draw(st.sampled_from([days, years])), min_size=1, max_size=3, unique=True)
    sample = Sample(tuple(draw(keys)), tuple(draw(times)), names, kinds, columns, ())
    count = len(sample.rows) * len(columns)
    texts = draw(st.lists(numbers, min_size=count, max_size=count))
    return replace(sample, texts=tuple(texts))


def _no_row_twice(stacks: list[tuple[str, ...]]) -> bool:
    rows = list(zip(*stacks, strict=True))
    return len(set(rows)) == len(rows)


def first_period(sample: Sample) -> Sample:
    """The same table with its first period only."""
    count = len(sample.regions) * len(sample.kinds) * len(sample.columns)
    return replace(sample, periods=sample.periods[:1], texts=sample.texts[:count])


def shows_english(sample: Sample) -> bool:
    """Whether a delivery in English can be told from a German one: by a total, or by Germany."""
    return "DG" in sample.regions or any("" in kind for kind in sample.kinds)


# --- writers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How a classic table is printed.

    time: where it stands: column, alone or labelled (a line of the preamble), level or pair (rows
    of the header); the last four only for one period, the header ones for any number
    """

    time: str = "column"
    keyed: bool = True
    english: bool = False
    first: str = "Tabelle"

    @property
    def fits_many(self) -> bool:
        """Whether more than one period can be printed."""
        return self.time not in ("alone", "labelled")


styles = st.builds(
    Style,
    time=st.sampled_from(["column", "alone", "labelled", "level", "pair"]),
    keyed=st.booleans(),
    english=st.booleans(),
    first=st.sampled_from(["Tabelle", "GENESIS-Tabelle"]),
)


def headers(sample: Sample) -> list[str]:
    """Headers of a classic table."""
    return [" / ".join(filter(None, stack)) for stack in sample.columns]


def classic(sample: Sample, style: Style) -> str:
    """Write a classic CSV."""
    across = style.time in ("level", "pair")
    before = [""] * ((style.time == "column") + style.keyed + 1 + len(sample.names))
    times = sample.periods if across else ("",)
    stack = [list(level) * len(times) for level in zip(*sample.columns, strict=True)]
    if across:
        stack.insert(0, [_printed(t, style) for t in times for _ in sample.columns])
    if style.time == "pair":
        stack.insert(0, ["Jahr"] * len(stack[0]))
    width = len(before) + len(stack[0])
    titles = ['Erfundene "Tabelle" für Tests,', "- Jahr - regionale Tiefe: Kreise", "Statistik"]
    if style.time == "alone":
        titles.append(_printed(sample.periods[0], style))
    if style.time == "labelled":
        titles.append(f"Stichtag: {_printed(sample.periods[0], style)}")
    lines = [f"{style.first}: 99999-01-01-4"]
    lines += [title + ";" * (width - 1) for title in titles]
    lines += [_line(before + level) for level in stack]
    lines += [_line(cells) for cells in _body(sample, style, across)]
    return "\n".join([*lines, *_footer(style), ""])


def _body(sample: Sample, style: Style, across: bool) -> list[list[str]]:
    block = len(sample.regions) * len(sample.kinds)
    rows = sample.rows
    body = []
    for i, (time, region, kind, texts) in enumerate(rows[:block] if across else rows):
        if across:
            texts = sum((rows[i + j * block][3] for j in range(len(sample.periods))), ())
        lead = [_printed(time, style)] if style.time == "column" else []
        lead += [region] if style.keyed else []
        name = "  " + KREISE[region]
        values = [text.replace(",", ".") if style.english else text for text in texts]
        body.append([*lead, name, *("  " + label for label in kind), *values])
    return body


def _printed(time: str, style: Style) -> str:
    return time if style.english or len(time) == 4 else ".".join(reversed(time.split("-")))


def _footer(style: Style) -> list[str]:
    notes = ['"zu ""gesamte Tabelle"":', "01.01.1979; ab Berichtsjahr 2011", '05562;Kreis;1;2;3"']
    if style.english:
        licence = "© Statistical offices of the Länder, Germany, 2025."
        return ["__________", *notes, licence, "created: 2025-02-26 / 15:28:28"]
    licence = '"© Statistische Ämter des Bundes und der Länder, Deutschland, 2025.'
    return ["__________", *notes, licence, '- Version 2.0."', "Stand: 26.02.2025 / 15:28:28"]


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(cells)
    return out.getvalue()


def flat(sample: Sample, *, quality: bool = False, english: bool = False) -> str:
    """Write a flat CSV of the new layout."""
    slots = ["variable_code", "variable_label", "variable_attribute_code"]
    slots.append("variable_attribute_label")
    head = ["statistics_code", "statistics_label", "time_code", "time_label", "time"]
    head += [f"{i + 1}_{part}" for i in range(len(sample.names) + 1) for part in slots]
    head += ["value", "value_unit", "value_variable_code", "value_variable_label"]
    lines = [_line([*head, *(["value_q"] if quality else [])])]
    for time, region, kind, texts in sample.rows:
        for (code, unit), text in zip(sample.columns, texts, strict=True):
            value = text.replace(",", ".") if english else text
            cells = [*_lead(sample, time, region, kind, english=english), value, unit, code]
            mark = ["e" if text[-1].isdigit() else ""] if quality else []
            lines.append(_line([*cells, "Größe", *mark]))
    return "\n".join(lines) + "\n"


def flat_wide(sample: Sample, *, quality: bool = False, english: bool = False) -> str:
    """Write a flat CSV of the old layout."""
    names = ("Merkmal_Code", "Merkmal_Label", "Auspraegung_Code", "Auspraegung_Label")
    head = ["Statistik_Code", "Statistik_Label", "Zeit_Code", "Zeit_Label", "Zeit"]
    if english:
        names = ("variable_code", "variable_label", "variable_code", "variable_code")
        head = ["statistics_code", "statistics_label", "time_code", "time_label", "time"]
    head += [f"{i + 1}_{part}" for i in range(len(sample.names) + 1) for part in names]
    for code, unit in sample.columns:
        head += [f"{code}__Groesse_von_{code}__{unit.replace(' ', '_')}"]
        head += [f"{code}__Groesse_von_{code}__q"] if quality else []
    lines = [_line(head)]
    for time, region, kind, texts in sample.rows:
        day = time if len(time) == 4 else ".".join(reversed(time.split("-")))
        cells = _lead(sample, day, "  " + region, kind, english=english)
        for text in texts:
            cells += [text.replace(",", ".") if english else text]
            cells += ["e" if text[-1].isdigit() else ""] if quality else []
        lines.append(_line(cells))
    return "\n".join(lines) + "\n"


def _lead(
    sample: Sample, time: str, region: str, kind: Sequence[str], *, english: bool
) -> list[str]:
    key = region.strip()
    level = "DINSG" if key == "DG" else _LEVELS.get(len(key), "GEMEIN")
    name = "Germany" if english and key == "DG" else KREISE[key]
    total = "Total" if english else "Insgesamt"
    lead = ["99998", "Erfundene Statistik", "JAHR" if len(time) == 4 else "STAG", "Zeit", time]
    lead += [level, "Ebene", key, region.replace(key, name)]
    for variable, code in zip(sample.names, kind, strict=True):
        lead += [variable, "Merkmal", code, f"Text zu {code}" if code else total]
    return lead
