"""The whole installation in one file, and back: a dump of PostgreSQL and the key that signs links already sent."""

import io
import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ritorno.embedded.folder import DataFolder
from ritorno.embedded.postgres import binary
from ritorno.installation import Refused
from ritorno.kit.config import Settings


def backup(settings: Settings, file: Path) -> None:
    """Dump the tables as their owner; the file is readable by this account alone."""
    with tempfile.TemporaryDirectory() as place:
        dump = Path(place) / "database.dump"
        _run(settings, "pg_dump", "--format=custom", f"--file={dump}")
        secret_key = json.dumps({"secret_key": settings.secret_key.get_secret_value()}).encode()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
            archive.add(dump, "database.dump")
            entry = tarfile.TarInfo("secret.json")
            entry.size, entry.mode = len(secret_key), 0o600
            archive.addfile(entry, io.BytesIO(secret_key))


def restore(settings: Settings, file: Path, *, replace: bool) -> None:
    """Bring a backup back in one unit of work: everything or nothing."""
    if not replace and _has_tables(settings):
        raise Refused("There is data here already; add --replace to put the backup in its place.")
    with tempfile.TemporaryDirectory() as place, tarfile.open(file) as archive:
        archive.extractall(place, filter="data")
        script = Path(place) / "database.sql"
        _run(None, "pg_restore", "--no-owner", f"--file={script}", str(Path(place) / "database.dump"))
        # The whole schema goes first: new tables would else take the old default grants, those on ledgers included.
        afresh = ["--command=drop schema public cascade; create schema public", f"--file={script}"]
        _run(settings, "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *afresh)
        secret_key = json.loads((Path(place) / "secret.json").read_text())["secret_key"]
    _put_key_back(settings, secret_key)


def _has_tables(settings: Settings) -> bool:
    listed = _run(settings, "psql", "-At", "-c", "select count(*) from pg_tables where schemaname = 'public'")
    return listed.strip() != "0"


def _put_key_back(settings: Settings, secret_key: str) -> None:
    """Links in messages already sent must go on working (E-05)."""
    folder = DataFolder(settings.data_dir)
    if (folder.path / "secrets.json").exists():
        folder.replace_secret_key(secret_key)
    elif settings.secret_key.get_secret_value() != secret_key:
        raise Refused(
            "The data is back, but it was written with another RITORNO_SECRET_KEY: take the one in secret.json of the "
            "backup, or links in messages already sent will not work."
        )


def _run(settings: Settings | None, program: str, *arguments: str) -> str:
    """Run a PostgreSQL program, against the owner's database if settings are given."""
    environment = os.environ | (_connection(settings) if settings else {})
    command = [str(binary(program)), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f"{program} failed: {done.stderr.strip()}")
    return done.stdout


def _connection(settings: Settings) -> dict[str, str]:
    """Return libpq's variables; an argument would show the password to everybody on the machine."""
    url = urlsplit(settings.migration_url)
    return {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": url.path.removeprefix("/"),
    }
