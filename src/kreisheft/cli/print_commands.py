"""``kreisheft print``: publications of one edition as files. Parses, calls one function, prints."""

import click

from kreisheft.core import build_lock, project


@click.command(
    "print", epilog="Example: kreisheft print recklinghausen 2024 --kind chapter --field arbeit"
)
@click.argument("kreis")
@click.argument("year", type=int)
@click.option(
    "--kind", "kinds", multiple=True, help="report, chapter, management, tables or submission."
)
@click.option("--field", default="", help="Only chapters of this Handlungsfeld.")
@click.option("--group", default="", help="For this target group; without it the first.")
def print_(kreis: str, year: int, kinds: tuple[str, ...], field: str, group: str) -> None:
    """Write publications of an edition as PDF and Word to build/print, and print their paths.

    --kind may be given several times; without it all are made. Pages are not built.
    """
    from kreisheft.editions import publish

    root = project.root()
    with build_lock.hold_build(root):
        click.echo("Reading and checking all data ...", err=True)
        for path in publish.write_papers(root, kreis, year, kinds, field, group):
            click.echo(path)
