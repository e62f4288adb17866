"""``kreisheft offers``: the directory of offers from the command line. A coat, like `cli`.

What takes long to import is imported where it is needed.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kreisheft.core import build_lock, project
from kreisheft.core.errors import DataError, UsageError

if TYPE_CHECKING:
    from kreisheft.offers.intake.offers_import import Report

_KREIS = click.option("--kreis", required=True, help="Whose directory, such as recklinghausen.")
_WRITE = click.option("--write", is_flag=True, help="Merge the good rows; put the bad ones aside.")
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(
    epilog="Example: kreisheft offers import angebote.xlsx --kreis recklinghausen",
)
def offers() -> None:
    """Keep the directory of offers: import lists, remind providers, take in their answers.

    docs/offers.md tells how.
    """


@offers.command(
    "import", epilog="Example: kreisheft offers import angebote.xlsx --kreis recklinghausen"
)
@_FILE
@_KREIS
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which of their columns and words are which of ours.",
)
@_WRITE
def import_(file: Path, kreis: str, mapping: Path | None, write: bool) -> None:
    """Hold a list (CSV, Excel) or a feed (HSDS, Integreat) against the directory.

    Shows what is new, changed or wrong and writes nothing. With --write the good rows are merged
    and the bad ones wait in FILE.rejected.csv, each with its reason.
    """
    from kreisheft.catalogue import params
    from kreisheft.offers.intake import offers_import

    root = project.root()
    report = offers_import.run(root, params.load(root, kreis), file, mapping, write=write)
    _tell(report, write)


@offers.command(
    "answer",
    epilog="Example: kreisheft offers answer verein.csv --kreis recklinghausen --today 2026-03-02",
)
@_FILE
@_KREIS
@click.option("--today", required=True, help="Day of the answer: the new date of the last check.")
@_WRITE
def answer(file: Path, kreis: str, today: str, write: bool) -> None:
    """Hold a form that a provider filled in (CSV, Excel) against the directory, as import does."""
    from kreisheft.catalogue import params
    from kreisheft.offers.intake import provider_answers

    root = project.root()
    report, silent = provider_answers.run(
        root, params.load(root, kreis), file, _day(today), write=write
    )
    if silent:
        click.echo(f"no answer, so not checked: {', '.join(silent)}")
    _tell(report, write)


@offers.command(
    "remind", epilog="Example: kreisheft offers remind recklinghausen --today 2026-03-02"
)
@click.argument("kreis")
@click.option("--today", required=True, help="Day up to which the age of entries is counted.")
def remind(kreis: str, today: str) -> None:
    """Write the working list, and one mail and form per provider, to build/offers; send nothing."""
    from kreisheft.catalogue import params
    from kreisheft.offers import directory
    from kreisheft.offers.intake import reminders

    root = project.root()
    settings, day = params.load(root, kreis), _day(today)
    own = directory.load(root, settings, examples=True)
    folder = root / "build/offers" / kreis / today
    files = reminders.files(own, day, settings.name)
    with build_lock.hold_build(root):
        for old in sorted(folder.glob("*")):
            if old.name not in files:
                old.unlink()
        for name, content in files.items():
            project.write(folder / name, content)
    entries = len(reminders.list_due(own, day))
    mails, forms = (sum(n.endswith(e) for n in files) for e in (".txt", ".csv"))
    click.echo(f"{entries} entries to check, {forms - 1} forms, {mails} mails in {folder}")
    if forms - 1 > mails:
        click.echo(f"{forms - 1 - mails} provider(s) have no mailbox: see arbeitsliste.csv")


def _tell(report: "Report", write: bool) -> None:
    click.echo(str(report))
    click.echo("written" if write else "nothing written; add --write to merge", err=True)
    if report.bad:
        raise click.exceptions.Exit(DataError.exit_code)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day; write 2026-03-02") from None
