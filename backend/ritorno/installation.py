"""One installation: its settings completed with the embedded services, its tables, its first owner."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import SecretStr

from ritorno.embedded.folder import DataFolder, FolderInUse, Services
from ritorno.embedded.postgres import Postgres, start_postgres
from ritorno.embedded.valkey import Valkey, start_valkey
from ritorno.first_start import seed
from ritorno.identity import service as identity
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions, unit_of_work

PROJECT = Path(__file__).parents[2]
"""The checkout or the image: migrations and the built SPA lie beside the package."""


MIN_SECRET = 32


class Refused(Exception):
    """A command will not do this; the text says why and what to do."""


def frontend() -> Path:
    """Return where the built SPA is."""
    return PROJECT / "frontend" / "dist"


def embedded_postgres(folder: DataFolder, *, port: int | None = None) -> Postgres:
    """Start the PostgreSQL of a locked folder, on the port that others already know if it is given."""
    log = folder.log("postgres")
    return start_postgres(folder.postgres, port or folder.port("postgres"), secrets=folder.secrets(), log=log)


def embedded_valkey(folder: DataFolder, *, port: int | None = None) -> Valkey:
    """Start the Valkey of a locked folder, on the port that others already know if it is given."""
    log = folder.log("valkey")
    return start_valkey(folder.valkey, port or folder.port("valkey"), secrets=folder.secrets(), log=log)


def completed(settings: Settings, folder: DataFolder, services: Services) -> Settings:
    """Return the settings with what the folder knows; what was set by hand wins."""
    secret_key = settings.secret_key.get_secret_value() or folder.secrets().secret_key
    return settings.model_copy(
        update={
            "database_url": settings.database_url or services.app_url,
            "migration_url": settings.migration_url or services.owner_url,
            "redis_url": settings.redis_url or services.redis_url,
            "secret_key": SecretStr(secret_key),
        }
    )


def needs_embedded(settings: Settings) -> bool:
    return not (settings.database_url and settings.redis_url)


@contextmanager
def attached(settings: Settings) -> Iterator[Settings]:
    """Give a command its services: real ones, those of the `up` that runs on this folder, or its own for a moment."""
    if not needs_embedded(settings):
        yield settings
        return
    folder = _folder_meant(settings)
    with ExitStack() as stack:
        try:
            stack.enter_context(folder.locked())
        except FolderInUse:
            services = folder.announced()
            if services is None:
                raise
        else:
            folder.stop_orphans()
            services = stack.enter_context(_own_services(folder, settings))
        yield completed(settings, folder, services)


def _folder_meant(settings: Settings) -> DataFolder:
    """Return the folder that was named, or the only one of this checkout that runs, or the default."""
    default = DataFolder(settings.data_dir)
    if "data_dir" in settings.model_fields_set:
        return default
    beside = [DataFolder(file.parent) for file in settings.data_dir.parent.glob("*/services.json")]
    running = [folder for folder in beside if folder.is_held()]
    return running[0] if len(running) == 1 else default


@contextmanager
def _own_services(folder: DataFolder, settings: Settings) -> Iterator[Services]:
    with ExitStack() as stack:
        owner_url, app_url, redis_url = settings.migration_url, settings.database_url, settings.redis_url
        if not app_url:
            postgres = embedded_postgres(folder)
            stack.callback(postgres.stop)
            owner_url, app_url = postgres.owner_url(), postgres.app_url()
        if not redis_url:
            valkey = embedded_valkey(folder)
            stack.callback(valkey.stop)
            redis_url = valkey.url
        yield Services(owner_url, app_url, redis_url)


def migrate(settings: Settings) -> None:
    """Bring the tables to the newest revision, as their owner."""
    command.upgrade(_alembic(settings), "head")


def write_revision(settings: Settings, message: str) -> None:
    """Compare the models with the tables and write what differs as a new migration."""
    command.revision(_alembic(settings), message, autogenerate=True)


def newest_revision(settings: Settings) -> str | None:
    """Return the revision this program was written for."""
    return ScriptDirectory.from_config(_alembic(settings)).get_current_head()


def _alembic(settings: Settings) -> Config:
    config = Config(PROJECT / "alembic.ini")
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.set_main_option("sqlalchemy.url", settings.migration_url.replace("%", "%%"))
    return config


def refuse_weak_secret(settings: Settings) -> None:
    """Links and suppression hashes are as strong as this key; an example value protects nobody."""
    if len(settings.secret_key.get_secret_value()) < MIN_SECRET:
        raise Refused(f"Set RITORNO_SECRET_KEY to at least {MIN_SECRET} random characters: openssl rand -hex 32")


def first_start(settings: Settings) -> tuple[str, str] | None:
    """Give an empty installation its first owner and what every shop begins with; return email and password when the
    password was made up here.
    """
    email = settings.admin_email or "owner@example.com"
    name = "Giulia Riva" if settings.demo else email.partition("@")[0]
    given = settings.admin_password.get_secret_value()
    password = given or secrets.token_urlsafe(12)

    async def run() -> bool:
        engine = make_engine(settings.database_url, pool_size=1)
        try:
            async with unit_of_work(make_sessions(engine)) as session:
                await seed(session, settings)
                return await identity.ensure_admin(session, email=email, password=password, name=name)
        finally:
            await engine.dispose()

    was_made = asyncio.run(run())
    return (email, password) if was_made and not given else None
