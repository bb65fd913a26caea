"""The published contract is the one the code speaks."""

from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI

ROOT = Path(__file__).parents[2]


def test_the_committed_contract_is_the_one_the_code_speaks(app: FastAPI) -> None:
    committed = orjson.loads((ROOT / "openapi.json").read_bytes())

    assert committed == orjson.loads(orjson.dumps(app.openapi())), "run make openapi"


def test_every_operation_says_what_it_does_and_how_it_refuses(app: FastAPI) -> None:
    silent = []
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            if not path.startswith("/v1/"):
                continue
            described = bool(operation.get("description"))
            answers: dict[str, Any] = operation["responses"]
            refuses = any(code.startswith("4") and code != "422" for code in answers) or path.endswith("hints")
            if not (described and (refuses or path == "/v1/sessions/current")):
                silent.append((method, path))

    assert silent == []


def test_no_two_shapes_share_a_name(app: FastAPI) -> None:
    """Where they do, FastAPI names them by their modules, and client generators give up."""
    assert [name for name in app.openapi()["components"]["schemas"] if "__" in name] == []
