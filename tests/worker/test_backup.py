"""A backup brings everything back: rows, rights, and the key that signs links already sent."""

from pathlib import Path

import asyncpg
import pytest

from ritorno import backup
from ritorno.embedded import DataFolder, Services
from ritorno.installation import Refused
from tests.conftest import settings_for


async def test_a_backup_brings_back_rows_rights_and_key(clean_database: Services, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "another")
    folder.create()
    folder.secrets()
    settings = settings_for(clean_database, data_dir=folder.path)
    connection = await asyncpg.connect(clean_database.app_url)
    await connection.execute("update business set name = 'Bottega'")
    file = tmp_path / "shop.tar"
    backup.backup(settings, file)
    await connection.execute("update business set name = 'Something else'")
    await connection.close()

    with pytest.raises(Refused, match="--replace"):
        backup.restore(settings, file, replace=False)
    backup.restore(settings, file, replace=True)

    assert file.stat().st_mode & 0o077 == 0
    assert folder.secrets().secret_key == settings.secret_key.get_secret_value()
    connection = await asyncpg.connect(clean_database.app_url)
    try:
        assert await connection.fetchval("select name from business") == "Bottega"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("delete from consent_events")
    finally:
        await connection.close()
