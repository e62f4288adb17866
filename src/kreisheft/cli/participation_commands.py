"""``kreisheft participation``: what people say, from the command line. A coat, like `cli`.

What takes long to import is imported where it is needed.
"""

from pathlib import Path

import click

from kreisheft.core import project
from kreisheft.core.errors import UsageError

_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    epilog="Example: kreisheft participation draft survey.lss",
)
def participation() -> None:
    """Take in surveys, interviews and workshops; nothing of a person is kept.

    docs/participation.md tells how.
    """


@participation.command(
    "draft", epilog="Example: kreisheft participation draft survey.lss > mapping.yml"
)
@click.argument("structure", type=_PATH)
@click.option("--language", default="", help="Of the texts; without it German.")
def draft(structure: Path, language: str) -> None:
    """Print a first mapping for a LimeSurvey structure (.lss, .txt); no answer is read for it."""
    from kreisheft.participation import collection
    from kreisheft.participation.intake import mapping_draft, systems

    root = project.root()
    system, questions = systems.read(structure, language)
    words = collection.words(root)[system.name]
    click.echo(mapping_draft.text(system, questions, words), nl=False)


@participation.command(
    "import",
    epilog="Example: kreisheft participation import answers.csv --kreis recklinghausen "
    "--structure survey.lss --mapping mapping.yml",
)
@click.argument("file", type=_PATH)
@click.option("--kreis", required=True, help="Whose it is, such as recklinghausen.")
@click.option("--structure", type=_PATH, help="Of a survey: its structure (.lss or .txt).")
@click.option("--mapping", type=_PATH, help="Of a survey: what may be counted.")
@click.option("--language", default="", help="Of the structure's texts; without it German.")
@click.option("--into", default="", help="Of a list: the workshop or interviews it belongs to.")
@click.option("--write", is_flag=True, help="Keep the counts, or the list; else only show.")
def import_(
    file: Path,
    kreis: str,
    structure: Path | None,
    mapping: Path | None,
    language: str,
    into: str,
    write: bool,
) -> None:
    """Count a survey's answers (LimeSurvey CSV or Excel), or take in a list of cards or statements.

    A survey needs --structure and --mapping. Columns that the mapping does not name are dropped
    before anything is looked at; groups under ten persons are not kept. A list (CSV, Excel) needs
    --into, the name of a file in gespraeche or werkstaetten.
    """
    from kreisheft.catalogue import params

    root = project.root()
    settings = params.load(root, kreis)
    if into and not (structure or mapping):
        from kreisheft.participation.intake import list_import

        click.echo(list_import.run(root, settings, file, into, write=write))
    elif structure and mapping and not into:
        from kreisheft.participation.intake import survey_import

        click.echo(
            survey_import.run(root, settings, file, structure, mapping, language, write=write)
        )
    else:
        raise UsageError("give --structure and --mapping for a survey, or --into for a list")
    click.echo("written" if write else "nothing written; add --write to keep it", err=True)
