"""Uploaded files are kept for three months, and what came to nothing for a day (C-31)."""

import os
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import update

from ritorno.imports import jobs
from ritorno.imports.models import Import
from ritorno.imports.uploading import upload_path
from ritorno.kit import clock
from ritorno.kit.background import Work
from tests.factories import imports as files

ROWS = files.a_csv([{"external_id": "1", "given_name": "Anna", "email": "anna@example.it"}])


async def test_an_old_file_goes_and_its_import_stays(shop: Work) -> None:
    old, new = await files.upload(shop, ROWS), await files.upload(shop, ROWS)
    async with shop.session() as session:
        long_ago = clock.now() - timedelta(days=91)
        await session.execute(update(Import).where(Import.id == old).values(created_at=long_ago))

    await jobs.forget_files(shop, {})

    assert not upload_path(shop.settings, old).exists()
    assert upload_path(shop.settings, new).exists()
    assert (await files.read(shop, old)).file_gone_at is not None


async def test_a_file_that_belongs_to_no_import_goes_after_a_day(shop: Work) -> None:
    await files.upload(shop, ROWS)
    yesterday = (clock.now() - timedelta(days=2)).timestamp()
    stray, coming = upload_path(shop.settings, uuid4()), upload_path(shop.settings, uuid4())
    for path in (stray, coming):
        path.write_bytes(ROWS)
    os.utime(stray, (yesterday, yesterday))

    await jobs.forget_files(shop, {})

    assert not stray.exists()
    assert coming.exists()
