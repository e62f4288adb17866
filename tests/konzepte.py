"""A small Konzept for tests: one aim, one goal, one measure, all sound; a test changes a part."""

from pathlib import Path
from typing import Any

import yaml

from kreisheft.strategy import document

AIM: dict[str, Any] = {"id": "arbeit_finden", "field": "arbeit", "text": "Alle finden Arbeit."}
GOAL: dict[str, Any] = {
    "id": "quote_senken",
    "aim": "arbeit_finden",
    "title": "Quote senken",
    "target_group": "eingewanderte",
    "indicator": "arbeitslosenquote",
    "group": "auslaender",
    "base": {"year": 2020, "value": 30.0},
    "target": {"year": 2030, "value": 20.0},
}
MEASURE: dict[str, Any] = {
    "id": "beratung",
    "goals": ["quote_senken"],
    "title": "Beratung",
    "what": "Beratung in vielen Sprachen.",
    "owner": "Integrationszentrum",
    "where": ["05562"],
    "since": "2020",
    "until": "2028-06",
    "kind": "operative",
    "output": "Beratungen im Jahr",
    "outcome": ["arbeitslosenquote"],
    "status": [{"state": "running", "date": "2024-11-01", "evidence": "Bericht"}],
}
DECISION = {"by": "Kreistag", "date": "2020-03-01"}


def part(of: dict[str, Any], *without: str, **changes: Any) -> dict[str, Any]:
    """A sound part with some keys changed or left out."""
    return {key: value for key, value in {**of, **changes}.items() if key not in without}


def konzept(**changes: Any) -> dict[str, Any]:
    """A sound Konzept, decided, with some keys changed; None leaves a key out."""
    whole = {
        "title": "Konzept",
        "since": "2020",
        "decision": DECISION,
        "aims": [AIM],
        "goals": [GOAL],
        "measures": [MEASURE],
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


def write(
    root: Path, kreis: str = "recklinghausen", chapter: str = "konzept", **changes: Any
) -> Path:
    """Write the file of a Kreis and return it."""
    path = root / document.FOLDER / kreis / f"{chapter}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(konzept(**changes), allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path
