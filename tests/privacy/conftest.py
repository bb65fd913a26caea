"""What a process does at its start: the keys that hash addresses."""

import pytest

from ritorno.consents import hashing
from ritorno.kit.config import Settings


@pytest.fixture(autouse=True)
def peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)
