"""What an indicator is: definition, who is counted, tables, breaks, caveats; and where its page is.

In: a `Context`. Out: the definitions at the end of a chapter as a `Block`, and their parts for
other pages. An indicator has a page where `coverage.indicators_with_page` says so: only then it is
a link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreisheft.catalogue import params
from kreisheft.core.markup import definition_list, element, link
from kreisheft.protected import coverage
from kreisheft.render.figure import Block

if TYPE_CHECKING:
    from kreisheft.catalogue.catalogue import Indicator
    from kreisheft.figures.context import Context


def about(ctx: Context) -> Block:
    """Definitions of the chapter's indicators, each title a link where the indicator has a page."""
    parts, plain, linked = [], [], ids_with_page(ctx)
    for indicator in ctx.indicators:
        if ctx.target_group not in indicator.target_groups:
            continue
        title = f"{indicator.title} ({indicator.code})"
        heading = link(address(ctx, indicator), title) if indicator.id in linked else title
        parts += [element("h3", heading), definition_list(entries(ctx, indicator))]
        plain.append(title)
    return Block(element("div", *parts, class_="kh-begriffe"), "; ".join(plain))


def entries(ctx: Context, indicator: Indicator) -> list[tuple[str, str]]:
    """Name and text of every part of a definition; an empty text says that it has no such part."""
    book, ui = ctx.book, ctx.book.texts["ui"]
    concept = book.concepts[indicator.concept]
    return [
        (ui["definition"], indicator.definition),
        (ui["numerator"], indicator.numerator),
        (ui["denominator"], indicator.denominator),
        (ui["counted"], f"{concept['title']}: {concept['definition'].strip()}"),
        (ui["tables"], "; ".join(_tables(ctx, indicator))),
        (ui["breaks"], " ".join(breaks(ctx, indicator))),
        (ui["caveats"], " ".join(indicator.caveats)),
        (ui["missing"], indicator.missing),
    ]


def breaks(ctx: Context, indicator: Indicator) -> list[str]:
    """Label and text of every break that cuts a series of the indicator."""
    named = dict.fromkeys(s.table for s in indicator.sources)
    texts = {
        b.text: f"{b.label}: {b.text}" for t in named for b in ctx.book.breaks_of(t, indicator.id)
    }
    return list(texts.values())


def ids_with_page(ctx: Context) -> set[str]:
    """Ids of the chapter's indicators that have a page in this edition."""
    settings, ids = ctx.params, {i.id for i in ctx.indicators}
    since: dict[tuple[str, str], int] = {}
    for field in dict.fromkeys(i.field for i in ctx.indicators):
        since |= coverage.first_years_near(ctx.root, settings, ctx.values(field))
    return ids & coverage.indicators_with_page(since, settings.target_groups, ctx.year)


def address(ctx: Context, indicator: Indicator) -> str:
    """Relative link from a page of the chapter to the page of the indicator."""
    return f"{path_to_start(ctx)}{params.INDICATOR}/{indicator.id}.html"


def path_to_start(ctx: Context) -> str:
    """Relative path from a page of the chapter to the folder of the edition."""
    # A chapter about the whole book lies beside the folders, see `make_edition`.
    return "" if params.is_about_all(ctx.field) else "../"


def _tables(ctx: Context, indicator: Indicator) -> list[str]:
    passports = ctx.passports
    named = dict.fromkeys(s.table for s in indicator.sources)
    return [f"{passports[t].title} ({t})" for t in named]
