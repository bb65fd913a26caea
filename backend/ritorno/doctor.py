"""What is wrong with this installation, and how to mend it."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ritorno import installation
from ritorno.activity import sealing
from ritorno.consents import verifying
from ritorno.erasures import repeating
from ritorno.kit import db
from ritorno.kit.config import Settings
from ritorno.retention import ledgers


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    is_ok: bool
    what: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed."""
    database = asyncio.run(_look_at_database(settings))
    is_readable = all(finding.is_ok for finding in database[:2])
    return [
        *_look_at_settings(settings),
        *database,
        *(asyncio.run(_look_at_ledgers(settings)) if is_readable else []),
        asyncio.run(_look_at_queue(settings)),
    ]


def _look_at_settings(settings: Settings) -> list[Finding]:
    secret_file = settings.data_dir / "secrets.json"
    is_private = not secret_file.exists() or secret_file.stat().st_mode & 0o077 == 0
    built = (installation.frontend() / "index.html").is_file()
    return [
        Finding(
            settings.migration_url != settings.database_url,
            "the application does not own its tables",
            "Give RITORNO_MIGRATION_URL the owner's role and RITORNO_DATABASE_URL another, or ledgers can be changed.",
        ),
        Finding(
            len(settings.secret_key.get_secret_value()) >= installation.MIN_SECRET,
            "the secret key is long enough",
            "Set RITORNO_SECRET_KEY to at least 32 random characters.",
        ),
        Finding(is_private, "the secrets are readable by this account alone", f"Run: chmod 600 {secret_file}"),
        Finding(built, "the app is built", "Run `make run`, or `npm ci && npm run build` in frontend/."),
        Finding(
            settings.is_https or settings.host in {"127.0.0.1", "localhost", "::1"},
            "the address is https, or this machine only",
            "Put a proxy with https in front and set RITORNO_PUBLIC_URL and RITORNO_TRUSTED_PROXY.",
        ),
        Finding(
            not settings.captures_mail or settings.demo,
            "mail leaves through a server of yours",
            "Set RITORNO_SMTP_URL; until then messages are kept in the outbox and nobody receives them.",
        ),
    ]


async def _look_at_database(settings: Settings) -> list[Finding]:
    try:
        connection = await asyncpg.connect(settings.database_url.replace("+asyncpg", ""), timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        return [Finding(False, "PostgreSQL answers", f"Check RITORNO_DATABASE_URL and that the server runs ({error}).")]
    try:
        version = await connection.fetchval("show server_version_num")
        exists = await connection.fetchval("select to_regclass('alembic_version') is not null")
        revision = await connection.fetchval("select version_num from alembic_version") if exists else None
        is_superuser = await connection.fetchval("select rolsuper from pg_roles where rolname = current_user")
        lost = await connection.fetchval(_LOST) if exists else 0
        failed = await connection.fetchval(_FAILED) if exists else 0
        newest = installation.newest_revision(settings)
        unfit = await connection.fetchval(_UNFIT) if revision == newest else None
    finally:
        await connection.close()
    can_let_go = await ledgers.can_let_go(settings)
    return [
        Finding(int(version) >= 180000, "PostgreSQL is 18 or newer", f"Upgrade the server ({version})."),
        Finding(revision == newest, "the tables are up to date", "Run `ritorno migrate`."),
        Finding(
            not is_superuser,
            "the application's role is not a superuser",
            "A superuser may change ledgers: give RITORNO_DATABASE_URL a role of its own.",
        ),
        Finding(lost == 0, "a worker is taking up jobs", f"{lost} jobs wait since ten minutes: start `ritorno work`."),
        Finding(
            not unfit,
            "receivers would take in mail of your domain, as it was last looked at",
            f"{unfit}: publish what the Deliverability screen shows, and check again there.",
        ),
        Finding(failed == 0, "no job has failed", f"{failed} jobs failed: each has a task on the Today screen."),
        Finding(
            can_let_go,
            "retention may let go of old entries of the ledgers",
            "Only the owner of the tables may: give the worker RITORNO_MIGRATION_URL, or run `ritorno retention run` "
            "once a month where it is set.",
        ),
    ]


_LOST = """
    select (select count(*) from outbox_events where relayed_at is null and occurred_at < now() - interval '10 minutes')
         + (select count(*) from outbox_deliveries where state = 'open' and worker is null
            and next_at < now() - interval '10 minutes')
"""
_UNFIT = """
    select string_agg(distinct found ->> 'code', ', ')
    from senders cross join jsonb_array_elements(checks) found where channel = 'EMAIL' and found ->> 'state' = 'failed'
"""
_FAILED = "select count(*) from outbox_deliveries where state = 'failed'"


async def _look_at_ledgers(settings: Settings) -> list[Finding]:
    """Verify the consent ledger and the audit log from end to end: ten thousand entries take about a second."""
    engine = db.make_engine(settings.database_url, pool_size=1)
    sessions = db.make_sessions(engine)
    consents, audit = 0, 0
    broken: list[str] = []
    tampered: list[str] = []
    try:
        after, is_last = UUID(int=0), False
        while not is_last:
            async with sessions() as session:
                batch = await verifying.verify_next(session, settings, after=after, keep_checkpoints=False)
            after, is_last, consents = batch.after, batch.is_last, consents + batch.checked
            broken += [f"customer {each.customer_id}, entry {each.seq}: {each.fault}" for each in batch.faults]
        upto, is_last = sealing.Link(), False
        while not is_last:
            async with sessions() as session:
                seals = await sealing.verify_next(session, settings, after=upto)
            upto, is_last, audit = seals.upto, seals.is_last, audit + seals.checked
            tampered += [f"seal {each.seal}, entry {each.seq}: {each.fault}" for each in seals.faults]
        async with sessions() as session:
            tampered += [f"entry {each.seq}: {each.fault}" for each in await sealing.find_unsealed(session)]
            back = await repeating.came_back(session, settings)
    finally:
        await engine.dispose()
    return [
        Finding(
            not broken,
            f"the consent ledger is as it was written ({consents} entries)",
            f"{_listed(broken)}. Take these rows from a backup of before; a correction is a new entry, never an edit. "
            "A state that differs is made again from the ledger each night.",
        ),
        Finding(
            not tampered,
            f"the audit log is as it was written ({audit} entries sealed)",
            f"{_listed(tampered)}. Take these rows from a backup of before, and ask who had the database.",
        ),
        Finding(
            not back,
            "nobody who was erased came back with a backup",
            f"{len(back)} cards were erased before: run `ritorno erasures repeat`.",
        ),
    ]


def _listed(faults: list[str]) -> str:
    more = f" and {len(faults) - 20} more" if len(faults) > 20 else ""
    return "; ".join(faults[:20]) + more


async def _look_at_queue(settings: Settings) -> Finding:
    client = Redis.from_url(settings.redis_url, socket_connect_timeout=5)
    try:
        await client.ping()
    except (OSError, RedisError) as error:
        return Finding(False, "Redis answers", f"Check RITORNO_REDIS_URL and that the server runs ({error}).")
    finally:
        await client.aclose()
    return Finding(True, "Redis answers")
