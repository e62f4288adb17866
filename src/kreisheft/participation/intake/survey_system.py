"""What makes a module of `intake.systems` a survey system: its constant ``SYSTEM``.

CONTRIBUTING.md says how to add one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kreisheft.participation.intake.questions import Column, Structure

#: What a system says in the languages of its exports: its part of beteiligung.yml.
Words = Mapping[str, Any]


@dataclass(frozen=True)
class SurveySystem:
    """A system with which surveys are asked.

    name: of its module, and of its words in ``data/catalogue/beteiligung.yml``. export: what to
    export from it, for messages. recognises: whether a content is its structure; read: content,
    name of the file, language or "" → `Structure`. columns: every column of closed answers that an
    export may have. headings: folded headings → names of columns, `SUBMITTED` and `LANGUAGE`.
    unsent: cells of `SUBMITTED` of who did not send the answers off.
    """

    name: str
    export: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str, str], Structure]
    columns: Callable[[Structure, Words], dict[str, Column]]
    headings: Callable[[Mapping[str, Column], Words], dict[str, str]]
    unsent: tuple[str, ...] = ("",)
