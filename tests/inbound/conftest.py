"""An installation to which mail comes back, and one mail that left it."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.customers.models import Customer
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from tests.conftest import settings_for
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.inbound import make_sent_mail
from tests.factories.messaging import make_business
from tests.inbound.samples import SHOP


@pytest.fixture(scope="session")
def settings(shared_database: Services) -> Settings:
    return settings_for(shared_database, bounce_address=SHOP)


@pytest.fixture
async def anna(session: AsyncSession, settings: Settings) -> Customer:
    """Somebody who agreed to mail."""
    hashing.set_peppers(settings)
    await make_business(session)
    anna = await make_customer(session, email="anna@altrove.example")
    await make_consent(session, anna.id, at=clock.now() - timedelta(days=90))
    await session.commit()
    return anna


@pytest.fixture
async def message(session: AsyncSession, settings: Settings, anna: Customer) -> Message:
    """A mail that a server took an hour ago."""
    return await make_sent_mail(session, settings, anna.id)
