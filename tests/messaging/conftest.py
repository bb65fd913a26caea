"""A database of one's own, for what commits and uses several connections."""

import pytest

from ritorno.embedded import Services
from ritorno.kit.config import Settings
from tests.conftest import settings_for


@pytest.fixture
def clean_settings(clean_database: Services) -> Settings:
    return settings_for(clean_database)
