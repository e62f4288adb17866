"""An invented survey as LimeSurvey exports it: structure, mapping, and answers of persons.

Every cell that belongs to a person holds `MARK` or one of `MARKS`, so that a test can look for them
in every byte that is written.
"""

import csv
import io
import random
from pathlib import Path
from typing import Any

import yaml

MARK = "GEHEIMPERSON"
#: What must never be found: parts of names, mails, addresses, tokens, free texts.
MARKS = (MARK, "198.51.100.", "tok3n", "hacker", "=cmd", "Mustergasse")
ITEMS = {"SQ001": "Ich finde leicht einen Sprachkurs.", "SQ002": "Im Amt werde ich verstanden."}
SCALE = {"A1": "stimme gar nicht zu", "A2": "stimme eher nicht zu", "A3": "teils, teils"}
SCALE |= {"A4": "stimme eher zu", "A5": "stimme voll zu", "A6": "weiß nicht"}
ROLES = {"R1": "Fachkraft", "R2": "Ehrenamt", "R3": "Zugewandert"}
WAYS = {"SQ001": "Beratungsstelle", "SQ002": "Freundeskreis"}

SIDES = {"against": ["A1", "A2"], "neutral": ["A3"], "for": ["A4", "A5"], "beside": ["A6"]}

MAPPING: dict[str, Any] = {
    "survey": "ankommen",
    "wave": "2024",
    "title": "Ankommen im Kreis",
    "population": "Fachkräfte, Ehrenamtliche und Zugewanderte",
    "channel": ["online"],
    "recruitment": "open",
    "languages": ["de", "ar"],
    "from": "2024-03-01",
    "to": "2024-04-15",
    "invited": 4000,
    "responsible": "Integrationszentrum",
    "items": [
        {
            "column": f"q2[{part}]",
            "id": name,
            "field": field,
            "scale": SIDES,
        }
        for part, name, field in (("SQ001", "kurs", "sprache"), ("SQ002", "amt", "oeffnung"))
    ]
    + [{"column": "q3", "id": "wege", "field": "teilhabe"}],
    "splits": [
        {
            "column": "q1",
            "id": "rolle",
            "title": "Rolle",
            "groups": [
                {"id": "fachkraft", "codes": ["R1"]},
                {"id": "ehrenamt", "codes": ["R2"]},
                {"id": "zugewandert", "codes": ["R3"]},
            ],
        }
    ],
}  # fmt: skip


def write_mapping(path: Path, **changes: Any) -> Path:
    text = yaml.safe_dump({**MAPPING, **changes}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def lss(version: int = 5, evil: str = "") -> bytes:
    """Structure as XML, texts in the rows (3) or in tables of their own (5). evil: in a label."""
    questions = [
        ("1", "q1", "L", "Ihre Rolle"),
        ("2", "q2", "F", f"Wie sehr stimmen Sie zu?{evil}"),
    ]
    questions += [("3", "q3", "M", "Wo haben Sie Hilfe gefunden?"), ("4", "q4", "T", "Was noch?")]
    questions += [("5", "q5", "S", "E-Mail-Adresse für das Gewinnspiel")]
    parts = [(f"2{i}", "2", code, label) for i, (code, label) in enumerate(ITEMS.items())]
    parts += [(f"3{i}", "3", code, label) for i, (code, label) in enumerate(WAYS.items())]
    answers = [("1", c, t) for c, t in ROLES.items()] + [("2", c, t) for c, t in SCALE.items()]
    new = version > 3

    def table(name: str, rows: list[dict[str, str]]) -> str:
        body = "".join(
            "<row>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in row.items()) + "</row>"
            for row in rows
        )
        return f"<{name}><rows>{body}</rows></{name}>"

    def asked(
        qid: str, parent: str, code: str, kind: str, label: str, order: int
    ) -> dict[str, str]:
        row = {"qid": qid, "parent_qid": parent, "sid": "77", "gid": "8", "type": kind}
        row |= {"title": code, "question_order": str(order), "scale_id": "0", "other": "N"}
        row["other"] = "Y" if code == "q3" else "N"
        return row if new else {**row, "question": label, "language": "de"}

    said = [
        {"aid": str(i), "qid": q, "code": c, "sortorder": str(i), "scale_id": "0"}
        | ({} if new else {"answer": t, "language": "de"})
        for i, (q, c, t) in enumerate(answers)
    ]
    own = [asked(q, "0", c, k, t, int(q)) for q, c, k, t in questions]
    below = [asked(q, p, c, "T", t, i) for i, (q, p, c, t) in enumerate(parts)]
    tables = [table("questions", own), table("subquestions", below), table("answers", said)]
    if new:
        texts = [(q, t) for q, _, _, t in questions] + [(q, t) for q, _, _, t in parts]
        rows = [
            {"id": str(i), "qid": q, "question": t, "language": "de"}
            for i, (q, t) in enumerate(texts)
        ]
        tables.append(table("question_l10ns", rows))
        labels = [
            {"id": str(i), "aid": str(i), "answer": t, "language": "de"}
            for i, (_, _, t) in enumerate(answers)
        ]
        tables.append(table("answer_l10ns", labels))
    title = [{"surveyls_survey_id": "77", "surveyls_title": "Ankommen", "surveyls_language": "de"}]
    tables.append(table("surveys_languagesettings", title))
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType>"
    head += "<languages><language>de</language></languages>"
    body = "".join(tables)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<document>{head}{body}</document>'.encode()


def tabs() -> bytes:
    """The same structure as tab separated values."""
    rows = [
        [
            "id",
            "related_id",
            "class",
            "type/scale",
            "name",
            "relevance",
            "text",
            "help",
            "language",
            "other",
        ]
    ]

    def add(kind: str, scale: str, name: str, label: str, other: str = "") -> None:
        rows.append(["", "", kind, scale, name, "1", label, "", "de", other])

    add("SL", "", "surveyls_title", "Ankommen")
    add("G", "0", "Gruppe", "Gruppe")
    add("Q", "L", "q1", "Ihre Rolle")
    for code, label in ROLES.items():
        add("A", "0", code, label)
    add("Q", "F", "q2", "Wie sehr stimmen Sie zu?")
    for code, label in ITEMS.items():
        add("SQ", "0", code, label)
    for code, label in SCALE.items():
        add("A", "0", code, label)
    add("Q", "M", "q3", "Wo haben Sie Hilfe gefunden?", "Y")
    for code, label in WAYS.items():
        add("SQ", "0", code, label)
    add("Q", "T", "q4", "Was noch?")
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


HEADINGS = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate"]
HEADINGS += ["datestamp", "ipaddr", "refurl", "firstname", "lastname", "email", "attribute_1"]
HEADINGS += ["q1", "q2[SQ001]", "q2[SQ002]", "q3[SQ001]", "q3[SQ002]", "q3[other]", "q4", "q5"]
HEADINGS += ["interviewtime", "Mustergasse 7"]


def persons(n: int = 2000, seed: int = 7) -> list[dict[str, str]]:
    """Answers with codes: three roles, a tenth incomplete, free texts in many scripts."""
    dice = random.Random(seed)
    found = []
    for i in range(n):
        role = dice.choices(["R1", "R2", "R3"], [6, 3, 2])[0]
        done = i % 10 != 3
        weights = {"R1": [4, 4, 3, 2, 1, 1], "R2": [2, 3, 3, 3, 2, 1], "R3": [1, 2, 3, 4, 4, 1]}[
            role
        ]
        row = {h: f"{MARK}-{h}-{i}" for h in HEADINGS}
        row |= {"id": str(i), "submitdate": "2024-03-02 10:00:00" if done else "", "lastpage": "3"}
        row |= {"startlanguage": "de", "token": f"tok3n{i}", "ipaddr": f"198.51.100.{i % 250}"}
        row |= {"q1": role, "email": f"{MARK.lower()}{i}@example.org"}
        for part in ITEMS:
            row[f"q2[{part}]"] = (
                dice.choices(list(SCALE), weights)[0] if dice.random() > 0.02 else ""
            )
        for part in WAYS:
            row[f"q3[{part}]"] = "Y" if dice.random() < 0.5 else ""
        row["q4"] = f'Zeile eins; "{MARK}"\nZeile zwei, اللغة – Straße {i}' if i % 3 else ""
        row["q5"] = f'=HYPERLINK("http://hacker.example/{i}")' if i % 5 == 0 else ""
        found.append(row)
    # A formula where an answer of the list belongs.
    found[4]["q2[SQ001]"] = "=cmd|' /C calc'!A0"
    return found


def export(
    rows: list[dict[str, str]],
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    headings: dict[str, str] | None = None,
    ends: str = "\r\n",
) -> bytes:
    """A CSV as LimeSurvey writes it; headings: ours → how the file calls them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=ends)
    writer.writerow([(headings or {}).get(h, h) for h in HEADINGS])
    writer.writerows([[row[h] for h in HEADINGS] for row in rows])
    return out.getvalue().encode(encoding, "replace")


def in_words(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same answers with full texts instead of codes."""
    words = {**ROLES, **SCALE}
    found = []
    for row in rows:
        texts = {h: words.get(row[h], row[h]) for h in HEADINGS if h in ("q1",) or "q2[" in h}
        texts |= {h: "Ja" if row[h] == "Y" else "Nein" for h in ("q3[SQ001]", "q3[SQ002]")}
        found.append({**row, **texts})
    return found
