"""A first mapping of a survey, from its structure alone: no answer is read for it.

In: a `Structure`. Out: the text of a YAML file with every closed question as an item, to be gone
through by somebody who knows the survey: what to leave out, which end is the good one, which field.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from kreisheft.core import schema_line
from kreisheft.participation.intake.questions import LANGUAGE, Column, Structure
from kreisheft.participation.intake.survey_system import SurveySystem, Words
from kreisheft.participation.surveys import AGAINST, FOR, NEUTRAL

_HEAD = """\
# Draft: what of this survey may be counted. Everything that is not named here is dropped.
# Go through it: take out what is not needed, fill in the empty places, check which end of each
# scale is the good one, put answers such as "do not know" under beside. docs/participation.md
"""
_NEVER = """
# Never let in: columns of the system's own (id, token, addresses, times) and free text:
"""


def text(system: SurveySystem, asked: Structure, words: Words) -> str:
    """Write the draft; words: those of the system in ``data/catalogue/beteiligung.yml``."""
    columns = system.columns(asked, words)
    content: dict[str, object] = {
        "survey": "",
        "wave": "",
        "title": asked.title or "",
        "population": "",
        "channel": ["online"],
        "recruitment": "open",
        "languages": [x[:2] for x in asked.languages],
        "from": "",
        "to": "",
        "responsible": "",
        "items": list(_items(columns)),
        "splits": list(_splits(asked, columns)),
    }
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    free = [q.code for q in asked.questions.values() if not q.closed]
    never = _NEVER + "".join(f"#   {code}\n" for code in free) if free else ""
    return schema_line.text("survey_mapping", "mapping.yml") + _HEAD + body + never


def _items(columns: Mapping[str, Column]) -> Iterator[dict[str, Any]]:
    whole: set[str] = set()
    for column in columns.values():
        name = column.question.code if column.ticks else column.name
        if name in whole:
            continue
        whole.add(name)
        plain = "".join(c if c.isalnum() else "_" for c in name.lower()).strip("_")
        item: dict[str, Any] = {"column": name, "id": plain, "field": ""}
        codes = [c for c in column.options if not c.startswith("-")]
        if column.scale and len(codes) > 1:
            half = len(codes) // 2
            item["scale"] = {AGAINST: codes[:half], FOR: codes[-half:]}
            if len(codes) % 2:
                item["scale"][NEUTRAL] = [codes[half]]
        yield item


def _splits(asked: Structure, columns: Mapping[str, Column]) -> Iterator[dict[str, object]]:
    """A split by language; which other questions may split groups is for a person to decide."""
    if len(asked.languages) > 1:
        groups = [{"id": f"sprache_{x[:2]}", "codes": [x]} for x in asked.languages]
        yield {"column": LANGUAGE, "id": "sprache", "title": "Sprache", "groups": groups}
