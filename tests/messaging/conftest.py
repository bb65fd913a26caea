"""A database of one's own, for what commits and uses several connections."""

from collections.abc import AsyncIterator

import pytest

from ritorno.embedded import Services
from ritorno.kit.config import Settings
from tests.conftest import settings_for
from tests.messaging.crowd import Moody, listening


@pytest.fixture
def clean_settings(clean_database: Services) -> Settings:
    return settings_for(clean_database)


@pytest.fixture
async def moody(clean_database: Services) -> AsyncIterator[tuple[Moody, Settings]]:
    server = Moody()
    async with listening(server) as url:
        yield server, settings_for(clean_database, smtp_url=url)
