"""Which chapters a change runs again: exactly those that read what changed.

Changes are made in a copy of the project with three fields, and keys compared: no chapter runs.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from frames import change
from konzepte import AIM, GOAL, MEASURE, part, write
from projects import REPOSITORY, copy_of_project

from kreisheft.catalogue import catalogue, params
from kreisheft.core import code_hashes
from kreisheft.editions import make_edition, plan
from kreisheft.editions.dependencies import OF_GOALS, Inputs
from kreisheft.engine import kept_chapters, run_jobs
from kreisheft.protected import coverage, field_values, peers
from kreisheft.strategy import document
from kreisheft.values import compute_values

pytestmark = pytest.mark.slow

#: Fields of the small book: one with a table per Kreis, one small, and one without any figure.
FIELDS = ("arbeit", "sprache", "diskriminierung")
FACTS = "data/facts/regionalstatistik/13211-02-05-4.csv"
TABLE = "data/sources/regionalstatistik/13211-02-05-4.yml"
STRATEGIES = set(document.CHAPTERS)
#: Chapters that read figures of all fields.
WHOLE = set(params.ABOUT_ALL) - STRATEGIES
#: Of these, the ones whose notebooks show no figure.
NO_FIGURE = {"beteiligung", "quellen"}

Keys = dict[tuple[str, int], str]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose catalogue has entries of three fields only, with a book of 2020 and 2025."""
    root = copy_of_project(tmp_path_factory.mktemp("inputs") / "project")
    for field in catalogue.load(REPOSITORY).fields:
        if field not in FIELDS:
            path = root / f"data/catalogue/{field}.yml"
            path.write_text(f"field: {field}\nindicators: {{}}\n", encoding="utf-8")
    start = root / "data/catalogue/start.yml"
    told = yaml.safe_load(start.read_text(encoding="utf-8"))
    known = {
        n
        for f in FIELDS
        for n in yaml.safe_load((root / f"data/catalogue/{f}.yml").read_text("utf-8"))["indicators"]
    }
    told["headlines"] = [h for h in told["headlines"] if set(h["indicators"]) <= known]
    start.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    breaks = root / "data/catalogue/breaks.yml"
    text = breaks.read_text(encoding="utf-8")
    breaks.write_text(re.sub(r"\n +indicators: \[.*?\]", "", text, flags=re.S), encoding="utf-8")
    write(root)
    aim = part(AIM, id="rat", field="diskriminierung")
    about = {"indicator": "meldestellen", "target_group": "gesamt", "group": "insgesamt"}
    goal = part(GOAL, id="stellen", aim="rat", title="Stellen", base={"year": 2020}, **about)
    measure = part(MEASURE, id="netz", title="Netz", goals=["stellen"], outcome=["meldestellen"])
    write(root, chapter="antirassismus", aims=[aim], goals=[goal], measures=[measure])
    for kreis in ("recklinghausen", "mettmann"):
        path = root / f"params/{kreis}.yml"
        text = path.read_text(encoding="utf-8")
        listed = "".join(f"  - {field}\n" for field in FIELDS)
        text = re.sub(r"fields:\n(  - .*\n)+", f"fields:\n{listed}", text)
        path.write_text(text.replace("[2016, 2020, 2024, 2025]", "[2020, 2025]"), encoding="utf-8")
    return root


def keys(root: Path) -> Keys:
    """The key of every chapter of the small book."""
    settings = params.load(root, "recklinghausen")
    found = coverage.matrix(root, settings)
    inputs = Inputs(root, settings, found)
    made: Keys = {}
    code_hashes.of.cache_clear()
    for year in settings.report_years:
        place = plan.Place(root, settings, year, root / f"build/{year}")
        for entry in plan.list_chapters(place, found):
            job, page = make_edition._with_inputs(entry, inputs)
            made[page.address, year] = kept_chapters.KEPT.key(run_jobs._parts(job))
    return made


@pytest.fixture(scope="module")
def before(project: Path) -> Keys:
    return keys(project)


@pytest.fixture
def changed(project: Path, before: Keys) -> Iterator[Callable[..., set[tuple[str, int]]]]:
    """Change one place of a file; return the chapters whose keys changed; then put it back."""
    saved: dict[Path, bytes | None] = {}

    def call(name: str, old: str, new: str) -> set[tuple[str, int]]:
        path = project / name
        saved[path] = path.read_bytes() if path.is_file() else None
        if saved[path] is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
        elif old:
            change(path, old, new)
        else:
            path.write_bytes((saved[path] or b"") + new.encode())
        now = keys(project)
        assert set(now) == set(before)
        return {one for one in now if now[one] != before[one]}

    yield call
    for path, content in saved.items():
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)


def pages(*kept: str, years: tuple[int, ...] = (2020, 2025)) -> set[tuple[str, int]]:
    """Addresses of these pages in these years."""
    return {(address, year) for address in kept for year in years}


def test_one_figure_runs_its_target_group_and_indicator_from_its_year_on(changed) -> None:
    found = changed(FACTS, ",6919,14187,9.3,8.7,8.8,8.5,23.5,", ",6919,14188,9.3,8.7,8.8,8.5,23.5,")

    concerned = {"arbeit/gesamt", "kennzahl/langzeitarbeitslose", *WHOLE}
    assert found == pages(*concerned - NO_FIGURE, years=(2025,))


def test_a_figure_of_foreigners_runs_their_chapter_too(changed) -> None:
    found = changed(FACTS, ",6919,14187,9.3,8.7,8.8,8.5,23.5,", ",6919,14187,9.3,8.7,8.8,8.5,24.5,")

    concerned = {"arbeit/gesamt", "arbeit/eingewanderte", "kennzahl/arbeitslosenquote", *WHOLE}
    assert found == pages(*concerned - NO_FIGURE, "konzept", years=(2025,))


def test_a_figure_runs_a_chapter_as_soon_as_its_notebook_shows_one(project, changed) -> None:
    path = project / "notebooks/quellen.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("buch.downloads()", "buch.headlines()"), encoding="utf-8")
    try:
        now = keys(project)
        old, new = ",6919,14187,9.3,8.7,8.8,8.5,23.5,", ",6919,14187,9.3,8.7,8.8,8.5,24.5,"
        text = (project / FACTS).read_text(encoding="utf-8")
        (project / FACTS).write_text(text.replace(old, new), encoding="utf-8")
        after = keys(project)
        (project / FACTS).write_text(text, encoding="utf-8")
    finally:
        path.write_text(before, encoding="utf-8")

    assert now["quellen", 2025] != after["quellen", 2025]


def test_a_figure_of_a_kreis_that_is_not_compared_runs_nothing(changed) -> None:
    old = "2025,09162,49405,23924,3545,866,3308,10527,11691,"

    assert changed(FACTS, old, old.replace("11691", "11692")) == set()


def test_the_title_of_an_entry_runs_its_page_and_its_field(changed) -> None:
    found = changed(
        "data/catalogue/arbeit.yml", "title: Anteil der Langzeitarbeitslosen", "title: Anteil"
    )

    groups = {"arbeit/gesamt", "arbeit/eingewanderte"}
    assert found == pages(*groups, "kennzahl/langzeitarbeitslose", *WHOLE)


def test_a_passport_runs_what_its_table_serves(changed, before: Keys) -> None:
    found = changed(TABLE, "attribution_year: 2026", "attribution_year: 2027")

    served = ("arbeitslosenquote", "arbeitslose", "auslaenderanteil_arbeitslose")
    named = {f"kennzahl/{name}" for name in (*served, "langzeitarbeitslose")}
    assert found == pages("arbeit/gesamt", "arbeit/eingewanderte", *named, *WHOLE, "konzept")


def test_good_practice_runs_what_it_addresses(changed) -> None:
    name = "data/konzept/recklinghausen/gute_praxis.yml"

    found = changed(name, "title: Gemeinsame Sprechstunde", "title: Sprechstunde")

    named = {"kennzahl/arbeitslosenquote", "kennzahl/langzeitarbeitslose"}
    assert found == pages("arbeit/gesamt", "arbeit/eingewanderte", *named, *WHOLE)


def test_a_measure_runs_what_tells_of_it_where_it_was_known(changed) -> None:
    name = "data/konzept/recklinghausen/konzept.yml"

    found = changed(name, "what: Beratung in vielen Sprachen.", "what: Beratung.")

    # Its only report is of 2024, so the edition of 2020 does not know it.
    fields = {"arbeit/gesamt", "arbeit/eingewanderte"}
    told = {"kennzahl/arbeitslosenquote", "konzept", *OF_GOALS}
    assert found == pages(*fields, *told, years=(2025,))


def test_a_goal_of_the_plan_against_racism_runs_its_field_and_its_chapter(changed) -> None:
    name = "data/konzept/recklinghausen/antirassismus.yml"

    found = changed(name, "title: Stellen", "title: Anlaufstellen")

    assert found == pages("diskriminierung/gesamt", "antirassismus", *OF_GOALS)


def test_what_led_to_a_konzept_runs_its_chapter_only(changed) -> None:
    found = changed(
        "data/konzept/recklinghausen/konzept.yml",
        "title: Konzept",
        "title: Konzept\nwhat: Worum es geht.",
    )

    assert found == pages("konzept")


@pytest.mark.parametrize(
    "name", ["data/angebote/recklinghausen/beispiele.csv", "data/catalogue/angebote.yml"]
)
def test_offers_run_chapters_about_the_whole_book(changed, name: str) -> None:
    assert changed(name, "", "\n# neu\n") == pages(*WHOLE)


def test_a_card_runs_its_field_for_the_first_target_group(changed) -> None:
    name = "data/beteiligung/recklinghausen/werkstaetten/bsp_werkstatt_2024.csv"

    found = changed(name, "Anerkennung von Abschlüssen dauert", "Die Anerkennung dauert")

    assert found == pages("arbeit/gesamt", *WHOLE)


def test_a_step_of_participation_runs_chapters_about_the_whole_book(changed) -> None:
    name = "data/beteiligung/recklinghausen/verfahren.yml"

    assert changed(name, "mit sieben Arbeitsgruppen", "mit Arbeitsgruppen") == pages(*WHOLE)


def test_a_template_runs_its_own_chapters(changed) -> None:
    found = changed("notebooks/arbeit.ipynb", '"# Arbeit', '"# Neue Arbeit')

    assert found == pages("arbeit/gesamt", "arbeit/eingewanderte")


@pytest.mark.parametrize(
    "name",
    [
        "data/catalogue/texts.yml",
        "data/rules/judgement.yml",
        "data/rules/structure.yml",
        "data/sources/sources.yml",
        "data/regions/regions.csv",
    ],
)
def test_what_every_page_uses_runs_every_chapter(changed, before: Keys, name: str) -> None:
    old, new = ("05562024,Marl,", "05562024,Marll,") if name.endswith("csv") else ("", "\n# neu\n")

    assert changed(name, old, new) == set(before)


def test_settings_run_every_chapter_and_those_of_another_kreis_none(changed, before: Keys) -> None:
    other = changed("params/mettmann.yml", "", "\nexamples: false\n")
    own = changed("params/recklinghausen.yml", "years: [2020, 2021]", "years: [2019, 2021]")

    assert other == set()
    assert own == set(before)


def test_a_further_kreis_with_a_report_runs_every_chapter_that_names_them(changed, before) -> None:
    text = (REPOSITORY / "params/mettmann.yml").read_text(encoding="utf-8")
    text = text.replace("05158", "05913").replace("Kreis Mettmann", "Dortmund")

    assert changed("params/dortmund.yml", "", text) == set(before)


def test_a_correction_that_changes_no_figure_runs_only_what_reads_it(changed) -> None:
    found = changed("data/corrections/inkar-versorgung.yml", "", "\n# neu\n")

    assert found == pages(*WHOLE)


def test_what_no_chapter_reads_runs_none(changed) -> None:
    assert changed("data/catalogue/glossar.yml", "", "\n# neu\n") == set()


# --- what chapters really read ------------------------------------------------------------------

#: Runs each template's cells in this process and prints the files of the project that it opened.
READER = """
import contextlib, functools, gc, json, os, sys
from pathlib import Path
root, jobs = Path(sys.argv[1]), json.loads(sys.argv[2])
import nbformat, kreisheft.render.charts
import kreisheft.chapters.chapter, kreisheft.chapters.indicator_page
from kreisheft.facts import fact_files as facts
from kreisheft.core.errors import UsageError
from kreisheft.figures.context import Context
opened, now, contexts, reads = {}, [""], [], {}
begin = Context.__init__
def beginning(self, *given, **named):
    contexts.append(self)
    begin(self, *given, **named)
Context.__init__ = beginning
def note(path):
    if now[0]:
        opened.setdefault(now[0], set()).add(str(path))
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        note(arguments[0])
sys.addaudithook(hook)
load = facts.load
def loading(root, table, *more, **kinds):
    note(facts.tables(root)[table])
    return load(root, table, *more, **kinds)
facts.load = loading
for address, template, parameters in jobs:
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            if (one.__module__ or "").startswith("kreisheft"):
                one.cache_clear()
    cells = [c.source for c in nbformat.read(template, as_version=4).cells if c.cell_type == "code"]
    names = {}
    contexts.clear()
    now[0] = address
    exec(cells[0], names)
    names |= parameters
    for cell in cells[1:]:
        # The small catalogue lacks some entries that templates name.
        with contextlib.suppress(UsageError):
            exec(cell, names)
    now[0] = ""
    reads[address] = sorted({read for one in contexts for read in getattr(one, "reads", ())})
print(json.dumps([{a: sorted(p) for a, p in opened.items()}, reads]))
"""


def covered(root: Path, name: str) -> set[Path]:
    """Files that the parts of a chapter stand for, by content or by the figures made of them."""
    data, book = root / "data", catalogue.load(root)
    always = ("catalogue/*.yml", "regions/*.*", "rules/*.yml", "templates/*.yml", "konzept/*/*")
    always += ("beteiligung/recklinghausen/**/*",)
    files = {p for pattern in always for p in data.glob(pattern)}
    files |= {data / "sources/sources.yml", *(root / "params").glob("*.yml")}
    if name in NO_FIGURE:
        tables = {t for f in book.fields for t in compute_values.needed_tables(book.of_field(f))}
        named = {*tables, *peers.tables(root)}
        files |= {p for t in named for p in (data / "sources").glob(f"*/{t}.yml")}
        return files | {p for t in peers.tables(root) for p in data.glob(f"*/*/{t}.*")}
    entry = book.indicators.get(name)
    fields = [entry.field] if entry else [name] if name in book.fields else list(book.fields)
    if name in params.ABOUT_ALL:
        # Only the days of deliveries are read of tables that no indicator uses.
        files |= set((data / "sources").glob("*/*.yml"))
        files |= set((data / "angebote/recklinghausen").glob("*"))
        files |= {p for t in peers.tables(root) for p in data.glob(f"*/*/{t}.*")}
    return files.union(*(field_values.files(root, field) for field in fields))


Reads = dict[str, list[tuple[str, ...]]]
#: Name of a chapter here → its template, and parameters beside Kreis and year.
CHAPTERS: dict[str, tuple[str, dict[str, str]]] = {
    **{name: (name, {}) for name in params.ABOUT_ALL},
    "arbeit/gesamt": ("arbeit", {"target_group": "gesamt"}),
    "arbeit/eingewanderte": ("arbeit", {"target_group": "eingewanderte"}),
    "langzeitarbeitslose": ("kennzahl", {"kennzahl": "langzeitarbeitslose"}),
    "arbeitslosenquote": ("kennzahl", {"kennzahl": "arbeitslosenquote"}),
    "diskriminierung/gesamt": (
        "wissensluecke",
        {"target_group": "gesamt", "field": "diskriminierung"},
    ),
}


@pytest.fixture(scope="module")
def read(project: Path) -> tuple[dict[str, list[str]], Reads]:
    """Files that each chapter opened, and what it asked its context for."""
    given = {"kreis": "recklinghausen", "year": 2025}
    jobs = [
        (name, str(project / f"notebooks/{template}.ipynb"), given | parameters)
        for name, (template, parameters) in CHAPTERS.items()
    ]
    book = {"KREISHEFT_ROOT": str(project), "KREISHEFT_BOOK": "1"}
    # Kept tables would hide what they were made of.
    environment = {**os.environ, **book, "KREISHEFT_ANEW": "1"}
    done = subprocess.run(
        [sys.executable, "-c", READER, str(project), json.dumps(jobs)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    opened, reads = json.loads(done.stdout.splitlines()[-1])
    assert set(opened) == set(CHAPTERS)
    return opened, {name: [tuple(one) for one in found] for name, found in reads.items()}


@pytest.mark.kernel
def test_every_file_that_a_chapter_opens_is_part_of_its_key(project: Path, read) -> None:
    for name, paths in read[0].items():
        own = {Path(p) for p in paths if Path(p).is_relative_to(project)}
        own = {p for p in own if not p.is_relative_to(project / "src")}
        assert project / "data/catalogue/texts.yml" in own
        assert own - covered(project, name.split("/")[0]) == set(), name


#: What a feature reads → part of the key that stands for it.
FEATURES = {
    "directory": "offers and first page",
    "practice": "good practice",
    "said": "what people say",
    "words of what is said": "what people say",
}


def stands_for(root: Path, parts: dict[str, str], one: tuple[str, ...], group: str) -> bool:
    """Whether parts of a key stand for what a chapter about a target group asked for.

    group: empty for chapters whose key has the figures of all groups.
    """
    book = catalogue.load(root)
    match one:
        case ("figures", name, asked):
            if f"figures of {name}" in parts or f"figures of {name}, {asked}" in parts:
                return True
            return f"figures of {book.indicators[name].field}" in parts and group in ("", asked)
        case ("passport", table):
            served = [i for i in book.indicators.values() if table in _tables(i)]
            named = {f"passports of {n}" for i in served for n in (i.id, i.field)}
            whole = {"tables of the comparison", "passports of the comparison"}
            compared = whole if table in peers.tables(root) else set()
            return bool(parts.keys() & (named | compared))
        case ("entry", name):
            return bool(
                parts.keys() & {f"entry of {name}", f"entries of {book.indicators[name].field}"}
            )
        case ("feature", name):
            # It is made of figures alone, which are told by themselves.
            return name == "priorities" or FEATURES[name] in parts
    raise AssertionError(one)


def _tables(one: catalogue.Indicator) -> set[str]:
    return set(compute_values.needed_tables([one]))


@pytest.mark.kernel
def test_the_key_stands_for_all_that_a_chapter_asks_its_context_for(project: Path, read) -> None:
    settings = params.load(project, "recklinghausen")
    inputs = Inputs(project, settings, coverage.matrix(project, settings))
    kinds = set()
    for name, found in read[1].items():
        field, _, group = name.partition("/")
        parts = inputs.of(field, 2025, group or "gesamt")
        kinds |= {one[0] for one in found}
        assert [one for one in found if not stands_for(project, parts, one, group)] == [], name
    assert kinds == {"figures", "passport", "entry", "feature"}
