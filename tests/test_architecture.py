"""The layers of the package, held by its imports.

Two towers. Inside a kernel one chapter becomes tables, charts and sentences; around it chapters
become editions and a site. The kernel never reaches for the machinery, and the machinery never
draws: what it needs of a number it takes from `coverage` and `released`.
"""

import ast
import importlib
import inspect
import typing
from functools import cache
from pathlib import Path

import pytest

from kreisheft.model import Protected

SOURCE = Path(__file__).parents[1] / "src/kreisheft"

#: Module → what it may import of the package, at the top or inside a function.
ALLOWED: dict[str, set[str]] = {
    # what everyone may use
    "errors": set(),
    "model": {"categories"},
    "categories": set(),
    "folders": set(),
    "vega": {"project"},
    "documents": {"errors", "loaded"},
    "project": {"errors"},
    "collector": set(),
    "loaded": {"project"},
    # official tables → facts
    "succession": {"errors"},
    "regions": {"documents", "errors", "succession"},
    "cells": set(),
    "sheet": {"categories", "cells", "errors", "model"},
    "corrections": {"documents", "errors", "model"},
    "facts": {
        "categories",
        "cells",
        "corrections",
        "documents",
        "errors",
        "hashes",
        "loaded",
        "model",
        "regions",
        "sheet",
    },
    "sources": set(),
    "sources.absence": {"cells", "facts", "sources.table"},
    "sources.ba_workbook": {"errors", "sources.table", "sources.workbook"},
    "sources.classic": {
        "errors",
        "sources.columns",
        "sources.grid",
        "sources.stack",
        "sources.table",
        "sources.text",
    },
    "sources.columns": {"errors", "sources.table"},
    "sources.delivery": {
        "cells",
        "errors",
        "facts",
        "regions",
        "sources.draft",
        "sources.formats",
        "sources.mapping",
        "sources.passports",
        "sources.report",
        "sources.table",
        "sources.totals",
    },
    "sources.draft": {"model", "sources.labels", "sources.table"},
    "sources.flat": {
        "errors",
        "sources.columns",
        "sources.table",
        "sources.text",
        "sources.variables",
    },
    "sources.flat_wide": {
        "errors",
        "sources.columns",
        "sources.flat",
        "sources.table",
        "sources.text",
        "sources.variables",
    },
    "sources.formats": {
        "errors",
        "sources.ba_workbook",
        "sources.classic",
        "sources.flat",
        "sources.flat_wide",
        "sources.genesis_workbook",
        "sources.inkar",
        "sources.mapped",
        "sources.open_sdg",
        "sources.passports",
        "sources.table",
        "sources.text",
        "sources.tidy",
        "sources.workbook",
        "sources.zensus_workbook",
    },
    "sources.genesis_workbook": {"errors", "sources.classic", "sources.table", "sources.workbook"},
    "sources.grid": {"errors", "sources.columns", "sources.table"},
    "sources.inkar": {"errors", "sources.table", "sources.text", "sources.workbook"},
    "sources.labels": {"model"},
    "sources.mapped": {"errors", "sources.passports", "sources.table", "sources.text"},
    "sources.mapping": {
        "categories",
        "cells",
        "errors",
        "facts",
        "model",
        "sources.absence",
        "sources.passports",
        "sources.signs",
        "sources.table",
    },
    "sources.open_sdg": {
        "errors",
        "sources.columns",
        "sources.records",
        "sources.table",
        "sources.text",
    },
    "sources.overview": {"facts", "model", "sources.passports"},
    "sources.passports": {
        "documents",
        "errors",
        "project",
        "sheet",
        "sources.labels",
        "sources.signs",
    },
    "sources.records": {"errors", "sources.columns"},
    "sources.report": {"errors"},
    "sources.signs": {"cells"},
    "sources.stack": {"errors", "sources.table"},
    "sources.table": set(),
    "sources.territory": {"errors", "facts", "regions", "sources.classic", "sources.text"},
    "sources.text": {"errors"},
    "sources.tidy": {
        "errors",
        "sources.columns",
        "sources.records",
        "sources.table",
        "sources.text",
    },
    "sources.totals": {"cells", "errors", "facts", "model", "sources.passports"},
    "sources.variables": {"errors", "sources.columns", "sources.table"},
    "sources.workbook": {"errors"},
    "sources.zensus_workbook": {"errors", "sources.table", "sources.workbook"},
    # facts → values → protected
    "entries": {"documents", "errors"},
    "catalogue": {"documents", "entries", "errors", "project"},
    "params": {"catalogue", "documents", "errors", "project", "regions"},
    "explained": set(),
    "feedback": set(),
    "markdown": set(),
    "serve": {"errors", "policy"},
    "statement": {"documents", "errors", "markdown", "params"},
    "searching": set(),
    "glossary": {"catalogue", "documents", "errors", "explained", "params"},
    "practice": {"catalogue", "documents", "errors", "params", "project", "regions"},
    # what was promised: aims, goals, measures
    "strategy": set(),
    "strategy.parts": set(),
    "strategy.mistakes": {"catalogue", "documents", "errors", "params", "regions"},
    "strategy.document": {
        "documents",
        "errors",
        "params",
        "project",
        "strategy.mistakes",
        "strategy.parts",
    },
    "strategy.remarks": {
        "catalogue",
        "offers.freshness",
        "params",
        "strategy.document",
        "strategy.mistakes",
        "strategy.parts",
    },
    "strategy.progress": {
        "catalogue",
        "judgement",
        "model",
        "strategy.parts",
        "thresholds",
    },
    "strategy.standing": {"strategy.document", "strategy.progress", "strategy.remarks"},
    "strategy.telling": {"judgement", "params", "regions", "strategy.progress", "texts"},
    "strategy.blocks": {
        "figure",
        "pages",
        "strategy.grounds",
        "strategy.standing",
        "strategy.telling",
        "tables",
    },
    "strategy.figures": {
        "charts",
        "disclosure",
        "figure",
        "judgement",
        "pages",
        "strategy.grounds",
        "strategy.progress",
        "strategy.telling",
        "tables",
        "texts",
    },
    "strategy.page": {
        "catalogue",
        "chapter",
        "definitions",
        "errors",
        "figure",
        "participation.evidence",
        "strategy.blocks",
        "strategy.document",
        "strategy.figures",
        "strategy.grounds",
        "strategy.parts",
        "strategy.progress",
        "strategy.remarks",
        "strategy.standing",
        "strategy.telling",
        "texts",
    },
    "measures": set(),
    "selection": {"model"},
    "values": {"categories", "model", "selection"},
    "aggregates": {"measures", "model", "selection", "sources.passports"},
    "formulas": {"aggregates", "measures", "model", "selection"},
    "indicators": {
        "aggregates",
        "catalogue",
        "errors",
        "facts",
        "formulas",
        "model",
        "regions",
        "selection",
        "sources.passports",
        "values",
    },
    "uncertainty": set(),
    "thresholds": {"catalogue", "documents", "errors", "model", "project"},
    "disclosure": {"categories", "documents", "errors", "model", "uncertainty"},
    "field_values": {
        "catalogue",
        "categories",
        "described",
        "disclosure",
        "indicators",
        "model",
        "params",
        "peers",
        "project",
        "regions",
        "sources.passports",
    },
    "comparison": {"model"},
    "peers": {
        "categories",
        "comparison",
        "disclosure",
        "documents",
        "errors",
        "facts",
        "model",
        "params",
        "regions",
    },
    "coverage": {"catalogue", "field_values", "model", "params", "regions"},
    # protected → what a reader sees
    "judgement": {"catalogue", "comparison", "measures", "model", "thresholds"},
    "texts": {"measures", "catalogue", "comparison", "judgement", "model", "thresholds"},
    "tables": {"catalogue", "comparison", "model", "texts"},
    "skeletons": set(),
    "outlines": set(),
    "maps": {"catalogue", "model", "outlines", "texts"},
    "multiples": {"catalogue", "charts", "disclosure", "maps", "model", "texts"},
    "headlines": {"catalogue", "documents", "errors"},
    "charts": {
        "catalogue",
        "comparison",
        "model",
        "participation.shares",
        "skeletons",
        "tables",
        "texts",
    },
    "figure": {"project", "tables"},
    "pages": {
        "measures",
        "disclosure",
        "figure",
        "indicators",
        "model",
        "regions",
        "sources.passports",
        "tables",
        "texts",
    },
    "contrast": {"disclosure", "measures", "params", "regions", "texts"},
    "verdicts": {
        "comparison",
        "figure",
        "judgement",
        "pages",
        "rings",
        "tables",
        "texts",
    },
    "atlas": {
        "comparison",
        "definitions",
        "disclosure",
        "figure",
        "maps",
        "multiples",
        "outlines",
        "params",
        "regions",
        "rings",
        "tables",
        "texts",
    },
    "front": {
        "definitions",
        "figure",
        "headlines",
        "judgement",
        "model",
        "pages",
        "tables",
        "texts",
        "verdicts",
    },
    "municipalities": {
        "disclosure",
        "figure",
        "model",
        "pages",
        "params",
        "regions",
        "tables",
        "texts",
    },
    "priorities": {"errors", "figure", "judgement", "tables", "verdicts"},
    "definitions": {"coverage", "figure", "params"},
    "register": {"definitions", "figure", "model", "pages", "tables", "texts"},
    "rings": {
        "charts",
        "comparison",
        "contrast",
        "disclosure",
        "figure",
        "model",
        "pages",
        "params",
        "peers",
        "regions",
        "tables",
        "texts",
    },
    "showcase": {"figure", "params", "practice", "regions", "texts"},
    "rows": {
        "catalogue",
        "disclosure",
        "errors",
        "field_values",
        "model",
        "params",
        "peers",
        "project",
        "regions",
        "tables",
    },
    "chapter": {
        "atlas",
        "catalogue",
        "charts",
        "coverage",
        "definitions",
        "figure",
        "front",
        "indicators",
        "management",
        "model",
        "municipalities",
        "offers.directory",
        "offers.needs",
        "offers.page",
        "pages",
        "params",
        "participation.beside",
        "participation.collection",
        "participation.evidence",
        "participation.page",
        "peers",
        "practice",
        "priorities",
        "register",
        "rings",
        "rows",
        "showcase",
        "sources.passports",
        "strategy.blocks",
        "strategy.grounds",
        "strategy.short",
        "tables",
        "texts",
        "thresholds",
        "verdicts",
    },
    "portrait": {
        "catalogue",
        "chapter",
        "coverage",
        "definitions",
        "disclosure",
        "figure",
        "model",
        "municipalities",
        "pages",
        "params",
        "project",
        "regions",
        "strategy.blocks",
        "tables",
    },
    # the directory of offers
    "offers": set(),
    "offers.answer": {
        "errors",
        "offers.directory",
        "offers.importing",
        "offers.mapping",
        "offers.offer",
        "offers.records",
        "offers.vocabulary",
        "params",
    },
    "offers.commands": {
        "errors",
        "offers.answer",
        "offers.directory",
        "offers.importing",
        "offers.remind",
        "params",
        "project",
    },
    "offers.directory": {
        "documents",
        "errors",
        "offers.mapping",
        "offers.offer",
        "offers.records",
        "offers.vocabulary",
        "params",
        "project",
    },
    "offers.feeds": {"errors", "offers.records", "sources.text"},
    "offers.freshness": {"offers.offer", "offers.vocabulary", "params", "sources.passports"},
    "offers.importing": {
        "errors",
        "offers.directory",
        "offers.feeds",
        "offers.mapping",
        "offers.merge",
        "offers.offer",
        "offers.records",
        "params",
        "project",
    },
    "offers.index": {
        "offers.directory",
        "offers.freshness",
        "offers.offer",
        "offers.records",
        "params",
    },
    "offers.mapping": {
        "documents",
        "errors",
        "offers.feeds",
        "offers.offer",
        "offers.records",
        "offers.vocabulary",
    },
    "offers.merge": {"errors", "offers.offer", "offers.vocabulary"},
    "offers.needs": {
        "disclosure",
        "figure",
        "model",
        "offers.freshness",
        "offers.offer",
        "pages",
        "regions",
        "tables",
        "texts",
    },
    "offers.offer": {"errors", "offers.vocabulary"},
    "offers.page": {
        "figure",
        "offers.directory",
        "offers.freshness",
        "offers.index",
        "offers.offer",
        "offers.vocabulary",
    },
    "offers.records": {"errors", "sources.text", "sources.workbook"},
    "offers.remind": {
        "offers.directory",
        "offers.freshness",
        "offers.offer",
        "offers.records",
        "params",
    },
    "offers.vocabulary": {"catalogue", "documents", "hashes", "regions"},
    # what people say
    "participation": set(),
    "participation.anonymity": {"documents", "errors"},
    "participation.answers": {
        "errors",
        "participation.questions",
        "sources.text",
        "sources.workbook",
    },
    "participation.beside": {
        "figure",
        "participation.collection",
        "participation.entry",
        "participation.evidence",
        "participation.likert",
        "participation.page",
    },
    "participation.collection": {
        "documents",
        "errors",
        "params",
        "participation.surveys",
        "participation.voices",
        "project",
    },
    "participation.commands": {
        "errors",
        "params",
        "participation.collection",
        "participation.draft",
        "participation.importing",
        "participation.listing",
        "participation.structure",
        "project",
    },
    "participation.differences": {
        "figure",
        "participation.likert",
        "participation.shares",
        "participation.surveys",
        "tables",
    },
    "participation.draft": {
        "participation.questions",
        "participation.structure",
        "participation.surveys",
    },
    "participation.entry": set(),
    "participation.evidence": {"errors", "participation.collection"},
    "participation.importing": {
        "catalogue",
        "disclosure",
        "documents",
        "errors",
        "params",
        "participation.answers",
        "participation.collection",
        "participation.mapping",
        "participation.protection",
        "participation.questions",
        "participation.structure",
        "participation.surveys",
        "participation.tally",
    },
    "participation.likert": {
        "charts",
        "figure",
        "participation.shares",
        "participation.surveys",
        "tables",
        "texts",
    },
    "participation.listing": {
        "catalogue",
        "errors",
        "params",
        "participation.collection",
        "participation.records",
        "participation.voices",
        "project",
    },
    "participation.mapping": {
        "documents",
        "errors",
        "participation.anonymity",
        "participation.questions",
        "participation.structure",
        "participation.surveys",
    },
    "participation.page": {
        "errors",
        "figure",
        "participation.entry",
        "participation.evidence",
        "participation.likert",
        "participation.poll",
        "participation.voices",
        "tables",
        "texts",
    },
    "participation.poll": {
        "figure",
        "participation.differences",
        "participation.entry",
        "participation.evidence",
        "participation.likert",
        "participation.surveys",
    },
    "participation.protection": {"participation.tally"},
    "participation.questions": {"participation.structure"},
    "participation.records": {"documents", "errors", "offers.records"},
    "participation.shares": {"participation.surveys", "participation.tally"},
    "participation.structure": {"errors", "sources.text"},
    "participation.surveys": {
        "catalogue",
        "disclosure",
        "documents",
        "errors",
        "participation.anonymity",
        "participation.tally",
        "project",
    },
    "participation.tally": {"errors"},
    "participation.voices": {
        "catalogue",
        "documents",
        "errors",
        "participation.anonymity",
        "participation.records",
    },
    "preview": {"catalogue", "params", "project"},
    "": {"chapter", "portrait", "strategy.page"},
    # a table from its database
    "service": {"errors"},
    "genesis": {"errors", "service"},
    "fetch": {"errors", "genesis", "service", "sources.passports"},
    # around the kernel: chapters → editions → site
    "strategy.grounds": {
        "errors",
        "params",
        "participation.evidence",
        "strategy.document",
        "strategy.parts",
    },
    "strategy.short": {"management", "strategy.remarks", "strategy.standing", "strategy.telling"},
    "finishing": {"drawings", "errors", "explained", "feedback", "policy", "project", "searching"},
    "building": {
        "drawings",
        "engine.pool",
        "engine.warm",
        "errors",
        "hashes",
        "publish",
        "unchanged",
    },
    "datafiles": {"engine.store", "field_values", "params", "released"},
    "binding": {
        "book",
        "builder",
        "catalogue",
        "datafiles",
        "drawings",
        "engine.code",
        "engine.pool",
        "errors",
        "feedback",
        "glossary",
        "hashes",
        "offers.index",
        "params",
        "project",
        "publications.files",
        "statement",
        "thresholds",
    },
    "renewal": {
        "catalogue",
        "engine.code",
        "engine.pool",
        "field_values",
        "hashes",
        "params",
        "project",
    },
    "engine": {
        "engine.chapter",
        "engine.cluster",
        "engine.code",
        "engine.failures",
        "engine.pool",
        "engine.shelf",
        "engine.store",
        "engine.template",
        "engine.warm",
        "errors",
        "hashes",
        "project",
    },
    "engine.archive": set(),
    "engine.child": {"collector"},
    "engine.cluster": {
        "engine.archive",
        "engine.chapter",
        "engine.node",
        "engine.pool",
        "errors",
        "hashes",
        "project",
    },
    "engine.fork": {"engine.kernel"},
    "engine.kernel": {"engine.child", "engine.shell", "engine.warm"},
    "engine.node": {
        "engine.archive",
        "engine.chapter",
        "engine.code",
        "engine.pool",
        "engine.warm",
        "errors",
    },
    "engine.pool": {"engine.warm"},
    "engine.provisioner": {"engine.child", "engine.warm"},
    "engine.shell": {"engine.child", "engine.streams"},
    "engine.streams": set(),
    "engine.warm": {
        "catalogue",
        "chapter",
        "charts",
        "collector",
        "disclosure",
        "engine.shell",
        "params",
        "participation.collection",
        "peers",
        "practice",
        "regions",
        "sources.passports",
        "strategy.document",
        "thresholds",
    },
    "book": {"builder", "errors", "explained", "feedback", "markdown", "searching", "vega"},
    "drawings": {"engine.pool", "errors", "hashes", "project", "vega"},
    "policy": set(),
    "builder": {"engine.warm", "errors", "finishing", "folders"},
    "site": {"errors", "folders", "hashes", "policy", "project"},
    "edition": {
        "binding",
        "catalogue",
        "coverage",
        "drawings",
        "engine",
        "engine.store",
        "field_values",
        "inputs",
        "params",
        "plan",
        "publications.files",
        "renewal",
        "unchanged",
    },
    # publications beside the pages
    "publications": set(),
    "publications.commands": {"project", "publish"},
    "publications.contents": {
        "book",
        "params",
        "publications.manuscript",
        "publications.markup",
        "publications.submission",
    },
    "publications.files": {
        "book",
        "drawings",
        "engine.code",
        "engine.store",
        "errors",
        "offers.freshness",
        "params",
        "publications.contents",
        "publications.manuscript",
        "publications.press",
        "publications.submission",
        "publications.word",
    },
    "publications.manuscript": set(),
    "publications.markup": {"publications.manuscript"},
    "publications.press": {"errors", "publications.manuscript"},
    "publications.submission": {
        "documents",
        "errors",
        "params",
        "publications.manuscript",
        "publications.markup",
    },
    "publications.word": {"errors", "publications.manuscript"},
    "management": {"figure", "pages", "tables", "texts", "verdicts"},
    "described": {"catalogue", "indicators", "model", "regions", "sources.passports"},
    "released": {
        "catalogue",
        "described",
        "disclosure",
        "errors",
        "field_values",
        "indicators",
        "model",
        "params",
        "peers",
        "regions",
        "sources.passports",
    },
    "checks": {
        "catalogue",
        "disclosure",
        "engine.code",
        "engine.pool",
        "errors",
        "facts",
        "field_values",
        "glossary",
        "hashes",
        "headlines",
        "indicators",
        "offers.directory",
        "params",
        "participation.collection",
        "peers",
        "practice",
        "project",
        "publications.submission",
        "regions",
        "sources.passports",
        "statement",
        "strategy.document",
        "strategy.grounds",
        "strategy.remarks",
        "thresholds",
    },
    "publish": {
        "checks",
        "edition",
        "engine.cluster",
        "engine.warm",
        "errors",
        "params",
        "project",
        "publications.files",
        "released",
        "renewal",
        "site",
        "unchanged",
    },
    "verify": {"checks", "edition", "errors", "params", "publish", "released"},
    "engine.chapter": {"engine.fork", "errors", "project"},
    "engine.code": set(),
    "engine.store": {"hashes", "project"},
    "engine.template": {"errors"},
    "hashes": set(),
    "inputs": {
        "catalogue",
        "engine.code",
        "engine.template",
        "field_values",
        "hashes",
        "indicators",
        "params",
        "participation.collection",
        "participation.evidence",
        "peers",
        "practice",
        "sources.passports",
        "strategy.document",
        "strategy.grounds",
        "strategy.parts",
    },
    "plan": {
        "book",
        "catalogue",
        "coverage",
        "engine",
        "field_values",
        "indicators",
        "markdown",
        "params",
        "participation.collection",
        "practice",
        "sources.passports",
        "strategy.document",
        "thresholds",
    },
    "unchanged": {"hashes", "project"},
    "engine.failures": {"engine.chapter", "errors"},
    "engine.shelf": {"engine.store"},
    "cli": {
        "building",
        "checks",
        "collector",
        "edition",
        "errors",
        "fetch",
        "offers.commands",
        "participation.commands",
        "project",
        "publications.commands",
        "publish",
        "released",
        "serve",
        "sources.delivery",
        "verify",
    },
}

#: Inside the kernel nothing knows how chapters are run or bound.
KERNEL = {
    "participation",
    "participation.anonymity",
    "participation.beside",
    "participation.collection",
    "participation.differences",
    "participation.entry",
    "participation.evidence",
    "participation.likert",
    "participation.page",
    "participation.poll",
    "participation.records",
    "participation.shares",
    "participation.surveys",
    "participation.tally",
    "participation.voices",
    "chapter",
    "rows",
    "skeletons",
    "portrait",
    "register",
    "definitions",
    "pages",
    "management",
    "municipalities",
    "offers",
    "offers.directory",
    "offers.feeds",
    "offers.freshness",
    "offers.index",
    "offers.mapping",
    "offers.needs",
    "offers.offer",
    "offers.page",
    "offers.records",
    "offers.vocabulary",
    "priorities",
    "practice",
    "showcase",
    "verdicts",
    "judgement",
    "thresholds",
    "contrast",
    "uncertainty",
    "charts",
    "tables",
    "texts",
    "figure",
    "coverage",
    "indicators",
    "selection",
    "aggregates",
    "formulas",
    "values",
    "comparison",
    "peers",
    "rings",
    "disclosure",
    "params",
    "catalogue",
    "regions",
    "facts",
    "sheet",
    "cells",
    "corrections",
    "documents",
    "model",
    "errors",
    "project",
    *(m for m in ALLOWED if m.split(".")[0] in ("sources", "strategy")),
}
MACHINERY = {
    "service",
    "genesis",
    "fetch",
    "engine",
    # But for engine.warm, which loads what chapters need, before they need it.
    *(m for m in ALLOWED if m.startswith("engine.") and m != "engine.warm"),
    "edition",
    "book",
    "drawings",
    "explained",
    "feedback",
    "policy",
    "searching",
    "serve",
    "statement",
    "builder",
    "site",
    "publish",
    "verify",
    "cli",
    *(m for m in ALLOWED if m.split(".")[0] == "publications"),
    "offers.answer",
    "offers.commands",
    "offers.importing",
    "offers.merge",
    "offers.remind",
    "participation.answers",
    "participation.commands",
    "participation.draft",
    "participation.importing",
    "participation.listing",
    "participation.mapping",
    "participation.protection",
    "participation.questions",
    "participation.structure",
}
BINDERS = {"papermill", "sphinx", "jupyter_book"}
#: Around the kernel nothing draws or words a figure.
AROUND = MACHINERY | {"released", "described", "checks"}
DRAWING = {
    "participation.beside",
    "participation.differences",
    "participation.entry",
    "participation.likert",
    "participation.page",
    "participation.poll",
    "offers.needs",
    "offers.page",
    "strategy.blocks",
    "strategy.figures",
    "strategy.page",
    "strategy.telling",
    "charts",
    "skeletons",
    "tables",
    "texts",
    "figure",
    "chapter",
    "portrait",
    "register",
    "definitions",
    "pages",
    "verdicts",
    "priorities",
    "management",
    "municipalities",
    "contrast",
}


def files() -> dict[str, Path]:
    """Module without ``kreisheft.`` → its file."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(p for p in parts if p != "__init__")] = path
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """Dotted names that a module imports anywhere; those for type checkers only are left out."""
    tree = ast.parse(files()[module].read_text(encoding="utf-8"))
    unused = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in unused:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{module}: relative import; write it out")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def own(module: str) -> set[str]:
    """Modules of the package that a module imports."""
    found = set()
    for name in imports(module):
        if name == "kreisheft" or name.startswith("kreisheft."):
            inner = name.removeprefix("kreisheft").lstrip(".")
            # ``from kreisheft.errors import Problem`` names something inside a module.
            found.add(inner if inner in ALLOWED else inner.rpartition(".")[0])
    return found


@pytest.mark.parametrize("module", sorted(files()))
def test_a_module_imports_nothing_but_what_the_table_allows(module: str) -> None:
    assert module in ALLOWED, f"{module} is not in the layer table"

    assert own(module) - ALLOWED[module] == set()


def test_the_table_allows_nothing_that_is_not_used() -> None:
    """A permission nobody needs would let the next import pass unseen."""
    unused = {m: ALLOWED[m] - own(m) for m in ALLOWED if m in files() and ALLOWED[m] - own(m)}

    assert unused == {}


def test_the_table_lists_no_module_that_is_gone() -> None:
    assert set(ALLOWED) - set(files()) == set()


@pytest.mark.parametrize("module", sorted(KERNEL))
def test_the_kernel_knows_nothing_of_the_machinery(module: str) -> None:
    outside = {name.split(".")[0] for name in imports(module)}

    assert own(module) & MACHINERY == set()
    assert outside & BINDERS == set()


@pytest.mark.parametrize("module", sorted(AROUND))
def test_the_machinery_draws_nothing(module: str) -> None:
    outside = {name.split(".")[0] for name in imports(module)}

    assert own(module) & DRAWING == set()
    assert "altair" not in outside


def test_no_module_reaches_itself_through_its_imports() -> None:
    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(own(start))
        while waiting:
            module = waiting.pop()
            if module not in seen:
                seen.add(module)
                waiting += own(module)
        return seen

    assert [m for m in files() if m in reached(m)] == []


def test_only_the_skeletons_of_charts_import_altair() -> None:
    drawing = {m for m in files() if "altair" in {name.split(".")[0] for name in imports(m)}}

    assert drawing == {"skeletons"}


def test_only_one_module_uses_a_network() -> None:
    """But for the server that shows pages on this machine, which asks nobody."""
    networks = {"requests", "urllib3", "http", "socket"}
    asking = {m for m in files() if networks & {name.split(".")[0] for name in imports(m)}}

    assert asking - {"serve"} == {"service"}


@pytest.mark.parametrize("stage", ["Protected", "Released", "of_columns"])
def test_only_disclosure_makes_protected_figures(stage: str) -> None:
    """There is no back door around the gate."""
    makers = {
        module
        for module, path in files().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == stage
    }

    assert makers == {"disclosure"}


@pytest.mark.parametrize(
    ("kind", "maker"),
    [
        ("Tally", "participation.tally"),
        ("Line", "participation.shares"),
        ("Choice", "participation.shares"),
    ],
)
def test_only_the_gate_of_surveys_makes_what_charts_of_them_take(kind: str, maker: str) -> None:
    makers = {
        module
        for module, path in files().items()
        if "participation" in module or module == "charts"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == kind
    }

    assert makers == {maker}


@pytest.mark.parametrize("name", ["charts", "tables", "texts"])
def test_what_a_reader_sees_is_made_from_protected_figures_only(name: str) -> None:
    """No public function takes a frame or a series."""
    module = importlib.import_module(f"kreisheft.{name}")
    plain = set()
    for function_name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or function_name.startswith("_"):
            continue
        texts = {str(p.annotation) for p in inspect.signature(function).parameters.values()}
        if any("DataFrame" in t or "Series" in t for t in texts):
            plain.add(f"{name}.{function_name}")

    assert plain == set()


@pytest.mark.parametrize(
    ("name", "function", "parameter"),
    [
        ("charts", "trend", "shown"),
        ("charts", "bars", "shown"),
        ("charts", "strip", "peers"),
        ("maps", "html", "shown"),
        ("multiples", "lines", "shown"),
        ("tables", "series", "shown"),
        ("tables", "by_group", "shown"),
        ("tables", "by_region", "shown"),
        ("tables", "by_member", "shown"),
        ("tables", "by_place", "shown"),
        ("tables", "members", "shown"),
        ("texts", "trend", "shown"),
        ("texts", "breaks_within", "shown"),
        ("texts", "groups", "shown"),
        ("texts", "municipalities", "shown"),
        ("comparison", "ring", "peers"),
        ("judgement", "level", "shown"),
        ("judgement", "development", "shown"),
        ("judgement", "gap", "shown"),
        ("judgement", "place", "shown"),
        ("comparison", "codes", "peers"),
    ],
)
def test_figures_come_as_protected(name: str, function: str, parameter: str) -> None:
    module = importlib.import_module(f"kreisheft.{name}")

    assert typing.get_type_hints(getattr(module, function))[parameter] is Protected


@pytest.mark.parametrize("module", sorted(files()))
def test_a_module_is_short_enough_to_be_read_at_once(module: str) -> None:
    assert len(files()[module].read_text(encoding="utf-8").splitlines()) <= 400


def test_a_module_is_called_by_a_noun_of_its_own() -> None:
    vague = {"utils", "util", "common", "helpers", "helper", "misc", "base", "tools"}

    assert {m for m in files() if m.rpartition(".")[2] in vague} == set()


@pytest.mark.parametrize("module", sorted(files()))
def test_a_module_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(ast.parse(files()[module].read_text(encoding="utf-8")))


def test_importing_the_command_line_imports_neither_pandas_nor_altair() -> None:
    """``kreisheft --help`` answers at once; heavy imports stand in the commands."""
    heavy = {"pandas", "altair", "papermill", "sphinx", "jupyter_book", "nbformat"}
    seen, waiting = set(), ["cli", ""]
    while waiting:
        module = waiting.pop()
        tree = ast.parse(files()[module].read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Import):
                seen |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                seen.add(node.module.split(".")[0])
                if node.module.startswith("kreisheft"):
                    inner = node.module.removeprefix("kreisheft").lstrip(".")
                    names = [inner] if inner else [a.name for a in node.names]
                    waiting += [n for n in names if n in files()]

    assert seen & heavy == set()
