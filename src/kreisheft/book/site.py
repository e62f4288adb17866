"""Put built editions together to the site: entry pages, and on each page the list of editions.

``<kreis>/<year>.<rev>/…`` an edition, ``<kreis>/<year>/`` leads to its newest revision,
``<kreis>/`` the editions of a Kreis, ``/`` all Kreise. An edition's pages are copied as they are,
but for the space between two comments, where the list of editions goes, and on all but the newest
a notice that there is a newer one: so a new edition shows up on the pages of the old ones without
building those again, and every link leads to a page there is.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import jinja2
import yaml

from kreisheft.book import content_policy
from kreisheft.core import build_lock, cache, hashes, project, swap_folder
from kreisheft.core.errors import Problem, raise_if

#: What an edition's folder says about itself.
CARD = "ausgabe.json"
SPACE = re.compile(rb"<!--kh-ausgaben-->.*?<!--/kh-ausgaben-->", re.DOTALL)
EMPTY = b"<!--kh-ausgaben--><!--/kh-ausgaben-->"
#: Where a page leads in an edition that does not have it: the chapter for everyone, the list of
#: indicators, at last the first page; the first word is what the template calls it.
INSTEAD = (
    ("kapitel", "{folder}/gesamt.html"),
    ("liste", "{folder}en.html"),
    ("start", "index.html"),
)
#: Templates of the entry pages and of the lists.
ENTRY = "book/templates/eingang"
#: The site that a build makes, which a small change must not make anew.
WORKING = "build/site"
#: Lists of editions, which are kept on the pages.
LISTS = cache.Kind("lists", ("book.site",))
#: Files of book/assets that the entry pages use.
ENTRY_ASSETS = ("eingang.css", "favicon.svg", "logo.svg")


@dataclass(frozen=True, order=True)
class Card:
    """Which edition a folder holds."""

    kreis: str
    year: int
    rev: int
    kreis_name: str

    @property
    def folder(self) -> str:
        """Its name below the Kreis: ``2024.1``."""
        return f"{self.year}.{self.rev}"


def assemble(site: Path, editions: Sequence[tuple[Card, Path]], root: Path) -> None:
    """Put each built edition (its card and HTML folder) into `site`, beside those already there.

    The whole site is built anew next to `site` and then takes its place; who else would write there
    waits. Raises DataError if an HTML folder is not a built edition; `site` is then untouched.
    """
    raise_if(
        Problem(html.as_posix(), "is not a built edition", "run the build first")
        for _, html in editions
        if not (html / "index.html").is_file()
    )
    # A public site may be that of several projects.
    with build_lock.hold(site.with_name(f".{site.name}.lock")):
        _assemble(
            site, {f"{card.kreis}/{card.folder}": (card, html) for card, html in editions}, root
        )


def _assemble(site: Path, places: Mapping[str, tuple[Card, Path]], root: Path) -> None:
    """Do what `assemble` says. places: address below `site` → card and HTML folder."""
    left_before = _read_left(root, site)
    same = {
        p
        for p, (_, html) in places.items()
        if p in left_before and _states(html) == left_before[p][0]
    }
    # Editions of other Kreise lie there as they were left, too.
    left = {place: sources for place, (sources, _) in left_before.items() if place not in places}
    with swap_folder.replace(site) as new:
        if site.is_dir():
            swap_folder.link_files(site, new)
        for place, (card, html) in places.items():
            if place in same:
                continue
            target = new / place
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            swap_folder.link_files(html, target, hidden=False)
            text = json.dumps(asdict(card), ensure_ascii=False, indent=2, sort_keys=True)
            project.write(target / CARD, f"{text}\n".encode())
        lists = _furnish(new, root, {place: left_before[place][1] for place in (*same, *left)})
    # Last: a link more or less is a new state of a file.
    sources = left | {place: _states(html) for place, (_, html) in places.items()}
    entries = {p: (sources.get(p, ""), lists[p], _states(site / p)) for p in sorted(lists)}
    if record := _record(root, site):
        project.write(record, json.dumps(entries, indent=1).encode())


def _record(root: Path, site: Path) -> Path | None:
    """What the last site was put together from; kept for the working site only."""
    return root / "build/.site.json" if site == root / WORKING else None


def _states(folder: Path) -> str:
    return hashes.states([folder])


def _read_left(root: Path, site: Path) -> dict[str, tuple[str, str]]:
    """Map each edition in `site` that nobody changed to what it was made from.

    That is the state of its HTML folder, and the hash of the lists on its pages.
    """
    record = _record(root, site)
    try:
        entries = json.loads(record.read_text(encoding="utf-8")) if record else {}
    except (OSError, ValueError):
        return {}
    return {
        place: (source, lists)
        for place, (source, lists, state) in entries.items()
        if _states(site / place) == state
    }


def drop_list(page: bytes) -> bytes:
    """Return a page of an edition as it was built, without the list of editions."""
    return SPACE.sub(EMPTY, page)


def list_cards(site: Path) -> list[Card]:
    """Return the editions in `site`, Kreise by name, newest first."""
    editions = [
        Card(**json.loads(path.read_text(encoding="utf-8"))) for path in site.glob(f"*/*/{CARD}")
    ]
    return sorted(editions, key=lambda c: (c.kreis_name, c.kreis, -c.year, -c.rev))


def _furnish(site: Path, root: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Write the entry pages and the lists for the editions that are in `site`.

    known: editions whose pages have lists → what these were made of. Returns that for all.
    """
    lists_of: dict[str, str] = {}
    loader = jinja2.FileSystemLoader(root / ENTRY)
    templates = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    title = config["title"]

    def write(path: Path, template: str, depth: int, **values: object) -> None:
        page = templates.get_template(template).render(wurzel="../" * depth, titel=title, **values)
        # It may be a second name of a page that somebody reads: never in place.
        project.write(path, content_policy.add_policy(page).encode())

    kreise = []
    for kreis, group in groupby(list_cards(site), key=lambda card: card.kreis):
        own = list(group)
        name, years = own[0].kreis_name, _by_year(own)
        shelf = [
            {
                "label": str(year),
                "href": f"{revs[0].folder}/index.html",
                "fruehere": [
                    {"label": r.folder, "href": f"{r.folder}/index.html"} for r in revs[1:]
                ],
            }
            for year, revs in years.items()
        ]
        kreise.append({"kreis": kreis, "name": name, "ausgaben": shelf})
        write(site / kreis / "index.html", "kreis.html", 1, kreis_name=name, ausgaben=shelf)
        for year, revs in years.items():
            href = f"../{revs[0].folder}/index.html"
            leads = site / kreis / str(year) / "index.html"
            write(leads, "weiter.html", 2, kreis_name=name, year=year, href=href)
        lists = _digest_lists(site, root, own)
        for card in own:
            place = f"{kreis}/{card.folder}"
            if known.get(place) != lists:
                _fill(site / kreis, card, years, templates.get_template("ausgaben.html"))
            lists_of[place] = lists
    write(site / "index.html", "kreise.html", 0, kreise=kreise)
    for asset in ENTRY_ASSETS:
        project.write(site / asset, (root / "book" / "assets" / asset).read_bytes())
    return lists_of


def _digest_lists(site: Path, root: Path, own: Sequence[Card]) -> str:
    """One hash of what the lists on the pages of a Kreis are made of: its editions and pages."""
    folders_ = [site / card.kreis / card.folder for card in own]
    pages = [p.relative_to(f).as_posix() for f in folders_ for p in sorted(f.rglob("*.html"))]
    templates = hashes.files(root, (root / ENTRY).glob("*"))
    return LISTS.key({"pages": repr((own, pages)), "templates": templates})


def _by_year(own: list[Card]) -> dict[int, list[Card]]:
    return {year: list(revs) for year, revs in groupby(own, key=lambda card: card.year)}


def _fill(kreis: Path, card: Card, years: dict[int, list[Card]], template: jinja2.Template) -> None:
    """Put the list of editions into each page of one edition."""
    newest = years[card.year][0]
    for path in sorted((kreis / card.folder).rglob("*.html")):
        page = path.read_bytes()
        space = SPACE.search(page)
        if not space:
            continue
        address = path.relative_to(kreis / card.folder)
        up = "../" * len(address.parts)

        listed = [card if year == card.year else revs[0] for year, revs in years.items()]
        entries = [
            {**_link_to(kreis, other, address), "current": other == card} for other in listed
        ]
        last = next(iter(years.values()))[0]
        text = template.render(
            kreis_name=card.kreis_name,
            jahr=card.year,
            ausgaben=entries,
            alle=f"{up}../index.html",
            neuere="" if newest == card else _link_to(kreis, newest, address),
            neueste="" if last.year == card.year else _link_to(kreis, last, address),
        ).strip()
        filled = EMPTY.replace(b"--><!--", f"-->{text}<!--".encode(), 1)
        project.write(path, page[: space.start()] + filled + page[space.end() :])


def _link_to(kreis: Path, other: Card, address: Path) -> dict[str, str]:
    """Link from a page to the same one of another edition, or to what there is instead of it."""
    up = "../" * len(address.parts)
    folder = address.parent.as_posix()
    ways = (("", address.as_posix()), *((w, path.format(folder=folder)) for w, path in INSTEAD))
    kind, there = next(way for way in ways if (kreis / other.folder / way[1]).is_file())
    return {"label": str(other.year), "href": f"{up}{other.folder}/{there}", "statt": kind}
