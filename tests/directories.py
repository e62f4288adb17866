"""Directories of offers for tests and benchmarks, and a page of the book made of one."""

from datetime import date
from pathlib import Path

from kreisheft.offers import directory_figures, offer, search_files, vocabulary
from kreisheft.offers.directory import Directory
from kreisheft.offers.offer import Offer, Row

REPOSITORY = Path(__file__).parent.parent
KREIS = "05562"
DAY = date(2026, 3, 10)
#: The directives that a public site sets; a page that breaks one fails its test.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'"
)
#: An offer with nothing but what it must have.
LEAST = {
    "id": "sprachcafe-1",
    "name": "Sprachcafé",
    "organization": "Begegnungsverein",
    "field": "sprache",
    "target_groups": "neuzugewanderte",
    "ags": "05562032",
    "email": "cafe@example.org",
    "status": "active",
    "assured_date": "2026-03-01",
}
_WHAT = [
    "Sprachcafé",
    "Deutschkurs",
    "Beratung",
    "Frühstückstreff",
    "Nähwerkstatt",
    "Hausaufgabenhilfe",
]
_WHAT += ["Müttergruppe", "Bewerbungstraining", "Fußballgruppe", "Lesepatenschaft", "Sprechstunde"]
_WHERE = [
    "am Markt",
    "im Bürgerhaus",
    "an der Brücke",
    "im Jugendheim",
    "in der Bücherei",
    "im Park",
]
_WHO = [
    "Verein Lichtblick",
    "Nachbarschaftshaus",
    "Familienbüro",
    "Volkshochschule",
    "Freundeskreis",
]
_TELLS = [
    "Gemeinsam üben und sprechen",
    "Hilfe bei Briefen und Anträgen",
    "Treffen mit Kaffee und Tee",
]
_TELLS += ["Begleitung zu Ämtern", "Spiele für Kinder und Eltern", "Fragen zu Wohnung und Miete"]
_TELLS += ["Vorbereitung auf Prüfungen", "Austausch in mehreren Sprachen", "Kochen und Erzählen"]


def words() -> vocabulary.Vocabulary:
    return vocabulary.load(REPOSITORY, KREIS)


def made(*rows: dict[str, str]) -> Directory:
    """Offers from the least there must be and what each row says besides."""
    found = []
    for i, row in enumerate(rows):
        cells = {**LEAST, "id": f"angebot-{i}", **row}
        one, problems = offer.read(Row(cells, lambda column: column), words(), file="angebote.csv")
        assert not problems, problems
        found.append(one)
    return Directory(tuple(found), words())


def many(count: int) -> Directory:
    """As many different offers, the same each time: cells follow from the number by remainders."""
    listed = words().lists
    places, fields = list(listed["ags"]), list(listed["field"])
    groups, tongues = list(listed["target_groups"]), list(listed["languages"])
    found = []
    for i in range(count):
        pick = i * 2654435761 % 2**32
        what, where = _WHAT[pick % 11], _WHERE[pick // 11 % 6]
        who = f"{_WHO[pick // 66 % 5]} {pick // 330 % 400 + 1}"
        tells = ". ".join(_TELLS[(pick // 7**k) % 9] for k in range(1, 6))
        cells = {
            **LEAST,
            "id": f"{pick:08x}-0000-5000-8000-{i:012x}",
            "name": f"{what} {where} {pick // 990 % 97}-{i}",
            "organization": who,
            "description": f"{tells}. Raum {pick % 311}, Gruppe {i % 89}.",
            "field": fields[pick % 13],
            "target_groups": "; ".join(sorted({groups[pick % 12], groups[pick // 12 % 12]})),
            "languages": "; ".join(sorted({"de", tongues[pick % 31], tongues[pick // 31 % 31]})),
            "ags": places[pick % 11],
            "address_1": f"Beispielstraße {pick % 211}",
            "postal_code": f"45{pick % 1000:03}",
            "phone": f"02361 {pick % 10**6:06}",
            "email": f"kontakt{pick % 2000}@example.org",
            "url": f"https://www.example.org/{pick % 3000}",
            "schedule": f"{['montags', 'dienstags', 'freitags'][pick % 3]} {8 + pick % 10} Uhr",
            "minimum_age": str(pick % 30),
            "free": ["yes", "no", ""][pick % 3],
            "childcare": ["", "yes", "", ""][pick % 4],
            "online": ["", "", "", "", "yes"][pick % 5],
            "barrier_free": ["yes", ""][pick % 2],
            "assured_date": f"202{5 + pick % 2}-0{1 + pick % 2}-{1 + pick % 28:02}",
        }
        kept = offer.order_columns({c for c, v in cells.items() if v}, words())
        found.append(Offer({c: cells[c] for c in kept}, "angebote.csv"))
    return Directory(tuple(found), words())


def write_page(folder: Path, own: Directory, day: date = DAY) -> Path:
    """Write the page of a directory as the book has it, without the theme around it."""
    assets = REPOSITORY / "book/assets"
    block = directory_figures.build_block(own, day, KREIS, "recklinghausen")
    shown = search_files.select_findable(own, day)
    html = (
        '<!doctype html><html lang="de" data-theme="light"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width"><title>Angebote</title>'
        '<link rel="stylesheet" href="kreisheft.css">'
        '<script defer src="daten/angebote.js"></script><script defer src="angebote.js"></script>'
        '</head><body class="bd-content"><main class="bd-article"><h1>Angebote</h1>'
        f"<h2>Verzeichnis</h2>{block.markup}</main></body></html>"
    )
    (folder / "daten").mkdir(parents=True, exist_ok=True)
    (folder / "angebote.html").write_text(html, encoding="utf-8")
    for name in ("kreisheft.css", "angebote.js"):
        (folder / name).write_bytes((assets / name).read_bytes())
    (folder / search_files.INDEX).write_bytes(search_files.write_script(shown, day, own))
    (folder / search_files.CSV).write_bytes(search_files.write_csv(shown, own))
    (folder / search_files.JSON).write_bytes(search_files.write_json(shown, own))
    return folder / "angebote.html"
