"""A desk that may call, and a clock inside the hours of the law."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging.models import Template
from tests.conftest import settings_for
from tests.factories.calls import make_call_desk, make_operator

TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""Half past ten in Rome."""


@pytest.fixture(autouse=True)
def _tuesday(settings: Settings) -> Iterator[None]:
    hashing.set_peppers(settings)
    with clock.frozen(TUESDAY):
        yield


@pytest.fixture
async def script(session: AsyncSession, settings: Settings) -> Template:
    return await make_call_desk(session, settings)


@pytest.fixture
async def giulia(session: AsyncSession) -> Actor:
    return await make_operator(session, "Giulia")


@pytest.fixture
def clean_settings(clean_database: Services) -> Settings:
    return settings_for(clean_database)
