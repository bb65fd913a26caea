"""Imports commit and open connections of their own, so each test has a database of its own."""

from pathlib import Path

import pytest

from ritorno.consents import hashing
from ritorno.embedded import Services
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from tests.conftest import Sessions, settings_for


@pytest.fixture
def shop(clean_database: Services, clean_sessions: Sessions, tmp_path: Path) -> Work:
    """What a job of imports is given: a database that commits, a folder for files."""
    settings = settings_for(clean_database, data_dir=tmp_path)
    hashing.set_peppers(settings)
    return Work(settings, clean_sessions, Actor.system("tests"))
