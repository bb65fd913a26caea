"""The contract as it is published: refusals in the one shape and the media type they are really sent in."""

from typing import Any

from fastapi import FastAPI

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemRead"}}}
_UNUSED = ("HTTPValidationError", "ValidationError")
"""FastAPI's own shape of a 422, which Ritorno never sends."""


class PublishedApp(FastAPI):
    """FastAPI, for clients that are generated from what it publishes."""

    def openapi(self) -> dict[str, Any]:
        """Return the contract, made once."""
        if self.openapi_schema is None:
            _tell_refusals(super().openapi())
        assert self.openapi_schema is not None
        return self.openapi_schema


def _tell_refusals(contract: dict[str, Any]) -> None:
    for operations in contract["paths"].values():
        for operation in operations.values():
            for code, answer in operation["responses"].items():
                if code >= "400":
                    answer["content"] = _PROBLEM
    for name in _UNUSED:
        contract["components"]["schemas"].pop(name, None)
