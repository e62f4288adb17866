"""What a survey asks: the structure that LimeSurvey exports, as .lss (XML) or .txt (tabs).

In: a file. Out: a `Structure` with every question, its parts and its answers, in one language and
with the labels of all others, for answers may be exported in any. Layout of .lss: one element per
table of the database, texts in the rows themselves up to version 3 and in ``*_l10ns`` since 4.
"""

import csv
import io
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from kreisheft.core.errors import DataError, Problem
from kreisheft.deliveries.readers import decoding
from kreisheft.participation.intake.questions import OTHER, Question, Structure, fold, plain

#: Types of questions whose answers are chosen, one per question or one per part of it.
ONE, PARTS, TICKS, DUAL = set("L!OGY5"), set("FHABCE"), set("MP"), {"1"}
#: Answers that a type brings along; their words stand in ``data/catalogue/beteiligung.yml``.
FIXED = {
    "Y": ("Y", "N"),
    "G": ("F", "M"),
    "5": ("1", "2", "3", "4", "5"),
    "A": ("1", "2", "3", "4", "5"),
    "B": tuple(str(i) for i in range(1, 11)),
    "C": ("Y", "U", "N"),
    "E": ("I", "S", "D"),
}
#: Within so many bytes a structure says what it is.
_BEGIN = 1000


def recognises(data: bytes) -> bool:
    """Say whether `data` may be a structure: XML that names LimeSurvey, or tabs."""
    begin = data[:_BEGIN]
    # Every other byte of a heading in UTF-16 is zero.
    head = begin.replace(b"\0", b"").split(b"\n")[0]
    return b"LimeSurveyDocType" in begin or b"type/scale" in head


def read(data: bytes, name: str, language: str = "") -> Structure:
    """Read a structure; language: of the texts, else German, else the first one.

    DataError for a file that is neither format, or not well-formed, or that brings entities.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of_xml(data, name, language)
    return _of_tabs(data, name, language)


# --- XML ----------------------------------------------------------------------------------------

Row = dict[str, str]


def _of_xml(data: bytes, name: str, language: str) -> Structure:
    try:
        root = ElementTree.fromstring(data)
    except (ParseError, DefusedXmlException, ValueError) as error:
        what = f"is not XML that can be read ({type(error).__name__})"
        raise DataError([Problem(name, what, "export the structure (.lss) again")]) from None
    if root.findtext("LimeSurveyDocType", "").strip() != "Survey":
        fix = "export: Survey structure (.lss)"
        raise DataError([Problem(name, "is not the structure of a survey", fix)])
    settings = _rows(root, "surveys_languagesettings")
    languages = tuple(dict.fromkeys(_texts(root.find("languages"))))
    shown_language = _choose_language(languages, language, name)
    words = {row["qid"]: row for row in _of_language(_label_rows(root, "qid"), shown_language)}
    by_code: dict[str, Question] = {}
    by_id: dict[str, Question] = {}
    top_rows = [r for r in _rows(root, "questions") if r.get("parent_qid", "0") in ("", "0")]
    for row in _sort_rows(_of_language(top_rows, shown_language), "question_order"):
        label = words.get(row["qid"], row).get("question", "")
        place = f"{row.get('sid', '')}X{row.get('gid', '')}X{row['qid']}"
        question = Question(row["title"], row["type"], plain(label), place, row.get("other") == "Y")
        by_id[row["qid"]] = by_code[question.code] = question
    below = _rows(root, "subquestions")
    below += [r for r in _rows(root, "questions") if r.get("parent_qid", "0") not in ("", "0")]
    for row in _sort_rows(_of_language(below, shown_language), "question_order"):
        owner = by_id.get(row.get("parent_qid", ""))
        # The second axis of a grid of numbers or texts is of no use here.
        if owner and row.get("scale_id", "0") in ("", "0"):
            label = words.get(row["qid"], row).get("question", "")
            owner.parts[row["title"]] = plain(label)
    label_rows = _label_rows(root, "aid")
    for row in _sort_rows(_rows(root, "answers"), "sortorder"):
        owner = by_id.get(row.get("qid", ""))
        if owner is None:
            continue
        of_answer = [r for r in label_rows if r["aid"] == row.get("aid")]
        for words_of in of_answer or [row]:
            _add_option(
                owner, row["code"], words_of, shown_language, second=row.get("scale_id") == "1"
            )
    title = next((r.get("surveyls_title", "") for r in _of_language(settings, shown_language)), "")
    return _build(title, languages, shown_language, by_code, name)


def _label_rows(root: Element, key: str) -> list[Row]:
    """Texts in tables of their own, as version 4 and later have them; with `key` in the row."""
    names = [e.tag for e in root if e.tag.endswith("_l10ns")]
    return [row for name in names for row in _rows(root, name) if key in row]


def _rows(root: Element, table: str) -> list[Row]:
    return [
        {cell.tag: cell.text or "" for cell in row}
        for element in root.findall(table)
        for row in element.findall("rows/row")
    ]


def _texts(element: Element | None) -> list[str]:
    return [e.text.strip() for e in element if e.text] if element is not None else []


def _of_language(rows: Iterable[Row], language: str) -> list[Row]:
    """Rows of a language, and those that have none."""
    key = ("language", "surveyls_language")
    return [r for r in rows if next((r[k] for k in key if k in r), language) == language]


def _sort_rows(rows: Iterable[Row], key: str) -> list[Row]:
    return sorted(rows, key=lambda r: (int(r.get("gid") or 0), int(r.get(key) or 0)))


# --- tabs ---------------------------------------------------------------------------------------


def _of_tabs(data: bytes, name: str, language: str) -> Structure:
    content = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    content = content or decoding.decode(data, name)
    rows = list(csv.DictReader(io.StringIO(content, newline=""), delimiter="\t"))
    if not rows or not {"class", "type/scale", "name", "text", "language"} <= set(rows[0]):
        fix = "export: Survey structure (.lss), or Tab-separated-values format (*.txt)"
        raise DataError([Problem(name, "is not the structure of a survey", fix)])
    cells = [{k: v or "" for k, v in row.items() if isinstance(k, str)} for row in rows]
    languages = tuple(dict.fromkeys(r["language"] for r in cells if r["class"] == "Q"))
    shown_language = _choose_language(languages, language, name)
    by_code: dict[str, Question] = {}
    owner: Question | None = None
    for row in cells:
        mine, kind = row["language"] == shown_language, row["class"]
        if kind == "Q":
            question = Question(row["name"], row["type/scale"], "", other=row.get("other") == "Y")
            owner = by_code.setdefault(row["name"], question)
            owner.text = plain(row["text"]) if mine else owner.text
        elif kind == "SQ" and owner and row["type/scale"] in ("", "0"):
            before = owner.parts.get(row["name"], "")
            owner.parts[row["name"]] = plain(row["text"]) if mine else before
        elif kind == "A" and owner:
            label = {"answer": row["text"], "language": row["language"]}
            _add_option(owner, row["name"], label, shown_language, second=row["type/scale"] == "1")
    titles = [
        r["text"]
        for r in cells
        if r["name"] == "surveyls_title" and r["language"] == shown_language
    ]
    return _build(next(iter(titles), ""), languages, shown_language, by_code, name)


# --- both ---------------------------------------------------------------------------------------


def _choose_language(languages: tuple[str, ...], wanted: str, name: str) -> str:
    if wanted and wanted not in languages:
        what = f"has no texts in {wanted!r}"
        raise DataError([Problem(name, what, f"valid: {', '.join(languages)}")])
    german = next((x for x in languages if x.startswith("de")), "")
    return wanted or german or next(iter(languages), "")


def _add_option(question: Question, code: str, row: Row, language: str, *, second: bool) -> None:
    label = plain(row.get("answer", ""))
    options = question.second if second else question.options
    if row.get("language", language) == language:
        options[code] = label
    else:
        options.setdefault(code, label)
    question.spellings.setdefault(code, set()).add(fold(label))


def _build(
    title: str,
    languages: tuple[str, ...],
    shown_language: str,
    by_code: dict[str, Question],
    name: str,
) -> Structure:
    if not by_code:
        raise DataError([Problem(name, "has no question", "export the structure again")])
    for question in by_code.values():
        question.closed = question.type in ONE | PARTS | TICKS | DUAL
        for code in FIXED.get(question.type, ()):
            question.options.setdefault(code, "")
        if question.other and question.type in ONE:
            question.options.setdefault(OTHER, "")
    first = (shown_language, *(x for x in languages if x != shown_language))
    return Structure(plain(title), first, by_code)
