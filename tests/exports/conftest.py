"""A data folder of one's own, so that files made by a test go with it."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from tests.conftest import Sessions


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"data_dir": tmp_path})


@pytest.fixture
def work(shop: Settings, sessions: Sessions) -> Work:
    return Work(shop, sessions, Actor.system("tests"))


@pytest.fixture
def app(app: FastAPI, shop: Settings) -> FastAPI:
    app.state.settings = shop
    return app
