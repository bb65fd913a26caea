"""Jobs by name until every domain has its own."""

import importlib
from functools import cache
from typing import Any

from ritorno.kit.background import Job, Work


@cache
def job(name: str) -> Job:
    domain, _, function = name.rpartition(".")

    async def run(work: Work, payload: dict[str, Any]) -> None:
        module = importlib.import_module(f"ritorno.{domain}.jobs")
        await getattr(module, function)(work, payload)

    run.__name__ = function
    run.__module__ = f"ritorno.{domain}.jobs"
    return run
