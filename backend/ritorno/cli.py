"""The program `ritorno`: everything an operator does from a terminal (DESIGN §3).

Each command imports what it runs: loading the whole application takes seconds that `up` and a refusal do not need.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from ritorno import installation, supervisor
from ritorno.consents import hashing
from ritorno.embedded.processes import EmbeddedError
from ritorno.installation import Refused
from ritorno.kit import logging
from ritorno.kit.actor import Actor
from ritorno.kit.background import Job, Work, settle_memory
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions
from ritorno.kit.problems import Problem

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The customer database that brings people back.",
)
demo_commands = typer.Typer(no_args_is_help=True, help="The demo shop.")
token_commands = typer.Typer(no_args_is_help=True, help="API tokens.")
recall_commands = typer.Typer(no_args_is_help=True, help="Recalls.")
analytics_commands = typer.Typer(no_args_is_help=True, help="Scores and numbers.")
erasure_commands = typer.Typer(no_args_is_help=True, help="People who were forgotten.")
retention_commands = typer.Typer(no_args_is_help=True, help="Data whose time is over.")
app.add_typer(demo_commands, name="demo")
app.add_typer(token_commands, name="token")
app.add_typer(recall_commands, name="recalls")
app.add_typer(analytics_commands, name="analytics")
app.add_typer(erasure_commands, name="erasures")
app.add_typer(retention_commands, name="retention")


def main() -> None:
    """Run a command; a refusal is one sentence, not a stack."""
    try:
        app()
    except (Refused, EmbeddedError, Problem) as refusal:
        typer.secho(str(refusal), err=True, fg="red")
        sys.exit(1)


@app.command()
def up(
    reload: Annotated[bool, typer.Option(help="Start API and worker again when their code changes.")] = False,
) -> None:
    """Start everything in one process tree and keep it running."""
    supervisor.up(Settings.load(), say=typer.echo, watch=installation.PROJECT / "backend" if reload else None)


@app.command()
def serve() -> None:
    """Serve the API and the built app; needs RITORNO_DATABASE_URL and RITORNO_REDIS_URL, or a running `up`."""
    import uvicorn

    from ritorno.app import create_app

    with installation.attached(Settings.load()) as complete:
        installation.refuse_weak_secret(complete)
        logging.configure(complete.log_format)
        uvicorn.run(
            create_app(complete, frontend=supervisor.built_frontend()),
            host=complete.host,
            port=complete.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(complete.trusted_proxy),
            forwarded_allow_ips=complete.trusted_proxy or None,
            timeout_graceful_shutdown=10,
        )


@app.command()
def work() -> None:
    """Run one worker."""
    from ritorno.worker.main import run_worker

    with installation.attached(Settings.load()) as settings:
        installation.refuse_weak_secret(settings)
        run_worker(settings)


@app.command()
def migrate() -> None:
    """Bring the tables to the newest revision; the first time, make the first owner."""
    with installation.attached(Settings.load()) as settings:
        installation.migrate(settings)
        made = installation.first_start(settings)
    if made:
        typer.echo(f"Sign in as {made[0]} with the password {made[1]} (shown only this once).")


@app.command(hidden=True)
def revision(message: str) -> None:
    """Write a new migration from the models, to be read and completed by hand."""
    with installation.attached(Settings.load()) as settings:
        installation.migrate(settings)
        installation.write_revision(settings, message)


@demo_commands.command("load")
def load_demo() -> None:
    """Load the demo shop into an empty installation; a second time changes nothing."""

    from ritorno.demo import loader

    async def run(work: Work, _payload: dict[str, Any]) -> None:
        await loader.load(work.sessions, work.settings, say=typer.echo)

    _run_now(run, {})


@token_commands.command("create")
def create_token(
    name: Annotated[str, typer.Option(help="What will use it, such as the till of one store.")],
    scopes: Annotated[str, typer.Option(help="Separated by commas: customers:write,transactions:write")],
) -> None:
    """Create an API token and print it, this once."""
    from ritorno.identity import service as identity
    from ritorno.identity.schemas import TokenCreate

    async def run(work: Work, _payload: dict[str, Any]) -> None:
        wanted = TokenCreate(name=name, scopes=[scope.strip() for scope in scopes.split(",") if scope.strip()])
        async with work.session() as session:
            _, token = await identity.create_token(session, wanted, actor=work.actor)
        typer.echo(token)

    _run_now(run, {})


@recall_commands.command("run")
def run_recalls(
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day to plan as, such as 2026-11-21.")],
) -> None:
    """Plan the recalls of a day; the same day again plans nothing more."""
    from ritorno.recalls import service as recalls

    async def run(work: Work, _payload: dict[str, Any]) -> None:
        async with work.session() as session:
            outcomes = await recalls.run_day(session, on.date(), work.actor)
        for name, counts in outcomes.items():
            typer.echo(f"{name}: {', '.join(f'{count} {outcome}' for outcome, count in sorted(counts.items()))}")
        typer.echo(f"{len(outcomes)} recalls planned for {on.date()}.")

    _run_now(run, {})


@analytics_commands.command("refresh")
def refresh_analytics() -> None:
    """Fit the models and score everybody again, as of today."""
    from ritorno.scores import jobs as scores

    _run_now(scores.refresh, {})


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or ODS, zipped or not; with --to lake also Parquet.")],
    mapping: Annotated[str, typer.Option(help="The name of a kept mapping; else the headers decide.")] = "",
    rehearse: Annotated[bool, typer.Option(help="Only count what would happen.")] = False,
    to: Annotated[str, typer.Option(help="`lake` brings an archive straight into the lake.")] = "",
    layout: Annotated[Path | None, typer.Option(help="How an archive is laid out; see docs/archives.md.")] = None,
    source: Annotated[str, typer.Option(help="Whose receipts and ids an archive holds.")] = "",
) -> None:
    """Bring a file in: rehearsed, or applied in this process with its progress. It can be taken back on the screen."""
    from ritorno.imports import command

    if to not in {"", "lake"}:
        raise Refused("--to knows only one place: lake.")
    if not file.exists():
        raise Refused(f"There is no file {file}.")

    async def run(work: Work, _payload: dict[str, Any]) -> None:
        if to == "lake":
            from ritorno.imports.lake.archive import load_archive

            await load_archive(work, file, layout, source=source, say=typer.echo)
        else:
            await command.bring_in(work, file, mapping=mapping or None, only_rehearse=rehearse, say=typer.echo)

    _run_now(run, {})


@app.command("openapi")
def write_openapi(
    output: Annotated[Path | None, typer.Option(help="A file instead of standard output.")] = None,
) -> None:
    """Print the published contract."""
    from ritorno.app import create_app

    contract = orjson.dumps(create_app(Settings.load()).openapi(), option=orjson.OPT_INDENT_2) + b"\n"
    if output:
        output.write_bytes(contract)
    else:
        sys.stdout.buffer.write(contract)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write it; it holds personal data and keys.")]) -> None:
    """Write the whole installation into one file."""
    from ritorno import backup as backup_files

    with installation.attached(Settings.load()) as settings:
        backup_files.backup(settings, file)
    typer.echo(f"Everything is in {file}. Keep it where you would keep the shop's keys.")


@app.command()
def restore(
    file: Path,
    replace: Annotated[bool, typer.Option(help="Replace what is in the database now.")] = False,
) -> None:
    """Bring a backup back; stop `up` first."""
    from ritorno import backup as backup_files

    with installation.attached(Settings.load()) as settings:
        backup_files.restore(settings, file, replace=replace)
    typer.echo("Restored. Run `ritorno erasures repeat`: the backup may hold people who were erased since.")


@erasure_commands.command("repeat")
def repeat_erasures() -> None:
    """Forget again whoever a restored backup brought back."""
    from ritorno.erasures import repeating

    async def run(work: Work, _payload: dict[str, Any]) -> None:
        typer.echo(f"{await repeating.repeat(work)} people forgotten again.")

    _run_now(run, {})


@retention_commands.command("run")
def run_retention() -> None:
    """Do the night's work now; where RITORNO_MIGRATION_URL names the owner of the tables, the ledgers' too."""
    from ritorno.retention import jobs as retention

    _run_now(retention.run_night, {})


@app.command()
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it."""
    from ritorno import doctor as checks

    with installation.attached(Settings.load()) as settings:
        findings = checks.examine(settings)
    for finding in findings:
        typer.echo(f"{'ok ' if finding.is_ok else 'BAD'}  {finding.what}")
        if not finding.is_ok:
            typer.echo(f"     {finding.remedy}")
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(1)


def _run_now(job: Job, payload: dict[str, Any]) -> None:
    """Run a job in this process, as the person at the terminal."""

    async def run(settings: Settings) -> None:
        hashing.set_peppers(settings)
        engine = make_engine(settings.database_url, pool_size=4)
        settle_memory()
        try:
            await job(Work(settings, make_sessions(engine), Actor.system("command line")), payload)
        finally:
            await engine.dispose()

    with installation.attached(Settings.load()) as settings:
        installation.migrate(settings)
        asyncio.run(run(settings))


if __name__ == "__main__":
    main()
