"""Suppression hashes need their keys, which the app sets at start and a service alone does not."""

import pytest

from ritorno.consents import hashing
from ritorno.kit.config import Settings


@pytest.fixture(autouse=True)
def peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)
