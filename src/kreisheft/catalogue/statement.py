"""Who publishes an edition and how accessible it is, as words for imprint, privacy and statement.

In: ``publisher`` in params, ``data/catalogue/erklaerung.yml`` (words, what tests look at, what
remains). Out: Markdown for the places ``{{ name }}`` of written pages, after the model statement of
Implementing Decision (EU) 2018/1523. What params does not say stays the gap that `_config.yml`
marks; nothing is invented.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kreisheft.catalogue.params import Params
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem
from kreisheft.core.escaping import plain


def load(root: Path) -> Mapping[str, Any]:
    """Read the words; DataError with the place of every mistake."""
    path = root / "data/catalogue/erklaerung.yml"
    content: Mapping[str, Any] = yaml_files.load(path, "statement", root).content
    return content


def check(root: Path) -> list[Problem]:
    """Every problem of the words."""
    return yaml_files.collect([lambda: load(root)])


def words(root: Path, settings: Params, edition: str) -> dict[str, str]:
    """Replacements for written pages; a place that params leaves open is left out."""
    texts, given = load(root), settings.publisher
    law = texts["laws"].get(settings.land, texts["laws"]["other"])
    found = {
        "stelle": plain(given.get("name", "")) or texts["publisher"]["nobody"],
        "barrierefreiheit_recht": law,
        "vereinbarkeit": texts["statement"]["state"]["partial" if texts["barriers"] else "full"],
        "barrieren": _list(
            texts["statement"]["barrier"].format(**one) for one in texts["barriers"]
        ),
        "geprueft": _list(
            texts["statement"]["view"].format(**one) for one in texts["views"].values()
        ),
        "erklaerung_stand": _made(texts["statement"], given.get("checked", ""), edition),
        "datenschutz_kontakt": _office(given.get("privacy"), texts),
        "barriere_kontakt": _office(given.get("accessibility"), texts),
        "durchsetzungsstelle": _office(
            given.get("enforcement") or texts["enforcement"].get(settings.land), texts
        ),
        "server": plain(given.get("server", "")),
        "herausgeber": _publisher(given, texts),
    }
    return {name: text for name, text in found.items() if text}


def _publisher(given: Mapping[str, Any], texts: Mapping[str, Any]) -> str:
    more = [
        texts["publisher"][key].format(value=plain(given[key]))
        for key in ("represented", "responsible")
        if key in given
    ]
    return "\n\n".join([_office(given, texts), *more]) if given else ""


def _office(given: Mapping[str, Any] | None, texts: Mapping[str, Any]) -> str:
    """Name, address and ways to reach an office, a line each; empty if there is none."""
    if not given:
        return ""
    contact = texts["publisher"]["contact"]
    lines = [plain(given["name"]), *map(plain, given.get("address", ()))]
    if "email" in given:
        link = f"[{plain(given['email'])}](<mailto:{given['email']}>)"
        lines.append(contact["email"].format(value=link))
    if "phone" in given:
        lines.append(contact["phone"].format(value=plain(given["phone"])))
    if "url" in given:
        lines.append(contact["url"].format(value=f"<{given['url']}>"))
    return "\\\n".join(lines)


def _made(texts: Mapping[str, Any], day: str, edition: str) -> str:
    if not day:
        return str(texts["made_without_date"]).format(edition=edition)
    year, month, date = day.split("-")
    return str(texts["made"]).format(edition=edition, date=f"{date}.{month}.{year}")


def _list(entries: Iterator[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)
