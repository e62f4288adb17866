"""Words for imprint, privacy notice and accessibility statement of an edition.

In: ``publisher`` in params, ``data/catalogue/erklaerung.yml`` (words, tested views, remaining
barriers). Out: Markdown for the placeholders ``{{ name }}`` of written pages, after the model
statement of Implementing Decision (EU) 2018/1523. What params does not say remains the gap that
`_config.yml` marks.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from kreisheft.catalogue.params import Params
from kreisheft.core import yaml_files
from kreisheft.core.errors import Problem
from kreisheft.core.escaping import plain


class Office(TypedDict):
    """An office in params or in the words; never a private person."""

    name: str
    address: NotRequired[list[str]]
    email: NotRequired[str]
    phone: NotRequired[str]
    url: NotRequired[str]


class _Contact(TypedDict):
    email: str
    phone: str
    url: str


class _PublisherWords(TypedDict):
    contact: _Contact
    represented: str
    responsible: str
    nobody: str


class _StatementWords(TypedDict):
    state: dict[str, str]
    made: str
    made_without_date: str
    barrier: str
    view: str


class Words(TypedDict):
    """``data/catalogue/erklaerung.yml``, as its schema has it."""

    publisher: _PublisherWords
    feedback: dict[str, str]
    statement: _StatementWords
    views: dict[str, dict[str, str | int | bool]]
    barriers: list[dict[str, str]]
    laws: dict[str, str]
    enforcement: dict[str, Office]


def load(root: Path) -> Words:
    """Read the words. Raises DataError with the line of every mistake."""
    path = root / "data/catalogue/erklaerung.yml"
    content: Words = yaml_files.load(path, "statement", root).content
    return content


def check(root: Path) -> list[Problem]:
    """Report every mistake in the words."""
    return yaml_files.collect([lambda: load(root)])


def words(root: Path, settings: Params, edition: str) -> dict[str, str]:
    """Map placeholders of written pages to Markdown, without those that params leaves open."""
    texts, publisher = load(root), settings.publisher
    law = texts["laws"].get(settings.land, texts["laws"]["other"])
    replacements = {
        "stelle": plain(publisher.get("name", "")) or texts["publisher"]["nobody"],
        "barrierefreiheit_recht": law,
        "vereinbarkeit": texts["statement"]["state"]["partial" if texts["barriers"] else "full"],
        "barrieren": _format_list(
            texts["statement"]["barrier"].format(**entry) for entry in texts["barriers"]
        ),
        "geprueft": _format_list(
            texts["statement"]["view"].format(**entry) for entry in texts["views"].values()
        ),
        "erklaerung_stand": _format_date(texts["statement"], publisher.get("checked", ""), edition),
        "datenschutz_kontakt": _format_office(publisher.get("privacy"), texts),
        "barriere_kontakt": _format_office(publisher.get("accessibility"), texts),
        "durchsetzungsstelle": _format_office(
            publisher.get("enforcement") or texts["enforcement"].get(settings.land), texts
        ),
        "server": plain(publisher.get("server", "")),
        "herausgeber": _format_publisher(publisher, texts),
    }
    return {name: text for name, text in replacements.items() if text}


def _format_publisher(publisher: Mapping[str, Any], texts: Words) -> str:
    if not publisher:
        return ""
    words, more = texts["publisher"], []
    if "represented" in publisher:
        more.append(words["represented"].format(value=plain(publisher["represented"])))
    if "responsible" in publisher:
        more.append(words["responsible"].format(value=plain(publisher["responsible"])))
    return "\n\n".join([_format_office(publisher, texts), *more])


def _format_office(office: Mapping[str, Any] | Office | None, texts: Words) -> str:
    """Format name, address and contacts of an office, one line each; empty without an office."""
    if not office:
        return ""
    contact = texts["publisher"]["contact"]
    lines = [plain(office["name"]), *map(plain, office.get("address", ()))]
    if "email" in office:
        link = f"[{plain(office['email'])}](<mailto:{office['email']}>)"
        lines.append(contact["email"].format(value=link))
    if "phone" in office:
        lines.append(contact["phone"].format(value=plain(office["phone"])))
    if "url" in office:
        lines.append(contact["url"].format(value=f"<{office['url']}>"))
    return "\\\n".join(lines)


def _format_date(texts: _StatementWords, day: str, edition: str) -> str:
    if not day:
        return str(texts["made_without_date"]).format(edition=edition)
    year, month, date = day.split("-")
    return str(texts["made"]).format(edition=edition, date=f"{date}.{month}.{year}")


def _format_list(entries: Iterator[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)
