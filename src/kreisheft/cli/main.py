"""The command line, thin: parse, call one function, print.

Exit 0 done, 1 the data or the report is wrong, 2 the command was wrong, 130 stopped by Ctrl-C.
Results go to stdout, progress to stderr.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from kreisheft.cli.offers_commands import offers
from kreisheft.cli.participation_commands import participation
from kreisheft.cli.print_commands import print_
from kreisheft.core import build_lock, garbage, project
from kreisheft.core.errors import DataError, KreisheftError, explain_denied, raise_if

if TYPE_CHECKING:
    from kreisheft.deliveries.report import Report

#: As shells say it.
STOPPED = 130


class _Group(click.Group):
    """Turns our errors into one message and the right exit code; nobody needs a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with explain_denied():
                return super().invoke(ctx)
        except KreisheftError as error:
            _complain(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt as stop:
            text = str(stop) or "stopped; what is done is kept, call again to go on"
            click.echo(f"\nkreisheft: {text}", err=True)
            ctx.exit(STOPPED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kreisheft")
def main() -> None:
    """Make a report book on integration in a Kreis from official figures."""
    garbage.collect_rarely()


def _complain(error: KreisheftError) -> None:
    count = f"{len(error.problems)} problem(s):\n" if isinstance(error, DataError) else ""
    _say(f"kreisheft: {count}{error}")


def _say(text: str) -> None:
    """Print to stderr, so that stdout holds results only."""
    click.echo(text, err=True)


def _command(example: str) -> Callable[[Callable[..., None]], click.Command]:
    def decorate(function: Callable[..., None]) -> click.Command:
        return main.command(epilog=f"Example: {example}")(function)

    return decorate


@_command("kreisheft import 13211-02-05-4.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--table", help="Number of the table, if the file does not say it.")
@click.option("--stand", help="Day of the delivery (2026-02-26), if the file does not say it.")
@click.option("--check", "dry", is_flag=True, help="Say what the file is; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(file: Path, table: str | None, stand: str | None, dry: bool, as_json: bool) -> None:
    """Read an official delivery into data/facts and note it in its passport.

    FILE may be CSV, Excel, Parquet or ZIP of any known format; docs/formats.md lists them.
    """
    from kreisheft.deliveries import importing

    def show(report: "Report") -> None:
        click.echo(report.json() if as_json else report)

    root = project.root()
    if dry:
        report = importing.check(root, file, table=table, stand=stand)
        show(report)
        raise_if(report.problems)
    else:
        report = importing.import_file(root, file, table=table, stand=stand, show=show)
    _say(_outcome(report, dry))


def _outcome(report: "Report", dry: bool) -> str:
    if not report.changed:
        return "nothing new, nothing written"
    return "new; nothing written (--check)" if dry else "written"


main.add_command(import_, "import")
main.commands.pop("import-", None)


@_command("kreisheft fetch 12411-01-01-4 --years 2015-2024")
@click.argument("table")
@click.option("--source", help="Which database, if the table's passport or number does not tell.")
@click.option("--years", help="First and last year, such as 2015-2024; without it everything.")
@click.option("--regions", help="Keys such as 05562,05754 or KREISE=05*; without it everything.")
@click.option("--job", default="", help="Name of a result that was ordered before.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Only keep the file.")
def fetch(
    table: str,
    source: str | None,
    years: str | None,
    regions: str | None,
    job: str,
    to: Path | None,
) -> None:
    """Get a table from its database over the official service and import it; docs/fetch.md."""
    from kreisheft.deliveries import fetching, importing

    root, span = project.root(), fetching.parse_years(years)
    answer = fetching.fetch_with_passport(root, table, source, span, regions, job=job, say=_say)
    if to is not None:
        project.write(to, answer.data)
        click.echo(f"{len(answer.data)} bytes in {to}; Stand {answer.stand or 'see the file'}")
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, answer.name)
        path.write_bytes(answer.data)
        report = importing.import_file(root, path, table=table, stand=answer.stand, show=click.echo)
    _say(_outcome(report, dry=False))


@_command("kreisheft passport 12411-01-01-4.csv --source regionalstatistik")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Who publishes it, as in data/sources/sources.yml.")
@click.option("--table", default="", help="Number of the table, if the file does not say it.")
def passport(file: Path, source: str, table: str) -> None:
    """Draft the passport of a table that has none yet; what is left to decide is marked."""
    from kreisheft.deliveries import importing

    click.echo(importing.draft(project.root(), file, source=source, table=table), nl=False)


@_command("kreisheft check recklinghausen")
@click.argument("kreis", required=False)
def check(kreis: str | None) -> None:
    """Read facts, passports, catalogue, rules, regions and params; list every problem at once."""
    from kreisheft.editions import checks

    _say("Reading and checking all data ...")
    click.echo(checks.run(project.root(), kreis))


@_command("kreisheft values --indicator ARB04 --ags 05562 --year 2016 --csv")
@click.option("--indicator", multiple=True, help="Only this one: id or code, such as ARB04.")
@click.option("--field", multiple=True, help="Only this Handlungsfeld, such as arbeit.")
@click.option("--ags", multiple=True, help="Only this region: DG, 05, 05562, 05562024.")
@click.option("--year", multiple=True, help="Only figures of this year.")
@click.option("--by", multiple=True, help="Only this comparison group; 'comparison-group': all.")
@click.option("--target-group", multiple=True, help="Only this target group.")
@click.option("--json", "kind", flag_value="json", help="Print one JSON object.")
@click.option("--csv", "kind", flag_value="csv", help="Print CSV.")
def values(
    indicator: tuple[str, ...],
    field: tuple[str, ...],
    ags: tuple[str, ...],
    year: tuple[str, ...],
    by: tuple[str, ...],
    target_group: tuple[str, ...],
    kind: str | None,
) -> None:
    """Print released values; docs/values.md says what they are.

    What asks for something may be given several times, or hold several values with commas between
    them. Without any option all values of all regions are printed.
    """
    from kreisheft.protected import open_data

    wanted = [_listed(texts) for texts in (indicator, field, ags, year, by, target_group)]
    _say("Reading and computing ...")
    answer = open_data.ask(project.root(), open_data.Query(*wanted))
    for text in answer.missing:
        _say(text)
    for part in open_data.format_answer(answer, kind or "table"):
        click.echo(part.encode(), nl=False)


def _listed(texts: tuple[str, ...]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


@_command("kreisheft build recklinghausen --year 2024")
@click.argument("kreise", nargs=-1, required=True)
@click.option("--year", "years", type=int, multiple=True, help="Only this report year.")
@click.option("--jobs", default=2, show_default=True, help="Chapters executed at a time.")
@click.option("--why", is_flag=True, help="Say for each chapter why it ran or did not.")
@click.option("--scheduler", default="", help="Address of a Dask cluster; docs/cluster.md.")
@click.option("--audit", is_flag=True, help="Run a tenth of the kept chapters again and compare.")
@click.option("--print", "printed", is_flag=True, help="With PDF and Word; docs/publications.md.")
@click.option("--seed", default=0, show_default=True, help="Which tenth --audit takes.")
@click.option("--watch", "watching", is_flag=True, help="Build after every change, until Ctrl-C.")
def build(
    kreise: tuple[str, ...],
    years: tuple[int, ...],
    jobs: int,
    why: bool,
    scheduler: str,
    audit: bool,
    printed: bool,
    seed: int,
    watching: bool,
) -> None:
    """Run the chapters, build every edition strictly, put them into build/site.

    Only what changed is done again. KREISE: ids such as recklinghausen, or all for every Kreis.
    Ctrl-C stops it; what is done by then is kept.
    """
    from kreisheft.editions import build_site

    root, tell = project.root(), click.echo if why else lambda _: None
    chosen = seed if audit else None
    request = build_site.Request(kreise, years, jobs, scheduler, audit=chosen, printed=printed)
    if watching:
        build_site.watch(root, request, _say, tell, _complain)
    click.echo(f"Open {build_site.once(root, request, _say, tell)}")


@_command("kreisheft chapter arbeit recklinghausen 2024 eingewanderte")
@click.argument("name")
@click.argument("kreis")
@click.argument("year", type=int)
@click.argument("target_group", default="")
def chapter(name: str, kreis: str, year: int, target_group: str) -> None:
    """Run one chapter as it will stand in the book, to see quickly whether a template works.

    NAME: a Handlungsfeld, an indicator, or a chapter about the whole book such as ueberblick.
    TARGET_GROUP: of a Handlungsfeld; without it the first. An indicator that is called like a
    Handlungsfeld is kennzahl/bevoelkerung.
    """
    from kreisheft.editions import make_edition

    root = project.root()
    with build_lock.hold_build(root, _say):
        click.echo(make_edition.run_chapter(root, kreis, year, name, target_group))


@_command("kreisheft publish recklinghausen 2024")
@click.argument("kreis")
@click.argument("year", type=int)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="The public site.")
def publish(kreis: str, year: int, to: Path | None) -> None:
    """Make an edition, write its lock and released values to editions/, put it under a site."""
    from kreisheft.editions import publish as publishing

    root = project.root()
    with build_lock.hold_build(root, _say):
        _say("Reading and checking all data ...")
        click.echo(publishing.publish(root, kreis, year, to))


@_command("kreisheft verify recklinghausen 2024")
@click.argument("kreis")
@click.argument("year", type=int)
def verify(kreis: str, year: int) -> None:
    """Make a published edition again and compare: identical, or what differs and why.

    Nothing that earlier builds kept is used, so it takes as long as the first build of an edition.
    """
    from kreisheft.editions import verify as verifying

    root = project.root()
    with build_lock.hold_build(root, _say):
        _say("Reading and checking all data ...")
        verdict = verifying.verify(root, kreis, year)
    click.echo(verdict)
    sys.exit(0 if verdict.identical else 1)


@_command("kreisheft serve --port 8080")
@click.option("--port", default=8000, show_default=True, help="Where; 0 takes a free one.")
@click.option("--site", type=click.Path(file_okay=False, path_type=Path), help="Another folder.")
def serve(port: int, site: Path | None) -> None:
    """Show build/site in the browsers of this machine, with the headers of docs/publishing.md."""
    from kreisheft.book import serve as serving
    from kreisheft.papers import formats

    folder = site or project.root() / "build/site"
    with serving.make_server(folder, port, formats.media_types()) as server:
        click.echo(f"http://{serving.LOOPBACK}:{server.server_port}/  (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            _say("ended")


main.add_command(offers)
main.add_command(participation)
main.add_command(print_)
